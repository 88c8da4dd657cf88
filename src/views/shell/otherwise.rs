//! What stands instead of a page: not signed in, nothing for this role, no such address.

use super::opening::Choose;
use crate::paths::Route;
use crate::state::{App, Source, Status, tasks};
use crate::ui::{Empty, live, view};
use leptos::prelude::*;
use oversight::capability::{Deed, role_allows};

#[component]
pub fn Otherwise() -> impl IntoView {
    let app = App::get();
    let why = live(move || match app.session.get() {
        _ if app.source.with(|source| *source == Source::Nothing) => view! { <NothingYet /> },
        _ if !app.source.with(Source::is_endpoint) => view! { <RecordsAlone /> },
        Status::Ready(_) if app.reads_changes() => view! { <NotFound /> },
        Status::Ready(_) => view! { <NotForRole /> },
        _ => view! { <NotSignedIn /> },
    });
    view! { <div class="page">{why}</div> }
}

/// A static host without an endpoint, and nothing named to read.
#[component]
fn NothingYet() -> impl IntoView {
    view! {
        <h1 class="vh">"Open records"</h1>
        <div class="state empty">
            <h2>"No endpoint here"</h2>
            <p>"This page is served without an endpoint, so there is no queue. It reads records of any source, and shows them; nothing can be decided."</p>
            <Choose on_open=|()| {} />
        </div>
    }
}

/// A file or an address has records, and none of the other views.
#[component]
fn RecordsAlone() -> impl IntoView {
    let app = App::get();
    let name = move || app.source.with(Source::name).unwrap_or_default();
    view! {
        <h1 class="vh">"Not in these records"</h1>
        {move || view! {
            <Empty
                title="Not in these records"
                why=format!("{} has records alone. What waits for a decision, and the agents' registration, are an endpoint's.", name())
            >
                <a class="btn" href="#/overview">"To the overview"</a>
                <a class="btn" href="#/records">"To the records"</a>
            </Empty>
        }}
    }
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
