//! The live connection: the leading tab reads the stream and passes it on, the others listen; when the
//! stream fails the queue is polled, and when that fails too the page is offline. Reading the stream itself
//! is `data::stream`.

use super::{append_live, changes, load_agents, load_session, missed_live};
use crate::data::client::{self, ClientError};
use crate::data::lead::{self, Channel, Link, Word};
use crate::data::stream;
use crate::paths::Route;
use crate::state::App;
use crate::state::happenings::{Happening, happening};
use crate::state::status::Connection;
use crate::ui::{IconName, Tone};
use crate::words::clock_zoned;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use oversight::contract::ChangeView;
use oversight::state::State;
use oversight::vocabulary::Kind;
use serde::Deserialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// How long until the stream is tried again, in milliseconds.
const RETRY_MS: u32 = 2_000;

/// Opens the channel between tabs and follows the stream, once this tab leads.
pub fn connect(app: App) {
    let leading = Rc::new(Cell::new(false));
    let channel = Channel::open({
        let leading = Rc::clone(&leading);
        move |word| match word {
            Word::Event { name, data, .. } => take(app, &name, &data),
            Word::Connection(link) => set_link(app, link),
            Word::SessionChanged => drop(window().location().reload()),
            Word::Asking if leading.get() => say_link(app),
            Word::Asking => {}
        }
    });
    channel.say(&Word::Asking);
    app.channel.set_value(Some(channel));
    lead::when_elected(move || {
        leading.set(true);
        spawn_local(follow(app));
    });
    window_event_listener_untyped("online", move |_| retry_now(app));
}

/// Loads what failed to load; the stream is tried by itself.
pub fn retry_now(app: App) {
    if app.session.with_untracked(|session| session.ready().is_none()) {
        load_session(app);
    } else {
        changes::load_changes(app);
    }
}

async fn follow(app: App) {
    let after = Rc::new(RefCell::new(String::new()));
    loop {
        // Only somebody who may read changes has a stream.
        if !untrack(|| app.reads_changes()) {
            TimeoutFuture::new(250).await;
            continue;
        }
        let resumed = !after.borrow().is_empty();
        let opened = || {
            set_link(app, Link::Live);
            say_link(app);
            if !resumed {
                // What happened between the first load and now.
                changes::load_changes(app);
            }
        };
        let start = after.borrow().clone();
        let ended = stream::follow(&start, opened, |event| {
            if !event.id.is_empty() {
                after.borrow_mut().clone_from(&event.id);
            }
            take(app, &event.name, &event.data);
            say(app, &Word::Event { name: event.name, data: event.data, id: event.id });
        })
        .await;
        match ended {
            Err(ClientError::Refused(problem)) if problem.status == 401 => {
                load_session(app);
                TimeoutFuture::new(RETRY_MS).await;
            }
            Ok(()) => {}
            Err(_) => poll_once(app).await,
        }
        TimeoutFuture::new(RETRY_MS).await;
    }
}

/// Without a stream the queue is asked for; without an answer the page is offline.
async fn poll_once(app: App) {
    match client::session().await {
        Ok(session) => {
            app.sequence.update(|known| *known = (*known).max(session.sequence));
            set_link(app, Link::Polling);
            changes::load_changes(app);
        }
        Err(ClientError::Refused(problem)) if problem.status == 401 => load_session(app),
        Err(_) => set_link(app, Link::Offline),
    }
    say_link(app);
}

fn set_link(app: App, link: Link) {
    let before = app.connection.get_untracked();
    let after = match (link, before) {
        (Link::Live, _) => Connection::Live,
        (Link::Polling, _) => Connection::Polling,
        (Link::Offline, Connection::Offline { since }) => Connection::Offline { since },
        (Link::Offline, _) => Connection::Offline { since: app.now_exact() },
    };
    if before == after {
        return;
    }
    app.connection.set(after);
    match (before, after) {
        (_, Connection::Offline { .. }) => {
            app.announcer.interrupt("Offline. Decisions are queued until the endpoint answers.")
        }
        (Connection::Offline { .. }, _) => app.announce("The endpoint answers again."),
        _ => {}
    }
}

fn say_link(app: App) {
    let link = match app.connection.get_untracked() {
        Connection::Live => Link::Live,
        Connection::Polling => Link::Polling,
        Connection::Offline { .. } => Link::Offline,
        Connection::Connecting => return,
    };
    say(app, &Word::Connection(link));
}

fn say(app: App, word: &Word) {
    app.channel.with_value(|channel| {
        if let Some(channel) = channel {
            channel.say(word);
        }
    });
}

/// The part of a record that the page needs at once; the rest is loaded where it is looked at.
#[derive(Deserialize)]
struct Head {
    sequence: u64,
    kind: Kind,
}

fn take(app: App, name: &str, data: &str) {
    match name {
        "change" => {
            let Some(after) = client::read(data).ok().and_then(|json| changes::known(json).ok()) else { return };
            let before = app.changes.take(Arc::clone(&after)).and_then(|before| before.whole().ok());
            if let Ok(after) = after.whole() {
                tell(app, before.as_deref(), &after);
            }
        }
        "record" => {
            let Ok(head) = client::read::<Head>(data) else { return };
            append_live(app, data);
            app.sequence.update(|known| *known = (*known).max(head.sequence));
            app.records.newer.update(|newer| *newer += 1);
            let agents_shown = app.route.with_untracked(|route| matches!(route, Route::Agents { .. }));
            if agents_shown && !matches!(head.kind, Kind::Comment | Kind::PolicyLoad) {
                load_agents(app);
            }
        }
        "reset" => {
            missed_live(app);
            app.changes.clear();
            changes::load_changes(app);
        }
        _ => {}
    }
}

/// Tells the reader what concerns them; everything else is there to be looked at. What comes to the open change is
/// said on the change itself.
fn tell(app: App, before: Option<&ChangeView>, after: &ChangeView) {
    let open =
        app.route.with_untracked(|route| matches!(route, Route::Queue { open: Some(id), .. } if *id == after.id));
    if open {
        return;
    }
    let me = app.session.with_untracked(|session| session.ready().map(|me| me.uid.clone()));
    let Some(happening) = me.and_then(|me| happening(before, after, &me)) else { return };
    let (tone, icon, words) = match happening {
        Happening::Waits(words) => (Tone::Pending, IconName::Pending, words),
        Happening::Answered(words) => (Tone::Accent, IconName::Comment, words),
        Happening::WentOn(State::Superseded, words) => (Tone::Superseded, IconName::Superseded, words),
        Happening::WentOn(State::Failed | State::RolledBack, words) => (Tone::RolledBack, IconName::RolledBack, words),
        Happening::WentOn(_, words) => (Tone::Neutral, IconName::Info, words),
    };
    let zone = app.zone_now();
    app.notices.tell(tone, icon, words, clock_zoned(app.now_exact(), zone), false);
}
