//! User Timing marks of what was painted, for measuring from outside: on where the page's own address says `measure=yes`.
//! Their `detail` says what of. Which marks there are is told where a view makes them.

use engine::talk::Progress;
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

pub fn say(name: &str, detail: &[(&str, JsValue)]) {
    let (options, said) = (Object::new(), Object::new());
    for (name, value) in detail {
        let _ = Reflect::set(&said, &(*name).into(), value);
    }
    let _ = Reflect::set(&options, &"detail".into(), &said);
    mark(name, &options);
}

/// `countersign:loaded`: the whole of a source is painted.
pub fn say_loaded(progress: &Progress) {
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
