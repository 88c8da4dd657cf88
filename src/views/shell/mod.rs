//! The frame of every page: bar, line of progress, strip of notice, the page itself, what happened. Starts
//! the session and the stream. The pages are in their own folders.

mod bar;
mod menu;
mod opening;
mod otherwise;
mod pages;
mod shortcuts;
mod strip;
mod title;

pub use self::otherwise::Otherwise;
pub use self::strip::Strip;
use crate::state::{App, Status, tasks};
use crate::ui::{LiveRegions, LoadLine, Show, Toasts, view};
use crate::views::later;
use leptos::prelude::*;

/// The whole app.
#[component]
pub fn Shell() -> impl IntoView {
    let app = App::provide();
    tasks::begin(app);
    title::follow(app);
    later::fetch_all(app);
    let busy =
        Signal::derive(move || matches!(app.session.get(), Status::Slow) || app.records.busy() || app.trail.rows_due());
    view! {
        <div class="app">
            <a class="skip" href="#main" on:click=move |event| {
                event.prevent_default();
                title::focus_main();
            }>"Skip to content"</a>
            <bar::Bar />
            <LoadLine busy />
            <Show when=move || app.settled()>{later::STRIP.view()}</Show>
            <main id="main" tabindex="-1">
                <pages::Pages />
            </main>
        </div>
        <Show when=move || app.settled()>{later::REST.view()}</Show>
        <LiveRegions announcer=app.announcer />
    }
}

/// What the first paint does without; its code comes by itself.
#[component]
pub fn Rest() -> impl IntoView {
    let app = App::get();
    tasks::connect(app);
    let help = RwSignal::new(false);
    let opening = RwSignal::new(false);
    shortcuts::listen(app, help);
    view! {
        <menu::Menu help opening />
        <opening::Drop />
        <opening::OpenDialog open=opening />
        <menu::Happened />
        <shortcuts::ShortcutsDialog open=help />
        <Toasts notices=app.notices />
    }
}
