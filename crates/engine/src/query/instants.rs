//! Finding an instant among rows in order of time: the time of every so many of them is kept side by side, so that few
//! of the rows are looked at.

use super::cumulative::SHORTEST;
use crate::store::view::first;

/// The times of rows that are in order of time.
#[derive(Debug, Clone, Default)]
pub struct Instants {
    /// Of every [`SHORTEST`]th.
    times: Vec<i64>,
    rows: u32,
}

impl Instants {
    /// Takes in the rows up to `rows`; `time` gives that of each.
    pub fn extend(&mut self, rows: u32, time: impl Fn(u32) -> i64) {
        let mut place = self.rows.next_multiple_of(SHORTEST);
        while place < rows {
            self.times.push(time(place));
            place += SHORTEST;
        }
        self.rows = rows;
    }

    /// The first row, by its place, at an instant or later.
    pub fn place(&self, instant: i64, time: impl Fn(u32) -> i64) -> u32 {
        let step = self.times.partition_point(|&at| at < instant) as u32;
        let start = step.saturating_sub(1) * SHORTEST;
        first(start..(step * SHORTEST).min(self.rows), |place| time(place) >= instant)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.times.capacity() * size_of::<i64>()
    }
}
