//! Whether the endpoint is alive, and whether it can take writes. `command::serve` tries both each second and
//! says here how it went, so that whoever asks never takes a turn to write.

use super::Endpoint;
use super::problem::{Answered, Denial};
use axum::extract::State;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// When a write could last begin.
#[derive(Debug, Default)]
pub struct Health {
    writable: Mutex<Option<Instant>>,
}

/// A write must have been possible within this.
const FRESH: Duration = Duration::from_secs(5);

impl Health {
    pub fn writable(&self, at: Instant) {
        *self.writable.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(at);
    }

    fn is_fresh(&self, now: Instant) -> bool {
        let writable = *self.writable.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        writable.is_some_and(|at| now.saturating_duration_since(at) < FRESH)
    }
}

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the log can be read and written.
pub async fn ready(State(endpoint): State<Endpoint>) -> Answered<&'static str> {
    endpoint.desk.sequence().await?;
    if !endpoint.health.is_fresh(Instant::now()) {
        return Err(Denial::new("unavailable").detail("The database has taken no write for 5 seconds."));
    }
    Ok("ready\n")
}
