//! Instants that few records have, such as when a review was opened: a bit a row says whether it has one, and the
//! values stand side by side, nothing for the others.

use super::Chunks;

/// An i64 for some rows, given in the order of the rows.
#[derive(Debug, Clone, Default)]
pub struct Sparse {
    /// For each 64 rows, which of them have a value, and how many values were before.
    rows: Chunks<(u64, u32)>,
    values: Chunks<i64>,
}

impl Sparse {
    /// `id` is greater than every one before.
    pub fn push(&mut self, id: u32, value: i64) {
        while self.rows.len() <= id / 64 {
            self.rows.push((0, self.values.len()));
        }
        let (bits, before) = self.rows.get(id / 64);
        debug_assert!(bits >> (id % 64) == 0 && self.rows.len() == id / 64 + 1, "rows come in order");
        self.rows.set(id / 64, (bits | 1 << (id % 64), before));
        self.values.push(value);
    }

    #[inline]
    pub fn get(&self, id: u32) -> Option<i64> {
        let (bits, before) = if id / 64 < self.rows.len() { self.rows.get(id / 64) } else { (0, 0) };
        let bit = 1 << (id % 64);
        (bits & bit != 0).then(|| self.values.get(before + (bits & (bit - 1)).count_ones()))
    }

    /// The instants of rows, in the order of these.
    pub fn arranged(&self, ids: impl Iterator<Item = u32>) -> Sparse {
        let mut arranged = Sparse::default();
        for (at, id) in (0..).zip(ids) {
            if let Some(value) = self.get(id) {
                arranged.push(at, value);
            }
        }
        arranged
    }

    /// Bytes held, spare room included.
    pub fn bytes(&self) -> usize {
        self.rows.bytes() + self.values.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_value_have_none() {
        let mut sparse = Sparse::default();
        assert_eq!(sparse.get(0), None);
        (0..300_u32).filter(|id| id % 3 == 1).for_each(|id| sparse.push(id, i64::from(id) - 100));
        sparse.push(9_000, i64::MIN);
        assert_eq!((sparse.get(8_999), sparse.get(9_000), sparse.get(9_001)), (None, Some(i64::MIN), None));
        for id in 0..310 {
            assert_eq!(sparse.get(id), (id < 300 && id % 3 == 1).then(|| i64::from(id) - 100), "{id}");
        }
    }
}
