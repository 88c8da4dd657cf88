//! Where the reader is, followed from the page's fragment, and the two ways to go elsewhere. What addresses
//! there are is `paths`.

use crate::paths::Route;
use leptos::prelude::*;

fn current() -> Route {
    Route::parse(&window().location().hash().unwrap_or_default())
}

/// Follows the fragment. Call once, at the root.
pub fn follow() -> RwSignal<Route> {
    let route = RwSignal::new(current());
    let read = move || {
        let now = current();
        if route.with_untracked(|before| *before != now) {
            route.set(now);
        }
    };
    // Back and forward after a replaced address fire popstate alone; links fire both.
    window_event_listener_untyped("hashchange", move |_| read());
    window_event_listener_untyped("popstate", move |_| read());
    route
}

/// Goes to `route`: a new entry in the history.
pub fn go(route: &Route) {
    let _ = window().location().set_hash(&route.href());
}

/// Puts `route` in the place of the current entry: for filters while typing.
pub fn replace(route: &Route) {
    let replaced = window()
        .history()
        .and_then(|history| history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&route.href())));
    if replaced.is_ok() {
        // A replaced address fires nothing by itself; whoever follows it must hear of it all the same. This runs in
        // event handlers, where there is no context to ask for the signal.
        if let Ok(event) = web_sys::Event::new("popstate") {
            let _ = window().dispatch_event(&event);
        }
    }
}
