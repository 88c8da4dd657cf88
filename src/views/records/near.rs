//! The records of the same change, oldest first, with the open one marked: what led to it and what came of it.

use super::desk::Desk;
use super::summary::{Summary, Who, kind_words};
use crate::ui::{Show, memo, view};
use crate::views::parts::{AtNear, Said};
use crate::words;
use leptos::prelude::*;
use oversight::id::ChangeId;

#[component]
pub fn Near(id: ChangeId, uid: String) -> impl IntoView {
    let desk = Desk::get();
    // Of the records that are held, where they are; of the endpoint's page otherwise.
    let rows = memo(move || match desk.app.trail.near() {
        Some(rows) => rows.rows.iter().map(|row| (row.uid.to_string(), Summary::of_row(row))).collect::<Vec<_>>(),
        None => desk.app.records.neighbours().iter().map(|row| (row.uid.clone(), Summary::of(row))).collect(),
    });
    let all = memo(move || match desk.app.trail.near() {
        Some(rows) => u64::from(rows.of),
        None => rows.with(|rows| rows.len() as u64),
    });
    let items = move || {
        let uid = uid.clone();
        rows.get().into_iter().map(|(of, row)| one(desk, row, of == uid, of)).collect_view()
    };
    let shown = move || {
        let shown = rows.with(|rows| rows.len() as u64);
        (shown < all.get()).then(|| format!(", the first {}", words::count(shown)))
    };
    view! {
        <Show when=move || { all.get() > 0 }>
            <h3 class="near-head">{format!("In {id}")} <span class="t3">{move || words::counted(all.get(), "record", "records")} ", oldest first" {shown}</span></h3>
        </Show>
        <ol class="near">{items}</ol>
    }
}

fn one(desk: Desk, summary: Summary, here: bool, uid: String) -> AnyView {
    let kind = summary.kind.map_or_else(|word| word, kind_words);
    let who = match summary.who {
        Who::Agent(uid) | Who::Party(uid) => Some(uid),
        Who::Gone(_) => None,
    };
    let when = summary.when.ok();
    let href = desk.href(Some(uid));
    view! {
        <li class:on=here>
            <span class="seq">{summary.sequence.map(words::count)}</span>
            <span>
                <a href=href aria-current=here.then_some("true")><Said text=kind /></a>
                {who.map(|who| view! { " " <span class="t2"><Said text=who /></span> })}
            </span>
            {when.map(|when| view! { <AtNear at=when.earliest() /> })}
        </li>
    }
    .into_any()
}
