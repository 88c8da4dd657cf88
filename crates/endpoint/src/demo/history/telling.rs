//! What the records of a course say: versions composed, records written and states moved by the endpoint's own functions
//! (`desk::versions`, `desk::written`, `oversight::state`), the executor's by the reference executor's. Where a record
//! stands in the log is known when all are told.

use super::HistoryError;
use super::calendar::instant;
use super::cast::Player;
use super::chapters::Broken;
use super::course::{Course, Reviewed, What};
use super::repertoire::{Piece, Variant};
use crate::demo::executor::{outcome_of, record_of};
use crate::demo::{cloud, replies};
use crate::desk::versions::{Built, Occasion, compose, rejected_before};
use crate::desk::written::{self, actor};
use crate::desk::{PastChange, Principal};
use oversight::contract::Settlement;
use oversight::id::{ChangeId, RecordUid};
use oversight::missing::Field;
use oversight::proposal::PlanStep;
use oversight::record::AuditRecord;
use oversight::review::{Person, Review, ReviewEvidence, quorum_holds};
use oversight::state::{Event, State};
use oversight::time::Instant;
use oversight::vocabulary::{Asserter, Decision, Effect, Kind};
use rand::Rng;
use rand::rngs::StdRng;

/// Who brings about what no person and no machine does.
const ENDPOINT: &str = "the endpoint";

/// A record with the time at which it came into the log, and the review that it is of, if it is one.
pub struct Told {
    pub at: i64,
    pub record: AuditRecord,
    pub origin: Asserter,
    /// The place of its change among the changes.
    pub change: Option<usize>,
    /// The place of its review among the change's.
    pub review: Option<usize>,
}

/// Who takes part.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub cast: &'a [Player],
    pub people: &'a [Person],
    pub executor: &'a Principal,
    pub pieces: &'a [Piece],
}

/// Tells one change. `before` says for a variant's content what of it was rejected last before a time.
pub fn tell<'a>(
    parts: Parts<'a>,
    place: usize,
    course: &Course,
    before: impl Fn(&Variant, Instant) -> Option<(ChangeId, Settlement)>,
    chance: StdRng,
) -> Result<(PastChange, Vec<Told>), HistoryError> {
    let piece = &parts.pieces[course.piece];
    let first = &piece.variants[course.variant];
    let mut telling = Telling {
        parts,
        place,
        player: &parts.cast[piece.player],
        variant: first,
        versions: Vec::new(),
        state: State::Pending,
        settled: None,
        reviews: Vec::new(),
        results: Results::default(),
        chance,
        told: Vec::new(),
    };
    telling.version(Kind::Proposal, course.proposed, &before)?;
    for act in &course.acts {
        telling.act(act.at, &act.what, first, &before)?;
    }
    let settled = telling.settled.ok_or(HistoryError::Unsettled)?;
    let change =
        PastChange { versions: telling.versions, state: telling.state, settled, sequence: 0, reviews: telling.reviews };
    Ok((change, telling.told))
}

struct Telling<'a> {
    parts: Parts<'a>,
    place: usize,
    player: &'a Player,
    variant: &'a Variant,
    versions: Vec<Built>,
    state: State,
    settled: Option<Settlement>,
    reviews: Vec<Review>,
    results: Results,
    chance: StdRng,
    told: Vec<Told>,
}

/// How the steps went so far.
#[derive(Default)]
struct Results {
    done: Option<Result<String, String>>,
    undone: Option<Result<String, String>>,
}

impl<'a> Telling<'a> {
    fn id(&self) -> ChangeId {
        ChangeId(self.place as u64 + 1)
    }

    fn act(
        &mut self,
        at: i64,
        what: &What,
        first: &'a Variant,
        before: impl Fn(&Variant, Instant) -> Option<(ChangeId, Settlement)>,
    ) -> Result<(), HistoryError> {
        match what {
            What::Asked(person, text) => self.comment(at, &principal(&self.parts.people[*person]), text),
            What::Answered(question) => {
                let answer = replies::answer(replies::ask(question), &self.version_now().version);
                self.comment(at, &self.player.principal, &answer)
            }
            What::Remarked(text) => self.comment(at, &self.player.principal, text),
            What::Reviewed(reviewed) => self.review(at, reviewed),
            What::Amended => {
                let mut record = self.about(at, Kind::Supersession)?;
                record.actor = actor(&self.player.principal);
                let by = self.player.principal.uid.clone();
                self.moves(at, record, Event::Superseded, &by, None)?;
                self.variant = first.amended.as_deref().unwrap_or(first);
                self.state = State::Pending;
                self.version(Kind::Amendment, at, before)
            }
            What::Cancelled(reason) => {
                self.reasoned(at, Kind::Cancellation, Event::Cancelled, &self.player.principal.clone(), reason)
            }
            What::Revoked(person, reason) => {
                let who = principal(&self.parts.people[*person]);
                self.reasoned(at, Kind::Revocation, Event::Revoked, &who, reason)
            }
            What::Expired => {
                let record = self.about(at, Kind::Expiry)?;
                self.moves(at, record, Event::Expired, ENDPOINT, None)
            }
            What::Lapsed => {
                let record = self.about(at, Kind::Lapse)?;
                self.moves(at, record, Event::Lapsed, ENDPOINT, None)
            }
            What::BrokeGlass(broken) => self.glass_broken(at, broken),
            What::Ratified(by, reason) => {
                let record = self.about(at, Kind::Ratification)?;
                let who = self.person(by)?;
                self.push(at, written::reasoned(record, &who, reason), Asserter::Endpoint);
                Ok(())
            }
            What::Redeemed => {
                let record = self.about(at, Kind::Redemption)?;
                let record = written::redemption(record, self.parts.executor, &self.version_now().version);
                let by = self.parts.executor.uid.clone();
                self.moves(at, record, Event::Redeemed, &by, None)
            }
            What::Step { kind, place, worked } => self.step(at, *kind, *place, *worked),
            What::Ended => self.ended(at),
        }
    }

    /// A version that came to be, and what the policy said of it.
    fn version(
        &mut self,
        kind: Kind,
        at: i64,
        before: impl Fn(&Variant, Instant) -> Option<(ChangeId, Settlement)>,
    ) -> Result<(), HistoryError> {
        let now = instant(at);
        let mut judged = self.variant.judged.clone();
        judged.findings.extend(before(self.variant, now).map(|(id, settled)| rejected_before(id, &settled)));
        let sample = &self.variant.version;
        let occasion = Occasion {
            change: self.id(),
            version: self.versions.len() as u32 + 1,
            agent: sample.agent.clone(),
            origin: sample.origin,
            now,
            nonce: format!("{:032x}", self.chance.random::<u128>()),
        };
        let built = compose(self.variant.proposal.clone(), judged, occasion, |_| sample.policy.clone())?;
        let mut record = written::whole(self.own(at, kind)?, &built.version, built.digest);
        record.actor = actor(&self.player.principal);
        self.push(at, record, Asserter::Endpoint);
        let record = written::policy_decision(self.own(at, Kind::PolicyDecision)?, &built.version, built.digest);
        let (decision, reason) = (built.version.policy.decision, written::policy_reason(&built.version));
        self.versions.push(built);
        match decision {
            Effect::Allow => self.moves(at, record, Event::QuorumMet, ENDPOINT, reason),
            Effect::Deny => self.moves(at, record, Event::Denied, ENDPOINT, reason),
            Effect::NeedsReview => {
                self.push(at, record, Asserter::Endpoint);
                Ok(())
            }
        }
    }

    fn review(&mut self, at: i64, reviewed: &Reviewed) -> Result<(), HistoryError> {
        let person = &self.parts.people[reviewed.person];
        let record = self.own(at, Kind::Review)?;
        let now = self.versions.len() as u32;
        let version = &self.version_now().version;
        let looked = reviewed.looked.as_ref();
        let review = Review {
            version: now,
            reviewer: person.uid.clone(),
            groups: person.groups.clone(),
            decision: reviewed.decision,
            reason: reviewed.reason.clone(),
            digest: self.version_now().digest,
            channel: reviewed.channel,
            decided_at: instant(at),
            sequence: 0,
            evidence: ReviewEvidence {
                opened_at: looked.map(|looked| instant(looked.opened)),
                visible_ms: looked.map(|looked| looked.visible.unsigned_abs()),
                sections_revealed: looked
                    .map(|looked| looked.sections.iter().map(ToString::to_string).collect())
                    .unwrap_or_default(),
                acknowledged: match reviewed.decision {
                    Decision::Approve => version.to_acknowledge(),
                    Decision::Reject => Vec::new(),
                },
            },
        };
        let mut record = written::review(record, version, self.state, &review);
        record.actor = actor(&principal(person));
        let (requirement, barred) = (version.policy.requirement.clone(), version.never_counted());
        self.reviews.push(review);
        let event = match reviewed.decision {
            Decision::Reject => Some(Event::Rejected),
            Decision::Approve => quorum_holds(&requirement, &self.reviews, now, &barred).then_some(Event::QuorumMet),
        };
        match event {
            Some(event) => self.moves(at, record, event, person.uid.as_str(), reviewed.reason.clone())?,
            None => self.push(at, record, Asserter::Endpoint),
        }
        if let Some(told) = self.told.last_mut() {
            told.review = Some(self.reviews.len() - 1);
        }
        Ok(())
    }

    fn glass_broken(&mut self, at: i64, broken: &Broken) -> Result<(), HistoryError> {
        let who = self.person(broken.by)?;
        let record = self.about(at, Kind::BreakGlass)?;
        let mut record = written::reasoned(record, &who, broken.reason);
        record.extra.insert("ttl_seconds".to_owned(), broken.ttl.into());
        // As by a quorum, which it stands in for.
        self.moves(at, record, Event::QuorumMet, &who.uid, Some(broken.reason.to_owned()))
    }

    /// What the executor reports of one step.
    fn step(&mut self, at: i64, kind: Kind, place: usize, worked: bool) -> Result<(), HistoryError> {
        let version = &self.version_now().version;
        let as_one_step = PlanStep::Action {
            service: version.action.service.clone(),
            operation: version.action.operation.clone(),
            arguments: version.action.arguments.clone(),
            note: None,
        };
        let steps = if kind == Kind::Rollback { &version.plan.rollback } else { &version.plan.steps };
        let step = steps.get(place).unwrap_or(&as_one_step);
        let result = if worked { Ok(cloud::done(step, version.resources.len())) } else { Err(cloud::failed(step)) };
        let of = (version.change, version.version);
        let record = record_of(of, kind, place as u32 + 1, step, &version.resources, &result, instant(at));
        let record = record.map_err(HistoryError::Step)?;
        let agent = Field::Is(version.agent.clone());
        let record = written::of_machine(record, self.parts.executor, agent, Some(version));
        self.push(at, record, Asserter::Executor);
        if kind == Kind::Rollback {
            self.results.undone = Some(result);
        } else {
            self.results.done = Some(result);
        }
        Ok(())
    }

    fn ended(&mut self, at: i64) -> Result<(), HistoryError> {
        let Results { done, undone } = std::mem::take(&mut self.results);
        let report = outcome_of(done.unwrap_or_else(|| Ok(String::new())), undone);
        let (event, kind, status) = written::ended(report.result);
        let record = self.about(at, kind)?;
        let version = &self.version_now().version;
        let record = written::outcome(record, self.parts.executor, version, status, report.detail.clone());
        let by = self.parts.executor.uid.clone();
        self.moves(at, record, event, &by, report.detail)
    }

    fn comment(&mut self, at: i64, who: &Principal, text: &str) -> Result<(), HistoryError> {
        let record = written::comment(self.about(at, Kind::Comment)?, who, text);
        self.push(at, record, Asserter::Endpoint);
        Ok(())
    }

    fn reasoned(
        &mut self,
        at: i64,
        kind: Kind,
        event: Event,
        who: &Principal,
        reason: &str,
    ) -> Result<(), HistoryError> {
        let record = written::reasoned(self.about(at, kind)?, who, reason);
        self.moves(at, record, event, &who.uid, Some(reason.to_owned()))
    }

    /// The change moved by a record, which says where to.
    fn moves(
        &mut self,
        at: i64,
        mut record: AuditRecord,
        event: Event,
        by: &str,
        reason: Option<String>,
    ) -> Result<(), HistoryError> {
        self.state = self.state.after(event)?;
        written::in_state(&mut record, self.state);
        self.settled = Some(Settlement { at: instant(at), by: by.to_owned(), reason });
        self.push(at, record, Asserter::Endpoint);
        Ok(())
    }

    fn push(&mut self, at: i64, record: AuditRecord, origin: Asserter) {
        self.told.push(Told { at, record, origin, change: Some(self.place), review: None });
    }

    fn about(&mut self, at: i64, kind: Kind) -> Result<AuditRecord, HistoryError> {
        let record = self.own(at, kind)?;
        let now = self.version_now();
        Ok(written::about(record, &now.version, now.digest, self.state))
    }

    fn own(&mut self, at: i64, kind: Kind) -> Result<AuditRecord, HistoryError> {
        own(&mut self.chance, at, kind)
    }

    /// The version that stands.
    fn version_now(&self) -> &Built {
        // The first comes with the proposal, before anything else is told.
        &self.versions[self.versions.len() - 1]
    }

    fn person(&self, uid: &str) -> Result<Principal, HistoryError> {
        person(self.parts.people, uid)
    }
}

/// A record of the endpoint's own, with a drawn uid.
pub fn own(chance: &mut StdRng, at: i64, kind: Kind) -> Result<AuditRecord, HistoryError> {
    let uid = RecordUid::new(format!("rec-{:032x}", chance.random::<u128>()))?;
    Ok(written::own(uid, instant(at), kind))
}

/// One of the people, by name.
pub fn person(people: &[Person], uid: &str) -> Result<Principal, HistoryError> {
    let found = people.iter().find(|person| person.uid.as_str() == uid);
    found.map(principal).ok_or_else(|| HistoryError::Nobody(uid.to_owned()))
}

fn principal(person: &Person) -> Principal {
    Principal { uid: person.uid.to_string(), role: person.role, groups: person.groups.clone(), owner: None }
}
