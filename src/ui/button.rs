//! The button. It is never `disabled`: what can't be done stays in its place, can be focused, says why, and does
//! nothing when pressed. The reason comes from whoever knows the rule.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;

use super::erased::view;
use super::icon::{Icon, IconName};
use super::keys::Kbd;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ButtonLook {
    #[default]
    Plain,
    /// 24 px high, for rows and headers.
    Small,
    /// The one that commits. At most one on a page.
    Commit,
    /// Without an edge, for what only navigates or reveals.
    Link,
    /// Stops something at once.
    Stop,
}

/// A fresh `id` for `aria-describedby`, `aria-labelledby` and radio groups.
pub(super) fn fresh_id(kind: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{kind}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

#[component]
pub fn Button(
    #[prop(into)] on_press: Callback<()>,
    #[prop(optional)] look: ButtonLook,
    #[prop(optional)] icon: Option<IconName>,
    /// Keys that do the same, shown at the far end: `&["Ctrl", "↵"]`.
    #[prop(optional)]
    keys: &'static [&'static str],
    /// The same keys in the words of `aria-keyshortcuts`: `Control+Enter`.
    #[prop(optional)]
    shortcut: Option<&'static str>,
    /// Why it can't be pressed now; `None` arms it.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    /// The reason is written elsewhere on the page, so only assistive technology reads it here.
    #[prop(optional)]
    reason_elsewhere: bool,
    /// For a button that stays pressed.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// The whole name, where the words on the button lack what it acts on: `Pause cost-optimizer`.
    #[prop(optional, into)]
    label: Option<String>,
    #[prop(optional)] class: &'static str,
    /// Sends the form around it; `on_press` still runs.
    #[prop(optional)]
    submits: bool,
    children: Children,
) -> impl IntoView {
    let look = match look {
        ButtonLook::Plain => "btn",
        ButtonLook::Small => "btn s",
        ButtonLook::Commit => "btn go",
        ButtonLook::Link => "btn s link",
        ButtonLook::Stop => "btn s danger",
    };
    let why = fresh_id("why");
    let described = {
        let why = why.clone();
        move || blocked.with(Option::is_some).then(|| why.clone())
    };
    let caps = (!keys.is_empty()).then(|| view! { <Kbd keys /> });
    view! {
        <button
            type=if submits { "submit" } else { "button" }
            class=format!("{look} {class}")
            aria-disabled=move || blocked.with(Option::is_some).then_some("true")
            aria-describedby=described
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            aria-label=label
            aria-keyshortcuts=shortcut
            title=move || blocked.get()
            on:click=move |event| {
                if blocked.with_untracked(Option::is_some) {
                    event.prevent_default();
                    event.stop_propagation();
                } else {
                    on_press.run(());
                }
            }
        >
            {icon.map(|name| view! { <Icon name /> })}
            {children()}
            {caps}
        </button>
        {move || {
            blocked
                .get()
                .map(|reason| {
                    view! {
                        <span class=if reason_elsewhere { "vh" } else { "why" } id=why.clone()>
                            {reason}
                        </span>
                    }
                })
        }}
    }
}
