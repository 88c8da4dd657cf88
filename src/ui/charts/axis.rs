//! The axis of time under a chart: its baseline and at most eight labels, of which every second gives way where the
//! chart is narrow. Where marks stand is `ticks`.

use leptos::prelude::*;

use super::civil::{East, TimeWindow};
use super::ticks::{MOST, ticks};
use crate::ui::erased::{memo, places, view};

/// Nearer than this to an end, a label begins or ends at its mark instead of standing in its middle.
const EDGE: f64 = 0.04;

#[component]
pub fn TimeAxis(whole: Signal<TimeWindow>, east: Signal<East>, #[prop(default = MOST)] most: usize) -> impl IntoView {
    let marks = memo(move || {
        let (whole, east) = (whole.get(), east.get());
        let place = move |at: i64| whole.part(at);
        ticks(whole, most, east).into_iter().map(|tick| (place(tick.at), tick.label)).collect::<Vec<_>>()
    });
    let labels = places(marks, |at, mark| {
        let part = memo(move || mark.with(|mark| mark.as_ref().map_or(0.0, |(part, _)| *part)));
        let every = if at % 2 == 1 { "second" } else { "" };
        let class = move || match part.get() {
            part if part < EDGE => format!("begin {every}"),
            part if part > 1.0 - EDGE => format!("end {every}"),
            _ => every.to_owned(),
        };
        let label = move || mark.with(|mark| mark.as_ref().map(|(_, label)| label.clone()).unwrap_or_default());
        view! { <span class=class style:left=move || format!("{:.2}%", part.get() * 100.0)>{label}</span> }
    });
    view! {
        <div class="axis" aria-hidden="true">
            {labels}
        </div>
    }
}
