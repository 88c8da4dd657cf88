//! Any span of time, at once, for all linked views: counts by category, cells, histogram and times to decision of one
//! filter's records. A [`Brush`] is the filter's rows in order of time and, for each view, cumulative counts at every so
//! many rows; the counts of a span are two of these subtracted, and the rows between them and the span's edges, which
//! are counted one by one. So it is exact for any edges, and a burst of records makes no edge longer: the steps are of
//! equal numbers of rows, not of equal time.
//!
//! It is built when the filter changes. Rows that come later than all others in time are added to it; rows that come
//! late are not, since what is cumulative after them would all change: then it is built anew.

use super::decision::{Outcome, TimeToDecision, outcome, rank};
use super::wavelet::Wavelet;
use super::{Answer, Edges, Filter, Histogram, Selection, Span};
use crate::column::{Codes, Ids};
use crate::row::Category;
use crate::store::view::first;
use crate::store::{NONE, RowId, View};
use std::ops::Range;

/// Bytes that the cumulative counts of all views may take: four a row, within these bounds. The filter's rows take four
/// each beside it, where the filter leaves any out.
const BUDGET: Range<usize> = 4 << 20..16 << 20;
/// Shortest step, in rows: below it counting rows is as fast as subtracting.
const SHORTEST: u32 = if cfg!(test) { 4 } else { 256 };

/// The index of one filter.
#[derive(Debug, Clone)]
pub struct Brush {
    selection: Selection,
    /// The filter's rows in order of time; none where place and row are the same number.
    ids: Option<Vec<RowId>>,
    count: u32,
    /// The time of every [`SHORTEST`]th of them.
    times: Vec<i64>,
    cells: Cumulative,
    categories: Vec<(Category, Cumulative)>,
    waits: Waits,
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
    /// It was built anew: rows came late, a figure's rows are others, or it has grown to twice what its steps were chosen for.
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
        let steps = steps(count, &sizes);
        let mut brush = Brush {
            selection,
            ids,
            count: 0,
            times: Vec::new(),
            cells: Cumulative::new(steps[0], sizes[0], count),
            categories: categories
                .iter()
                .zip(steps[1..].iter().zip(&sizes[1..]))
                .map(|(&category, (&step, &size))| (category, Cumulative::new(step, size, count)))
                .collect(),
            waits: Waits::default(),
            built: Built { rows: view.len(), generation: view.generation(), late: view.late(), count },
        };
        brush.extend_to(view, count);
        brush
    }

    /// Takes in what was appended to the store since.
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
        let mut place = new.start.next_multiple_of(SHORTEST);
        while place < count {
            self.times.push(view.time(self.id(place)));
            place += SHORTEST;
        }
        let rows = Rows(self.ids.as_deref());
        self.cells.extend(view.cells().rows(), view.cells().len(), rows, new.clone());
        for (category, cumulative) in &mut self.categories {
            cumulative.extend(view.codes(*category), view.words(*category).codes(), rows, new.clone());
        }
        self.waits.update(view, &self.selection);
    }

    fn id(&self, place: u32) -> RowId {
        self.ids.as_ref().map_or(place, |ids| ids[place as usize])
    }

    /// The first of the filter's rows, by its place among them, at `time` or later.
    fn place(&self, view: &View<'_>, time: i64) -> u32 {
        let step = self.times.partition_point(|&at| at < time) as u32;
        let start = step.saturating_sub(1) * SHORTEST;
        first(start..(step * SHORTEST).min(self.count), |place| view.time(self.id(place)) >= time)
    }

    fn places(&self, view: &View<'_>, span: Span) -> Range<u32> {
        self.check(view);
        let start = span.from.map_or(0, |from| self.place(view, from));
        start..span.to.map_or(self.count, |to| self.place(view, to)).max(start)
    }

    fn check(&self, view: &View<'_>) {
        assert_eq!(self.built.generation, view.generation(), "the brush was not updated");
    }

    /// Counts the filter's records within a span into `linked`; the answer's value is nothing.
    ///
    /// # Panics
    /// Where the store has changed since the brush was built or updated, as the other questions do.
    pub fn counts(&self, view: &View<'_>, span: Span, linked: &mut Linked) -> Answer<()> {
        let places = self.places(view, span);
        let rows = Rows(self.ids.as_deref());
        self.cells.between(view.cells().rows(), rows, places.clone(), &mut linked.cells);
        linked.categories.resize_with(self.categories.len(), Vec::new);
        for ((category, cumulative), counts) in self.categories.iter().zip(&mut linked.categories) {
            cumulative.between(view.codes(*category), rows, places.clone(), counts);
        }
        Answer::new(view, places.len() as u32, ())
    }

    /// The filter's records of a span by bins of time.
    pub fn histogram(&self, view: &View<'_>, span: Span, histogram: &Histogram) -> Answer<Vec<u32>> {
        let places = self.places(view, span);
        let clamped = |at| self.place(view, histogram.edge(at)).clamp(places.start, places.end);
        let mut before = clamped(0);
        let counts = (1..=histogram.bins).map(|at| {
            let after = clamped(at);
            after - std::mem::replace(&mut before, after)
        });
        Answer::new(view, places.len() as u32, counts.collect())
    }

    /// As [`time_to_decision`] of the filter's records of a span.
    ///
    /// [`time_to_decision`]: super::time_to_decision
    pub fn time_to_decision(
        &self,
        view: &View<'_>,
        span: Span,
        probabilities: &[f64],
        edges: &Edges,
    ) -> Answer<TimeToDecision> {
        self.check(view);
        let value = self.waits.within(span, probabilities, edges);
        Answer::new(view, value.outcomes.iter().sum(), value)
    }

    /// As [`page`] by time of the filter's records of a span, at the page's cost alone.
    ///
    /// [`page`]: super::page
    pub fn page(&self, view: &View<'_>, span: Span, descending: bool, offset: u32, limit: u32) -> Answer<Vec<RowId>> {
        let places = self.places(view, span);
        let of = places.len() as u32;
        let (start, end) = (offset.min(of), offset.saturating_add(limit).min(of));
        let ids = (start..end).map(|at| self.id(if descending { places.end - 1 - at } else { places.start + at }));
        Answer::new(view, of, ids.collect())
    }

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
            + self.times.capacity() * size_of::<i64>()
            + self.cells.bytes()
            + self.categories.iter().map(|(_, cumulative)| cumulative.bytes()).sum::<usize>()
            + self.waits.bytes()
    }
}

/// Rows between two cumulative counts, for each view by how many codes it has: the views share the budget equally, and
/// what one with few codes doesn't need is the others'.
fn steps(rows: u32, sizes: &[u32]) -> Vec<u32> {
    let mut budget = (rows as usize * size_of::<u32>()).clamp(BUDGET.start, BUDGET.end) as u64;
    let mut by_size: Vec<usize> = (0..sizes.len()).collect();
    by_size.sort_by_key(|&at| sizes[at]);
    let mut steps = vec![SHORTEST; sizes.len()];
    for (done, at) in by_size.into_iter().enumerate() {
        let share = budget / (sizes.len() - done) as u64;
        // What cumulative counts at every row would take.
        let whole = u64::from(rows) * u64::from(sizes[at]) * size_of::<u32>() as u64;
        let step = whole.div_ceil(share.max(1)).clamp(SHORTEST.into(), 1 << 30).next_power_of_two();
        steps[at] = step as u32;
        budget -= (whole / step).min(share);
    }
    steps
}

/// The filter's rows by their places among them.
#[derive(Clone, Copy)]
struct Rows<'a>(Option<&'a [RowId]>);

impl<'a> Rows<'a> {
    fn of(self, places: Range<u32>) -> Ids<'a> {
        match self.0 {
            Some(ids) => Ids::List(&ids[places.start as usize..places.end as usize]),
            None => Ids::Run(places),
        }
    }
}

/// Counts by code of all rows before each step.
#[derive(Debug, Clone)]
struct Cumulative {
    step: u32,
    /// One after the other; codes that came after a step are not in it.
    sums: Vec<u32>,
    /// Where each step's end in `sums`; the first step, before any row, has none.
    ends: Vec<u32>,
    /// Of all rows.
    total: Vec<u32>,
    rows: u32,
}

impl Cumulative {
    /// With room for so many rows.
    fn new(step: u32, codes: u32, rows: u32) -> Cumulative {
        let sums = Vec::with_capacity((rows / step) as usize * codes as usize);
        Cumulative { step, sums, ends: vec![0], total: Vec::new(), rows: 0 }
    }

    fn extend(&mut self, codes: &Codes, len: u32, rows: Rows<'_>, new: Range<u32>) {
        self.total.resize(len as usize, 0);
        while self.rows < new.end {
            let next = ((self.rows / self.step + 1) * self.step).min(new.end);
            codes.tally(rows.of(self.rows..next), 1, &mut self.total);
            self.rows = next;
            if next.is_multiple_of(self.step) {
                self.sums.extend_from_slice(&self.total);
                self.ends.push(self.sums.len() as u32);
            }
        }
    }

    /// Counts by code of the rows at `places`.
    fn between(&self, codes: &Codes, rows: Rows<'_>, places: Range<u32>, counts: &mut Vec<u32>) {
        counts.clear();
        counts.resize(self.total.len(), 0);
        if places.len() as u32 <= self.step / 2 {
            return codes.tally(rows.of(places), 1, counts);
        }
        self.add_before(codes, rows, places.end, 1, counts);
        self.add_before(codes, rows, places.start, u32::MAX, counts);
    }

    /// Adds `by` for each row before `place`, wrapping; from the step that is nearest.
    fn add_before(&self, codes: &Codes, rows: Rows<'_>, place: u32, by: u32, counts: &mut [u32]) {
        let steps = self.ends.len() as u32 - 1;
        let nearest = (place / self.step + u32::from(place % self.step > self.step / 2)).min(steps);
        if place == self.rows {
            return add(&self.total, by, counts);
        }
        if nearest > 0 {
            let range = self.ends[nearest as usize - 1] as usize..self.ends[nearest as usize] as usize;
            add(&self.sums[range], by, counts);
        }
        let at = nearest * self.step;
        if at <= place {
            codes.tally(rows.of(at..place), by, counts);
        } else {
            codes.tally(rows.of(place..at), by.wrapping_neg(), counts);
        }
    }

    fn bytes(&self) -> usize {
        (self.sums.capacity() + self.ends.capacity() + self.total.capacity()) * size_of::<u32>()
    }
}

fn add(sums: &[u32], by: u32, counts: &mut [u32]) {
    for (count, sum) in counts.iter_mut().zip(sums) {
        *count = count.wrapping_add(sum.wrapping_mul(by));
    }
}

/// Versions opened by the filter's records, in order of the opening.
#[derive(Debug, Clone, Default)]
struct Waits {
    /// When those of each kind of outcome were opened, in order.
    opened: [Vec<i64>; Outcome::COUNT],
    /// The waits of the decided, from the shortest.
    waits: Vec<i64>,
    /// Of the decided in order of opening, the place of each in `waits`.
    places: Wavelet,
    noted: u64,
}

impl Waits {
    /// A record may settle a version that was opened long ago, so that all are asked again; versions are fewer than
    /// records, and asked only where a record had to do with one.
    fn update(&mut self, view: &View<'_>, selection: &Selection) {
        if self.noted == view.versions_noted() {
            return;
        }
        self.noted = view.versions_noted();
        self.opened.iter_mut().for_each(Vec::clear);
        let mut decided = Vec::new();
        for version in view.versions() {
            if version.opening == NONE || !selection.holds(version.opening) {
                continue;
            }
            let opened = view.time(version.opening);
            let outcome = outcome(view, &version);
            self.opened[outcome.kind()].push(opened);
            if let Outcome::Decided(wait) = outcome {
                decided.push((opened, wait));
            }
        }
        // Versions mostly come in the order that they were opened in, which the stable sort makes use of.
        self.opened.iter_mut().for_each(|opened| opened.sort());
        decided.sort();
        let mut by_wait: Vec<(i64, u32)> = decided.iter().map(|&(_, wait)| wait).zip(0..).collect();
        by_wait.sort_unstable();
        let mut places = vec![0; decided.len()];
        (0..).zip(&by_wait).for_each(|(place, &(_, at))| places[at as usize] = place);
        self.waits = by_wait.into_iter().map(|(wait, _)| wait).collect();
        self.places = Wavelet::of(places);
        self.opened.iter_mut().chain([&mut self.waits]).for_each(Vec::shrink_to_fit);
    }

    fn within(&self, span: Span, probabilities: &[f64], edges: &Edges) -> TimeToDecision {
        let run = |opened: &[i64]| {
            let place = |time: i64| opened.partition_point(|&at| at < time) as u32;
            let start = span.from.map_or(0, place);
            start..span.to.map_or(opened.len() as u32, place).max(start)
        };
        let decided = run(&self.opened[0]);
        let quantile = |probability: f64| {
            let rank = rank(probability, decided.len())? as u32;
            Some(self.waits[self.places.smallest(decided.clone(), rank) as usize])
        };
        let before = |wait: i64| {
            self.places.below(decided.clone(), self.waits.partition_point(|&shorter| shorter < wait) as u32)
        };
        TimeToDecision {
            outcomes: std::array::from_fn(|kind| run(&self.opened[kind]).len() as u32),
            quantiles: probabilities.iter().map(|&probability| quantile(probability)).collect(),
            histogram: edges.counts(decided.len() as u32, before),
        }
    }

    fn bytes(&self) -> usize {
        let opened: usize = self.opened.iter().map(Vec::capacity).sum();
        (opened + self.waits.capacity()) * size_of::<i64>() + self.places.bytes()
    }
}
