//! The parts that are fetched by themselves, so that the queue is painted before the rest is here: each
//! function below becomes a file of its own when the app is built. How a part is awaited is `ui::part`. The only
//! room where unsafe code is allowed: what the macro puts round a part is calls between WebAssembly modules.
#![allow(unsafe_code)]

use crate::state::App;
use crate::ui::{Draw, Part, effect, styled, view};
use crate::views::agents::AgentsPage;
use crate::views::overview::OverviewPage;
use crate::views::parts::ConnectAgent;
use crate::views::queue::{BulkBar, Open};
use crate::views::records::RecordsPage;
use crate::views::shell::{Otherwise, Rest, Strip};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

/// The open change and the decision on it, one or several at once.
pub static OPEN: Part = Part::new("the change", || Box::pin(open()));
/// What can be done with the selected changes; in one file with the open change.
pub static BULK_BAR: Part = Part::quiet(|| Box::pin(bulk_bar()));
/// What the first paint does without: the live stream, the menus, the list of keys.
pub static REST: Part = Part::quiet(|| Box::pin(rest()));
/// What the page can't do just now, said under the bar; in one file with the rest.
pub static STRIP: Part = Part::quiet(|| Box::pin(strip()));
/// What stands instead of a page; in one file with the rest.
pub static OTHERWISE: Part = Part::new("the page", || Box::pin(otherwise()));
/// How to connect the first agent; in one file with the rest.
pub static FIRST_RUN: Part = Part::new("the first steps", || Box::pin(first_run()));
pub static RECORDS: Part = Part::new("the records", || {
    Box::pin(async {
        styled(&["records"]).await;
        records().await
    })
});
pub static AGENTS: Part = Part::new("the agents", || {
    Box::pin(async {
        styled(&["agents"]).await;
        agents().await
    })
});
pub static OVERVIEW: Part = Part::new("the overview", || {
    Box::pin(async {
        styled(&["charts", "overview"]).await;
        overview().await
    })
});

#[wasm_split(open, wasm_split_path = ::leptos::wasm_split, fallible)]
fn open() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Open /> })
}

#[wasm_split(open, wasm_split_path = ::leptos::wasm_split, fallible)]
fn bulk_bar() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <BulkBar /> })
}

#[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible)]
fn rest() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Rest /> })
}

#[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible)]
fn strip() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Strip /> })
}

#[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible)]
fn otherwise() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Otherwise /> })
}

#[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible)]
fn first_run() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <ConnectAgent /> })
}

#[wasm_split(records, wasm_split_path = ::leptos::wasm_split, fallible)]
fn records() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <RecordsPage /> })
}

#[wasm_split(agents, wasm_split_path = ::leptos::wasm_split, fallible)]
fn agents() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <AgentsPage /> })
}

#[wasm_split(overview, wasm_split_path = ::leptos::wasm_split, fallible)]
fn overview() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <OverviewPage /> })
}

/// What the browser is given to paint, in milliseconds.
const PAINT_MS: u32 = 50;

/// Fetches every part once the queue is painted or has failed to be, so that whatever is opened is opened at once and
/// the page goes on when the endpoint is away.
pub fn fetch_all(app: App) {
    let begun = StoredValue::new(false);
    effect(move || {
        if !app.settled() || begun.get_value() {
            return;
        }
        begun.set_value(true);
        spawn_local(async {
            TimeoutFuture::new(PAINT_MS).await;
            for part in [&OPEN, &RECORDS, &AGENTS, &OVERVIEW] {
                part.fetch_ahead().await;
            }
        });
    });
}
