//! The keys that hold everywhere, and the list of all keys. What a page's own keys do is in its folder.

use super::bar::views;
use crate::state::App;
use crate::state::route;
use crate::ui::{Check, Dialog, Kbd, plain_key, view};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Keys, and what they do.
type Shortcut = (&'static [&'static str], &'static str);

/// What the list says, by heading.
const LIST: &[(&str, &[Shortcut])] = &[
    (
        "Everywhere",
        &[
            (&["?"], "this list"),
            (&["g", "q"], "to the queue"),
            (&["g", "r"], "to the records"),
            (&["g", "a"], "to the agents"),
            (&["g", "o"], "to the overview"),
            (&["/"], "to the filter"),
            (&["Esc"], "back, or close"),
        ],
    ),
    ("In the records", &[(&["j"], "next record"), (&["k"], "previous record"), (&["Enter"], "open the record")]),
    (
        "In the queue",
        &[
            (&["j"], "next change"),
            (&["k"], "previous change"),
            (&["Enter"], "open the change"),
            (&["x"], "select for a decision on several"),
            (&["a"], "choose Approve"),
            (&["r"], "choose Reject"),
            (&["Ctrl", "Enter"], "sign the chosen decision; Cmd on a Mac"),
            (&["c"], "comment"),
            (&["v"], "to what changed"),
            (&["i"], "canonical bytes and digests"),
        ],
    ),
];

/// Listens for the keys that hold everywhere.
pub fn listen(app: App, help: RwSignal<bool>) {
    let leader = RwSignal::new(false);
    window_event_listener(leptos::ev::keydown, move |event| {
        if !app.shortcuts_on.get_untracked() {
            return;
        }
        let Some(key) = plain_key(&event, false) else { return };
        if leader.get_untracked() {
            leader.set(false);
            let index = match key.as_str() {
                "q" => 0,
                "r" => 1,
                "a" => 2,
                "o" => 3,
                _ => return,
            };
            event.prevent_default();
            // The page's own keys must not see the second letter.
            event.stop_immediate_propagation();
            let (_, to) = views()[index].clone();
            route::go(&app.route.with_untracked(|here| to.carried_from(here)));
            return;
        }
        match key.as_str() {
            "?" => {
                event.prevent_default();
                help.set(true);
            }
            "g" => {
                leader.set(true);
                set_timeout(move || leader.set(false), std::time::Duration::from_millis(1_200));
            }
            "/" => {
                let field = document().query_selector("[data-filter]").ok().flatten();
                if let Some(field) = field {
                    event.prevent_default();
                    let _ = field.unchecked_into::<web_sys::HtmlElement>().focus();
                }
            }
            _ => {}
        }
    });
}

#[component]
pub fn ShortcutsDialog(open: RwSignal<bool>) -> impl IntoView {
    let app = App::get();
    view! {
        <Dialog open=open on_close=move |_| open.set(false) title=Signal::derive(|| "Keyboard shortcuts".to_owned())>
            {LIST
                .iter()
                .map(|(heading, keys)| {
                    let rows = keys
                        .iter()
                        .map(|(keys, does)| view! { <dt><Kbd keys=keys read=true /></dt><dd>{*does}</dd> })
                        .collect_view();
                    view! {
                        <section>
                            <h3>{*heading}</h3>
                            <dl class="kv">{rows}</dl>
                        </section>
                    }
                })
                .collect_view()}
            <p class="sm t2">"Keys do nothing while you type. A held key moves, and never decides."</p>
            <Check
                label="Single-key shortcuts on"
                checked=app.shortcuts_on
                on_change=move |on| app.shortcuts_on.set(on)
            />
        </Dialog>
    }
}
