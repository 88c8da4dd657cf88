//! Which page is shown: by the address, and by who is signed in.

use crate::paths::Route;
use crate::state::{App, Status, tasks};
use crate::ui::{Empty, Failure, Skeleton, live, memo, view};
use crate::views::{later, queue::QueuePage};
use leptos::prelude::*;
use oversight::capability::{Deed, role_allows};

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Nothing,
    Loading,
    NotSignedIn,
    Failed,
    NotForRole,
    Queue,
    Records,
    Agents,
    NotFound,
}

#[component]
pub fn Pages() -> impl IntoView {
    let app = App::get();
    let shown = memo(move || match app.session.get() {
        Status::Loading => Shown::Nothing,
        Status::Slow => Shown::Loading,
        Status::Failed(trouble) if trouble.problem.as_ref().is_some_and(|problem| problem.status == 401) => {
            Shown::NotSignedIn
        }
        Status::Failed(_) => Shown::Failed,
        Status::Ready(me) if role_allows(Deed::ReadChanges, me.role).is_err() => Shown::NotForRole,
        Status::Ready(_) => app.route.with(|route| match route {
            Route::Queue { .. } => Shown::Queue,
            Route::Records { .. } => Shown::Records,
            Route::Agents { .. } => Shown::Agents,
            Route::NotFound(_) => Shown::NotFound,
        }),
    });
    live(move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Loading => view! { <div class="page"><Skeleton label="Loading the session" /></div> }.into_any(),
        Shown::NotSignedIn => view! { <div class="page"><NotSignedIn /></div> }.into_any(),
        Shown::Failed => view! { <div class="page"><SessionFailed /></div> }.into_any(),
        Shown::NotForRole => view! { <div class="page"><NotForRole /></div> }.into_any(),
        Shown::Queue => view! { <QueuePage /> }.into_any(),
        Shown::Records => later::RECORDS.view(),
        Shown::Agents => later::AGENTS.view(),
        Shown::NotFound => view! { <div class="page"><NotFound /></div> }.into_any(),
    })
}

#[component]
fn NotSignedIn() -> impl IntoView {
    let app = App::get();
    view! {
        <h1 class="vh">"Sign in"</h1>
        <Empty
            title="Not signed in"
            why="Open one of the sign-in links that the endpoint printed when it started. Each works once and for a day; starting the endpoint again prints new ones."
        >
            <button type="button" class="btn" on:click=move |_| tasks::load_session(app)>"I have signed in"</button>
        </Empty>
    }
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

#[component]
fn NotForRole() -> impl IntoView {
    let app = App::get();
    let why = move || {
        let me = app.me().map(|me| role_allows(Deed::ReadChanges, me.role));
        let reason = me.and_then(Result::err).map(|refusal| refusal.reason).unwrap_or_default();
        format!("{reason} What customers read is the transparency report; this endpoint does not publish one yet.")
    };
    view! {
        <h1 class="vh">"Nothing to show"</h1>
        {move || view! { <Empty title="Nothing here for this role" why=why() /> }}
    }
}

#[component]
fn NotFound() -> impl IntoView {
    let app = App::get();
    let asked = move || {
        app.route.with(|route| match route {
            Route::NotFound(path) => oversight::text::escape::visible(path),
            _ => String::new(),
        })
    };
    view! {
        <h1 class="vh">"Not found"</h1>
        {move || view! {
            <Empty title="No such page" why=format!("There is no page at “{}”.", asked())>
                <a class="btn" href="#/queue">"To the queue"</a>
            </Empty>
        }}
    }
}
