//! What floats over a chart and says a value, its n and what is unknown of it. Never the only place where that stands:
//! the table has it too.

use leptos::prelude::*;

use crate::ui::erased::view;

/// A place of a chart and what is said of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    /// Across, as a part of the chart.
    pub at: f64,
    /// What it is: `2 Nov to 8 Nov 2026`.
    pub head: String,
    /// `5.9%, 21 of 357 approvals, 3 unknown`.
    pub says: String,
}

impl Mark {
    pub fn words(&self) -> String {
        format!("{}: {}", self.head, self.says)
    }
}

/// Over its place, and within the chart at both ends: it is moved left by as large a part of itself.
#[component]
pub(super) fn Tip(mark: Mark) -> impl IntoView {
    let part = format!("{:.2}%", mark.at.clamp(0.0, 1.0) * 100.0);
    view! {
        <div class="tip" aria-hidden="true" style:left=part.clone() style:transform=format!("translateX(-{part})")>
            <b>{mark.head}</b>
            <span>{mark.says}</span>
        </div>
    }
}
