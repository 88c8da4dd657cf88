//! Reading the audit trail: pages, one record, a whole snapshot, what was posted after a position, and what
//! could not be decoded. Adding to it is `appending`.

use super::reading::cursor;
use super::{Desk, Posted, Principal, Refused};
use crate::store::records::{self, Selection};
use crate::store::{StoreError, changes, quarantine, unreadable};
use oversight::capability::{Deed, role_allows};
use oversight::contract::{Page, QuarantineView, RecordsPage};
use oversight::id::{AgentUid, ChangeId};
use oversight::time::Instant;
use oversight::vocabulary::{Asserter, Kind, OutcomeStatus};
use serde_json::Value;
use sqlx::SqliteConnection;
use std::sync::Arc;

/// Which records a list holds; all that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct RecordFilter {
    /// Not before it.
    pub since: Option<Instant>,
    /// Before it.
    pub until: Option<Instant>,
    pub agent: Option<AgentUid>,
    pub service: Option<String>,
    /// Any of these; empty: every kind.
    pub kind: Vec<Kind>,
    pub change: Option<ChangeId>,
    /// A text that any field holds, whatever its case.
    pub q: Option<String>,
    pub outcome: Option<OutcomeStatus>,
    /// 1 to 500; 0 stands for 100.
    pub limit: u32,
    /// From the page before.
    pub cursor: Option<String>,
}

/// Most records on a page, and how many where nothing is said.
const MOST: u32 = 500;
const USUAL: u32 = 100;
/// Records that an export reads at once.
const EXPORTED: u32 = 1_000;

impl RecordFilter {
    fn selection(&self) -> Selection {
        Selection {
            since: self.since,
            until: self.until,
            agent: self.agent.as_ref().map(ToString::to_string),
            service: self.service.clone(),
            kinds: self.kind.iter().map(|kind| kind.as_str()).collect(),
            change: self.change,
            text: self.q.as_ref().filter(|text| !text.is_empty()).map(|text| text.to_lowercase()),
            outcome: self.outcome.map(OutcomeStatus::as_str),
        }
    }
}

impl Desk {
    /// A page of the trail, newest first.
    pub async fn records(&self, who: &Principal, filter: RecordFilter) -> Result<RecordsPage, Refused> {
        role_allows(Deed::ReadRecords, who.role).map_err(Refused::Forbidden)?;
        let limit = if filter.limit == 0 { USUAL } else { filter.limit.min(MOST) };
        let before = filter.cursor.as_deref().map(cursor).transpose()?;
        let selection = filter.selection();
        let mut db = self.0.store.read().await?;
        let last = records::last_sequence(&mut db).await?;
        // The sequence has no gaps: of everything there are as many as the last one's position.
        let total = if selection.is_everything() { last } else { selection.count(&mut db, last).await? };
        let mut found = selection.before(&mut db, before, limit + 1).await?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(|(sequence, _)| sequence.to_string());
        let items = found.iter().map(|(_, body)| value(body)).collect::<Result<_, Refused>>()?;
        Ok(RecordsPage { items, next, total, quarantined: quarantine::count(&mut db).await? })
    }

    /// One record, by its position or its uid.
    pub async fn record(&self, who: &Principal, uid_or_sequence: &str) -> Result<Value, Refused> {
        role_allows(Deed::ReadRecords, who.role).map_err(Refused::Forbidden)?;
        let mut db = self.0.store.read().await?;
        let by_sequence = match cursor(uid_or_sequence) {
            Ok(sequence) => records::by_sequence(&mut db, sequence).await?,
            Err(_) => None,
        };
        let body = match by_sequence {
            Some(body) => Some(body),
            None => records::by_uid(&mut db, uid_or_sequence).await?,
        };
        value(&body.ok_or(Refused::NotFound("record"))?)
    }

    /// A snapshot of the trail as of now.
    pub async fn export(&self, who: &Principal, filter: RecordFilter) -> Result<Export, Refused> {
        role_allows(Deed::ReadRecords, who.role).map_err(Refused::Forbidden)?;
        let up_to = self.sequence().await?;
        Ok(Export { desk: self.clone(), selection: filter.selection(), after: 0, up_to })
    }

    /// What was posted after a position, oldest first.
    pub async fn events_after(&self, sequence: u64, limit: u32) -> Result<Vec<Posted>, Refused> {
        let mut db = self.0.store.read().await?;
        Ok(posts_after(&mut db, sequence, limit).await?)
    }

    /// What imports could not decode, newest first.
    pub async fn quarantine(
        &self,
        who: &Principal,
        from: Option<String>,
        limit: u32,
    ) -> Result<Page<QuarantineView>, Refused> {
        role_allows(Deed::ReadRecords, who.role).map_err(Refused::Forbidden)?;
        let limit = if limit == 0 { USUAL } else { limit.min(MOST) };
        let before = from.as_deref().map(cursor).transpose()?;
        let mut db = self.0.store.read().await?;
        let mut items = quarantine::before(&mut db, before, limit + 1).await?;
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next = items.last().filter(|_| more).map(|item| item.id.to_string());
        Ok(Page { items, next })
    }

    /// Position of the newest record; 0 when there is none.
    pub async fn sequence(&self) -> Result<u64, Refused> {
        let mut db = self.0.store.read().await?;
        Ok(records::last_sequence(&mut db).await?)
    }

    /// How many changes were ever proposed here.
    pub async fn proposed(&self) -> Result<u64, Refused> {
        let mut db = self.0.store.read().await?;
        Ok(changes::count(&mut db).await?)
    }
}

/// What was posted after a position, as it was announced then, but for what a pause touches: that is as of now.
pub(super) async fn posts_after(
    db: &mut SqliteConnection,
    sequence: u64,
    limit: u32,
) -> Result<Vec<Posted>, StoreError> {
    let mut posts = Vec::new();
    for record in records::after(db, sequence, limit).await? {
        let imported = record.asserted_by.get("record") == Some(&Asserter::Importer);
        let touched = match (record.kind, record.agent.value()) {
            (Kind::Pause | Kind::Resume, Some(agent)) if !imported => {
                changes::open_of_agent(db, agent.uid.as_str()).await?
            }
            _ => Vec::new(),
        };
        let sequence = record.sequence.unwrap_or_default();
        posts.push(Posted { sequence, change: record.change_id, touched, record: Arc::new(record) });
    }
    Ok(posts)
}

fn value(body: &str) -> Result<Value, Refused> {
    Ok(serde_json::from_str(body).map_err(|error| unreadable("record", error))?)
}

/// One snapshot of the trail, read page by page, oldest first: nothing appended after it began is in it.
pub struct Export {
    desk: Desk,
    selection: Selection,
    after: u64,
    up_to: u64,
}

impl Export {
    /// The next lines, each the canonical JSON of one record without a line feed; empty at the end.
    pub async fn next(&mut self) -> Result<Vec<String>, Refused> {
        let mut db = self.desk.0.store.read().await?;
        let found = self.selection.between(&mut db, self.after, self.up_to, EXPORTED).await?;
        self.after = found.last().map_or(self.up_to, |(sequence, _)| *sequence);
        Ok(found.into_iter().map(|(_, body)| body).collect())
    }
}
