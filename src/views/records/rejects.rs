//! What could not be decoded, as it came: where from, which field, why, and its bytes. Nothing of it is in
//! any count of the trail. An endpoint keeps what its imports could not decode; what this app could not read, of a file or
//! of the endpoint's own log, the worker keeps.

use super::desk::Desk;
use crate::state::{Source, Status, tasks};
use crate::ui::{Button, Empty, Failure, Icon, IconName, Show, Skeleton, live, memo, view};
use crate::views::parts::{At, Said, SaidLines};
use crate::words;
use engine::talk::RejectAnswer;
use leptos::prelude::*;
use oversight::contract::QuarantineView;

/// Items that "Load more" adds.
const MORE: u32 = 200;

#[component]
pub fn Rejects() -> impl IntoView {
    let desk = Desk::get();
    let is_endpoint = memo(move || desk.app.source.with(Source::is_endpoint));
    view! {
        <Show when=move || is_endpoint.get() fallback=|| view! { <OfSource /> }>
            <OfLog />
            <OfEndpoint />
        </Show>
    }
}

/// Of a file or an address.
#[component]
fn OfSource() -> impl IntoView {
    let desk = Desk::get();
    let trail = desk.app.trail;
    live(move || match trail.rejects() {
        Some(rejects) if rejects.of > 0 => view! { <Unread /> },
        Some(_) if trail.is_read() => view! {
            <Empty title="Nothing is quarantined" why="Every item that was read could be decoded. One that can't be is shown here with its text and the reason.">
                <a class="btn" href="#/records">"To the records"</a>
            </Empty>
        },
        Some(_) => view! { <Empty title="Nothing so far" why="The source is still being read." /> },
        None => match trail.trouble() {
            Some(trouble) => view! { <Failure happened=trouble.what kept=trouble.kept to_do=trouble.next /> },
            None => ().into_any(),
        },
    })
}

/// What of the endpoint's own log this version of the app can't read.
#[component]
fn OfLog() -> impl IntoView {
    let desk = Desk::get();
    let any = memo(move || desk.app.trail.rejects().is_some_and(|rejects| rejects.of > 0));
    view! {
        <Show when=move || any.get()>
            <p class="count-of sm">"In the log, and not readable by this version of the app: orders, filters and counts leave these records out."</p>
            <Unread />
        </Show>
    }
}

/// What the worker could not read: the first of it as it came, the rest by number.
#[component]
fn Unread() -> impl IntoView {
    let desk = Desk::get();
    let rejects = move || desk.app.trail.rejects();
    let said = move || {
        rejects().map(|rejects| {
            let shown = words::counted(rejects.items.len() as u64, "item", "items");
            let of = words::count(rejects.of);
            let lost = rejects.of - u64::from(rejects.kept);
            let lost = if lost > 0 {
                format!(" {} were too many to keep, and are only counted.", words::count(lost))
            } else {
                String::new()
            };
            format!("{shown} of {of} shown. They are in no count of the records.{lost}")
        })
    };
    let items = move || {
        rejects().map(|rejects| rejects.items.iter().cloned().map(|reject| view! { <Line reject /> }).collect_view())
    };
    let more = move || {
        rejects().filter(|rejects| rejects.items.len() < rejects.kept as usize).map(|_| view! {
            <div class="state"><Button on_press=move |()| desk.rejects.update(|limit| *limit += MORE)>"Show more"</Button></div>
        })
    };
    view! {
        <p class="count-of sm t2">{said}</p>
        <ul>{items}</ul>
        {more}
    }
}

#[component]
fn Line(reject: RejectAnswer) -> impl IntoView {
    let field = (!reject.field.is_empty()).then(|| view! { <code><Said text=reject.field.clone() /></code> ": " });
    view! {
        <li>
            <div class="row fault">
                <Icon name=IconName::Warn />
                <span class="med">{field} <Said text=reject.reason /></span>
            </div>
            <p class="sm t2"><Said text=reject.source /> ", item " {words::count(reject.position)}</p>
            <pre class="bytes" tabindex="0" aria-label="Its beginning as text"><SaidLines text=reject.text /></pre>
        </li>
    }
}

/// What the endpoint's imports could not decode.
#[component]
fn OfEndpoint() -> impl IntoView {
    let desk = Desk::get();
    let records = desk.app.records;
    live(move || {
        match records.rejects() {
        Status::Loading => ().into_any(),
        Status::Slow => view! { <Skeleton lines=12 label="Loading what could not be decoded" /> }.into_any(),
        Status::Failed(trouble) => view! {
            <Failure happened=trouble.what kept=trouble.kept to_do=trouble.next on_retry=move |()| desk.reload() />
        }
        .into_any(),
        Status::Ready(rejects) if rejects.is_empty() => view! {
            <Empty
                title="Nothing is quarantined"
                why="Every item that was imported could be decoded. One that can't be is kept here with its bytes and the reason."
            >
                <a class="btn" href="#/records">"To the records"</a>
            </Empty>
        }
        .into_any(),
        Status::Ready(rejects) => {
            let items = rejects.iter().cloned().map(|reject| view! { <Reject reject /> }).collect_view();
            let shown = rejects.len() as u64;
            let more = move || {
                records.more_rejects().then(|| view! {
                    <div class="state"><Button on_press=move |()| tasks::more_rejects(desk.app)>"Load more"</Button></div>
                })
            };
            view! {
                <p class="count-of sm t2">{words::counted(shown, "item", "items")} " shown. They are kept as they came, and are in no count of the records."</p>
                <ul>{items}</ul>
                {more}
            }
            .into_any()
        }
    }
    })
}

#[component]
fn Reject(reject: QuarantineView) -> impl IntoView {
    let whole = reject.excerpt.len() as u64 >= reject.bytes;
    let size = words::counted(reject.bytes, "byte", "bytes");
    let size = if whole { size } else { format!("{size}, the first are shown") };
    let field = (!reject.field.is_empty()).then(|| view! { <code><Said text=reject.field.clone() /></code> ": " });
    view! {
        <li>
            <div class="row fault">
                <Icon name=IconName::Warn />
                <span class="med">{field} <Said text=reject.reason.clone() /></span>
            </div>
            <p class="sm t2">
                <Said text=reject.source.clone() /> ", item " {words::count(reject.position)} " · imported "
                <At at=reject.imported_at zoned=true /> " · " {size}
            </p>
            <pre class="bytes" tabindex="0" aria-label="Its bytes as text"><SaidLines text=reject.excerpt /></pre>
        </li>
    }
}
