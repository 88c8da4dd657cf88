//! A share over time as a line on an axis of three marks. It breaks where nothing is known; its last value is written
//! at its end.

use std::sync::Arc;

use leptos::prelude::*;

use super::axis::TimeAxis;
use super::civil::{East, TimeWindow};
use super::columns::{Absent, FEW, InsteadOf, marks};
use super::datum::{Datum, absences, rows, whole};
use super::frame::{ChartFrame, TableData};
use super::mask::Mask;
use super::outline::{TALL, line};
use super::scale::share_lines;
use super::scrub::Scrub;
use crate::ui::erased::{live, memo, view};

/// Values are per cent.
#[component]
pub fn ShareLine(
    #[prop(into)] name: String,
    /// One sentence for those who can't see it.
    #[prop(into)]
    summary: Signal<String>,
    data: Signal<Arc<Vec<Datum>>>,
    /// What is chosen; none is everything.
    window: Signal<Option<TimeWindow>>,
    east: Signal<East>,
) -> impl IntoView {
    let values = memo(move || data.with(|data| data.iter().map(|datum| datum.value.number()).collect::<Vec<_>>()));
    let lines = memo(move || values.with(|values| share_lines(values.iter().flatten().copied())));
    let drawn = memo(move || {
        let [low, _, high] = lines.get();
        values.with(|values| line(values, low, high))
    });
    let whole = memo(move || data.with(|data| whole(data)));
    let missing = memo(move || data.with(|data| absences(data)));
    let shape = memo(move || format!("0 0 {} {TALL}", values.with(|values| values.len().max(1))));
    // The newest value that there is, as a point.
    let last = memo(move || {
        let [low, _, high] = lines.get();
        values.with(|values| {
            let (at, value) = values.iter().enumerate().rev().find_map(|(at, value)| Some((at, (*value)?)))?;
            let across = (at as f64 + 0.5) / values.len() as f64;
            Some((across * 100.0, (value - low) / (high - low) * 100.0))
        })
    });
    let table = move |()| TableData {
        heads: vec!["When".into(), "Share".into()],
        rows: data.with(|data| rows(data, east.get())),
    };
    let label = name.clone();
    let whole: Signal<TimeWindow> = whole.into();
    let marks = marks(data, east);
    let up = move |at: usize| {
        let lines = lines.get();
        format!("{:.2}%", (lines[at] - lines[0]) / (lines[2] - lines[0]) * 100.0)
    };
    let grid_line = move |at: usize| {
        view! {
            <i class="line" style:bottom=move || up(at)></i>
            <span class="mark" style:bottom=move || up(at)>{move || format!("{}%", lines.get()[at])}</span>
        }
    };
    let has_last = memo(move || last.get().is_some());
    let across = move || last.get().map(|(across, _)| format!("{across:.2}%"));
    let height = move || last.get().map(|(_, up)| format!("{up:.2}%"));
    let point = move || has_last.get().then(|| view! { <i class="point" style:left=across style:bottom=height></i> });
    view! {
        <ChartFrame name table=table class="share-line">
            <div class="plot">
                <div class="draw" role="img" aria-label=move || summary.get()>
                    <svg viewBox=move || shape.get() preserveAspectRatio="none">
                        <path class="ln" d=move || drawn.with(|line| line.path.clone()) />
                        <path class="lone" d=move || drawn.with(|line| line.lone.clone()) />
                    </svg>
                    {live(point)}
                    <InsteadOf data zeros=false />
                    <Mask whole window />
                    {[0, 1, 2].map(grid_line).into_iter().collect_view()}
                </div>
                <Scrub label=label.clone() marks />
            </div>
            <TimeAxis whole east most=FEW />
            <Absent words=missing />
        </ChartFrame>
    }
}
