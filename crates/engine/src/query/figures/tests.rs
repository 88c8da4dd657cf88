//! The figures against their oracle's, over the histories of `query`'s tests, and a table of small cases for each
//! definition.

use super::oracle::{bins, figures, items};
use super::*;
use crate::query::brush::{Brush, Linked};
use crate::query::oracle::{Oracle, append, edges_of, filter, history, span};
use crate::query::tests::try_histories;
use crate::query::{Column, Edges, Filter, Histogram, Scope, Selection, Sorting, Span, page};
use crate::row::{Category, Cell, Row};
use crate::store::{Place, Store};
use oversight::generated::Generator;
use proptest::prelude::*;

fn question(generator: &mut Generator, all: &Oracle) -> Question {
    let bins_there = *generator.pick(&[0, 1, 7]);
    let bins = match span(generator, all) {
        Span { from: Some(from), to: Some(to) } => Histogram { from, to, bins: bins_there },
        _ => bins(all, bins_there),
    };
    Question {
        bins,
        probabilities: vec![0.0, 0.5, 0.9, 1.0],
        waits: edges_of(generator),
        rubber_stamp: *generator.pick(&[-3, 0, 1, 7, 15, i64::MAX]),
        now: generator.below(400) as i64,
        ages: edges_of(generator),
        agents: *generator.pick(&[0, 1, 2, 50]),
    }
}

fn any_figure(generator: &mut Generator) -> Figure {
    let mut bound = || (!generator.one_in(4)).then(|| generator.below(300) as i64 - 10);
    let span = Span { from: bound(), to: bound() };
    match generator.below(6) {
        0 => Figure::RubberStamp(generator.below(20) as i64 - 2),
        1 => Figure::Waited(span),
        _ => *generator.pick(&Figure::PLAIN),
    }
}

#[test]
fn the_index_has_the_oracles_answers_while_records_come() {
    try_histories(400, |generator, history| {
        let mut store = Store::default();
        let filter = if generator.one_in(2) { Filter::default() } else { filter(generator) };
        let mut index = Index::build(&store.view(), filter.clone());
        let mut come = 0;
        while come < history.len() {
            let now = (1 + generator.below(history.len())).min(history.len() - come);
            append(&mut store, &history[come..come + now]);
            come += now;
            let all = Oracle::of(&history[..come]);
            let things = items(&all, &filter);
            if generator.one_in(3) {
                store.lay_out();
            }
            let view = store.view();
            for _ in 0..3 {
                let (span, question) = (span(generator, &all), question(generator, &all));
                let answer = index.ask(&view, span, &question);
                let of = all.within(&filter, span, None).rows.len() as u32;
                prop_assert_eq!((answer.of, answer.all, answer.generation), (of, view.len(), view.generation()));
                let expected = figures(&all, &things, &filter, span, &question);
                prop_assert_eq!(answer.value, expected, "{:?} of {:?}, {:?}", span, filter, question);
            }
        }
        Ok(())
    });
}

/// Were there a figure that no history has a thing of, its tests could not fail.
#[test]
fn histories_have_things_of_every_figure() {
    let mut counts = vec![0; Figure::PLAIN.len()];
    for number in 0..60 {
        let history = history(&mut Generator::new("history", number), 300);
        let items = items(&Oracle::of(&history), &Filter::default());
        for (count, figure) in counts.iter_mut().zip(Figure::PLAIN) {
            *count += items.iter().filter(|item| item.is_in(figure)).count();
        }
    }
    for (count, figure) in counts.into_iter().zip(Figure::PLAIN) {
        assert!(count >= 10, "{figure}: {count}");
    }
}

/// The rows of a figure are those of its things, also after records that made others of them, and a page has as many as
/// the figure says.
#[test]
fn the_rows_behind_a_figure_are_the_oracles_while_records_come() {
    try_histories(400, |generator, history| {
        let mut store = Store::default();
        let plain = if generator.one_in(2) { Filter::default() } else { filter(generator) };
        let filter = Filter { figure: Some(any_figure(generator)), ..plain };
        let mut selection = Selection::of(&store.view(), filter.clone());
        let mut brush = Brush::build(&store.view(), filter.clone(), &[Category::Tier]);
        let mut come = 0;
        while come < history.len() {
            let now = (1 + generator.below(history.len())).min(history.len() - come);
            append(&mut store, &history[come..come + now]);
            come += now;
            let all = Oracle::of(&history[..come]);
            let laid_out = generator.one_in(3) && store.lay_out();
            let view = store.view();
            let before: Vec<bool> = (0..selection.rows()).map(|id| selection.holds(id)).collect();
            let changed = selection.extend(&view);
            let others = before.iter().zip(0..).any(|(&held, id)| held != selection.holds(id));
            prop_assert_eq!(changed, others || laid_out);
            let mut things = items(&all, &filter);
            things.retain(|item| item.is_in(filter.figure.unwrap()));
            prop_assert_eq!(selection.count() as usize, things.len());
            for _ in 0..2 {
                let span = span(generator, &all);
                let within = things.iter().filter(|item| span.holds(item.time));
                let expected: Vec<Option<u32>> = within.map(|item| view.find(&item.uid)).collect();
                let found = |ids: Vec<u32>| -> Vec<Option<u32>> { ids.into_iter().map(Some).collect() };
                let sorting = Sorting { by: Column::Time, descending: false };
                let answer = page(&view, &Scope::new(&selection, span), sorting, 0, u32::MAX);
                prop_assert_eq!((answer.of, found(answer.value)), (expected.len() as u32, expected.clone()));
                let answer = brush.page(&view, span, false, 0, u32::MAX);
                prop_assert_eq!((answer.of, found(answer.value)), (expected.len() as u32, expected.clone()));
                let counted = brush.counts(&view, span, &mut Linked::default());
                prop_assert_eq!(counted.of, expected.len() as u32);
            }
        }
        Ok(())
    });
}

/// One record: kind, its decision, when, what it is part of, and the agent.
#[derive(Clone, Copy)]
struct Said {
    kind: &'static str,
    word: &'static str,
    time: i64,
    change: u64,
    agent: &'static str,
    opened: Option<i64>,
}

/// Of change 4, version 1, by agent a.
fn said(kind: &'static str, word: &'static str, time: i64) -> Said {
    Said { kind, word, time, change: 4, agent: "a", opened: None }
}

/// Of no change.
fn lone(kind: &'static str, time: i64, agent: &'static str) -> Said {
    Said { change: 0, agent, ..said(kind, "", time) }
}

fn store_of(said: &[Said], reversed: bool) -> Store {
    let mut rows: Vec<Row<'static>> = said
        .iter()
        .enumerate()
        .map(|(at, said)| {
            let mut row = Row {
                uid: format!("{at}").into(),
                time: said.time,
                latest: said.time,
                sequence: Some(at as u64),
                change: (said.change > 0).then_some(said.change),
                version: (said.change > 0).then_some(1),
                opened_at: said.opened,
                decided_at: (said.kind == "review").then_some(said.time),
                ..Row::default()
            };
            let decision = if said.kind == "review" { Category::ReviewDecision } else { Category::PolicyDecision };
            for (category, word) in [(Category::Kind, said.kind), (Category::Agent, said.agent), (decision, said.word)]
            {
                row.categories[category as usize] = Cell::Is(word.into());
            }
            if said.agent.is_empty() {
                row.categories[Category::Agent as usize] = Cell::Absent;
            }
            row
        })
        .collect();
    if reversed {
        rows.reverse();
    }
    let mut store = Store::default();
    append(&mut store, &rows);
    store
}

/// The positions, in the list, of the records behind a figure.
fn behind(said: &[Said], reversed: bool, figure: Figure) -> Vec<usize> {
    let mut store = store_of(said, reversed);
    let view = store.view();
    let selection = Selection::of(&view, Filter { figure: Some(figure), ..Filter::default() });
    let mut uids: Vec<usize> =
        (0..view.len()).filter(|&id| selection.holds(id)).map(|id| view.uid(id).parse().unwrap()).collect();
    uids.sort_unstable();
    uids
}

#[test]
fn each_figure_counts_what_its_definition_says() {
    use Figure::*;
    let (propose, allow, needs) = (
        said("proposal", "", 100),
        said("policy_decision", "allow", 100),
        said("policy_decision", "needs_review", 100),
    );
    let (approve, reject) = (said("review", "approve", 160), said("review", "reject", 170));
    let (redeem, verify, roll_back) =
        (said("redemption", "", 200), said("verification", "", 210), said("rollback", "", 220));
    let (glass, ratify) = (said("break_glass", "", 150), said("ratification", "", 300));
    let opened = |at: i64| Said { opened: Some(at), ..approve };
    let other = |said: Said| Said { change: 5, ..said };
    type Case = (Vec<Said>, Vec<(Figure, Vec<usize>)>);
    let cases: Vec<Case> = vec![
        // Alone: the policy allowed it, nobody was asked; at the first record of having run.
        (
            vec![propose, allow, redeem, verify],
            vec![(Ran, vec![2]), (RanAlone, vec![2]), (ByPolicy, vec![0]), (RanUnknown, vec![])],
        ),
        (vec![propose, allow, verify], vec![(RanAlone, vec![2])]),
        (vec![propose, allow], vec![(Ran, vec![]), (ByPolicy, vec![0])]),
        // Nothing says that it was allowed.
        (vec![propose, redeem], vec![(RanUnknown, vec![1]), (Undetermined, vec![0])]),
        (vec![propose, needs, redeem], vec![(RanUnknown, vec![2])]),
        (vec![redeem], vec![(RanUnknown, vec![0]), (Opened, vec![])]),
        (vec![propose, said("policy_decision", "deny", 100), redeem], vec![(RanUnknown, vec![2]), (ByPolicy, vec![0])]),
        // Approved before it ran: the last approval counts, and so does the same instant.
        (
            vec![propose, needs, approve, redeem],
            vec![(RanApproved, vec![3]), (Decided, vec![0]), (Approved, vec![0]), (Timed, vec![0])],
        ),
        (vec![propose, approve, said("redemption", "", 160)], vec![(RanApproved, vec![2])]),
        (vec![propose, approve, said("redemption", "", 159)], vec![(RanApproved, vec![]), (RanUnknown, vec![2])]),
        (vec![propose, approve, redeem, said("review", "approve", 201)], vec![(RanUnknown, vec![2])]),
        // Allowed and reviewed all the same.
        (vec![propose, allow, approve, redeem], vec![(RanApproved, vec![3]), (RanAlone, vec![])]),
        (vec![propose, allow, approve, said("redemption", "", 150)], vec![(RanUnknown, vec![3])]),
        // It ran though a person rejected it.
        (vec![propose, reject, redeem], vec![(RanUnknown, vec![2]), (Rejected, vec![0]), (Decided, vec![0])]),
        // Bypassed, whatever else.
        (
            vec![propose, glass, redeem],
            vec![(RanBypassed, vec![2]), (WentAhead, vec![0]), (Unratified, vec![1]), (BreakGlass, vec![1])],
        ),
        (
            vec![propose, approve, glass, redeem, ratify],
            vec![(RanBypassed, vec![3]), (Ratified, vec![2]), (Unratified, vec![])],
        ),
        (vec![propose, glass, other(ratify)], vec![(Unratified, vec![1]), (RanBypassed, vec![])]),
        (
            vec![lone("break_glass", 1, "a"), ratify],
            vec![(RatificationUnknown, vec![0]), (BreakGlass, vec![0]), (Unratified, vec![])],
        ),
        // Imported: an execution that names no change is one action each; other kinds are none.
        (
            vec![
                lone("execution", 1, "a"),
                lone("execution", 2, ""),
                lone("verification", 3, "a"),
                lone("rollback", 4, "a"),
            ],
            vec![(Ran, vec![0, 1]), (RanUnknown, vec![0, 1]), (Rollbacks, vec![3]), (RolledBack, vec![])],
        ),
        // Rolled back: the action at its first record, the rollback at its own.
        (vec![propose, allow, redeem, roll_back], vec![(RolledBack, vec![2]), (Rollbacks, vec![3]), (Ran, vec![2])]),
        (vec![propose, allow, roll_back], vec![(RolledBack, vec![2]), (Rollbacks, vec![2]), (RanAlone, vec![2])]),
        // Decided before it was put forward: decided, but not timed.
        (
            vec![propose, said("review", "reject", 90)],
            vec![(Decided, vec![0]), (Rejected, vec![0]), (Timed, vec![]), (Untimed, vec![0]), (Undetermined, vec![])],
        ),
        (
            vec![propose, reject],
            vec![(Waited(Span::of(70, 71)), vec![0]), (Waited(Span::of(0, 70)), vec![]), (Waited(Span::ALL), vec![0])],
        ),
        // Waiting, and what is no longer.
        (vec![propose, needs], vec![(Pending, vec![0]), (Opened, vec![0])]),
        (vec![propose, needs, approve], vec![(Pending, vec![]), (Undetermined, vec![0]), (Decided, vec![])]),
        (vec![propose, said("expiry", "", 300)], vec![(Pending, vec![]), (Ended, vec![0])]),
        (
            vec![propose, said("supersession", "", 300), other(said("amendment", "", 301))],
            vec![(Ended, vec![0]), (Pending, vec![2])],
        ),
        // Rubber stamps: less than the bound; the same instant is one, what goes back in time is unknown.
        (
            vec![propose, opened(151), opened(150), opened(160)],
            vec![(RubberStamp(10), vec![1, 3]), (Approvals, vec![1, 2, 3]), (ApprovalsUntimed, vec![])],
        ),
        (
            vec![propose, opened(161), approve, reject],
            vec![(RubberStamp(i64::MAX), vec![]), (ApprovalsUntimed, vec![1, 2]), (Approvals, vec![1, 2])],
        ),
        (vec![propose, opened(160)], vec![(RubberStamp(0), vec![]), (RubberStamp(-5), vec![])]),
        // Stops: agent by agent, the first pause of each stop.
        (
            vec![
                lone("pause", 1, "a"),
                lone("pause", 2, "b"),
                lone("pause", 3, "a"),
                lone("resume", 4, "a"),
                lone("pause", 5, "a"),
            ],
            vec![
                (Pauses, vec![0, 1, 2, 4]),
                (Resumed, vec![0]),
                (Paused, vec![1, 4]),
                (PausedAgain, vec![2]),
                (PausesUnknown, vec![]),
            ],
        ),
        (vec![lone("resume", 1, "a"), lone("pause", 1, "a")], vec![(Paused, vec![1]), (Resumed, vec![])]),
        (
            vec![lone("pause", 1, ""), lone("resume", 2, "")],
            vec![(PausesUnknown, vec![0]), (Paused, vec![]), (Resumed, vec![])],
        ),
    ];
    for (said, expected) in cases {
        for (figure, rows) in expected {
            for reversed in [false, true] {
                let kinds: Vec<&str> = said.iter().map(|said| said.kind).collect();
                assert_eq!(behind(&said, reversed, figure), rows, "{figure} of {kinds:?}, reversed: {reversed}");
            }
        }
    }
}

fn plain_question() -> Question {
    Question {
        bins: Histogram { from: 0, to: 400, bins: 4 },
        probabilities: vec![0.5],
        waits: Edges::try_from(vec![60]).unwrap(),
        rubber_stamp: 10,
        now: 1_000,
        ages: Edges::try_from(vec![800, 900]).unwrap(),
        agents: 1,
    }
}

#[test]
fn shares_say_what_they_are_of() {
    let change = |said: Said, change: u64, agent: &'static str| Said { change, agent, ..said };
    let records = [
        // 1 alone, 2 approved, 3 bypassed, 4 and a lone execution unknown.
        change(said("proposal", "", 100), 1, "a"),
        change(said("policy_decision", "allow", 100), 1, "a"),
        change(said("redemption", "", 110), 1, "a"),
        change(said("rollback", "", 390), 1, "a"),
        change(said("proposal", "", 100), 2, "b"),
        Said { opened: Some(120), ..change(said("review", "approve", 125), 2, "b") },
        change(said("redemption", "", 210), 2, "b"),
        change(said("proposal", "", 120), 3, "b"),
        change(said("break_glass", "", 130), 3, "b"),
        change(said("execution", "", 310), 3, "b"),
        change(said("redemption", "", 320), 4, "a"),
        lone("execution", 330, ""),
        // 5 rejected after 80, 6 pending since 150, 7 pending since 250.
        change(said("proposal", "", 140), 5, "b"),
        change(said("review", "reject", 220), 5, "b"),
        change(said("proposal", "", 150), 6, "c"),
        change(said("proposal", "", 250), 7, "c"),
        lone("pause", 10, "a"),
        lone("resume", 40, "a"),
        lone("comment", 399, "b"),
    ];
    let mut store = store_of(&records, false);
    let mut index = Index::build(&store.view(), Filter::default());
    let Figures { known, ran, bins, decisions, approvals, approval_bins, pending, around, agents, tiers } =
        index.ask(&store.view(), Span::ALL, &plain_question()).value;

    let one = |alone, approved, bypassed, unknown| Ran { alone, approved, bypassed, unknown };
    assert_eq!(ran, one(1, 1, 1, 2));
    assert_eq!(ran.autonomy(), Share { n: 1, of: 5, unknown: 2 });
    assert_eq!(ran.approved_before(), Share { n: 1, of: 4, unknown: 2 });
    assert_eq!(bins, [one(0, 0, 0, 0), one(1, 0, 0, 0), one(0, 1, 0, 0), one(0, 0, 1, 2)]);
    assert_eq!(tiers, [(Cell::Absent, ran)]);

    assert_eq!(decisions.rejection(), Share { n: 1, of: 2, unknown: 0 });
    assert_eq!((decisions.time.quantiles, decisions.time.histogram), (vec![Some(25)], vec![1, 1]));
    assert_eq!(decisions.time.outcomes, [2, 1, 1, 2, 0, 0]);

    assert_eq!(approvals.rubber_stamps(), Share { n: 1, of: 1, unknown: 0 });
    assert_eq!(approval_bins.iter().map(Approvals::n).collect::<Vec<_>>(), [0, 1, 0, 0]);

    // 850 and 750 old.
    assert_eq!(pending.tiers, [(Cell::Absent, vec![1, 1, 0])]);
    assert_eq!((pending.n, pending.oldest), (2, Some(Oldest { opened: 150, change: 6, version: Some(1) })));

    let expected = Around {
        unratified: 1,
        resumed: 1,
        time_to_resume: Some(30),
        rollbacks: 1,
        rolled_back: 1,
        ..Around::default()
    };
    assert_eq!((around, around.break_glass(), around.pauses()), (expected, 1, 1));

    // a and b have two actions each; a comes first. The agent of the lone execution is absent, c has none that ran.
    let a = ByAgent {
        agent: Cell::Is("a".into()),
        ran: one(1, 0, 0, 1),
        rolled_back: 1,
        decided: 0,
        rejected: 0,
        timed: 0,
        median: None,
        last: Some(390),
    };
    assert_eq!(agents.top, [a]);
    assert_eq!((agents.others, agents.others_ran), (1, one(0, 1, 1, 0)));
    assert_eq!(
        agents.unnamed.iter().map(|agent| (agent.agent.clone(), agent.ran)).collect::<Vec<_>>(),
        [(Cell::Absent, one(0, 0, 0, 1))]
    );
    let both = index.ask(&store.view(), Span::of(100, 220), &Question { agents: 2, ..plain_question() }).value;
    let b = &both.agents.top[1];
    assert_eq!(
        (b.agent.clone(), b.decided, b.rejected, b.median, b.last),
        (Cell::Is("b".into()), 2, 1, Some(25), Some(210))
    );

    use oversight::vocabulary::Kind;
    assert_eq!((known.of(Kind::Proposal), known.of(Kind::Claim), known.unopened), (6, 0, 1));
    assert!(known.tells(Figure::Unratified));
}

/// An imported log has what was executed and nothing of oversight: all but that can't be known from it.
#[test]
fn an_imported_log_says_that_it_can_not_tell() {
    let mut store = store_of(&[lone("execution", 1, "a"), lone("execution", 2, "a")], false);
    let figures = Index::build(&store.view(), Filter::default()).ask(&store.view(), Span::ALL, &plain_question()).value;
    assert_eq!(figures.ran, Ran { unknown: 2, ..Ran::default() });
    for (figure, tells) in [(Figure::Ran, true), (Figure::RanAlone, false), (Figure::Pending, false)] {
        assert_eq!(figures.known.tells(figure), tells, "{figure}");
    }
}

/// A version's words are those of the record that put it forward: the record that ran need not have them.
#[test]
fn a_version_is_let_through_by_the_words_that_it_was_put_forward_with() {
    let records = [
        said("proposal", "", 100),
        Said { agent: "executor", ..said("redemption", "", 200) },
        Said { agent: "executor", change: 9, ..said("redemption", "", 210) },
    ];
    let mut store = store_of(&records, false);
    for (agent, rows) in [("a", vec!["1"]), ("executor", vec!["2"])] {
        let term = crate::query::Term {
            category: Category::Agent,
            values: vec![Cell::Is(agent.into())],
            keep: crate::query::Keep::Only,
        };
        let filter = Filter { terms: vec![term], figure: Some(Figure::Ran), ..Filter::default() };
        let view = store.view();
        let selection = Selection::of(&view, filter.clone());
        let sorting = Sorting { by: Column::Time, descending: false };
        let ids = page(&view, &Scope::new(&selection, Span::ALL), sorting, 0, 9).value;
        assert_eq!(ids.iter().map(|&id| view.uid(id)).collect::<Vec<_>>(), rows);
        // The index leaves the filter's figure out.
        assert_eq!(Index::build(&view, filter).ask(&view, Span::ALL, &plain_question()).value.ran.n(), 1);
    }
    // Its action ran within the span, and no record of its own is there.
    let view = store.view();
    let figures = Index::build(&view, Filter::default()).ask(&view, Span::of(150, 205), &plain_question()).value;
    let agents: Vec<_> =
        figures.agents.top.iter().map(|agent| (agent.agent.clone(), agent.ran.n(), agent.last)).collect();
    assert_eq!(agents, [(Cell::Is("a".into()), 1, None)]);
}

#[test]
fn an_index_accounts_for_its_bytes() {
    let mut store = Store::default();
    let mut small = Index::build(&store.view(), Filter::default()).bytes();
    for at in 0..3_000 {
        let mut row = Row { uid: format!("{at}").into(), time: at, latest: at, ..Row::default() };
        row.categories[Category::Kind as usize] = Cell::Is("execution".into());
        store.append(&row, Place::default());
        if at == 1_000 {
            small = Index::build(&store.view(), Filter::default()).bytes().max(small);
        }
    }
    assert!(Index::build(&store.view(), Filter::default()).bytes() > small + 2 * 2_000);
}
