//! One record in a row's words: who, what, to what, and how it ended, by the columns that are held of every record,
//! whichever way it came. What is missing stays missing, with its kind. Pure; drawing is `cells`, the whole record is
//! `outline`.

use crate::state::RecordRow;
use engine::row::{Category, Cell, Row};
use oversight::id::ChangeId;
use oversight::missing::Missing;
use oversight::time::{Instant, When};
use oversight::vocabulary::{Decision, Effect, Kind, OutcomeStatus};

/// Why nothing stands there: `None` is absent, the event has no such thing.
pub type Absence = Option<Missing>;

/// Who brought it about, by uid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Agent(String),
    /// A person, or a machine that is no agent.
    Party(String),
    Gone(Absence),
}

/// What was done or said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Operation {
        service: String,
        operation: String,
    },
    Change {
        id: ChangeId,
        version: Option<u32>,
    },
    Agent(String),
    Gone(Absence),
    /// This version can't read the record; the fault says why.
    Unreadable(String),
}

/// The first thing that it touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Is(String),
    Gone(Absence),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    Review(Decision),
    Outcome(OutcomeStatus),
    Policy(Effect),
    Gone(Absence),
}

/// A row's worth of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Position in the log, where there is one.
    pub sequence: Option<u64>,
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
    /// Of a record that came whole.
    pub fn of(whole: &RecordRow) -> Summary {
        let fault = match (&whole.record, whole.row()) {
            (_, Some(row)) => return Summary::of_row(&row),
            (Err(fault), _) => fault.to_string(),
            (Ok(_), None) => String::new(),
        };
        let word = |name: &str| whole.raw[name].as_str().map_or_else(|| whole.raw[name].to_string(), str::to_owned);
        Summary {
            sequence: whole.sequence,
            kind: word("kind").parse().map_err(|_| word("kind")),
            when: oversight::json::decode(whole.raw["time"].clone()).map_err(|_| word("time")),
            who: Who::Gone(Some(Missing::Unknown)),
            what: What::Unreadable(fault),
            target: Target::Gone(Some(Missing::Unknown)),
            ending: Ending::Gone(Some(Missing::Unknown)),
        }
    }

    /// Of the columns that are held of it.
    pub fn of_row(row: &Row<'_>) -> Summary {
        let kind = match cell(row, Category::Kind) {
            Cell::Is(word) => word.parse().map_err(|_| word.to_string()),
            _ => Err(String::new()),
        };
        Summary {
            sequence: row.sequence,
            when: when(row),
            who: who(row, kind.as_ref().ok().copied()),
            what: what(row, kind.as_ref().ok().copied()),
            target: match &row.resource {
                Cell::Is(uid) => Target::Is(uid.to_string()),
                gone => Target::Gone(absence(gone)),
            },
            ending: ending(row),
            kind,
        }
    }
}

fn cell<'a>(row: &'a Row<'_>, category: Category) -> &'a Cell<'a> {
    &row.categories[category as usize]
}

fn word<'a>(row: &'a Row<'_>, category: Category) -> Option<&'a str> {
    match cell(row, category) {
        Cell::Is(word) => Some(word),
        Cell::Absent | Cell::Missing(_) => None,
    }
}

/// The kind of missing that stands there; absent if it is not missing at all.
pub fn absence(cell: &Cell<'_>) -> Absence {
    match cell {
        Cell::Missing(missing) => Some(*missing),
        Cell::Absent | Cell::Is(_) => None,
    }
}

fn when(row: &Row<'_>) -> Result<When, String> {
    let instant = |micros: i64| Instant::from_unix_micros(micros).map_err(|_| micros.to_string());
    let earliest = instant(row.time)?;
    Ok(if row.latest == row.time {
        When::At(earliest)
    } else {
        When::Between { earliest, latest: instant(row.latest)? }
    })
}

/// Kinds of events that are their actor's own, whichever agent they are about.
fn is_the_actors(kind: Option<Kind>) -> bool {
    use Kind::{
        Acknowledgement, BreakGlass, Claim, Comment, Enrolment, IncidentUpdate, Pause, PolicyLoad, Ratification,
        Resume, Review, Revocation, Suppression,
    };
    matches!(
        kind,
        Some(
            Acknowledgement
                | BreakGlass
                | Claim
                | Comment
                | Enrolment
                | IncidentUpdate
                | Pause
                | PolicyLoad
                | Ratification
                | Resume
                | Review
                | Revocation
                | Suppression
        )
    )
}

fn who(row: &Row<'_>, kind: Option<Kind>) -> Who {
    let (agent, actor) = (word(row, Category::Agent), word(row, Category::Actor));
    let party = |uid: &str| Who::Party(uid.to_owned());
    match (agent, actor) {
        // An agent's own comment.
        (Some(agent), Some(actor)) if agent == actor => Who::Agent(agent.to_owned()),
        (Some(_), Some(actor)) if is_the_actors(kind) => party(actor),
        (Some(agent), _) => Who::Agent(agent.to_owned()),
        (None, Some(actor)) => party(actor),
        (None, None) => Who::Gone(absence(cell(row, Category::Agent)).or(absence(cell(row, Category::Actor)))),
    }
}

fn what(row: &Row<'_>, kind: Option<Kind>) -> What {
    if let (Some(service), Some(operation)) = (word(row, Category::Service), word(row, Category::Operation)) {
        return What::Operation { service: service.to_owned(), operation: operation.to_owned() };
    }
    if let Some(missing) = absence(cell(row, Category::Operation)) {
        return What::Gone(Some(missing));
    }
    match (row.change, kind, word(row, Category::Agent)) {
        (Some(change), _, _) => What::Change { id: ChangeId(change), version: row.version },
        (None, Some(Kind::Pause | Kind::Resume | Kind::Enrolment), Some(agent)) => What::Agent(agent.to_owned()),
        _ => What::Gone(None),
    }
}

fn ending(row: &Row<'_>) -> Ending {
    if let Some(decision) = word(row, Category::ReviewDecision).and_then(|word| word.parse().ok()) {
        return Ending::Review(decision);
    }
    let outcome = cell(row, Category::Outcome);
    if let Some(status) = word(row, Category::Outcome).and_then(|word| word.parse().ok()) {
        return Ending::Outcome(status);
    }
    if let Some(missing) = absence(outcome) {
        return Ending::Gone(Some(missing));
    }
    match word(row, Category::PolicyDecision).and_then(|word| word.parse().ok()) {
        Some(effect) => Ending::Policy(effect),
        None => {
            let absence = |category| absence(cell(row, category));
            Ending::Gone(absence(Category::ReviewDecision).or(absence(Category::PolicyDecision)))
        }
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
        let by = |uid: &str, role: &str| json!({"uid": uid, "role": role});
        for (more, who) in [
            (
                json!({"kind": "pause", "agent": agent, "actor": by("engineer-2", "engineer")}),
                Who::Party("engineer-2".into()),
            ),
            (json!({"agent": agent, "actor": by("executor-1", "executor")}), Who::Agent("a-1".into())),
            (json!({"kind": "comment", "agent": agent, "actor": by("a-1", "agent")}), Who::Agent("a-1".into())),
            (json!({"kind": "policy_load", "actor": by("manager", "manager")}), Who::Party("manager".into())),
            (json!({"kind": "review", "agent": agent}), Who::Agent("a-1".into())),
            (json!({"agent": {"missing": "not_recorded"}}), Who::Gone(Some(Missing::NotRecorded))),
            (json!({"actor": {"missing": "redacted"}}), Who::Gone(Some(Missing::Redacted))),
            (json!({}), Who::Gone(None)),
        ] {
            assert_eq!(summary(more.clone()).who, who, "{more}");
        }
    }

    #[test]
    fn what_was_done_is_the_nearest_thing_the_columns_say() {
        let action = json!({"service": "s3", "operation": "PutObject"});
        for (more, what) in [
            (
                json!({"action": action, "change_id": "CH-4"}),
                What::Operation { service: "s3".into(), operation: "PutObject".into() },
            ),
            (json!({"action": {"missing": "redacted"}}), What::Gone(Some(Missing::Redacted))),
            (
                json!({"kind": "expiry", "change_id": "CH-4", "version": 2}),
                What::Change { id: ChangeId(4), version: Some(2) },
            ),
            (json!({"kind": "pause", "agent": {"uid": "a", "name": "A"}, "reason": "odd"}), What::Agent("a".into())),
            (json!({"kind": "anomaly"}), What::Gone(None)),
        ] {
            assert_eq!(summary(more.clone()).what, what, "{more}");
        }
    }

    #[test]
    fn an_ending_that_is_not_recorded_is_none() {
        for (more, ending) in [
            (
                json!({"outcome": {"status": "failure", "error": "AccessDenied"}}),
                Ending::Outcome(OutcomeStatus::Failure),
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
        assert_eq!(many.target, Target::Is("a".into()));
        assert_eq!(
            summary(json!({"resources": {"missing": "unobserved"}})).target,
            Target::Gone(Some(Missing::Unobserved))
        );
    }

    #[test]
    fn an_imprecise_time_keeps_its_two_ends() {
        let ends = json!({"earliest": "2026-01-01T00:00:00Z", "latest": "2026-01-02T00:00:00Z"});
        let imprecise = summary(json!({ "time": ends }));
        assert!(matches!(imprecise.when, Ok(When::Between { earliest, latest }) if earliest < latest));
        assert!(matches!(summary(json!({})).when, Ok(When::At(_))));
    }

    #[test]
    fn a_record_this_version_cannot_read_still_has_its_row() {
        let odd = summary(json!({"kind": "telepathy", "time": 17}));
        assert_eq!((odd.kind, odd.when, odd.sequence), (Err("telepathy".into()), Err("17".into()), Some(1)));
        assert!(matches!(odd.what, What::Unreadable(why) if why.contains("telepathy")));
        assert_eq!(odd.ending, Ending::Gone(Some(Missing::Unknown)));
    }
}
