//! Opening records in the worker and asking about them. One worker a page, started when records are first wanted; an
//! answer to an older question than the newest is dropped, so that it is never painted over a newer one.

use super::rows::{forget_rows, take_rows};
use crate::data::worker::{RecordsWorker, is_ours};
use crate::state::App;
use crate::state::source::Source as Shown;
use crate::state::status::Trouble;
use crate::state::trail::{Overviewed, Trail};
use engine::talk::{Answer, Ask, Export, Overview, Question, RowsQuestion, Slot, Source, Tell};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;
use web_sys::{Blob, File};

/// Reads the records of what the page shows, unless they are held already.
pub fn open_trail(app: App) {
    let shown = app.source.get_untracked();
    if app.trail.of.with_value(|of| of.as_ref() == Some(&shown)) {
        return;
    }
    let files = app.trail.chosen.get_value();
    let source = match &shown {
        Shown::Endpoint => Source::Endpoint { address: absolute("v1/records") },
        Shown::Address { address, beside } => Source::Address {
            address: absolute(address),
            beside: beside.iter().map(|address| absolute(address)).collect(),
        },
        Shown::Files(names) => Source::Files { names: names.clone() },
        Shown::Nothing => return,
    };
    app.trail.of.set_value(Some(shown));
    open_source(app, source, &files);
}

/// Reads again what is shown.
pub fn reopen_trail(app: App) {
    app.trail.of.set_value(None);
    open_trail(app);
}

/// Shows the records of these files.
pub fn show_files(app: App, files: Vec<File>) {
    let names = files.iter().map(File::name).collect();
    app.trail.chosen.set_value(files);
    show(app, Shown::Files(names));
}

/// Shows the records at an address.
pub fn show_address(app: App, address: String) {
    show(app, Shown::Address { address, beside: Vec::new() });
}

/// Shows the endpoint's records and its other views again.
pub fn show_endpoint(app: App) {
    show(app, Shown::Endpoint);
}

fn show(app: App, shown: Shown) {
    if !matches!(shown, Shown::Files(_)) {
        app.trail.chosen.set_value(Vec::new());
    }
    app.trail.of.set_value(None);
    app.source.set(shown);
    // Nothing may be looking yet; whoever looks opens it otherwise.
    if app.trail.load.get_untracked() > 0 {
        open_trail(app);
    }
}

fn open_source(app: App, source: Source, files: &[File]) {
    let trail = app.trail;
    if !start(app) {
        return;
    }
    let load = trail.load.get_untracked() + 1;
    trail.load.set(load);
    trail.progress.set(None);
    trail.trouble.set(None);
    trail.overview.set(None);
    forget_rows(app);
    trail.near.set(None);
    trail.facets.set(None);
    trail.rejects.set(None);
    say(trail, &Ask::Open { load, source }, files);
}

/// Stops reading; what was read stays.
pub fn cancel_reading(app: App) {
    let load = app.trail.load.get_untracked();
    say(app.trail, &Ask::Cancel { load }, &[]);
}

/// Takes in a record that came live.
pub fn append_live(app: App, line: &str) {
    let load = app.trail.load.get_untracked();
    if app.trail.of.with_value(|of| *of == Some(Shown::Endpoint)) {
        say(app.trail, &Ask::Append { load, lines: line.to_owned() }, &[]);
    }
}

/// Some that came live were missed: what is held is read anew, if it is the endpoint's.
pub fn missed_live(app: App) {
    if app.trail.of.with_value(|of| *of == Some(Shown::Endpoint)) && app.source.with_untracked(Shown::is_endpoint) {
        reopen_trail(app);
    }
}

/// After how long it is said that an answer is due: what comes sooner would only flicker.
const SLOW: Duration = Duration::from_millis(120);

/// Asks. A standing question is answered again whenever there is more.
pub fn ask(app: App, slot: Slot, standing: bool, question: Question) {
    let trail = app.trail;
    if !start(app) {
        return;
    }
    let id = next_id(trail);
    trail.asked.update_value(|asked| {
        asked.insert(slot, id);
    });
    if slot == Slot::Overview && trail.overview_slow.with_value(Option::is_none) {
        let slow = set_timeout_with_handle(move || trail.overview_due.set(true), SLOW);
        trail.overview_slow.set_value(slow.ok());
    }
    say(trail, &Ask::Question { slot, id, standing, question }, &[]);
}

/// The view that asked is gone.
pub fn silence(app: App, slot: Slot) {
    if slot == Slot::Overview {
        answered(app.trail);
    }
    app.trail.asked.update_value(|asked| {
        asked.remove(&slot);
    });
    say(app.trail, &Ask::Silence { slot }, &[]);
}

/// Fetches the whole of a record.
pub fn whole_record(app: App, uid: &str, done: impl FnOnce(Result<String, Trouble>) + 'static) {
    let id = next_id(app.trail);
    app.trail.records.update_value(|records| drop(records.insert(id, Box::new(done))));
    say(app.trail, &Ask::Record { id, uid: uid.to_owned() }, &[]);
}

/// Makes a file of a question's rows; `done` is handed its name and content.
pub fn export(
    app: App,
    rows: RowsQuestion,
    format: Export,
    done: impl FnOnce(Result<(String, Blob), Trouble>) + 'static,
) {
    let id = next_id(app.trail);
    app.trail.files.update_value(|files| drop(files.insert(id, Box::new(done))));
    say(app.trail, &Ask::Export { id, rows, format }, &[]);
}

/// The overview's newest question waits no more.
fn answered(trail: Trail) {
    if let Some(slow) = trail.overview_slow.try_update_value(Option::take).flatten() {
        slow.clear();
    }
    if trail.overview_due.get_untracked() {
        trail.overview_due.set(false);
    }
}

fn next_id(trail: Trail) -> u32 {
    trail.last_question.update_value(|last| *last += 1);
    trail.last_question.get_value()
}

fn say(trail: Trail, ask: &Ask, files: &[File]) {
    trail.worker.with_value(|worker| {
        if let Some(worker) = worker {
            worker.say(ask, files);
        }
    });
}

fn start(app: App) -> bool {
    let trail = app.trail;
    if trail.worker.with_value(Option::is_some) {
        return true;
    }
    let started = RecordsWorker::start(move |tell, file| match tell {
        Ok(tell) => take(app, tell, file),
        Err(why) => ended(trail, &why),
    });
    match started {
        Ok(worker) => {
            trail.worker.set_value(Some(worker));
            true
        }
        Err(why) => {
            ended(trail, &why);
            false
        }
    }
}

fn ended(trail: Trail, why: &str) {
    trail.trouble.set(Some(Trouble {
        what: format!("The worker that holds the records does not run: {why}."),
        kept: "Nothing was changed.".to_owned(),
        next: "Reload the page.".to_owned(),
        problem: None,
    }));
}

fn in_words(trouble: engine::talk::Trouble) -> Trouble {
    Trouble { what: trouble.what, kept: "Nothing was changed.".to_owned(), next: trouble.next, problem: None }
}

fn take(app: App, tell: Tell, file: Option<Blob>) {
    let trail = app.trail;
    match tell {
        Tell::Hello { build } if is_ours(&build) => {}
        Tell::Hello { .. } => ended(trail, "it is of another build than the page"),
        Tell::Progress(progress) if progress.load == trail.load.get_untracked() => {
            trail.progress.set(Some(progress));
        }
        Tell::Failed { load, trouble } if load == 0 || load == trail.load.get_untracked() => {
            trail.trouble.set(Some(in_words(trouble)));
        }
        Tell::Progress(_) | Tell::Failed { .. } => {}
        Tell::Answer { slot, id, mut answer } => {
            // It is told once, be the answer late or not.
            if let Answer::Overview(Overview { backdrop, .. }) = &mut *answer
                && let Some(backdrop) = backdrop.take()
            {
                trail.backdrop.set_value(Arc::new(backdrop));
            }
            if trail.asked.with_value(|asked| asked.get(&slot) != Some(&id)) {
                return;
            }
            match *answer {
                Answer::Overview(counts) => {
                    let backdrop = trail.backdrop.get_value();
                    trail.overview.set(Some(Arc::new(Overviewed { counts, backdrop })));
                    answered(trail);
                }
                Answer::Rows(rows) if slot == Slot::Near => trail.near.set(Some(Arc::new(rows))),
                Answer::Rows(rows) => take_rows(app, rows),
                Answer::Facets(facets) => trail.facets.set(Some(Arc::new(facets))),
                Answer::Rejects(rejects) => trail.rejects.set(Some(Arc::new(rejects))),
            }
        }
        Tell::Record { id, json } => {
            let done = trail.records.try_update_value(|records| records.remove(&id)).flatten();
            if let Some(done) = done {
                done(json.map_err(in_words));
            }
        }
        Tell::Exported { id, file: name } => {
            let done = trail.files.try_update_value(|files| files.remove(&id)).flatten();
            if let Some(done) = done {
                let missing = || engine::talk::Trouble::new("The file did not arrive.", "Try again.");
                let made = name.and_then(|name| Ok((name, file.ok_or_else(missing)?)));
                done(made.map_err(in_words));
            }
        }
    }
}

/// An address as the worker, which may stand elsewhere, finds it too.
fn absolute(address: &str) -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(address, &base).map_or_else(|_| address.to_owned(), |url| url.href())
}
