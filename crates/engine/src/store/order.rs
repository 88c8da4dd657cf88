//! The rows in order of time. While they come in order the order is that of their coming and takes no room; rows that
//! come late are kept at the end and merged in when somebody asks. The rows' columns don't move for it.

use crate::column::Chunks;
use std::cmp::Ordering;

/// Row ids by place in time.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// Empty while each row's place is its id.
    ids: Chunks<u32>,
    plain: Plain,
    /// Rows that have their place; those after it come from the rows' end.
    settled: u32,
    late: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Plain {
    #[default]
    Yes,
    No,
}

impl Order {
    /// Gives each of `rows` rows its place, by `compare`, which no two rows are equal to. Costs a comparison a new row
    /// where they come in order; where not, sorting the new ones and moving the settled ones that they go before.
    pub fn settle(&mut self, rows: u32, compare: impl Fn(u32, u32) -> Ordering) {
        let before = self.settled;
        let mut new = before..rows;
        if self.plain == Plain::Yes {
            while new.start < rows && (new.start == 0 || compare(new.start - 1, new.start).is_lt()) {
                new.start += 1;
            }
            self.settled = new.start;
            if new.is_empty() {
                return;
            }
            self.plain = Plain::No;
            (0..self.settled).for_each(|id| self.ids.push(id));
        }
        let mut tail: Vec<u32> = new.collect();
        tail.sort_unstable_by(|&a, &b| compare(a, b));
        tail.iter().for_each(|&id| self.ids.push(id));
        let (mut settled, mut left, mut place) = (self.settled, tail.len(), rows);
        while left > 0 {
            let last = tail[left - 1];
            place -= 1;
            if settled > 0 && compare(self.ids.get(settled - 1), last).is_gt() {
                settled -= 1;
                let id = self.ids.get(settled);
                self.ids.set(place, id);
            } else {
                left -= 1;
                self.ids.set(place, last);
            }
        }
        self.late += u64::from(settled < before);
        self.settled = rows;
    }

    /// The row at a place, from 0 for the earliest.
    #[inline]
    pub fn id(&self, place: u32) -> u32 {
        if self.is_plain() { place } else { self.ids.get(place) }
    }

    /// The order of rows whose numbers are their places in this one, whatever moved before; late rows stay counted.
    pub fn straightened(&self) -> Order {
        Order { ids: Chunks::default(), plain: Plain::Yes, ..*self }
    }

    /// Whether each row's place is its id.
    pub fn is_plain(&self) -> bool {
        self.plain == Plain::Yes
    }

    /// How often a row that had its place was moved. While it is the same, places are.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// Bytes held, spare room included.
    pub fn bytes(&self) -> usize {
        self.ids.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(times: &[i64], steps: &[usize]) -> (Vec<u32>, u64, bool) {
        let mut order = Order::default();
        for &step in steps {
            order.settle(step as u32, |a, b| (times[a as usize], a).cmp(&(times[b as usize], b)));
        }
        ((0..times.len() as u32).map(|place| order.id(place)).collect(), order.late(), order.is_plain())
    }

    #[test]
    fn late_rows_go_where_their_time_is() {
        for (times, steps, expected, late, plain) in [
            (&[][..], &[0][..], &[][..], 0, true),
            (&[1, 1, 2], &[1, 3], &[0, 1, 2], 0, true),
            // Out of order among the new ones alone: nobody's place changes.
            (&[1, 3, 2, 4], &[1, 4], &[0, 2, 1, 3], 0, false),
            (&[1, 3, 2, 4], &[2, 3, 4], &[0, 2, 1, 3], 1, false),
            (&[3, 2, 1], &[1, 2, 3], &[2, 1, 0], 2, false),
            (&[3, 2, 1], &[3], &[2, 1, 0], 0, false),
            (&[5, 5, 4, 5, 4], &[2, 5], &[2, 4, 0, 1, 3], 1, false),
        ] {
            assert_eq!(ordered(times, steps), (expected.to_vec(), late, plain), "{times:?} by {steps:?}");
        }
    }

    #[test]
    fn any_order_in_any_steps_is_sorted() {
        let mut generator = oversight::generated::Generator::new("order", 1);
        for _ in 0..200 {
            let times: Vec<i64> = (0..generator.below(300)).map(|_| generator.below(50) as i64).collect();
            let mut steps: Vec<usize> = (0..5).map(|_| generator.below(times.len() + 1)).collect();
            steps.sort_unstable();
            steps.push(times.len());
            let mut expected: Vec<u32> = (0..times.len() as u32).collect();
            expected.sort_by_key(|&id| times[id as usize]);
            assert_eq!(ordered(&times, &steps).0, expected);
        }
    }
}
