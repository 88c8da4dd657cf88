//! Approvals and which of them are rubber stamps. The bound below which one is comes with the question: which approvals
//! are below it is kept until another bound is asked for.

use super::Approvals;
use crate::query::ranks::{Ranks, Sorted};
use std::ops::Range;

/// Everything that approves, in order of time.
#[derive(Debug, Clone)]
pub struct Reviews {
    at: Sorted,
    /// Microseconds from opening to decision; less than 0 where that is not known.
    took: Vec<i64>,
    untimed: Ranks,
    /// Those that took less than a bound.
    stamps: Option<(i64, Ranks)>,
}

impl Reviews {
    /// Of places in order and what each took, of `rows` rows.
    pub fn of(reviews: &[(u32, Option<i64>)], rows: u32) -> Reviews {
        let took: Vec<i64> = reviews.iter().map(|review| review.1.unwrap_or(-1)).collect();
        Reviews {
            at: Sorted::of(reviews.iter().map(|review| review.0), reviews.len(), rows),
            untimed: which(&took, |took| took < 0),
            took,
            stamps: None,
        }
    }

    /// Takes `bound` for what is a rubber stamp.
    pub fn bind(&mut self, bound: i64) {
        if self.stamps.as_ref().is_none_or(|(kept, _)| *kept != bound) {
            self.stamps = Some((bound, which(&self.took, |took| 0 <= took && took < bound)));
        }
    }

    /// Those of a run of places, by the bound taken last.
    pub fn within(&self, run: &Range<u32>) -> Approvals {
        let run = self.at.within(run);
        let of = |ranks: &Ranks| ranks.before(run.end) - ranks.before(run.start);
        let untimed = of(&self.untimed);
        let rubber_stamp = self.stamps.as_ref().map_or(0, |(_, stamps)| of(stamps));
        Approvals { rubber_stamp, slower: run.len() as u32 - untimed - rubber_stamp, untimed }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let stamps = self.stamps.as_ref().map_or(0, |(_, stamps)| stamps.bytes());
        self.at.bytes() + self.took.capacity() * size_of::<i64>() + self.untimed.bytes() + stamps
    }
}

fn which(took: &[i64], is: impl Fn(i64) -> bool) -> Ranks {
    let words = took.chunks(64).map(|part| part.iter().rev().fold(0, |word, &took| word << 1 | u64::from(is(took))));
    Ranks::of(words, took.len() as u32)
}
