//! The lists of values that the trail can be filtered by, each with how many records it would leave, beside the table or
//! over it. Which values stand in a list is `facet_list`; asking for the counts is here, counting the engine's.

use super::desk::{Desk, Shown};
use super::facet::Facet;
use crate::state::{Source, tasks};
use crate::ui::{Dialog, Show, effect, memo, view};
use engine::row::Category;
use engine::talk::{FacetsQuestion, Question, Slot};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The lists in the order that they are read in.
const LISTS: [Category; 14] = [
    Category::Kind,
    Category::Agent,
    Category::Actor,
    Category::Service,
    Category::Operation,
    Category::AccessLevel,
    Category::Tier,
    Category::Reversibility,
    Category::PolicyDecision,
    Category::ReviewDecision,
    Category::Outcome,
    Category::Environment,
    Category::Account,
    Category::Region,
];
/// Those that are open at first.
const OPEN: [Category; 4] = [Category::Kind, Category::Agent, Category::Tier, Category::Outcome];

/// A list as the reader has it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Look {
    pub open: bool,
    /// All of its values are shown.
    pub all: bool,
    /// A text that its words are sought by.
    pub find: String,
}

/// How the lists are looked at, by category.
#[derive(Clone, Copy)]
pub struct Looks(RwSignal<BTreeMap<&'static str, Look>>);

impl Looks {
    fn new() -> Looks {
        let open = |category: &Category| (category.name(), Look { open: true, ..Look::default() });
        Looks(RwSignal::new(OPEN.iter().map(open).collect()))
    }

    pub fn get(self, category: Category) -> Look {
        self.0.with(|looks| looks.get(category.name()).cloned().unwrap_or_default())
    }

    pub fn change(self, category: Category, change: impl FnOnce(&mut Look)) {
        self.0.update(|looks| change(looks.entry(category.name()).or_default()));
    }
}

/// Beside the table.
#[component]
pub fn Facets() -> impl IntoView {
    view! {
        <aside class="panel facets" aria-label="Filters">
            <Lists />
        </aside>
    }
}

/// Over it, where there is no room.
#[component]
pub fn FacetsDialog() -> impl IntoView {
    let desk = Desk::get();
    let open = Signal::derive(move || {
        desk.filtering.get() && !desk.beside.get() && !desk.query.with(|query| query.quarantined)
    });
    view! {
        <Dialog open on_close=move |()| desk.filtering.set(false) title=Signal::derive(|| "Filters".to_owned())>
            <div class="facets"><Lists /></div>
        </Dialog>
    }
}

#[component]
fn Lists() -> impl IntoView {
    let desk = Desk::get();
    let looks = Looks::new();
    ask(desk, looks);
    let held = memo(move || desk.shown.get() == Shown::Held);
    let lists = LISTS.into_iter().map(|category| view! { <Facet category looks /> }).collect_view();
    view! {
        <Show when=move || !held.get() && desk.app.source.with(Source::is_endpoint)>
            <p class="sm t2 note">"Counts, and further values, are here when the whole log is read."</p>
        </Show>
        {lists}
    }
}

/// Keeps the counts of the open lists asked for, of the rows that are shown: as of when they were put in order.
fn ask(desk: Desk, looks: Looks) {
    let question = memo(move || {
        if desk.shown.get() != Shown::Held {
            return None;
        }
        let asked = desk.asked.get().ok()?;
        let open: Vec<Category> = LISTS.into_iter().filter(|&category| looks.get(category).open).collect();
        let find = open.iter().map(|&category| (category, looks.get(category).find));
        Some(FacetsQuestion {
            scoped: asked.scoped,
            find: find.filter(|(_, find)| !find.is_empty()).collect(),
            categories: open,
            most: super::facet_list::MOST,
            as_of: Some(desk.app.trail.windows().with(|windows| windows.generation)),
        })
    });
    effect(move || match question.get() {
        Some(question) if !question.categories.is_empty() => {
            tasks::ask(desk.app, Slot::Facets, false, Question::Facets(question));
        }
        _ => tasks::silence(desk.app, Slot::Facets),
    });
    on_cleanup(move || tasks::silence(desk.app, Slot::Facets));
}
