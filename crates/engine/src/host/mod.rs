//! The worker's mind: records held, what is being read, who has asked what. It is told what happens and gives what is to
//! be said; fetching, and carrying words to the page, is the worker's body in the app (`crates/worker`). What a
//! question's answer is stands in `answer`, how sources are read in `reading`.

mod answer;
mod csv;
mod hash;
mod reading;
mod rows;

#[cfg(test)]
mod tests;

pub use csv::{csv_head, csv_rows};
pub use reading::{Ended, Part, hashed};
pub use rows::row_ids;

use crate::query::brush::{Brush, Linked};
use crate::query::figures::Index;
use crate::store::{Store, View};
use crate::talk::{Backdrop, Load, Progress, Question, RejectAnswer, Slot, Tell};
use answer::Before;
use reading::{Live, Reading};
use rows::Ordered;
use std::collections::BTreeMap;

/// How many of what could not be read is kept to be shown; the rest is counted.
pub const KEPT_REJECTS: usize = 10_000;

/// Everything that the worker holds.
#[derive(Debug)]
pub struct Host {
    seed: u64,
    store: Store,
    reading: Option<Reading>,
    progress: Progress,
    rejects: Vec<RejectAnswer>,
    asked: BTreeMap<Slot, Asked>,
    brush: Option<Brush>,
    /// Counts within the brush.
    linked: Linked,
    /// What the page was told last of the records that the brush lies over, and which those were.
    backdrop: Option<(Before, Backdrop)>,
    index: Option<Index>,
    ordered: BTreeMap<Slot, Ordered>,
    /// Lines that came live while a source is read: they come after what it holds.
    waiting: Vec<Live>,
}

/// A slot's newest question.
#[derive(Debug)]
struct Asked {
    id: u32,
    standing: bool,
    question: Question,
    /// Of the store and what is told beside it, when it was last answered.
    answered: Option<(u64, u64)>,
}

impl Host {
    /// The seed is any number that whoever writes the records can't foretell.
    pub fn new(seed: u64) -> Host {
        Host {
            seed,
            store: Store::seeded(seed),
            reading: None,
            progress: Progress::default(),
            rejects: Vec::new(),
            asked: BTreeMap::new(),
            brush: None,
            linked: Linked::default(),
            backdrop: None,
            index: None,
            ordered: BTreeMap::new(),
            waiting: Vec::new(),
        }
    }

    /// Forgets what was held; what is read from here on is of this load. Questions stay, since their views do.
    pub fn open(&mut self, load: Load) {
        let asked = std::mem::take(&mut self.asked);
        *self = Host::new(self.seed);
        self.asked = asked;
        self.asked.values_mut().for_each(|asked| asked.answered = None);
        self.progress.load = load;
    }

    /// The load that is held or being read.
    pub fn load(&self) -> Load {
        self.progress.load
    }

    /// How reading goes.
    pub fn progress(&mut self) -> Progress {
        let view = self.store.view();
        let last = view.len().checked_sub(1);
        let span = last.map(|last| (view.time(view.at(0)), view.time(view.at(last))));
        self.progress.span = span;
        self.progress.rows = self.store.len();
        self.progress.repeated = self.store.repeated();
        self.progress.clone()
    }

    /// The newest question of a slot takes the place of the one before.
    pub fn ask(&mut self, slot: Slot, id: u32, standing: bool, question: Question) {
        if self.asked.get(&slot).is_none_or(|asked| asked.id < id) {
            self.asked.insert(slot, Asked { id, standing, question, answered: None });
        }
    }

    pub fn silence(&mut self, slot: Slot) {
        self.asked.remove(&slot);
        self.ordered.remove(&slot);
    }

    /// The answer to the first slot's question that was not answered yet, or that stands while there is anything new.
    pub fn next_answer(&mut self) -> Option<Tell> {
        let now = (self.store.generation(), self.progress.quarantined);
        let due = |asked: &Asked| asked.answered.is_none_or(|then| asked.standing && then != now);
        let slot = Slot::ALL.into_iter().find(|slot| self.asked.get(slot).is_some_and(due))?;
        let asked = self.asked.get_mut(&slot)?;
        asked.answered = Some(now);
        let (id, question) = (asked.id, asked.question.clone());
        let answer = Box::new(self.answer(slot, &question));
        Some(Tell::Answer { slot, id, answer })
    }

    /// All that is to be answered.
    pub fn answers(&mut self) -> Vec<Tell> {
        std::iter::from_fn(|| self.next_answer()).collect()
    }

    /// Whether [`Host::answers`] would have something to say.
    pub fn is_asked(&self) -> bool {
        self.asked.values().any(|asked| asked.answered.is_none())
    }

    pub fn view(&mut self) -> View<'_> {
        self.store.view()
    }

    /// Bytes held, by part.
    pub fn bytes(&self) -> Vec<(&'static str, usize)> {
        let mut parts = self.store.bytes();
        parts.push(("brush", self.brush.as_ref().map_or(0, Brush::bytes)));
        parts.push(("figures", self.index.as_ref().map_or(0, Index::bytes)));
        parts.push(("order of rows", self.ordered.values().map(Ordered::bytes).sum()));
        parts
    }
}
