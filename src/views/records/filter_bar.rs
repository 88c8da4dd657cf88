//! The fields that narrow the trail and put it in order. Each writes to the address: at once where something is chosen,
//! in the place of the current entry while one types. What is set is listed again in `actives`, in words; the lists of
//! values are `facets`.

use super::asked::parameter;
use super::desk::Desk;
use super::filters::{SPANS, change_typed, from_field, since, to_field};
use super::sorting::{self, COLUMNS};
use super::table::sort;
use crate::paths::RecordQuery;
use crate::state::{Source, tasks};
use crate::ui::{Button, IconName, SearchBox, Select, Show, effect, memo, view};
use engine::row::Category;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use std::time::Duration;

/// How long after the last key a search is asked for.
const TYPING: Duration = Duration::from_millis(250);

#[component]
pub fn FilterBar() -> impl IntoView {
    let desk = Desk::get();
    // Agents and their services are offered before the log is read.
    effect(move || {
        if desk.app.source.with(Source::is_endpoint) {
            tasks::load_agents(desk.app);
        }
    });
    let set = memo(move || desk.query.with(chosen_in));
    let pressed: Signal<bool> = desk.filtering.into();
    view! {
        <div class="filters" role="search" aria-label="Filter records">
            <Search />
            <Button
                icon=IconName::Filter
                class="lists"
                pressed
                on_press=move |()| desk.filtering.update(|filtering| *filtering = !*filtering)
            >
                "Filters"
                {move || (set.get() > 0).then(|| view! { <span class="n">{set.get()}<span class="vh">" set"</span></span> })}
            </Button>
            <ChangeFilter />
            <Times />
            <Order />
            <Button icon=IconName::Down class="push" on_press=move |()| desk.exporting.set(true)>"Export"</Button>
        </div>
    }
}

/// How many categories have a choice.
fn chosen_in(query: &RecordQuery) -> usize {
    Category::ALL.into_iter().filter(|&category| !parameter(query, category).is_empty()).count()
}

/// What the rows are in order of, any column; the table's heads have those that it shows.
#[component]
fn Order() -> impl IntoView {
    let desk = Desk::get();
    let options =
        Signal::derive(|| COLUMNS.iter().map(|(name, label)| ((*name).to_owned(), (*label).to_owned())).collect());
    let value = Signal::derive(move || sorting::name(desk.sorting().by).to_owned());
    let press = move |name: &str| {
        if let Some(sorting) = sorting::pressed(name, untrack(|| desk.sorting())) {
            sort(desk, sorting::write(sorting));
        }
    };
    let direction = memo(move || sorting::direction(desk.sorting()));
    let turn = move |()| press(sorting::name(untrack(|| desk.sorting()).by));
    view! {
        <div class="row order">
            <Select label="Order" options value on_change=move |name: String| press(&name) />
            <Button class="turn" on_press=turn label="Turn the order round">{move || direction.get()}</Button>
        </div>
    }
}

#[component]
fn Search() -> impl IntoView {
    let desk = Desk::get();
    let typed = RwSignal::new(desk.query.with_untracked(|query| query.q.clone()));
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(handle)) = waiting.try_update_value(Option::take) {
            handle.clear();
        }
    };
    on_cleanup(stop);
    // Back, forward and "clear" change the address: the field follows.
    let asked = memo(move || desk.query.with(|query| query.q.clone()));
    effect(move || typed.set(asked.get()));
    let on_input = move |text: String| {
        typed.set(text.clone());
        stop();
        let ask = move || desk.ask_in_place(RecordQuery { q: text.clone(), ..desk.query.get_untracked() });
        waiting.set_value(set_timeout_with_handle(ask, TYPING).ok());
    };
    let field = NodeRef::<html::Input>::new();
    // The shell's `/` looks for this mark.
    effect(move || {
        if let Some(field) = field.get() {
            let _ = field.set_attribute("data-filter", "");
        }
    });
    view! { <SearchBox label="Search the records" value=typed on_input key="/" node=field /> }
}

#[component]
fn ChangeFilter() -> impl IntoView {
    let desk = Desk::get();
    let value = memo(move || desk.query.with(|query| query.change.clone()));
    let wrong = RwSignal::new(None::<&'static str>);
    effect(move || {
        value.track();
        wrong.set(None);
    });
    let on_change = move |event: leptos::ev::Event| match change_typed(&event_target_value(&event)) {
        Ok(change) => {
            wrong.set(None);
            desk.ask(RecordQuery { change, ..desk.query.get_untracked() });
        }
        Err(why) => wrong.set(Some(why)),
    };
    view! {
        <label class="sel typed" class:set=move || !value.with(String::is_empty)>
            "Change"
            <input
                type="text"
                placeholder="any"
                size="8"
                autocomplete="off"
                spellcheck="false"
                aria-invalid=move || wrong.get().map(|_| "true")
                aria-describedby="change-wrong"
                prop:value=move || value.get()
                on:change=on_change
            />
        </label>
        <span id="change-wrong" class="wrong" role="status">{move || wrong.get()}</span>
    }
}

/// A span by name, or two instants of one's own, in the zone that is shown.
#[component]
fn Times() -> impl IntoView {
    let desk = Desk::get();
    let set = memo(move || desk.query.with(|query| !query.since.is_empty() || !query.until.is_empty()));
    // Chosen by hand before either instant is there.
    let own = RwSignal::new(false);
    let value = Signal::derive(move || if set.get() || own.get() { "own".to_owned() } else { String::new() });
    let options = Signal::derive(|| {
        let mut options = vec![(String::new(), "any".to_owned())];
        options.extend(SPANS.iter().map(|(words, seconds)| (seconds.to_string(), (*words).to_owned())));
        options.push(("own".to_owned(), "from … to …".to_owned()));
        options
    });
    let on_change = move |chosen: String| {
        own.set(chosen == "own");
        let asked = desk.query.get_untracked();
        let (since, until) = match chosen.parse::<i64>() {
            Ok(seconds) => (since(seconds, desk.app.now_exact()), String::new()),
            Err(_) if chosen == "own" => (asked.since.clone(), asked.until.clone()),
            Err(_) => (String::new(), String::new()),
        };
        desk.ask(RecordQuery { since, until, ..asked });
    };
    view! {
        <Select label="Time" options value on_change />
        <Show when=move || set.get() || own.get()>
            <InstantField label="From" is_since=true />
            <InstantField label="To" is_since=false />
        </Show>
    }
}

#[component]
fn InstantField(label: &'static str, is_since: bool) -> impl IntoView {
    let desk = Desk::get();
    let app = desk.app;
    let value = move || {
        let text = desk.query.with(|query| if is_since { query.since.clone() } else { query.until.clone() });
        to_field(&text, app.zone())
    };
    let name = move || format!("{label}, {}", app.zone().name());
    let on_change = move |event: leptos::ev::Event| {
        let zone = untrack(|| app.zone());
        let Some(text) = from_field(&event_target_value(&event), zone) else { return };
        let asked = desk.query.get_untracked();
        desk.ask(if is_since { RecordQuery { since: text, ..asked } } else { RecordQuery { until: text, ..asked } });
    };
    view! {
        <label class="sel instant">
            {label}
            <input type="datetime-local" aria-label=name prop:value=value on:change=on_change />
            <span class="t3">{move || app.zone().name()}</span>
        </label>
    }
}
