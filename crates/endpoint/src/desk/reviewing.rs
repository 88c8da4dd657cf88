//! Taking a review: the checks in the contract's order, first failure wins, then decision, state, record and saved
//! answer in one transaction. Whose vote counts and when a quorum holds is `oversight::review`.

use super::keyed::{KEPT_SECONDS, Scope};
use super::proposing::check_words;
use super::work::Work;
use super::writing::{after, transition};
use super::written::{self, actor};
use super::{Answer, Desk, Keyed, Principal, Refused};
use crate::store::changes::{self, Change};
use crate::store::{answers, unreadable};
use oversight::capability::{Deed, role_allows};
use oversight::contract::{Receipt, ReviewRequest, etag};
use oversight::digest::Digest;
use oversight::id::ChangeId;
use oversight::review::{Asking, NeverCounted, Person, Review, person_may, quorum_holds, version_takes};
use oversight::state::Event;
use oversight::time::Instant;
use oversight::vocabulary::{Channel, Decision, Kind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

impl Desk {
    /// A person's word on the current version. Checked in this order: the person (role, separation of duties,
    /// group), the answer saved under the key, the key, `If-Match`, the body with its digest, the version. A body
    /// that could not be read comes as the refusal it is, and counts where the digest does.
    pub async fn review(
        &self,
        who: &Principal,
        id: ChangeId,
        request: Result<ReviewRequest, Refused>,
        keyed: Keyed,
        if_match: Option<String>,
        channel: Channel,
    ) -> Result<Answer<Receipt>, Refused> {
        role_allows(Deed::Review, who.role).map_err(Refused::Forbidden)?;
        let person = who.person().ok_or(Refused::Unauthenticated)?;
        let scope = keyed.key.as_ref().map(|key| Scope::new(&who.uid, &keyed.route, key));
        let payload = keyed.fingerprint(id);
        let in_flight = scope.as_ref().map(|scope| self.take_key(scope)).transpose();
        if let (Err(_), Some(scope)) = (&in_flight, &scope) {
            // The first request holds the key: this one does not wait for its turn to write.
            let mut db = self.0.store.read().await?;
            let standing = Standing::load(&mut db, id).await?;
            person_may(&standing.asking(&person, self.now())).map_err(Refused::Forbidden)?;
            return match saved(&mut db, scope, payload, self.now()).await? {
                Some(body) => Ok(Answer { body, replayed: true }),
                None => Err(Refused::KeyInFlight),
            };
        }
        let mut work = self.begin().await?;
        let now = work.now;
        let standing = Standing::load(work.db(), id).await?;
        let asking = standing.asking(&person, now);
        person_may(&asking).map_err(Refused::Forbidden)?;
        if let Some(scope) = &scope
            && let Some(body) = saved(work.db(), scope, payload, now).await?
        {
            return Ok(Answer { body, replayed: true });
        }
        let _in_flight = in_flight?;
        let change = &standing.change;
        let scope = scope.ok_or(Refused::KeyMissing)?;
        if if_match.ok_or(Refused::IfMatchMissing)?.trim() != etag(id, change.version) {
            return Err(Refused::Stale { current: change.version });
        }
        let request = request?;
        check_body(&request, change)?;
        version_takes(&asking).map_err(Refused::Conflict)?;
        if request.decision == Decision::Approve
            && let Some(refusal) = change.reviewed.approval_blocked()
        {
            return Err(Refused::Conflict(refusal));
        }
        let receipt = take(&mut work, &standing, person.clone(), request, channel, who).await?;
        save(&mut work, &scope, payload, &receipt).await?;
        work.commit().await?;
        Ok(Answer { body: receipt, replayed: false })
    }
}

/// What a review is judged by.
struct Standing {
    change: Change,
    reviews: Vec<Review>,
    barred: Vec<NeverCounted>,
    paused: bool,
}

impl Standing {
    async fn load(db: &mut SqliteConnection, id: ChangeId) -> Result<Standing, Refused> {
        let change = changes::by_id(&mut *db, id).await?.ok_or(Refused::NotFound("change"))?;
        let reviews = changes::reviews(&mut *db, &format!("[{}]", id.0)).await?.remove(&id).unwrap_or_default();
        let paused = changes::is_paused(db, change.reviewed.agent.uid.as_str()).await?;
        Ok(Standing { barred: change.reviewed.never_counted(), change, reviews, paused })
    }

    fn asking<'a>(&'a self, person: &'a Person, now: Instant) -> Asking<'a> {
        Asking {
            person,
            state: self.change.state,
            version: self.change.version,
            requirement: &self.change.reviewed.policy.requirement,
            reviews: &self.reviews,
            barred: &self.barred,
            expires_at: self.change.reviewed.expires_at,
            agent_paused: self.paused,
            now,
        }
    }
}

/// The body's own faults: another version's digest, a rejection without a reason, a high finding passed over.
fn check_body(request: &ReviewRequest, change: &Change) -> Result<(), Refused> {
    if request.digest != change.digest {
        return Err(Refused::DigestMismatch);
    }
    match (&request.reason, request.decision) {
        (Some(reason), Decision::Reject) => check_words("reason", reason)?,
        (None, Decision::Reject) => return Err(Refused::invalid("reason", "a rejection needs a reason")),
        (Some(reason), Decision::Approve) if !reason.is_empty() => check_words("reason", reason)?,
        (_, Decision::Approve) => {}
    }
    check_evidence(request)?;
    if request.decision == Decision::Approve {
        let needed = change.reviewed.to_acknowledge();
        if let Some(missing) = needed.iter().find(|finding| !request.evidence.acknowledged.contains(finding)) {
            return Err(Refused::invalid(
                "evidence.acknowledged",
                format!("the finding {missing} is not acknowledged"),
            ));
        }
    }
    Ok(())
}

/// Most sections or acknowledgements that a review carries, and the longest of them in bytes.
const MAX_EVIDENCE: (usize, usize) = (1_000, 1_024);

fn check_evidence(request: &ReviewRequest) -> Result<(), Refused> {
    for (field, items) in [
        ("evidence.sections_revealed", &request.evidence.sections_revealed),
        ("evidence.acknowledged", &request.evidence.acknowledged),
    ] {
        if items.len() > MAX_EVIDENCE.0 {
            return Err(Refused::invalid(field, format!("more than {} items", MAX_EVIDENCE.0)));
        }
        if let Some(index) = items.iter().position(|item| item.len() > MAX_EVIDENCE.1) {
            return Err(Refused::invalid(
                &format!("{field}[{index}]"),
                format!("longer than {} bytes", MAX_EVIDENCE.1),
            ));
        }
    }
    Ok(())
}

/// Decides: everything was checked.
async fn take(
    work: &mut Work,
    standing: &Standing,
    person: Person,
    request: ReviewRequest,
    channel: Channel,
    who: &Principal,
) -> Result<Receipt, Refused> {
    let change = &standing.change;
    let review = Review {
        version: change.version,
        reviewer: person.uid,
        groups: person.groups,
        decision: request.decision,
        reason: request.reason.filter(|reason| !reason.trim().is_empty()),
        digest: change.digest,
        channel,
        decided_at: work.now,
        sequence: work.next_sequence(),
        evidence: request.evidence,
    };
    let mut reviews = standing.reviews.clone();
    reviews.push(review.clone());
    let requirement = &change.reviewed.policy.requirement;
    let event = match review.decision {
        Decision::Reject => Some(Event::Rejected),
        Decision::Approve => {
            quorum_holds(requirement, &reviews, change.version, &standing.barred).then_some(Event::QuorumMet)
        }
    };
    let mut record = written::review(work.record(Kind::Review)?, &change.reviewed, change.state, &review);
    record.actor = actor(who);
    let state = match event {
        Some(event) => {
            let state = after(change.state, event)?;
            transition(work, change, event, record, review.reviewer.as_str(), review.reason.clone()).await?;
            state
        }
        None => {
            let sequence = work.append(record).await?;
            changes::touch(work.db(), change.id, sequence).await?;
            change.state
        }
    };
    changes::insert_review(work.db(), change.id, &review).await?;
    Ok(Receipt {
        change: change.id,
        version: change.version,
        digest: change.digest,
        decision: review.decision,
        reviewer: review.reviewer,
        sequence: review.sequence,
        time: work.now,
        state,
    })
}

/// The answer given before under this key; another payload under it is refused.
pub async fn saved<T: DeserializeOwned>(
    db: &mut SqliteConnection,
    scope: &Scope,
    payload: Digest,
    now: Instant,
) -> Result<Option<T>, Refused> {
    let after = now.plus_seconds(-KEPT_SECONDS);
    let Some((asked_with, body)) = answers::find(db, scope.parts(), after).await? else { return Ok(None) };
    if asked_with != payload.to_string() {
        return Err(Refused::KeyReused);
    }
    Ok(Some(serde_json::from_str(&body).map_err(|error| unreadable("answer", error))?))
}

/// Saves an answer under its key.
pub async fn save<T: Serialize>(work: &mut Work, scope: &Scope, payload: Digest, answer: &T) -> Result<(), Refused> {
    let body = serde_json::to_string(answer).map_err(|error| unreadable("answer", error))?;
    let now = work.now;
    Ok(answers::save(work.db(), scope.parts(), payload, &body, now).await?)
}
