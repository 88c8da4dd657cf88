//! What a native record may look like, member by member, and which of it the engine keeps: the table that `scan` reads
//! by. It says of every field that `AuditRecord` knows what its decoder takes without a second look; what is not said
//! here to be taken is left to that decoder.

use crate::row::Category;
use oversight::vocabulary::{
    AccessLevel, Asserter, Channel, CriticalPath, Decision, Effect, Environment, Kind, OutcomeStatus, Reversibility,
    Role, Tier,
};

/// What a value must be.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Any JSON.
    Any,
    Text,
    /// A text that can be an identifier (`oversight::id`).
    Identifier,
    /// One of a closed list.
    Word(&'static [&'static str]),
    /// An integer from 0.
    Count {
        most: u64,
    },
    /// An RFC 3339 text.
    Instant,
    /// 64 lowercase hexadecimal digits.
    Digest,
    /// `CH-<number>`.
    Change,
    /// Of the items, the first alone is kept.
    List(&'static Shape),
    /// An object whatever its keys.
    Keyed(&'static Shape),
    Object(&'static Object),
    /// The one or the other; neither holds anything that is kept.
    Either(&'static Object, &'static Object),
}

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    None,
    Uid,
    Time,
    Sequence,
    Category(Category),
    Change,
    Version,
    Resource,
    OpenedAt,
    DecidedAt,
}

/// What may stand in a member's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    Never,
    /// `null`.
    Null,
    /// `null`, or `{"missing": why}`.
    Missing,
}

#[derive(Debug, Clone, Copy)]
pub struct Member {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    pub empty: Empty,
    pub slot: Slot,
}

#[derive(Debug)]
pub struct Object {
    /// In the order of their names, as the endpoint writes them.
    pub members: &'static [Member],
    /// Whether other members are an error.
    pub closed: bool,
    /// One bit a member that must be there.
    pub required: u32,
}

impl Object {
    const fn open(members: &'static [Member]) -> Object {
        let (mut required, mut i) = (0, 0);
        while i < members.len() {
            required |= (members[i].required as u32) << i;
            i += 1;
        }
        Object { members, closed: false, required }
    }

    const fn closed(members: &'static [Member]) -> Object {
        let object = Object::open(members);
        Object { members, closed: true, required: object.required }
    }
}

/// Must be there.
const fn must(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: true, empty: Empty::Never, slot: Slot::None }
}

/// There or not, but never null.
const fn may(name: &'static str, shape: Shape) -> Member {
    Member { required: false, ..must(name, shape) }
}

/// An `Option`.
const fn maybe(name: &'static str, shape: Shape) -> Member {
    Member { empty: Empty::Null, ..may(name, shape) }
}

/// A `Field`.
const fn field(name: &'static str, shape: Shape) -> Member {
    Member { empty: Empty::Missing, ..may(name, shape) }
}

impl Member {
    const fn keep(self, slot: Slot) -> Member {
        Member { slot, ..self }
    }

    const fn count(self, category: Category) -> Member {
        self.keep(Slot::Category(category))
    }
}

/// Integers of up to fifteen digits are read; what is longer is not common, and is the decoder's.
const NUMBER: Shape = Shape::Count { most: u64::MAX };
const SMALL: Shape = Shape::Count { most: u32::MAX as u64 };
const TEXTS: Shape = Shape::List(&Shape::Text);
const ASSERTER: Shape = Shape::Word(Asserter::WORDS);

static MODEL: Object =
    Object::open(&[must("name", Shape::Text), must("provider", Shape::Text), field("version", Shape::Text)]);

static AGENT: Object = Object::open(&[
    field("model", Shape::Object(&MODEL)),
    must("name", Shape::Text),
    field("owner", Shape::Identifier),
    must("uid", Shape::Identifier).count(Category::Agent),
    field("version", Shape::Text),
]);

static ACTOR: Object =
    Object::open(&[must("role", Shape::Word(Role::WORDS)), must("uid", Shape::Text).count(Category::Actor)]);

static ON_BEHALF_OF: Object = Object::closed(&[maybe("name", Shape::Text), must("uid", Shape::Identifier)]);

static SESSION: Object = Object::closed(&[field("started_by", Shape::Identifier), must("uid", Shape::Text)]);

static ACTION: Object = Object::open(&[
    field("access_level", Shape::Word(AccessLevel::WORDS)).count(Category::AccessLevel),
    field("arguments", Shape::Keyed(&Shape::Any)),
    must("operation", Shape::Text).count(Category::Operation),
    must("service", Shape::Text).count(Category::Service),
]);

static RESOURCE: Object = Object::open(&[
    field("account", Shape::Text).count(Category::Account),
    field("environment", Shape::Word(Environment::WORDS)).count(Category::Environment),
    field("region", Shape::Text).count(Category::Region),
    field("type", Shape::Text),
    must("uid", Shape::Text).keep(Slot::Resource),
]);

static RISK: Object =
    Object::open(&[may("reasons", TEXTS), must("tier", Shape::Word(Tier::WORDS)).count(Category::Tier)]);

static REVERSIBILITY: Object = Object::open(&[
    must("assessed_by", ASSERTER),
    must("class", Shape::Word(Reversibility::WORDS)).count(Category::Reversibility),
]);

static BLAST_RADIUS: Object = Object::open(&[
    field("accounts", NUMBER),
    field("customers", NUMBER),
    field("regions", NUMBER),
    field("resources", NUMBER),
]);

static EVIDENCE: Object = Object::closed(&[must("title", Shape::Text), must("uri", Shape::Text)]);

static ACTION_STEP: Object = Object::closed(&[
    may("arguments", Shape::Keyed(&Shape::Any)),
    maybe("note", Shape::Text),
    must("operation", Shape::Text),
    must("service", Shape::Text),
    must("type", Shape::Word(&["action"])),
]);

static CHECK_STEP: Object = Object::closed(&[
    must("note", Shape::Text),
    must("type", Shape::Word(&["check"])),
    maybe("within_seconds", NUMBER),
]);

const STEPS: Shape = Shape::List(&Shape::Either(&ACTION_STEP, &CHECK_STEP));

static PLAN: Object = Object::closed(&[may("rollback", STEPS), may("steps", STEPS)]);

static DETERMINING: Object = Object::open(&[must("id", Shape::Text), must("title", Shape::Text)]);

static POLICY: Object = Object::open(&[
    must("decision", Shape::Word(Effect::WORDS)).count(Category::PolicyDecision),
    may("determining", Shape::List(&Shape::Object(&DETERMINING))),
    must("uid", Shape::Text),
    must("version", Shape::Text),
]);

static REVIEW: Object = Object::open(&[
    may("acknowledged", TEXTS),
    must("channel", Shape::Word(Channel::WORDS)),
    must("decided_at", Shape::Instant).keep(Slot::DecidedAt),
    must("decision", Shape::Word(Decision::WORDS)).count(Category::ReviewDecision),
    must("digest", Shape::Digest),
    field("opened_at", Shape::Instant).keep(Slot::OpenedAt),
    maybe("reason", Shape::Text),
    must("reviewer", Shape::Identifier),
    field("sections_revealed", TEXTS),
    may("slot", TEXTS),
    field("visible_ms", NUMBER),
]);

static OUTCOME: Object = Object::open(&[
    field("error", Shape::Text),
    must("status", Shape::Word(OutcomeStatus::WORDS)).count(Category::Outcome),
]);

static COMMENT: Object = Object::open(&[must("text", Shape::Text)]);

/// A record.
pub static RECORD: Object = Object::open(&[
    field("action", Shape::Object(&ACTION)),
    field("actor", Shape::Object(&ACTOR)),
    field("agent", Shape::Object(&AGENT)),
    may("asserted_by", Shape::Keyed(&ASSERTER)),
    field("blast_radius", Shape::Object(&BLAST_RADIUS)),
    maybe("change_id", Shape::Change).keep(Slot::Change),
    field("comment", Shape::Object(&COMMENT)),
    field("critical_paths", Shape::List(&Shape::Word(CriticalPath::WORDS))),
    maybe("digest", Shape::Digest),
    field("end_time", Shape::Instant),
    field("evidence", Shape::List(&Shape::Object(&EVIDENCE))),
    must("kind", Shape::Word(Kind::WORDS)).count(Category::Kind),
    field("on_behalf_of", Shape::Object(&ON_BEHALF_OF)),
    field("outcome", Shape::Object(&OUTCOME)),
    field("plan", Shape::Object(&PLAN)),
    field("policy", Shape::Object(&POLICY)),
    field("rationale", Shape::Text),
    field("reason", Shape::Text),
    field("resources", Shape::List(&Shape::Object(&RESOURCE))),
    field("reversibility", Shape::Object(&REVERSIBILITY)),
    field("review", Shape::Object(&REVIEW)),
    field("risk", Shape::Object(&RISK)),
    maybe("sequence", NUMBER).keep(Slot::Sequence),
    field("session", Shape::Object(&SESSION)),
    maybe("step", SMALL),
    must("time", Shape::Instant).keep(Slot::Time),
    must("uid", Shape::Identifier).keep(Slot::Uid),
    maybe("version", SMALL).keep(Slot::Version),
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_in_order_and_fit_their_bits() {
        fn check(shape: &Shape) {
            match shape {
                Shape::Object(object) => whole(object),
                Shape::Either(one, other) => [one, other].into_iter().for_each(|object| whole(object)),
                Shape::List(inner) | Shape::Keyed(inner) => check(inner),
                _ => {}
            }
        }
        fn whole(object: &Object) {
            assert!(object.members.len() <= 32);
            assert!(object.members.is_sorted_by(|a, b| a.name < b.name), "{object:?}");
            object.members.iter().for_each(|member| check(&member.shape));
        }
        whole(&RECORD);
        assert_eq!(RECORD.required.count_ones(), 3);
    }

    #[test]
    fn every_column_is_kept_once() {
        fn slots(object: &Object, found: &mut Vec<Slot>) {
            for member in object.members {
                found.extend(Some(member.slot).filter(|slot| *slot != Slot::None));
                match member.shape {
                    Shape::Object(inner) | Shape::List(&Shape::Object(inner)) => slots(inner, found),
                    _ => {}
                }
            }
        }
        let mut found = Vec::new();
        slots(&RECORD, &mut found);
        assert_eq!(found.len(), Category::COUNT + 8);
        for category in Category::ALL {
            assert_eq!(found.iter().filter(|slot| **slot == Slot::Category(category)).count(), 1, "{category:?}");
        }
    }
}
