//! The page's frame: the question as a heading, what it is asked of, how reading goes, the brush, the cards.

use super::brush::Brushed;
use super::desk::{DRAWN, Desk};
use super::measure;
use super::panels::{ApprovedBefore, Around, Autonomy, ByAgents, Pending, Rejections, RubberStamps, TimeToDecision};
use super::reading::{Foot, NotWhole, Reading};
use super::where_acted::WhereActed;
use crate::choice::value as word;
use crate::paths::{OverviewQuery, Window};
use crate::state::{App, Source, tasks};
use crate::ui::wording::counted;
use crate::ui::{CopyButton, Empty, Failure, Select, Skeleton, effect, live, memo, view};
use crate::views::parts::ConnectAgent;
use engine::row::{Category, Cell};
use engine::talk::{Backdrop, FacetsQuestion, Question, Scoped, Slot};
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Nothing,
    Loading,
    Failed,
    Empty,
    Figures,
}

/// After how long a load is worth saying, in milliseconds.
const SLOW_MS: u64 = 300;

#[component]
pub fn OverviewPage() -> impl IntoView {
    let desk = Desk::provide();
    measure::follow(desk);
    let trail = desk.app.trail;
    let slow = RwSignal::new(false);
    let tell = move || {
        slow.try_set(true);
    };
    set_timeout(tell, std::time::Duration::from_millis(SLOW_MS));
    let all = memo(move || desk.answer.with(|answer| answer.as_deref().map(|answer| answer.all)));
    // An endpoint's own records, of who is enrolled, are there from its first minute: no agent has done anything yet.
    let acted = memo(move || {
        let named = desk.backdrop.with(|backdrop| names_a_service(backdrop));
        named || desk.filtered() || !desk.app.source.with(Source::is_endpoint)
    });
    let shown = memo(move || match (trail.trouble(), all.get()) {
        (None, Some(1..)) if trail.is_read() && !acted.get() => Shown::Empty,
        (_, Some(1..)) => Shown::Figures,
        (Some(_), _) => Shown::Failed,
        (None, _) if trail.is_read() => Shown::Empty,
        (None, _) if slow.get() => Shown::Loading,
        _ => Shown::Nothing,
    });
    let filters = memo(move || shown.get() == Shown::Figures && is_due(desk, 1));
    let body = live(move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Loading => view! { <Waiting /> }.into_any(),
        Shown::Failed => view! { <section class="panel main"><ReadFailed /></section> }.into_any(),
        Shown::Empty => view! { <section class="panel main"><NoRecords /></section> }.into_any(),
        Shown::Figures => view! { <Figures /> }.into_any(),
    });
    view! {
        <div class="page overview" on:pointerdown=move |_| desk.settle() on:focusin=move |_| desk.settle()>
            <div class="head">
                <h1 tabindex="-1">"Does oversight work?"</h1>
                {live(move || (shown.get() == Shown::Figures).then(|| view! { <Of /> }))}
                <Reading />
                <span class="push"></span>
                {live(move || filters.get().then(|| view! { <Filters /> }))}
            </div>
            <NotWhole />
            {body}
        </div>
    }
}

/// On the first load: where the brush and the cards will be.
#[component]
fn Waiting() -> impl IntoView {
    let card = |at| view! { <div class="panel card" class:w2=at == 0><Skeleton lines=4 label="" /></div> };
    view! {
        <section class="panel main"><Skeleton lines=2 label="Reading the records" /></section>
        <div class="cards" aria-hidden="true">{(0..7).map(card).collect_view()}</div>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let desk = Desk::get();
    // While records come, those of the window may be among the next.
    let none = memo(move || {
        desk.app.trail.is_read() && desk.answer.with(|answer| answer.as_ref().is_some_and(|answer| answer.of == 0))
    });
    let quiet = live(move || none.get().then(|| view! { <NothingInWindow /> }));
    draw_in_turn(desk);
    let brush = memo(move || is_due(desk, 0));
    view! {
        {live(move || brush.get().then(|| view! { <Brushed /> }))}
        {quiet}
        <div class="cards" class:quiet=move || none.get()>
            {CARDS
                .iter()
                .zip(2..)
                .map(|(card, place)| {
                    let is_due = memo(move || is_due(desk, place));
                    live(move || is_due.get().then(card))
                })
                .collect_view()}
        </div>
        <Foot />
    }
}

/// Whether its turn has come; the brush and the filters are before the cards.
fn is_due(desk: Desk, place: usize) -> bool {
    desk.drawn.get() > place
}

/// In the order that they stand in.
const CARDS: [fn() -> AnyView; DRAWN - 2] = [
    || view! { <Autonomy /> }.into_any(),
    || view! { <ApprovedBefore /> }.into_any(),
    || view! { <Pending /> }.into_any(),
    || view! { <TimeToDecision /> }.into_any(),
    || view! { <Rejections /> }.into_any(),
    || view! { <RubberStamps /> }.into_any(),
    || view! { <Around /> }.into_any(),
    || view! { <ByAgents /> }.into_any(),
    || view! { <WhereActed /> }.into_any(),
];

/// Draws the brush, the filters and each card in a frame of its own, so that the page hears its reader in between.
fn draw_in_turn(desk: Desk) {
    desk.drawn.set(0);
    fn next(desk: Desk) {
        let draw = move || {
            let drawn = desk.drawn.try_update(|drawn| {
                *drawn += 1;
                *drawn
            });
            // None where the page was left.
            if drawn.is_some_and(|drawn| drawn < DRAWN) {
                next(desk);
            }
        };
        request_animation_frame(move || set_timeout(draw, std::time::Duration::ZERO));
    }
    next(desk);
}

/// Whether anything in the records is an agent's action, whatever the brush.
fn names_a_service(backdrop: &Backdrop) -> bool {
    backdrop.services.iter().any(|service| matches!(service, Cell::Is(_)))
}

/// `25 102 records, 5 264 actions executed by 14 agents, times in UTC`.
#[component]
fn Of() -> impl IntoView {
    let desk = Desk::get();
    let words = move || {
        let answer = desk.answer.get()?;
        let agents = answer.figures.agents.top.len() as u64 + u64::from(answer.figures.agents.others);
        Some(format!(
            "{}, {} executed by {}, times in {}",
            counted(answer.of.into(), "record", "records"),
            counted(answer.figures.ran.n().into(), "action", "actions"),
            counted(agents, "agent", "agents"),
            desk.app.zone().name()
        ))
    };
    view! { <p class="t2 sm">{words}</p> }
}

/// Whose actions, where: each choice with how many records it has.
#[component]
fn Filters() -> impl IntoView {
    let desk = Desk::get();
    let app = desk.app;
    // Nobody reads the counts of a list that is closed while the brush moves.
    effect(move || {
        let query = desk.settled.get();
        let question = FacetsQuestion {
            scoped: Scoped { filter: super::question::filter(&query), span: super::question::span(&query.window) },
            categories: vec![Category::Agent, Category::Environment],
            most: MOST,
            as_of: None,
            find: Vec::new(),
        };
        tasks::ask(app, Slot::Facets, true, Question::Facets(question));
    });
    on_cleanup(move || tasks::silence(app, Slot::Facets));
    let options = move |category: Category, chosen: String| {
        let mut options = vec![(String::new(), "all".to_owned())];
        let facets = app.trail.facets();
        let counts = facets.iter().flat_map(|facets| &facets.counts).find(|counts| counts.category == category);
        options.extend(
            counts
                .into_iter()
                .flat_map(|counts| &counts.counts)
                .map(|(cell, n)| (word(cell), format!("{} ({})", said(cell), crate::ui::wording::count((*n).into())))),
        );
        // What is chosen stays in the list though no record has it.
        if !chosen.is_empty() && options.iter().all(|(word, _)| *word != chosen) {
            let text = format!("{} (0)", oversight::text::escape::visible(&chosen));
            options.push((chosen, text));
        }
        options
    };
    let link = move || {
        let location = window().location();
        location.href().unwrap_or_default()
    };
    view! {
        <Select
            label="Agent"
            options=Signal::derive(move || options(Category::Agent, desk.query.get().agent))
            value=Signal::derive(move || desk.query.get().agent)
            on_change=move |agent: String| desk.show(OverviewQuery { agent, ..desk.query.get_untracked() }, false)
        />
        <Select
            label="Environment"
            options=Signal::derive(move || options(Category::Environment, desk.query.get().environment))
            value=Signal::derive(move || desk.query.get().environment)
            on_change=move |environment: String| {
                desk.show(OverviewQuery { environment, ..desk.query.get_untracked() }, false)
            }
        />
        {live(move || {
            desk.settled.track();
            view! { <CopyButton text=link() label="link to this window" word="Copy link" /> }
        })}
    }
}

/// Words of a list of choices at most.
const MOST: u32 = 200;

/// A cell in words, what would not be seen in it as escapes.
fn said(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Is(word) => oversight::text::escape::visible(word),
        Cell::Absent => "none".to_owned(),
        Cell::Missing(why) => why.words().to_owned(),
    }
}

#[component]
fn ReadFailed() -> impl IntoView {
    let app = App::get();
    live(move || {
        app.trail.trouble().map(|trouble| {
            view! {
                <Failure
                    happened=trouble.what
                    kept=trouble.kept
                    to_do=trouble.next
                    on_retry=move |()| tasks::reopen_trail(app)
                />
            }
        })
    })
}

#[component]
fn NoRecords() -> impl IntoView {
    let app = App::get();
    if app.source.with_untracked(Source::is_endpoint) {
        return view! { <ConnectAgent /> }.into_any();
    }
    let quarantined = app.trail.progress().map_or(0, |progress| progress.quarantined);
    let why = match quarantined {
        0 => "There is no record in this source, so there is nothing to count.".to_owned(),
        n => format!("None of {} in this source could be read as a record.", counted(n, "item", "items")),
    };
    view! {
        <Empty title="No records" why=why>
            <a class="btn" href="#/records?quarantined=yes">"To what could not be read"</a>
        </Empty>
    }
    .into_any()
}

#[component]
fn NothingInWindow() -> impl IntoView {
    let desk = Desk::get();
    let all = move |_| desk.show(OverviewQuery { window: Window::default(), ..desk.query.get_untracked() }, false);
    let whose = move |_| {
        desk.show(OverviewQuery { window: desk.query.get_untracked().window, ..OverviewQuery::default() }, false)
    };
    let brushed = move || desk.query.with(|query| query.window != Window::default());
    // The way out is to undo what narrows: the brush, the filters, or either.
    let ways = move || {
        view! {
            {brushed().then(|| view! { <button type="button" class="btn" on:click=all>"Show all of the time"</button> })}
            {desk.filtered().then(|| view! { <button type="button" class="btn" on:click=whose>"Show all agents and environments"</button> })}
        }
    };
    live(move || {
        let (title, why) = if brushed() {
            (
                "Nothing in this window",
                "No record of these filters is between the brush's ends. That nothing is recorded does not mean that nothing happened.",
            )
        } else {
            (
                "Nothing of these filters",
                "No record is of this agent in this environment. That nothing is recorded does not mean that nothing happened.",
            )
        };
        view! { <section class="panel main"><Empty title=title why=why>{ways()}</Empty></section> }
    })
}
