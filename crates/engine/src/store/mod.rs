//! All records in columns. Rows are appended in any order and numbered as they come; a [`View`] has them in order of
//! time and is what is asked, fastest where rows came in that order or were laid out in it. What is asked is `query`'s; where rows come from is `ingest`'s.

mod cells;
mod layout;
mod order;
mod versions;
pub mod view;

pub use cells::{CellKey, Cells};
pub use versions::{NONE, Step, Version, Versions};
pub use view::View;

use crate::column::{Arena, Chunks, Codes, Dictionary, HashIndex, Numbers, Sparse, hash_text};
use crate::row::{Category, Cell, Row};
use layout::Layouts;
use order::Order;
use std::cmp::Ordering;

/// A row's number, from 0 in the order that rows came, or that they were laid out in since. It stays the row's whatever
/// comes later, until the store is laid out.
pub type RowId = u32;

/// Where a record stands in what it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// In bytes from the beginning.
    pub offset: u64,
    /// In bytes.
    pub length: u32,
}

/// What became of an appended row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    Added(RowId),
    /// A row with this uid is there; the new one was counted and is not kept.
    Repeated(RowId),
    /// A column can take no more: 2^32 - 2 rows, or 4 GiB of text in one chunk. Nothing was changed.
    Full,
}

/// Records in columns.
#[derive(Debug, Clone, Default)]
pub struct Store {
    uids: Arena,
    uid_index: HashIndex,
    times: Chunks<i64>,
    /// Where it is not `time`.
    latest: Sparse,
    sequences: Numbers,
    dictionaries: [Dictionary; Category::COUNT],
    categories: [Codes; Category::COUNT],
    changes: Numbers,
    change_versions: Numbers,
    resource_words: Dictionary,
    resources: Codes,
    opened_at: Sparse,
    decided_at: Sparse,
    offsets: Numbers,
    lengths: Numbers,
    cells: Cells,
    versions: Versions,
    order: Order,
    layouts: Layouts,
    repeated: u64,
    seed: u64,
}

impl Store {
    /// An empty store. The seed, any number that whoever writes the records can't foretell, keeps them from slowing it
    /// down by texts that collide; answers don't depend on it.
    pub fn seeded(seed: u64) -> Store {
        Store {
            dictionaries: std::array::from_fn(|_| Dictionary::seeded(seed)),
            resource_words: Dictionary::seeded(seed),
            seed,
            ..Store::default()
        }
    }

    /// Takes a row in, unless its uid is there.
    pub fn append(&mut self, row: &Row<'_>, place: Place) -> Appended {
        let hash = hash_text(self.seed, &row.uid);
        if let Some(id) = self.uid_index.find(hash, |id| self.uids.is(id, &row.uid)) {
            self.repeated += 1;
            return Appended::Repeated(id);
        }
        let id = self.uids.len();
        if !self.has_room_for(row) {
            return Appended::Full;
        }
        self.uid_index.insert(hash, |id| hash_text(self.seed, self.uids.get(id)));
        self.uids.push(&row.uid);
        self.times.push(row.time);
        if row.latest != row.time {
            self.latest.push(id, row.latest);
        }
        self.sequences.push(row.sequence);
        let mut codes = [0; Category::COUNT];
        for (at, cell) in row.categories.iter().enumerate() {
            codes[at] = self.dictionaries[at].code_or_insert(cell);
            self.categories[at].push(codes[at]);
        }
        self.changes.push(row.change);
        self.change_versions.push(row.version.map(u64::from));
        self.resources.push(self.resource_words.code_or_insert(&row.resource));
        if let Some(at) = row.opened_at {
            self.opened_at.push(id, at);
        }
        if let Some(at) = row.decided_at {
            self.decided_at.push(id, at);
        }
        self.offsets.push(Some(place.offset));
        self.lengths.push(Some(place.length.into()));
        self.cells.push(CellKey {
            agent: codes[Category::Agent as usize],
            service: codes[Category::Service as usize],
            access_level: codes[Category::AccessLevel as usize],
        });
        self.note_version(row, id);
        Appended::Added(id)
    }

    /// The rows in order of time: by `time`, then by position in the log (those without one last), then as they came.
    pub fn view(&mut self) -> View<'_> {
        let (times, sequences) = (&self.times, &self.sequences);
        self.order.settle(times.len(), |a, b| in_time(times, sequences, a, b));
        View::new(self)
    }

    /// Rows held.
    pub fn len(&self) -> u32 {
        self.times.len()
    }

    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Grows with each change: answers of one generation are about the same rows under the same numbers.
    pub fn generation(&self) -> u64 {
        u64::from(self.len()) + self.layouts.count()
    }

    /// Rows that were not taken in because their uid was there.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// Bytes held by each part, spare room included.
    pub fn bytes(&self) -> Vec<(&'static str, usize)> {
        let sum = |codes: &[Codes]| codes.iter().map(Codes::bytes).sum();
        vec![
            ("uid", self.uids.bytes()),
            ("uid index", self.uid_index.bytes()),
            ("time", self.times.bytes()),
            ("latest", self.latest.bytes()),
            ("sequence", self.sequences.bytes()),
            ("categories", sum(&self.categories)),
            ("category words", self.dictionaries.iter().map(Dictionary::bytes).sum()),
            ("change", self.changes.bytes()),
            ("version", self.change_versions.bytes()),
            ("resource", self.resources.bytes()),
            ("resource words", self.resource_words.bytes()),
            ("opened_at", self.opened_at.bytes()),
            ("decided_at", self.decided_at.bytes()),
            ("place", self.offsets.bytes() + self.lengths.bytes()),
            ("cells", self.cells.bytes()),
            ("versions of changes", self.versions.bytes()),
            ("order", self.order.bytes()),
        ]
    }

    fn has_room_for(&self, row: &Row<'_>) -> bool {
        let length = |cell: &Cell<'_>| if let Cell::Is(word) = cell { word.len() } else { 0 };
        self.uids.len() < NONE - 1
            && self.uids.has_room_for(row.uid.len())
            && self.resource_words.has_room_for(length(&row.resource))
            && row.categories.iter().zip(&self.dictionaries).all(|(cell, words)| words.has_room_for(length(cell)))
    }

    fn note_version(&mut self, row: &Row<'_>, id: RowId) {
        let word = |category: Category| match &row.categories[category as usize] {
            Cell::Is(word) => Some(word.as_ref()),
            Cell::Absent | Cell::Missing(_) => None,
        };
        let Some(change) = row.change else { return };
        let Some(step) = word(Category::Kind).and_then(|kind| Step::of(kind, word(Category::ReviewDecision))) else {
            return;
        };
        let (times, sequences, decided_at) = (&self.times, &self.sequences, &self.decided_at);
        let decided = |id: RowId| decided_at.get(id).unwrap_or_else(|| times.get(id));
        self.versions.note(
            (change, row.version),
            step,
            id,
            |a, b| in_time(times, sequences, a, b).is_lt(),
            |a, b| decided(a) < decided(b),
        );
    }
}

fn in_time(times: &Chunks<i64>, sequences: &Numbers, a: RowId, b: RowId) -> Ordering {
    let sequence = |id| sequences.get(id).map_or((true, 0), |sequence| (false, sequence));
    times.get(a).cmp(&times.get(b)).then_with(|| (sequence(a), a).cmp(&(sequence(b), b)))
}
