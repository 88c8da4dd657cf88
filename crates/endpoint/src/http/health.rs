//! Whether the endpoint is alive, and whether it can take writes. The sweep of `command::serve` runs four
//! times a second and says here how it went.

use super::Endpoint;
use super::problem::{Answered, Denial};
use axum::extract::State;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// When the sweep last succeeded.
#[derive(Debug, Default)]
pub struct Health {
    swept: Mutex<Option<Instant>>,
}

/// A sweep must have succeeded within this.
const FRESH: Duration = Duration::from_secs(5);

impl Health {
    pub fn swept(&self, at: Instant) {
        *self.swept.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(at);
    }

    fn is_fresh(&self, now: Instant) -> bool {
        let swept = *self.swept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        swept.is_some_and(|at| now.saturating_duration_since(at) < FRESH)
    }
}

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the log can be read and due changes are being settled, which writes.
pub async fn ready(State(endpoint): State<Endpoint>) -> Answered<&'static str> {
    endpoint.desk.sequence().await?;
    if !endpoint.health.is_fresh(Instant::now()) {
        return Err(Denial::new("unavailable").detail("Changes that are due could not be settled for 5 seconds."));
    }
    Ok("ready\n")
}
