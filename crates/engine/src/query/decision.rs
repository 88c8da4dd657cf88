//! Time to decision: how long versions of changes waited until people decided, and what became of those that can't be
//! timed. What records say of a version is gathered in the store; that a quorum was met is concluded as it says there.
//!
//! A version is in question where the record that opened it (`proposal` or `amendment`) is within the scope; its
//! decision counts whenever and by whomever it was made, though no filter lets that record through.

use super::{Answer, Histogram, Scope};
use crate::row::Category;
use crate::store::{NONE, Version, View};
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

/// What became of versions, and how long people took.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TimeToDecision {
    /// Versions by kind of [`Outcome`]; the first are those that were timed, the quantiles' n.
    pub outcomes: [u32; Outcome::COUNT],
    /// By the probabilities asked for, in microseconds: the least wait that at least so large a part of the timed did
    /// not exceed (nearest rank). None where nothing was timed.
    pub quantiles: Vec<Option<i64>>,
    /// Timed versions by bins of their wait in microseconds.
    pub histogram: Vec<u32>,
}

/// Time to decision of the versions opened within the scope. `of` is how many they are. Probabilities are from 0 to 1.
pub fn time_to_decision(
    view: &View<'_>,
    scope: &Scope<'_>,
    probabilities: &[f64],
    histogram: &Histogram,
) -> Answer<TimeToDecision> {
    let mut answer = TimeToDecision::default();
    let mut waits = Vec::new();
    for version in view.versions() {
        let opening = version.opening;
        if opening == NONE || !scope.span.holds(view.time(opening)) || !scope.lets_through(view, opening) {
            continue;
        }
        let outcome = outcome(view, &version);
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
    answer.histogram = (0..histogram.bins)
        .map(|at| {
            let before = |edge: i64| waits.partition_point(|&wait| wait < edge);
            (before(histogram.edge(at + 1)) - before(histogram.edge(at))) as u32
        })
        .collect();
    Answer::new(view, answer.outcomes.iter().sum(), answer)
}

/// The place, from 0, of the nearest rank of `n` in order.
pub(super) fn rank(probability: f64, n: usize) -> Option<usize> {
    let last = n.checked_sub(1)?;
    Some(((probability * n as f64).ceil() as usize).saturating_sub(1).min(last))
}

/// How the wait of a version that was opened ended.
pub fn outcome(view: &View<'_>, version: &Version) -> Outcome {
    let decided = |review: u32| {
        let at = view.decided_at(review).unwrap_or_else(|| view.time(review));
        match at.checked_sub(view.time(version.opening)) {
            Some(wait) if wait >= 0 => Outcome::Decided(wait),
            _ => Outcome::Unknown,
        }
    };
    let by_policy = || {
        let words = view.words(Category::PolicyDecision);
        let word =
            (version.policy != NONE).then(|| words.word(view.codes(Category::PolicyDecision).get(version.policy)));
        matches!(word, Some(Some("allow" | "deny")))
    };
    let (rejected, approved) = (version.rejection != NONE, version.approval != NONE);
    if rejected {
        decided(version.rejection)
    } else if version.broke_glass {
        Outcome::Bypassed
    } else if version.was_approved && approved {
        decided(version.approval)
    } else if !approved && by_policy() {
        // Were it reviewed, the decision seen would be that of a redemption, and the first one not among the records.
        Outcome::ByPolicy
    } else if version.was_approved {
        Outcome::Unknown
    } else if version.ended_pending || (version.superseded && !approved) {
        Outcome::Ended
    } else if approved {
        Outcome::Unknown
    } else {
        Outcome::Pending
    }
}
