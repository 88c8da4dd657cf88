//! The page's title, which carries the number that waits for the reader, and where the focus goes when the
//! page changes.

use crate::paths::Route;
use crate::state::App;
use crate::ui::{effect, memo};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The view's name, as in the navigation.
pub fn view_name(route: &Route) -> &'static str {
    match route {
        Route::Queue { .. } => "Queue",
        Route::Records { .. } => "Records",
        Route::Agents { .. } => "Agents",
        Route::Overview(_) => "Overview",
        Route::NotFound(_) => "Not found",
    }
}

/// Keeps the title true, and moves the focus to the content when another view is shown.
pub fn follow(app: App) {
    let view = memo(move || app.route.with(view_name));
    effect(move || {
        let waiting = app.changes.waiting_for_me();
        let number = if waiting > 0 { format!("({waiting}) ") } else { String::new() };
        let open = app.route.with(|route| match route {
            Route::Queue { open: Some(id), .. } => format!("{id} · "),
            _ => String::new(),
        });
        document().set_title(&format!("{number}{open}{} · Countersign", view.get()));
    });
    Effect::new(move |before: Option<&'static str>| {
        let now = view.get();
        if before.is_some_and(|before| before != now) {
            focus_main();
        }
        now
    });
}

/// Puts the focus on the content.
pub fn focus_main() {
    if let Some(main) = document().get_element_by_id("main") {
        let _ = main.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}
