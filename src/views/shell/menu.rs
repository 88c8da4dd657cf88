//! The two popovers under the bar: the menu (views on a narrow page, theme, times, shortcuts, sign out) and
//! what happened.

use super::bar::{TimesShown, views, way};
use crate::state::{App, tasks};
use crate::ui::{Icon, IconName, NoticeLog, Popover, Segmented, Show, Theme, apply_theme, effect, stored_theme, view};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

fn close(id: &str) {
    if let Some(popover) = document().get_element_by_id(id) {
        let _ = popover.unchecked_into::<web_sys::HtmlElement>().hide_popover();
    }
}

#[component]
pub fn Menu(help: RwSignal<bool>, opening: RwSignal<bool>) -> impl IntoView {
    let app = App::get();
    let theme = RwSignal::new(stored_theme());
    effect(move || apply_theme(theme.get()));
    let links = views()
        .into_iter()
        .map(|(name, route)| {
            view! { <a class="mi only-narrow" href=move || way(app, &route) on:click=move |_| close("menu")>{name}</a> }
        })
        .collect_view();
    let signed_in = move || app.me().is_some();
    view! {
        <Popover id="menu" label="Menu">
            {links}
            <hr class="only-narrow" />
            <div class="mi">
                <span>"Theme"</span>
                <Segmented label="Theme" options=Theme::ALL.to_vec() value=theme on_change=move |chosen| theme.set(chosen) />
            </div>
            <div class="mi">
                <span>"Times"</span>
                <TimesShown />
            </div>
            <button type="button" class="mi" on:click=move |_| {
                close("menu");
                opening.set(true);
            }>
                <Icon name=IconName::Search />
                "Open records of a file or an address"
            </button>
            <button type="button" class="mi" on:click=move |_| {
                close("menu");
                help.set(true);
            }>
                <Icon name=IconName::Keyboard />
                "Keyboard shortcuts"
                <kbd aria-hidden="true">"?"</kbd>
            </button>
            <Show when=signed_in>
                <hr />
                <button type="button" class="mi" on:click=move |_| tasks::sign_out(app)>
                    "Sign out"
                </button>
            </Show>
        </Popover>
    }
}

/// Everything that was told since the page was opened.
#[component]
pub fn Happened() -> impl IntoView {
    let app = App::get();
    view! {
        <Popover id="happened" label="What happened">
            <div on:focusin=move |_| app.notices.mark_read() on:pointerenter=move |_| app.notices.mark_read()>
                <h2>"What happened"</h2>
                <NoticeLog notices=app.notices />
            </div>
        </Popover>
    }
}
