//! Every change of the past, replayed by its records alone: each record a way that the state machine has, each review by
//! a person who may, at a time when they may, each redemption of a quorum that holds, each digest that of its version.

use super::*;
use oversight::change::Version;
use oversight::contract::Settlement;
use oversight::review::{Asking, Review, may_review, quorum_holds};
use oversight::state::Event;

/// A change as its records so far have it.
struct Replayed<'a> {
    past: &'a PastChange,
    /// The record of breaking glass for it.
    broken: Option<&'a AuditRecord>,
    version: usize,
    state: State,
    reviews: Vec<Review>,
    /// The quorum held, the policy asked nobody, or the glass was broken.
    let_go: bool,
    /// Steps of its executor since its redemption, and whether each worked.
    steps: Vec<(Kind, bool)>,
    settled: Option<Settlement>,
    last: u64,
}

impl Replayed<'_> {
    fn version(&self) -> &Version {
        &self.past.versions[self.version].version
    }
}

fn people() -> Vec<Person> {
    let everybody = crate::command::credentials::everybody(true).unwrap();
    everybody.iter().filter(|(one, _)| one.is_person()).filter_map(|(one, _)| one.person()).collect()
}

/// Of whatever weekday and hour it ends on: all of a week's, or two of them.
#[test]
fn each_change_took_a_course_that_it_could_take() {
    replay(&PAST);
    let all = std::env::var_os("COUNTERSIGN_FULL").is_some();
    for (date, hour) in [("28", 3), ("26", 0), ("27", 23), ("29", 12), ("30", 6), ("24", 17)] {
        if all || date == "28" {
            replay(&made_up(&format!("2026-11-{date}T{hour:02}:10:00Z"), crate::demo::SEED));
        }
    }
}

fn replay(past: &Past) {
    let people = people();
    let mut changes: BTreeMap<ChangeId, Replayed<'_>> = BTreeMap::new();
    let mut paused: BTreeSet<String> = BTreeSet::new();
    let mut enrolled: BTreeSet<String> = BTreeSet::new();
    let mut before = None;
    let records = || past.records.iter().map(|one| &one.record);
    let count = |kind: Kind| records().filter(|record| record.kind == kind).count();
    let stand_out = [Kind::BreakGlass, Kind::Ratification, Kind::Pause, Kind::Resume].map(count);
    assert_eq!(stand_out, [2, 1, 6, 5]);
    for record in records() {
        let endpoints = record.asserted_by.get("record") == Some(&Asserter::Endpoint);
        let imported = record.asserted_by.get("record") == Some(&Asserter::Importer);
        let at = record.time.earliest();
        if !imported {
            assert!(before <= Some(at), "{}: out of order", record.uid);
            before = Some(at);
        }
        let agent = agent_of(record).map(str::to_owned);
        match (record.kind, &agent) {
            (Kind::Enrolment, _) => {
                enrolled.insert(record.actor.value().unwrap().uid.clone());
            }
            (Kind::Pause, Some(agent)) => assert!(paused.insert(agent.clone()), "{agent} is paused already"),
            (Kind::Resume, Some(agent)) => {
                assert!(paused.remove(agent), "{agent} is not paused");
                assert_eq!(record.actor.value().unwrap().role, Role::Manager);
            }
            _ => {}
        }
        if let Some(actor) = record.actor.value().filter(|_| !imported) {
            assert!(enrolled.contains(&actor.uid), "{}: {} is not enrolled yet", record.uid, actor.uid);
        }
        let Some(id) = record.change_id else { continue };
        if record.kind == Kind::Proposal {
            let new = Replayed {
                past: &past.changes[id.0 as usize - 1],
                broken: None,
                version: 0,
                state: State::Pending,
                reviews: Vec::new(),
                let_go: false,
                steps: Vec::new(),
                settled: None,
                last: 0,
            };
            assert!(changes.insert(id, new).is_none(), "{id} twice");
        }
        let change = changes.get_mut(&id).unwrap_or_else(|| panic!("{id}: {} before its proposal", record.kind));
        let is_paused = agent.as_ref().is_some_and(|agent| paused.contains(agent));
        if endpoints {
            step(change, record, &people, is_paused);
            change.last = record.sequence.unwrap();
        } else {
            executed(change, record);
        }
    }
    assert_eq!(changes.len(), past.changes.len());
    for (id, change) in &changes {
        let past = change.past;
        assert_eq!((change.state, change.version + 1), (past.state, past.versions.len()), "{id}");
        assert_eq!((&change.settled, change.last), (&Some(past.settled.clone()), past.sequence), "{id}");
        assert_eq!(change.reviews, past.reviews, "{id}");
        assert!(past.state.is_terminal(), "{id} is {}", past.state);
    }
}

fn step<'a>(change: &mut Replayed<'a>, record: &'a AuditRecord, people: &[Person], is_paused: bool) {
    let context = format!("{} {} of version {:?}", record.change_id.unwrap(), record.kind, record.version);
    let at = record.time.earliest();
    let actor = record.actor.value();
    if record.kind == Kind::Amendment {
        assert_eq!(change.state, State::Superseded, "{context}");
        (change.version, change.state, change.let_go) = (change.version + 1, State::Pending, false);
    }
    let built = &change.past.versions[change.version];
    let version = &built.version;
    assert_eq!(record.version, Some(version.version), "{context}");
    assert_eq!(record.digest, Some(built.digest), "{context}");
    assert_eq!(record.action.value().map(|action| &action.operation), Some(&version.action.operation), "{context}");
    let event = match record.kind {
        Kind::Proposal | Kind::Amendment => {
            whole(record, change.past, change.version);
            None
        }
        Kind::PolicyDecision => {
            let policy = record.policy.value().unwrap();
            assert_eq!((policy.decision, &policy.determining), (version.policy.decision, &version.policy.determining));
            change.let_go = policy.decision == Effect::Allow;
            match policy.decision {
                Effect::Allow => Some(Event::QuorumMet),
                Effect::Deny => Some(Event::Denied),
                Effect::NeedsReview => None,
            }
        }
        Kind::Review => Some(reviewed(change, record, people, is_paused)).flatten(),
        Kind::BreakGlass => {
            let by = people.iter().find(|person| person.uid.as_str() == actor.unwrap().uid).unwrap();
            assert!(asking(change, by, at, is_paused, |asking| may_review(asking).is_ok()), "{context}");
            assert_ne!(version.policy.decision, Effect::Deny, "{context}");
            (change.let_go, change.broken) = (true, Some(record));
            Some(Event::QuorumMet)
        }
        Kind::Ratification => {
            let broke = change.broken.unwrap();
            assert_ne!(broke.actor, record.actor, "{context}: ratified by another");
            let within = broke.extra["ttl_seconds"].as_i64().unwrap();
            assert!(at.seconds_since(broke.time.earliest()) <= within, "{context}");
            None
        }
        Kind::Redemption => {
            assert!(change.let_go && !is_paused && at < version.expires_at, "{context}");
            let named = &record.extra["action_digest"];
            assert_eq!(*named, version.action_digest.to_string(), "{context}");
            Some(Event::Redeemed)
        }
        Kind::Execution | Kind::Verification | Kind::Rollback => Some(ended(change, record)),
        Kind::Expiry | Kind::Lapse => {
            let late = at.millis_since(version.expires_at);
            assert!((0..1_000).contains(&late), "{context}: {late} ms after its time");
            Some(if record.kind == Kind::Lapse { Event::Lapsed } else { Event::Expired })
        }
        Kind::Supersession => Some(Event::Superseded),
        Kind::Cancellation => Some(Event::Cancelled),
        Kind::Revocation => Some(Event::Revoked),
        Kind::Comment => None,
        other => panic!("{context}: {other} is about no change"),
    };
    if let Some(event) = event {
        change.state = change.state.after(event).unwrap_or_else(|conflict| panic!("{context}: {conflict}"));
        let review = record.review.value().and_then(|review| review.reason.clone());
        let by_policy = record.policy.value().and_then(|_| crate::desk::written::policy_reason(change.version()));
        change.settled = Some(Settlement {
            at,
            by: actor.map_or("the endpoint".to_owned(), |actor| actor.uid.clone()),
            reason: record.reason.value().cloned().or(review).or(by_policy),
        });
    }
    assert_eq!(record.extra["state"], change.state.as_str(), "{context}");
}

/// That the opening record and both digests are of the version, and the version of its classification.
fn whole(record: &AuditRecord, past: &PastChange, place: usize) {
    let (built, version) = (&past.versions[place], &past.versions[place].version);
    assert!(version.action_digest_holds() && version.digest().unwrap() == built.digest, "{}", version.change);
    assert_eq!(Digest::of(built.canonical.as_bytes()), built.digest);
    assert_eq!((version.proposed_at, version.version), (record.time.earliest(), place as u32 + 1));
    assert_eq!(record.risk.value().unwrap().tier, version.classification.tier);
    assert_eq!(record.critical_paths.value(), Some(&version.classification.critical_paths));
    assert_eq!(record.reversibility.value().unwrap().class, version.classification.reversibility);
    assert_eq!(record.plan.value(), Some(&version.plan));
}

fn asking<T>(
    change: &Replayed<'_>,
    person: &Person,
    now: Instant,
    agent_paused: bool,
    then: impl FnOnce(&Asking<'_>) -> T,
) -> T {
    let version = change.version();
    let barred = version.never_counted();
    then(&Asking {
        person,
        state: change.state,
        version: version.version,
        requirement: &version.policy.requirement,
        reviews: &change.reviews,
        barred: &barred,
        expires_at: version.expires_at,
        agent_paused,
        now,
    })
}

fn reviewed(change: &mut Replayed<'_>, record: &AuditRecord, people: &[Person], is_paused: bool) -> Option<Event> {
    let fact = record.review.value().unwrap();
    let person = people.iter().find(|person| person.uid == fact.reviewer).unwrap();
    let context = format!("{} by {}", record.change_id.unwrap(), fact.reviewer);
    asking(change, person, fact.decided_at, is_paused, may_review)
        .unwrap_or_else(|refused| panic!("{context}: {refused:?}"));
    let version = change.version().clone();
    assert_eq!((fact.decided_at, Some(fact.digest)), (record.time.earliest(), record.digest), "{context}");
    assert!(fact.opened_at.value().is_none_or(|opened| *opened > version.proposed_at), "{context}");
    assert!(fact.slot.iter().all(|slot| person.groups.iter().any(|group| group.as_str() == slot)), "{context}");
    let evidence = change.past.reviews.iter().find(|review| review.sequence == record.sequence.unwrap()).unwrap();
    change.reviews.push(Review {
        version: version.version,
        reviewer: person.uid.clone(),
        groups: person.groups.clone(),
        decision: fact.decision,
        reason: fact.reason.clone(),
        digest: fact.digest,
        channel: fact.channel,
        decided_at: fact.decided_at,
        sequence: record.sequence.unwrap(),
        evidence: evidence.evidence.clone(),
    });
    assert_eq!(evidence.evidence.opened_at, fact.opened_at.value().copied(), "{context}");
    if fact.decision == Decision::Reject {
        assert!(fact.reason.as_ref().is_some_and(|reason| !reason.is_empty()), "{context}");
        return Some(Event::Rejected);
    }
    assert!(version.approval_blocked().is_none(), "{context}: without its way back");
    assert!(version.to_acknowledge().iter().all(|finding| fact.acknowledged.contains(finding)), "{context}");
    let requirement = &version.policy.requirement;
    let holds = quorum_holds(requirement, &change.reviews, version.version, &version.never_counted());
    change.let_go |= holds;
    holds.then_some(Event::QuorumMet)
}

/// A step that the executor recorded: of what was redeemed, in the order of the plan.
fn executed(change: &mut Replayed<'_>, record: &AuditRecord) {
    let context = format!("{}", record.uid);
    assert_eq!(change.state, State::Redeemed, "{context}");
    assert_eq!(record.asserted_by.get("record"), Some(&Asserter::Executor), "{context}");
    let plan = &change.version().plan;
    let back = record.kind == Kind::Rollback;
    let before = change.steps.iter().filter(|(kind, _)| (*kind == Kind::Rollback) == back).count();
    assert_eq!(record.step, Some(before as u32 + 1), "{context}");
    assert!(before < if back { plan.rollback.len() } else { plan.steps.len().max(1) }, "{context}");
    assert_eq!(back, change.steps.iter().any(|(kind, worked)| *kind != Kind::Rollback && !worked), "{context}");
    let worked = record.outcome.value().unwrap().status == OutcomeStatus::Success;
    change.steps.push((record.kind, worked));
}

/// How it ended: as its steps did.
fn ended(change: &Replayed<'_>, record: &AuditRecord) -> Event {
    let all = |back: bool| {
        let mut chosen = change.steps.iter().filter(|(kind, _)| (*kind == Kind::Rollback) == back).peekable();
        chosen.peek().is_some() && chosen.all(|(_, worked)| *worked)
    };
    let (event, kind) = match (all(false), all(true)) {
        (true, _) => (Event::Verified, Kind::Verification),
        (false, true) => (Event::RolledBack, Kind::Rollback),
        (false, false) => (Event::Failed, Kind::Execution),
    };
    assert_eq!(record.kind, kind, "{}: {:?}", record.uid, change.steps);
    assert!(!record.reason.is_absent(), "{}", record.uid);
    event
}
