//! The reviews of every version, oldest first, and the way to everything else on the trail. Who may still
//! review the version shown is `slots`.

use super::opened::Opened;
use crate::paths::Route;
use crate::ui::{For, Icon, IconName, Show, memo, view};
use crate::views::parts::{AtNear, Said, SaidLines};
use leptos::prelude::*;
use oversight::review::Review;
use oversight::vocabulary::Decision;

#[component]
pub fn History(opened: Opened) -> impl IntoView {
    let reviews = memo(move || opened.standing.with(|view| view.reviews.clone()));
    let records = Route::records_of(opened.id).href();
    let shown = opened.view().version;
    view! {
        <section aria-label="Reviews">
            <h2>"Reviews" <span class="t3">"of every version"</span></h2>
            <Show when=move || reviews.with(Vec::is_empty)>
                <p class="sm t2">"Nobody has reviewed any version yet."</p>
            </Show>
            <ol class="hist">
                <For each=move || reviews.get() key=|review| review.sequence let:review>
                    <One review shown />
                </For>
            </ol>
            <p class="sm">
                <a href=records>"All records of this change"</a>
            </p>
        </section>
    }
}

#[component]
fn One(review: Review, shown: u32) -> impl IntoView {
    let (tone, icon, did) = match review.decision {
        Decision::Approve => ("tone-approved", IconName::Ok, "approved"),
        Decision::Reject => ("tone-rejected", IconName::X, "rejected"),
    };
    let earlier = if review.version < shown { ", whose votes no longer count" } else { "" };
    view! {
        <li class=tone>
            <Icon name=icon />
            <span>
                <Said text=review.reviewer.to_string() /> {format!(" {did} version {}{earlier}", review.version)}
                {review.reason.map(|text| view! { ": “" <SaidLines text /> "”" })}
                <span class="t3">{format!(", record {}", crate::words::count(review.sequence))}</span>
            </span>
            <AtNear at=review.decided_at />
        </li>
    }
}
