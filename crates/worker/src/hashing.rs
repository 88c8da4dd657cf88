//! The hash of a stream, taken beside its reading by a worker of its own (`crates/hasher`, which says what the two say to
//! each other). Where there is none, the hash can't be checked, and that is told.

use js_sys::{Array, Function, Promise, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker, WorkerOptions};

/// Trunk's shim that loads the hasher's module, beside the worker's own.
const ADDRESS: &str = "countersign-hasher_loader.js";
/// How far it may lag behind the reading, in bytes; what lags is kept in memory.
const LAG: f64 = (64 << 20) as f64;

/// A hasher of one stream. It ends when this is dropped.
pub struct Hashing {
    worker: Worker,
    heard: Rc<Heard>,
    sent: Cell<f64>,
    _hear: Closure<dyn Fn(MessageEvent)>,
    _failed: Closure<dyn Fn(JsValue)>,
}

#[derive(Default)]
struct Heard {
    /// What was said before it listens, which a browser would not keep for it: none once it does.
    unsaid: RefCell<Vec<JsValue>>,
    listens: Cell<bool>,
    taken: Cell<f64>,
    digest: RefCell<Option<String>>,
    broke: Cell<bool>,
    /// Wakes whoever waits for any of these.
    wake: RefCell<Option<Function>>,
}

impl Drop for Hashing {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Hashing {
    /// Starts it; none where the browser lets a worker start no other.
    pub fn start() -> Option<Hashing> {
        let options = WorkerOptions::new();
        options.set_name("hasher");
        let worker = Worker::new_with_options(ADDRESS, &options).ok()?;
        let heard = Rc::new(Heard::default());
        let hear = {
            let (heard, worker) = (Rc::clone(&heard), worker.clone());
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| heard.hear(&worker, &event.data()))
        };
        let failed = {
            let heard = Rc::clone(&heard);
            Closure::<dyn Fn(JsValue)>::new(move |_| {
                heard.broke.set(true);
                heard.unsaid.borrow_mut().clear();
                heard.wake();
            })
        };
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        Some(Hashing { worker, heard, sent: Cell::new(0.0), _hear: hear, _failed: failed })
    }

    /// Gives the stream's next bytes away, and says how many from its start are settled. Comes back when the hasher does
    /// not lag too far.
    pub async fn take(&self, chunk: Uint8Array, settled: u64) {
        self.sent.set(self.sent.get() + f64::from(chunk.length()));
        let word = Array::of2(&chunk, &(settled as f64).into()).into();
        self.heard.say(&self.worker, word);
        while !self.heard.broke.get() && self.sent.get() - self.heard.taken.get() > LAG {
            self.heard.anything().await;
        }
    }

    /// The hash of what was settled, in hexadecimal; none where the hasher broke.
    pub async fn digest(self) -> Option<String> {
        self.heard.say(&self.worker, JsValue::NULL);
        loop {
            if let Some(digest) = self.heard.digest.take() {
                return Some(digest);
            }
            if self.heard.broke.get() {
                return None;
            }
            self.heard.anything().await;
        }
    }
}

impl Heard {
    fn hear(&self, worker: &Worker, word: &JsValue) {
        if let Some(taken) = word.as_f64() {
            self.taken.set(taken);
        } else if let Some(digest) = word.as_string() {
            self.digest.replace(Some(digest));
        } else {
            self.listens.set(true);
            self.unsaid.take().into_iter().for_each(|word| self.say(worker, word));
        }
        self.wake();
    }

    fn say(&self, worker: &Worker, word: JsValue) {
        if self.broke.get() {
            return;
        }
        if !self.listens.get() {
            return self.unsaid.borrow_mut().push(word);
        }
        let bytes = word.dyn_ref::<Array>().map(|parts| parts.get(0).unchecked_into::<Uint8Array>().buffer());
        let moved = bytes.map_or_else(Array::new, |bytes| Array::of1(&bytes));
        // A buffer that can't be given away is copied.
        let said = worker.post_message_with_transfer(&word, &moved).or_else(|_| worker.post_message(&word));
        if said.is_err() {
            self.broke.set(true);
        }
    }

    fn wake(&self) {
        if let Some(wake) = self.wake.take() {
            let _ = wake.call0(&JsValue::UNDEFINED);
        }
    }

    /// Comes back with the hasher's next word.
    async fn anything(&self) {
        let promise = Promise::new(&mut |resolve, _| drop(self.wake.replace(Some(resolve))));
        let _ = JsFuture::from(promise).await;
    }
}
