//! Which records a question is about, time apart: words of categories and first resources that are wanted or not, a
//! change, a text that is searched for, and a figure that they are behind. A [`Selection`] is a filter's answer for each
//! row, one bit a row; new rows are added to it without asking the others again, but for a figure, whose rows change with
//! what comes. Time is the scope's.

use super::figures::{self, Figure};
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

/// Values of one column, words or kinds of missing, and whether those are wanted or all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub values: Vec<Cell<'static>>,
    pub keep: Keep,
}

/// Conditions that all hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filter {
    pub terms: Vec<Term>,
    /// In the uid, the first resource's uid, the service, the operation, the agent or the actor, whatever the case of its
    /// letters; empty for any.
    pub text: String,
    /// Only the records of the change with this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<u64>,
    /// By the first resource's uid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<Choice>,
    /// Only the rows that this figure of the other conditions counts, one for each thing. What it counts is let through by
    /// the words of its version, which need not be those of its row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
}

/// A filter's answer for each row.
#[derive(Debug, Clone)]
pub struct Selection {
    filter: Filter,
    /// What everything but the figure lets through; none where there is nothing else.
    conditions: Option<Vec<u64>>,
    /// The rows behind the figure; none where there is no figure.
    figure: Option<Vec<u64>>,
    rows: u32,
    count: u32,
    /// The store's layouts when it answered.
    layouts: u64,
}

/// A filter's conditions without its figure: what they say of each row.
#[derive(Debug, Clone, Copy)]
pub struct Conditions<'a>(Option<&'a [u64]>);

impl Conditions<'_> {
    /// Whether they let a row through.
    #[inline]
    pub fn hold(&self, id: RowId) -> bool {
        self.0.is_none_or(|bits| is_set(bits, id))
    }

    /// Whether every row is let through, whatever comes.
    pub fn are_none(&self) -> bool {
        self.0.is_none()
    }
}

#[inline]
fn is_set(bits: &[u64], id: RowId) -> bool {
    bits[id as usize / 64] >> (id % 64) & 1 == 1
}

fn ones(bits: &[u64]) -> u32 {
    bits.iter().map(|word| word.count_ones()).sum()
}

impl Selection {
    pub fn of(view: &View<'_>, filter: Filter) -> Selection {
        let plain =
            filter.terms.is_empty() && filter.text.is_empty() && filter.change.is_none() && filter.resource.is_none();
        let figure = filter.figure.map(|_| Vec::new());
        let conditions = (!plain).then(Vec::new);
        let mut selection = Selection { filter, conditions, figure, rows: 0, count: 0, layouts: view.layouts() };
        selection.extend(view);
        selection
    }

    /// Answers for the rows that were appended since. Gives whether a row that was answered for has another answer now,
    /// which a figure's may have, and every one of a store that was laid out since.
    pub fn extend(&mut self, view: &View<'_>) -> bool {
        if self.layouts != view.layouts() {
            *self = Selection::of(view, std::mem::take(&mut self.filter));
            return true;
        }
        let new = self.rows..view.len();
        if new.is_empty() {
            return false;
        }
        self.rows = view.len();
        let words = self.rows.div_ceil(64) as usize;
        if let Some(bits) = &mut self.conditions {
            bits.resize(words, 0);
            meet(view, &self.filter, new.clone(), bits);
        }
        let Some(figure) = self.filter.figure else {
            self.count = self.conditions.as_ref().map_or(self.rows, |bits| ones(bits));
            return false;
        };
        let mut bits = vec![0; words];
        figures::each_behind(view, &self.conditions(), figure, |id| bits[id as usize / 64] |= 1 << (id % 64));
        self.count = ones(&bits);
        let old = self.figure.replace(bits).unwrap_or_default();
        let bits = self.figure.as_deref().unwrap_or_default();
        // Of the word in which the new rows begin, the bits of the old ones.
        let differ = |at: usize| match (old[at] ^ bits[at], new.start as usize - at * 64) {
            (other, left @ 0..64) => other & ((1 << left) - 1) != 0,
            (other, _) => other != 0,
        };
        (0..old.len()).any(differ)
    }

    /// Whether the filter lets a row through.
    ///
    /// # Panics
    /// Where the row came after the selection was made or extended.
    #[inline]
    pub fn holds(&self, id: RowId) -> bool {
        assert!(id < self.rows, "the selection was not extended to the row");
        self.figure.as_ref().or(self.conditions.as_ref()).is_none_or(|bits| is_set(bits, id))
    }

    /// What everything else lets through, whatever the figure.
    pub fn conditions(&self) -> Conditions<'_> {
        Conditions(self.conditions.as_deref())
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
        self.conditions.is_none() && self.figure.is_none()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        [&self.conditions, &self.figure].into_iter().flatten().map(|bits| bits.capacity() * size_of::<u64>()).sum()
    }
}

/// Sets the bits of those rows that everything but the figure lets through.
fn meet(view: &View<'_>, filter: &Filter, rows: Range<u32>, bits: &mut [u64]) {
    rows.clone().for_each(|id| bits[id as usize / 64] |= 1 << (id % 64));
    for term in &filter.terms {
        let keeps = keeps(view.words(term.category), &term.values, term.keep);
        drop_unless(view.codes(term.category), rows.clone(), &keeps, bits);
    }
    if let Some(Choice { values, keep }) = &filter.resource {
        drop_unless(view.resources(), rows.clone(), &keeps(view.resource_words(), values, *keep), bits);
    }
    if filter.change.is_some() {
        for id in rows.clone().filter(|&id| view.change(id) != filter.change) {
            bits[id as usize / 64] &= !(1 << (id % 64));
        }
    }
    if let Some(needle) = Needle::new(&filter.text) {
        search(view, &needle, rows, bits);
    }
}

/// By code, whether a row that has it is kept.
fn keeps(words: &Dictionary, values: &[Cell<'static>], keep: Keep) -> Vec<bool> {
    let mut keeps = vec![keep == Keep::Without; words.codes() as usize];
    for code in values.iter().filter_map(|cell| words.code(cell)) {
        keeps[code as usize] = keep == Keep::Only;
    }
    keeps
}

fn drop_unless(codes: &Codes, rows: Range<u32>, keeps: &[bool], bits: &mut [u64]) {
    codes.for_each(rows, |id, code| bits[id as usize / 64] &= !(u64::from(!keeps[code as usize]) << (id % 64)));
}

/// Words are searched once each, uids of those rows alone whose words don't hold it.
fn search(view: &View<'_>, needle: &Needle, rows: Range<u32>, bits: &mut [u64]) {
    let column = |category| (view.codes(category), holding(view.words(category), needle));
    let columns = [
        column(Category::Operation),
        column(Category::Service),
        column(Category::Agent),
        column(Category::Actor),
        (view.resources(), holding(view.resource_words(), needle)),
    ];
    for id in rows {
        let bit = 1 << (id % 64);
        let word = &mut bits[id as usize / 64];
        let holds = *word & bit != 0
            && (columns.iter().any(|(codes, found)| found[codes.get(id) as usize]) || needle.is_in(view.uid(id)));
        if !holds {
            *word &= !bit;
        }
    }
}

/// By code, whether the word holds it; a kind of missing holds nothing.
fn holding(words: &Dictionary, needle: &Needle) -> Vec<bool> {
    (0..words.codes()).map(|code| words.word(code).is_some_and(|word| needle.is_in(word))).collect()
}
