//! The frame of every page: bar, line of progress, strip of notice, the page itself, what happened. Starts
//! the session and the stream. The pages are in their own folders.

mod bar;
mod menu;
mod pages;
mod shortcuts;
mod strip;
mod title;

use crate::state::{App, Status, tasks};
use crate::ui::{LiveRegions, LoadLine, Toasts, view};
use leptos::prelude::*;

/// The whole app.
#[component]
pub fn Shell() -> impl IntoView {
    let app = App::provide();
    tasks::load_session(app);
    tasks::connect(app);
    title::follow(app);
    let help = RwSignal::new(false);
    shortcuts::listen(app, help);
    let busy = Signal::derive(move || matches!(app.session.get(), Status::Slow) || app.records.busy());
    view! {
        <div class="app">
            <a class="skip" href="#main" on:click=move |event| {
                event.prevent_default();
                title::focus_main();
            }>"Skip to content"</a>
            <bar::Bar />
            <LoadLine busy />
            <strip::Strip />
            <main id="main" tabindex="-1">
                <pages::Pages />
            </main>
        </div>
        <menu::Menu help />
        <menu::Happened />
        <shortcuts::ShortcutsDialog open=help />
        <Toasts notices=app.notices />
        <LiveRegions announcer=app.announcer />
    }
}
