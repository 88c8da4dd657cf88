//! The brush over everything: its timeline is all that ran of the filters, whatever the window; moving it asks at once, and settles in
//! the address.

use super::desk::Desk;
use super::series;
use crate::state::Source;
use crate::ui::charts::civil::TimeWindow;
use crate::ui::charts::presets::{Brushed as Chosen, PresetEnd};
use crate::ui::charts::timeline::Timeline;
use crate::ui::charts::{Fill, Series, TimeBrush};
use crate::ui::{memo, view};
use engine::query::Span;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Brushed() -> impl IntoView {
    let desk = Desk::get();
    let filtered = memo(move || desk.filtered());
    let timeline = memo(move || {
        desk.backdrop.with(|backdrop| {
            Arc::new(Timeline {
                from: backdrop.bins.from,
                to: backdrop.bins.to,
                bins: series::timeline(&backdrop.ran, &backdrop.records),
                filtered: filtered.get(),
            })
        })
    });
    let window = memo(move || match desk.span() {
        Span { from: None, to: None } => None,
        Span { from, to } => {
            let whole = timeline.with(|timeline| timeline.whole());
            Some(TimeWindow::new(from.unwrap_or(whole.from), to.unwrap_or(whole.to)))
        }
    });
    let end = memo(move || {
        if desk.app.source.with(Source::is_endpoint) {
            PresetEnd::Now(desk.minute())
        } else {
            PresetEnd::LastRecord(timeline.with(|timeline| timeline.to))
        }
    });
    let brush = move |chosen: Chosen| {
        let span = chosen.window.map_or(Span::ALL, |window| Span::of(window.from, window.to));
        desk.brush(span, !chosen.settled);
    };
    view! {
        <TimeBrush
            timeline=timeline.into()
            window=window.into()
            end=end.into()
            east=desk.east()
            series=[Series::new("approved by people", Fill::Category(1)), Series::new("autonomous", Fill::Category(2))]
            on_brush=brush
        />
    }
}
