//! The page's frame: heading with the counts, filters, the trail or what could not be decoded, and the open
//! record beside it. Each part has its room.

use super::actives::{Actives, Newer};
use super::desk::Desk;
use super::filter_bar::FilterBar;
use super::filters::tally;
use super::keys;
use super::panel::RecordPanel;
use super::rejects::Rejects;
use super::table::Trail;
use crate::paths::RecordQuery;
use crate::state::Status;
use crate::ui::{Show, memo, view};
use crate::words;
use leptos::prelude::*;

#[component]
pub fn RecordsPage() -> impl IntoView {
    let desk = Desk::provide();
    keys::listen(desk);
    let opened = memo(move || desk.open.with(Option::is_some));
    let rejects = memo(move || desk.query.with(|query| query.quarantined));
    // On a narrow page the open record covers the rest, which then takes no focus.
    let covered = move || (opened.get() && desk.narrow.get()).then_some("");
    view! {
        <div class="page fixed records" class:with-side=move || opened.get()>
            <div class="head" inert=covered>
                <h1 tabindex="-1">"Records"</h1>
                <Counts />
                <Newer />
                <span class="push"></span>
                <Which />
            </div>
            <Show when=move || !rejects.get()>
                <div class="narrowing" inert=covered>
                    <FilterBar />
                    <Actives />
                </div>
            </Show>
            <div class="cols">
                <Show
                    when=move || rejects.get()
                    fallback=move || {
                        view! {
                            <section class="panel main" aria-label="The trail" inert=covered>
                                <Trail />
                            </section>
                        }
                    }
                >
                    <section class="panel main quar" aria-label="Quarantined" inert=covered>
                        <Rejects />
                    </section>
                </Show>
                <Show when=move || opened.get()>
                    <RecordPanel />
                </Show>
            </div>
        </div>
    }
}

/// `134 of 48 213 records, newest first, times in UTC`.
#[component]
fn Counts() -> impl IntoView {
    let desk = Desk::get();
    let records = desk.app.records;
    let words = move || {
        let zone = desk.app.zone().name();
        if desk.query.with(|query| query.quarantined) {
            let known = records.status().ready().is_some() || records.rejects().ready().is_some();
            return if known { format!("Imported, and not decoded. Times in {zone}") } else { String::new() };
        }
        match records.status() {
            Status::Ready(()) => {
                let filtered = desk.query.with(|query| !query.parameters().is_empty());
                let tally = tally(records.total(), desk.app.sequence.get(), filtered);
                format!("{tally}, newest in the log first, times in {zone}")
            }
            _ => String::new(),
        }
    };
    view! { <p class="t2 sm">{words}</p> }
}

/// The trail, or what could not be decoded: two addresses, so two links.
#[component]
fn Which() -> impl IntoView {
    let desk = Desk::get();
    let rejects = memo(move || desk.query.with(|query| query.quarantined));
    let to = move |quarantined: bool| {
        let query = RecordQuery { quarantined, ..desk.query.get() };
        crate::paths::Route::Records { query, open: None }.href()
    };
    let count = move || {
        let known = desk.app.records.status().ready().is_some();
        known.then(|| view! { <span class="n">{words::count(desk.app.records.quarantined())}</span> })
    };
    view! {
        <nav class="seg links" aria-label="Which records">
            <a href=move || to(false) aria-current=move || (!rejects.get()).then_some("page")>"Decoded"</a>
            <a href=move || to(true) aria-current=move || rejects.get().then_some("page")>"Quarantined" {count}</a>
        </nav>
    }
}
