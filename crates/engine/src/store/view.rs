//! A store as it stands, its rows in order of time: values of a row, codes and words, places in time. Questions about
//! many rows are `query`'s.

use super::{Cells, Place, RowId, Store, Version};
use crate::column::{Codes, Dictionary};
use crate::row::{Category, Row};
use std::borrow::Cow;
use std::cmp::Ordering;

/// A settled store. A place is a row's position in order of time, from 0.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub(super) store: &'a Store,
}

impl<'a> View<'a> {
    /// `store` is settled.
    pub(super) fn new(store: &'a Store) -> View<'a> {
        View { store }
    }

    /// Rows held.
    pub fn len(&self) -> u32 {
        self.store.len()
    }

    pub fn is_empty(&self) -> bool {
        self.store.is_empty()
    }

    pub fn generation(&self) -> u64 {
        self.store.generation()
    }

    /// The record of a row as it was appended.
    ///
    /// # Panics
    /// Where there is no such row, as the other methods that take one do.
    pub fn row(&self, id: RowId) -> Row<'a> {
        Row {
            uid: Cow::Borrowed(self.uid(id)),
            time: self.time(id),
            latest: self.latest(id),
            sequence: self.sequence(id),
            categories: Category::ALL.map(|category| self.words(category).cell(self.codes(category).get(id))),
            change: self.change(id),
            version: self.version(id),
            resource: self.store.resource_words.cell(self.store.resources.get(id)),
            opened_at: self.opened_at(id),
            decided_at: self.decided_at(id),
        }
    }

    /// Where the record of a row stands in what it was read from.
    pub fn place_of_record(&self, id: RowId) -> Place {
        let number = |of: &crate::column::Numbers| of.get(id).unwrap_or_default();
        Place { offset: number(&self.store.offsets), length: number(&self.store.lengths) as u32 }
    }

    /// The row with this uid.
    pub fn find(&self, uid: &str) -> Option<RowId> {
        let hash = crate::column::hash_text(self.store.seed, uid);
        self.store.uid_index.find(hash, |id| self.store.uids.get(id) == uid)
    }

    pub fn uid(&self, id: RowId) -> &'a str {
        self.store.uids.get(id)
    }

    #[inline]
    pub fn time(&self, id: RowId) -> i64 {
        self.store.times.get(id)
    }

    pub fn latest(&self, id: RowId) -> i64 {
        self.store.latest.get(id).unwrap_or_else(|| self.time(id))
    }

    pub fn sequence(&self, id: RowId) -> Option<u64> {
        self.store.sequences.get(id)
    }

    pub fn change(&self, id: RowId) -> Option<u64> {
        self.store.changes.get(id)
    }

    pub fn version(&self, id: RowId) -> Option<u32> {
        self.store.change_versions.get(id).map(|version| version as u32)
    }

    pub fn opened_at(&self, id: RowId) -> Option<i64> {
        self.store.opened_at.get(id)
    }

    pub fn decided_at(&self, id: RowId) -> Option<i64> {
        self.store.decided_at.get(id)
    }

    /// Each row's code in a category.
    pub fn codes(&self, category: Category) -> &'a Codes {
        &self.store.categories[category as usize]
    }

    /// What the codes of a category stand for.
    pub fn words(&self, category: Category) -> &'a Dictionary {
        &self.store.dictionaries[category as usize]
    }

    /// Each row's code among [`View::resource_words`].
    pub fn resources(&self) -> &'a Codes {
        &self.store.resources
    }

    pub fn resource_words(&self) -> &'a Dictionary {
        &self.store.resource_words
    }

    pub fn cells(&self) -> &'a Cells {
        &self.store.cells
    }

    /// The versions of changes that a record is about.
    pub fn versions(&self) -> impl Iterator<Item = Version> + 'a {
        self.store.versions.iter()
    }

    /// The version of a change, if a record has to do with its life.
    pub fn version_of(&self, change: u64, version: Option<u32>) -> Option<Version> {
        self.store.versions.find(change, version)
    }

    /// Grows as [`View::versions`] changes.
    pub fn versions_noted(&self) -> u64 {
        self.store.versions.noted()
    }

    /// Which of two rows is earlier in order of time.
    pub fn in_time(&self, a: RowId, b: RowId) -> Ordering {
        super::in_time(&self.store.times, &self.store.sequences, a, b)
    }

    /// The row at a place in time.
    #[inline]
    pub fn at(&self, place: u32) -> RowId {
        self.store.order.id(place)
    }

    /// Whether each row's place in time is its id.
    pub fn is_plain(&self) -> bool {
        self.store.order.is_plain()
    }

    /// How often rows that had their place in time were moved by rows that came late.
    pub fn late(&self) -> u64 {
        self.store.order.late()
    }

    /// The place of the first row at `time` or later.
    pub fn place(&self, time: i64) -> u32 {
        first(0..self.len(), |place| self.time(self.at(place)) >= time)
    }
}

/// The first of `range` for which `is` holds, where it holds for all after one for which it does; else the end.
pub(crate) fn first(range: std::ops::Range<u32>, is: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if is(middle) { high = middle } else { low = middle + 1 }
    }
    low
}
