//! The page's frame: list, open change, dock, and the dialog for several at once. Each is in its own room.

use super::bulk::BulkDialog;
use super::decision::Dock;
use super::desk::Desk;
use super::list::List;
use super::opening::Opening;
use super::{focus, keys};
use crate::ui::{Show, memo, view};
use crate::views::later;
use leptos::prelude::*;

#[component]
pub fn QueuePage() -> impl IntoView {
    let desk = Desk::provide();
    // An address that opens a change waits for nothing.
    let needed = memo(move || desk.open.get().is_some() || desk.app.settled());
    view! {
        <div class="queue" class:has-open=move || desk.open.get().is_some()>
            <List />
            <Show when=move || needed.get()>{later::OPEN.view()}</Show>
        </div>
    }
}

/// What is beside the list; its code comes after the list is painted, and the keys with it.
#[component]
pub fn Open() -> impl IntoView {
    let desk = Desk::get();
    keys::listen(desk);
    focus::keep(desk);
    view! {
        <div class="open">
            <Opening />
        </div>
        <Dock />
        <BulkDialog />
    }
}
