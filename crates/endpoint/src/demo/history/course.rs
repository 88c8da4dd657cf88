//! The course that each change of the past took: what happened to it, when, and by whom, as the policy, the groups, the
//! pauses and the working hours let it. How people took part is `reviewers`, what the records say `telling`.

use super::calendar::{Calendar, drawn};
use super::chapters::{Broken, Stop};
use super::repertoire::{Piece, Variant};
use super::words;
use oversight::proposal::PlanStep;
use oversight::review::Person;
use oversight::vocabulary::{Channel, Decision, Effect, Kind};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

/// What happened to a change after it was proposed.
#[derive(Debug, Clone)]
pub struct Act {
    pub at: i64,
    pub what: What,
}

#[derive(Debug, Clone)]
pub enum What {
    /// A person's, by their place among the people.
    Asked(usize, &'static str),
    /// The agent's answer to the question.
    Answered(&'static str),
    /// Something the agent said unasked.
    Remarked(&'static str),
    Reviewed(Reviewed),
    Amended,
    Cancelled(&'static str),
    Expired,
    Lapsed,
    Revoked(usize, &'static str),
    BrokeGlass(Broken),
    Ratified(&'static str, &'static str),
    Redeemed,
    /// A step of the plan, or of its rollback, by its place from 0.
    Step {
        kind: Kind,
        place: usize,
        worked: bool,
    },
    /// The executor's last word.
    Ended,
}

#[derive(Debug, Clone)]
pub struct Reviewed {
    pub person: usize,
    pub decision: Decision,
    pub reason: Option<String>,
    pub channel: Channel,
    /// How it was looked at; none where the client did not say.
    pub looked: Option<Looked>,
}

#[derive(Debug, Clone)]
pub struct Looked {
    pub opened: i64,
    pub visible: i64,
    pub sections: Vec<&'static str>,
}

/// A proposal and all that happened to it.
#[derive(Debug, Clone)]
pub struct Course {
    pub piece: usize,
    pub variant: usize,
    pub proposed: i64,
    pub acts: Vec<Act>,
}

/// What a proposal comes to, if nothing is in its way.
#[derive(Debug, Clone)]
pub enum Ending {
    CarriedOut,
    /// What was done did not hold, and could not be undone.
    FailedForGood,
    Rejected,
    Expired,
    Cancelled,
    Amended,
    Revoked,
    Lapsed,
    BrokenGlass(Broken),
}

/// How long people take, in parts of a hundred and seconds: by day, and at once.
const BY_DAY: [(u32, i64); 6] = [(8, 120), (25, 420), (55, 1_500), (80, 4_200), (95, 9_000), (100, 20_000)];
const AT_ONCE: [(u32, i64); 5] = [(15, 70), (50, 210), (80, 540), (96, 1_500), (100, 4_500)];
/// Nobody decides sooner, in milliseconds.
const SOONEST: i64 = 12 * SECOND;
/// How long a step takes, and a check of its time, in parts of a hundred.
const STEP: [(u32, i64); 3] = [(60, 6), (90, 25), (100, 80)];
const CHECKED: std::ops::Range<i64> = 8..45;

/// What courses are drawn from.
pub struct Courses<'a> {
    pub calendar: &'a Calendar,
    pub people: &'a [Person],
    pub stops: &'a [Stop],
    pub chance: StdRng,
}

impl Courses<'_> {
    /// How a proposal that people are asked about ends, mostly carried out.
    pub fn some_ending(&mut self, piece: &Piece) -> Ending {
        let mut part = self.chance.random_range(0..100);
        let mut within = |share: u32| {
            let here = part < share;
            part = part.saturating_sub(share);
            here
        };
        // The order matters: each takes its share of a hundred.
        match () {
            () if within(piece.rejected) => Ending::Rejected,
            () if within(6) => Ending::Amended,
            () if within(4) => Ending::Expired,
            () if within(3) => Ending::Cancelled,
            () if within(2) => Ending::Revoked,
            () if within(1) => Ending::Lapsed,
            () => Ending::CarriedOut,
        }
    }

    /// The course of a proposal made at that time; none where the agent was paused or nothing of that time is recorded.
    pub fn of(
        &mut self,
        (place, piece): (usize, &Piece),
        variant: usize,
        proposed: i64,
        ending: Ending,
    ) -> Option<Course> {
        let mut course = Running { acts: Vec::new(), at: proposed };
        let one = &piece.variants[variant];
        if self.is_paused(one, proposed) {
            return None;
        }
        match one.version.policy.decision {
            Effect::Deny => {}
            Effect::Allow => {
                let end = proposed + wait(one);
                let fails = matches!(ending, Ending::FailedForGood);
                self.carried_out(&mut course, piece, one, end, fails);
            }
            Effect::NeedsReview => self.decided(&mut course, piece, one, ending),
        }
        let acts = course.acts;
        let all_recorded = acts.iter().map(|act| act.at).chain([proposed]).all(|at| self.calendar.is_recorded(at));
        all_recorded.then_some(Course { piece: place, variant, proposed, acts })
    }

    fn decided(&mut self, course: &mut Running, piece: &Piece, first: &Variant, ending: Ending) {
        let mut one = first;
        let mut end = course.at + wait(one);
        let blocked = one.version.approval_blocked().is_some();
        if blocked || matches!(ending, Ending::Amended) {
            let Some(amended) = first.amended.as_deref() else {
                return course.then(end + self.sweep(), What::Expired);
            };
            let looked = course.at + drawn(&BY_DAY, &mut self.chance);
            let looked = if piece.urgent { looked } else { self.calendar.at_work(looked, &mut self.chance) };
            let answers = looked + self.chance.random_range(4 * SECOND..90 * SECOND);
            if answers >= end {
                return course.then(end + self.sweep(), What::Expired);
            }
            if blocked && let Some(person) = self.some_reviewer(one) {
                course.then(looked, What::Asked(person, words::NO_WAY_BACK));
            }
            course.then(answers, What::Amended);
            if blocked {
                course.then(answers + self.chance.random_range(300..2_000), What::Answered(words::NO_WAY_BACK));
            }
            one = amended;
            end = answers + wait(one);
        }
        match ending {
            Ending::Expired => return course.then(end + self.sweep(), What::Expired),
            Ending::Cancelled => {
                let at = course.at + self.chance.random_range(3 * MINUTE..50 * MINUTE);
                let reason = self.one_of(&words::CANCELLATIONS);
                return match at < end {
                    true => course.then(at, What::Cancelled(reason)),
                    false => course.then(end + self.sweep(), What::Expired),
                };
            }
            Ending::BrokenGlass(broken) => return self.glass_broken(course, piece, one, end, broken),
            _ => {}
        }
        let Some(reviewers) = self.quorum(one) else {
            // Nobody here can complete it.
            return course.then(end + self.sweep(), What::Expired);
        };
        let rejects = matches!(ending, Ending::Rejected).then(|| self.chance.random_range(0..reviewers.len()));
        if self.chance.random_ratio(5, 100) {
            course.then(
                course.at + self.chance.random_range(MINUTE..10 * MINUTE),
                What::Remarked(self.one_of(&words::REMARKS)),
            );
        }
        for (place, person) in reviewers.into_iter().enumerate() {
            let decision = if rejects == Some(place) { Decision::Reject } else { Decision::Approve };
            let since = course.at;
            let mut at = since + SOONEST + drawn(if piece.urgent { &AT_ONCE } else { &BY_DAY }, &mut self.chance);
            if !piece.urgent {
                at = self.calendar.at_work(at, &mut self.chance);
            }
            if at >= end || self.is_paused(one, at) {
                return course.then(end + self.sweep(), What::Expired);
            }
            let reviewed = self.review(piece, person, decision, since, at);
            self.perhaps_asked(course, person, &reviewed, at);
            course.then(at, What::Reviewed(reviewed));
            if decision == Decision::Reject {
                return;
            }
        }
        match ending {
            Ending::Revoked => {
                let at = course.at + self.chance.random_range(20 * SECOND..4 * MINUTE);
                let by = if self.chance.random_ratio(60, 100) { "engineer-1" } else { "manager" };
                let by = self.person(by);
                if let Some(by) = by.filter(|_| at < end) {
                    return course.then(at, What::Revoked(by, self.one_of(&words::REVOCATIONS)));
                }
                self.carried_out(course, piece, one, end, false);
            }
            Ending::Lapsed => course.then(end + self.sweep(), What::Lapsed),
            _ => self.carried_out(course, piece, one, end, matches!(ending, Ending::FailedForGood)),
        }
    }

    fn glass_broken(&mut self, course: &mut Running, piece: &Piece, one: &Variant, end: i64, broken: Broken) {
        let at = course.at + broken.after;
        let ratified = broken.ratified;
        course.then(at, What::BrokeGlass(broken));
        self.carried_out(course, piece, one, end, false);
        if let Some((by, after, why)) = ratified {
            course.then(at + after, What::Ratified(by, why));
        }
    }

    /// What an executor does with an approval: takes it, does the steps, undoes them where one fails, and reports.
    fn carried_out(&mut self, course: &mut Running, piece: &Piece, one: &Variant, end: i64, for_good: bool) {
        let taken = course.at + self.chance.random_range(300..2_600);
        if taken >= end || self.is_paused(one, taken) {
            return course.then(end + self.sweep(), What::Lapsed);
        }
        course.then(taken, What::Redeemed);
        let plan = &one.version.plan;
        // Without steps the action is the one step.
        let steps: Vec<Option<&PlanStep>> =
            if plan.steps.is_empty() { vec![None] } else { plan.steps.iter().map(Some).collect() };
        let fails = for_good || self.chance.random_ratio(piece.fails, 100);
        let failing = fails.then(|| steps.len() - 1);
        for (place, step) in steps.iter().enumerate() {
            let worked = failing != Some(place);
            let at = course.at + self.takes(*step);
            let check = matches!(step, Some(PlanStep::Check { .. }));
            let kind = if check { Kind::Verification } else { Kind::Execution };
            course.then(at, What::Step { kind, place, worked });
        }
        if failing.is_some() {
            let undone_badly = for_good || self.chance.random_ratio(6, 100);
            for (place, step) in plan.rollback.iter().enumerate() {
                let worked = !(undone_badly && place + 1 == plan.rollback.len());
                let at = course.at + self.takes(Some(step));
                course.then(at, What::Step { kind: Kind::Rollback, place, worked });
            }
        }
        course.then(course.at + self.chance.random_range(30..900), What::Ended);
    }

    fn takes(&mut self, step: Option<&PlanStep>) -> i64 {
        match step {
            Some(PlanStep::Check { within_seconds: Some(within), .. }) => {
                let parts = self.chance.random_range(CHECKED);
                (*within as i64).min(900) * SECOND * parts / 100
            }
            _ => 200 + drawn(&STEP, &mut self.chance),
        }
    }

    fn is_paused(&self, one: &Variant, at: i64) -> bool {
        let agent = one.version.agent.uid.as_str();
        self.stops.iter().any(|stop| stop.agent == agent && stop.holds(at))
    }

    /// How long after its time something is settled by the sweep.
    fn sweep(&mut self) -> i64 {
        self.chance.random_range(5..250)
    }

    pub fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        words.choose(&mut self.chance).copied().unwrap_or_default()
    }
}

/// A course under way: each act is after the one before.
pub struct Running {
    acts: Vec<Act>,
    /// When the last one was.
    pub at: i64,
}

impl Running {
    pub fn then(&mut self, at: i64, what: What) {
        self.at = at.max(self.at);
        self.acts.push(Act { at: self.at, what });
    }
}

/// How long a proposal may wait, in milliseconds.
fn wait(one: &Variant) -> i64 {
    one.version.expires_at.millis_since(one.version.proposed_at)
}

impl Course {
    /// When it was rejected, and by whom.
    pub fn rejected(&self) -> Option<(i64, usize)> {
        self.acts.iter().find_map(|act| match &act.what {
            What::Reviewed(reviewed) if reviewed.decision == Decision::Reject => Some((act.at, reviewed.person)),
            _ => None,
        })
    }

    /// Whether it became another version.
    pub fn is_amended(&self) -> bool {
        self.acts.iter().any(|act| matches!(act.what, What::Amended))
    }
}
