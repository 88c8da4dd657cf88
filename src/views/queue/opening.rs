//! From the address to the change on the screen: which version is shown, loading one that is not in the list,
//! and what stands there when there is none. Never swaps what is shown by itself.

use super::change::Change;
use super::desk::Desk;
use crate::state::{Known, tasks};
use crate::ui::{Empty, Failure, For, Skeleton, effect, view};
use leptos::prelude::*;
use oversight::contract::ChangeView;
use oversight::id::ChangeId;
use std::sync::Arc;

/// What stands beside the list.
#[derive(Clone)]
enum Shown {
    Nothing,
    Awaited(ChangeId),
    Here(Arc<ChangeView>),
    /// What can't be read, and why.
    Unreadable(ChangeId, String),
}

/// A change as it stands, to be shown.
fn whole(change: &Known) -> Shown {
    change.whole().map_or_else(|why| Shown::Unreadable(change.glance.id, why), Shown::Here)
}

#[component]
pub fn Opening() -> impl IntoView {
    let desk = Desk::get();
    // Numbered, so that each opening is drawn from nothing: elements of the change before, with their focus and what
    // was chosen in them, must never become those of this one.
    let shown = RwSignal::new((0_u32, Shown::Nothing));
    let show = move |next: Shown| shown.update(|(turn, shown)| (*turn, *shown) = (turn.wrapping_add(1), next));
    effect(move || {
        let Some(id) = desk.open.get() else {
            return show(Shown::Nothing);
        };
        let row = desk.app.changes.get(id);
        let before = shown.with_untracked(|(_, shown)| match shown {
            Shown::Nothing => (None, false),
            Shown::Awaited(id) => (Some(*id), false),
            Shown::Here(view) => (Some(view.id), true),
            Shown::Unreadable(id, _) => (Some(*id), true),
        });
        match row {
            Some(_) if before == (Some(id), true) => {}
            Some(row) => show(whole(&row.get_untracked())),
            None if before == (Some(id), false) => {}
            None => {
                show(Shown::Awaited(id));
                tasks::load_change(desk.app, id);
            }
        }
    });
    // Only the reader's press brings another version.
    let show_newest = Callback::new(move |()| {
        let id = desk.open.get_untracked();
        if let Some(row) = id.and_then(|id| desk.app.changes.get(id)) {
            show(whole(&row.get_untracked()));
        }
    });
    let draw = move |shown: Shown| match shown {
        Shown::Nothing => view! {
            <div class="pickone">
                <Empty title="No change is open" why="Open one from the list: Enter, or j and k to move." />
            </div>
        }
        .into_any(),
        Shown::Awaited(id) => view! { <Awaited id /> }.into_any(),
        Shown::Here(view) => view! { <Change view show_newest /> }.into_any(),
        Shown::Unreadable(id, why) => view! {
            <div class="pickone">
                <h1 class="vh">{id.to_string()}</h1>
                <Failure
                    happened=format!("{id} can’t be shown: the endpoint’s answer is not what its contract says. {why}")
                    kept="Nothing was changed; nothing can be decided here."
                    to_do="Reload the page, which brings the app that belongs to the endpoint."
                />
            </div>
        }
        .into_any(),
    };
    view! { <For each=move || [shown.get()] key=|(turn, _)| *turn children=move |(_, shown)| draw(shown) /> }
}

#[component]
fn Awaited(id: ChangeId) -> impl IntoView {
    let desk = Desk::get();
    view! {
        <div class="pickone">
            <h1 class="vh">{id.to_string()}</h1>
            {move || match desk.app.changes.missing(id) {
                None => view! { <Skeleton label=format!("Loading {id}") /> }.into_any(),
                Some(trouble) if trouble.problem.as_ref().is_some_and(|problem| problem.status == 404) => {
                    view! {
                        <Empty title=format!("There is no {id}") why="The endpoint knows no change of this number.">
                            <a class="btn" href=move || desk.href(None)>
                                "All changes"
                            </a>
                        </Empty>
                    }
                        .into_any()
                }
                Some(trouble) => {
                    view! {
                        <Failure
                            happened=trouble.what
                            kept=trouble.kept
                            to_do=trouble.next
                            on_retry=Callback::new(move |()| tasks::load_change(desk.app, id))
                        />
                    }
                        .into_any()
                }
            }}
        </div>
    }
}
