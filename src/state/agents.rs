//! The agents that the endpoint knows, one signal an agent. Filling it is `tasks::load_agents`.

use super::status::Status;
use leptos::prelude::*;
use oversight::contract::AgentView;
use oversight::id::AgentUid;
use std::collections::BTreeMap;
use std::sync::Arc;

type Row = ArcRwSignal<Arc<AgentView>>;

#[derive(Clone, Copy)]
pub struct Agents {
    pub(super) status: RwSignal<Status<()>>,
    rows: StoredValue<BTreeMap<AgentUid, Row>>,
    ids: RwSignal<Vec<AgentUid>>,
}

impl Agents {
    pub(super) fn new() -> Agents {
        Agents { status: RwSignal::default(), rows: StoredValue::new(BTreeMap::new()), ids: RwSignal::default() }
    }

    /// How the first load stands.
    pub fn status(self) -> Status<()> {
        self.status.get()
    }

    /// Every agent, by uid.
    pub fn ids(self) -> Vec<AgentUid> {
        self.ids.get()
    }

    /// One agent, as a signal of its own.
    pub fn get(self, uid: &AgentUid) -> Option<Row> {
        let row = self.rows.with_value(|rows| rows.get(uid).cloned());
        if row.is_none() {
            self.ids.track();
        }
        row
    }

    pub(super) fn take_all(self, views: Vec<AgentView>) {
        let mut fresh = false;
        for view in views {
            let uid = view.uid.clone();
            match self.rows.with_value(|rows| rows.get(&uid).cloned()) {
                Some(row) => {
                    if *row.get_untracked() != view {
                        row.set(Arc::new(view));
                    }
                }
                None => {
                    self.rows.update_value(|rows| drop(rows.insert(uid, ArcRwSignal::new(Arc::new(view)))));
                    fresh = true;
                }
            }
        }
        if fresh {
            self.ids.set(self.rows.with_value(|rows| rows.keys().cloned().collect()));
        }
        self.status.set(Status::Ready(()));
    }
}
