//! The records of the same change, oldest first, with the open one marked: what led to it and what came of it.

use super::desk::Desk;
use super::summary::{Summary, Who, kind_words};
use crate::state::RecordRow;
use crate::ui::{Show, view};
use crate::views::parts::{AtNear, Said};
use crate::words;
use leptos::prelude::*;
use oversight::id::ChangeId;
use std::sync::Arc;

#[component]
pub fn Near(id: ChangeId, uid: String) -> impl IntoView {
    let desk = Desk::get();
    let items = move || {
        let uid = uid.clone();
        let rows = desk.app.records.neighbours();
        rows.iter().map(|row| one(desk, row, row.uid == uid)).collect_view()
    };
    let count = move || desk.app.records.neighbours().len() as u64;
    view! {
        <Show when=move || { count() > 0 }>
            <h3 class="near-head">{format!("In {id}")} <span class="t3">{move || words::counted(count(), "record", "records")} ", oldest first"</span></h3>
        </Show>
        <ol class="near">{items}</ol>
    }
}

fn one(desk: Desk, row: &Arc<RecordRow>, here: bool) -> AnyView {
    let summary = Summary::of(row);
    let kind = summary.kind.map_or_else(|word| word, kind_words);
    let who = match summary.who {
        Who::Agent { name, .. } => Some(name),
        Who::Party { uid, .. } => Some(uid),
        Who::Gone(_) => None,
    };
    let when = summary.when.ok();
    let href = desk.href(Some(row.uid.clone()));
    view! {
        <li class:on=here>
            <span class="seq">{words::count(row.sequence)}</span>
            <span>
                <a href=href aria-current=here.then_some("true")><Said text=kind /></a>
                {who.map(|who| view! { " " <span class="t2"><Said text=who /></span> })}
            </span>
            {when.map(|when| view! { <AtNear at=when.earliest() /> })}
        </li>
    }
    .into_any()
}
