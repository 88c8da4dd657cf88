//! The records that the endpoint writes about a change: what of a version each kind carries, who vouches for which
//! part, and the state after it. When one is written is said where the operation is.

use super::work::Work;
use super::{Principal, Refused};
use crate::store::changes::{self, Change};
use oversight::change::Version;
use oversight::contract::{ChangeReceipt, Settlement};
use oversight::digest::Digest;
use oversight::missing::Field;
use oversight::record::{Action, Actor, AuditRecord, PolicyFact, ReversibilityFact, Risk};
use oversight::state::{Event, State};
use oversight::vocabulary::{Asserter, Kind};
use serde_json::Value;

/// Who brings about what no person and no machine does.
pub const ENDPOINT: &str = "the endpoint";

/// A principal as records name it.
pub fn actor(who: &Principal) -> Field<Actor> {
    Field::Is(Actor { uid: who.uid.clone(), role: who.role })
}

/// An event about a version, with what lets a reader place it without the version: agent, action, risk.
pub fn about(work: &Work, kind: Kind, version: &Version, digest: Digest, state: State) -> Result<AuditRecord, Refused> {
    let mut record = work.record(kind)?;
    record.change_id = Some(version.change);
    record.version = Some(version.version);
    record.step = version.step;
    record.agent = Field::Is(version.agent.clone());
    record.action = Field::Is(Action {
        service: version.action.service.clone(),
        operation: version.action.operation.clone(),
        access_level: Field::Is(version.classification.access_level),
        arguments: Field::Absent,
    });
    record.risk = Field::Is(Risk { tier: version.classification.tier, reasons: Vec::new() });
    record.critical_paths = Field::Is(version.classification.critical_paths.clone());
    record.digest = Some(digest);
    record.extra.insert("state".to_owned(), Value::from(state.as_str()));
    record.asserted_by.insert("action".to_owned(), Asserter::Agent);
    Ok(record)
}

/// The event that a version came to be, with all that the agent said and the endpoint made of it.
pub fn whole(work: &Work, kind: Kind, version: &Version, digest: Digest) -> Result<AuditRecord, Refused> {
    let mut record = about(work, kind, version, digest, State::Pending)?;
    if let Field::Is(action) = &mut record.action {
        action.arguments = Field::Is(version.action.arguments.clone());
    }
    record.on_behalf_of = version.on_behalf_of.clone();
    record.session = version.session.clone();
    record.resources = Field::Is(version.resources.clone());
    record.risk =
        Field::Is(Risk { tier: version.classification.tier, reasons: version.classification.reasons.clone() });
    record.reversibility =
        Field::Is(ReversibilityFact { class: version.classification.reversibility, assessed_by: Asserter::Endpoint });
    record.blast_radius = Field::Is(version.blast_radius.clone());
    record.rationale = version.rationale.clone().map_or(Field::Absent, Field::Is);
    record.evidence = if version.evidence.is_empty() { Field::Absent } else { Field::Is(version.evidence.clone()) };
    record.plan = Field::Is(version.plan.clone());
    if let Some(title) = &version.title {
        record.extra.insert("title".to_owned(), Value::from(title.as_str()));
    }
    for part in ["evidence", "on_behalf_of", "plan", "rationale", "resources", "session"] {
        record.asserted_by.insert(part.to_owned(), Asserter::Agent);
    }
    for part in ["agent", "blast_radius", "critical_paths", "reversibility", "risk"] {
        record.asserted_by.insert(part.to_owned(), Asserter::Endpoint);
    }
    Ok(record)
}

/// What the policy said of a version, on its record.
pub fn policy_fact(version: &Version) -> Field<PolicyFact> {
    Field::Is(PolicyFact {
        uid: version.policy.uid.clone(),
        version: version.policy.version.clone(),
        decision: version.policy.decision,
        determining: version.policy.determining.clone(),
    })
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
    record.extra.insert("state".to_owned(), Value::from(state.as_str()));
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
