//! Every answer is the oracle's, while records come in any order.

use super::super::Host;
use super::ask;
use crate::query::oracle::{Oracle, append, bins_of, cell_of, filter, history, span};
use crate::query::{Column, Edges, Figure, Filter, Sorting, Span};
use crate::row::{Category, Cell, Row};
use crate::talk::{
    Answer, Backdrop, CellCount, Counts, Facets, FacetsQuestion, Overview, OverviewQuestion, Question, Rows,
    RowsQuestion, Scoped, Slot,
};
use oversight::generated::{Generator, cases};
use std::collections::BTreeMap;

/// Histories of up to 200 records, the same on each machine; the first part is there before anything is asked.
fn try_histories(mut test: impl FnMut(&mut Generator, &[Row<'static>], usize)) {
    for number in 0..cases(60).min(2_000) as u64 {
        let mut generator = Generator::new("host", number);
        let len = generator.below(200);
        let rows = history(&mut generator, len);
        let early = generator.below(rows.len() + 1);
        test(&mut generator, &rows, early);
    }
}

fn rows(host: &mut Host, id: u32, question: &RowsQuestion) -> Rows {
    match ask(host, Slot::Rows, id, Question::Rows(question.clone())) {
        Answer::Rows(rows) => rows,
        other => panic!("{other:?}"),
    }
}

fn facets(host: &mut Host, id: u32, question: &FacetsQuestion) -> Facets {
    match ask(host, Slot::Facets, id, Question::Facets(question.clone())) {
        Answer::Facets(facets) => facets,
        other => panic!("{other:?}"),
    }
}

fn uids(rows: &Rows) -> Vec<&str> {
    rows.rows.iter().map(|row| &*row.uid).collect()
}

/// The records of the first ids.
fn before(oracle: &Oracle, generation: u64) -> Oracle {
    Oracle { rows: oracle.rows.iter().filter(|(id, _)| u64::from(*id) < generation).cloned().collect() }
}

#[test]
fn windows_are_the_oracles_and_nothing_that_comes_moves_them() {
    try_histories(|generator, history, early| {
        let mut host = Host::new(generator.number());
        append(&mut host.store, &history[..early]);
        let all = Oracle::of(&history[..early]);
        let scoped = Scoped { filter: filter(generator), span: span(generator, &all) };
        let cell = match (generator.below(4), all.rows.is_empty()) {
            (0, false) => Some(cell_of(&generator.pick(&all.rows).1)),
            (1, _) => Some([Cell::Is("nobody".into()), Cell::Absent, Cell::Absent]),
            _ => None,
        };
        let columns: Vec<Column> = Column::all().collect();
        let sorting = Sorting { by: *generator.pick(&columns), descending: generator.one_in(2) };
        let mut question = RowsQuestion {
            scoped,
            cell,
            sorting,
            as_of: None,
            up_to: None,
            offset: 0,
            limit: generator.below(30) as u32,
        };
        let expected = all.within(&question.scoped.filter, question.scoped.span, question.cell.as_ref());

        let first = rows(&mut host, 1, &question);
        assert_eq!((first.of as usize, first.all, first.newer), (expected.rows.len(), host.store.len(), 0));
        assert_eq!(first.generation, host.store.generation());
        question.as_of = Some(first.generation);
        let mut id = 1;
        for come in [early, (early + history.len()) / 2, history.len()] {
            append(&mut host.store, &history[early..come]);
            let now = Oracle::of(&history[..come]).within(
                &question.scoped.filter,
                question.scoped.span,
                question.cell.as_ref(),
            );
            question.offset = generator.below(expected.rows.len() + 3) as u32;
            id += 1;
            let window = rows(&mut host, id, &question);
            let ids = expected.page(sorting, question.offset as usize, question.limit as usize);
            assert_eq!(uids(&window), ids, "{question:?}");
            assert_eq!(window.offset, question.offset.min(window.of));
            assert_eq!((window.generation, window.of, window.all), (first.generation, first.of, host.store.len()));
            assert_eq!(window.newer as usize, now.rows.len() - expected.rows.len(), "{question:?}");
        }

        // By the record that was the last to be there.
        let all = Oracle::of(history);
        let upto = generator.below(all.rows.len() + 1);
        let last = all.rows.iter().find(|(id, _)| *id as usize + 1 == upto).map(|(_, row)| row.uid.to_string());
        let generation = if last.is_some() { upto as u64 } else { host.store.generation() };
        let question = RowsQuestion {
            as_of: None,
            up_to: last.or(Some("no such uid".to_owned())),
            offset: 0,
            limit: 1_000,
            ..question
        };
        let window = rows(&mut host, id + 1, &question);
        let within = all.within(&question.scoped.filter, question.scoped.span, question.cell.as_ref());
        let expected = before(&within, generation);
        assert_eq!(uids(&window), expected.page(sorting, 0, 1_000));
        assert_eq!(window.newer as usize, within.rows.len() - expected.rows.len());
    });
}

#[test]
fn the_rows_behind_a_figure_are_asked_for_as_any_others() {
    let mut some = 0;
    try_histories(|generator, history, early| {
        let mut host = Host::new(generator.number());
        append(&mut host.store, &history[..early]);
        let figure = *generator.pick(&[Figure::Ran, Figure::Opened, Figure::Pending, Figure::Approvals]);
        let question = |figure, as_of| RowsQuestion {
            scoped: Scoped { filter: Filter { figure, ..Filter::default() }, span: Span::ALL },
            cell: None,
            sorting: Sorting { by: Column::Time, descending: true },
            as_of,
            up_to: None,
            offset: 0,
            limit: 1_000,
        };
        let then = rows(&mut host, 1, &question(Some(figure), None));
        append(&mut host.store, &history[early..]);
        let kept = rows(&mut host, 2, &question(Some(figure), Some(then.generation)));
        assert_eq!((uids(&kept), kept.of), (uids(&then), then.of));
        let now = rows(&mut host, 3, &question(Some(figure), None));
        let all = rows(&mut host, 4, &question(None, None));
        let mut rest = all.rows.iter();
        assert!(now.rows.iter().all(|row| rest.any(|other| other == row)), "{figure:?} has rows of its own");
        assert_eq!(now.of as usize, now.rows.len());
    });
    try_histories(|_, history, _| {
        let mut host = Host::new(0);
        append(&mut host.store, history);
        let filter = Filter { figure: Some(Figure::Opened), ..Filter::default() };
        some += crate::query::Selection::of(&host.view(), filter).count();
    });
    assert!(some > 100, "{some}");
}

fn said(counts: &Counts) -> BTreeMap<String, u32> {
    counts.counts.iter().map(|(cell, count)| (format!("{cell:?}"), *count)).collect()
}

#[test]
fn facets_count_each_category_under_all_other_terms() {
    try_histories(|generator, history, early| {
        let mut host = Host::new(generator.number());
        append(&mut host.store, &history[..early]);
        let generation = host.store.generation();
        append(&mut host.store, &history[early..]);
        let all = Oracle::of(history);
        let scoped = Scoped { filter: filter(generator), span: span(generator, &all) };
        let as_of = generator.one_in(2).then_some(generation);
        let held = before(&all, as_of.unwrap_or(u64::MAX));
        let question = FacetsQuestion {
            scoped: scoped.clone(),
            categories: Category::ALL.to_vec(),
            most: 1_000,
            as_of,
            find: Vec::new(),
        };
        let found = facets(&mut host, 1, &question);
        let few = facets(&mut host, 2, &FacetsQuestion { most: 2, ..question.clone() });
        let find = vec![(Category::Operation, "P1".to_owned()), (Category::Agent, String::new())];
        let holding = facets(&mut host, 3, &FacetsQuestion { find, ..question.clone() });
        for (at, category) in Category::ALL.into_iter().enumerate() {
            let mut others = scoped.filter.clone();
            others.terms.retain(|term| term.category != category);
            let expected = held.within(&others, scoped.span, None).counts(category);
            let counts = &found.counts[at];
            assert_eq!((counts.category, counts.other, counts.other_words), (category, 0, 0));
            assert_eq!(said(counts), expected);
            assert!(counts.counts.is_sorted_by_key(|(_, count)| std::cmp::Reverse(*count)), "{counts:?}");

            // Kinds of missing are among them however few are wanted, and nothing is left out uncounted.
            let few = &few.counts[at];
            let missing = |(cell, _): &&(Cell<'_>, u32)| !matches!(cell, Cell::Is(_));
            assert_eq!(few.counts.iter().filter(missing).count(), counts.counts.iter().filter(missing).count());
            assert!(few.counts.iter().all(|word| counts.counts.contains(word)));
            let sum = |counts: &Counts| counts.counts.iter().map(|word| word.1).sum::<u32>() + counts.other;
            assert_eq!(sum(few), sum(counts));
            assert_eq!(few.counts.len() + few.other_words as usize, counts.counts.len());

            let holds = |word: &str| category != Category::Operation || word.to_lowercase().contains("p1");
            let mut words = expected.clone();
            words.retain(|word, _| category != Category::Operation || (word.starts_with("Is(") && holds(word)));
            assert_eq!(said(&holding.counts[at]), words);
        }
    });
}

#[test]
fn an_overview_counts_what_the_oracle_counts() {
    try_histories(|generator, history, early| {
        let mut host = Host::new(generator.number());
        let mut id = 0;
        let mut backdrop = None;
        let filter = filter(generator);
        for come in [early, history.len()] {
            host = Host { asked: BTreeMap::new(), ..host };
            let held = host.store.repeated() as usize + host.store.len() as usize;
            append(&mut host.store, &history[held..come]);
            let all = Oracle::of(&history[..come]);
            let bins = bins_of(generator, &all).bins;
            // What the counts stand before is told once, and again when there are more records.
            for is_told in [true, false] {
                let scoped = Scoped { filter: filter.clone(), span: span(generator, &all) };
                id += 1;
                let asked = OverviewQuestion {
                    scoped: scoped.clone(),
                    compare: true,
                    bins,
                    categories: vec![Category::Kind, Category::Tier, Category::Agent],
                    periods: 3,
                    waits: Edges::default(),
                    ages: Edges::default(),
                    rubber_stamp: 10,
                    now: None,
                    agents: 2,
                    hashed: true,
                };
                let overview = match ask(&mut host, Slot::Overview, id, Question::Overview(asked)) {
                    Answer::Overview(overview) => overview,
                    other => panic!("{other:?}"),
                };
                backdrop = overview.backdrop.clone().or(backdrop);
                check(&overview, backdrop.as_ref().expect("the first answer tells one"), &all, &scoped);
                assert!(is_told || overview.backdrop.is_none());
            }
        }
    });
}

fn check(overview: &Overview, backdrop: &Backdrop, all: &Oracle, scoped: &Scoped) {
    let within = all.within(&scoped.filter, scoped.span, None);
    assert_eq!((overview.of as usize, overview.all as usize), (within.rows.len(), all.rows.len()));
    for counts in &overview.counts {
        assert_eq!(said(counts), within.counts(counts.category));
    }
    assert_eq!(overview.cells.len(), backdrop.cells.len());
    let cells = |count: fn((&CellCount, &u32)) -> u32| {
        let cells = backdrop.cells.iter().zip(&overview.cells).filter(|&cell| count(cell) > 0).map(|cell| {
            let words = [
                &backdrop.agents[cell.0.0 as usize],
                &backdrop.services[cell.0.1 as usize],
                &backdrop.access_levels[cell.0.2 as usize],
            ];
            (format!("{words:?}"), count(cell))
        });
        cells.collect::<BTreeMap<_, _>>()
    };
    assert_eq!(cells(|(_, brushed)| *brushed), within.cells());
    let whole = all.within(&scoped.filter, Span::ALL, None);
    assert_eq!(cells(|(cell, _)| cell.3), whole.cells());
    assert_eq!(backdrop.records, whole.histogram(&backdrop.bins));
    assert_eq!(overview.timeline, within.histogram(&backdrop.bins));
    // Every action that ran is in a bin of it.
    assert_eq!(backdrop.ran.len(), backdrop.bins.bins as usize);
    assert_eq!(overview.hash.as_ref().map(String::len), Some(16));
}
