//! Reading on the page: a line beside the heading while the endpoint's pages are shown, the whole place where nothing can
//! be shown before, and what is to be known when it ended otherwise than whole. The words are `parts::reading`'s.

use super::desk::Desk;
use super::way::Way;
use crate::state::{Source, tasks};
use crate::ui::{Button, ButtonLook, Icon, IconName, Show, live, memo, view};
use crate::views::parts::reading::{caution, left_out, part, so_far};
use leptos::prelude::*;

/// How far it is, as a bar where that is known.
#[component]
fn Far() -> impl IntoView {
    let desk = Desk::get();
    let far = memo(move || desk.app.trail.progress().as_ref().and_then(part));
    let words = move || desk.app.trail.progress().as_ref().map(so_far);
    view! {
        <progress max="1" prop:value=move || far.get().unwrap_or_default() class:unknown=move || far.get().is_none() aria-label="Read so far"></progress>
        <span>{words}</span>
        <Button look=ButtonLook::Small on_press=move |()| tasks::cancel_reading(desk.app)>"Stop reading"</Button>
    }
}

/// Beside the heading, while the pages are read by anyone: the log is read for what pages don't have. It shows after a
/// moment (by style), since a short log is read by then.
#[component]
pub fn ReadingLine() -> impl IntoView {
    let desk = Desk::get();
    let trail = desk.app.trail;
    let reads =
        memo(move || desk.way.get() == Way::Pages && trail.is_open() && !trail.is_read() && trail.trouble().is_none());
    view! {
        <Show when=move || reads.get()>
            <div class="so-far row" role="group" aria-label="Reading the whole log">
                <span class="wide">"Reading the whole log for orders and counts:"</span>
                <Far />
            </div>
        </Show>
    }
}

/// In the place of the table, while nobody else can answer.
#[component]
pub fn AwaitedLog() -> impl IntoView {
    let desk = Desk::get();
    let title = move || match desk.app.source.with(Source::name) {
        Some(name) => format!("Reading {name}"),
        None => "Reading the whole log".to_owned(),
    };
    let why = move || {
        desk.app.source.with(Source::is_endpoint).then_some(
            "An order, a filter by several values and a search of all columns need every record; the first time they are read.",
        )
    };
    view! {
        <div class="state awaited">
            <h2>{title}</h2>
            <p>{why}</p>
            <div class="so-far row wrap"><Far /></div>
        </div>
    }
}

/// Over the rows: what they are not.
#[component]
pub fn Cautions() -> impl IntoView {
    let desk = Desk::get();
    let trail = desk.app.trail;
    let is_endpoint = move || desk.app.source.with(Source::is_endpoint);
    let said = memo(move || {
        // A log that could not be read leaves the pages as they are; what can't be done is said where it is wanted.
        let trouble = trail.trouble().filter(|_| is_endpoint()).map(|trouble| trouble.what);
        let progress = trail.progress();
        let caution = progress.as_ref().and_then(caution);
        match desk.way.get() {
            Way::Held => caution,
            Way::Pages => caution.or(trouble).map(|words| {
                format!("{words} Orders, counts and files need the whole log; the pages below are the endpoint’s.")
            }),
            Way::Reading | Way::Failed => None,
        }
    });
    let more = memo(move || {
        let progress = trail.progress().filter(|_| desk.way.get() == Way::Held && !is_endpoint());
        progress.as_ref().map(left_out).filter(|words| !words.is_empty()).map(|words| words.join(", "))
    });
    view! {
        {live(move || {
            said.get().map(|words| {
                view! {
                    <div class="strip tone-high" role="status">
                        <Icon name=IconName::Warn />
                        <span>{words}</span>
                        <Button look=ButtonLook::Small class="push" on_press=move |()| tasks::reopen_trail(desk.app)>"Read again"</Button>
                    </div>
                }
            })
        })}
        {live(move || more.get().map(|words| view! { <p class="left-out xs t3">{words} "."</p> }))}
    }
}
