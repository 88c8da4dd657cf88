//! A decision on its way: queued, sent under one key until there is an answer, receipted or refused. Nothing
//! here says "approved"; the receipt does.

use crate::data::client::{self, ClientError};
use crate::data::keep::fresh_key;
use crate::state::App;
use crate::state::fate::{Fate, Signed, judged, wait_ms};
use crate::state::status::Connection;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use oversight::contract::{ChangeView, Problem, ReviewRequest};
use oversight::id::{ChangeId, IdempotencyKey};
use oversight::review::ReviewEvidence;
use oversight::vocabulary::Decision;
use std::sync::Arc;

/// Signs `decision` on exactly the version in `view` and sends it. A version with a decision on its way takes no
/// second one.
pub fn decide(app: App, view: &Arc<ChangeView>, decision: Decision, reason: Option<String>, evidence: ReviewEvidence) {
    let (id, version) = (view.id, view.version);
    if app.decisions.peek(id, version).is_some_and(|fate| fate.open() || matches!(fate, Fate::Receipted(_))) {
        return;
    }
    let Some(key) = fresh_key().and_then(|key| IdempotencyKey::new(key).ok()) else {
        let problem = Problem {
            kind: "no-random-numbers".to_owned(),
            title: "This browser gives no random numbers".to_owned(),
            status: 0,
            detail: Some("Without them the decision can't be sent safely. Nothing was sent.".to_owned()),
            field: None,
            rule: None,
            errors: vec![],
        };
        app.decisions.set(id, version, Some(Fate::Refused(Box::new(problem))));
        return;
    };
    let signed = Signed { key, request: ReviewRequest { decision, reason, digest: view.digest, evidence } };
    app.decisions.set(id, version, Some(Fate::Queued { since: app.now_exact() }));
    spawn_local(deliver(app, id, version, signed));
}

/// Takes back a decision that was not sent yet.
pub fn withdraw_queued(app: App, id: ChangeId, version: u32) {
    if app.decisions.peek(id, version).is_some_and(|fate| fate.withdrawable()) {
        app.decisions.set(id, version, None);
    }
}

/// Clears a refusal, so that the reader can decide anew.
pub fn forget_refusal(app: App, id: ChangeId, version: u32) {
    if matches!(app.decisions.peek(id, version), Some(Fate::Refused(_))) {
        app.decisions.set(id, version, None);
    }
}

async fn deliver(app: App, id: ChangeId, version: u32, signed: Signed) {
    let since = app.now_exact();
    let mut tries = 0;
    loop {
        // Offline, it waits; unsent, it can be withdrawn meanwhile.
        while tries == 0 && matches!(app.connection.get_untracked(), Connection::Offline { .. }) {
            TimeoutFuture::new(300).await;
            if app.decisions.peek(id, version).is_none() {
                return;
            }
        }
        if app.decisions.peek(id, version).is_none() {
            return;
        }
        app.decisions.set(id, version, Some(Fate::Sending));
        match client::review(id, version, &signed.key, &signed.request).await {
            Ok(receipt) => {
                app.decisions.set(id, version, Some(judged(&signed, version, receipt)));
                break;
            }
            Err(ClientError::Refused(problem)) if !is_passing(&problem) => {
                app.decisions.set(id, version, Some(Fate::Refused(problem)));
                break;
            }
            Err(_) => {
                tries += 1;
                app.decisions.set(id, version, Some(Fate::Unanswered { since, tries }));
                TimeoutFuture::new(wait_ms(tries - 1)).await;
            }
        }
    }
    super::load_change(app, id);
}

/// A refusal that says nothing about the decision itself: it is sent again under the same key.
fn is_passing(problem: &Problem) -> bool {
    matches!(problem.status, 429 | 500..=599) || problem.slug() == "key-in-flight"
}
