//! One record in a row's words: who, what, to what, and how it ended. What is missing stays missing, with
//! its kind. Pure; drawing is `table`, the whole record is `outline`.

use crate::state::RecordRow;
use oversight::id::ChangeId;
use oversight::missing::{Field, Missing};
use oversight::record::AuditRecord;
use oversight::time::When;
use oversight::vocabulary::{Decision, Effect, Kind, OutcomeStatus, Role};

/// Why nothing stands there: `None` is absent, the event has no such thing.
pub type Absence = Option<Missing>;

/// Who brought it about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Agent {
        uid: String,
        name: String,
    },
    /// A person, or a machine by its role; without one, whoever the source names.
    Party {
        uid: String,
        role: Option<Role>,
    },
    Gone(Absence),
}

/// What was done or said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Operation {
        service: String,
        operation: String,
    },
    Quote(String),
    Change {
        id: ChangeId,
        version: Option<u32>,
    },
    Policy {
        uid: String,
        version: String,
    },
    Agent(String),
    Gone(Absence),
    /// This version can't read the record; the fault says why.
    Unreadable(String),
}

/// What it touched: the first, and how many more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Is { first: String, more: usize },
    Gone(Absence),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    Review(Decision),
    Outcome { status: OutcomeStatus, error: Option<String> },
    Policy(Effect),
    Gone(Absence),
}

/// A row's worth of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The kind, or the word that stands in its place.
    pub kind: Result<Kind, String>,
    /// The time, or what stands in its place.
    pub when: Result<When, String>,
    pub who: Who,
    pub what: What,
    pub target: Target,
    pub ending: Ending,
}

impl Summary {
    pub fn of(row: &RecordRow) -> Summary {
        let record = match &row.record {
            Ok(record) => record,
            Err(fault) => {
                let word = |name: &str| row.raw[name].as_str().map_or_else(|| row.raw[name].to_string(), str::to_owned);
                return Summary {
                    kind: word("kind").parse().map_err(|_| word("kind")),
                    when: oversight::json::decode(row.raw["time"].clone()).map_err(|_| word("time")),
                    who: Who::Gone(Some(Missing::Unknown)),
                    what: What::Unreadable(fault.to_string()),
                    target: Target::Gone(Some(Missing::Unknown)),
                    ending: Ending::Gone(Some(Missing::Unknown)),
                };
            }
        };
        Summary {
            kind: Ok(record.kind),
            when: Ok(record.time),
            who: who(record),
            what: what(record),
            target: target(record),
            ending: ending(record),
        }
    }
}

/// The kind of missing that a field has; absent if it is not missing at all.
fn absence<T>(field: &Field<T>) -> Absence {
    match field {
        Field::Missing(missing) => Some(*missing),
        Field::Absent | Field::Is(_) => None,
    }
}

fn who(record: &AuditRecord) -> Who {
    let person = |role: Role| matches!(role, Role::Customer | Role::Engineer | Role::Manager);
    match (record.actor.value(), record.agent.value()) {
        (Some(actor), _) if person(actor.role) => Who::Party { uid: actor.uid.clone(), role: Some(actor.role) },
        (_, Some(agent)) => Who::Agent { uid: agent.uid.to_string(), name: agent.name.clone() },
        (Some(actor), None) => Who::Party { uid: actor.uid.clone(), role: Some(actor.role) },
        (None, None) => match record.on_behalf_of.value() {
            Some(party) => Who::Party { uid: party.name.clone().unwrap_or_else(|| party.uid.to_string()), role: None },
            None => Who::Gone(absence(&record.agent).or(absence(&record.actor)).or(absence(&record.on_behalf_of))),
        },
    }
}

fn what(record: &AuditRecord) -> What {
    if let Some(comment) = record.comment.value() {
        return What::Quote(comment.text.clone());
    }
    if let Some(action) = record.action.value() {
        return What::Operation { service: action.service.clone(), operation: action.operation.clone() };
    }
    if let Some(missing) = absence(&record.action) {
        return What::Gone(Some(missing));
    }
    match (record.change_id, record.kind) {
        (Some(id), _) => What::Change { id, version: record.version },
        (None, Kind::PolicyLoad) => {
            // The endpoint's own fields: a load decides nothing, so it has no `policy`.
            let added = |name: &str| record.extra.get(name).and_then(|value| value.as_str()).map(str::to_owned);
            match (added("policy_uid"), added("policy_version")) {
                (Some(uid), Some(version)) => What::Policy { uid, version },
                _ => What::Gone(absence(&record.policy)),
            }
        }
        (None, Kind::Pause | Kind::Resume | Kind::Enrolment) => {
            record.agent.value().map_or(What::Gone(absence(&record.agent)), |agent| What::Agent(agent.name.clone()))
        }
        (None, _) => match (record.reason.value(), record.rationale.value()) {
            (Some(text), _) | (None, Some(text)) => What::Quote(text.clone()),
            (None, None) => What::Gone(None),
        },
    }
}

fn target(record: &AuditRecord) -> Target {
    match &record.resources {
        Field::Is(resources) => resources
            .first()
            .map_or(Target::Gone(None), |first| Target::Is { first: first.uid.clone(), more: resources.len() - 1 }),
        missing => Target::Gone(absence(missing)),
    }
}

fn ending(record: &AuditRecord) -> Ending {
    if let Some(review) = record.review.value() {
        return Ending::Review(review.decision);
    }
    match (&record.outcome, record.policy.value()) {
        (Field::Is(outcome), _) => Ending::Outcome { status: outcome.status, error: outcome.error.value().cloned() },
        (Field::Missing(missing), _) => Ending::Gone(Some(*missing)),
        (Field::Absent, Some(policy)) => Ending::Policy(policy.decision),
        (Field::Absent, None) => Ending::Gone(absence(&record.review).or(absence(&record.policy))),
    }
}

/// A kind in words.
pub fn kind_words(kind: Kind) -> String {
    kind.as_str().replace('_', " ")
}

/// The words of a policy decision.
pub fn effect_words(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allowed alone",
        Effect::Deny => "denied",
        Effect::NeedsReview => "needs review",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn summary(more: Value) -> Summary {
        let mut raw = json!({"uid": "r", "time": "2026-01-01T00:00:00Z", "kind": "execution", "sequence": 1});
        for (key, value) in more.as_object().unwrap() {
            raw[key] = value.clone();
        }
        Summary::of(&RecordRow::new(raw))
    }

    #[test]
    fn a_person_acts_for_themselves_and_a_machine_for_its_agent() {
        let agent = json!({"uid": "a-1", "name": "Optimizer"});
        for (more, who) in [
            (
                json!({"agent": agent, "actor": {"uid": "engineer-2", "role": "engineer"}}),
                Who::Party { uid: "engineer-2".into(), role: Some(Role::Engineer) },
            ),
            (
                json!({"agent": agent, "actor": {"uid": "executor-1", "role": "executor"}}),
                Who::Agent { uid: "a-1".into(), name: "Optimizer".into() },
            ),
            (json!({"on_behalf_of": {"uid": "u", "name": "Ada"}}), Who::Party { uid: "Ada".into(), role: None }),
            (json!({"agent": {"missing": "not_recorded"}}), Who::Gone(Some(Missing::NotRecorded))),
            (json!({}), Who::Gone(None)),
        ] {
            assert_eq!(summary(more.clone()).who, who, "{more}");
        }
    }

    #[test]
    fn what_was_done_is_the_nearest_thing_the_record_says() {
        let action = json!({"service": "s3", "operation": "PutObject"});
        for (more, what) in [
            (
                json!({"action": action, "change_id": "CH-4"}),
                What::Operation { service: "s3".into(), operation: "PutObject".into() },
            ),
            (json!({"action": {"missing": "redacted"}}), What::Gone(Some(Missing::Redacted))),
            (json!({"kind": "comment", "comment": {"text": "why"}, "change_id": "CH-4"}), What::Quote("why".into())),
            (
                json!({"kind": "expiry", "change_id": "CH-4", "version": 2}),
                What::Change { id: ChangeId(4), version: Some(2) },
            ),
            (json!({"kind": "pause", "agent": {"uid": "a", "name": "A"}, "reason": "odd"}), What::Agent("A".into())),
            (json!({"kind": "anomaly"}), What::Gone(None)),
            (
                json!({"kind": "policy_load", "policy_uid": "default", "policy_version": "3"}),
                What::Policy { uid: "default".into(), version: "3".into() },
            ),
            (json!({"kind": "policy_load"}), What::Gone(None)),
        ] {
            assert_eq!(summary(more.clone()).what, what, "{more}");
        }
    }

    #[test]
    fn an_ending_that_is_not_recorded_is_none() {
        for (more, ending) in [
            (
                json!({"outcome": {"status": "failure", "error": "AccessDenied"}}),
                Ending::Outcome { status: OutcomeStatus::Failure, error: Some("AccessDenied".into()) },
            ),
            (json!({"outcome": {"missing": "not_recorded"}}), Ending::Gone(Some(Missing::NotRecorded))),
            (
                json!({"policy": {"uid": "p", "version": "1", "decision": "needs_review"}}),
                Ending::Policy(Effect::NeedsReview),
            ),
            (json!({}), Ending::Gone(None)),
        ] {
            assert_eq!(summary(more.clone()).ending, ending, "{more}");
        }
        let many = summary(json!({"resources": [{"uid": "a"}, {"uid": "b"}, {"uid": "c"}]}));
        assert_eq!(many.target, Target::Is { first: "a".into(), more: 2 });
        assert_eq!(
            summary(json!({"resources": {"missing": "unobserved"}})).target,
            Target::Gone(Some(Missing::Unobserved))
        );
    }

    #[test]
    fn a_record_this_version_cannot_read_still_has_its_row() {
        let odd = summary(json!({"kind": "telepathy", "time": 17}));
        assert_eq!((odd.kind, odd.when), (Err("telepathy".into()), Err("17".into())));
        assert!(matches!(odd.what, What::Unreadable(why) if why.contains("telepathy")));
        assert_eq!(odd.ending, Ending::Gone(Some(Missing::Unknown)));
    }
}
