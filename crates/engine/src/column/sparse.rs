//! Instants that few records have, such as when a review was opened: rows and values side by side, nothing for the
//! others.

use super::Chunks;

/// An i64 for some rows, given in the order of the rows.
#[derive(Debug, Clone, Default)]
pub struct Sparse {
    rows: Chunks<u32>,
    values: Chunks<i64>,
}

impl Sparse {
    /// `id` is greater than every one before.
    pub fn push(&mut self, id: u32, value: i64) {
        debug_assert!(self.rows.is_empty() || self.rows.get(self.rows.len() - 1) < id, "rows come in order");
        self.rows.push(id);
        self.values.push(value);
    }

    pub fn get(&self, id: u32) -> Option<i64> {
        let (mut low, mut high) = (0, self.rows.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.rows.get(middle) < id { low = middle + 1 } else { high = middle }
        }
        (low < self.rows.len() && self.rows.get(low) == id).then(|| self.values.get(low))
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
        for id in 0..310 {
            assert_eq!(sparse.get(id), (id < 300 && id % 3 == 1).then(|| i64::from(id) - 100), "{id}");
        }
    }
}
