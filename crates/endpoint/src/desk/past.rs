//! What a new log begins with, where it does not begin empty: principals, records in the order of the log, and the
//! changes as they stand after them, in one transaction. Only the demonstration has such a past (`demo::history`);
//! everything later goes through the operations beside this file.

use super::versions::Built;
use super::work::{Ready, broken};
use super::{Desk, Refused, Settings};
use crate::policy::PolicyEngine;
use crate::store::principals::{self, Enrolled};
use crate::store::{Store, StoreError, appending, changes, past, records};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use oversight::contract::{PauseView, Settlement};
use oversight::id::AgentUid;
use oversight::record::AuditRecord;
use oversight::review::Review;
use oversight::state::State;
use oversight::vocabulary::Asserter;
use std::sync::Arc;

/// A past, consistent in itself: nothing of it is checked against the rules again.
#[derive(Debug, Default)]
pub struct Past {
    pub principals: Vec<Enrolled>,
    /// In the order of the log: the first stands at 1.
    pub records: Vec<PastRecord>,
    /// In the order of their numbers, from 1.
    pub changes: Vec<PastChange>,
    /// Who is paused at the end.
    pub pauses: Vec<(AgentUid, PauseView)>,
}

#[derive(Debug)]
pub struct PastRecord {
    pub record: AuditRecord,
    /// Who appended it.
    pub origin: Asserter,
}

/// A change that is over.
#[derive(Debug)]
pub struct PastChange {
    /// Oldest first.
    pub versions: Vec<Built>,
    pub state: State,
    pub settled: Settlement,
    /// Position of the last record that changed anything about it.
    pub sequence: u64,
    pub reviews: Vec<Review>,
}

/// Records made ready and stored at once, and how many such parts are made ready meanwhile.
const AT_ONCE: usize = 400;
const AHEAD: usize = 4;

impl Desk {
    /// The database at `database`, if its log holds nothing yet, to be given a past; nobody else has it open.
    pub async fn open_new(database: &str) -> Result<Option<Desk>, StoreError> {
        let store = Store::open(database).await?;
        let last = records::last_sequence(&mut *store.read().await?).await?;
        store.close().await;
        if last > 0 {
            return Ok(None);
        }
        let store = Store::open_to_fill(database).await?;
        let clock = Arc::new(super::system_clock);
        Ok(Some(Desk::of(store, PolicyEngine::default_policy(), Settings::default(), clock).await?))
    }

    /// Gives a log that is empty its past, whole or not at all, and closes the database. What others opened and listen to
    /// would not be told of it.
    pub async fn begin_with(self, past: Past) -> Result<(), Refused> {
        let mut work = self.begin().await?;
        if work.next_sequence() != 1 {
            return Err(Refused::conflict("not-empty", "The log holds records already."));
        }
        for principal in &past.principals {
            principals::upsert(work.db(), principal).await?;
        }
        let mut parts = Vec::new();
        let mut left = past.records.into_iter().enumerate().peekable();
        while left.peek().is_some() {
            parts.push(left.by_ref().take(AT_ONCE).collect::<Vec<_>>());
        }
        let changes = past.changes;
        let over = tokio::task::spawn_blocking(move || {
            let over: Vec<past::Over<'_>> = changes.iter().map(PastChange::row).collect();
            past::Insertion::of(&over)
        });
        let mut ready = stream::iter(parts.into_iter().map(made_ready)).buffered(AHEAD);
        while let Some(part) = ready.try_next().await? {
            part.run(work.db()).await?;
        }
        over.await.map_err(broken)??.run(work.db()).await?;
        for (agent, pause) in &past.pauses {
            changes::insert_pause(work.db(), agent.as_str(), pause).await?;
        }
        work.commit().await?;
        self.0.store.close().await;
        Ok(())
    }
}

/// Texts, digests and salts take most of the time, so they are made beside the writing.
async fn made_ready(part: Vec<(usize, PastRecord)>) -> Result<appending::Insertion, Refused> {
    let making = tokio::task::spawn_blocking(move || {
        let ready = |(index, PastRecord { mut record, origin }): (usize, PastRecord)| {
            let sequence = index as u64 + 1;
            record.sequence = Some(sequence);
            Ready::new(record, sequence, origin)
        };
        let ready = part.into_iter().map(ready).collect::<Result<Vec<_>, Refused>>()?;
        let entries: Vec<_> = ready.iter().map(|ready| ready.entry(None)).collect();
        Ok(appending::Insertion::of(&entries))
    });
    making.await.unwrap_or_else(|error| Err(broken(error)))
}

impl PastChange {
    fn row(&self) -> past::Over<'_> {
        past::Over {
            versions: self.versions.iter().map(Built::row).collect(),
            state: self.state,
            settled: &self.settled,
            sequence: self.sequence,
            reviews: &self.reviews,
        }
    }
}
