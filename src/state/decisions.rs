//! What became of this page's own decisions, by change and version. Sending them is `tasks::decide`.

use super::fate::Fate;
use leptos::prelude::*;
use oversight::id::ChangeId;
use std::collections::HashMap;

#[derive(Clone, Copy)]
pub struct Decisions {
    fates: RwSignal<HashMap<(ChangeId, u32), Fate>>,
}

impl Decisions {
    pub(super) fn new() -> Decisions {
        Decisions { fates: RwSignal::default() }
    }

    /// The fate of the reader's decision on a version, if one was made here.
    pub fn of(self, id: ChangeId, version: u32) -> Option<Fate> {
        self.fates.with(|fates| fates.get(&(id, version)).cloned())
    }

    pub(super) fn peek(self, id: ChangeId, version: u32) -> Option<Fate> {
        self.fates.with_untracked(|fates| fates.get(&(id, version)).cloned())
    }

    /// How many are on their way.
    pub fn open(self) -> usize {
        self.fates.with(|fates| fates.values().filter(|fate| fate.open()).count())
    }

    pub(super) fn set(self, id: ChangeId, version: u32, fate: Option<Fate>) {
        self.fates.update(|fates| match fate {
            Some(fate) => drop(fates.insert((id, version), fate)),
            None => drop(fates.remove(&(id, version))),
        });
    }
}
