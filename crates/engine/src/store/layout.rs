//! Laying a store out: its rows are given new numbers, those of their places in time, and every column is written anew in
//! that order. Neighbours in time are neighbours in memory then, and a question about a span reads one run of it. It is
//! for when a load that came in some other order has ended.

use super::{Store, View};
use crate::column::Chunks;

/// When a store was laid out.
#[derive(Debug, Clone, Default)]
pub(super) struct Layouts {
    /// The store's generation after each.
    generations: Vec<u64>,
}

impl Layouts {
    pub fn count(&self) -> u64 {
        self.generations.len() as u64
    }

    /// How many rows there were at a generation, or at the last layout, if that was later.
    fn held_at(&self, generation: u64) -> u64 {
        let last = self.generations.last().copied().unwrap_or(0);
        generation.max(last) - self.count()
    }
}

impl Store {
    /// Numbers the rows by their places in time, and gives whether any has another number now: what was kept by number
    /// is to be asked for again, and the generation grows. Takes a second for some million records; while it is done, one
    /// column after the other is held twice, and eight bytes a row beside. Nothing is done where a column can't be written
    /// in that order: 4 GiB of uids within one chunk.
    pub fn lay_out(&mut self) -> bool {
        self.view();
        if self.order.is_plain() {
            return false;
        }
        let mut ids = Chunks::default();
        (0..self.len()).for_each(|place| ids.push(self.order.id(place)));
        let mut places = vec![0; self.len() as usize];
        (0..self.len()).for_each(|place| places[ids.get(place) as usize] = place);

        let order = || (0..ids.len()).map(|place| ids.get(place));
        let Some(uids) = self.uids.arranged(order()) else { return false };
        self.uids = uids;
        self.order = self.order.straightened();
        self.times = self.times.arranged(order());
        self.latest = self.latest.arranged(order());
        self.sequences = self.sequences.arranged(order());
        for codes in &mut self.categories {
            *codes = codes.arranged(order());
        }
        self.changes = self.changes.arranged(order());
        self.change_versions = self.change_versions.arranged(order());
        self.resources = self.resources.arranged(order());
        self.opened_at = self.opened_at.arranged(order());
        self.decided_at = self.decided_at.arranged(order());
        self.offsets = self.offsets.arranged(order());
        self.lengths = self.lengths.arranged(order());
        self.cells.arrange(order());
        self.uid_index.renumber(&places);
        self.versions.renumber(&places);
        self.layouts.generations.push(self.generation() + 1);
        true
    }
}

impl View<'_> {
    /// How often the store was laid out: while it is the same, so are the rows' numbers.
    pub fn layouts(&self) -> u64 {
        self.store.layouts.count()
    }

    /// The rows with smaller numbers than this were held at a generation; or when the store was laid out last, if that
    /// was later: which of them were held before is not known any more.
    pub fn held_at(&self, generation: u64) -> u32 {
        self.store.layouts.held_at(generation).min(self.len().into()) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Column, Filter, Scope, Selection, Sorting, Span, page};
    use crate::row::Row;
    use crate::store::Place;

    fn append(store: &mut Store, times: &[i64]) {
        for &time in times {
            let row = Row { uid: format!("at {time}").into(), time, latest: time, ..Row::default() };
            store.append(&row, Place::default());
        }
    }

    #[test]
    fn generations_grow_and_tell_what_was_held() {
        let mut store = Store::default();
        append(&mut store, &[1, 2, 3]);
        assert!(!store.lay_out(), "rows that came in order have their numbers");
        assert_eq!(store.generation(), 3);
        append(&mut store, &[0]);
        assert!(store.lay_out() && !store.lay_out());
        assert_eq!(store.generation(), 5);
        append(&mut store, &[7, 5]);
        let view = store.view();
        // At 3 there were three rows, but which of the four that have new numbers is not known.
        for (generation, held) in [(0, 4), (3, 4), (4, 4), (5, 4), (6, 5), (7, 6), (8, 6)] {
            assert_eq!(view.held_at(generation), held, "{generation}");
        }
        assert!(store.lay_out());
        assert_eq!((store.generation(), store.view().layouts(), store.view().held_at(6)), (8, 2, 6));
    }

    #[test]
    fn rows_have_the_numbers_of_their_places() {
        let mut store = Store::default();
        append(&mut store, &[5, 3, 9, 1]);
        store.lay_out();
        append(&mut store, &[4]);
        let view = store.view();
        let times: Vec<i64> = (0..view.len()).map(|id| view.time(id)).collect();
        assert_eq!(times, [1, 3, 5, 9, 4]);
        assert_eq!(view.find("at 9"), Some(3));
        let selection = Selection::of(&view, Filter::default());
        let sorting = Sorting { by: Column::Time, descending: false };
        let ids = page(&view, &Scope::new(&selection, Span::ALL), sorting, 0, 9).value;
        assert_eq!(ids, [0, 1, 4, 2, 3]);
    }
}
