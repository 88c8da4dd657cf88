//! Reading a chart value by value: the pointer, or the arrow keys of one focusable strip that lies over it, pick a
//! mark, which is shown with a line and a tip and said as the value of a slider.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;

use super::tip::{Mark, Tip};
use crate::ui::erased::{live, view};

#[component]
pub(super) fn Scrub(
    #[prop(into)] label: String,
    /// From left to right.
    marks: Signal<Vec<Mark>>,
) -> impl IntoView {
    let strip = NodeRef::<html::Div>::new();
    let at = RwSignal::new(None::<usize>);
    let count = move || marks.with(Vec::len);
    let point = move |event: PointerEvent| {
        let Some(strip) = strip.get_untracked() else { return };
        let rect = strip.get_bounding_client_rect();
        let part = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        let away = |mark: &Mark| (mark.at - part).abs();
        at.set(marks.with_untracked(|marks| {
            let places = marks.iter().enumerate();
            places.min_by(|(_, a), (_, b)| away(a).total_cmp(&away(b))).map(|(place, _)| place)
        }));
    };
    let key = move |event: KeyboardEvent| {
        let Some(last) = marks.with_untracked(Vec::len).checked_sub(1) else { return };
        let here = at.get_untracked().unwrap_or(last).min(last);
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => here.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => (here + 1).min(last),
            "Home" => 0,
            "End" => last,
            "Escape" if at.get_untracked().is_some() => {
                event.prevent_default();
                at.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        at.set(Some(to));
    };
    let here = move || at.get().filter(|at| *at < count());
    // Read before anything is picked: the last, which is the newest or the longest.
    let spoken = move || here().or_else(|| count().checked_sub(1));
    let tip = live(move || {
        let mark = here().and_then(|at| marks.with(|marks| marks.get(at).cloned()))?;
        Some(view! {
            <i class="cursor" style:left=format!("{:.2}%", mark.at * 100.0)></i>
            <Tip mark />
        })
    });
    view! {
        <div
            class="scrub"
            node_ref=strip
            role="slider"
            tabindex="0"
            aria-label=label
            aria-valuemin="1"
            aria-valuemax=move || count().max(1).to_string()
            aria-valuenow=move || spoken().map_or(1, |at| at + 1).to_string()
            aria-valuetext=move || {
                spoken().and_then(|at| marks.with(|marks| marks.get(at).map(Mark::words))).unwrap_or_default()
            }
            on:pointermove=point
            on:pointerdown=point
            on:pointerleave=move |_| at.set(None)
            on:focus=move |_| {
                if at.get_untracked().is_none() {
                    at.set(count().checked_sub(1));
                }
            }
            on:blur=move |_| at.set(None)
            on:keydown=key
        >
            {tip}
        </div>
    }
}
