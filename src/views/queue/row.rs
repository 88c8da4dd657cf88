//! One change in the list. Each part of it is a value of its own, so that a change of one leaves the others,
//! and every other row, untouched. All words of the agent's are escaped.

use super::desk::Desk;
use super::focus::row_id;
use super::listing::{Seat, open_groups, seats, seats_words};
use crate::state::glance::Grave;
use crate::state::{Glance, Known};
use crate::ui::{Dot, Icon, IconName, SlotDots, memo, view};
use crate::views::parts::{AtNear, Said, TierMark, state_mark};
use crate::words;
use leptos::prelude::*;
use oversight::id::ChangeId;
use oversight::state::State;
use oversight::time::Instant;
use oversight::vocabulary::{Severity, Tier};
use std::sync::Arc;

/// Below how many seconds the time left is drawn bold.
const SOON: i64 = 600;

#[component]
pub fn Row(
    id: ChangeId,
    /// Drawn as something that is over: its state and when.
    settled: bool,
) -> impl IntoView {
    let desk = Desk::get();
    let row = desk.app.changes.get(id)?;
    let open = memo(move || desk.open.get() == Some(id));
    let picked = memo(move || desk.picked.with(|picked| picked.contains(&id)));
    let part = PartOf(row);
    let title = part.of(|view| view.title.clone());
    let tier = part.of(|view| view.tier);
    let until = part.of(|view| view.expires_at);
    let ended = part.of(|view| view.settled_at);
    Some(view! {
        <li>
            <a
                class="it"
                class:on=move || open.get()
                class:dim=settled
                class:picked=move || picked.get()
                id=row_id(id)
                href=move || desk.href(Some(id))
                aria-current=move || open.get().then_some("true")
                on:focus=move |_| desk.at.set(Some(id))
            >
                {move || mark(picked.get(), tier.get())}
                <span class="t">{move || view! { <Said text=title.get() /> }}</span>
                {if settled {
                    view! { <span class="left">{move || ended.get().map(|at| view! { <AtNear at /> })}</span> }.into_any()
                } else {
                    view! { <TimeLeft until /> }.into_any()
                }}
                <Meta part settled />
            </a>
        </li>
    })
}

/// A row's signal, from which single values are drawn.
#[derive(Clone)]
struct PartOf(ArcRwSignal<Arc<Known>>);

impl PartOf {
    fn of<T: PartialEq + Send + Sync + 'static>(
        &self,
        value: impl Fn(&Glance) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        let row = self.0.clone();
        memo(move || row.with(|change| value(&change.glance)))
    }
}

fn mark(picked: bool, tier: Tier) -> AnyView {
    if picked {
        view! {
            <svg class="i pick" viewBox="0 0 16 16" role="img" aria-label="selected">
                <path d="M3 8.5 6.5 12 13 4.5" />
            </svg>
        }
        .into_any()
    } else {
        view! { <TierMark tier /> }.into_any()
    }
}

/// Only the text changes as time passes.
#[component]
fn TimeLeft(until: Memo<Instant>) -> impl IntoView {
    let app = Desk::get().app;
    let text = memo(move || words::left(until.get().seconds_since(app.now())));
    let soon = memo(move || until.get().seconds_since(app.now()) < SOON);
    view! {
        <span class="left" class:soon=move || soon.get()>
            {move || text.get()}
        </span>
    }
}

#[component]
fn Meta(part: PartOf, settled: bool) -> impl IntoView {
    let app = Desk::get().app;
    let me = move || app.me().map(|me| me.uid).unwrap_or_default();
    let agent = part.of(|view| view.agent.clone());
    let state = part.of(|view| view.state);
    // Where it lands, while it is mine to decide; whom it waits for otherwise.
    let place = part.of(|view| if view.mine { view.environment.to_string() } else { open_groups(view).join(", ") });
    let grave = part.of(|view| view.grave);
    let seats = part.of(move |view| seats(view, &me()));
    let with_state = move || settled || state.get() != State::Pending;
    view! {
        <span class="m">
            {move || {
                with_state()
                    .then(|| {
                        let (tone, icon) = state_mark(state.get());
                        view! {
                            <span class=format!("row ink {}", tone.class())>
                                <Icon name=icon />
                                {state.get().words()}
                            </span>
                        }
                    })
            }}
            <span>
                {move || with_state().then_some("· ")}
                {move || view! { <Said text=agent.get() /> }}
                {move || {
                    let place = place.get();
                    (!settled && !with_state() && !place.is_empty()).then(|| view! { " · " <Said text=place /> })
                }}
            </span>
            <span class="push row">
                {move || finding_glyph(grave.get())}
                {move || {
                    let seats = seats.get();
                    (!settled && !seats.is_empty())
                        .then(|| {
                            let label = seats_words(&seats);
                            let dots = seats
                                .into_iter()
                                .map(dot)
                                .collect();
                            view! { <SlotDots dots label /> }
                        })
                }}
            </span>
        </span>
    }
}

/// A seat as its dot.
pub fn dot(seat: Seat) -> Dot {
    match seat {
        Seat::Filled => Dot::Filled,
        Seat::Open => Dot::Open,
        Seat::Mine => Dot::Mine,
    }
}

/// The worst of the findings, and how many there are.
fn finding_glyph(grave: Grave) -> Option<AnyView> {
    let class = match grave.worst? {
        Severity::High => "ink tone-critical",
        Severity::Medium => "ink tone-high",
        Severity::Low | Severity::Info => "ink tone-moderate",
    };
    let name = if grave.hidden { IconName::EyeOff } else { IconName::Warn };
    let what = if grave.hidden { "hidden or misleading characters, " } else { "" };
    let label = format!("{what}{} {}", grave.n, if grave.n == 1 { "finding" } else { "findings" });
    Some(view! { <Icon name class label /> }.into_any())
}
