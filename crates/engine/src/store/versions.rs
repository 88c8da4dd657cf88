//! What the records say of each version of a change: when it was opened and how it ended. It is gathered record by
//! record, in whatever order they come, and the sum does not depend on the order. How long decisions took is `query`'s.
//!
//! A record does not say that a quorum was met; that is concluded. The endpoint takes no review of a version that is
//! decided, so that of a version that was used or could have been (a redemption, a lapse, a revocation, what an executor
//! reports) the last approval is the one that decided it, and a rejection decides at once.

use crate::column::{Chunks, HashIndex, hash_numbers};
use oversight::vocabulary::Kind;

/// No row.
pub const NONE: u32 = u32::MAX;

/// One version of one change; rows are ids, or [`NONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    pub change: u64,
    pub version: Option<u32>,
    /// The first `proposal` or `amendment`, in order of time.
    pub opening: u32,
    /// The first `policy_decision`; a later one is the executor's question at redemption.
    pub policy: u32,
    /// The `review` that rejected it; of several the one decided first.
    pub rejection: u32,
    /// The `review` that approved it and was decided last.
    pub approval: u32,
    /// The first `redemption`, `execution`, `verification` or `rollback`, in order of time: it ran.
    pub ran: u32,
    /// A record that only an approved version can have.
    pub was_approved: bool,
    /// An `expiry` or `cancellation`, which only a pending version can have.
    pub ended_pending: bool,
    /// A `supersession`, of a pending version or of an approved one.
    pub superseded: bool,
    pub broke_glass: bool,
    pub ratified: bool,
    pub rolled_back: bool,
}

/// What a record has to do with the life of its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Opens,
    Policy,
    Approves,
    Rejects,
    ProvesApproval,
    Runs,
    RollsBack,
    EndsPending,
    Supersedes,
    BreaksGlass,
    Ratifies,
}

impl Step {
    /// By the record's kind and, of a review, its decision, as they are spelled.
    pub fn of(kind: &str, decision: Option<&str>) -> Option<Step> {
        match kind.parse().ok()? {
            Kind::Proposal | Kind::Amendment => Some(Step::Opens),
            Kind::PolicyDecision => Some(Step::Policy),
            Kind::Review => match decision {
                Some("approve") => Some(Step::Approves),
                Some("reject") => Some(Step::Rejects),
                _ => None,
            },
            Kind::Lapse | Kind::Revocation => Some(Step::ProvesApproval),
            Kind::Redemption | Kind::Execution | Kind::Verification => Some(Step::Runs),
            Kind::Rollback => Some(Step::RollsBack),
            Kind::Expiry | Kind::Cancellation => Some(Step::EndsPending),
            Kind::Supersession => Some(Step::Supersedes),
            Kind::BreakGlass => Some(Step::BreaksGlass),
            Kind::Ratification => Some(Step::Ratifies),
            _ => None,
        }
    }
}

/// The versions in the order that they came, or of their first rows, if they were laid out since.
#[derive(Debug, Clone, Default)]
pub struct Versions {
    all: Chunks<Version>,
    index: HashIndex,
    noted: u64,
}

impl Versions {
    /// Notes what a row says. `earlier` says whether the first of two rows is earlier in order of time, `decided_earlier`
    /// whether the first of two reviews was decided earlier.
    pub fn note(
        &mut self,
        (change, version): (u64, Option<u32>),
        step: Step,
        row: u32,
        earlier: impl Fn(u32, u32) -> bool,
        decided_earlier: impl Fn(u32, u32) -> bool,
    ) {
        let found = self.at(change, version);
        let at = found.unwrap_or(self.all.len());
        if found.is_none() {
            self.index.insert(hash(change, version), |at| {
                let of = self.all.get(at);
                hash(of.change, of.version)
            });
            self.all.push(Version {
                change,
                version,
                opening: NONE,
                policy: NONE,
                rejection: NONE,
                approval: NONE,
                ran: NONE,
                was_approved: false,
                ended_pending: false,
                superseded: false,
                broke_glass: false,
                ratified: false,
                rolled_back: false,
            });
        }
        let mut it = self.all.get(at);
        let replaces = |old: u32, by: &dyn Fn(u32) -> bool| if old == NONE || by(old) { row } else { old };
        match step {
            Step::Opens => it.opening = replaces(it.opening, &|old| earlier(row, old)),
            Step::Policy => it.policy = replaces(it.policy, &|old| earlier(row, old)),
            Step::Rejects => it.rejection = replaces(it.rejection, &|old| decided_earlier(row, old)),
            Step::Approves => it.approval = replaces(it.approval, &|old| decided_earlier(old, row)),
            Step::ProvesApproval => it.was_approved = true,
            Step::Runs | Step::RollsBack => {
                it.was_approved = true;
                it.rolled_back |= step == Step::RollsBack;
                it.ran = replaces(it.ran, &|old| earlier(row, old));
            }
            Step::EndsPending => it.ended_pending = true,
            Step::Supersedes => it.superseded = true,
            Step::BreaksGlass => it.broke_glass = true,
            Step::Ratifies => it.ratified = true,
        }
        self.all.set(at, it);
        self.noted += 1;
    }

    /// What is known of a version, if a record has to do with its life.
    pub fn find(&self, change: u64, version: Option<u32>) -> Option<Version> {
        self.at(change, version).map(|at| self.all.get(at))
    }

    fn at(&self, change: u64, version: Option<u32>) -> Option<u32> {
        self.index.find(hash(change, version), |at| {
            let of = self.all.get(at);
            (of.change, of.version) == (change, version)
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = Version> + '_ {
        (0..self.all.len()).map(|at| self.all.get(at))
    }

    /// Gives each row the number that stands at its place in `numbers`, and puts the versions in the order of their first
    /// rows, so that going over them goes over those.
    pub(super) fn renumber(&mut self, numbers: &[u32]) {
        let new = |row: u32| if row == NONE { NONE } else { numbers[row as usize] };
        let renumbered = self.iter().map(|it| Version {
            opening: new(it.opening),
            policy: new(it.policy),
            rejection: new(it.rejection),
            approval: new(it.approval),
            ran: new(it.ran),
            ..it
        });
        let mut ordered: Vec<(Version, u32)> = renumbered.zip(0..).collect();
        ordered.sort_by_key(|(it, _)| it.opening.min(it.policy).min(it.rejection).min(it.approval).min(it.ran));
        let mut places = vec![0; ordered.len()];
        let mut all = Chunks::default();
        for (place, (it, at)) in (0..).zip(ordered) {
            places[at as usize] = place;
            all.push(it);
        }
        self.all = all;
        self.index.renumber(&places);
    }

    /// Grows with each row that was noted: while it is the same, so are the versions.
    pub fn noted(&self) -> u64 {
        self.noted
    }

    /// Bytes held, spare room included.
    pub fn bytes(&self) -> usize {
        self.all.bytes() + self.index.bytes()
    }
}

fn hash(change: u64, version: Option<u32>) -> u64 {
    hash_numbers(0, [change, version.map_or(0, |version| u64::from(version) + 1), 0])
}
