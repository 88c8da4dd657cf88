//! A digest in short, and the button that copies the whole of it (or anything else) and says whether that worked.
//! What the digest is of, and its bytes, are the views'.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::erased::view;
use super::icon::{Icon, IconName};
use super::live::Announcer;
use super::wording::short_digest;

/// First eight … last eight, and a button that copies all of it. `label` says which digest: `reviewed digest`.
#[component]
pub fn Digest(#[prop(into)] value: String, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <span class="dgst">
            <span class="dg" title=value.clone()>
                {short_digest(&value)}
            </span>
            <CopyButton text=value label />
        </span>
    }
}

/// Copies `text`; its name is `Copy` and the label, and `word`, which stands on it, is how that begins. The result stands
/// on the button for two seconds and is announced.
#[component]
pub fn CopyButton(
    #[prop(into)] text: String,
    #[prop(into)] label: String,
    #[prop(default = "Copy")] word: &'static str,
) -> impl IntoView {
    let outcome = RwSignal::new(None::<bool>);
    let announcer = use_context::<Announcer>();
    let name = format!("Copy {label}");
    let copy = move |_| {
        let (text, label) = (text.clone(), label.clone());
        spawn_local(async move {
            let copied = JsFuture::from(window().navigator().clipboard().write_text(&text)).await.is_ok();
            outcome.try_set(Some(copied));
            if let Some(announcer) = announcer {
                announcer.say(if copied {
                    format!("Copied {label}.")
                } else {
                    format!("The browser did not let {label} be copied.")
                });
            }
            set_timeout(
                move || {
                    outcome.try_set(None);
                },
                Duration::from_secs(2),
            );
        });
    };
    view! {
        <button type="button" class="btn s copy" aria-label=name on:click=copy>
            {move || {
                let (icon, word) = match outcome.get() {
                    None => (IconName::Copy, word),
                    Some(true) => (IconName::Check, "Copied"),
                    Some(false) => (IconName::X, "Not copied"),
                };
                view! {
                    <Icon name=icon small=true />
                    {word}
                }
            }}
        </button>
    }
}
