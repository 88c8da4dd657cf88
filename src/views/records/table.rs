//! The trail as a table: which columns, what they are sorted by, and what comes in its place while there is nothing to
//! show. The cells are `cells`; only the rows in sight are drawn, and what is missing there is asked for.

use super::actives::clear;
use super::asked::{self, with_more};
use super::cells::{Moment, deed, ending, kind, who};
use super::desk::{Desk, Shown};
use super::progress::AwaitedLog;
use super::sorting;
use super::way::Way;
use crate::paths::RecordQuery;
use crate::state::{Source, Status, tasks};
use crate::ui::{
    Button, ButtonLook, Column, CommandLines, Empty, Failure, Head, Show, Skeleton, VirtualTable, live, memo, view,
};
use crate::views::parts::Said;
use crate::words;
use leptos::prelude::*;
use std::sync::Arc;

/// Heights of a row in pixels, by `style/records.css`: one line, or three on a narrow page.
const ROW: f64 = 28.0;
const ROW_NARROW: f64 = 76.0;
/// How near the end of the pages the next one is asked for, in rows.
const NEAR_END: usize = 50;

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Nothing,
    Loading,
    /// The log is still read, and nobody else can answer.
    Reading,
    PagesFailed,
    ReadingFailed,
    /// Something in the address is not understood.
    Odd,
    NoRecords,
    NoMatch,
    Rows,
}

#[component]
pub fn Trail() -> impl IntoView {
    let desk = Desk::get();
    let records = desk.app.records;
    let place = memo(move || match (desk.way.get(), desk.shown.get()) {
        (Way::Reading, _) => Place::Reading,
        (Way::Failed, _) => Place::ReadingFailed,
        (Way::Held, _) if desk.asked.with(Result::is_err) => Place::Odd,
        (Way::Pages, _) if matches!(records.status(), Status::Failed(_)) => Place::PagesFailed,
        _ if desk.rows() > 0 => Place::Rows,
        (Way::Pages, _) if matches!(records.status(), Status::Slow) => Place::Loading,
        (Way::Pages, _) if records.status().ready().is_none() => Place::Nothing,
        (Way::Held, Shown::None | Shown::Pages) => Place::Nothing,
        _ if desk.query.with(asked::is_narrowed) => Place::NoMatch,
        _ => Place::NoRecords,
    });
    live(move || match place.get() {
        Place::Nothing => ().into_any(),
        Place::Loading => view! { <Skeleton lines=18 label="Loading the records" /> }.into_any(),
        Place::Reading => view! { <AwaitedLog /> }.into_any(),
        Place::PagesFailed => view! { <PagesFailed /> }.into_any(),
        Place::ReadingFailed => view! { <ReadingFailed /> }.into_any(),
        Place::Odd => view! { <NotUnderstood /> }.into_any(),
        Place::NoRecords => view! { <NoRecords /> }.into_any(),
        Place::NoMatch => view! { <NoMatch /> }.into_any(),
        Place::Rows => view! { <Table /> <MoreFailed /> }.into_any(),
    })
}

#[component]
fn Table() -> impl IntoView {
    let desk = Desk::get();
    let open = memo(move || desk.position(&desk.open.get()?));
    let row_px = Signal::derive(move || if desk.narrow.get() { ROW_NARROW } else { ROW });
    let label = Signal::derive(move || format!("Records, {}", sorting::words(desk.sorting())));
    let sorted = Signal::derive(move || {
        let sorting = desk.sorting();
        Some((sorting::name(sorting.by), sorting.descending))
    });
    let on_sort = move |name: &'static str| {
        if let Some(sorting) = sorting::pressed(name, untrack(|| desk.sorting())) {
            sort(desk, sorting::write(sorting));
        }
    };
    let on_sight = move |(first, last): (usize, usize)| {
        tasks::look_at_rows(desk.app, first..last);
        if desk.has_more_pages() && last + NEAR_END >= untrack(|| desk.rows()) {
            tasks::more_records(desk.app);
        }
    };
    view! {
        <VirtualTable
            label
            columns=COLUMNS.to_vec()
            cells=Arc::new(move |row| cells(desk, row))
            rows=Signal::derive(move || desk.rows())
            total=Signal::derive(move || desk.total())
            key=move |row: usize| desk.key(row)
            sorted
            on_sort
            at=desk.at
            open
            on_open=move |row| desk.open_row(row)
            on_sight
            to_top=Signal::derive(move || desk.app.trail.rows_turn())
            row_px
        />
    }
}

/// Asks for the rows in another order; the newest first is what the address has no word for.
pub fn sort(desk: Desk, order: String) {
    let newest = sorting::write(sorting::newest(desk.app.source.with_untracked(Source::is_endpoint)));
    let order = if order == newest { String::new() } else { order };
    desk.ask(with_more(desk.query.get_untracked(), "sort", order));
}

const fn head(text: &'static str, sorts: &'static str) -> Head {
    Head { text, sorts: Some(sorts) }
}

const COLUMNS: [Column; 6] = [
    Column { class: "c-time", heads: &[head("Time", "time")], width: "176px" },
    Column { class: "c-seq", heads: &[head("Position", "sequence")], width: "84px" },
    Column { class: "c-kind", heads: &[head("Kind", "kind")], width: "136px" },
    Column {
        class: "c-state",
        heads: &[head("Decision", "review_decision"), head("Outcome", "outcome")],
        width: "156px",
    },
    Column { class: "c-agent", heads: &[head("Agent", "agent"), head("Actor", "actor")], width: "156px" },
    // One cell, so that an operation of any length stands whole and its target takes what is left.
    Column { class: "c-what", heads: &[head("What", "operation"), head("Target", "resource")], width: "auto" },
];

/// The cells of a row; of one that is still to come, bars where its words will be.
fn cells(desk: Desk, row: usize) -> Vec<AnyView> {
    let Some(row) = desk.summary(row) else {
        return COLUMNS.iter().map(|_| view! { <i class="bone"></i> }).collect();
    };
    let position = row.sequence.map(words::count);
    vec![
        view! { <Moment when=row.when /> },
        view! { {position} },
        kind(row.kind),
        ending(row.ending),
        who(row.who),
        deed(row.what, row.target),
    ]
}

/// The next page failed: the rows stay, and the reader may try again.
#[component]
fn MoreFailed() -> impl IntoView {
    let desk = Desk::get();
    let records = desk.app.records;
    live(move || {
        let trouble = records.more_failed().filter(|_| desk.shown.get() == Shown::Pages);
        trouble.map(|trouble| {
            let again =
                move |()| if untrack(|| records.has_more()) { tasks::more_records(desk.app) } else { desk.reload() };
            view! {
                <div class="strip tone-failed" role="status">
                    <span>{trouble.what} " " {trouble.kept}</span>
                    <Button look=ButtonLook::Small class="push" on_press=again>"Try again"</Button>
                </div>
            }
        })
    })
}

#[component]
fn PagesFailed() -> impl IntoView {
    let desk = Desk::get();
    // Only a refusal is about what was asked.
    let refused = move || match desk.app.records.status() {
        Status::Failed(trouble) => trouble.problem.is_some_and(|problem| problem.status == 400),
        _ => false,
    };
    live(move || match desk.app.records.status() {
        Status::Failed(trouble) => Some(view! {
            <Failure happened=trouble.what kept=trouble.kept to_do=trouble.next on_retry=move |()| desk.reload() />
            <Show when=refused>
                <div class="state"><Button on_press=move |()| clear(desk)>"Clear the filters"</Button></div>
            </Show>
        }),
        _ => None,
    })
}

#[component]
fn ReadingFailed() -> impl IntoView {
    let desk = Desk::get();
    let simpler = move || desk.app.source.with(Source::is_endpoint);
    live(move || {
        desk.app.trail.trouble().map(|trouble| {
            view! {
                <Failure happened=trouble.what kept=trouble.kept to_do=trouble.next on_retry=move |()| desk.reload() />
                <Show when=simpler>
                    <div class="state">
                        <p>"Without the whole log the records are shown in its own order, by one agent, service and change."</p>
                        <Button on_press=move |()| clear(desk)>"Clear the filters"</Button>
                    </div>
                </Show>
            }
        })
    })
}

/// A parameter of the address that nobody understands.
#[component]
fn NotUnderstood() -> impl IntoView {
    let desk = Desk::get();
    live(move || {
        desk.asked.get().err().map(|odd| {
            view! {
                <div class="state empty">
                    <h2>"The address asks for what is not understood"</h2>
                    <p>{odd.name} ": “" <Said text=odd.value /> "” " {odd.why} "."</p>
                    <Button on_press=move |()| clear(desk)>"Clear the filters"</Button>
                </div>
            }
        })
    })
}

#[component]
fn NoMatch() -> impl IntoView {
    let desk = Desk::get();
    let why = match desk.shown.get_untracked() {
        Shown::Held => "None of the records that are held fits every filter that is set.",
        _ => "Nothing in the log fits every filter that is set.",
    };
    let in_columns = move || {
        let is_endpoint = desk.app.source.with(Source::is_endpoint);
        is_endpoint && desk.shown.get() == Shown::Held && desk.query.with(|query| !query.q.is_empty())
    };
    view! {
        <Empty title="No record matches" why>
            <div class="row wrap">
                <Show when=in_columns>
                    <Button on_press=move |()| search_every_field(desk)>"Search every field"</Button>
                </Show>
                <Button on_press=move |()| clear(desk)>"Clear the filters"</Button>
            </div>
        </Empty>
    }
}

/// Asks the endpoint for the text in every field, without what it has no words for.
pub fn search_every_field(desk: Desk) {
    let query = desk.query.get_untracked();
    let plain = RecordQuery { more: Default::default(), ..query };
    let plain = asked::pages_query(&plain).map_or_else(
        || RecordQuery { agent: String::new(), service: String::new(), kind: String::new(), ..plain.clone() },
        |_| plain.clone(),
    );
    desk.ask(with_more(plain, "search", asked::EVERY_FIELD.to_owned()));
}

#[component]
fn NoRecords() -> impl IntoView {
    let desk = Desk::get();
    live(move || match desk.app.source.with(Source::name) {
        Some(name) => view! {
            <Empty title="No records" why=format!("{name} was read, and there is no record in it.") />
        },
        None => view! {
            <Empty
                title="No records yet"
                why="A record is written whenever an agent proposes, somebody decides, or an executor acts. Logs of before can be imported."
            >
                <CommandLines lines="countersign-endpoint import --database URL --format cloudtrail --agents agents.toml PATH…" />
                <a class="btn" href="#/agents">"How to connect an agent"</a>
            </Empty>
        },
    })
}
