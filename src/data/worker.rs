//! The Web Worker that holds the records: starting it, asking, hearing. The words are `engine::talk`'s; what is asked
//! and what answers mean is the stores' and tasks'.

use super::client::read;
use engine::talk::{Ask, BUILD, Tell};
use js_sys::Array;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, File, MessageEvent, Worker, WorkerOptions};

/// Trunk's shim that loads the worker's module; the same name in each build, so that both check [`BUILD`].
const ADDRESS: &str = "countersign-worker_loader.js";

/// A worker that listens. It lives as long as the page.
pub struct RecordsWorker {
    worker: Worker,
    /// What was said before it listens, which a browser would not keep for it: none once it has said hello.
    unsaid: Rc<RefCell<Option<Vec<Array>>>>,
}

impl RecordsWorker {
    /// Starts it. `on_tell` hears what it says, with the file that may travel beside the words; an error is what kept it
    /// from starting or ended it.
    ///
    /// # Errors
    /// Where the browser starts no workers.
    pub fn start(on_tell: impl Fn(Result<Tell, String>, Option<Blob>) + Clone + 'static) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_name("records");
        let worker = Worker::new_with_options(ADDRESS, &options).map_err(|error| format!("{error:?}"))?;
        let unsaid = Rc::new(RefCell::new(Some(Vec::<Array>::new())));
        let heard = {
            let (on_tell, worker, unsaid) = (on_tell.clone(), worker.clone(), Rc::clone(&unsaid));
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let parts = Array::from(&event.data());
                let words = parts.get(0).as_string().unwrap_or_default();
                // Whatever its first word is, it listens.
                for parts in unsaid.take().into_iter().flatten() {
                    let _ = worker.post_message(&parts);
                }
                on_tell(read::<Tell>(&words), parts.get(1).dyn_into().ok());
            })
        };
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        heard.forget();
        let failed = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            let message = js_sys::Reflect::get(&event, &"message".into()).ok().and_then(|message| message.as_string());
            on_tell(Err(message.unwrap_or_else(|| "its code could not be loaded".to_owned())), None);
        });
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        failed.forget();
        let this = RecordsWorker { worker, unsaid };
        this.say(&Ask::Hello { build: BUILD.to_owned() }, &[]);
        Ok(this)
    }

    /// Says something, with the files that it is about.
    pub fn say(&self, ask: &Ask, files: &[File]) {
        let Ok(words) = serde_json::to_string(ask) else { return };
        let parts = Array::of1(&words.into());
        files.iter().for_each(|file| {
            parts.push(file);
        });
        match &mut *self.unsaid.borrow_mut() {
            Some(unsaid) => unsaid.push(parts),
            None => drop(self.worker.post_message(&parts)),
        }
    }
}

/// Whether the worker is of the same build as this page.
pub fn is_ours(build: &str) -> bool {
    build == BUILD
}
