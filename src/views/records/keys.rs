//! The page's keys: j and k move, with a record open they show the next one; Esc closes it. Arrows, Home,
//! End and Enter are the table's own.

use super::desk::Desk;
use crate::ui::plain_key;
use leptos::prelude::*;

/// Listens as long as the page stands.
pub fn listen(desk: Desk) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        let Some(key) = plain_key(&event, true) else { return };
        let open = desk.open.get_untracked();
        if key == "Escape" && !event.repeat() && open.is_some() {
            event.prevent_default();
            desk.close();
            return;
        }
        let step = match key.as_str() {
            "j" => 1,
            "k" => -1,
            _ => return,
        };
        if !desk.app.shortcuts_on.get_untracked() || desk.query.with_untracked(|query| query.quarantined) {
            return;
        }
        let Some(last) = untrack(|| desk.rows()).checked_sub(1) else { return };
        event.prevent_default();
        let shown = open.as_ref().and_then(|uid| untrack(|| desk.position(uid)));
        let from = shown.unwrap_or(desk.at.get_untracked());
        let to = from.saturating_add_signed(step).min(last);
        desk.at.set(to);
        if open.is_some() {
            desk.look_at(to);
        }
    });
    on_cleanup(move || listener.remove());
}
