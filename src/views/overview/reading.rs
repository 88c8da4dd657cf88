//! How reading goes, said over the figures: rows, bytes, quarantined, and the stop; afterwards whether it is the whole.

use crate::paths::{RecordQuery, Route};
use crate::state::{App, Source, tasks};
use crate::ui::wording::counted;
use crate::ui::{Button, ButtonLook, Icon, IconName, Show, live, memo, view};
use crate::views::parts::reading::{caution, left_out, part, so_far};
use engine::talk::{Finished, Hashed};
use leptos::prelude::*;

/// While records come: how many, and a way to stop.
#[component]
pub fn Reading() -> impl IntoView {
    let app = App::get();
    let trail = app.trail;
    let reading = memo(move || trail.is_open() && !trail.is_read() && trail.trouble().is_none());
    let words = move || {
        let words = trail.progress().map(|progress| so_far(&progress)).unwrap_or("records".to_owned());
        format!("Reading {words}")
    };
    // Of packed bytes it is not known how many there will be: then the bar only says that it goes on.
    let part = move || trail.progress().as_ref().and_then(part).map(|part| part.to_string());
    view! {
        <Show when=move || reading.get()>
            <div class="reading">
                <progress aria-label="Reading records" value=part max="1"></progress>
                <span>{words}</span>
                <Button look=ButtonLook::Small on_press=move |()| tasks::cancel_reading(app)>"Stop reading"</Button>
            </div>
        </Show>
    }
}

/// What is not whole is said in a strip, and what was read stands all the same.
#[component]
pub fn NotWhole() -> impl IntoView {
    let app = App::get();
    let broken = memo(move || {
        let words = app.trail.progress().and_then(|progress| caution(&progress))?;
        Some(format!("{words} The figures are of those."))
    });
    live(move || {
        broken.get().map(|words| {
            view! {
                <div class="notwhole tone-pending" role="status">
                    <Icon name=IconName::Warn />
                    <span>{words}</span>
                    <Button look=ButtonLook::Small on_press=move |()| tasks::reopen_trail(app)>"Read again"</Button>
                </div>
            }
        })
    })
}

/// Under the figures: what they are of, and what is in none of them.
#[component]
pub fn Foot() -> impl IntoView {
    let app = App::get();
    let whole = move || {
        let progress = app.trail.progress()?;
        let rows = counted(progress.rows.into(), "record", "records");
        let said = match progress.finished.as_ref()? {
            Finished::Whole { hash: Hashed::Agrees } if app.source.with(Source::is_endpoint) => {
                format!("{rows}; what was there at first was whole by its trailer's count and hash.")
            }
            Finished::Whole { hash: Hashed::Agrees } => format!("{rows}, whole by the trailer's count and hash."),
            Finished::Whole { hash: Hashed::Checking } => {
                format!("{rows}, whole by the trailer's count; its hash is being checked.")
            }
            Finished::Whole { hash: Hashed::Unchecked } => {
                format!("{rows}, whole by the trailer's count; this browser could not check its hash.")
            }
            Finished::NoTrailer => {
                format!(
                    "{rows} ({}). The source has no trailer, so nothing tells whether that is all.",
                    progress.format
                )
            }
            _ => return None,
        };
        Some(said)
    };
    let apart = move || {
        let words = app.trail.progress().as_ref().map(left_out).filter(|words| !words.is_empty())?;
        Some(format!("{}.", words.join(", ")))
    };
    let quarantined = move || {
        // An endpoint's are counted by itself.
        let count = app.trail.progress().map_or(0, |progress| progress.quarantined);
        (count > 0).then(|| {
            let query = RecordQuery { quarantined: true, ..RecordQuery::default() };
            let href = Route::Records { query, open: None }.href();
            view! {
                <span>
                    {counted(count, "item could not be read and is", "items could not be read and are")}
                    " in no figure. "
                    <a href=href>"See them"</a>
                </span>
            }
        })
    };
    view! {
        <div class="foot of-all">
            <span>"Unknown is counted apart, never as zero and never as success. Every figure opens its definition and the records behind it."</span>
            <span class="push"></span>
            <span>{whole} " " {apart}</span>
            {quarantined}
        </div>
    }
}
