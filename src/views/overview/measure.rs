//! The overview's marks: `countersign:loaded` once the whole is painted, `countersign:painted` with each answer.

use super::desk::{DRAWN, Desk};
use crate::ui::effect;
use crate::views::parts::measure::{is_on, say, say_loaded};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Marks what is painted, from here on.
pub fn follow(desk: Desk) {
    if !is_on() {
        return;
    }
    let number = |value: Option<i64>| value.map_or(JsValue::NULL, |value| JsValue::from_f64(value as f64));
    effect(move || {
        let Some(answer) = desk.answer.get() else { return };
        if desk.drawn.get() < DRAWN {
            return;
        }
        let progress = desk.app.trail.progress();
        let whole = progress.filter(|progress| progress.finished.is_some() && progress.rows == answer.all);
        // After the frame that draws it.
        request_animation_frame(move || {
            let hash = answer.hash.clone().unwrap_or_default();
            say(
                "countersign:painted",
                &[
                    ("of", answer.of.into()),
                    ("all", answer.all.into()),
                    ("rows_known", answer.all.into()),
                    ("hash", hash.into()),
                    ("from", number(answer.span.from)),
                    ("to", number(answer.span.to)),
                ],
            );
            whole.iter().for_each(say_loaded);
        });
    });
}
