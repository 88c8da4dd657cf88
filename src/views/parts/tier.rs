//! A risk tier as bars and word; unknown counts as high and says so.

use crate::ui::{TierBadge, TierBars, Tone, view};
use leptos::prelude::*;
use oversight::vocabulary::Tier;

/// How many bars and which tone.
pub fn tier_mark(tier: Tier) -> (u8, Tone) {
    match tier {
        Tier::Low => (1, Tone::Low),
        Tier::Moderate => (2, Tone::Moderate),
        Tier::High => (3, Tone::High),
        Tier::Critical => (4, Tone::Critical),
        Tier::Unknown => (3, Tone::Unknown),
    }
}

fn words(tier: Tier) -> String {
    match tier {
        Tier::Unknown => "risk unknown, counts as high".to_owned(),
        known => format!("{known} risk"),
    }
}

/// The bars alone, named for those who can't see them.
#[component]
pub fn TierMark(tier: Tier) -> impl IntoView {
    let (level, tone) = tier_mark(tier);
    view! { <TierBars level tone label=words(tier) /> }
}

/// Bars and word.
#[component]
pub fn TierWord(tier: Tier) -> impl IntoView {
    let (level, tone) = tier_mark(tier);
    view! { <TierBadge level tone word=words(tier) /> }
}
