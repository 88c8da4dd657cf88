//! Taking turns: what is long lets the words be heard that have come meanwhile. A message to oneself, since a browser
//! makes timers wait for some milliseconds and promises don't let messages in at all.

use js_sys::Promise;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

thread_local! {
    static CHANNEL: RefCell<Option<MessageChannel>> = const { RefCell::new(None) };
}

/// Comes back when what was waiting to be heard was heard.
pub async fn next() {
    let promise = Promise::new(&mut |resolve, _| {
        CHANNEL.with_borrow_mut(|kept| {
            let channel = match kept.take().map_or_else(MessageChannel::new, Ok) {
                Ok(channel) => channel,
                Err(_) => return drop(resolve.call0(&JsValue::UNDEFINED)),
            };
            let heard = Closure::once_into_js(move || drop(resolve.call0(&JsValue::UNDEFINED)));
            let port = channel.port1();
            // Several may wait at once, so that each has a listener of its own.
            let options = web_sys::AddEventListenerOptions::new();
            options.set_once(true);
            let _ = port.add_event_listener_with_callback_and_add_event_listener_options(
                "message",
                heard.unchecked_ref(),
                &options,
            );
            port.start();
            let _ = channel.port2().post_message(&JsValue::NULL);
            *kept = Some(channel);
        });
    });
    let _ = JsFuture::from(promise).await;
}
