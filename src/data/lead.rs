//! One tab reads the endpoint's stream, the others of the same browser listen to it: a Web Lock elects the
//! leader, a broadcast channel carries what it reads. When the leader closes, another is elected.

use js_sys::{Function, Promise, Reflect};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "countersign-stream";

/// What tabs tell each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Word {
    /// An event of the stream, as the leader read it.
    Event { name: String, data: String, id: String },
    /// The leader's connection.
    Connection(Link),
    /// Somebody signed in or out: load everything again.
    SessionChanged,
    /// A new tab asks how the connection stands.
    Asking,
}

/// How the leader's connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    Live,
    Polling,
    Offline,
}

/// The channel between tabs. Cheap to clone; lives as long as the page.
#[derive(Clone)]
pub struct Channel(Option<BroadcastChannel>);

impl Channel {
    /// Opens it; `on_word` is called for what other tabs say. A browser without it has tabs that stand alone.
    pub fn open(on_word: impl Fn(Word) + 'static) -> Channel {
        let channel = BroadcastChannel::new(NAME).ok();
        if let Some(channel) = &channel {
            let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(word) = event.data().as_string().and_then(|text| super::client::read(&text).ok()) {
                    on_word(word);
                }
            });
            channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
            listener.forget();
        }
        Channel(channel)
    }

    pub fn say(&self, word: &Word) {
        if let (Some(channel), Ok(text)) = (&self.0, serde_json::to_string(word)) {
            let _ = channel.post_message(&text.into());
        }
    }
}

/// Calls `elected` once this tab leads, and holds the lead until the page is gone. Without Web Locks every tab
/// leads itself.
pub fn when_elected(elected: impl FnOnce() + 'static) {
    let elected = std::cell::Cell::new(Some(elected));
    let run = move || {
        if let Some(elected) = elected.take() {
            elected();
        }
    };
    // web-sys keeps Web Locks behind its unstable switch; the two calls are made by name instead.
    let locks = web_sys::window()
        .and_then(|window| Reflect::get(&window.navigator(), &"locks".into()).ok())
        .filter(|locks| !locks.is_undefined());
    let request = locks.as_ref().and_then(|locks| Reflect::get(locks, &"request".into()).ok());
    let (Some(locks), Some(request)) = (locks, request.and_then(|request| request.dyn_into::<Function>().ok())) else {
        run();
        return;
    };
    let hold = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |_lock: JsValue| {
        run();
        Promise::new(&mut |_, _| {})
    });
    let _ = request.call2(&locks, &NAME.into(), hold.as_ref());
    hold.forget();
}
