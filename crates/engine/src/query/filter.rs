//! Which records a question is about, time apart: words of categories that are wanted or not, and a text that is
//! searched for. A [`Selection`] is a filter's answer for each row, one bit a row; new rows are added to it without
//! asking the others again. Time is the scope's.

use super::text::Needle;
use crate::column::{Codes, Dictionary};
use crate::row::{Category, Cell};
use crate::store::{RowId, View};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Whether the named are kept, or all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    Only,
    Without,
}

/// A condition on one category. It names words and kinds of missing rather than codes, so that it means the same in
/// another store, and for words that are yet to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    pub category: Category,
    pub values: Vec<Cell<'static>>,
    pub keep: Keep,
}

/// Conditions that all hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filter {
    pub terms: Vec<Term>,
    /// In the uid, the first resource's uid, the operation or the agent, whatever the case of its letters; empty for any.
    pub text: String,
}

/// A filter's answer for each row.
#[derive(Debug, Clone)]
pub struct Selection {
    filter: Filter,
    /// None where the filter lets everything through.
    bits: Option<Vec<u64>>,
    rows: u32,
    count: u32,
}

impl Selection {
    pub fn of(view: &View<'_>, filter: Filter) -> Selection {
        let plain = filter.terms.is_empty() && filter.text.is_empty();
        let mut selection = Selection { filter, bits: (!plain).then(Vec::new), rows: 0, count: 0 };
        selection.extend(view);
        selection
    }

    /// Answers for the rows that were appended since.
    pub fn extend(&mut self, view: &View<'_>) {
        let new = self.rows..view.len();
        self.rows = view.len();
        let Some(bits) = &mut self.bits else {
            self.count = self.rows;
            return;
        };
        if new.is_empty() {
            return;
        }
        bits.resize(self.rows.div_ceil(64) as usize, 0);
        new.clone().for_each(|id| bits[id as usize / 64] |= 1 << (id % 64));
        for term in &self.filter.terms {
            let words = view.words(term.category);
            let mut keeps = vec![term.keep == Keep::Without; words.codes() as usize];
            for code in term.values.iter().filter_map(|cell| words.code(cell)) {
                keeps[code as usize] = term.keep == Keep::Only;
            }
            drop_unless(view.codes(term.category), new.clone(), &keeps, bits);
        }
        if let Some(needle) = Needle::new(&self.filter.text) {
            search(view, &needle, new.clone(), bits);
        }
        self.count += new.filter(|&id| bits[id as usize / 64] >> (id % 64) & 1 == 1).count() as u32;
    }

    /// Whether the filter lets a row through.
    ///
    /// # Panics
    /// Where the row came after the selection was made or extended.
    #[inline]
    pub fn holds(&self, id: RowId) -> bool {
        assert!(id < self.rows, "the selection was not extended to the row");
        self.bits.as_ref().is_none_or(|bits| bits[id as usize / 64] >> (id % 64) & 1 == 1)
    }

    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Rows that it answers for.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Rows that the filter lets through.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Whether every row is let through, whatever comes.
    pub fn is_everything(&self) -> bool {
        self.bits.is_none()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bits.as_ref().map_or(0, |bits| bits.capacity() * size_of::<u64>())
    }
}

fn drop_unless(codes: &Codes, rows: Range<u32>, keeps: &[bool], bits: &mut [u64]) {
    codes.for_each(rows, |id, code| bits[id as usize / 64] &= !(u64::from(!keeps[code as usize]) << (id % 64)));
}

/// Words are searched once each, uids of those rows alone whose words don't hold it.
fn search(view: &View<'_>, needle: &Needle, rows: Range<u32>, bits: &mut [u64]) {
    let columns = [
        (view.codes(Category::Operation), view.words(Category::Operation)),
        (view.codes(Category::Agent), view.words(Category::Agent)),
        (view.resources(), view.resource_words()),
    ];
    let found = columns.map(|(_, words)| holding(words, needle));
    let [(operations, _), (agents, _), (resources, _)] = columns;
    for id in rows {
        let bit = 1 << (id % 64);
        let word = &mut bits[id as usize / 64];
        let holds = *word & bit != 0
            && (found[0][operations.get(id) as usize]
                || found[1][agents.get(id) as usize]
                || found[2][resources.get(id) as usize]
                || needle.is_in(view.uid(id)));
        if !holds {
            *word &= !bit;
        }
    }
}

/// By code, whether the word holds it; a kind of missing holds nothing.
fn holding(words: &Dictionary, needle: &Needle) -> Vec<bool> {
    (0..words.codes()).map(|code| words.word(code).is_some_and(|word| needle.is_in(word))).collect()
}
