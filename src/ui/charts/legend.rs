//! What a series is filled with, and the key that says so: always in the order of the series, always beside its word.

use leptos::prelude::*;

use crate::ui::erased::view;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fill {
    /// A series of its own, 1 to 8, by the fixed order of categories in `style/tokens.css`.
    Category(u8),
    /// The one series of a chart.
    Ink,
    /// Not recorded, or unknown: dotted, never coloured.
    Dots,
}

impl Fill {
    /// The class that sets `--f`, or the dots.
    pub fn class(self) -> &'static str {
        const CATEGORIES: [&str; 8] = ["f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8"];
        match self {
            Fill::Category(at) => CATEGORIES[usize::from(at.clamp(1, 8)) - 1],
            Fill::Ink => "fi",
            Fill::Dots => "fd",
        }
    }
}

/// A series: its name and its fill.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Series {
    pub name: &'static str,
    pub fill: Fill,
}

impl Series {
    pub const fn new(name: &'static str, fill: Fill) -> Series {
        Series { name, fill }
    }
}

/// The keys of a chart, in the order of its series. The summary of the chart says the same to those who can't see it.
#[component]
pub fn Legend(series: Vec<Series>) -> impl IntoView {
    let keys = series
        .into_iter()
        .map(|Series { name, fill }| {
            view! {
                <span>
                    <i class=format!("key {}", fill.class())></i>
                    {name}
                </span>
            }
        })
        .collect_view();
    view! {
        <p class="series" aria-hidden="true">
            {keys}
        </p>
    }
}
