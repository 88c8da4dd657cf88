//! Marks of state and risk: glyph and word, never colour alone. Who asserted a value is a chip's matter (`chip`).

use leptos::prelude::*;

use super::erased::view;
use super::icon::{Icon, IconName};
use super::tone::Tone;

/// A state: tone, glyph and word.
#[component]
pub fn Badge(tone: Tone, icon: IconName, #[prop(into)] word: String) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class())>
            <Icon name=icon />
            {word}
        </span>
    }
}

/// A tier as bars and its word: `high risk`.
#[component]
pub fn TierBadge(
    /// 1 to 4 bars.
    level: u8,
    tone: Tone,
    #[prop(into)] word: String,
) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class())>
            <TierBars level tone />
            {word}
        </span>
    }
}

/// One to four rising bars. Give a `label` where no word stands beside them.
#[component]
pub fn TierBars(level: u8, tone: Tone, #[prop(optional, into)] label: Option<String>) -> impl IntoView {
    const BARS: [(&str, &str, &str); 4] =
        [("0.25", "9", "4"), ("3.75", "6", "7"), ("7.25", "3", "10"), ("10.75", "0", "13")];
    let bars = BARS
        .into_iter()
        .zip(1u8..)
        .map(|((x, y, height), at)| {
            view! { <rect x=x y=y width="2.5" height=height rx="0.5" class=if at <= level { "f" } else { "" } /> }
        })
        .collect_view();
    let hidden = label.is_none().then_some("true");
    let role = label.is_some().then_some("img");
    view! {
        <svg class=format!("tier {}", tone.class()) viewBox="0 0 14 14" aria-hidden=hidden role=role aria-label=label>
            {bars}
        </svg>
    }
}

/// One slot of a quorum, as a dot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dot {
    Filled,
    Open,
    /// Open, and the reader could fill it.
    Mine,
}

/// Slots as dots, with their reading: `1 of 2 given, one open to you`.
#[component]
pub fn SlotDots(dots: Vec<Dot>, #[prop(into)] label: String) -> impl IntoView {
    let dots = dots
        .into_iter()
        .map(|dot| {
            let class = match dot {
                Dot::Filled => "f",
                Dot::Open => "",
                Dot::Mine => "me",
            };
            view! { <i class=class></i> }
        })
        .collect_view();
    view! {
        <span class="dots" role="img" aria-label=label>
            {dots}
        </span>
    }
}
