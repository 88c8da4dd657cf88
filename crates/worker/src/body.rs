//! The worker's body: hears the page, hands on to the host, says what the host has to say.

use crate::{exporting, reading, whole};
use engine::host::Host;
use engine::talk::{Ask, BUILD, Export, Finished, Load, RowsQuestion, Source, Tell, Trouble};
use js_sys::Array;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

/// Where whole records are, by the number of their source.
pub enum Held {
    /// An endpoint's records, by uid under this address.
    Endpoint { address: String },
    /// A stream that can be fetched again.
    Address { address: String, packed: bool },
    /// A file of the reader's.
    File { file: File, packed: bool },
    /// Records that were made of another format, one after the other.
    Made(Vec<u8>),
}

/// Shared by all that goes on in the worker.
#[derive(Clone)]
pub struct Body(Rc<Inner>);

struct Inner {
    host: RefCell<Host>,
    held: RefCell<Vec<Held>>,
    /// The load that is wanted; reading for an older one stops.
    wanted: Cell<Load>,
    cancelled: Cell<bool>,
    /// Whether answering is already due.
    due: Cell<bool>,
}

/// Starts listening, once.
pub fn start() {
    let inner = Inner {
        host: RefCell::new(Host::new(seed())),
        held: RefCell::default(),
        wanted: Cell::new(0),
        cancelled: Cell::new(false),
        due: Cell::new(false),
    };
    let body = Body(Rc::new(inner));
    let hear = {
        let body = body.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| body.hear(&event.data()))
    };
    scope().set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    body.tell(&Tell::Hello { build: BUILD.to_owned() });
}

pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// A number that whoever writes the records can't foretell.
fn seed() -> u64 {
    js_sys::Math::random().to_bits()
}

impl Body {
    fn hear(&self, data: &JsValue) {
        let parts = Array::from(data);
        let Some(words) = parts.get(0).as_string() else { return };
        let ask = match serde_json::from_str::<Ask>(&words) {
            Ok(ask) => ask,
            Err(error) => return web_sys::console::error_1(&format!("the worker can't read {error}").into()),
        };
        match ask {
            Ask::Hello { build } if build != BUILD => {
                let trouble = Trouble::new(
                    "The page and its worker are of different builds.",
                    "Reload the page; a copy of an older one was kept somewhere.",
                );
                self.tell(&Tell::Failed { load: 0, trouble });
            }
            Ask::Hello { .. } => {}
            Ask::Open { load, source } => self.open(load, source, parts.iter().skip(1)),
            Ask::Cancel { load } => self.0.cancelled.set(self.0.wanted.get() == load),
            Ask::Append { load, lines } => self.append(load, &lines),
            Ask::Question { slot, id, standing, question } => {
                self.0.host.borrow_mut().ask(slot, id, standing, question);
                self.answer_soon();
            }
            Ask::Silence { slot } => self.0.host.borrow_mut().silence(slot),
            Ask::Record { id, uid } => {
                let body = self.clone();
                spawn_local(async move {
                    let json = whole::record(&body, &uid).await;
                    body.tell(&Tell::Record { id, json });
                });
            }
            Ask::Export { id, rows, format } => self.export(id, rows, format),
        }
    }

    fn open(&self, load: Load, source: Source, files: impl Iterator<Item = JsValue>) {
        self.0.wanted.set(load);
        self.0.cancelled.set(false);
        self.0.held.borrow_mut().clear();
        self.0.host.borrow_mut().open(load);
        let files: Vec<File> = files.map(JsCast::unchecked_into).collect();
        let body = self.clone();
        spawn_local(async move {
            let finished = reading::read(&body, load, source, files).await;
            if !body.is_wanted(load) {
                return;
            }
            match finished {
                Ok(read) => {
                    body.with(|host| host.finish(read.finished));
                    body.answer();
                    body.tell_progress();
                    if let Some((said, hashing)) = read.hash {
                        let came = reading::came(hashing).await;
                        body.with(|host| host.hashed(load, &said, came.as_deref()));
                        body.tell_progress();
                    }
                }
                Err(trouble) => body.tell(&Tell::Failed { load, trouble }),
            }
        });
    }

    fn append(&self, load: Load, lines: &str) {
        if !self.is_wanted(load) {
            return;
        }
        self.with(|host| host.append(0, "the live stream", lines));
        self.answer_soon();
    }

    fn export(&self, id: u32, rows: RowsQuestion, format: Export) {
        let body = self.clone();
        spawn_local(async move {
            let name = match format {
                Export::Csv => "records.csv",
                Export::Ndjson => "records.ndjson",
            };
            let file = exporting::export(&body, &rows, format).await;
            match file {
                Ok(file) => body.post(&Tell::Exported { id, file: Ok(name.to_owned()) }, &[file.into()]),
                Err(trouble) => body.tell(&Tell::Exported { id, file: Err(trouble) }),
            }
        });
    }

    pub fn is_wanted(&self, load: Load) -> bool {
        self.0.wanted.get() == load
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.get()
    }

    /// Never across an await.
    pub fn with<T>(&self, f: impl FnOnce(&mut Host) -> T) -> T {
        f(&mut self.0.host.borrow_mut())
    }

    /// The number of a new source.
    pub fn hold(&self, held: Held) -> u16 {
        let mut all = self.0.held.borrow_mut();
        all.push(held);
        (all.len() - 1) as u16
    }

    /// Never across an await.
    pub fn with_held<T>(&self, f: impl FnOnce(&mut Vec<Held>) -> T) -> T {
        f(&mut self.0.held.borrow_mut())
    }

    /// Answers when the words that have already come were heard, so that of several questions only the last costs.
    fn answer_soon(&self) {
        if self.0.due.replace(true) {
            return;
        }
        let body = self.clone();
        spawn_local(async move {
            crate::turns::next().await;
            body.answer();
        });
    }

    /// Says what is to be answered.
    pub fn answer(&self) {
        self.0.due.set(false);
        // Each is told before the next is worked out.
        while let Some(tell) = self.with(Host::next_answer) {
            self.tell(&tell);
        }
    }

    pub fn tell_progress(&self) {
        let progress = self.with(Host::progress);
        self.tell(&Tell::Progress(progress));
    }

    pub fn tell(&self, tell: &Tell) {
        self.post(tell, &[]);
    }

    fn post(&self, tell: &Tell, beside: &[JsValue]) {
        let parts = Array::new();
        match serde_json::to_string(tell) {
            Ok(words) => parts.push(&words.into()),
            Err(error) => return web_sys::console::error_1(&error.to_string().into()),
        };
        beside.iter().for_each(|value| {
            parts.push(value);
        });
        // The page is gone where this fails.
        let _ = scope().post_message(&parts);
    }
}

/// What is told when somebody stopped the reading.
pub const CANCELLED: Finished = Finished::Cancelled;
