//! Moving a change by a record that the endpoint writes about it, and what is answered then. What each kind of record
//! carries is `written`; when one is written is said where the operation is.

use super::work::Work;
use super::{Refused, written};
use crate::store::changes::{self, Change};
use oversight::change::Version;
use oversight::contract::{ChangeReceipt, Settlement};
use oversight::digest::Digest;
use oversight::record::AuditRecord;
use oversight::state::{Event, State};
use oversight::vocabulary::Kind;

/// Who brings about what no person and no machine does.
pub const ENDPOINT: &str = "the endpoint";

/// An event about a version, with what lets a reader place it without the version: agent, action, risk.
pub fn about(work: &Work, kind: Kind, version: &Version, digest: Digest, state: State) -> Result<AuditRecord, Refused> {
    Ok(written::about(work.record(kind)?, version, digest, state))
}

/// The state after an event. What the state machine doesn't allow was refused before, or is a conflict now.
pub fn after(state: State, event: Event) -> Result<State, Refused> {
    state
        .after(event)
        .map_err(|conflict| Refused::conflict("already-decided", format!("{}.", capital(&conflict.to_string()))))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Moves a change by `event`: appends the record, with its state set, and settles the row. Returns the receipt.
pub async fn transition(
    work: &mut Work,
    change: &Change,
    event: Event,
    mut record: AuditRecord,
    by: &str,
    reason: Option<String>,
) -> Result<ChangeReceipt, Refused> {
    let state = after(change.state, event)?;
    written::in_state(&mut record, state);
    let sequence = work.append(record).await?;
    let settled = Settlement { at: work.now, by: by.to_owned(), reason };
    changes::settle(work.db(), change.id, state, &settled, sequence).await?;
    Ok(receipt(work, change, state, sequence))
}

/// What is answered about a change that stands in `state` since `sequence`.
pub fn receipt(work: &Work, change: &Change, state: State, sequence: u64) -> ChangeReceipt {
    ChangeReceipt {
        change: change.id,
        version: change.version,
        state,
        digest: change.digest,
        action_digest: change.reviewed.action_digest,
        sequence,
        time: work.now,
    }
}
