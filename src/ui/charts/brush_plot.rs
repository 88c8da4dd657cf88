//! The drawn part of the time brush: the bars, what is outside of the window paler, and over them the frame with its
//! two handles. Listens to the pointer and the keys; what they make of the window is `brushing`.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::axis::TimeAxis;
use super::brushing::{Drag, Grip, Stage};
use super::civil::{East, TimeWindow, instant_words, window_words, zone_name};
use super::legend::Series;
use super::mask::Mask;
use super::outline::stack;
use super::presets::Brushed;
use super::timeline::Timeline;
use super::tip::{Mark, Tip};
use crate::ui::erased::{live, memo, view};
use crate::ui::wording::span;

/// A pointer that moves less is a click, in pixels.
const CLICK: f64 = 3.0;

/// A drag that goes on.
#[derive(Clone, Copy)]
struct Held {
    drag: Drag,
    /// What was chosen before it, to go back to.
    before: Option<TimeWindow>,
    /// Where the pointer is, in pixels of the page, and where it went down.
    at: f64,
    down: f64,
    /// What was last told.
    told: Option<TimeWindow>,
    /// Something is to be told with the next frame.
    due: bool,
}

/// What the parts of the plot share.
#[derive(Clone, Copy)]
struct Plot {
    node: NodeRef<html::Div>,
    timeline: Signal<Arc<Timeline>>,
    window: Signal<Option<TimeWindow>>,
    east: Signal<East>,
    on_brush: Callback<Brushed>,
    held: StoredValue<Option<Held>>,
    /// Keys have moved the window, and are still down.
    keyed: StoredValue<bool>,
}

impl Plot {
    /// Left edge and width, in pixels of the page.
    fn measure(self) -> (f64, f64) {
        self.node.try_get_untracked().flatten().map_or((0.0, 1.0), |node| {
            let rect = node.get_bounding_client_rect();
            (rect.left(), rect.width().max(1.0))
        })
    }

    fn stage(self) -> Stage {
        let whole = self.timeline.with_untracked(|timeline| timeline.whole());
        Stage::new(whole, self.measure().1, self.east.get_untracked())
    }

    fn part(self, x: f64) -> f64 {
        let (left, width) = self.measure();
        (x - left) / width
    }

    fn tell(self, window: Option<TimeWindow>, settled: bool) {
        self.on_brush.run(Brushed { window, preset: None, settled });
    }

    /// The pointer went down on one of the grips, or beside them all.
    fn take(self, event: &PointerEvent) {
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        let Some(node) = self.node.get_untracked() else { return };
        let whole = self.timeline.with_untracked(|timeline| timeline.whole());
        let window = self.window.get_untracked();
        let fills = window.is_none_or(|window| window.from <= whole.from && window.to >= whole.to);
        let grip = match grip_of(event).as_deref() {
            Some("from") => Some(Grip::From),
            Some("to") => Some(Grip::To),
            // A frame round everything can't be moved, so there a new one is drawn.
            Some("frame") if !fills => Some(Grip::Frame),
            _ => None,
        };
        // The pointer may have gone already.
        let _ = node.set_pointer_capture(event.pointer_id());
        let at = f64::from(event.client_x());
        let drag = Drag { grip, start: self.part(at), before: window.unwrap_or(whole) };
        self.held.set_value(Some(Held { drag, before: window, at, down: at, told: None, due: false }));
    }

    /// The pointer moved: what that makes of the window is told with the next frame, once.
    fn follow(self, event: &PointerEvent) {
        let at = f64::from(event.client_x());
        let asked = self.held.try_update_value(|held| {
            let held = held.as_mut()?;
            held.at = at;
            if held.told.is_none() && (held.at - held.down).abs() < CLICK {
                return None;
            }
            (!std::mem::replace(&mut held.due, true)).then_some(())
        });
        if asked.flatten().is_some() {
            request_animation_frame(move || self.catch_up());
        }
    }

    fn catch_up(self) {
        let Some(Some(held)) = self.held.try_get_value() else { return };
        let window = self.stage().dragged(held.drag, self.part(held.at));
        self.held.set_value(Some(Held { told: Some(window), due: false, ..held }));
        if held.told != Some(window) {
            self.tell(Some(window), false);
        }
    }

    /// The pointer went up: the window stays as it is.
    fn settle(self) {
        let Some(held) = self.held.get_value() else { return };
        if held.due {
            self.catch_up();
        }
        let told = self.held.get_value().and_then(|held| held.told);
        self.held.set_value(None);
        if told.is_some() {
            self.tell(told, true);
        }
    }

    /// The drag is called off: the window is what it was.
    fn give_up(self) -> bool {
        let Some(held) = self.held.get_value() else { return false };
        self.held.set_value(None);
        if held.told.is_some() {
            self.tell(held.before, true);
        }
        true
    }

    fn key(self, grip: Grip, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let whole = self.timeline.with_untracked(|timeline| timeline.whole());
        let window = self.window.get_untracked().unwrap_or(whole);
        if let Some(window) = self.stage().keyed(grip, &event.key(), event.shift_key(), window) {
            event.prevent_default();
            self.keyed.set_value(true);
            self.tell(Some(window), false);
        }
    }

    /// The keys are up, or the focus went elsewhere.
    fn keys_up(self) {
        if self.keyed.get_value() {
            self.keyed.set_value(false);
            self.tell(self.window.get_untracked(), true);
        }
    }
}

/// Which grip an event began on.
fn grip_of(event: &PointerEvent) -> Option<String> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target.closest("[data-grip]").ok()??.get_attribute("data-grip")
}

#[component]
pub(super) fn BrushPlot(
    timeline: Signal<Arc<Timeline>>,
    window: Signal<Option<TimeWindow>>,
    east: Signal<East>,
    series: [Series; 2],
    on_brush: Callback<Brushed>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let plot =
        Plot { node, timeline, window, east, on_brush, held: StoredValue::new(None), keyed: StoredValue::new(false) };
    // Wherever the focus is: a drag that draws anew has none on the brush.
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" && plot.give_up() {
            event.prevent_default();
        }
    });
    on_cleanup(move || escape.remove());
    let names = series.map(|series| series.name);
    let bars = memo(move || Arc::new(timeline.with(|timeline| stack(&timeline.bins))));
    let shape = memo(move || format!("0 0 {} 100", timeline.with(|timeline| timeline.bins.len().max(1))));
    let whole: Signal<TimeWindow> = memo(move || timeline.with(|timeline| timeline.whole())).into();
    let pointed = RwSignal::new(None::<usize>);
    let gaps = live(move || {
        let count = timeline.with(|timeline| timeline.bins.len().max(1)) as f64;
        let gap = |(first, many): &(usize, usize)| {
            let (left, width) = (*first as f64 * 100.0 / count, *many as f64 * 100.0 / count);
            view! { <i class="hole" style:left=format!("{left:.3}%") style:width=format!("{width:.3}%")></i> }
        };
        let told = timeline.with(|timeline| !timeline.filtered);
        told.then(|| bars.with(|bars| bars.gaps.iter().map(gap).collect_view()))
    });
    let tip = live(move || {
        let at = pointed.get()?;
        let (head, says) = timeline.with(|timeline| timeline.says(at, names, east.get()));
        let count = timeline.with(|timeline| timeline.bins.len().max(1)) as f64;
        Some(view! { <Tip mark=Mark { at: (at as f64 + 0.5) / count, head, says } /> })
    });
    let moved = move |event: PointerEvent| {
        if plot.held.with_value(Option::is_some) {
            pointed.set(None);
            plot.follow(&event);
        } else {
            let part = plot.part(f64::from(event.client_x()));
            pointed.set(timeline.with_untracked(|timeline| timeline.at(part)));
        }
    };
    let [lower, upper] = series.map(|series| format!("fill {}", series.fill.class()));
    view! {
        <div class="stage">
            <div
                class="track"
                node_ref=node
                on:pointerdown=move |event| plot.take(&event)
                on:pointermove=moved
                on:pointerup=move |_| plot.settle()
                on:pointercancel=move |_| {
                    plot.give_up();
                }
                on:pointerleave=move |_| pointed.set(None)
                on:dblclick=move |event: MouseEvent| {
                    event.prevent_default();
                    plot.tell(None, true);
                }
            >
                <div
                    class="draw"
                    role="img"
                    aria-label=move || timeline.with(|timeline| timeline.summary(names, east.get()))
                >
                    <svg viewBox=move || shape.get() preserveAspectRatio="none">
                        <path class=lower d=move || bars.with(|bars| bars.lower.clone()) />
                        <path class=upper d=move || bars.with(|bars| bars.upper.clone()) />
                    </svg>
                    {gaps}
                    <Mask whole window />
                </div>
                <Grips plot whole />
                {tip}
            </div>
            <TimeAxis whole east />
        </div>
    }
}

/// The frame and its two handles, each a slider of its own.
#[component]
fn Grips(plot: Plot, whole: Signal<TimeWindow>) -> impl IntoView {
    let Plot { window, east, .. } = plot;
    let shown = memo(move || {
        let whole = whole.get();
        let window = window.get().unwrap_or(whole);
        (window.from < whole.to && window.to > whole.from).then_some(window)
    });
    let part = move |at: fn(TimeWindow) -> i64| shown.get().map_or(0.0, |window| whole.get().part(at(window)));
    let percent = |part: f64| format!("{:.3}%", part * 100.0);
    let (from, to) = (move || part(|window| window.from), move || part(|window| window.to));
    let words = move || window.get().unwrap_or(whole.get());
    let instant = move |at: fn(TimeWindow) -> i64| {
        let (at, east) = (at(words()), east.get());
        format!("{} {}", instant_words(at, east), zone_name(at, east))
    };
    let frame_words = move || {
        let window = words();
        format!("{}, {}", window_words(window, east.get()), span(window.seconds()))
    };
    let now = |part: f64| ((part * 100.0).round() as u32).to_string();
    view! {
        <div class="grips" class:off=move || shown.get().is_none()>
            <div
                class="handle"
                data-grip="from"
                role="slider"
                tabindex="0"
                aria-label="Start of the window"
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || now(from())
                aria-valuetext=move || instant(|window| window.from)
                style:left=move || percent(from())
                on:keydown=move |event| plot.key(Grip::From, &event)
                on:keyup=move |_| plot.keys_up()
                on:blur=move |_| plot.keys_up()
            ></div>
            <div
                class="frame"
                data-grip="frame"
                role="slider"
                tabindex="0"
                aria-label="Window, arrows move it, with Shift they make it longer or shorter"
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || now(f64::midpoint(from(), to()))
                aria-valuetext=frame_words
                style:left=move || percent(from())
                style:width=move || percent(to() - from())
                on:keydown=move |event| plot.key(Grip::Frame, &event)
                on:keyup=move |_| plot.keys_up()
                on:blur=move |_| plot.keys_up()
            ></div>
            <div
                class="handle"
                data-grip="to"
                role="slider"
                tabindex="0"
                aria-label="End of the window"
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || now(to())
                aria-valuetext=move || instant(|window| window.to)
                style:left=move || percent(to())
                on:keydown=move |event| plot.key(Grip::To, &event)
                on:keyup=move |_| plot.keys_up()
                on:blur=move |_| plot.keys_up()
            ></div>
        </div>
    }
}
