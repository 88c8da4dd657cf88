//! Cumulative counts: of rows in some order, how many have each code before every so many rows. The counts of a run are
//! two of these subtracted, and the rows between them and the run's ends, which are counted one by one; so they are exact
//! for any run. Which rows in which order is `brush`'s and `figures`'s.

use crate::column::{Codes, Ids};
use crate::store::RowId;
use std::ops::Range;

/// Shortest step, in rows: below it counting rows is as fast as subtracting.
pub const SHORTEST: u32 = if cfg!(test) { 4 } else { 256 };

/// Rows between two cumulative counts, for each view by how many codes it has: the views share the budget equally, and
/// what one with few codes doesn't need is the others'. The budget is four bytes a row, within bounds.
pub fn steps(budget: Range<usize>, rows: u32, sizes: &[u32]) -> Vec<u32> {
    let mut budget = (rows as usize * size_of::<u32>()).clamp(budget.start, budget.end) as u64;
    let mut by_size: Vec<usize> = (0..sizes.len()).collect();
    by_size.sort_by_key(|&at| sizes[at]);
    let mut steps = vec![SHORTEST; sizes.len()];
    for (done, at) in by_size.into_iter().enumerate() {
        let share = budget / (sizes.len() - done) as u64;
        // What cumulative counts at every row would take.
        let whole = u64::from(rows) * u64::from(sizes[at]) * size_of::<u32>() as u64;
        let step = whole.div_ceil(share.max(1)).clamp(SHORTEST.into(), 1 << 30).next_power_of_two();
        steps[at] = step as u32;
        budget -= (whole / step).min(share);
    }
    steps
}

/// Rows by their places in an order; none where place and row are the same number.
#[derive(Clone, Copy)]
pub struct Rows<'a>(pub Option<&'a [RowId]>);

impl<'a> Rows<'a> {
    /// Each row at its own place.
    pub const PLAIN: Rows<'static> = Rows(None);

    #[inline]
    pub fn id(self, place: u32) -> RowId {
        self.0.map_or(place, |ids| ids[place as usize])
    }

    fn of(self, places: Range<u32>) -> Ids<'a> {
        match self.0 {
            Some(ids) => Ids::List(&ids[places.start as usize..places.end as usize]),
            None => Ids::Run(places),
        }
    }
}

/// Counts by code of all rows before each step.
#[derive(Debug, Clone, Default)]
pub struct Cumulative {
    step: u32,
    /// One after the other; codes that came after a step are not in it.
    sums: Vec<u32>,
    /// Where each step's end in `sums`; the first step, before any row, has none.
    ends: Vec<u32>,
    /// Of all rows.
    total: Vec<u32>,
    rows: u32,
}

impl Cumulative {
    /// With room for so many rows.
    pub fn new(step: u32, codes: u32, rows: u32) -> Cumulative {
        let sums = Vec::with_capacity((rows / step) as usize * codes as usize);
        Cumulative { step, sums, ends: vec![0], total: Vec::new(), rows: 0 }
    }

    /// Counts the rows at new places, `codes` having `len` codes by now.
    pub fn extend(&mut self, codes: &Codes, len: u32, rows: Rows<'_>, new: Range<u32>) {
        self.total.resize(len as usize, 0);
        while self.rows < new.end {
            let next = ((self.rows / self.step + 1) * self.step).min(new.end);
            codes.tally(rows.of(self.rows..next), 1, &mut self.total);
            self.rows = next;
            if next.is_multiple_of(self.step) {
                self.sums.extend_from_slice(&self.total);
                self.ends.push(self.sums.len() as u32);
            }
        }
    }

    /// Counts by code of all rows.
    pub fn total(&self) -> &[u32] {
        &self.total
    }

    /// Counts by code of the rows at `places`.
    pub fn between(&self, codes: &Codes, rows: Rows<'_>, places: Range<u32>, counts: &mut Vec<u32>) {
        counts.clear();
        counts.resize(self.total.len(), 0);
        if places.len() as u32 <= self.step / 2 {
            return codes.tally(rows.of(places), 1, counts);
        }
        self.add_before(codes, rows, places.end, 1, counts);
        self.add_before(codes, rows, places.start, u32::MAX, counts);
    }

    /// Adds `by` for each row before `place`, wrapping; from the step that is nearest.
    fn add_before(&self, codes: &Codes, rows: Rows<'_>, place: u32, by: u32, counts: &mut [u32]) {
        let steps = self.ends.len() as u32 - 1;
        let nearest = (place / self.step + u32::from(place % self.step > self.step / 2)).min(steps);
        if place == self.rows {
            return add(&self.total, by, counts);
        }
        if nearest > 0 {
            let range = self.ends[nearest as usize - 1] as usize..self.ends[nearest as usize] as usize;
            add(&self.sums[range], by, counts);
        }
        let at = nearest * self.step;
        if at <= place {
            codes.tally(rows.of(at..place), by, counts);
        } else {
            codes.tally(rows.of(place..at), by.wrapping_neg(), counts);
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        (self.sums.capacity() + self.ends.capacity() + self.total.capacity()) * size_of::<u32>()
    }
}

fn add(sums: &[u32], by: u32, counts: &mut [u32]) {
    for (count, sum) in counts.iter_mut().zip(sums) {
        *count = count.wrapping_add(sum.wrapping_mul(by));
    }
}
