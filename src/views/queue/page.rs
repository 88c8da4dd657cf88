//! The page's frame: list, open change, dock, and the dialog for several at once. Each is in its own room.

use super::bulk::BulkDialog;
use super::decision::Dock;
use super::desk::Desk;
use super::list::List;
use super::opening::Opening;
use super::{focus, keys};
use crate::ui::view;
use crate::views::later;
use leptos::prelude::*;

#[component]
pub fn QueuePage() -> impl IntoView {
    let desk = Desk::provide();
    view! {
        <div class="queue" class:has-open=move || desk.open.get().is_some()>
            <List />
            {later::OPEN.view()}
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
