//! The rail beside the change: who reviews, what became of a decision, the decision itself, the digests, and
//! what is recorded with it.

use super::decision::Decide;
use super::fate::FateCard;
use super::opened::Opened;
use super::settled::Settled;
use super::slots::Slots;
use crate::ui::{Button, ButtonLook, Digest, Icon, IconName, Kbd, view};
use crate::words::{clock_zoned, span};
use leptos::prelude::*;

#[component]
pub fn Rail(opened: Opened) -> impl IntoView {
    view! {
        <aside class="rail" aria-label="Decision">
            <Slots opened />
            <FateCard opened />
            <Settled opened />
            <Decide opened />
            <Digests opened />
            <Recorded opened />
        </aside>
    }
}

#[component]
fn Digests(opened: Opened) -> impl IntoView {
    let view = opened.view();
    view! {
        <section aria-label="Digests">
            <h2>
                "Digests" <span class="push row xs">
                    <Button look=ButtonLook::Link shortcut="i" on_press=move |()| opened.show_bytes()>
                        "Canonical bytes"
                    </Button>
                    <Kbd keys=&["i"] />
                </span>
            </h2>
            <dl class="sign">
                <dt>"reviewed"</dt>
                <dd>
                    <Digest value=view.digest.to_string() label="the reviewed digest" />
                </dd>
                <dt>"action"</dt>
                <dd>
                    <Digest value=view.reviewed.action_digest.to_string() label="the action digest" />
                </dd>
            </dl>
            {move || match opened.seal.get() {
                Ok(()) => {
                    view! {
                        <p class="small row">
                            <Icon name=IconName::Check small=true />
                            "Recomputed here from what is shown: both are equal."
                        </p>
                    }
                        .into_any()
                }
                Err(why) => {
                    view! {
                        <p class="why row ink tone-critical" role="alert">
                            <Icon name=IconName::Warn small=true />
                            {why}
                        </p>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

#[component]
fn Recorded(opened: Opened) -> impl IntoView {
    let app = opened.app;
    let time = move || {
        format!(
            "Opened {}, on screen for {}, ",
            clock_zoned(opened.watch.opened_at, app.zone()),
            span(opened.watch.visible_seconds())
        )
    };
    view! {
        <section aria-label="Recorded with your review">
            <h2>"Recorded with your review"</h2>
            <p class="small">{time} {move || opened.watch.sections_words()}</p>
        </section>
    }
}
