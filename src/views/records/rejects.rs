//! What could not be decoded, as it came: where from, which field, why, and its bytes. Nothing of it is in
//! any count of the trail.

use super::desk::Desk;
use crate::state::{Status, tasks};
use crate::ui::{Button, Empty, Failure, Icon, IconName, Skeleton, live, view};
use crate::views::parts::{At, Said, SaidLines};
use crate::words;
use leptos::prelude::*;
use oversight::contract::QuarantineView;

#[component]
pub fn Rejects() -> impl IntoView {
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
