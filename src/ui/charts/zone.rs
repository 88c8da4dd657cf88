//! How far the browser's own zone is from UTC, at whatever instant. What is made of that is `civil`.

use leptos::wasm_bindgen::JsValue;

/// As the browser knows it: right on days on which clocks change, and in other years.
pub fn local_east(at: i64) -> i32 {
    let date = js_sys::Date::new(&JsValue::from_f64((at / 1_000) as f64));
    let west = date.get_timezone_offset();
    // Beyond what dates reach it is not a number.
    if west.is_finite() { -(west as i32) * 60 } else { 0 }
}
