//! What the engine takes of one record: the few fields that are counted, ordered and searched, borrowed from the line
//! they stand in. The whole record stays where it came from. [`Row::of`] says what each field is; the scanner in
//! `ingest` gives the same, faster.

use oversight::missing::Missing;
use oversight::record::AuditRecord;
use oversight::time::When;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A value of a record, or which kind of nothing stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell<'a> {
    /// Not in the record at all.
    #[default]
    Absent,
    /// Not there, for the reason that the record gives.
    Missing(Missing),
    Is(Cow<'a, str>),
}

impl Cell<'_> {
    /// Words by their bytes, then what is missing by its kind, what is absent last.
    pub fn in_order(&self, other: &Cell<'_>) -> std::cmp::Ordering {
        let rank = |cell: &Cell<'_>| match cell {
            Cell::Is(_) => (0, 0),
            Cell::Missing(why) => (1, *why as u8),
            Cell::Absent => (2, 0),
        };
        match (self, other) {
            (Cell::Is(a), Cell::Is(b)) => a.cmp(b),
            _ => rank(self).cmp(&rank(other)),
        }
    }

    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Absent => Cell::Absent,
            Cell::Missing(why) => Cell::Missing(why),
            Cell::Is(word) => Cell::Is(Cow::Owned(word.into_owned())),
        }
    }
}

/// The columns that hold one of few words each, and can be counted and filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Category {
    /// `kind`.
    Kind,
    /// `agent.uid`.
    Agent,
    /// `actor.uid`: the person or machine that brought the event about.
    Actor,
    /// `action.service`.
    Service,
    /// `action.operation`.
    Operation,
    /// `action.access_level`.
    AccessLevel,
    /// `risk.tier`.
    Tier,
    /// `reversibility.class`.
    Reversibility,
    /// `policy.decision`.
    PolicyDecision,
    /// `review.decision`.
    ReviewDecision,
    /// `outcome.status`.
    Outcome,
    /// `resources[0].environment`; of several resources the first, as they are named in order of importance.
    Environment,
    /// `resources[0].account`.
    Account,
    /// `resources[0].region`.
    Region,
}

impl Category {
    pub const COUNT: usize = 14;
    /// Every column, in the order of [`Row::categories`].
    pub const ALL: [Category; Category::COUNT] = [
        Category::Kind,
        Category::Agent,
        Category::Actor,
        Category::Service,
        Category::Operation,
        Category::AccessLevel,
        Category::Tier,
        Category::Reversibility,
        Category::PolicyDecision,
        Category::ReviewDecision,
        Category::Outcome,
        Category::Environment,
        Category::Account,
        Category::Region,
    ];

    /// As it is spelled in questions, answers and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Category::Kind => "kind",
            Category::Agent => "agent",
            Category::Actor => "actor",
            Category::Service => "service",
            Category::Operation => "operation",
            Category::AccessLevel => "access_level",
            Category::Tier => "tier",
            Category::Reversibility => "reversibility",
            Category::PolicyDecision => "policy_decision",
            Category::ReviewDecision => "review_decision",
            Category::Outcome => "outcome",
            Category::Environment => "environment",
            Category::Account => "account",
            Category::Region => "region",
        }
    }

    /// The column of that name.
    pub fn named(name: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|category| category.name() == name)
    }
}

/// One record's part in the columns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'a: 'static"))]
pub struct Row<'a> {
    /// `uid`, never empty.
    pub uid: Cow<'a, str>,
    /// `time` in microseconds since 1970-01-01T00:00:00Z; of an imprecise time the earliest.
    pub time: i64,
    /// The latest instant that an imprecise time may be; equal to `time` where it is precise.
    pub latest: i64,
    /// Position in the log, where there is one.
    pub sequence: Option<u64>,
    /// In the order of [`Category::ALL`].
    pub categories: [Cell<'a>; Category::COUNT],
    /// Number of the change that the event belongs to: 12 of `CH-12`.
    pub change: Option<u64>,
    pub version: Option<u32>,
    /// `resources[0].uid`.
    pub resource: Cell<'a>,
    /// `review.opened_at`, in microseconds as `time` is.
    pub opened_at: Option<i64>,
    /// `review.decided_at`, in microseconds as `time` is.
    pub decided_at: Option<i64>,
}

impl Row<'_> {
    pub fn into_owned(self) -> Row<'static> {
        Row {
            uid: Cow::Owned(self.uid.into_owned()),
            categories: self.categories.map(Cell::into_owned),
            resource: self.resource.into_owned(),
            sequence: self.sequence,
            time: self.time,
            latest: self.latest,
            change: self.change,
            version: self.version,
            opened_at: self.opened_at,
            decided_at: self.decided_at,
        }
    }
}

impl Row<'static> {
    /// What the engine takes of a decoded record: the definition that the scanner is held to.
    pub fn of(record: &AuditRecord) -> Row<'static> {
        use oversight::missing::Field;

        fn cell<T>(field: &Field<T>, text: impl FnOnce(&T) -> String) -> Cell<'static> {
            match field {
                Field::Absent => Cell::Absent,
                Field::Missing(why) => Cell::Missing(*why),
                Field::Is(value) => Cell::Is(Cow::Owned(text(value))),
            }
        }
        // A field of something that is itself missing is missing for the same reason.
        fn within<T>(outer: &Field<T>, inner: impl FnOnce(&T) -> Cell<'static>) -> Cell<'static> {
            match outer {
                Field::Absent => Cell::Absent,
                Field::Missing(why) => Cell::Missing(*why),
                Field::Is(value) => inner(value),
            }
        }
        let word = |text: String| Cell::Is(Cow::Owned(text));
        let first = |inner: fn(&oversight::record::Resource) -> Cell<'static>| {
            within(&record.resources, |all| all.first().map_or(Cell::Absent, inner))
        };
        let (time, latest) = match &record.time {
            When::At(at) => (at.unix_micros(), at.unix_micros()),
            When::Between { earliest, latest } => (earliest.unix_micros(), latest.unix_micros()),
        };
        let review = record.review.value();
        Row {
            uid: Cow::Owned(record.uid.to_string()),
            time,
            latest,
            sequence: record.sequence,
            categories: [
                word(record.kind.to_string()),
                within(&record.agent, |agent| word(agent.uid.to_string())),
                within(&record.actor, |actor| word(actor.uid.clone())),
                within(&record.action, |action| word(action.service.clone())),
                within(&record.action, |action| word(action.operation.clone())),
                within(&record.action, |action| cell(&action.access_level, ToString::to_string)),
                within(&record.risk, |risk| word(risk.tier.to_string())),
                within(&record.reversibility, |fact| word(fact.class.to_string())),
                within(&record.policy, |policy| word(policy.decision.to_string())),
                within(&record.review, |review| word(review.decision.to_string())),
                within(&record.outcome, |outcome| word(outcome.status.to_string())),
                first(|resource| cell(&resource.environment, ToString::to_string)),
                first(|resource| cell(&resource.account, Clone::clone)),
                first(|resource| cell(&resource.region, Clone::clone)),
            ],
            change: record.change_id.map(|id| id.0),
            version: record.version,
            resource: first(|resource| Cell::Is(Cow::Owned(resource.uid.clone()))),
            opened_at: review.and_then(|review| review.opened_at.value()).map(|at| at.unix_micros()),
            decided_at: review.map(|review| review.decided_at.unix_micros()),
        }
    }
}
