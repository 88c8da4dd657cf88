//! User Timing marks of what was painted, for measuring from outside: on where the page's own address says `measure=yes`.
//! `countersign:loaded` once the whole is painted, `countersign:painted` with each answer; their `detail` says what of.

use super::desk::{DRAWN, Desk};
use crate::ui::effect;
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = mark)]
    fn mark(name: &str, options: &JsValue);
}

pub fn is_on() -> bool {
    window().location().search().is_ok_and(|search| search.contains("measure=yes"))
}

fn say(name: &str, detail: &[(&str, JsValue)]) {
    let (options, said) = (Object::new(), Object::new());
    for (name, value) in detail {
        let _ = Reflect::set(&said, &(*name).into(), value);
    }
    let _ = Reflect::set(&options, &"detail".into(), &said);
    mark(name, &options);
}

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
            if let Some(progress) = whole {
                say(
                    "countersign:loaded",
                    &[
                        ("rows", progress.rows.into()),
                        ("quarantined", (progress.quarantined as f64).into()),
                        ("bytes", (progress.bytes as f64).into()),
                        ("ending", format!("{:?}", progress.finished).into()),
                    ],
                );
            }
        });
    });
}
