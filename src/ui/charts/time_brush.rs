//! The time brush whole: which window is chosen, in words; the timeline it is chosen on; presets back from the end, and
//! a calendar for exact ends. It tells windows in microseconds, while a drag goes on as well; who keeps the window and
//! puts it in the address is the view's matter.

use std::sync::Arc;

use leptos::prelude::*;

use super::brush_calendar::Calendar;
use super::brush_plot::BrushPlot;
use super::civil::{East, TimeWindow, instant_words, window_words, zone_name};
use super::legend::{Fill, Series};
use super::presets::{Brushed, Preset, PresetEnd};
use super::timeline::Timeline;
use crate::ui::button::{Button, ButtonLook};
use crate::ui::erased::{live, memo, view};
use crate::ui::wording::span;

#[component]
pub fn TimeBrush(
    timeline: Signal<Arc<Timeline>>,
    /// What is chosen; none is everything.
    window: Signal<Option<TimeWindow>>,
    /// Where presets end.
    end: Signal<PresetEnd>,
    east: Signal<East>,
    /// The lower one first.
    series: [Series; 2],
    #[prop(into)] on_brush: Callback<Brushed>,
) -> impl IntoView {
    let chosen = memo(move || {
        let whole = timeline.with(|timeline| timeline.whole());
        (window.get().unwrap_or(whole), whole)
    });
    let words = move || match chosen.get() {
        (window, _) if window.width() == 0 => "Nothing recorded".to_owned(),
        (window, _) => window_words(window, east.get()),
    };
    let width = move || {
        let (window, _) = chosen.get();
        (window.width() > 0).then(|| format!("{}, {}", span(window.seconds()), zone_name(window.to, east.get())))
    };
    // What of the window is not on the timeline, if anything.
    let beyond = live(move || {
        let (window, whole) = chosen.get();
        let east = east.get();
        let said = match () {
            _ if window.width() == 0 => return None,
            _ if window.from >= whole.to || window.to <= whole.from => "outside of what is recorded".to_owned(),
            _ if window.from < whole.from => format!("recorded from {} on", instant_words(whole.from, east)),
            _ => return None,
        };
        Some(view! { <span>{said}</span> })
    });
    let gap = memo(move || timeline.with(|timeline| timeline.unrecorded()));
    let key = |fill: Fill, name: String| view! { <span><i class=format!("key {}", fill.class())></i>{name}</span> };
    let keys = series.map(|Series { name, fill }| key(fill, name.to_owned())).collect_view();
    view! {
        <section class="panel brush" aria-label="Window of time">
            <div class="said">
                <p>
                    <b>{words}</b>
                    <span>{width}</span>
                </p>
                <p class="series">{keys} {move || gap.get().map(|gap| key(Fill::Dots, gap))}</p>
                {beyond}
            </div>
            <BrushPlot timeline window east series on_brush />
            <div class="presets">
                <div class="lengths" role="group" aria-label="Windows by length">
                    {Preset::ALL.map(|preset| view! { <PresetButton preset window end on_brush /> }).collect_view()}
                </div>
                <div class="exact">
                    <span class="xs t3">{move || format!("to {}", end.get().word())}</span>
                    <Calendar chosen=Signal::derive(move || chosen.get().0) east on_brush />
                </div>
            </div>
        </section>
    }
}

#[component]
fn PresetButton(
    preset: Preset,
    window: Signal<Option<TimeWindow>>,
    end: Signal<PresetEnd>,
    on_brush: Callback<Brushed>,
) -> impl IntoView {
    let is = memo(move || Preset::of(window.get(), end.get().at()) == Some(preset));
    let press = move |()| {
        let window = preset.window(end.get_untracked().at());
        on_brush.run(Brushed { window, preset: Some(preset), settled: true });
    };
    let pressed = Signal::derive(move || is.get());
    view! {
        <Button look=ButtonLook::Small pressed on_press=press>
            {preset.word()}
        </Button>
    }
}
