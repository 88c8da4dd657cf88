//! The trail as a table: which columns, and what comes in its place while there is nothing to show. The
//! cells are `cells`; only the rows in sight are drawn, further pages are loaded as their end comes near.

use super::actives::clear;
use super::cells::{Moment, deed, ending, kind, who};
use super::desk::Desk;
use super::summary::Summary;
use crate::state::{RecordRow, Status, tasks};
use crate::ui::{Button, Column, CommandLines, Empty, Failure, Show, Skeleton, VirtualTable, live, memo, view};
use crate::words;
use leptos::prelude::*;
use std::sync::Arc;

/// Heights of a row in pixels, by `style/records.css`: one line, or three on a narrow page.
const ROW: f64 = 28.0;
const ROW_NARROW: f64 = 76.0;

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Nothing,
    Loading,
    Failed,
    NoRecords,
    NoMatch,
    Rows,
}

#[component]
pub fn Trail() -> impl IntoView {
    let desk = Desk::get();
    let records = desk.app.records;
    let shown = memo(move || {
        let any = !records.rows().is_empty();
        match records.status() {
            Status::Failed(_) => Shown::Failed,
            _ if any => Shown::Rows,
            Status::Loading => Shown::Nothing,
            Status::Slow => Shown::Loading,
            Status::Ready(()) if desk.query.with(|query| query.is_empty()) => Shown::NoRecords,
            Status::Ready(()) => Shown::NoMatch,
        }
    });
    live(move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Loading => view! { <Skeleton lines=18 label="Loading the records" /> }.into_any(),
        Shown::Failed => view! { <LoadFailed /> }.into_any(),
        Shown::NoRecords => view! { <NoRecords /> }.into_any(),
        Shown::NoMatch => view! { <NoMatch /> }.into_any(),
        Shown::Rows => view! { <Table /> <MoreFailed /> }.into_any(),
    })
}

#[component]
fn Table() -> impl IntoView {
    let desk = Desk::get();
    let records = desk.app.records;
    let open = memo(move || {
        let open = desk.open.get()?;
        records.rows().iter().position(|row| row.uid == open)
    });
    let total = Signal::derive(move || Some(records.total()));
    let row_px = Signal::derive(move || if desk.narrow.get() { ROW_NARROW } else { ROW });
    view! {
        <VirtualTable
            label="Records, newest first"
            columns=columns(desk)
            rows=Signal::derive(move || records.rows().len())
            total
            key=move |row: usize| records.rows().get(row).map(|row| row.uid.clone()).unwrap_or_default()
            at=desk.at
            open
            on_open=move |row| desk.open_row(row)
            on_near_end=move |()| tasks::more_records(desk.app)
            row_px
        />
    }
}

fn at(desk: Desk, row: usize) -> Option<Arc<RecordRow>> {
    desk.app.records.peek_rows().get(row).cloned()
}

/// A column whose cell is drawn of a row's summary.
fn column(
    desk: Desk,
    class: &'static str,
    heads: &'static [&'static str],
    width: &'static str,
    cell: impl Fn(Summary) -> AnyView + Send + Sync + 'static,
) -> Column {
    Column::new(class, heads, width, move |row| at(desk, row).map(|row| cell(Summary::of(&row))).into_any())
}

fn columns(desk: Desk) -> Vec<Column> {
    let position = Column::new("c-seq", &["Position"], "72px", move |row| {
        at(desk, row).map(|row| words::count(row.sequence)).into_any()
    });
    vec![
        column(desk, "c-time", &["Time"], "176px", |row| view! { <Moment when=row.when /> }.into_any()),
        position,
        column(desk, "c-kind", &["Kind"], "136px", |row| kind(row.kind)),
        column(desk, "c-state", &["Decision or outcome"], "140px", |row| ending(row.ending)),
        column(desk, "c-agent", &["Agent or actor"], "156px", |row| who(row.who)),
        // One cell, so that an operation of any length stands whole and its target takes what is left.
        column(desk, "c-what", &["What", "Target"], "auto", |row| deed(row.what, row.target)),
    ]
}

/// The next page failed: the rows stay, and the reader may try again.
#[component]
fn MoreFailed() -> impl IntoView {
    let desk = Desk::get();
    let records = desk.app.records;
    live(move || {
        records.more_failed().map(|trouble| {
            let again =
                move |()| if untrack(|| records.has_more()) { tasks::more_records(desk.app) } else { desk.reload() };
            view! {
                <div class="strip tone-failed" role="status">
                    <span>{trouble.what} " " {trouble.kept}</span>
                    <Button look=crate::ui::ButtonLook::Small class="push" on_press=again>"Try again"</Button>
                </div>
            }
        })
    })
}

#[component]
fn LoadFailed() -> impl IntoView {
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
fn NoMatch() -> impl IntoView {
    let desk = Desk::get();
    view! {
        <Empty title="No record matches" why="Nothing in the log fits every filter that is set.">
            <Button on_press=move |()| clear(desk)>"Clear the filters"</Button>
        </Empty>
    }
}

#[component]
fn NoRecords() -> impl IntoView {
    view! {
        <Empty
            title="No records yet"
            why="A record is written whenever an agent proposes, somebody decides, or an executor acts. Logs of before can be imported."
        >
            <CommandLines lines="countersign-endpoint import --database URL --format cloudtrail --agents agents.toml PATH…" />
            <a class="btn" href="#/agents">"How to connect an agent"</a>
        </Empty>
    }
}
