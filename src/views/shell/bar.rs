//! The bar: where one can go, how the page is connected, which times are shown, who is signed in.

use super::title::view_name;
use crate::paths::{OverviewQuery, RecordQuery, Route};
use crate::state::{App, Connection, Source, Status};
use crate::ui::{Icon, IconName, Mark, Segmented, Show, memo, view};
use crate::words;
use leptos::prelude::*;
use oversight::contract::SessionView;

/// The views, in the order of the navigation.
pub fn views() -> [(&'static str, Route); 4] {
    [
        ("Queue", Route::Queue { open: None, filter: String::new() }),
        ("Records", Route::Records { query: RecordQuery::default(), open: None }),
        ("Agents", Route::Agents { open: None }),
        ("Overview", Route::Overview(OverviewQuery::default())),
    ]
}

/// The address that the navigation leads to: the view, of the span of time that is on the page now.
pub fn way(app: App, to: &Route) -> String {
    app.route.with(|here| to.clone().carried_from(here).href())
}

#[component]
pub fn Bar() -> impl IntoView {
    let app = App::get();
    let here = memo(move || app.route.with(view_name));
    let waiting = memo(move || app.changes.waiting_for_me());
    let number = move || {
        (waiting.get() > 0).then(|| {
            view! { <span class="count"><span class="vh">", waiting for you: "</span>{move || waiting.get()}</span> }
        })
    };
    let links = views()
        .into_iter()
        .map(|(name, route)| {
            let current = move || (here.get() == name).then_some("page");
            view! {
                <a href=move || way(app, &route) aria-current=current>
                    {name} {(name == "Queue").then_some(number)}
                </a>
            }
        })
        .collect_view();
    view! {
        <header class="bar">
            <a class="brand" href="#/queue" aria-label="Countersign, to the queue">
                <Mark />
                <span class="wide">"Countersign"</span>
            </a>
            <nav class="views" aria-label="Views">
                {links}
            </nav>
            <span class="here only-narrow">
                {move || here.get()} {move || (here.get() == "Queue").then(number)}
            </span>
            <span class="push"></span>
            <Modes />
            <Live />
            <TimesShown class="utc" />
            <Me />
        </header>
    }
}

/// What holds for the whole page: demonstration data, read-only.
#[component]
fn Modes() -> impl IntoView {
    let app = App::get();
    let demonstration =
        memo(move || app.source.with(Source::is_endpoint) && app.me().is_some_and(|me| me.demonstration));
    view! {
        <span class="modes">
            {move || demonstration.get().then(|| view! { <span class="chip mode">"demonstration data"</span> })}
            {move || {
                let read_only = app.source.with(|source| !source.is_endpoint() && *source != Source::Nothing);
                read_only.then(|| view! { <span class="chip mode">"read-only"</span> })
            }}
        </span>
    }
}

/// Live, polling or offline, with the position of the newest record. Opens what happened.
#[component]
fn Live() -> impl IntoView {
    let app = App::get();
    let class = move || match app.connection.get() {
        Connection::Live => "live",
        Connection::Connecting | Connection::Polling => "live polling",
        Connection::Offline { .. } => "live offline",
    };
    let icon = move || match app.connection.get() {
        Connection::Offline { .. } => view! { <Icon name=IconName::Offline /> },
        _ => view! { <Icon name=IconName::Signal /> },
    };
    let word = move || match app.connection.get() {
        Connection::Live => "Live".to_owned(),
        Connection::Connecting => "Connecting".to_owned(),
        Connection::Polling => "Polling".to_owned(),
        Connection::Offline { since } => {
            format!("Offline since {} {}", words::clock_minutes(since, app.zone()), app.zone().name())
        }
    };
    let sequence = move || (app.sequence.get() > 0).then(|| format!(" · record {}", words::count(app.sequence.get())));
    let unread = move || {
        let unread = app.notices.unread();
        (unread > 0).then(|| view! { <span class="count q">{unread}<span class="vh">" new notices"</span></span> })
    };
    view! {
        <Show when=move || app.reads_changes()>
            <button type="button" class=class popovertarget="happened">
                {icon}
                <span>{word} <span class="seq">{sequence}</span></span>
                {unread}
                <span class="vh">". What happened"</span>
            </button>
        </Show>
    }
}

/// UTC or the browser's own zone.
#[component]
pub fn TimesShown(#[prop(optional)] class: &'static str) -> impl IntoView {
    let app = App::get();
    view! {
        <Segmented
            label="Times shown in"
            options=vec![(false, "UTC"), (true, "Local")]
            value=Signal::derive(move || app.is_local())
            on_change=move |local| app.set_local(local)
            class=class
        />
    }
}

/// Role and groups of whoever is signed in, `engineer, billing-owners`.
pub fn standing(me: &SessionView) -> String {
    let groups = me.groups.iter().map(|group| group.as_str());
    std::iter::once(me.role.as_str()).chain(groups).collect::<Vec<_>>().join(", ")
}

/// Who is signed in. Opens the menu.
#[component]
fn Me() -> impl IntoView {
    let app = App::get();
    let session = move || match app.session.get() {
        Status::Ready(me) => {
            let standing = standing(&me);
            view! {
                <span class="av" aria-hidden="true">{words::initials(&me.uid)}</span>
                <span class="who">
                    <b>{me.uid}</b>
                    <span>{standing}</span>
                </span>
            }
            .into_any()
        }
        _ if !app.source.with(Source::is_endpoint) => {
            view! { <span class="who"><b>"Reader"</b><span>"of records alone"</span></span> }.into_any()
        }
        _ => view! { <span class="who"><b>"Not signed in"</b></span> }.into_any(),
    };
    view! {
        <button type="button" class="account" popovertarget="menu">
            {session}
            <span class="vh">". Menu"</span>
            <span class="only-narrow">
                <Icon name=IconName::Menu />
            </span>
        </button>
    }
}
