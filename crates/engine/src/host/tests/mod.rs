//! The worker's mind: what it answers, to which question and when; what it reads, and from where.

mod answers;
mod files;
mod slots;
mod sources;

use super::Host;
use crate::talk::{Answer, Question, Slot, Tell};

/// The answer to a question that is asked now.
fn ask(host: &mut Host, slot: Slot, id: u32, question: Question) -> Answer {
    host.ask(slot, id, false, question);
    match host.answers().pop() {
        Some(Tell::Answer { id: of, answer, .. }) if of == id => *answer,
        other => panic!("question {id} was answered with {other:?}"),
    }
}

fn record(uid: &str, time: &str) -> String {
    format!(r#"{{"uid":"{uid}","time":"{time}","kind":"execution"}}"#)
}
