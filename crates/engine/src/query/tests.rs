//! Every question against the oracle's answer, over numbered histories; `COUNTERSIGN_CASES` says how many.

use super::brush::{Brush, Linked, Updated};
use super::oracle::{Oracle, append, bins_of, cell_of, edges_of, filter, history, place, span};
use super::*;
use crate::column::FIRST_WORD;
use crate::row::{Category, Cell, Row};
use crate::store::{Appended, CellKey, Place, Store};
use oversight::generated::{Generator, cases};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::collections::BTreeMap;

const PROBABILITIES: [f64; 6] = [0.0, 0.1, 0.5, 0.9, 0.99, 1.0];

/// Tries histories of up to `longest` records, the same on each machine. A history that is shortened keeps its
/// beginning. A full run has a limit of its own: each history is asked hundreds of questions.
pub(super) fn try_histories(
    longest: usize,
    test: impl Fn(&mut Generator, Vec<Row<'static>>) -> Result<(), TestCaseError>,
) {
    let config =
        ProptestConfig { cases: cases(60).min(2_000) as u32, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let tried = runner.run(&(any::<u64>(), 0..longest), |(number, len)| {
        let rows = history(&mut Generator::new("history", number), len);
        test(&mut Generator::new("questions", number), rows)
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

fn cell_words(view: &View<'_>, key: CellKey) -> [Cell<'static>; 3] {
    let word = |category: Category, code| match view.words(category).cell(code) {
        Cell::Is(word) => Cell::Is(word.into_owned().into()),
        Cell::Absent => Cell::Absent,
        Cell::Missing(why) => Cell::Missing(why),
    };
    [
        word(Category::Agent, key.agent),
        word(Category::Service, key.service),
        word(Category::AccessLevel, key.access_level),
    ]
}

fn worded(view: &View<'_>, category: Category, counts: &[u32]) -> BTreeMap<String, u32> {
    let some = (0..).zip(counts).filter(|(_, count)| **count > 0);
    some.map(|(code, &count)| (format!("{:?}", view.words(category).cell(code)), count)).collect()
}

fn worded_cells(view: &View<'_>, counts: impl Iterator<Item = (CellKey, u32)>) -> BTreeMap<String, u32> {
    counts.filter(|cell| cell.1 > 0).map(|(key, count)| (format!("{:?}", cell_words(view, key)), count)).collect()
}

#[test]
fn rows_read_back_sorted_in_whatever_order_they_come() {
    try_histories(300, |generator, history| {
        let oracle = Oracle::of(&history);
        let mut store = Store::seeded(generator.number());
        let mut repeated = 0;
        let mut rest = &history[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(1 + generator.below(rest.len()));
            repeated += append(&mut store, now);
            store.view();
            rest = later;
        }
        prop_assert_eq!(store.repeated(), repeated);
        prop_assert_eq!(store.generation(), oracle.rows.len() as u64);
        let view = store.view();
        let read: Vec<u32> = (0..view.len()).map(|place| view.at(place)).collect();
        prop_assert_eq!(read, oracle.ids());
        for (id, row) in &oracle.rows {
            prop_assert_eq!(&view.row(*id), row);
            prop_assert_eq!(view.find(&row.uid), Some(*id));
            prop_assert_eq!(view.place_of_record(*id), place(*id as usize));
        }
        prop_assert_eq!(view.find("no such uid"), None);
        Ok(())
    });
}

/// Rows that were laid out have other numbers than the oracle's: both are known by their uids.
fn uids(view: &View<'_>, ids: &[u32]) -> Vec<String> {
    ids.iter().map(|&id| view.uid(id).to_owned()).collect()
}

#[test]
fn rows_that_are_laid_out_are_numbered_by_their_places() {
    try_histories(300, |generator, history| {
        let mut store = Store::seeded(generator.number());
        let mut come = 0;
        while come < history.len() {
            let now = (1 + generator.below(history.len())).min(history.len() - come);
            append(&mut store, &history[come..come + now]);
            come += now;
            let generation = store.generation();
            let changed = store.lay_out();
            prop_assert_eq!(store.generation(), generation + u64::from(changed));
            let oracle = Oracle::of(&history[..come]);
            let view = store.view();
            prop_assert!(view.is_plain());
            for (at, (id, row)) in (0..).zip(&oracle.rows) {
                prop_assert_eq!(&view.row(at), row);
                prop_assert_eq!(view.find(&row.uid), Some(at));
                // The oracle's number says as which it came.
                prop_assert_eq!(view.place_of_record(at), place(*id as usize));
            }
        }
        Ok(())
    });
}

#[test]
fn every_question_has_the_oracles_answer() {
    try_histories(300, |generator, history| {
        let all = Oracle::of(&history);
        let mut store = Store::default();
        let (early, late) = history.split_at(generator.below(history.len() + 1));
        append(&mut store, early);
        let filter = filter(generator);
        let mut selection = Selection::of(&store.view(), filter.clone());
        if generator.one_in(3) {
            store.lay_out();
        }
        append(&mut store, late);
        if generator.one_in(3) {
            store.lay_out();
        }
        let view = store.view();
        selection.extend(&view);
        prop_assert_eq!(selection.count() as usize, all.within(&filter, Span::ALL, None).rows.len());
        for _ in 0..2 {
            let span = span(generator, &all);
            let cell = (generator.one_in(3) && !view.cells().is_empty())
                .then(|| generator.below(view.cells().len() as usize) as u32);
            let words = cell.map(|cell| cell_words(&view, view.cells().key(cell)));
            let oracle = all.within(&filter, span, words.as_ref());
            let scope = Scope { selection: &selection, span, cell };
            let of = oracle.rows.len() as u32;

            for category in Category::ALL {
                let answer = counts(&view, &scope, category);
                prop_assert_eq!((answer.of, answer.all, answer.generation), (of, view.len(), view.generation()));
                prop_assert_eq!(worded(&view, category, &answer.value), oracle.counts(category));
                let k = generator.below(8);
                let top = top(&view, &scope, category, k).value;
                let mut most: Vec<(u32, String)> = (FIRST_WORD..)
                    .map_while(|code| {
                        Some((*answer.value.get(code as usize)?, view.words(category).word(code)?.to_owned()))
                    })
                    .filter(|(count, _)| *count > 0)
                    .collect();
                most.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
                let given: Vec<(u32, String)> = top
                    .words
                    .iter()
                    .map(|&(code, count)| (count, view.words(category).word(code).unwrap().to_owned()))
                    .collect();
                prop_assert_eq!(&given[..], &most[..k.min(most.len())]);
                let counted: u32 = given.iter().map(|word| word.0).sum();
                prop_assert_eq!(counted + top.other + top.missing.iter().sum::<u32>(), of);
                prop_assert_eq!(&top.missing[..], &answer.value[..FIRST_WORD as usize]);
            }

            let heat = cells(&view, &scope);
            prop_assert_eq!(heat.of, of);
            for heat in &heat.value {
                prop_assert_eq!(view.cells().number(heat.key), Some(heat.cell));
            }
            let heat = worded_cells(&view, heat.value.iter().map(|heat| (heat.key, heat.count)));
            prop_assert_eq!(heat, oracle.cells());

            let bins = bins_of(generator, &all);
            let answer = histogram(&view, &scope, &bins);
            prop_assert_eq!(answer.of, of);
            prop_assert_eq!(answer.value, oracle.histogram(&bins));

            let waits = edges_of(generator);
            let answer = time_to_decision(&view, &scope, &PROBABILITIES, &waits);
            let expected = oracle.time_to_decision(&all, &PROBABILITIES, &waits);
            prop_assert_eq!(answer.of, expected.outcomes.iter().sum::<u32>());
            prop_assert_eq!(answer.value, expected);

            for by in Column::all() {
                let sorting = Sorting { by, descending: generator.one_in(2) };
                let (offset, limit) = (generator.below(of as usize + 2), generator.below(40));
                let answer = page(&view, &scope, sorting, offset as u32, limit as u32);
                prop_assert_eq!(answer.of, of);
                let expected = oracle.page(sorting, offset, limit);
                prop_assert_eq!(uids(&view, &answer.value), expected, "{:?} {} {}", sorting, offset, limit);
            }
        }
        Ok(())
    });
}

#[test]
fn every_brush_has_the_oracles_answer_while_records_come() {
    try_histories(500, |generator, history| {
        let mut store = Store::default();
        let filter = if generator.one_in(3) { Filter::default() } else { filter(generator) };
        let categories = [Category::Kind, Category::Operation, Category::Agent, Category::Tier];
        let mut brush = Brush::build(&store.view(), filter.clone(), &categories);
        let mut linked = Linked::default();
        let mut come = 0;
        while come < history.len() {
            let now = (1 + generator.below(history.len() / 2 + 1)).min(history.len() - come);
            append(&mut store, &history[come..come + now]);
            come += now;
            let all = Oracle::of(&history[..come]);
            if generator.one_in(3) {
                store.lay_out();
            }
            let view = store.view();
            // Asked for or not, it takes in what came.
            if generator.one_in(2) {
                brush.update(&view);
                prop_assert_eq!(brush.update(&view), Updated::Unchanged);
            }
            for _ in 0..4 {
                let span = span(generator, &all);
                let oracle = all.within(&filter, span, None);
                let of = oracle.rows.len() as u32;

                let answer = brush.counts(&view, span, &mut linked);
                prop_assert_eq!((answer.of, answer.all, answer.generation), (of, view.len(), view.generation()));
                let heat = (0..).zip(&linked.cells).map(|(cell, &count)| (view.cells().key(cell), count));
                prop_assert_eq!(worded_cells(&view, heat), oracle.cells());
                for (category, counts) in categories.into_iter().zip(&linked.categories) {
                    prop_assert_eq!(worded(&view, category, counts), oracle.counts(category));
                }

                let bins = bins_of(generator, &all);
                let answer = brush.histogram(&view, span, &bins);
                prop_assert_eq!((answer.of, answer.value), (of, oracle.histogram(&bins)));

                let sorting = Sorting { by: Column::Time, descending: generator.one_in(2) };
                let (offset, limit) = (generator.below(of as usize + 2), generator.below(40));
                let answer = brush.page(&view, span, sorting.descending, offset as u32, limit as u32);
                let page = uids(&view, &answer.value);
                prop_assert_eq!((answer.of, page), (of, oracle.page(sorting, offset, limit)));
            }
        }
        Ok(())
    });
}

fn named(uid: &str, time: i64, kind: &'static str) -> Row<'static> {
    let mut row = Row { uid: uid.to_owned().into(), time, latest: time, ..Row::default() };
    row.categories[Category::Kind as usize] = Cell::Is(kind.into());
    row
}

#[test]
fn a_brush_is_added_to_at_the_end_and_built_anew_for_late_rows() {
    let mut store = Store::default();
    let add = |store: &mut Store, times: std::ops::Range<i64>, by: &str| {
        for time in times {
            store.append(&named(&format!("{by}{time}"), time, "review"), Place::default());
        }
    };
    add(&mut store, 0..100, "a");
    let mut brush = Brush::build(&store.view(), Filter::default(), &[Category::Kind]);
    for (times, by, expected) in [
        (100..140, "a", Updated::Extended),
        (100..140, "a", Updated::Unchanged),
        (139..141, "b", Updated::Extended),
        (20..21, "c", Updated::Rebuilt),
        (141..150, "a", Updated::Extended),
        (150..600, "a", Updated::Rebuilt),
    ] {
        add(&mut store, times.clone(), by);
        assert_eq!(brush.update(&store.view()), expected, "{times:?} {by}");
        let view = store.view();
        assert_eq!(brush.counts(&view, Span::ALL, &mut Linked::default()).of, view.len());
    }
}

/// A quotient of floating point is now and then a bin too low or too high: 1 / 49 × 49 is less than 1.
#[test]
fn each_instant_is_in_its_own_bin() {
    let mut store = Store::default();
    (0..200)
        .for_each(|time| assert_ne!(store.append(&named(&time.to_string(), time, "review"), place(0)), Appended::Full));
    let view = store.view();
    let selection = Selection::of(&view, Filter::default());
    for width in 1..=200 {
        for bins in [1, width / 2 + 1, width, width * 3] {
            let bins = Histogram { from: 0, to: width.into(), bins };
            let mut expected = vec![0; bins.bins as usize];
            (0..width).for_each(|time| expected[(time * bins.bins / width) as usize] += 1);
            assert_eq!(histogram(&view, &Scope::new(&selection, Span::ALL), &bins).value, expected, "{bins:?}");
        }
    }
}

#[test]
fn a_question_takes_in_first_what_came_since() {
    let mut store = Store::default();
    let mut brush = Brush::build(&store.view(), Filter::default(), &[]);
    for (uid, time) in [("a", 5), ("b", 7), ("c", 6)] {
        store.append(&named(uid, time, "review"), Place::default());
        let view = store.view();
        assert_eq!(brush.counts(&view, Span::ALL, &mut Linked::default()).of, view.len());
    }
}

/// Codes of one, two and four bytes in the same columns; each word once, so that each count is 1.
#[test]
fn more_words_than_two_bytes_can_number_are_told_apart() {
    let mut store = Store::default();
    let words = 66_000;
    for at in 0..words {
        let mut row = named(&format!("{at}"), at, "execution");
        row.categories[Category::Operation as usize] = Cell::Is(format!("Op{at}").into());
        row.categories[Category::Agent as usize] = Cell::Is(format!("agent{at}").into());
        row.resource = Cell::Is(format!("bucket{at}").into());
        assert!(matches!(store.append(&row, Place::default()), Appended::Added(_)));
    }
    let view = store.view();
    let mut brush = Brush::build(&view, Filter::default(), &[Category::Operation]);
    let mut linked = Linked::default();
    for (from, to) in [(0, words), (250, 260), (65_500, 65_600), (65_999, 66_000), (70, 65_950)] {
        brush.counts(&view, Span::of(from, to), &mut linked);
        let of = |counts: &[u32]| -> (u32, u32) { (counts.iter().sum(), counts.iter().copied().max().unwrap()) };
        assert_eq!(of(&linked.cells), ((to - from) as u32, 1));
        assert_eq!(of(&linked.categories[0]), ((to - from) as u32, 1));
        let code = view.words(Category::Operation).code(&Cell::Is(format!("Op{from}").into())).unwrap();
        assert_eq!(linked.categories[0][code as usize], 1);
    }
    for at in [0, 250, 251, 65_530, 65_531, 65_999] {
        assert_eq!(view.row(at).resource, Cell::Is(format!("bucket{at}").into()));
    }
    let selection = Selection::of(&view, Filter::default());
    let sorting = Sorting { by: Column::Category(Category::Operation), descending: true };
    let ids = page(&view, &Scope::new(&selection, Span::ALL), sorting, 0, 3).value;
    assert_eq!(ids.iter().map(|&id| view.uid(id)).collect::<Vec<_>>(), ["9999", "9998", "9997"]);
}

#[test]
fn cells_of_a_row_are_its_own() {
    let mut row = named("a", 1, "execution");
    row.categories[Category::Agent as usize] = Cell::Is("terraform".into());
    let mut store = Store::default();
    store.append(&row, Place::default());
    let view = store.view();
    assert_eq!(cell_words(&view, view.cells().key(0)), cell_of(&row));
}

/// What records say of a version, in the order that they say it, and what that makes of it: kind of outcome, wait.
#[test]
fn outcomes_are_concluded_as_they_are_defined() {
    type Said = (&'static str, &'static str, i64);
    let (propose, approve, reject): (Said, Said, Said) =
        (("proposal", "", 100), ("review", "approve", 160), ("review", "reject", 170));
    let policy = |word| ("policy_decision", word, 100);
    let then = |kind, at| (kind, "", at);
    for (said, kind, wait) in [
        (vec![propose], 3, None),
        (vec![propose, policy("needs_review")], 3, None),
        (vec![propose, policy("allow")], 1, None),
        (vec![propose, policy("deny")], 1, None),
        (vec![propose, policy("allow"), then("redemption", 105), then("verification", 107)], 1, None),
        (vec![propose, policy("needs_review"), reject], 0, Some(70)),
        (vec![propose, policy("needs_review"), approve, reject], 0, Some(70)),
        // One approval: whether it was enough, nothing says.
        (vec![propose, policy("needs_review"), approve], 5, None),
        (vec![propose, approve, then("redemption", 300)], 0, Some(60)),
        (vec![propose, approve, ("review", "approve", 190), then("lapse", 300)], 0, Some(90)),
        (vec![propose, approve, then("revocation", 300)], 0, Some(60)),
        // Refused at its redemption: the policy's word then is not its first.
        (
            vec![propose, policy("needs_review"), approve, ("policy_decision", "deny", 200), then("lapse", 300)],
            0,
            Some(60),
        ),
        (vec![propose, approve, then("expiry", 300)], 4, None),
        (vec![propose, then("expiry", 300)], 4, None),
        (vec![propose, then("cancellation", 300)], 4, None),
        (vec![propose, then("supersession", 300)], 4, None),
        (vec![propose, approve, then("supersession", 300)], 5, None),
        (vec![propose, then("redemption", 300)], 5, None),
        (vec![propose, then("break_glass", 110), then("redemption", 120)], 2, None),
        (vec![propose, then("break_glass", 110), approve, then("redemption", 120)], 2, None),
        (vec![propose, then("break_glass", 110), reject], 0, Some(70)),
        (vec![propose, ("review", "reject", 90)], 5, None),
        (vec![then("amendment", 90), reject], 0, Some(80)),
    ] {
        // In order and in reverse: what is said does not depend on when it came.
        for reversed in [false, true] {
            let mut store = Store::default();
            let mut rows: Vec<Row<'static>> = said
                .iter()
                .enumerate()
                .map(|(at, &(kind, word, time))| {
                    let mut row = Row { change: Some(4), version: Some(1), ..named(&format!("{at}"), time, kind) };
                    row.sequence = Some(at as u64);
                    let category = if kind == "review" { Category::ReviewDecision } else { Category::PolicyDecision };
                    row.categories[category as usize] = Cell::Is(word.into());
                    row
                })
                .collect();
            // Neither another version's end nor another change's is this one's.
            rows.push(Row { change: Some(4), version: Some(2), ..named("other version", 150, "expiry") });
            rows.push(Row { change: Some(5), version: Some(1), ..named("other change", 150, "redemption") });
            if reversed {
                rows.reverse();
            }
            append(&mut store, &rows);
            let view = store.view();
            let selection = Selection::of(&view, Filter::default());
            let edges = Edges::try_from(vec![60, 70]).unwrap();
            let answer = time_to_decision(&view, &Scope::new(&selection, Span::ALL), &[0.5], &edges).value;
            let mut outcomes = [0; Outcome::COUNT];
            outcomes[kind] = 1;
            assert_eq!((answer.outcomes, &answer.quantiles[..]), (outcomes, &[wait][..]), "{said:?}");
            assert_eq!(answer.histogram.iter().sum::<u32>(), u32::from(wait.is_some()));
        }
    }
}

#[test]
fn a_stores_account_grows_with_it() {
    let mut store = Store::default();
    assert_eq!(store.bytes().iter().map(|part| part.1).sum::<usize>(), 0);
    for at in 0..1_000 {
        store.append(&named(&format!("{at:032}"), at, "execution"), Place::default());
    }
    let bytes: BTreeMap<&str, usize> = store.bytes().into_iter().collect();
    assert!(bytes["uid"] >= 32_000 && bytes["time"] >= 8_000 && bytes["order"] == 0, "{bytes:?}");
}
