//! A change's state as glyph, word and tone.

use crate::ui::{Badge, IconName, Tone, view};
use leptos::prelude::*;
use oversight::state::State;

/// Tone and glyph of a state; its word is `State::words`.
pub fn state_mark(state: State) -> (Tone, IconName) {
    match state {
        State::Pending => (Tone::Pending, IconName::Pending),
        State::Approved => (Tone::Approved, IconName::Ok),
        State::Rejected => (Tone::Rejected, IconName::X),
        State::Expired | State::Lapsed => (Tone::Expired, IconName::Clock),
        State::Superseded => (Tone::Superseded, IconName::Superseded),
        State::Cancelled => (Tone::Expired, IconName::X),
        State::DeniedByPolicy => (Tone::Denied, IconName::Denied),
        State::Redeemed => (Tone::Redeemed, IconName::Redeemed),
        State::Revoked => (Tone::Rejected, IconName::Revoked),
        State::Verified => (Tone::Redeemed, IconName::Verified),
        State::RolledBack => (Tone::RolledBack, IconName::RolledBack),
        State::Failed => (Tone::Failed, IconName::Failed),
    }
}

#[component]
pub fn StateBadge(state: State) -> impl IntoView {
    let (tone, icon) = state_mark(state);
    view! { <Badge tone icon word=state.words() /> }
}
