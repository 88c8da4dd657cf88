//! Any span of time, at once, for all linked views: counts by category, cells and histogram of one filter's records. A
//! [`Brush`] is the filter's rows in order of time and, for each view, cumulative counts at every so many rows; the
//! counts of a span are two of these subtracted, and the rows between them and the span's edges, which are counted one
//! by one. So it is exact for any edges, and a burst of records makes no edge longer: the steps are of equal numbers of
//! rows, not of equal time.
//!
//! It is built when the filter changes. Rows that come later than all others in time are added to it; rows that come
//! late are not, since what is cumulative after them would all change: then it is built anew. What is counted of versions
//! of changes, times to decision among it, is `figures`'s.

use super::cumulative::{Cumulative, Rows, SHORTEST, steps};
use super::instants::Instants;
use super::{Answer, Filter, Histogram, Selection, Span};
use crate::row::Category;
use crate::store::{RowId, View};
use std::ops::Range;

/// Bytes that the cumulative counts of all views may take: four a row, within these bounds. The filter's rows take four
/// each beside it, where the filter leaves any out.
const BUDGET: Range<usize> = 4 << 20..16 << 20;

/// The index of one filter.
#[derive(Debug, Clone)]
pub struct Brush {
    selection: Selection,
    /// The filter's rows in order of time; none where place and row are the same number.
    ids: Option<Vec<RowId>>,
    count: u32,
    instants: Instants,
    cells: Cumulative,
    categories: Vec<(Category, Cumulative)>,
    built: Built,
}

/// What the store was like.
#[derive(Debug, Clone, Copy)]
struct Built {
    rows: u32,
    generation: u64,
    late: u64,
    /// Rows of the filter when it was built.
    count: u32,
}

/// What [`Brush::update`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updated {
    /// Nothing had come.
    Unchanged,
    /// The new rows were added at the end.
    Extended,
    /// It was built anew: rows came late or have other numbers, a figure's rows are others, or it has grown to twice what
    /// its steps were chosen for.
    Rebuilt,
}

/// The counts of all linked views within one span; kept from brush to brush, so that nothing is allocated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Linked {
    /// By cell number.
    pub cells: Vec<u32>,
    /// By code, for each category that was asked for, in that order.
    pub categories: Vec<Vec<u32>>,
}

impl Brush {
    /// For the cells of the heatmap and the categories named.
    pub fn build(view: &View<'_>, filter: Filter, categories: &[Category]) -> Brush {
        Self::of(view, Selection::of(view, filter), categories)
    }

    fn of(view: &View<'_>, selection: Selection, categories: &[Category]) -> Brush {
        let ids = if selection.is_everything() && view.is_plain() {
            None
        } else {
            let mut ids = Vec::with_capacity(selection.count() as usize);
            ids.extend((0..view.len()).map(|place| view.at(place)).filter(|&id| selection.holds(id)));
            Some(ids)
        };
        let count = selection.count();
        let sizes: Vec<u32> =
            std::iter::once(view.cells().len()).chain(categories.iter().map(|&c| view.words(c).codes())).collect();
        let steps = steps(BUDGET, count, &sizes);
        let mut brush = Brush {
            selection,
            ids,
            count: 0,
            instants: Instants::default(),
            cells: Cumulative::new(steps[0], sizes[0], count),
            categories: categories
                .iter()
                .zip(steps[1..].iter().zip(&sizes[1..]))
                .map(|(&category, (&step, &size))| (category, Cumulative::new(step, size, count)))
                .collect(),
            built: Built { rows: view.len(), generation: view.generation(), late: view.late(), count },
        };
        brush.extend_to(view, count);
        brush
    }

    /// Takes in what was appended to the store since. Questions do so by themselves.
    pub fn update(&mut self, view: &View<'_>) -> Updated {
        if view.generation() == self.built.generation {
            return Updated::Unchanged;
        }
        let old = self.built.rows;
        let changed = self.selection.extend(view);
        let (late, count) = (view.late() != self.built.late, self.selection.count());
        let unplain = self.ids.is_none() && !view.is_plain();
        if late || unplain || changed || count / 2 > self.built.count.max(SHORTEST) {
            let categories: Vec<Category> = self.categories.iter().map(|(category, _)| *category).collect();
            *self = Self::of(view, self.selection.clone(), &categories);
            return Updated::Rebuilt;
        }
        if let Some(ids) = &mut self.ids {
            ids.extend((old..view.len()).map(|place| view.at(place)).filter(|&id| self.selection.holds(id)));
        }
        self.extend_to(view, count);
        self.built = Built { rows: view.len(), generation: view.generation(), ..self.built };
        Updated::Extended
    }

    fn extend_to(&mut self, view: &View<'_>, count: u32) {
        let new = self.count..count;
        self.count = count;
        let rows = Rows(self.ids.as_deref());
        self.instants.extend(count, |place| view.time(rows.id(place)));
        self.cells.extend(view.cells().rows(), view.cells().len(), rows, new.clone());
        for (category, cumulative) in &mut self.categories {
            cumulative.extend(view.codes(*category), view.words(*category).codes(), rows, new.clone());
        }
    }

    fn id(&self, place: u32) -> RowId {
        Rows(self.ids.as_deref()).id(place)
    }

    /// The first of the filter's rows, by its place among them, at `time` or later.
    fn place(&self, view: &View<'_>, time: i64) -> u32 {
        self.instants.place(time, |place| view.time(self.id(place)))
    }

    fn places(&mut self, view: &View<'_>, span: Span) -> Range<u32> {
        self.update(view);
        let start = span.from.map_or(0, |from| self.place(view, from));
        start..span.to.map_or(self.count, |to| self.place(view, to)).max(start)
    }

    /// Counts the filter's records within a span into `linked`; the answer's value is nothing. Like every question, it
    /// takes in first what was appended since.
    pub fn counts(&mut self, view: &View<'_>, span: Span, linked: &mut Linked) -> Answer<()> {
        let places = self.places(view, span);
        let rows = Rows(self.ids.as_deref());
        self.cells.between(view.cells().rows(), rows, places.clone(), &mut linked.cells);
        linked.categories.resize_with(self.categories.len(), Vec::new);
        for ((category, cumulative), counts) in self.categories.iter().zip(&mut linked.categories) {
            cumulative.between(view.codes(*category), rows, places.clone(), counts);
        }
        Answer::new(view, places.len() as u32, ())
    }

    /// By cell number, all of the filter's records; as of the last question or update.
    pub fn whole(&self) -> &[u32] {
        self.cells.total()
    }

    /// The filter's records of a span by bins of time.
    pub fn histogram(&mut self, view: &View<'_>, span: Span, histogram: &Histogram) -> Answer<Vec<u32>> {
        let places = self.places(view, span);
        let clamped = |at| self.place(view, histogram.edge(at)).clamp(places.start, places.end);
        let mut before = clamped(0);
        let counts = (1..=histogram.bins).map(|at| {
            let after = clamped(at);
            after - std::mem::replace(&mut before, after)
        });
        Answer::new(view, places.len() as u32, counts.collect())
    }

    /// As [`page`] by time of the filter's records of a span, at the page's cost alone.
    ///
    /// [`page`]: fn@super::page
    pub fn page(
        &mut self,
        view: &View<'_>,
        span: Span,
        descending: bool,
        offset: u32,
        limit: u32,
    ) -> Answer<Vec<RowId>> {
        let places = self.places(view, span);
        let of = places.len() as u32;
        let (start, end) = (offset.min(of), offset.saturating_add(limit).min(of));
        let ids = (start..end).map(|at| self.id(if descending { places.end - 1 - at } else { places.start + at }));
        Answer::new(view, of, ids.collect())
    }

    /// As of the last question or update.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The categories that it counts by.
    pub fn categories(&self) -> impl Iterator<Item = Category> {
        self.categories.iter().map(|(category, _)| *category)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.selection.bytes()
            + self.ids.as_ref().map_or(0, |ids| ids.capacity() * size_of::<RowId>())
            + self.instants.bytes()
            + self.cells.bytes()
            + self.categories.iter().map(|(_, cumulative)| cumulative.bytes()).sum::<usize>()
    }
}
