//! Time to decision: how long versions of changes waited until people decided, and what became of those that can't be
//! timed. What records say of a version is gathered in the store; that a quorum was met is concluded as it says there.
//!
//! A version is in question where the record that opened it (`proposal` or `amendment`) is within the scope; its
//! decision counts whenever and by whomever it was made, though no filter lets that record through.

use super::{Answer, Edges, Scope};
use crate::column::Codes;
use crate::row::{Category, Cell};
use crate::store::{NONE, RowId, Version, View};
use oversight::vocabulary::Effect;
use serde::{Deserialize, Serialize};

/// How the wait of a version ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// A person rejected it, or the last approval that it needed was given: the microseconds from the opening record's
    /// `time` to the review's `decided_at`, or to the review record's `time` where that is missing.
    Decided(i64),
    /// The policy allowed or denied it; nobody was asked.
    ByPolicy,
    /// It went ahead by breaking glass, without its quorum.
    Bypassed,
    /// It waits: no decision is seen and no end. Its wait is censored at the last record.
    Pending,
    /// It expired, was withdrawn or superseded before anybody decided. Its wait is censored at that end.
    Ended,
    /// Records don't tell: approved by some, not yet used (whether the quorum was met is in no column); superseded after
    /// an approval; used, with no approval among the records; or decided before it was opened.
    Unknown,
}

impl Outcome {
    /// Kinds of outcome.
    pub const COUNT: usize = 6;

    /// Its place among the kinds, as they are listed.
    pub fn kind(self) -> usize {
        match self {
            Outcome::Decided(_) => 0,
            Outcome::ByPolicy => 1,
            Outcome::Bypassed => 2,
            Outcome::Pending => 3,
            Outcome::Ended => 4,
            Outcome::Unknown => 5,
        }
    }
}

/// What people decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    Approved,
    Rejected,
}

/// What became of versions, and how long people took.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TimeToDecision {
    /// Versions by kind of [`Outcome`]; the first are those that were timed, the quantiles' n.
    pub outcomes: [u32; Outcome::COUNT],
    /// By the probabilities asked for, in microseconds: the least wait that at least so large a part of the timed did
    /// not exceed (nearest rank). None where nothing was timed.
    pub quantiles: Vec<Option<i64>>,
    /// Timed versions by the classes of their wait in microseconds that the edges make; they sum to the timed.
    pub histogram: Vec<u32>,
}

/// Time to decision of the versions opened within the scope. `of` is how many they are. Probabilities are from 0 to 1.
pub fn time_to_decision(
    view: &View<'_>,
    scope: &Scope<'_>,
    probabilities: &[f64],
    edges: &Edges,
) -> Answer<TimeToDecision> {
    let mut answer = TimeToDecision::default();
    let mut waits = Vec::new();
    let policy = Policy::of(view);
    for version in view.versions() {
        let opening = version.opening;
        if opening == NONE || !scope.span.holds(view.time(opening)) || !scope.lets_through(view, opening) {
            continue;
        }
        let outcome = outcome(view, &policy, &version);
        answer.outcomes[outcome.kind()] += 1;
        if let Outcome::Decided(wait) = outcome {
            waits.push(wait);
        }
    }
    answer.quantiles = probabilities
        .iter()
        .map(|&probability| rank(probability, waits.len()).map(|rank| *waits.select_nth_unstable(rank).1))
        .collect();
    waits.sort_unstable();
    answer.histogram = edges.counts(waits.len() as u32, |edge| waits.partition_point(|&wait| wait < edge) as u32);
    Answer::new(view, answer.outcomes.iter().sum(), answer)
}

/// The place, from 0, of the nearest rank of `n` in order.
pub(super) fn rank(probability: f64, n: usize) -> Option<usize> {
    let last = n.checked_sub(1)?;
    Some(((probability * n as f64).ceil() as usize).saturating_sub(1).min(last))
}

/// When a review was decided: its `decided_at`, or the record's `time` where that is missing.
pub(super) fn decided_at(view: &View<'_>, review: RowId) -> i64 {
    view.decided_at(review).unwrap_or_else(|| view.time(review))
}

/// What the policy said of versions, by the codes of its words, so that no word is read for each.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    decisions: &'a Codes,
    allow: Option<u32>,
    deny: Option<u32>,
}

impl<'a> Policy<'a> {
    pub fn of(view: &View<'a>) -> Policy<'a> {
        let code = |effect: Effect| view.words(Category::PolicyDecision).code(&Cell::Is(effect.as_str().into()));
        Policy { decisions: view.codes(Category::PolicyDecision), allow: code(Effect::Allow), deny: code(Effect::Deny) }
    }

    /// Whether it allowed a version or denied it when it was put forward; none where people were to be asked, or nothing
    /// is known of it.
    pub fn settled(&self, version: &Version) -> Option<Effect> {
        let code = (version.policy != NONE).then(|| self.decisions.get(version.policy));
        match code {
            Some(_) if code == self.allow => Some(Effect::Allow),
            Some(_) if code == self.deny => Some(Effect::Deny),
            _ => None,
        }
    }
}

/// What people decided of a version, if they did and the records tell.
pub fn verdict(version: &Version) -> Option<Verdict> {
    if version.rejection != NONE {
        Some(Verdict::Rejected)
    } else if !version.broke_glass && version.was_approved && version.approval != NONE {
        Some(Verdict::Approved)
    } else {
        None
    }
}

/// How the wait of a version that was opened ended.
pub fn outcome(view: &View<'_>, policy: &Policy<'_>, version: &Version) -> Outcome {
    let decided = |review: RowId| match decided_at(view, review).checked_sub(view.time(version.opening)) {
        Some(wait) if wait >= 0 => Outcome::Decided(wait),
        _ => Outcome::Unknown,
    };
    let approved = version.approval != NONE;
    match verdict(version) {
        Some(Verdict::Rejected) => decided(version.rejection),
        Some(Verdict::Approved) => decided(version.approval),
        None if version.broke_glass => Outcome::Bypassed,
        // Were it reviewed, the decision seen would be that of a redemption, and the first one not among the records.
        None if !approved && policy.settled(version).is_some() => Outcome::ByPolicy,
        None if version.was_approved => Outcome::Unknown,
        None if version.ended_pending || (version.superseded && !approved) => Outcome::Ended,
        None if approved => Outcome::Unknown,
        None => Outcome::Pending,
    }
}
