//! The head of the open change: number, version, state, times, title, and the chips with who asserted them.

use super::desk::Desk;
use super::focus::focus_id;
use super::listing::{Seat, seats, seats_words};
use super::opened::{Opened, PANEL, TITLE};
use super::row::dot;
use super::wording::standing;
use crate::state::Glance;
use crate::ui::{Assertion, Button, ButtonLook, Chip, Icon, IconName, Segment, Show, SlotDots, memo, view};
use crate::views::parts::{AtNear, Said, StateBadge, TierWord, ui_segments};
use crate::words::{date_time_zoned, span};
use leptos::prelude::*;
use oversight::change::Version;
use oversight::missing::Field;
use oversight::state::State;
use oversight::vocabulary::{AccessLevel, Environment, Reversibility};

#[component]
pub fn Head(opened: Opened) -> impl IntoView {
    let desk = Desk::get();
    let view = opened.view();
    let (id, version) = (view.id, view.reviewed.clone());
    let state = memo(move || opened.state());
    let newest = move || opened.newer.get().unwrap_or(version.version);
    let picked = Signal::derive(move || desk.picked.with(|picked| picked.contains(&id)));
    let until = version.expires_at;
    let left = memo(move || match until.seconds_since(desk.app.now()) {
        ..=0 => "now".to_owned(),
        // Whole minutes until the last one, so that the line does not flicker.
        seconds if seconds < 60 => format!("in {}", span(seconds)),
        seconds => format!("in {}", span(seconds - seconds % 60)),
    });
    let exact = move || date_time_zoned(until, desk.app.zone());
    let (proposed, title) = (version.proposed_at, version.headline());
    view! {
        <div class="meta">
            <span>{id.to_string()}</span>
            <span class="t3">{move || format!("version {} of {}", version.version, newest())}</span>
            {move || view! { <StateBadge state=state.get() /> }}
            <Button
                look=ButtonLook::Link
                pressed=picked
                label=format!("Select {id} for a decision on several")
                shortcut="x"
                on_press=move |()| desk.pick(id)
            >
                "Select"
            </Button>
            <span class="push row">
                <span class="t3">"proposed " <AtNear at=proposed zoned=true /></span>
                {move || {
                    state
                        .get()
                        .is_open()
                        .then(|| {
                            let word = if state.get() == State::Pending { "expires" } else { "lapses" };
                            view! {
                                <span class="row med">
                                    <Icon name=IconName::Clock small=true />
                                    <span title=exact>{move || format!("{word} {}", left.get())}</span>
                                </span>
                            }
                        })
                }}
            </span>
        </div>
        <h1 class="title" id=TITLE tabindex="-1">
            <Said text=title />
        </h1>
        <Chips version=opened.view().reviewed.clone() />
        <Standing opened />
    }
}

/// Where the rail is not beside the change: who reviews, in one line, and the way to the decision.
#[component]
fn Standing(opened: Opened) -> impl IntoView {
    let line = memo(move || {
        let me = opened.me();
        opened.standing.with(|view| {
            let seats = seats(&Glance::of(view), &me);
            let filled = seats.iter().filter(|seat| **seat == Seat::Filled).count();
            (format!("{filled} of {}.", seats.len()), standing(view, &me), seats)
        })
    });
    let asked = memo(move || line.with(|(_, _, seats)| !seats.is_empty()));
    let deciding = memo(move || opened.deciding());
    view! {
        <Show when=move || asked.get()>
            <p class="nslots only-mid">
                {move || {
                    let (count, text, seats) = line.get();
                    let label = seats_words(&seats);
                    view! {
                        <SlotDots dots=seats.into_iter().map(dot).collect() label />
                        <span>
                            <b>{count}</b>
                            " "
                            {text}
                        </span>
                    }
                }} <Show when=move || deciding.get()>
                    <Button
                        look=ButtonLook::Link
                        class="wide push"
                        on_press=move |()| {
                            focus_id(PANEL, true);
                        }
                    >
                        "Decide"
                    </Button>
                </Show>
            </p>
        </Show>
    }
}

/// What the endpoint classified, what nobody knows, and what the agent claims.
#[component]
fn Chips(version: Version) -> impl IntoView {
    let class = version.classification;
    let by = |unknown: bool| if unknown { Assertion::Unknown } else { Assertion::Endpoint };
    let chip = |label: &'static str, value: String, assertion: Assertion| {
        view! { <Chip label value=Segment::plain(value) assertion /> }
    };
    let words = |text: String| text.replace('_', " ");
    let mut chips = vec![
        chip("access", words(class.access_level.to_string()), by(class.access_level == AccessLevel::Unknown)),
        chip("environment", class.environment.to_string(), by(class.environment == Environment::Unknown)),
    ];
    chips.extend(class.critical_paths.iter().map(|path| chip("critical path", path.to_string(), Assertion::Endpoint)));
    chips.push(chip(
        "reversibility",
        class.reversibility.to_string(),
        by(class.reversibility == Reversibility::Unknown),
    ));
    for (holds, label, value) in [
        (class.returns_credentials, "returns", "credentials"),
        (class.audit_or_guardrail, "stops or deletes", "audit or guardrail"),
        (class.widens_own_permissions, "widens", "its own permissions"),
    ] {
        chips.extend(holds.then(|| chip(label, value.to_owned(), Assertion::Endpoint)));
    }
    if let Field::Missing(missing) = version.blast_radius.customers {
        chips.push(chip("customers", missing.words().to_owned(), Assertion::Unknown));
    }
    let claims: Vec<_> = version
        .claims
        .iter()
        .map(|claim| {
            let value = ui_segments(&format!("{} {}", claim.label, claim.value));
            view! { <Chip label="says it" value assertion=Assertion::Agent /> }
        })
        .collect();
    view! {
        <div class="chips">
            <TierWord tier=class.tier />
            {chips}
            {claims}
        </div>
        <p class="legend">
            <span>
                <Icon name=IconName::Shield small=true />
                "classified by the endpoint"
            </span>
            <span>
                <Icon name=IconName::Question small=true />
                "unknown, counts as the dangerous case"
            </span>
            <span>
                <Icon name=IconName::Bot small=true />
                "the agent’s own claim, counts for nothing"
            </span>
        </p>
    }
}
