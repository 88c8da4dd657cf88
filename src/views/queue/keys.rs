//! The queue's keys. They do nothing in fields and dialogs (but for the one that commits), can be switched
//! off, and a held key moves and never decides. `?`, `g` and `/` are the shell's.

use super::desk::Desk;
use super::focus::{focus_id, focus_id_soon, is_lost, row_id};
use super::listing::step;
use crate::ui::{in_text_entry, plain_key};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use oversight::vocabulary::Decision;
use wasm_bindgen::JsCast;

/// Listens as long as the page stands.
pub fn listen(desk: Desk) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| on_key(desk, &event));
    on_cleanup(move || listener.remove());
}

fn within(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| element.closest(selector).is_ok_and(|found| found.is_some()))
}

fn on_key(desk: Desk, event: &KeyboardEvent) {
    let opened = desk.opened.get_untracked();
    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
        // In any other field the keys belong to that field: a comment is not a signature.
        let elsewhere = in_text_entry(event) && !within(event, ".decide");
        let in_dialog = within(event, "dialog");
        if let (Some(opened), false, false, false) = (opened, elsewhere, in_dialog, event.repeat()) {
            event.prevent_default();
            opened.commit();
        }
        return;
    }
    if event.key() == "Escape" && !event.default_prevented() && within(event, ".decide, .compose") {
        event.prevent_default();
        if let Some(opened) = opened {
            opened.leave_panel();
        }
        return;
    }
    let Some(key) = plain_key(event, true) else { return };
    if key == "Escape" && !event.repeat() {
        match opened {
            Some(opened) if opened.sheet.get_untracked() => opened.leave_panel(),
            _ => back(desk),
        }
        return;
    }
    if !desk.app.shortcuts_on.get_untracked() {
        return;
    }
    match key.as_str() {
        "j" => return go(desk, event, 1),
        "k" => return go(desk, event, -1),
        _ if event.repeat() => return,
        _ => {}
    }
    match (key.as_str(), opened) {
        ("Enter", _) if is_lost() => {
            if let Some(at) = desk.at.get_untracked() {
                desk.go(Some(at));
            }
            return;
        }
        ("x", _) => {
            let in_list = within(event, ".it");
            let open = desk.open.get_untracked();
            if let Some(id) = if in_list { desk.at.get_untracked() } else { open.or(desk.at.get_untracked()) } {
                desk.pick(id);
            }
        }
        ("a", Some(opened)) => opened.choose_by_key(Decision::Approve),
        ("r", Some(opened)) => opened.choose_by_key(Decision::Reject),
        ("c", Some(opened)) => opened.to_comment(),
        ("v", Some(opened)) => opened.to_diff(),
        ("i", Some(opened)) => opened.show_bytes(),
        _ => return,
    }
    event.prevent_default();
}

fn go(desk: Desk, event: &KeyboardEvent, by: isize) {
    event.prevent_default();
    let from = desk.at.get_untracked().or(desk.open.get_untracked());
    if let Some(to) = step(&desk.ids(), from, by) {
        desk.at.set(Some(to));
        focus_id(&row_id(to), true);
    }
}

/// From the change to the list, onto the row it was opened from.
fn back(desk: Desk) {
    let Some(id) = desk.open.get_untracked() else { return };
    desk.at.set(Some(id));
    desk.go(None);
    focus_id_soon(row_id(id));
}
