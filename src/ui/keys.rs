//! Keys: how they are shown, and when a key press is meant for the page rather than for a field.
//! Which key does what is the views' matter.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::erased::view;
use leptos::wasm_bindgen::JsCast;

/// Keys as small caps in a row: `Ctrl` `↵`. Hidden from assistive technology, because a button's name must stay its
/// word; put `aria-keyshortcuts` on the control. With `read` they are read, as in the list of shortcuts.
#[component]
pub fn Kbd(keys: &'static [&'static str], #[prop(optional)] read: bool) -> impl IntoView {
    let hidden = (!read).then_some("true");
    let caps = keys.iter().map(|&key| view! { <kbd>{key}</kbd> }).collect_view();
    view! {
        <span class="row keys" aria-hidden=hidden>
            {caps}
        </span>
    }
}

/// Whether the key goes into a text field, a list of options, or anything else being edited.
pub fn in_text_entry(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    // A radio or a checkbox takes only the space bar and the arrows, so single letters still reach the page from it.
    target
        .closest("textarea, select, [contenteditable=''], [contenteditable='true'], input:not([type=radio]):not([type=checkbox])")
        .is_ok_and(|found| found.is_some())
}

/// A key pressed alone, outside a field, with no dialog and no popover open, whose Esc closes just that; a held key's
/// repeats do not count unless `repeats` allows them. `None` says that the press is not the page's.
pub fn plain_key(event: &KeyboardEvent, repeats: bool) -> Option<String> {
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
    if modified || (event.repeat() && !repeats) || event.default_prevented() || in_text_entry(event) {
        return None;
    }
    let floats = document().query_selector("dialog[open], :popover-open").is_ok_and(|found| found.is_some());
    (!floats).then(|| event.key())
}
