//! Counting: records by the words of a category, by bins of time and by cells of the heatmap. Counts are by code, the
//! kinds of missing at the codes before [`FIRST_WORD`], so that they are never taken for words.
//!
//! [`FIRST_WORD`]: crate::column::FIRST_WORD

use super::{Answer, Scope};
use crate::column::{Codes, FIRST_WORD, Ids};
use crate::query::Span;
use crate::row::Category;
use crate::store::{CellKey, View};
use serde::{Deserialize, Serialize};

/// Records by code of a category.
pub fn counts(view: &View<'_>, scope: &Scope<'_>, category: Category) -> Answer<Vec<u32>> {
    let counts = tally(view, scope, view.codes(category), view.words(category).codes());
    Answer::new(view, counts.iter().sum(), counts)
}

fn tally(view: &View<'_>, scope: &Scope<'_>, codes: &Codes, len: u32) -> Vec<u32> {
    let mut counts = vec![0; len as usize];
    let whole = scope.selection.is_everything() && scope.cell.is_none();
    let places = scope.span.places(view);
    if whole && (view.is_plain() || places.len() as u32 == view.len()) {
        // The places are the ids, or all of them.
        codes.tally(Ids::Run(places), 1, &mut counts);
    } else {
        scope.every(view, |id| counts[codes.get(id) as usize] += 1);
    }
    counts
}

/// The words that most records have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Top {
    /// Code and records, most first, words of as many in the order of the alphabet; none that no record has.
    pub words: Vec<(u32, u32)>,
    /// Records that have another word.
    pub other: u32,
    /// Records that have none, by kind of missing.
    pub missing: [u32; FIRST_WORD as usize],
}

/// The `k` words of a category that most records have.
pub fn top(view: &View<'_>, scope: &Scope<'_>, category: Category, k: usize) -> Answer<Top> {
    counts(view, scope, category).map(|counts| Top::of(view, category, &counts, k))
}

impl Top {
    /// From the counts by code.
    pub fn of(view: &View<'_>, category: Category, counts: &[u32], k: usize) -> Top {
        let (missing, _) = counts.split_first_chunk().unwrap_or((&[0; FIRST_WORD as usize], &[]));
        let dictionary = view.words(category);
        let mut words: Vec<(u32, u32)> = (0..)
            .zip(counts)
            .skip(FIRST_WORD as usize)
            .map(|(code, &count)| (code, count))
            .filter(|w| w.1 > 0)
            .collect();
        let by_count = |a: &(u32, u32), b: &(u32, u32)| {
            b.1.cmp(&a.1).then_with(|| dictionary.word(a.0).cmp(&dictionary.word(b.0)))
        };
        if k < words.len() {
            words.select_nth_unstable_by(k, by_count);
        }
        let other = words.iter().skip(k).map(|word| word.1).sum();
        words.truncate(k);
        words.sort_unstable_by(by_count);
        Top { words, other, missing: *missing }
    }
}

/// One cell of the heatmap that has records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeatCell {
    /// Its number among the store's cells, for [`Scope::cell`].
    pub cell: u32,
    pub key: CellKey,
    pub count: u32,
}

/// The cells that have records, in the order of their numbers.
pub fn cells(view: &View<'_>, scope: &Scope<'_>) -> Answer<Vec<HeatCell>> {
    let counts = tally(view, scope, view.cells().rows(), view.cells().len());
    let of = counts.iter().sum();
    let cells = (0..).zip(counts).filter(|&(_, count)| count > 0);
    Answer::new(view, of, cells.map(|(cell, count)| HeatCell { cell, key: view.cells().key(cell), count }).collect())
}

/// Bins of equal width over a span of time, the last as wide as is left where the width is no whole number of
/// microseconds: bin `i` of `n` begins at `from` + ⌈`i` × width of the whole / `n`⌉. A bin may be empty of instants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    pub from: i64,
    pub to: i64,
    pub bins: u32,
}

impl Histogram {
    /// Where bin `at` begins; `to` for the one after the last.
    pub fn edge(&self, at: u32) -> i64 {
        let whole = (i128::from(self.to) - i128::from(self.from)).max(0);
        let bins = i128::from(self.bins.max(1));
        // At most `to`, so that it fits.
        (i128::from(self.from) + (whole * i128::from(at) + bins - 1) / bins) as i64
    }
}

/// Records by bin. Those within the scope and outside of the bins are in `of` alone.
pub fn histogram(view: &View<'_>, scope: &Scope<'_>, histogram: &Histogram) -> Answer<Vec<u32>> {
    let mut counts = vec![0; histogram.bins as usize];
    let edges: Vec<i64> = (0..=histogram.bins).map(|at| histogram.edge(at)).collect();
    let width = (i128::from(histogram.to) - i128::from(histogram.from)) as f64;
    let (bins, span) = (f64::from(histogram.bins), Span::of(histogram.from, histogram.to));
    let mut of = 0;
    scope.every(view, |id| {
        of += 1;
        let time = view.time(id);
        if span.holds(time) && !counts.is_empty() {
            // A guess by a quotient that may be rounded, then the bin itself.
            let guess = (i128::from(time) - i128::from(histogram.from)) as f64 / width * bins;
            let mut at = (guess as usize).min(counts.len() - 1);
            while time < edges[at] {
                at -= 1;
            }
            while time >= edges[at + 1] {
                at += 1;
            }
            counts[at] += 1;
        }
    });
    Answer::new(view, of, counts)
}

impl<T> Answer<T> {
    /// The same answer, said otherwise.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { of: self.of, all: self.all, generation: self.generation, value: f(self.value) }
    }
}
