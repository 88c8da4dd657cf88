//! Small upright bars over time, the part outside of the chosen window paler. Zero is written as 0, what is withheld
//! is a dash, where there was no case is a dot: none of them is drawn as another.

use std::sync::Arc;

use leptos::prelude::*;

use super::axis::TimeAxis;
use super::civil::{East, TimeWindow, window_words};
use super::datum::{Datum, absences, instead, rows, whole};
use super::frame::{ChartFrame, TableData};
use super::mask::Mask;
use super::outline::bars;
use super::scale::nice_top;
use super::scrub::Scrub;
use super::tip::Mark;
use crate::ui::erased::{live, memo, places, view};

/// Labels under a small chart.
pub(super) const FEW: usize = 4;

#[component]
pub fn Columns(
    #[prop(into)] name: String,
    /// One sentence for those who can't see it.
    #[prop(into)]
    summary: Signal<String>,
    data: Signal<Arc<Vec<Datum>>>,
    /// What is chosen; none is everything.
    window: Signal<Option<TimeWindow>>,
    east: Signal<East>,
    /// After the number at the top of the axis: `%`.
    #[prop(optional)]
    unit: &'static str,
) -> impl IntoView {
    let whole = memo(move || data.with(|data| whole(data)));
    let top = memo(move || {
        data.with(|data| nice_top(data.iter().filter_map(|datum| datum.value.number()).fold(0.0, f64::max)))
    });
    let path = memo(move || data.with(|data| bars(data.iter().map(|datum| datum.value.number()), top.get())));
    let shape = memo(move || format!("0 0 {} 100", data.with(|data| data.len().max(1))));
    let missing = memo(move || data.with(|data| absences(data)));
    let marks = marks(data, east);
    let table = move |()| TableData {
        heads: vec!["When".into(), "Value".into()],
        rows: data.with(|data| rows(data, east.get())),
    };
    let label = name.clone();
    let whole: Signal<TimeWindow> = whole.into();
    // Where all is zero there is nothing for an axis to measure.
    let top_words = move || {
        let measured = data.with(|data| data.iter().any(|datum| datum.value.number().is_some_and(|value| value > 0.0)));
        measured.then(|| format!("{}{unit}", top.get()))
    };
    view! {
        <ChartFrame name table=table class="cols-over">
            <div class="plot">
                <div class="draw" role="img" aria-label=move || summary.get()>
                    <svg viewBox=move || shape.get() preserveAspectRatio="none">
                        <path class="fill fi" d=move || path.get() />
                    </svg>
                    <InsteadOf data zeros=true />
                    <Mask whole window />
                    <i class="line top"></i>
                    <span class="topmark">{top_words}</span>
                </div>
                <Scrub label=label.clone() marks />
            </div>
            <TimeAxis whole east most=FEW />
            <Absent words=missing />
        </ChartFrame>
    }
}

/// What the line under a chart says of what is not drawn as a value.
#[component]
pub(super) fn Absent(words: Memo<String>) -> impl IntoView {
    let any = memo(move || words.with(|words| !words.is_empty()));
    live(move || any.get().then(|| view! { <p class="lacks xs t3">{move || words.get()}</p> }))
}

/// In the places of what has no value.
#[component]
pub(super) fn InsteadOf(data: Signal<Arc<Vec<Datum>>>, zeros: bool) -> impl IntoView {
    let marks = memo(move || data.with(|data| instead(data, zeros)));
    places(marks, |_, mark| {
        let left = move || mark.with(|mark| mark.as_ref().map(|mark| format!("{:.2}%", mark.at * 100.0)));
        let glyph = move || mark.with(|mark| mark.as_ref().map(|mark| mark.glyph));
        view! { <span class="instead" style:left=left>{glyph}</span> }
    })
}

/// What the pointer and the keys read, bin by bin.
pub(super) fn marks(data: Signal<Arc<Vec<Datum>>>, east: Signal<East>) -> Signal<Vec<Mark>> {
    let marks = memo(move || {
        let east = east.get();
        data.with(|data| {
            let count = data.len().max(1) as f64;
            let mark = |(at, datum): (usize, &Datum)| Mark {
                at: (at as f64 + 0.5) / count,
                head: window_words(datum.window, east),
                says: datum.says.clone(),
            };
            data.iter().enumerate().map(mark).collect()
        })
    });
    marks.into()
}
