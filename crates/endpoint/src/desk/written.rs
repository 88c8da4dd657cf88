//! What each kind of record carries, and who vouches for which part: pure, from a version, a principal, a time. The
//! endpoint's own begin with `own`; a machine's is finished by `of_machine`. When one is written is said where the
//! operation is; moving a change by one is `writing`.

use super::Principal;
use crate::policy::PolicyEngine;
use crate::store::principals::Enrolled;
use oversight::change::Version;
use oversight::classify::ActionTable;
use oversight::contract::ResultOfChange;
use oversight::digest::Digest;
use oversight::id::RecordUid;
use oversight::missing::Field;
use oversight::record::{
    Action, Actor, Agent, AuditRecord, CommentFact, Outcome, PolicyFact, ReversibilityFact, ReviewFact, Risk,
};
use oversight::review::Review;
use oversight::state::{Event, State};
use oversight::time::Instant;
use oversight::vocabulary::{Asserter, Kind, OutcomeStatus, Role};
use serde_json::{Map, Value, json};

/// A principal as records name it.
pub fn actor(who: &Principal) -> Field<Actor> {
    Field::Is(Actor { uid: who.uid.clone(), role: who.role })
}

/// A record of the endpoint's own, vouched for by it.
pub fn own(uid: RecordUid, time: Instant, kind: Kind) -> AuditRecord {
    let mut record = AuditRecord::new(uid, time, kind);
    record.asserted_by.insert("record".to_owned(), Asserter::Endpoint);
    record
}

/// An event about a version, with what lets a reader place it without the version: agent, action, risk.
pub fn about(mut record: AuditRecord, version: &Version, digest: Digest, state: State) -> AuditRecord {
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
    in_state(&mut record, state);
    record.asserted_by.insert("action".to_owned(), Asserter::Agent);
    record
}

/// That the event left its change in `state`.
pub fn in_state(record: &mut AuditRecord, state: State) {
    record.extra.insert("state".to_owned(), Value::from(state.as_str()));
}

/// The event that a version came to be, with all that the agent said and the endpoint made of it.
pub fn whole(record: AuditRecord, version: &Version, digest: Digest) -> AuditRecord {
    let mut record = about(record, version, digest, State::Pending);
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
    record
}

/// What the policy said of a version that came to be.
pub fn policy_decision(record: AuditRecord, version: &Version, digest: Digest) -> AuditRecord {
    let mut record = about(record, version, digest, State::Pending);
    record.policy = Field::Is(PolicyFact {
        uid: version.policy.uid.clone(),
        version: version.policy.version.clone(),
        decision: version.policy.decision,
        determining: version.policy.determining.clone(),
    });
    let requirement = serde_json::to_value(&version.policy.requirement).unwrap_or_default();
    record.extra.insert("requirement".to_owned(), requirement);
    if !version.policy.errors.is_empty() {
        record.reason = Field::Is(version.policy.errors.join("; "));
    }
    record
}

/// Why a version is approved or denied where the policy alone decided: the titles of what determined it.
pub fn policy_reason(version: &Version) -> Option<String> {
    let titles: Vec<&str> = version.policy.determining.iter().map(|policy| policy.title.as_str()).collect();
    (!titles.is_empty()).then(|| titles.join("; "))
}

/// A person's word on a version.
pub fn review(record: AuditRecord, version: &Version, state: State, review: &Review) -> AuditRecord {
    let mut record = about(record, version, review.digest, state);
    let named = version.policy.requirement.slots.iter().map(|slot| &slot.group);
    record.review = Field::Is(ReviewFact {
        decision: review.decision,
        reviewer: review.reviewer.clone(),
        slot: named.filter(|group| review.groups.contains(group)).map(ToString::to_string).collect(),
        reason: review.reason.clone(),
        digest: review.digest,
        channel: review.channel,
        opened_at: Field::recorded(review.evidence.opened_at),
        visible_ms: Field::recorded(review.evidence.visible_ms),
        decided_at: review.decided_at,
        sections_revealed: match review.evidence.sections_revealed.as_slice() {
            [] => Field::not_recorded(),
            sections => Field::Is(sections.to_vec()),
        },
        acknowledged: review.evidence.acknowledged.clone(),
    });
    record.asserted_by.insert("review".to_owned(), Asserter::Person);
    record
}

/// What somebody said about a change.
pub fn comment(mut record: AuditRecord, who: &Principal, text: &str) -> AuditRecord {
    record.actor = actor(who);
    record.comment = Field::Is(CommentFact { text: text.to_owned() });
    let by = if who.role == Role::Agent { Asserter::Agent } else { Asserter::Person };
    record.asserted_by.insert("comment".to_owned(), by);
    record
}

/// A reason given by the person or agent that brings the event about.
pub fn reasoned(mut record: AuditRecord, who: &Principal, reason: &str) -> AuditRecord {
    record.actor = actor(who);
    record.reason = Field::Is(reason.to_owned());
    if who.is_person() {
        record.asserted_by.insert("reason".to_owned(), Asserter::Person);
    }
    record
}

/// That an executor took an approval.
pub fn redemption(mut record: AuditRecord, who: &Principal, version: &Version) -> AuditRecord {
    record.actor = actor(who);
    record.extra.insert("action_digest".to_owned(), version.action_digest.to_string().into());
    record
}

/// How what an executor may report moves a change, the kind of its record, and its status.
pub fn ended(result: ResultOfChange) -> (Event, Kind, OutcomeStatus) {
    match result {
        ResultOfChange::Verified => (Event::Verified, Kind::Verification, OutcomeStatus::Success),
        ResultOfChange::RolledBack => (Event::RolledBack, Kind::Rollback, OutcomeStatus::Success),
        ResultOfChange::Failed => (Event::Failed, Kind::Execution, OutcomeStatus::Failure),
    }
}

/// How a redeemed change ended, as its executor reports.
pub fn outcome(
    mut record: AuditRecord,
    who: &Principal,
    version: &Version,
    status: OutcomeStatus,
    detail: Option<String>,
) -> AuditRecord {
    record.actor = actor(who);
    record.resources = Field::Is(version.resources.clone());
    record.outcome = Field::Is(Outcome {
        status,
        error: match status {
            OutcomeStatus::Failure => Field::recorded(detail.clone()),
            _ => Field::Absent,
        },
    });
    record.reason = detail.map_or(Field::Absent, Field::Is);
    record.asserted_by.insert("outcome".to_owned(), Asserter::Executor);
    record.asserted_by.insert("reason".to_owned(), Asserter::Executor);
    record
}

/// A registration in which something is new.
pub fn enrolment(mut record: AuditRecord, enrolled: &Enrolled) -> AuditRecord {
    record.agent = enrolled.profile.clone().map_or(Field::Absent, Field::Is);
    record.extra.insert("groups".to_owned(), json!(enrolled.groups));
    if let Some(owner) = &enrolled.owner {
        record.extra.insert("owner".to_owned(), json!(owner));
    }
    if !enrolled.principals.is_empty() {
        record.extra.insert("principals".to_owned(), json!(enrolled.principals));
    }
    record.actor = Field::Is(Actor { uid: enrolled.uid.clone(), role: enrolled.role });
    record
}

/// A policy put in force.
pub fn policy_load(mut record: AuditRecord, engine: &PolicyEngine) -> AuditRecord {
    record.extra.insert("policy_uid".to_owned(), engine.uid().into());
    record.extra.insert("policy_version".to_owned(), engine.version().into());
    record.extra.insert("policy_digest".to_owned(), Digest::of(engine.text().as_bytes()).to_string().into());
    record
}

/// What a machine handed in, as it stands: whose it is, who vouches for it, and the access level of its action. `agent`
/// is who acted, `version` what was redeemed, where the record is of a change.
pub fn of_machine(
    mut record: AuditRecord,
    who: &Principal,
    agent: Field<Agent>,
    version: Option<&Version>,
) -> AuditRecord {
    record.agent = agent;
    record.actor = actor(who);
    place(&mut record, version);
    record.asserted_by.insert("record".to_owned(), origin(who.role));
    for part in ["agent", "actor"] {
        record.asserted_by.insert(part.to_owned(), Asserter::Endpoint);
    }
    record
}

/// Who vouches for what a machine of this role hands in.
pub fn origin(role: Role) -> Asserter {
    match role {
        Role::Agent => Asserter::Agent,
        Role::Executor => Asserter::Executor,
        _ => Asserter::Importer,
    }
}

/// Sets the access level from the action table, or the action from the version that it is part of.
fn place(record: &mut AuditRecord, version: Option<&Version>) {
    match (&mut record.action, version) {
        (Field::Is(action), version) => {
            let nothing = Map::new();
            let arguments = action.arguments.value().unwrap_or(&nothing);
            let level = match version {
                Some(version) => version.classification.access_level,
                None => ActionTable::built_in().lookup_with(&action.service, &action.operation, arguments).access_level,
            };
            action.access_level = Field::Is(level);
            record.asserted_by.insert("action.access_level".to_owned(), Asserter::Endpoint);
        }
        (action, Some(version)) => {
            *action = Field::Is(Action {
                service: version.action.service.clone(),
                operation: version.action.operation.clone(),
                access_level: Field::Is(version.classification.access_level),
                arguments: Field::Absent,
            });
        }
        (_, None) => {}
    }
}

/// Marked as imported. Position, change and vouchers of another log are kept under names of their own: here they would
/// stand for something else.
pub fn as_imported(mut record: AuditRecord) -> AuditRecord {
    if let Some(sequence) = record.sequence.take() {
        record.extra.insert("source_sequence".to_owned(), sequence.into());
    }
    if let Some(change) = record.change_id.take() {
        record.extra.insert("source_change_id".to_owned(), change.to_string().into());
    }
    let said = std::mem::take(&mut record.asserted_by);
    record.asserted_by.insert("record".to_owned(), Asserter::Importer);
    // Who vouched for what over there is the importer's word here.
    if !said.is_empty() && said != record.asserted_by {
        record.extra.insert("source_asserted_by".to_owned(), serde_json::json!(said));
    }
    record
}
