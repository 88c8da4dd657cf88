//! What lies outside of the chosen window, made paler: a veil over each side of a drawing, so that nothing is drawn
//! anew while the window moves.

use leptos::prelude::*;

use super::civil::TimeWindow;
use crate::ui::erased::view;

#[component]
pub(super) fn Mask(whole: Signal<TimeWindow>, window: Signal<Option<TimeWindow>>) -> impl IntoView {
    let part = move |at: fn(TimeWindow) -> i64, otherwise: f64| {
        let part = window.get().map_or(otherwise, |window| whole.get().part(at(window)));
        part * 100.0
    };
    view! {
        <i class="mask" style:width=move || format!("{:.3}%", part(|window| window.from, 0.0))></i>
        <i class="mask after" style:width=move || format!("{:.3}%", 100.0 - part(|window| window.to, 1.0))></i>
    }
}
