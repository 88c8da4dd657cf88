//! What the answers to the page's questions are. Counting itself is `query`'s; here codes become words.

use super::Host;
use super::hash::hash;
use super::rows::Ordered;
use crate::column::Dictionary;
use crate::query::brush::Brush;
use crate::query::figures::{self, Index, Ran};
use crate::query::{Filter, Histogram, Needle, Scope, Selection, Span, Top, counts};
use crate::row::{Category, Cell};
use crate::store::View;
use crate::talk::{
    Answer, Backdrop, Counts, Facets, FacetsQuestion, Overview, OverviewQuestion, Question, Rejects, RejectsQuestion,
    Rows, RowsQuestion, Slot,
};
use std::collections::BTreeMap;

/// Probabilities of the quantiles of time to decision: the median and nine in ten.
const QUANTILES: [f64; 2] = [0.5, 0.9];

/// What a backdrop is of.
#[derive(Debug, PartialEq)]
pub(super) struct Before {
    generation: u64,
    filter: Filter,
    bins: u32,
}

impl Host {
    pub(super) fn answer(&mut self, slot: Slot, question: &Question) -> Answer {
        match question {
            Question::Overview(question) => Answer::Overview(self.overview(question)),
            Question::Rows(question) => Answer::Rows(self.rows(slot, question)),
            Question::Facets(question) => Answer::Facets(self.facets(question)),
            Question::Rejects(question) => Answer::Rejects(self.rejects(question)),
        }
    }

    fn overview(&mut self, question: &OverviewQuestion) -> Overview {
        let view = self.store.view();
        let (filter, span) = (&question.scoped.filter, question.scoped.span);
        let brush = brushed(&mut self.brush, &view, filter, &question.categories);
        let answer = brush.counts(&view, span, &mut self.linked);
        let last = view.len().checked_sub(1);
        let (from, to) =
            last.map_or((0, 0), |last| (view.time(view.at(0)), view.time(view.at(last)).saturating_add(1)));
        let bins = Histogram { from, to, bins: question.bins };
        let timeline = brush.histogram(&view, span, &bins).value;
        let counted = question.categories.iter().zip(&self.linked.categories);

        let index = indexed(&mut self.index, &view, brush);
        let now = question.now.unwrap_or(to.saturating_sub(1));
        let asked = |span: Span, bins| figures::Question {
            bins: Histogram { from: span.from.unwrap_or(from), to: span.to.unwrap_or(to), bins },
            probabilities: QUANTILES.to_vec(),
            waits: question.waits.clone(),
            rubber_stamp: question.rubber_stamp,
            now,
            ages: question.ages.clone(),
            agents: question.agents,
        };
        let wanted = asked(span, question.periods);
        let figures = index.ask(&view, span, &wanted).value;
        let earlier = if question.compare { before(span, from, to) } else { None };
        let earlier = earlier.map(|earlier| (earlier, index.ask(&view, earlier, &asked(earlier, 0)).value));
        let of = Before { generation: answer.generation, filter: filter.clone(), bins: question.bins };
        let is_new = self.backdrop.as_ref().is_none_or(|(told, _)| *told != of);
        if is_new {
            let ran = index.ask(&view, Span::ALL, &asked(Span::ALL, question.bins)).value.bins;
            self.backdrop = Some((of, backdrop(&view, brush, bins, ran)));
        }
        let (_, backdrop) = self.backdrop.as_ref().expect("it was just put there");
        let mut overview = Overview {
            span,
            of: answer.of,
            all: answer.all,
            generation: answer.generation,
            backdrop: is_new.then(|| backdrop.clone()),
            cells: self.linked.cells.iter().zip(brush.whole()).filter(|&(_, &all)| all > 0).map(|(&n, _)| n).collect(),
            timeline,
            counts: counted.map(|(&category, codes)| said(&view, category, codes, MOST)).collect(),
            figures,
            periods: wanted.bins,
            now,
            before: earlier,
            hash: None,
        };
        if question.hashed {
            overview.hash = Some(hash(&overview, backdrop));
        }
        overview
    }

    fn rows(&mut self, slot: Slot, question: &RowsQuestion) -> Rows {
        let view = self.store.view();
        if !self.ordered.get(&slot).is_some_and(|ordered| ordered.answers(&view, question)) {
            self.ordered.insert(slot, Ordered::make(&view, question));
        }
        let ordered = self.ordered.get_mut(&slot).expect("it was just put there");
        ordered.window(&view, question.offset, question.limit)
    }

    fn facets(&mut self, question: &FacetsQuestion) -> Facets {
        let view = self.store.view();
        let mut selections: Vec<(Filter, Selection)> = Vec::new();
        let counts = question
            .categories
            .iter()
            .map(|&category| {
                let mut filter = question.scoped.filter.clone();
                filter.terms.retain(|term| term.category != category);
                if !selections.iter().any(|(made, _)| *made == filter) {
                    selections.push((filter.clone(), Selection::of(&view, filter.clone())));
                }
                let (_, selection) = selections.iter().find(|(made, _)| *made == filter).expect("it was just made");
                let scope = Scope::new(selection, question.scoped.span);
                let mut codes = counts(&view, &scope, category).value;
                let since = question.as_of.map_or(view.len(), |as_of| as_of.min(u64::from(view.len())) as u32);
                for id in (since..view.len()).filter(|&id| scope.holds(&view, id)) {
                    codes[view.codes(category).get(id) as usize] -= 1;
                }
                if let Some((_, text)) = question.find.iter().find(|(of, _)| *of == category) {
                    keep_holding(&view, category, text, &mut codes);
                }
                said(&view, category, &codes, question.most as usize)
            })
            .collect();
        Facets { generation: view.generation(), counts }
    }

    fn rejects(&self, question: &RejectsQuestion) -> Rejects {
        let start = (question.offset as usize).min(self.rejects.len());
        let end = start.saturating_add(question.limit as usize).min(self.rejects.len());
        Rejects {
            of: self.progress.quarantined,
            kept: self.rejects.len() as u32,
            items: self.rejects[start..end].to_vec(),
        }
    }
}

/// Words of a category in an overview at most; the others are counted together.
const MOST: usize = 1_000;

/// The brush of a filter, made or brought up to date.
fn brushed<'a>(
    kept: &'a mut Option<Brush>,
    view: &View<'_>,
    filter: &Filter,
    categories: &[Category],
) -> &'a mut Brush {
    let fits = kept
        .as_ref()
        .is_some_and(|brush| brush.selection().filter() == filter && brush.categories().eq(categories.iter().copied()));
    match kept {
        Some(brush) if fits => {
            brush.update(view);
        }
        _ => *kept = Some(Brush::build(view, filter.clone(), categories)),
    }
    kept.as_mut().expect("it was just put there")
}

/// The figures of a brush's filter, made or kept.
fn indexed<'a>(kept: &'a mut Option<Index>, view: &View<'_>, brush: &Brush) -> &'a mut Index {
    let fits = kept.as_ref().is_some_and(|index| index.selection().filter() == brush.selection().filter());
    if !fits {
        *kept = Some(Index::of(view, brush.selection().clone()));
    }
    kept.as_mut().expect("it was just put there")
}

/// The filter's records, whatever the span.
fn backdrop(view: &View<'_>, brush: &mut Brush, bins: Histogram, ran: Vec<Ran>) -> Backdrop {
    let records = brush.histogram(view, Span::ALL, &bins).value;
    let mut words: [Words; 3] = Default::default();
    let cells = (0..).zip(brush.whole()).filter(|&(_, &records)| records > 0).map(|(cell, &records)| {
        let key = view.cells().key(cell);
        let [agents, services, access_levels] = &mut words;
        (agents.place(key.agent), services.place(key.service), access_levels.place(key.access_level), records)
    });
    let cells = cells.collect();
    let [agents, services, access_levels] = words;
    Backdrop {
        bins,
        records,
        ran,
        cells,
        agents: agents.words(view.words(Category::Agent)),
        services: services.words(view.words(Category::Service)),
        access_levels: access_levels.words(view.words(Category::AccessLevel)),
    }
}

/// The period before a span, as long as it, of records from `first` up to but without `end`. None where a span begins
/// with the first record or earlier: nothing is so old.
fn before(span: Span, first: i64, end: i64) -> Option<Span> {
    let from = span.from.filter(|from| *from > first)?;
    let length = span.to.unwrap_or(end).checked_sub(from).filter(|length| *length > 0)?;
    Some(Span::of(from.checked_sub(length)?, from))
}

/// Leaves only the counts of words that hold a text.
fn keep_holding(view: &View<'_>, category: Category, text: &str, codes: &mut [u32]) {
    let Some(needle) = Needle::new(text) else { return };
    let words = view.words(category);
    for (code, count) in (0..).zip(codes).filter(|(_, count)| **count > 0) {
        if !words.word(code).is_some_and(|word| needle.is_in(word)) {
            *count = 0;
        }
    }
}

/// Counts by code, in words.
fn said(view: &View<'_>, category: Category, codes: &[u32], most: usize) -> Counts {
    let words = view.words(category);
    let top = Top::of(view, category, codes, most);
    let owned = |cell: Cell<'_>| cell.into_owned();
    let mut counts: Vec<(Cell<'static>, u32)> =
        top.words.iter().map(|&(code, count)| (owned(words.cell(code)), count)).collect();
    let there = codes.iter().skip(top.missing.len()).filter(|&&count| count > 0).count();
    let missing = (0..).zip(top.missing).filter(|&(_, count)| count > 0);
    counts.extend(missing.map(|(code, count)| (owned(words.cell(code)), count)));
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    Counts { category, counts, other: top.other, other_words: (there - top.words.len()) as u32 }
}

/// The codes that cells have, each with its place in the order that they came.
#[derive(Default)]
struct Words {
    places: BTreeMap<u32, u32>,
}

impl Words {
    fn place(&mut self, code: u32) -> u32 {
        let next = self.places.len() as u32;
        *self.places.entry(code).or_insert(next)
    }

    fn words(self, dictionary: &Dictionary) -> Vec<Cell<'static>> {
        let mut words = vec![Cell::Absent; self.places.len()];
        for (code, place) in self.places {
            words[place as usize] = dictionary.cell(code).into_owned();
        }
        words
    }
}
