//! The cells of the permissions heatmap: each agent × service × access level that a record has, numbered, and each
//! record's. A combination that no record has is no cell. Counting them is `query`'s.

use crate::column::{Chunks, Codes, HashIndex, hash_numbers};

/// Codes of the agent, the service and the access level in their dictionaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CellKey {
    pub agent: u32,
    pub service: u32,
    pub access_level: u32,
}

/// The cells in the order that they came, and each row's.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    keys: Chunks<CellKey>,
    index: HashIndex,
    rows: Codes,
}

impl Cells {
    /// Notes the next row's cell.
    pub fn push(&mut self, key: CellKey) {
        let cell = self.number(key).unwrap_or_else(|| {
            self.index.insert(hash(key), |cell| hash(self.keys.get(cell)));
            self.keys.push(key);
            self.keys.len() - 1
        });
        self.rows.push(cell);
    }

    /// The number of a cell, if a record is in it.
    pub fn number(&self, key: CellKey) -> Option<u32> {
        self.index.find(hash(key), |cell| self.keys.get(cell) == key)
    }

    /// # Panics
    /// Where there is no such cell.
    pub fn key(&self, cell: u32) -> CellKey {
        self.keys.get(cell)
    }

    /// How many cells a record is in.
    pub fn len(&self) -> u32 {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The number of each row's cell.
    pub fn rows(&self) -> &Codes {
        &self.rows
    }

    /// Takes the rows in the order of `ids`.
    pub(super) fn arrange(&mut self, ids: impl Iterator<Item = u32>) {
        self.rows = self.rows.arranged(ids);
    }

    /// Bytes held, spare room included.
    pub fn bytes(&self) -> usize {
        self.keys.bytes() + self.index.bytes() + self.rows.bytes()
    }
}

fn hash(key: CellKey) -> u64 {
    hash_numbers(0, [key.agent.into(), key.service.into(), key.access_level.into()])
}
