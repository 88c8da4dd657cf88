//! What the trail is narrowed by, in words, each with a way to take it away; and what has been appended
//! since. Nothing is shown where nothing is set.

use super::desk::{Desk, focus_soon};
use super::filters::active;
use crate::paths::RecordQuery;
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

/// Takes every filter away.
pub fn clear(desk: Desk) {
    let quarantined = desk.query.with_untracked(|query| query.quarantined);
    desk.ask(RecordQuery { quarantined, ..RecordQuery::default() });
    focus_soon(&[".filters input"]);
}

/// Says that records were appended; the rows stay until the reader asks for them.
#[component]
pub fn Newer() -> impl IntoView {
    let desk = Desk::get();
    let records = desk.app.records;
    let words = memo(move || {
        let newer = records.newer();
        let filtered = desk.query.with(|query| !query.parameters().is_empty());
        (newer > 0).then(|| {
            let newer = words::counted(newer, "newer record", "newer records");
            if filtered { format!("{newer} in the log, load again") } else { format!("Show {newer}") }
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
