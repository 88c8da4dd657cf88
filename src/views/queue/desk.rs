//! What the parts of the queue share while it is on the page: the address (open change and filter), where the
//! keys are, what is selected, and drafts of reasons. Belongs to the page and goes with it; what outlives it
//! is in `state`.

use super::listing::matches;
use super::opened::Opened;
use crate::paths::Route;
use crate::state::{App, QueueLists, route};
use crate::ui::memo;
use leptos::prelude::*;
use oversight::contract::ChangeView;
use oversight::id::ChangeId;
use oversight::vocabulary::Decision;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Clone, Copy)]
pub struct Desk {
    pub app: App,
    /// The change in the address.
    pub open: Memo<Option<ChangeId>>,
    /// The text in the address that narrows the list.
    pub filter: Memo<String>,
    /// The groups, narrowed.
    pub lists: Memo<QueueLists>,
    /// Where j and k are.
    pub at: RwSignal<Option<ChangeId>>,
    pub picked: RwSignal<BTreeSet<ChangeId>>,
    /// The decision that the dialog for several is about, while it is open.
    pub bulk: RwSignal<Option<Decision>>,
    /// The change on the screen, for the keys and the dock.
    pub opened: RwSignal<Option<Opened>>,
    /// Reasons begun and not sent, by change.
    pub drafts: StoredValue<BTreeMap<ChangeId, String>>,
}

impl Desk {
    /// Makes it for the page and provides it as context.
    pub fn provide() -> Desk {
        let app = App::get();
        let open = memo(move || {
            app.route.with(|route| match route {
                Route::Queue { open, .. } => *open,
                _ => None,
            })
        });
        let filter = memo(move || {
            app.route.with(|route| match route {
                Route::Queue { filter, .. } => filter.clone(),
                _ => String::new(),
            })
        });
        let lists = memo(move || {
            let all = app.changes.lists().get();
            let filter = filter.get();
            if filter.trim().is_empty() {
                return all;
            }
            let narrowed = |ids: Vec<ChangeId>| {
                let found = |id: &ChangeId| {
                    app.changes.get(*id).is_some_and(|row| row.with(|change| matches(&change.glance, &filter)))
                };
                ids.into_iter().filter(found).collect()
            };
            QueueLists { mine: narrowed(all.mine), waiting: narrowed(all.waiting), settled: narrowed(all.settled) }
        });
        let desk = Desk {
            app,
            open,
            filter,
            lists,
            at: RwSignal::new(None),
            picked: RwSignal::default(),
            bulk: RwSignal::new(None),
            opened: RwSignal::new(None),
            drafts: StoredValue::default(),
        };
        provide_context(desk);
        desk
    }

    pub fn get() -> Desk {
        expect_context::<Desk>()
    }

    /// The ids in the order of the list.
    pub fn ids(self) -> Vec<ChangeId> {
        self.lists.with_untracked(|lists| [&lists.mine[..], &lists.waiting, &lists.settled].concat())
    }

    /// The address of a change, or of none, under the filter as it is. Tracks the filter.
    pub fn href(self, open: Option<ChangeId>) -> String {
        Route::Queue { open, filter: self.filter.get() }.href()
    }

    /// Goes to a change, or back to the list.
    pub fn go(self, open: Option<ChangeId>) {
        route::go(&Route::Queue { open, filter: self.filter.get_untracked() });
    }

    /// Selects a change, or takes it from the selection.
    pub fn pick(self, id: ChangeId) {
        self.picked.update(|picked| {
            if !picked.remove(&id) {
                picked.insert(id);
            }
        });
        let (n, on) = self.picked.with_untracked(|picked| (picked.len(), picked.contains(&id)));
        let did = if on { "selected" } else { "no longer selected" };
        self.app.announce(format!("{id} {did}. {n} selected."));
    }

    /// The selected changes as they stand now, in the order of the list; those the filter hides come last. One that
    /// can't be read whole can't be decided, and says so on its own page.
    pub fn picked_views(self) -> Vec<Arc<ChangeView>> {
        let picked = self.picked.get();
        let mut ids = self.lists.with(|lists| [&lists.mine[..], &lists.waiting, &lists.settled].concat());
        ids.retain(|id| picked.contains(id));
        ids.extend(picked.iter().filter(|id| !ids.contains(id)).copied().collect::<Vec<_>>());
        ids.into_iter().filter_map(|id| self.app.changes.get(id)).filter_map(|row| row.get().whole().ok()).collect()
    }
}
