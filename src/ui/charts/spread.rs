//! How lengths of time are spread: a histogram on a logarithmic axis, with lines where half and nine tenths are done.

use std::sync::Arc;

use leptos::prelude::*;

use super::frame::{ChartFrame, TableData};
use super::outline::{ACROSS, TALL, uneven};
use super::scale::wait_ticks;
use super::scrub::Scrub;
use super::tip::Mark;
use super::waits::Waits;
use crate::ui::erased::{live, memo, view};
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
                    {live(move || markers.get().into_iter().enumerate().map(marker).collect_view())}
                </div>
                <Scrub label=label.clone() marks />
            </div>
            <div class="axis" aria-hidden="true">
                {live(move || {
                    let ticks = ticks.get().into_iter().map(|(part, word)| {
                        let side = if part < 0.04 { "begin" } else if part > 0.96 { "end" } else { "" };
                        view! { <span class=side style:left=format!("{:.2}%", part * 100.0)>{word}</span> }
                    });
                    ticks.collect_view()
                })}
            </div>
            <super::columns::Absent words=off_axis />
        </ChartFrame>
    }
}

/// Each a row lower than the one before, so that words never lie on words; from the middle on they stand at the left.
fn marker((row, (part, words)): (usize, (f64, String))) -> AnyView {
    let side = if part > 0.55 { "marker leftward" } else { "marker" };
    view! {
        <span class=side style:left=format!("{:.2}%", part * 100.0) style:top=format!("{}px", row * 16)>
            <b>{words}</b>
        </span>
    }
}
