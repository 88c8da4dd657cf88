//! Who has asked what, and when it is answered: the newest question of a slot, once, or again while it stands.

use super::super::Host;
use super::record;
use crate::query::{Column, Sorting};
use crate::talk::{Answer, Finished, Question, RejectsQuestion, RowsQuestion, Scoped, Slot, Tell};

fn host(lines: &str) -> Host {
    let mut host = Host::new(7);
    host.open(1);
    host.finish(Finished::NoTrailer);
    host.append(0, "live", lines);
    host
}

fn newest_first() -> Question {
    Question::Rows(RowsQuestion {
        scoped: Scoped::default(),
        cell: None,
        sorting: Sorting { by: Column::Time, descending: true },
        as_of: None,
        up_to: None,
        offset: 0,
        limit: 10,
    })
}

/// Slot, question and how many rows of each answer.
fn heard(host: &mut Host) -> Vec<(Slot, u32, u64)> {
    let tells = host.answers().into_iter().map(|tell| match tell {
        Tell::Answer { slot, id, answer } => match *answer {
            Answer::Rows(rows) => (slot, id, u64::from(rows.of)),
            Answer::Rejects(rejects) => (slot, id, rejects.of),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    });
    tells.collect()
}

#[test]
fn only_the_newest_question_of_a_slot_is_answered() {
    let mut host = host(&record("a", "2026-01-01T00:00:00Z"));
    assert_eq!(heard(&mut host), []);
    host.ask(Slot::Rows, 4, false, newest_first());
    host.ask(Slot::Rows, 5, false, newest_first());
    // It was on its way when the newer one was asked.
    host.ask(Slot::Rows, 3, false, newest_first());
    host.ask(Slot::Near, 2, false, newest_first());
    assert!(host.is_asked());
    assert_eq!(heard(&mut host), [(Slot::Rows, 5, 1), (Slot::Near, 2, 1)]);
    assert!(!host.is_asked());
    assert_eq!(heard(&mut host), []);
    host.ask(Slot::Rows, 5, false, newest_first());
    assert_eq!(heard(&mut host), [], "the same question again");
    host.ask(Slot::Rows, 6, false, newest_first());
    host.silence(Slot::Rows);
    assert_eq!(heard(&mut host), []);
}

#[test]
fn a_standing_question_is_answered_again_when_there_is_more() {
    let mut host = host(&record("a", "2026-01-01T00:00:00Z"));
    host.ask(Slot::Rows, 1, true, newest_first());
    host.ask(Slot::Near, 2, false, newest_first());
    host.ask(Slot::Rejects, 3, true, Question::Rejects(RejectsQuestion { offset: 0, limit: 10 }));
    assert_eq!(heard(&mut host), [(Slot::Rows, 1, 1), (Slot::Near, 2, 1), (Slot::Rejects, 3, 0)]);
    for (lines, expected) in [
        // What was there already is nothing new.
        (record("a", "2026-01-01T00:00:00Z"), vec![]),
        (record("b", "2026-01-02T00:00:00Z"), vec![(Slot::Rows, 1, 2), (Slot::Rejects, 3, 0)]),
        ("no record".to_owned(), vec![(Slot::Rows, 1, 2), (Slot::Rejects, 3, 1)]),
        (String::new(), vec![]),
    ] {
        host.append(0, "live", &lines);
        assert_eq!(heard(&mut host), expected, "{lines}");
    }
    host.ask(Slot::Rows, 4, false, newest_first());
    assert_eq!(heard(&mut host), [(Slot::Rows, 4, 2)]);
    host.append(0, "live", &record("c", "2026-01-03T00:00:00Z"));
    assert_eq!(heard(&mut host), [(Slot::Rejects, 3, 1)], "the standing question had its place taken");
}

#[test]
fn another_load_is_asked_the_same_questions_anew() {
    let mut host = host(&format!("{}\nno record", record("a", "2026-01-01T00:00:00Z")));
    host.ask(Slot::Rows, 1, false, newest_first());
    host.ask(Slot::Rejects, 2, true, Question::Rejects(RejectsQuestion { offset: 0, limit: 10 }));
    assert_eq!(heard(&mut host), [(Slot::Rows, 1, 1), (Slot::Rejects, 2, 1)]);
    host.open(2);
    assert_eq!((host.load(), host.progress().rows, host.progress().quarantined), (2, 0, 0));
    assert_eq!(heard(&mut host), [(Slot::Rows, 1, 0), (Slot::Rejects, 2, 0)]);
}

#[test]
fn what_is_held_for_answers_is_accounted_for_and_given_back() {
    let lines: String = (0..500).map(|at| record(&format!("r{at}"), "2026-01-01T00:00:00Z") + "\n").collect();
    let mut host = host(&lines);
    let order = |host: &Host| host.bytes().iter().find(|part| part.0 == "order of rows").map(|part| part.1);
    assert_eq!(order(&host), Some(0));
    host.ask(Slot::Rows, 1, true, newest_first());
    host.answers();
    assert!(order(&host) >= Some(500 * 4), "{:?}", order(&host));
    host.silence(Slot::Rows);
    assert_eq!(order(&host), Some(0));
}
