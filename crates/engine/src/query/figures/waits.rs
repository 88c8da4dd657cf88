//! What became of versions that were put forward: times to decision, what people decided, and what is pending. What each
//! outcome means is `decision`'s.

use super::coded::Coded;
use super::ran::in_order;
use super::{Decisions, Oldest, Pending};
use crate::query::decision::{Outcome, TimeToDecision, Verdict, rank};
use crate::query::ranks::Sorted;
use crate::query::wavelet::Wavelet;
use crate::query::{Edges, Span};
use crate::row::Category;
use crate::store::View;
use std::ops::Range;

/// One version that was put forward.
#[derive(Debug, Clone, Copy)]
pub struct Opened {
    /// Of the record that did, whose words it has.
    pub place: u32,
    pub outcome: Outcome,
    pub verdict: Option<Verdict>,
}

impl Opened {
    fn key(&self) -> u32 {
        let verdict = match self.verdict {
            None => 0,
            Some(Verdict::Approved) => 1,
            Some(Verdict::Rejected) => 2,
        };
        self.outcome.kind() as u32 * VERDICTS + verdict
    }
}

/// None, approved, rejected.
const VERDICTS: u32 = 3;

/// Waits from the shortest to the longest; each timed version, in order of time, has one of them.
#[derive(Debug, Clone, Default)]
pub struct Ordered {
    pub waits: Vec<i64>,
    /// Of each timed version, in order of time, the number of its wait in `waits`.
    pub numbers: Vec<u32>,
}

impl Ordered {
    pub fn of(opened: &[Opened]) -> Ordered {
        let timed = opened.iter().filter_map(|version| match version.outcome {
            Outcome::Decided(wait) => Some(wait),
            _ => None,
        });
        let mut by_wait: Vec<(i64, u32)> = timed.zip(0..).collect();
        by_wait.sort_unstable();
        let mut numbers = vec![0; by_wait.len()];
        (0..).zip(&by_wait).for_each(|(number, &(_, at))| numbers[at as usize] = number);
        Ordered { waits: by_wait.into_iter().map(|(wait, _)| wait).collect(), numbers }
    }
}

/// Everything that was put forward, in order of time.
#[derive(Debug, Clone)]
pub struct Versions {
    at: Sorted,
    keys: Coded,
    timed: Sorted,
    pub waits: Vec<i64>,
    numbers: Wavelet,
    pending: Sorted,
    tiers: Coded,
}

impl Versions {
    /// Of versions in order of time, and their waits in order.
    pub fn of(view: &View<'_>, opened: &[Opened], ordered: Ordered) -> Versions {
        let places = |is: fn(&Opened) -> bool| {
            let these = || opened.iter().filter(move |version| is(version)).map(|version| version.place);
            (Sorted::of(these(), these().count(), view.len()), these())
        };
        let keys = opened.iter().map(Opened::key);
        let (pending, pending_places) = places(|version| version.outcome == Outcome::Pending);
        let tiers: Vec<u32> = pending_places.map(|place| view.codes(Category::Tier).get(view.at(place))).collect();
        Versions {
            at: places(|_| true).0,
            keys: Coded::of(keys, opened.len() as u32, Outcome::COUNT as u32 * VERDICTS),
            timed: places(|version| matches!(version.outcome, Outcome::Decided(_))).0,
            waits: ordered.waits,
            numbers: Wavelet::of(ordered.numbers),
            pending,
            tiers: Coded::of(tiers.iter().copied(), tiers.len() as u32, view.words(Category::Tier).codes()),
        }
    }

    /// What became of those of a run of places.
    pub fn decisions(&self, run: &Range<u32>, probabilities: &[f64], edges: &Edges) -> Decisions {
        let mut counts = Vec::new();
        self.keys.between(self.at.within(run), &mut counts);
        let mut decisions = Decisions::default();
        for (kind, verdicts) in counts.chunks_exact(VERDICTS as usize).enumerate() {
            decisions.time.outcomes[kind] = verdicts.iter().sum();
            decisions.approved += verdicts[1];
            decisions.rejected += verdicts[2];
        }
        let unknown = Outcome::Unknown.kind();
        decisions.undetermined = counts[unknown * VERDICTS as usize];
        decisions.untimed = decisions.time.outcomes[unknown] - decisions.undetermined;

        let timed = self.timed.within(run);
        let less =
            |wait: i64| self.numbers.below(timed.clone(), self.waits.partition_point(|&shorter| shorter < wait) as u32);
        decisions.time = TimeToDecision {
            quantiles: probabilities.iter().map(|&p| quantile(&self.numbers, &self.waits, &timed, p)).collect(),
            histogram: edges.counts(timed.len() as u32, less),
            ..decisions.time
        };
        decisions
    }

    /// Those of a run of places that are pending at `now`, `place` giving the place of an instant.
    pub fn pending(
        &self,
        view: &View<'_>,
        run: &Range<u32>,
        (now, ages): (i64, &Edges),
        place: impl Fn(i64) -> u32,
    ) -> Pending {
        let oldest = self.pending.next(run.start).filter(|&place| place < run.end).map(|place| view.at(place));
        let mut counts = Vec::new();
        let mut by_code = vec![vec![0; ages.classes()]; view.words(Category::Tier).codes() as usize];
        for class in 0..ages.classes() {
            let Span { from, to } = ages.begun(class, now);
            let bound = |instant: Option<i64>, none: u32| instant.map_or(none, &place).clamp(run.start, run.end);
            let (from, to) = (bound(from, run.start), bound(to, run.end));
            self.tiers.between(self.pending.within(&(from..to.max(from))), &mut counts);
            by_code.iter_mut().zip(&counts).for_each(|(classes, &count)| classes[class] = count);
        }
        let some = (0..).zip(by_code).filter(|(_, classes)| classes.iter().any(|&count| count > 0));
        Pending {
            tiers: in_order(view, some.collect()),
            n: self.pending.within(run).len() as u32,
            // A version is of a change, so that its record is.
            oldest: oldest.and_then(|row| {
                Some(Oldest { opened: view.time(row), change: view.change(row)?, version: view.version(row) })
            }),
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let sorted: usize = [&self.at, &self.timed, &self.pending].map(Sorted::bytes).iter().sum();
        let waits = self.waits.capacity() * size_of::<i64>() + self.numbers.bytes();
        sorted + waits + self.keys.bytes() + self.tiers.bytes()
    }
}

/// The wait of the nearest rank among a run of numbers.
pub fn quantile(numbers: &Wavelet, waits: &[i64], run: &Range<u32>, probability: f64) -> Option<i64> {
    let rank = rank(probability, run.len())? as u32;
    Some(waits[numbers.smallest(run.clone(), rank) as usize])
}
