//! The axis of time under a chart: its baseline and at most eight labels, of which every second gives way where the
//! chart is narrow. Where marks stand is `ticks`.

use leptos::prelude::*;

use super::civil::{East, TimeWindow};
use super::ticks::{MOST, ticks};
use crate::ui::erased::{live, memo, view};

/// Nearer than this to an end, a label begins or ends at its mark instead of standing in its middle.
const EDGE: f64 = 0.04;

#[component]
pub fn TimeAxis(whole: Signal<TimeWindow>, east: Signal<East>, #[prop(default = MOST)] most: usize) -> impl IntoView {
    let marks = memo(move || {
        let (whole, east) = (whole.get(), east.get());
        let place = move |at: i64| whole.part(at);
        ticks(whole, most, east).into_iter().map(|tick| (place(tick.at), tick.label)).collect::<Vec<_>>()
    });
    let labels = live(move || {
        let marks = marks.get().into_iter().enumerate();
        let labels = marks.map(|(at, (part, label))| {
            let side = match part {
                _ if part < EDGE => "begin",
                _ if part > 1.0 - EDGE => "end",
                _ => "",
            };
            let every = if at % 2 == 1 { "second" } else { "" };
            view! { <span class=format!("{side} {every}") style:left=format!("{:.2}%", part * 100.0)>{label}</span> }
        });
        labels.collect_view()
    });
    view! {
        <div class="axis" aria-hidden="true">
            {labels}
        </div>
    }
}
