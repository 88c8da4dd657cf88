//! Loading the agents, stopping one and letting it go on.

use super::{Done, mark_slow, trouble};
use crate::data::client::{self, ClientError};
use crate::state::App;
use crate::state::status::Status;
use leptos::prelude::*;
use leptos::task::spawn_local;
use oversight::contract::PauseView;
use oversight::id::AgentUid;
use std::cell::Cell;

thread_local! {
    /// A load under way, and whether another was asked for meanwhile: a burst of records makes two loads, not fifty.
    static UNDER_WAY: Cell<(bool, bool)> = const { Cell::new((false, false)) };
}

/// Loads every agent; what is shown stays until then.
pub fn load_agents(app: App) {
    if UNDER_WAY.get().0 {
        UNDER_WAY.set((true, true));
        return;
    }
    UNDER_WAY.set((true, false));
    mark_slow(app.agents.status);
    spawn_local(async move {
        match client::agents().await {
            Ok(page) => app.agents.take_all(page.items),
            Err(error) if app.agents.status.with_untracked(|status| status.ready().is_none()) => {
                app.agents.status.set(Status::Failed(trouble(error, "Nothing was changed.")));
            }
            Err(_) => {}
        }
        let again = UNDER_WAY.get().1;
        UNDER_WAY.set((false, false));
        if again {
            load_agents(app);
        }
    });
}

/// Only a refusal says for certain that nothing was done.
fn kept(error: &ClientError, refused: &'static str) -> &'static str {
    match error {
        ClientError::Refused(_) => refused,
        _ => "Whether it was done is not known; the agent's state is asked for again.",
    }
}

/// Stops an agent at once.
pub fn pause(app: App, agent: AgentUid, reason: String, done: Done<PauseView>) {
    spawn_local(async move {
        let outcome = client::pause(&agent, reason)
            .await
            .map_err(|error| trouble(error.clone(), kept(&error, "The agent goes on as before.")));
        load_agents(app);
        done.try_run((outcome,));
    });
}

/// Lets a paused agent go on.
pub fn resume(app: App, agent: AgentUid, reason: String, done: Done<()>) {
    spawn_local(async move {
        let outcome = client::resume(&agent, reason)
            .await
            .map_err(|error| trouble(error.clone(), kept(&error, "The agent stays paused.")));
        load_agents(app);
        done.try_run((outcome,));
    });
}
