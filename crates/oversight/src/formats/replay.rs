//! Proposals that the agents of a log would have sent for what they did: what `replay` sends to an endpoint
//! that is to be tried on real actions. Nothing is claimed that the log does not say: no reason, no plan,
//! no way back.

use crate::classify::{ActionTable, short_service};
use crate::formats::cloudtrail::{place, source_event};
use crate::formats::touched;
use crate::id::{AgentUid, RecordUid};
use crate::proposal::{Plan, Proposal, ProposedAction, ProposedResource};
use crate::record::AuditRecord;
use crate::time::Instant;
use crate::vocabulary::{AccessLevel, OutcomeStatus};
use serde_json::{Map, Value};

/// One proposal made of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// The record it was made of.
    pub record: RecordUid,
    pub agent: AgentUid,
    /// When the action was taken.
    pub at: Instant,
    pub proposal: Proposal,
}

/// A mutating action of an agent that cannot be proposed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub record: RecordUid,
    pub reason: String,
}

/// The mutating actions of agents among `records`, as proposals in order of time. Mutating: its access level
/// is neither list nor read by the table, or the log says it is not read-only; an operation that the table
/// lacks counts unless the log says it is read-only.
pub fn proposals(records: &[AuditRecord], table: &ActionTable) -> (Vec<Replayed>, Vec<Skipped>) {
    let mut replayed = Vec::new();
    let mut skipped = Vec::new();
    for record in records {
        let (Some(agent), Some(event)) = (record.agent.value(), source_event(record)) else { continue };
        let Some(action) = record.action.value() else { continue };
        if !mutates(table.lookup(&action.service, &action.operation).access_level, event) {
            continue;
        }
        let proposal = proposal(record, event, &agent.name);
        match proposal.check() {
            Ok(()) => replayed.push(Replayed {
                record: record.uid.clone(),
                agent: agent.uid.clone(),
                at: record.time.earliest(),
                proposal,
            }),
            Err(fault) => skipped.push(Skipped { record: record.uid.clone(), reason: fault.to_string() }),
        }
    }
    replayed.sort_by_key(|one| one.at);
    (replayed, skipped)
}

fn mutates(level: AccessLevel, event: &Map<String, Value>) -> bool {
    let read_only = event.get("readOnly").and_then(Value::as_bool);
    match level {
        AccessLevel::List | AccessLevel::Read => read_only == Some(false),
        AccessLevel::Write | AccessLevel::Tagging | AccessLevel::PermissionsManagement => true,
        AccessLevel::Unknown => read_only != Some(true),
    }
}

fn proposal(record: &AuditRecord, event: &Map<String, Value>, agent: &str) -> Proposal {
    let action = record.action.value();
    let (service, operation) =
        action.map_or_else(Default::default, |action| (short_service(&action.service), action.operation.clone()));
    let arguments = action.and_then(|action| action.arguments.value()).cloned();
    let ended = match record.outcome.value().map(|outcome| (outcome.status, outcome.error.value())) {
        Some((OutcomeStatus::Success, _)) => "It ended without an error".to_owned(),
        Some((OutcomeStatus::Failure, Some(error))) => {
            let code = error.split(':').next().unwrap_or(error);
            format!("It failed with {code}")
        }
        Some((OutcomeStatus::Failure, None)) => "It failed".to_owned(),
        Some((OutcomeStatus::Unknown, _)) | None => "The log does not say how it ended".to_owned(),
    };
    let no_arguments = if arguments.is_none() { " The log holds no arguments of it." } else { "" };
    let rationale = format!(
        "Replayed from a CloudTrail log: {agent} called {service}:{operation} at {}. {ended}.{no_arguments} The log gives no reason and no plan.",
        record.time.earliest()
    );
    let place = place(event, &service);
    let mut resources = touched::by_request(event, place);
    if resources.is_empty() && place.account.len() == 12 {
        // What is yet to be made has no name; the log says in which account and region it was.
        let global = matches!(place.service, "iam" | "organizations" | "route53" | "cloudfront");
        let region = if global { "" } else { place.region };
        resources.push(ProposedResource {
            uid: format!("arn:aws:{}:{region}:{}:*", place.service, place.account),
            kind: None,
            account: Some(place.account.to_owned()),
            region: Some(region.to_owned()).filter(|region| !region.is_empty()),
        });
    }
    Proposal {
        title: None,
        resources,
        action: ProposedAction { service, operation, arguments: arguments.unwrap_or_default() },
        rationale: Some(rationale),
        evidence: Vec::new(),
        claims: Vec::new(),
        plan: Plan::default(),
        on_behalf_of: record.on_behalf_of.clone(),
        session: record.session.clone(),
        expires_in: None,
    }
}
