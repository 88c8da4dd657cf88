//! Loading changes and everything done to one but deciding it, which is `decide`.

use super::{Done, trouble};
use crate::data::client::{self, ClientError};
use crate::state::lists::SETTLED_FOR;
use crate::state::status::{Status, Trouble};
use crate::state::{App, Known};
use leptos::prelude::*;
use leptos::task::spawn_local;
use oversight::change::Version;
use oversight::contract::CommentView;
use oversight::id::ChangeId;
use oversight::state::State;
use std::sync::Arc;

const KEPT: &str = "What was loaded before is still shown.";

/// Loads the queue: everything open, and what settled in the last hour. What is shown stays until then.
pub fn load_changes(app: App) {
    set_timeout(
        move || {
            if matches!(app.changes.peek_status(), Status::Loading) {
                app.changes.set_status(Status::Slow);
            }
        },
        std::time::Duration::from_millis(super::SLOW_MS),
    );
    spawn_local(async move {
        let settled: Vec<&str> =
            State::ALL.iter().filter(|state| !state.is_open()).map(|state| state.as_str()).collect();
        let since = app.now_exact().plus_seconds(-SETTLED_FOR).to_string();
        let open = all(vec![("state", "pending,approved".to_owned())]).await;
        let done = all(vec![("state", settled.join(",")), ("since", since)]).await;
        match (open, done) {
            (Ok(open), Ok(done)) => {
                for change in open.into_iter().chain(done) {
                    app.changes.take(change);
                }
                app.changes.set_status(Status::Ready(()));
            }
            (Err(error), _) | (_, Err(error)) => {
                if app.changes.peek_status().ready().is_none() {
                    app.changes.set_status(Status::Failed(trouble(error, "Nothing was changed.")));
                }
            }
        }
    });
}

/// Every page of a list.
async fn all(parameters: Vec<(&'static str, String)>) -> Result<Vec<Arc<Known>>, ClientError> {
    let mut out = Vec::new();
    let mut cursor = String::new();
    loop {
        let mut asked = parameters.clone();
        asked.push(("limit", "200".to_owned()));
        asked.push(("cursor", cursor));
        let page = client::changes(&asked).await?;
        for change in page.items {
            out.push(known(change)?);
        }
        match page.next {
            Some(next) => cursor = next,
            None => return Ok(out),
        }
    }
}

/// A change as the endpoint sent it.
pub(super) fn known(change: serde_json::Value) -> Result<Arc<Known>, ClientError> {
    Known::read(change).map(Arc::new).map_err(|fault| ClientError::Unreadable(format!("a change: {fault}")))
}

/// Loads one change that is not in the queue, for a deep link.
pub fn load_change(app: App, id: ChangeId) {
    app.changes.set_missing(id, None);
    spawn_local(async move {
        match client::change(id).await.and_then(known) {
            Ok(change) => drop(app.changes.take(change)),
            Err(error) => app.changes.set_missing(id, Some(trouble(error, KEPT))),
        }
    });
}

/// Loads an older version, from the bytes behind its digest.
pub fn load_version(id: ChangeId, version: u32, done: Done<Version>) {
    spawn_local(async move {
        let outcome = match client::canonical(id, version, false).await {
            Ok(text) => {
                oversight::json::read(text.as_bytes()).map_err(|fault| Trouble::unreadable(&fault.to_string(), KEPT))
            }
            Err(error) => Err(trouble(error, KEPT)),
        };
        done.try_run((outcome,));
    });
}

/// Loads the exact bytes behind one of a version's digests.
pub fn load_canonical(id: ChangeId, version: u32, of_action: bool, done: Done<String>) {
    spawn_local(async move {
        let outcome = client::canonical(id, version, of_action).await.map_err(|error| trouble(error, KEPT));
        done.try_run((outcome,));
    });
}

/// Says something about a change.
pub fn comment(app: App, id: ChangeId, text: String, done: Done<CommentView>) {
    spawn_local(async move {
        let outcome =
            client::comment(id, text).await.map_err(|error| trouble(error, "Your text is still in the field."));
        if outcome.is_ok() {
            load_change(app, id);
        }
        done.try_run((outcome,));
    });
}

/// Takes an approval back before it is redeemed.
pub fn revoke(app: App, id: ChangeId, reason: String, done: Done<()>) {
    spawn_local(async move {
        let outcome =
            client::revoke(id, reason).await.map_err(|error| trouble(error, "The approval stands as it was."));
        if outcome.is_ok() {
            load_change(app, id);
        }
        done.try_run((outcome.map(drop),));
    });
}
