//! Which page is shown: by the address, and by who is signed in. What stands there instead of one is `otherwise`;
//! only the failure that may be the network's own is here, as its code must be here before the network is needed.

use crate::paths::Route;
use crate::state::{App, Source, Status, tasks};
use crate::ui::{Failure, Skeleton, live, memo, view};
use crate::views::{later, queue::QueuePage};
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Nothing,
    Loading,
    Failed,
    Otherwise,
    Queue,
    Records,
    Agents,
    Overview,
}

#[component]
pub fn Pages() -> impl IntoView {
    let app = App::get();
    let shown = memo(move || match app.session.get() {
        _ if !app.source.with(Source::is_endpoint) => app.route.with(|route| match route {
            route if !app.source.with(|source| source.has(route)) => Shown::Otherwise,
            Route::Records { .. } => Shown::Records,
            _ => Shown::Overview,
        }),
        Status::Loading => Shown::Nothing,
        Status::Slow => Shown::Loading,
        Status::Failed(trouble) if trouble.problem.as_ref().is_some_and(|problem| problem.status == 401) => {
            Shown::Otherwise
        }
        Status::Failed(_) => Shown::Failed,
        Status::Ready(_) if !app.reads_changes() => Shown::Otherwise,
        Status::Ready(_) => app.route.with(|route| match route {
            Route::Queue { .. } => Shown::Queue,
            Route::Records { .. } => Shown::Records,
            Route::Agents { .. } => Shown::Agents,
            Route::Overview(_) => Shown::Overview,
            Route::NotFound(_) => Shown::Otherwise,
        }),
    });
    live(move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Loading => view! { <div class="page"><Skeleton label="Loading the session" /></div> }.into_any(),
        Shown::Failed => view! { <div class="page"><SessionFailed /></div> }.into_any(),
        Shown::Otherwise => later::OTHERWISE.view(),
        Shown::Queue => view! { <QueuePage /> }.into_any(),
        Shown::Records => later::RECORDS.view(),
        Shown::Agents => later::AGENTS.view(),
        Shown::Overview => later::OVERVIEW.view(),
    })
}

#[component]
fn SessionFailed() -> impl IntoView {
    let app = App::get();
    live(move || match app.session.get() {
        Status::Failed(trouble) => Some(view! {
            <h1 class="vh">"Countersign"</h1>
            <Failure
                happened=trouble.what
                kept=trouble.kept
                to_do=trouble.next
                on_retry=move |_| tasks::load_session(app)
            />
        }),
        _ => None,
    })
}
