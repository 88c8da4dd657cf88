//! Questions about many records, and exact answers. A question is asked of a [`View`] within a [`Scope`]: the records
//! that a filter lets through, of a span of time. The same questions for one filter and ever other spans are answered
//! faster by `brush`.
//!
//! [`View`]: crate::store::View

pub mod brush;
mod count;
mod cumulative;
mod decision;
mod edges;
pub mod figures;
mod filter;
mod instants;
mod page;
mod ranks;
mod text;
mod wavelet;

#[cfg(test)]
pub(crate) mod oracle;
#[cfg(test)]
mod tests;

pub use count::{HeatCell, Histogram, Top, cells, counts, histogram, top};
pub use decision::{Outcome, Policy, TimeToDecision, Verdict, outcome, time_to_decision, verdict};
pub use edges::{Edges, NotRising};
pub use figures::Figure;
pub use filter::{Choice, Conditions, Filter, Keep, Selection, Term};
pub use page::{Column, Sorting, page};
pub use text::Needle;

use crate::store::{RowId, View};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Instants in microseconds: from the first, up to but without the last; None is without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    pub from: Option<i64>,
    pub to: Option<i64>,
}

impl Span {
    pub const ALL: Span = Span { from: None, to: None };

    pub const fn of(from: i64, to: i64) -> Span {
        Span { from: Some(from), to: Some(to) }
    }

    pub fn holds(&self, time: i64) -> bool {
        self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time < to)
    }

    /// The places in time of the rows within it.
    pub fn places(&self, view: &View<'_>) -> Range<u32> {
        let start = self.from.map_or(0, |from| view.place(from));
        start..self.to.map_or(view.len(), |to| view.place(to)).max(start)
    }
}

/// The records that a question is about.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    pub selection: &'a Selection,
    pub span: Span,
    /// Only those in this cell of the heatmap, by its number in [`Cells`].
    ///
    /// [`Cells`]: crate::store::Cells
    pub cell: Option<u32>,
}

impl<'a> Scope<'a> {
    pub fn new(selection: &'a Selection, span: Span) -> Scope<'a> {
        Scope { selection, span, cell: None }
    }

    /// Gives `f` the rows in order of time, or in the reverse of it, until it says no.
    fn each(&self, view: &View<'_>, descending: bool, mut f: impl FnMut(RowId) -> bool) {
        let places = self.span.places(view);
        let mut one = |place: u32| {
            let id = view.at(place);
            !self.lets_through(view, id) || f(id)
        };
        if descending {
            places.rev().all(&mut one);
        } else {
            places.into_iter().all(&mut one);
        }
    }

    /// Whether a row is within it.
    pub fn holds(&self, view: &View<'_>, id: RowId) -> bool {
        self.span.holds(view.time(id)) && self.lets_through(view, id)
    }

    fn lets_through(&self, view: &View<'_>, id: RowId) -> bool {
        self.selection.holds(id) && self.cell.is_none_or(|cell| view.cells().rows().get(id) == cell)
    }

    /// Gives `f` every row once, in whichever order costs least.
    fn every(&self, view: &View<'_>, mut f: impl FnMut(RowId)) {
        if self.span == Span::ALL {
            (0..view.len()).filter(|&id| self.lets_through(view, id)).for_each(f);
        } else {
            self.each(view, false, |id| {
                f(id);
                true
            });
        }
    }
}

/// An answer and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// Records within the scope.
    pub of: u32,
    /// Records held.
    pub all: u32,
    /// The store's when it was asked: an answer of an older generation than one that was seen is late.
    pub generation: u64,
    pub value: T,
}

impl<T> Answer<T> {
    fn new(view: &View<'_>, of: u32, value: T) -> Answer<T> {
        Answer { of, all: view.len(), generation: view.generation(), value }
    }
}
