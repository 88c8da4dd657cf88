//! What stands instead of a page: not signed in, nothing for this role, no such address.

use crate::paths::Route;
use crate::state::{App, Status, tasks};
use crate::ui::{Empty, live, view};
use leptos::prelude::*;
use oversight::capability::{Deed, role_allows};

#[component]
pub fn Otherwise() -> impl IntoView {
    let app = App::get();
    let why = live(move || match app.session.get() {
        Status::Ready(_) if app.reads_changes() => view! { <NotFound /> },
        Status::Ready(_) => view! { <NotForRole /> },
        _ => view! { <NotSignedIn /> },
    });
    view! { <div class="page">{why}</div> }
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
