//! One list of values: those of a category, each to be ticked, with its count; kept are the ticked or all others. Long
//! ones are shown in part and searched.

use super::desk::{Desk, Shown};
use super::facet_list::{Entry, chosen, kept, list, toggled};
use super::facets::Looks;
use super::filters::{category_words, value_words};
use super::summary::absence;
use crate::state::Source;
use crate::ui::{Button, ButtonLook, For, Icon, IconName, Segmented, Show, memo, view};
use crate::views::parts::{Gone, Said};
use crate::words::{count, counted};
use engine::query::Keep;
use engine::row::{Category, Cell};
use engine::talk::Counts;
use leptos::prelude::*;
use oversight::text::escape::visible;
use oversight::vocabulary::Kind;
use std::collections::BTreeSet;

/// From so many values on they can be searched.
const MANY: usize = 12;

#[component]
pub fn Facet(category: Category, looks: Looks) -> impl IntoView {
    let desk = Desk::get();
    let look = memo(move || looks.get(category));
    let choice = memo(move || desk.query.with(|query| chosen(query, category)));
    let counts = memo(move || counts(desk, category));
    let known = memo(move || if counts.with(Option::is_none) { known(desk, category) } else { Vec::new() });
    let shown = memo(move || {
        let (look, counts, known) = (look.get(), counts.get(), known.get());
        choice.with(|choice| list(counts.as_ref(), &known, choice, look.all, !look.find.is_empty()))
    });
    let largest = memo(move || {
        let counted = counts.get();
        counted.and_then(|counts| counts.counts.iter().map(|(_, count)| *count).max()).unwrap_or_default()
    });
    let is_long = memo(move || {
        let (look, shown) = (look.get(), shown.get());
        !look.find.is_empty()
            || counts.with(Option::is_some) && shown.entries.len() + shown.more + shown.beyond.0 as usize > MANY
    });
    let set = memo(move || choice.with(|choice| choice.values.len()));
    let name = category_words(category);
    // Kinds of missing stand apart: they are no words.
    let words =
        move || shown.get().entries.into_iter().filter(|entry| matches!(entry.cell, Cell::Is(_))).collect::<Vec<_>>();
    let missing =
        move || shown.get().entries.into_iter().filter(|entry| !matches!(entry.cell, Cell::Is(_))).collect::<Vec<_>>();
    let any_missing =
        memo(move || shown.with(|list| list.entries.iter().any(|entry| !matches!(entry.cell, Cell::Is(_)))));
    let key = |entry: &Entry| value_key(&entry.cell);
    let draw = move |entry: Entry| {
        let cell = entry.cell;
        let now = {
            let cell = cell.clone();
            memo(move || shown.with(|list| list.entries.iter().find(|entry| entry.cell == cell).cloned()))
        };
        value(desk, category, cell, now, largest)
    };
    let more = move || {
        let shown = shown.get();
        (shown.more > 0).then(|| {
            let words = format!("Show {} more", count(shown.more as u64));
            view! {
                <Button look=ButtonLook::Link on_press=move |()| looks.change(category, |look| look.all = true)>{words}</Button>
            }
        })
    };
    let beyond = move || {
        let (words, records) = shown.get().beyond;
        (words > 0).then(|| {
            let words = counted(words.into(), "further value", "further values");
            let records = counted(records.into(), "record", "records");
            view! { <p class="xs t3">{words} ", in " {records} "; search for them."</p> }
        })
    };
    let find = move |text: String| looks.change(category, |look| look.find = text);
    let sought = move || !look.with(|look| look.find.is_empty());
    let nothing = move || shown.with(|list| list.entries.is_empty() && list.beyond.0 == 0);
    view! {
        <details
            class="disc facet"
            open=look.get_untracked().open
            on:toggle=move |event| {
                let open = event_target::<web_sys::HtmlElement>(&event).has_attribute("open");
                if looks.get(category).open != open {
                    looks.change(category, |look| look.open = open);
                }
            }
        >
            <summary>
                <Icon name=IconName::Down small=true />
                <span>{capital(name)}</span>
                {move || (set.get() > 0).then(|| view! { <span class="n push">{set.get()}<span class="vh">" chosen"</span></span> })}
            </summary>
            <Show when=move || look.with(|look| look.open)>
                <div class="body">
                    <Show when=move || is_long.get()>
                        <Find category=name value=Signal::derive(move || look.get().find) on_find=find />
                    </Show>
                    <ul class="values" aria-label=format!("{}, values", capital(name))>
                        <For each=words key=key children=draw />
                    </ul>
                    {more}
                    {beyond}
                    <Show when=move || any_missing.get()>
                        <ul class="values" aria-label=format!("{}, not there", capital(name))>
                            <For each=missing key=key children=draw />
                        </ul>
                    </Show>
                    <Show when=nothing>
                        <p class="xs t3">{move || empty_words(desk, sought())}</p>
                    </Show>
                    <Show when=move || { set.get() > 0 }>
                        <Segmented
                            label=format!("{}: what is kept", capital(name))
                            options=vec![(Keep::Only, "Only these"), (Keep::Without, "All but these")]
                            value=Signal::derive(move || choice.with(|choice| choice.keep))
                            on_change=move |keep| desk.ask(kept(desk.query.get_untracked(), category, keep))
                        />
                    </Show>
                </div>
            </Show>
        </details>
    }
}

fn empty_words(desk: Desk, is_sought: bool) -> &'static str {
    match (desk.shown.get(), is_sought) {
        (Shown::Held, true) => "No value holds that text.",
        (Shown::Held, false) => "No record.",
        _ => "Its values are here when the whole log is read.",
    }
}

fn counts(desk: Desk, category: Category) -> Option<Counts> {
    let facets = (desk.shown.get() == Shown::Held).then(|| desk.app.trail.facets()).flatten()?;
    facets.counts.iter().find(|counts| counts.category == category).cloned()
}

/// What an endpoint's log is known to hold before it is read: kinds, agents and the services that these were seen to use.
fn known(desk: Desk, category: Category) -> Vec<Cell<'static>> {
    if !desk.app.source.with(Source::is_endpoint) {
        return Vec::new();
    }
    let is = |word: String| Cell::Is(word.into());
    let agents = desk.app.agents;
    match category {
        Category::Kind => Kind::ALL.iter().map(|kind| is(kind.as_str().to_owned())).collect(),
        Category::Agent => agents.ids().into_iter().map(|uid| is(uid.to_string())).collect(),
        Category::Service => {
            let used = agents.ids().into_iter().filter_map(|uid| agents.get(&uid)).map(|agent| agent.get_untracked());
            let services: BTreeSet<String> =
                used.flat_map(|agent| agent.used.iter().map(|used| used.service.clone()).collect::<Vec<_>>()).collect();
            services.into_iter().map(is).collect()
        }
        _ => Vec::new(),
    }
}

/// Its own among values of one list: a word is told from a kind of missing.
fn value_key(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Is(word) => format!("={word}"),
        Cell::Absent => "absent".to_owned(),
        Cell::Missing(why) => why.words().to_owned(),
    }
}

fn value(desk: Desk, category: Category, cell: Cell<'static>, now: Memo<Option<Entry>>, largest: Memo<u32>) -> AnyView {
    let checked = move || now.with(|now| now.as_ref().is_some_and(|now| now.chosen));
    let number = move || now.with(|now| now.as_ref().and_then(|now| now.count));
    // Of the largest in the list, so that few can be compared as well as many.
    let part = move || match (number(), largest.get()) {
        (Some(number), largest @ 1..) => format!("{:.1}%", f64::from(number) * 100.0 / f64::from(largest)),
        _ => "0".to_owned(),
    };
    let drawn = match &cell {
        Cell::Is(word) if word.is_empty() => view! { <span class="t2">{value_words(Some(category), &cell)}</span> },
        Cell::Is(_) => view! { <Said text=value_words(Some(category), &cell) /> },
        gone => view! { <Gone missing=absence(gone) /> },
    };
    let title = visible(&value_words(Some(category), &cell));
    let change = move |_| desk.ask(toggled(desk.query.get_untracked(), category, &cell));
    view! {
        <li>
            <label class="value" title=title>
                <input type="checkbox" prop:checked=checked on:change=change />
                <span class="word">{drawn}</span>
                <span class="n">{move || number().map(|number| count(number.into()))}</span>
                <i class="part" style:width=part></i>
            </label>
        </li>
    }
}

#[component]
fn Find(
    category: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_find: Callback<String>,
) -> impl IntoView {
    let label = format!("Find in {category}");
    view! {
        <input
            class="in seek"
            type="search"
            aria-label=label.clone()
            placeholder=label
            autocomplete="off"
            spellcheck="false"
            prop:value=move || value.get()
            on:input=move |event| on_find.run(event_target_value(&event))
        />
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
