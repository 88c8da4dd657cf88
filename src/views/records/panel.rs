//! One record whole: what it is, every field, its neighbours in the change, the JSON it came as. Its heading
//! takes the focus when it was opened by hand, and gives it back when it closes.

use super::cells::kind_icon;
use super::desk::Desk;
use super::lines::{Lines, Values};
use super::near::Near;
use super::outline::{Line, Outline, Shown};
use super::summary::kind_words;
use crate::paths::Route;
use crate::state::{RecordRow, Source, Status};
use crate::ui::{
    Button, ButtonLook, CopyButton, Disclosure, Failure, Icon, IconName, Show, Skeleton, effect, live, memo, view,
};
use crate::views::parts::{Said, SaidLines};
use crate::words;
use leptos::html;
use leptos::prelude::*;
use oversight::id::ChangeId;
use std::sync::Arc;

#[component]
pub fn RecordPanel() -> impl IntoView {
    let desk = Desk::get();
    let records = desk.app.records;
    let heading = NodeRef::<html::H2>::new();
    let ready = memo(move || match records.open() {
        Some((_, Status::Ready(row))) => Some(row),
        _ => None,
    });
    let title = memo(move || match (records.open(), ready.get()) {
        (_, Some(row)) => row.sequence.map_or("Record".to_owned(), |at| format!("Record {}", words::count(at))),
        (Some((_, Status::Failed(_))), _) => "Record not shown".to_owned(),
        _ => "Record".to_owned(),
    });
    effect(move || {
        title.track();
        let Some(heading) = heading.get() else { return };
        if records.open().is_some() && desk.to_heading.get_value() {
            desk.to_heading.set_value(false);
            request_animation_frame(move || drop(heading.focus()));
        }
    });
    let body = live(move || match records.open() {
        Some((_, Status::Ready(row))) => view! { <Whole row /> }.into_any(),
        Some((_, Status::Failed(trouble))) => {
            let again = move |()| crate::state::tasks::open_record(desk.app, desk.open.get_untracked());
            view! { <Failure happened=trouble.what kept=trouble.kept to_do=trouble.next on_retry=again /> }.into_any()
        }
        _ => view! { <Skeleton label="Loading the record" /> }.into_any(),
    });
    view! {
        <aside class="panel side" aria-label=move || title.get()>
            <header>
                <a class="only-narrow back" href=move || desk.href(None) on:click=move |event| {
                    event.prevent_default();
                    desk.close();
                }>
                    <Icon name=IconName::Back />
                    "Records"
                </a>
                <h2 tabindex="-1" node_ref=heading>{move || title.get()}</h2>
                <span class="push wide">
                    <Button look=ButtonLook::Small on_press=move |()| desk.close() shortcut="Escape">"Close"</Button>
                </span>
            </header>
            <div class="body">{body}</div>
        </aside>
    }
}

#[component]
fn Whole(row: Arc<RecordRow>) -> impl IntoView {
    let outline = Outline::of(&row.raw);
    let pretty = serde_json::to_string_pretty(&*row.raw).unwrap_or_default();
    let change: Option<ChangeId> = row.raw["change_id"].as_str().and_then(|id| id.parse().ok());
    let kind = row.record.as_ref().ok().map(|record| record.kind);
    let fault = row.record.as_ref().err().map(|fault| {
        view! {
            <p class="odd row">
                <Icon name=IconName::Warn />
                <span>"This version of the app can't read it as a record: " <Said text=fault.to_string() /> ". Its fields are shown as they came."</span>
            </p>
        }
    });
    let parts = outline
        .parts
        .into_iter()
        .map(|part| {
            view! {
                <section>
                    <h3>{part.title}</h3>
                    <Lines lines=part.lines />
                </section>
            }
        })
        .collect_view();
    view! {
        <div class="what">
            {kind.map(|kind| view! { <p class="row med"><Icon name=kind_icon(kind) /> {kind_words(kind)}</p> })}
            {fault}
            {change.map(|id| view! { <OfChange id /> })}
        </div>
        {parts}
        <Unknown lines=outline.unknown />
        <Vouched vouched=outline.vouched />
        <Absent absent=outline.absent />
        {change.map(|id| view! { <Near id uid=row.uid.clone() /> })}
        <Json pretty />
    }
}

/// Where the change can be read, and its records.
#[component]
fn OfChange(id: ChangeId) -> impl IntoView {
    let desk = Desk::get();
    let in_queue = move || desk.app.source.with(Source::is_endpoint);
    view! {
        <p class="row wrap">
            <Show when=in_queue>
                <a class="btn s" href=Route::change(id).href()>{id.to_string()} " in the queue"</a>
            </Show>
            <a class="btn s" href=Route::records_of(id).href()>"Its records"</a>
        </p>
    }
}

#[component]
fn Unknown(lines: Vec<Line>) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        view! {
            <section>
                <h3>"Fields this version does not know"</h3>
                <Lines lines paths=true />
            </section>
        }
    })
}

/// Who vouches for which part of it.
#[component]
fn Vouched(vouched: Option<Vec<(String, String)>>) -> impl IntoView {
    let body = match vouched {
        None => view! { <p class="sm t2">"The record does not say."</p> }.into_any(),
        Some(parts) => {
            let lines = parts
                .into_iter()
                .map(|(part, who)| {
                    let part = if part == "record" { "the whole".to_owned() } else { part };
                    view! { <div><dt><Said text=part /></dt><dd><Values values=vec![Shown::Word(who)] /></dd></div> }
                })
                .collect_view();
            view! { <dl class="kv lines">{lines}</dl> }.into_any()
        }
    };
    view! { <section><h3>"Vouched for by"</h3>{body}</section> }
}

/// What a record may have and this one has not.
#[component]
fn Absent(absent: Vec<&'static str>) -> impl IntoView {
    (!absent.is_empty()).then(|| {
        view! {
            <section>
                <h3>"Absent"</h3>
                <p class="sm t2"><span class="gone absent"></span>"This record has no " {listed(&absent)} "."</p>
            </section>
        }
    })
}

/// `a, b or c`.
fn listed(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

#[component]
fn Json(pretty: String) -> impl IntoView {
    view! {
        <Disclosure summary=|| view! { "JSON" }>
            <p class="row">
                <span class="xs t3">"Boxed codes stand for characters that can't be seen. The copy holds the characters."</span>
                <span class="push"><CopyButton text=pretty.clone() label="the record's JSON" /></span>
            </p>
            <pre class="bytes" tabindex="0" aria-label="The record's JSON"><SaidLines text=pretty /></pre>
        </Disclosure>
    }
}
