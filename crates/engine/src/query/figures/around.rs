//! Ways around oversight and stops: breaking glass, pauses, rollbacks. These are few as a rule.

use super::coded::Coded;
use super::{Around, Stop};
use crate::query::decision::rank;
use crate::query::ranks::Sorted;
use std::ops::Range;

/// All of them, each kind in order of time.
#[derive(Debug, Clone)]
pub struct Ways {
    glass: Sorted,
    ratified: Coded,
    pauses: Sorted,
    stops: Coded,
    resumed: Sorted,
    /// Microseconds from a pause to its resume, in order of the pauses.
    stopped: Vec<i64>,
    rollbacks: Sorted,
}

/// Places in order, with what is known of each.
#[derive(Debug, Default)]
pub struct Found {
    pub glass: Vec<(u32, Option<bool>)>,
    pub pauses: Vec<(u32, Stop)>,
    pub rollbacks: Vec<u32>,
}

const RATIFIED: u32 = 0;
const UNRATIFIED: u32 = 1;
const GLASS_UNKNOWN: u32 = 2;

const RESUMED: u32 = 0;
const LASTS: u32 = 1;
const AGAIN: u32 = 2;
const PAUSE_UNKNOWN: u32 = 3;

impl Ways {
    /// Of `rows` rows.
    pub fn of(found: &Found, rows: u32) -> Ways {
        let ratified = found.glass.iter().map(|glass| match glass.1 {
            Some(true) => RATIFIED,
            Some(false) => UNRATIFIED,
            None => GLASS_UNKNOWN,
        });
        let stops = found.pauses.iter().map(|pause| match pause.1 {
            Stop::Resumed(_) => RESUMED,
            Stop::Lasts => LASTS,
            Stop::Again => AGAIN,
            Stop::Unknown => PAUSE_UNKNOWN,
        });
        let resumed: Vec<(u32, i64)> = found
            .pauses
            .iter()
            .filter_map(|&(place, stop)| if let Stop::Resumed(after) = stop { Some((place, after)) } else { None })
            .collect();
        Ways {
            glass: Sorted::of(found.glass.iter().map(|glass| glass.0), found.glass.len(), rows),
            ratified: Coded::of(ratified, found.glass.len() as u32, GLASS_UNKNOWN + 1),
            pauses: Sorted::of(found.pauses.iter().map(|pause| pause.0), found.pauses.len(), rows),
            stops: Coded::of(stops, found.pauses.len() as u32, PAUSE_UNKNOWN + 1),
            resumed: Sorted::of(resumed.iter().map(|pause| pause.0), resumed.len(), rows),
            stopped: resumed.into_iter().map(|pause| pause.1).collect(),
            rollbacks: Sorted::of(found.rollbacks.iter().copied(), found.rollbacks.len(), rows),
        }
    }

    /// Those of a run of places; what was rolled back of what ran is counted by that.
    pub fn within(&self, run: &Range<u32>, rolled_back: u32) -> Around {
        let (mut glass, mut pauses) = (Vec::new(), Vec::new());
        self.ratified.between(self.glass.within(run), &mut glass);
        self.stops.between(self.pauses.within(run), &mut pauses);
        let resumed = self.resumed.within(run);
        let mut stopped = self.stopped[resumed.start as usize..resumed.end as usize].to_vec();
        let median = rank(0.5, stopped.len()).map(|rank| *stopped.select_nth_unstable(rank).1);
        Around {
            ratified: glass[RATIFIED as usize],
            unratified: glass[UNRATIFIED as usize],
            ratification_unknown: glass[GLASS_UNKNOWN as usize],
            resumed: pauses[RESUMED as usize],
            paused: pauses[LASTS as usize],
            paused_again: pauses[AGAIN as usize],
            pauses_unknown: pauses[PAUSE_UNKNOWN as usize],
            time_to_resume: median,
            rollbacks: self.rollbacks.within(run).len() as u32,
            rolled_back,
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let sorted = [&self.glass, &self.pauses, &self.resumed, &self.rollbacks].map(Sorted::bytes);
        let stopped = self.stopped.capacity() * size_of::<i64>();
        sorted.iter().sum::<usize>() + stopped + self.ratified.bytes() + self.stops.bytes()
    }
}
