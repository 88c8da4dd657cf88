//! Reading changes: one, a page of them, the bytes behind a digest, and waiting for one to move. What a view
//! is made of is `views`; who may read what is `oversight::capability`, applied here.

use super::proposing::is_own;
use super::views::views;
use super::{Desk, Principal, Refused};
use crate::store::changes::{self, Change, Selection};
use crate::store::unreadable;
use oversight::capability::{Deed, Scope, may, role_allows};
use oversight::change::Version;
use oversight::contract::{ChangeView, Page};
use oversight::id::{AgentUid, ChangeId};
use oversight::state::State;
use oversight::time::Instant;
use sqlx::SqliteConnection;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Which changes a list holds.
#[derive(Debug, Clone, Default)]
pub struct ChangeFilter {
    /// Any of these; empty: every state.
    pub state: Vec<State>,
    /// Only those where the reader's approval would fill an open seat.
    pub mine: bool,
    /// Leaves out what was settled before it; what is open or redeemed stays in.
    pub settled_since: Option<Instant>,
    pub agent: Option<AgentUid>,
    /// 1 to 200; 0 stands for 50.
    pub limit: u32,
    /// From the page before.
    pub cursor: Option<String>,
}

/// Which of a version's two digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestOf {
    /// `digest`: the whole version, what a reviewer signs.
    Whole,
    /// `action_digest`: what an executor checks.
    Action,
}

/// Most changes on a page, and how many where nothing is said.
const MOST: u32 = 200;
const USUAL: u32 = 50;
/// Longest wait for a change, in seconds.
const LONGEST_WAIT: u64 = 60;

impl Desk {
    /// One change as `who` sees it.
    pub async fn change(&self, who: &Principal, id: ChangeId) -> Result<ChangeView, Refused> {
        role_allows(Deed::ReadChanges, who.role).map_err(Refused::Forbidden)?;
        let mut db = self.0.store.read().await?;
        let change = readable(&mut db, who, id).await?;
        views(&mut db, who, vec![change], self.now()).await?.pop().ok_or(Refused::NotFound("change"))
    }

    /// A page of changes as `who` sees them, newest first.
    pub async fn changes(&self, who: &Principal, filter: ChangeFilter) -> Result<Page<ChangeView>, Refused> {
        let scope = role_allows(Deed::ReadChanges, who.role).map_err(Refused::Forbidden)?;
        let limit = if filter.limit == 0 { USUAL } else { filter.limit.min(MOST) };
        let Some(mut selection) = selection(who, scope, &filter)? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let mut db = self.0.store.read().await?;
        let now = self.now();
        let mut items = Vec::new();
        // One more than asked for says whether there is a next page; where a page is filtered by reader, as many reads as it takes.
        while items.len() <= limit as usize {
            let found = changes::list(&mut db, &selection, limit + 1).await?;
            let read_all = found.len() <= limit as usize;
            selection.before = found.last().map(|change| change.id.0).or(selection.before);
            let seen = views(&mut db, who, found, now).await?;
            items.extend(seen.into_iter().filter(|view| !filter.mine || view.mine));
            if read_all {
                break;
            }
        }
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next = items.last().filter(|_| more).map(|view: &ChangeView| view.id.0.to_string());
        Ok(Page { items, next })
    }

    /// The change once its state or version is another than now, or as it is after `seconds`.
    pub async fn wait_for_change(&self, who: &Principal, id: ChangeId, seconds: u64) -> Result<ChangeView, Refused> {
        let mut posts = self.subscribe();
        let first = self.change(who, id).await?;
        let moved = async {
            loop {
                match posts.recv().await {
                    Ok(post) if post.change != Some(id) => continue,
                    Err(RecvError::Closed) => return None,
                    // The change moved, or so much did that it may have.
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                }
                match self.change(who, id).await {
                    Ok(view) if (view.state, view.version) == (first.state, first.version) => continue,
                    other => return Some(other),
                }
            }
        };
        match tokio::time::timeout(Duration::from_secs(seconds.min(LONGEST_WAIT)), moved).await {
            Ok(Some(moved)) => moved,
            // Something smaller may have changed: a review, a comment.
            Ok(None) | Err(_) => self.change(who, id).await,
        }
    }

    /// The bytes behind a digest of a version; the current one where none is named.
    pub async fn canonical(
        &self,
        who: &Principal,
        id: ChangeId,
        version: Option<u32>,
        of: DigestOf,
    ) -> Result<String, Refused> {
        role_allows(Deed::ReadChanges, who.role).map_err(Refused::Forbidden)?;
        let mut db = self.0.store.read().await?;
        let change = readable(&mut db, who, id).await?;
        let body = changes::version_body(&mut db, id, version.unwrap_or(change.version)).await?;
        let body = body.ok_or(Refused::NotFound("version"))?;
        match of {
            DigestOf::Whole => Ok(body),
            DigestOf::Action => {
                let version: Version = serde_json::from_str(&body).map_err(|error| unreadable("version", error))?;
                let bytes = version.action_canonical()?;
                Ok(String::from_utf8(bytes).map_err(|error| unreadable("version", error))?)
            }
        }
    }
}

async fn readable(db: &mut SqliteConnection, who: &Principal, id: ChangeId) -> Result<Change, Refused> {
    let change = changes::by_id(db, id).await?.ok_or(Refused::NotFound("change"))?;
    may(Deed::ReadChanges, who.role, change.state).map_err(Refused::Forbidden)?;
    is_own(who, &change)?;
    Ok(change)
}

/// What the reader's role leaves of the filter; nothing where they exclude each other.
fn selection(who: &Principal, scope: Scope, filter: &ChangeFilter) -> Result<Option<Selection>, Refused> {
    let mut selection = Selection {
        states: filter.state.clone(),
        agent: filter.agent.clone(),
        settled_since: filter.settled_since,
        before: filter.cursor.as_deref().map(cursor).transpose()?,
    };
    match scope {
        Scope::All => {}
        Scope::Own => {
            let own = AgentUid::new(who.uid.clone()).map_err(|error| Refused::invalid("agent", error.to_string()))?;
            if selection.agent.as_ref().is_some_and(|agent| *agent != own) {
                return Ok(None);
            }
            selection.agent = Some(own);
        }
        Scope::Approved => {
            let visible = [State::Approved, State::Redeemed];
            let asked = if filter.state.is_empty() { visible.to_vec() } else { filter.state.clone() };
            selection.states = asked.into_iter().filter(|state| visible.contains(state)).collect();
            if selection.states.is_empty() {
                return Ok(None);
            }
        }
    }
    Ok(Some(selection))
}

/// A position in a list, as handed out with the page before.
pub(super) fn cursor(text: &str) -> Result<u64, Refused> {
    // Only as it is written: "007" may be the uid of a record.
    let number = text.parse::<u64>().ok().filter(|number| i64::try_from(*number).is_ok() && number.to_string() == text);
    number.ok_or_else(|| Refused::invalid("cursor", "not a cursor that this list gave out"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, Sample, cases, try_inputs};

    #[test]
    fn a_cursor_is_one_that_a_list_gave_out() {
        for text in ["", "007", "+7", "-1", " 7", "7x", "9223372036854775808"] {
            assert!(cursor(text).is_err(), "{text}");
        }
        let samples = ["0", "1448", "9223372036854775807"].map(|text| Sample::text(text, ","));
        let words = ["00", "9223372036854775808", "18446744073709551616", "", "1e3", "7"];
        let make = |made: &mut Generator| made.altered_text(&samples, &words);
        try_inputs("cursors", cases(5_000), make, |text| match cursor(text) {
            Ok(position) => {
                assert_eq!(position.to_string(), *text);
                true
            }
            Err(Refused::Invalid(fault)) => {
                assert!(fault.path == "cursor" && !fault.reason.is_empty());
                false
            }
            Err(other) => panic!("{other}"),
        });
    }
}
