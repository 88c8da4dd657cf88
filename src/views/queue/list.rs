//! The list: filter, selection, and the three groups with their counts. A row is `row`; what is in which
//! group and in which order is `state::lists`.

use super::desk::Desk;
use super::row::Row;
use crate::paths::Route;
use crate::state::{Status, route, tasks};
use crate::ui::{Button, Empty, Failure, For, SearchBox, Show, Skeleton, effect, live, memo, view};
use crate::views::later;
use leptos::html;
use leptos::prelude::*;
use oversight::id::ChangeId;

#[component]
pub fn List() -> impl IntoView {
    let desk = Desk::get();
    let field = NodeRef::<html::Input>::new();
    // The shell's `/` looks for this mark.
    effect(move || {
        if let Some(field) = field.get() {
            let _ = field.set_attribute("data-filter", "");
        }
    });
    let narrow = move |text: String| {
        route::replace(&Route::Queue { open: desk.open.get_untracked(), filter: text });
    };
    let mine = Signal::derive(move || desk.lists.with(|lists| lists.mine.clone()));
    let waiting = Signal::derive(move || desk.lists.with(|lists| lists.waiting.clone()));
    let settled = Signal::derive(move || desk.lists.with(|lists| lists.settled.clone()));
    let drawn = memo(move || {
        !desk.lists.with(|lists| lists.waiting.is_empty() && lists.settled.is_empty() && lists.mine.is_empty())
    });
    let picking = memo(move || desk.picked.with(|picked| !picked.is_empty()));
    view! {
        <aside class="list" aria-label="Changes">
            <Show when=move || desk.open.get().is_none()>
                <h1 class="vh">"Queue"</h1>
            </Show>
            <div class="find" role="search">
                <SearchBox label="Filter by agent, service, state" value=desk.filter on_input=narrow key="/" node=field />
            </div>
            <Show when=move || picking.get()>{later::BULK_BAR.view()}</Show>
            <Show when=move || drawn.get() fallback=Nothing>
                <Group name="mine" title="Mine to decide" aside="by expiry" ids=mine loud=true />
                <Show when=move || mine.with(Vec::is_empty)>
                    <p class="grp">"Nothing waits for you."</p>
                </Show>
                <Group name="waiting" title="Waiting for others" ids=waiting />
                <Group name="settled" title="Settled in the last hour" ids=settled settled=true />
            </Show>
        </aside>
    }
}

#[component]
fn Group(
    name: &'static str,
    title: &'static str,
    #[prop(optional)] aside: &'static str,
    ids: Signal<Vec<ChangeId>>,
    /// The group whose count calls for something.
    #[prop(optional)]
    loud: bool,
    #[prop(optional)] settled: bool,
) -> impl IntoView {
    let heading = format!("group-{name}");
    let labelled = heading.clone();
    let count = memo(move || ids.with(Vec::len));
    view! {
        <section aria-labelledby=labelled hidden=move || count.get() == 0 && !loud>
            <h2 class="grp" id=heading>
                <b>{title}</b>
                <span class="count" class:q=move || !loud || count.get() == 0>
                    {move || count.get()}
                </span>
                {(!aside.is_empty()).then(|| view! { <span class="push">{aside}</span> })}
            </h2>
            <ul>
                <For each=move || ids.get() key=|id| *id let:id>
                    <Row id settled />
                </For>
            </ul>
        </section>
    }
}

/// What the list shows when it has no row: why, and what to do.
#[component]
fn Nothing() -> impl IntoView {
    let desk = Desk::get();
    let app = desk.app;
    #[derive(Clone, PartialEq)]
    enum Why {
        NotYet,
        Slow,
        Failed(String, String, String),
        NoMatch,
        FirstRun,
        Nothing,
    }
    let why = memo(move || match app.changes.status() {
        Status::Loading => Why::NotYet,
        Status::Slow => Why::Slow,
        Status::Failed(trouble) => Why::Failed(trouble.what, trouble.kept, trouble.next),
        Status::Ready(()) if !desk.filter.with(|filter| filter.trim().is_empty()) => Why::NoMatch,
        Status::Ready(()) if app.changes.ids().is_empty() && app.me().is_some_and(|me| me.proposed == 0) => {
            Why::FirstRun
        }
        Status::Ready(()) => Why::Nothing,
    });
    live(move || match why.get() {
        Why::NotYet => ().into_any(),
        Why::Slow => view! { <Skeleton label="Loading the queue" /> }.into_any(),
        Why::Failed(happened, kept, to_do) => view! {
            <Failure happened kept to_do on_retry=Callback::new(move |()| tasks::load_changes(app)) />
        }
        .into_any(),
        Why::NoMatch => {
            let clear =
                move |()| route::replace(&Route::Queue { open: desk.open.get_untracked(), filter: String::new() });
            view! {
                <Empty title="No change matches" why="None of the changes here has all the words of the filter.">
                    <Button on_press=clear>"Clear the filter"</Button>
                </Empty>
            }
            .into_any()
        }
        Why::FirstRun => later::FIRST_RUN.view(),
        Why::Nothing => view! {
            <Empty
                title="Nothing is pending"
                why="No agent waits for a decision, and nothing settled within the last hour."
            >
                <a class="btn" href=Route::Records { query: Default::default(), open: None }.href()>
                    "To the records"
                </a>
            </Empty>
        }
        .into_any(),
    })
}
