//! The changes that this page knows: one signal a change, so that what did not change is not touched, and a
//! list of ids that is set only when one comes or goes. Filling it is `tasks::load_changes` and `tasks::live`.

use super::glance::Known;
use super::lists::{QueueLists, queue_lists};
use super::status::{Status, Trouble};
use leptos::prelude::*;
use oversight::id::ChangeId;
use oversight::time::Instant;
use std::collections::HashMap;
use std::sync::Arc;

type Row = ArcRwSignal<Arc<Known>>;

#[derive(Clone, Copy)]
pub struct Changes {
    status: RwSignal<Status<()>>,
    rows: StoredValue<HashMap<ChangeId, Row>>,
    ids: RwSignal<Vec<ChangeId>>,
    missing: RwSignal<HashMap<ChangeId, Trouble>>,
    lists: Memo<QueueLists>,
}

impl Changes {
    pub(super) fn new(minute: Signal<Instant>) -> Changes {
        let rows: StoredValue<HashMap<ChangeId, Row>> = StoredValue::new(HashMap::new());
        let ids = RwSignal::new(Vec::new());
        let lists = Memo::new(move |_| {
            let ids: Vec<ChangeId> = ids.get();
            let known: Vec<Arc<Known>> =
                rows.with_value(|rows| ids.iter().filter_map(|id| rows.get(id)).map(|row| row.get()).collect());
            queue_lists(known.iter().map(|change| &change.glance), minute.get())
        });
        Changes { status: RwSignal::default(), rows, ids, missing: RwSignal::default(), lists }
    }

    /// How the first load stands.
    pub fn status(self) -> Status<()> {
        self.status.get()
    }

    /// Every change known, by id.
    pub fn ids(self) -> Vec<ChangeId> {
        self.ids.get()
    }

    /// One change, as a signal of its own. Tracks coming and going of changes until it is there.
    pub fn get(self, id: ChangeId) -> Option<Row> {
        let row = self.rows.with_value(|rows| rows.get(&id).cloned());
        if row.is_none() {
            self.ids.track();
        }
        row
    }

    /// Why a change that was asked for by its address isn't here.
    pub fn missing(self, id: ChangeId) -> Option<Trouble> {
        self.missing.with(|missing| missing.get(&id).cloned())
    }

    /// The queue's groups.
    pub fn lists(self) -> Memo<QueueLists> {
        self.lists
    }

    /// How many wait for the reader.
    pub fn waiting_for_me(self) -> usize {
        self.lists.with(|lists| lists.mine.len())
    }

    pub(super) fn peek_status(self) -> Status<()> {
        self.status.get_untracked()
    }

    pub(super) fn set_status(self, status: Status<()>) {
        self.status.set(status);
    }

    pub(super) fn set_missing(self, id: ChangeId, trouble: Option<Trouble>) {
        self.missing.update(|missing| match trouble {
            Some(trouble) => drop(missing.insert(id, trouble)),
            None => drop(missing.remove(&id)),
        });
    }

    /// Takes a newer state of a change; an older one, come late, is dropped. Returns what stood before.
    pub(super) fn take(self, change: Arc<Known>) -> Option<Arc<Known>> {
        let id = change.glance.id;
        match self.rows.with_value(|rows| rows.get(&id).cloned()) {
            Some(row) => {
                let before = row.get_untracked();
                if change.glance.sequence >= before.glance.sequence && !change.same(&before) {
                    row.set(change);
                }
                Some(before)
            }
            None => {
                self.rows.update_value(|rows| drop(rows.insert(id, ArcRwSignal::new(change))));
                self.ids.update(|ids| {
                    let place = ids.partition_point(|other| *other < id);
                    ids.insert(place, id);
                });
                None
            }
        }
    }

    pub(super) fn clear(self) {
        self.rows.update_value(HashMap::clear);
        self.ids.set(Vec::new());
        self.missing.update(HashMap::clear);
        self.status.set(Status::Loading);
    }
}
