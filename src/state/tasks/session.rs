//! Signing in is the endpoint's link; this finds out who is signed in, and signs out.

use super::{changes, mark_slow, trouble};
use crate::data::client::{self, ClientError};
use crate::data::lead::Word;
use crate::paths::{OverviewQuery, Route};
use crate::state::source::{Source, asked_for};
use crate::state::status::Status;
use crate::state::{App, route};
use leptos::prelude::*;
use leptos::task::spawn_local;
use oversight::capability::{Deed, role_allows};

/// Begins: with the source that the page's own address asks for, or with the endpoint beside the page.
pub fn begin(app: App) {
    match asked_for(&window().location().search().unwrap_or_default()) {
        Some(source) => show(app, source),
        None => load_session(app),
    }
}

/// Where there is no endpoint, the page's configuration may name a source.
async fn configured(app: App) -> bool {
    let Ok(named) = client::configured_source().await else { return false };
    let (source, beside) = named;
    show(app, source.map_or(Source::Nothing, |address| Source::Address { address, beside }));
    true
}

/// A source that has no queue begins with its overview.
fn show(app: App, source: Source) {
    if app.route.with_untracked(|route| *route == Route::Queue { open: None, filter: String::new() }) {
        route::replace(&Route::Overview(OverviewQuery::default()));
    }
    app.source.set(source);
}

/// Asks who is signed in, then loads what that person may see.
pub fn load_session(app: App) {
    mark_slow(app.session);
    spawn_local(async move {
        let sent = js_sys::Date::now();
        match client::session().await {
            Ok(session) => {
                let middle = (sent + js_sys::Date::now()) / 2.0;
                app.skew.set(session.now.unix_micros() / 1_000 - middle as i64);
                app.sequence.update(|known| *known = (*known).max(session.sequence));
                app.seen.of_person(&session.uid);
                let reads = role_allows(Deed::ReadChanges, session.role).is_ok();
                app.session.set(Status::Ready(session));
                if reads {
                    changes::load_changes(app);
                }
            }
            // It answers, and not as an endpoint does: a static host.
            Err(ClientError::Unreadable(_)) if configured(app).await => {}
            Err(error) => app.session.set(Status::Failed(trouble(error, "Nothing was changed."))),
        }
    });
}

/// Ends the session, here and in the browser's other tabs.
pub fn sign_out(app: App) {
    spawn_local(async move {
        if client::sign_out().await.is_ok() {
            app.channel.with_value(|channel| {
                if let Some(channel) = channel {
                    channel.say(&Word::SessionChanged);
                }
            });
            let _ = window().location().reload();
        }
    });
}
