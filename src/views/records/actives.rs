//! What the trail is narrowed by, in words, each with a way to take it away; and what has been appended
//! since. Nothing is shown where nothing is set.

use super::asked::{is_narrowed, with_more};
use super::desk::{Desk, Shown, focus_soon};
use super::filters::active;
use super::table::search_every_field;
use crate::paths::RecordQuery;
use crate::state::Source;
use crate::ui::{Button, ButtonLook, Icon, IconName, Show, memo, view};
use crate::views::parts::Said;
use crate::words;
use leptos::prelude::*;
use oversight::text::escape::visible;

#[component]
pub fn Actives() -> impl IntoView {
    let desk = Desk::get();
    let chips = memo(move || desk.query.with(|query| active(query, desk.app.zone())));
    let each = move || {
        let chips = chips.get();
        let all = chips.len();
        let drawn = chips
            .into_iter()
            .map(|chip| {
                let name = format!("Remove the filter {} {}", chip.name, visible(&chip.value));
                let without = chip.without.clone();
                view! {
                    <li>
                        <button type="button" class="chip drop" aria-label=name on:click=move |_| {
                            desk.ask(without.clone());
                            focus_soon(&[".actives button", ".filters input"]);
                        }>
                            {chip.name} " " <b><Said text=chip.value /></b> <Icon name=IconName::X small=true />
                        </button>
                    </li>
                }
            })
            .collect_view();
        (all > 0).then(|| {
            view! {
                <ul class="actives" aria-label="Filters set">
                    {drawn}
                    <li>
                        <Button look=ButtonLook::Link on_press=move |()| clear(desk)>
                            {if all == 1 { "Clear".to_owned() } else { format!("Clear all {all}") }}
                        </Button>
                    </li>
                </ul>
            }
        })
    };
    view! { {each} }
}

/// Takes every filter away, and the order with them.
pub fn clear(desk: Desk) {
    let quarantined = desk.query.with_untracked(|query| query.quarantined);
    desk.ask(RecordQuery { quarantined, ..RecordQuery::default() });
    focus_soon(&[".filters input"]);
}

/// Which records a figure counts, where those behind one are shown.
#[component]
pub fn Behind() -> impl IntoView {
    let desk = Desk::get();
    let figure = memo(move || {
        let asked = desk.asked.get().ok()?;
        asked.scoped.filter.figure.map(|figure| figure.definition())
    });
    view! { {move || figure.get().map(|definition| view! { <p class="sm t2 behind">"One record for each: " {definition}</p> })} }
}

/// Where a text was searched for, and the other way to search for it.
#[component]
pub fn SearchedIn() -> impl IntoView {
    let desk = Desk::get();
    let text = memo(move || desk.query.with(|query| !query.q.is_empty()));
    let is_endpoint = memo(move || desk.app.source.with(Source::is_endpoint));
    let words = move || match desk.shown.get() {
        Shown::Pages => "The text was searched for in every field.",
        _ => "The text was searched for in uid, target, service, operation, agent and actor.",
    };
    let other = move || match desk.shown.get() {
        Shown::Pages => "Search those of the table",
        _ => "Search every field",
    };
    let press = move |()| match desk.shown.get_untracked() {
        Shown::Pages => desk.ask(with_more(desk.query.get_untracked(), "search", String::new())),
        _ => search_every_field(desk),
    };
    view! {
        <Show when=move || text.get() && desk.shown.get() != Shown::None>
            <p class="sm t2 row wrap searched">
                {words}
                <Show when=move || is_endpoint.get()>
                    <Button look=ButtonLook::Link on_press=press>{other}</Button>
                </Show>
            </p>
        </Show>
    }
}

/// Says that records were appended; the rows stay until the reader asks for them.
#[component]
pub fn Newer() -> impl IntoView {
    let desk = Desk::get();
    let words = memo(move || {
        let newer = desk.newer();
        // Pages count whatever is appended, held records only what would be among the rows.
        let any = desk.shown.get() == Shown::Pages && desk.query.with(is_narrowed);
        (newer > 0).then(|| {
            if any {
                format!("{} in the log, load again", words::counted(newer, "newer record", "newer records"))
            } else {
                format!("Show {}", words::counted(newer, "newer record", "newer records"))
            }
        })
    });
    let show = move |()| {
        desk.reload();
        desk.at.set(0);
        if let Some(table) = document().query_selector(".records .vt").ok().flatten() {
            table.set_scroll_top(0);
        }
    };
    view! {
        <Show when=move || words.with(Option::is_some)>
            <Button look=ButtonLook::Small icon=IconName::Refresh class="newer" on_press=show>
                {move || words.get()}
            </Button>
        </Show>
    }
}
