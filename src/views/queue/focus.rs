//! Where the focus goes: to the open change's heading, and back into the list when the row it was on moves
//! to another group or goes. Which key moves it is `keys`.

use super::desk::Desk;
use super::listing::stay;
use leptos::prelude::*;
use oversight::id::ChangeId;
use wasm_bindgen::JsCast;

/// The id of a row's link in the page.
pub fn row_id(id: ChangeId) -> String {
    format!("row-{id}")
}

/// Focuses an element by its id, scrolling only if `scroll`. Returns whether it took the focus.
pub fn focus_id(id: &str, scroll: bool) -> bool {
    let Some(element) =
        document().get_element_by_id(id).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return false;
    };
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(!scroll);
    element.focus_with_options(&options).is_ok() && document().active_element().is_some_and(|active| active.id() == id)
}

/// The same once what was just changed is drawn.
pub fn focus_id_soon(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || {
        focus_id(&id, true);
    });
}

/// Whether the focus is on nothing.
pub fn is_lost() -> bool {
    document().active_element().is_none_or(|active| active.tag_name() == "BODY")
}

/// Keeps the focus in the list over its updates: a row that leaves its group takes the focus with it, because the
/// browser drops the focus of an element that is removed.
pub fn keep(desk: Desk) {
    // Whether the reader is in the list: set by focus and press, as removal itself says nothing.
    let inside = StoredValue::new(false);
    let in_list = |target: Option<web_sys::EventTarget>| {
        let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        element.is_some_and(|element| element.closest(".it").is_ok_and(|found| found.is_some()))
    };
    let focused = window_event_listener(leptos::ev::focusin, move |event| inside.set_value(in_list(event.target())));
    let pressed =
        window_event_listener(leptos::ev::pointerdown, move |event| inside.set_value(in_list(event.target())));
    on_cleanup(move || {
        focused.remove();
        pressed.remove();
    });
    Effect::new(move |before: Option<Vec<ChangeId>>| {
        let now = desk.lists.with(|lists| [&lists.mine[..], &lists.waiting, &lists.settled].concat());
        if let (Some(before), Some(at)) = (before, desk.at.get_untracked())
            && let Some(to) = stay(&before, &now, at)
        {
            if to != at {
                desk.at.set(Some(to));
            }
            request_animation_frame(move || {
                if inside.try_get_value() == Some(true) && is_lost() {
                    focus_id(&row_id(to), false);
                }
            });
        }
        now
    });
}
