//! What the hasher hears and says. It hears arrays: bytes of the stream, in order, and how many from its start are
//! settled; or `null`, at the end. It says `null` once, when it listens; after each part how many bytes it has taken;
//! at the end the hash in hexadecimal.

use crate::sum::Sum;
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

thread_local! {
    static HEARD: RefCell<Heard> = RefCell::default();
}

#[derive(Default)]
struct Heard {
    sum: Sum,
    taken: f64,
    /// Room for a part, used again.
    room: Vec<u8>,
}

/// Starts listening, once.
pub fn start() {
    let hear = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| hear(&event.data()));
    scope().set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    say(&JsValue::NULL);
}

fn hear(data: &JsValue) {
    HEARD.with_borrow_mut(|heard| {
        if data.is_null() {
            return say(&std::mem::take(heard).sum.hex().into());
        }
        let parts: &Array = data.unchecked_ref();
        let chunk: Uint8Array = parts.get(0).unchecked_into();
        let settled = parts.get(1).as_f64().unwrap_or_default() as u64;
        let length = chunk.length() as usize;
        if heard.room.len() < length {
            heard.room.resize(length, 0);
        }
        chunk.copy_to(&mut heard.room[..length]);
        heard.sum.take(&heard.room[..length], settled);
        heard.taken += length as f64;
        say(&heard.taken.into());
    });
}

fn say(word: &JsValue) {
    // Whoever asked is gone where this fails.
    let _ = scope().post_message(word);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
