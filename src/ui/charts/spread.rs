//! How lengths of time are spread: a histogram on a logarithmic axis, with lines where half and nine tenths are done.

use std::sync::Arc;

use leptos::prelude::*;

use super::frame::{ChartFrame, TableData};
use super::outline::{ACROSS, TALL, uneven};
use super::scale::wait_ticks;
use super::scrub::Scrub;
use super::tip::Mark;
use super::waits::Waits;
use crate::ui::erased::{memo, places, view};
use crate::ui::wording::count;

#[component]
pub fn Spread(
    #[prop(into)] name: String,
    /// One sentence for those who can't see it.
    #[prop(into)]
    summary: Signal<String>,
    waits: Signal<Arc<Waits>>,
    /// What is counted: `decisions`.
    counts: &'static str,
) -> impl IntoView {
    let path = memo(move || {
        waits.with(|waits| {
            let top = waits.counts.iter().max().copied().unwrap_or(0) as f64;
            uneven(&waits.parts(), &waits.counts, top)
        })
    });
    let marks = memo(move || {
        waits.with(|waits| {
            let parts = waits.parts();
            let middles = parts.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
            let bins = waits.bins().zip(middles);
            bins.map(|((head, n), at)| Mark { at, head, says: format!("{} {counts}", count(n)) }).collect::<Vec<_>>()
        })
    });
    let markers = memo(move || waits.with(|waits| waits.marked()));
    let ticks = memo(move || {
        let (low, high) = waits.with(|waits| waits.ends());
        wait_ticks(low, high)
    });
    let off_axis = memo(move || waits.with(|waits| waits.off_axis()));
    let table = move |()| {
        let row = |(head, n): (String, u64)| vec![head, count(n)];
        let rows = waits.with(|waits| waits.bins().map(row).collect());
        TableData { heads: vec!["Took".into(), counts.into()], rows }
    };
    let label = name.clone();
    let marks: Signal<Vec<Mark>> = marks.into();
    view! {
        <ChartFrame name table=table class="spread">
            <div class="plot">
                <div class="draw" role="img" aria-label=move || summary.get()>
                    <svg viewBox=format!("0 0 {ACROSS} {TALL}") preserveAspectRatio="none">
                        <path class="fill fi" d=move || path.get() />
                    </svg>
                    {places(markers, marker)}
                </div>
                <Scrub label=label.clone() marks />
            </div>
            <div class="axis" aria-hidden="true">
                {places(ticks, tick)}
            </div>
            <super::columns::Absent words=off_axis />
        </ChartFrame>
    }
}

/// Each a row lower than the one before, so that words never lie on words; from the middle on they stand at the left.
fn marker(row: usize, marker: Memo<Option<(f64, String)>>) -> AnyView {
    let part = memo(move || marker.with(|marker| marker.as_ref().map_or(0.0, |(part, _)| *part)));
    let left = move || format!("{:.2}%", part.get() * 100.0);
    let words = move || marker.with(|marker| marker.as_ref().map(|(_, words)| words.clone()).unwrap_or_default());
    view! {
        <span class="marker" class:leftward=move || { part.get() > 0.55 } style:left=left style:top=format!("{}px", row * 16)>
            <b>{words}</b>
        </span>
    }
}

fn tick(_: usize, tick: Memo<Option<(f64, &'static str)>>) -> AnyView {
    let part = memo(move || tick.with(|tick| tick.as_ref().map_or(0.0, |(part, _)| *part)));
    let side = move || match part.get() {
        part if part < 0.04 => "begin",
        part if part > 0.96 => "end",
        _ => "",
    };
    let word = move || tick.with(|tick| tick.as_ref().map(|(_, word)| *word));
    view! { <span class=side style:left=move || format!("{:.2}%", part.get() * 100.0)>{word}</span> }
}
