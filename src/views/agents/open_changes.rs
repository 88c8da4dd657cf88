//! The changes of an agent that are still open, oldest first, each a link into the queue. One that this page
//! has not loaded is its number alone.

use super::desk::{AgentPart, Desk};
use crate::paths::Route;
use crate::ui::{live, view};
use crate::views::parts::{Left, Said, StateBadge, TierMark};
use leptos::prelude::*;
use oversight::id::ChangeId;

#[component]
pub fn OpenChanges(part: AgentPart) -> impl IntoView {
    let ids = part.of(|agent| agent.open_changes.clone());
    let body = live(move || {
        let ids = ids.get();
        if ids.is_empty() {
            return view! { <p class="sm t2">"None is pending or approved."</p> }.into_any();
        }
        let items = ids.into_iter().map(|id| view! { <Open id /> }).collect_view();
        view! { <ul class="opens">{items}</ul> }.into_any()
    });
    let count = move || ids.with(Vec::len);
    view! {
        <section>
            <h3>"Open changes" <span class="t3">{count}</span></h3>
            {body}
        </section>
    }
}

#[component]
fn Open(id: ChangeId) -> impl IntoView {
    let changes = Desk::get().app.changes;
    let body = live(move || match changes.get(id) {
        None => view! { <span class="t">{id.to_string()}</span> }.into_any(),
        Some(change) => {
            let change = &change.get().glance;
            view! {
                <TierMark tier=change.tier />
                <span class="t"><Said text=change.title.clone() /></span>
                <span class="left"><Left until=change.expires_at /></span>
                <span class="m">{id.to_string()} <StateBadge state=change.state /></span>
            }
            .into_any()
        }
    });
    view! { <li><a class="it" href=Route::change(id).href()>{body}</a></li> }
}
