//! The page's frame: heading with the counts, filters, the trail or what could not be decoded, and the open
//! record beside it. Each part has its room.

use super::actives::{Actives, Behind, Newer, SearchedIn};
use super::asked::is_narrowed;
use super::desk::{Desk, Shown};
use super::export::ExportDialog;
use super::facets::{Facets, FacetsDialog};
use super::filter_bar::FilterBar;
use super::filters::tally;
use super::keys;
use super::panel::RecordPanel;
use super::progress::{Cautions, ReadingLine};
use super::rejects::Rejects;
use super::sorting;
use super::table::Trail;
use crate::paths::RecordQuery;
use crate::state::{Source, Status};
use crate::ui::{Show, memo, view};
use crate::words;
use leptos::prelude::*;

#[component]
pub fn RecordsPage() -> impl IntoView {
    let desk = Desk::provide();
    keys::listen(desk);
    let opened = memo(move || desk.open.with(Option::is_some));
    let rejects = memo(move || desk.query.with(|query| query.quarantined));
    let listed = memo(move || !rejects.get() && desk.filtering.get() && desk.beside.get());
    // On a narrow page the open record covers the rest, which then takes no focus.
    let covered = move || (opened.get() && desk.narrow.get()).then_some("");
    view! {
        <div class="page fixed records" class:with-side=move || opened.get() class:with-lists=move || listed.get()>
            <div class="head" inert=covered>
                <h1 tabindex="-1">"Records"</h1>
                <Counts />
                <ReadingLine />
                <Newer />
                <span class="push"></span>
                <Which />
            </div>
            <Show when=move || !rejects.get()>
                <div class="narrowing" inert=covered>
                    <FilterBar />
                    <Actives />
                    <Behind />
                    <SearchedIn />
                </div>
            </Show>
            <div class="cols">
                <Show when=move || listed.get()>
                    <Facets />
                </Show>
                <Show
                    when=move || rejects.get()
                    fallback=move || {
                        view! {
                            <section class="panel main" aria-label="The trail" inert=covered>
                                <Cautions />
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
            <FacetsDialog />
            <ExportDialog />
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
            let is_endpoint = desk.app.source.with(Source::is_endpoint);
            return match (is_endpoint, known) {
                (true, true) => format!("Imported, and not decoded. Times in {zone}"),
                (true, false) => String::new(),
                (false, _) => "Read, and not decoded".to_owned(),
            };
        }
        let narrowed = desk.query.with(is_narrowed);
        let tally = match (desk.shown.get(), records.status()) {
            (Shown::Pages, Status::Ready(())) => tally(records.total(), desk.app.sequence.get(), narrowed),
            (Shown::Held, _) => {
                desk.app.trail.windows().with(|windows| tally(windows.of as u64, windows.generation, narrowed))
            }
            _ => return String::new(),
        };
        let order = match desk.shown.get() {
            Shown::Held => sorting::words(desk.sorting()),
            _ => sorting::words(sorting::newest(true)),
        };
        format!("{tally}, {order}, times in {zone}")
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
        let records = desk.app.records;
        let read = || desk.app.trail.progress().map_or(0, |progress| progress.quarantined);
        let known = match desk.app.source.with(Source::is_endpoint) {
            true => records.status().ready().map(|()| records.quarantined() + read()),
            false => desk.app.trail.is_read().then(read),
        };
        known.map(|count| view! { <span class="n">{words::count(count)}</span> })
    };
    view! {
        <nav class="seg links" aria-label="Which records">
            <a href=move || to(false) aria-current=move || (!rejects.get()).then_some("page")>"Decoded"</a>
            <a href=move || to(true) aria-current=move || rejects.get().then_some("page")>"Quarantined" {count}</a>
        </nav>
    }
}
