//! A change as one reader sees it, built for a whole list with five queries however long it is. The rules behind
//! each field are `oversight::review`'s.

use super::enrolment::people;
use super::{Principal, Refused};
use crate::store::changes::{self, Change};
use crate::store::records;
use oversight::capability::Refusal;
use oversight::contract::{ChangeView, CommentView, May, PauseView};
use oversight::id::ChangeId;
use oversight::record::AuditRecord;
use oversight::review::{Asking, Person, Review, may_review, standing, unmeetable, would_advance};
use oversight::state::State;
use oversight::time::Instant;
use sqlx::SqliteConnection;
use std::collections::HashMap;

/// What the views of several changes are built from.
struct Shared {
    people: Vec<Person>,
    pauses: HashMap<String, PauseView>,
    reader: Option<Person>,
    now: Instant,
}

/// The changes as `who` sees them, in their order.
pub async fn views(
    db: &mut SqliteConnection,
    who: &Principal,
    found: Vec<Change>,
    now: Instant,
) -> Result<Vec<ChangeView>, Refused> {
    let numbers: Vec<u64> = found.iter().map(|change| change.id.0).collect();
    let numbers = serde_json::to_string(&numbers).unwrap_or_else(|_| "[]".to_owned());
    let shared = Shared { people: people(db).await?, pauses: changes::pauses(db).await?, reader: who.person(), now };
    let mut reviews = changes::reviews(db, &numbers).await?;
    let mut comments: HashMap<ChangeId, Vec<CommentView>> = HashMap::new();
    for record in records::comments(db, &numbers).await? {
        if let (Some(change), Some(comment)) = (record.change_id, comment(&record)) {
            comments.entry(change).or_default().push(comment);
        }
    }
    let view = |change: Change| {
        let id = change.id;
        shared.view(change, reviews.remove(&id).unwrap_or_default(), comments.remove(&id).unwrap_or_default())
    };
    Ok(found.into_iter().map(view).collect())
}

fn comment(record: &AuditRecord) -> Option<CommentView> {
    let (actor, said) = (record.actor.value()?, record.comment.value()?);
    Some(CommentView {
        sequence: record.sequence?,
        time: record.time.earliest(),
        author: actor.uid.clone(),
        role: actor.role,
        text: said.text.clone(),
    })
}

impl Shared {
    fn view(&self, change: Change, reviews: Vec<Review>, comments: Vec<CommentView>) -> ChangeView {
        let version = change.version;
        let requirement = &change.reviewed.policy.requirement;
        let barred = change.reviewed.never_counted();
        let agent_paused = self.pauses.contains_key(change.reviewed.agent.uid.as_str());
        let asking = self.reader.as_ref().map(|person| Asking {
            person,
            state: change.state,
            version,
            requirement,
            reviews: &reviews,
            barred: &barred,
            expires_at: change.reviewed.expires_at,
            agent_paused,
            now: self.now,
        });
        let may = asking.as_ref().map_or(Err(Refusal::new("role", "Nobody is signed in.")), may_review);
        let mine = asking.as_ref().is_some_and(would_advance);
        let slots = standing(requirement, &reviews, version, &barred, &self.people);
        let pending = change.state == State::Pending;
        let unmeetable = if pending { unmeetable(requirement, &reviews, version, &barred, &self.people) } else { None };
        let blocked = if pending { change.reviewed.approval_blocked() } else { None };
        ChangeView {
            id: change.id,
            version,
            state: change.state,
            sequence: change.sequence,
            digest: change.digest,
            may_review: May::from(may),
            mine,
            slots,
            unmeetable,
            approval_blocked: blocked.map(|refusal| refusal.reason),
            agent_paused,
            comments,
            settled: change.settled,
            never_counted: barred,
            reviewed: change.reviewed,
            reviews,
        }
    }
}
