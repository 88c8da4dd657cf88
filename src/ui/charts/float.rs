//! What opens beside the button that opens it: the browser's own popover, so that Esc and a click elsewhere close it
//! and the focus returns, put where there is room. What is modal is `ui::dialog`.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;

use super::place::{Rect, placed};
use crate::ui::button::fresh_id;
use crate::ui::erased::{effect, view};

#[component]
pub fn Float(
    /// The words on the button.
    word: &'static str,
    /// Its whole name, which is also the popover's: `Definition of autonomy by tier`.
    #[prop(into)]
    label: String,
    #[prop(optional)] class: &'static str,
    /// Runs when it has opened.
    #[prop(optional, into)]
    on_open: Option<Callback<()>>,
    /// For closing it from within.
    #[prop(optional)]
    node: NodeRef<html::Div>,
    children: Children,
) -> impl IntoView {
    let id = fresh_id("float");
    let button = NodeRef::<html::Button>::new();
    let open = RwSignal::new(false);
    let place = move || {
        let (Some(Some(button)), Some(Some(node))) = (button.try_get_untracked(), node.try_get_untracked()) else {
            return;
        };
        let (at, own) = (button.get_bounding_client_rect(), node.get_bounding_client_rect());
        let (width, height) = page_size();
        let at = Rect { left: at.left(), top: at.top(), width: at.width(), height: at.height() };
        let (left, top) = placed(at, (own.width(), own.height()), (width, height));
        let style = web_sys::HtmlElement::style(&node);
        let _ = style.set_property("left", &format!("{left}px"));
        let _ = style.set_property("top", &format!("{top}px"));
    };
    let toggled = move |_| {
        let is_open = node.get_untracked().is_some_and(|node| node.matches(":popover-open").unwrap_or(false));
        if is_open {
            place();
            if let Some(on_open) = on_open {
                on_open.run(());
            }
        }
        open.set(is_open);
    };
    follow(open.into(), place);
    let (target, name) = (id.clone(), label.clone());
    view! {
        <button type="button" class=format!("btn s {class}") node_ref=button popovertarget=target aria-label=label>
            {word}
        </button>
        <div
            class="float"
            class:placed=move || open.get()
            id=id
            popover="auto"
            role="group"
            aria-label=name
            node_ref=node
            on:toggle=toggled
        >
            {children()}
        </div>
    }
}

fn page_size() -> (f64, f64) {
    let number = |size: Result<leptos::wasm_bindgen::JsValue, _>| size.ok().and_then(|size| size.as_f64());
    (number(window().inner_width()).unwrap_or(0.0), number(window().inner_height()).unwrap_or(0.0))
}

/// Runs whenever anything on the page scrolls or the page changes its size, while `open` holds. Scrolling inside the
/// page does not reach the window but on its way down.
fn follow(open: Signal<bool>, run: impl Fn() + Copy + 'static) {
    let listener = StoredValue::new_local(None::<Closure<dyn FnMut()>>);
    let stop = move || {
        let _ = listener.try_update_value(|listener| {
            if let Some(listener) = listener.take() {
                let run = listener.as_ref().unchecked_ref();
                let _ = document().remove_event_listener_with_callback_and_bool("scroll", run, true);
                let _ = window().remove_event_listener_with_callback("resize", run);
            }
        });
    };
    effect(move || {
        stop();
        if open.get() {
            let made = Closure::<dyn FnMut()>::new(run);
            let run = made.as_ref().unchecked_ref();
            let _ = document().add_event_listener_with_callback_and_bool("scroll", run, true);
            let _ = window().add_event_listener_with_callback("resize", run);
            listener.set_value(Some(made));
        }
    });
    on_cleanup(stop);
}
