//! How a load stands and what went wrong, in the reader's words: what happened, what was kept, what to do.

use oversight::contract::Problem;
use oversight::time::Instant;

/// A load of a `T`.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(clippy::large_enum_variant, reason = "a page holds a handful of them")]
pub enum Status<T> {
    #[default]
    Loading,
    /// Still loading after 300 ms: now a skeleton is worth drawing.
    Slow,
    Ready(T),
    Failed(Trouble),
}

impl<T> Status<T> {
    pub fn ready(&self) -> Option<&T> {
        match self {
            Status::Ready(value) => Some(value),
            _ => None,
        }
    }
}

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// What happened.
    pub what: String,
    /// What was kept.
    pub kept: String,
    /// What to do.
    pub next: String,
    /// The endpoint's own words, where it was a refusal.
    pub problem: Option<Problem>,
}

impl Trouble {
    /// The endpoint refused: its words are what happened.
    pub fn refused(problem: Problem, kept: &str) -> Trouble {
        let what = problem.detail.clone().unwrap_or_else(|| problem.title.clone());
        let next = match problem.status {
            401 => "Sign in again by one of the endpoint's links.",
            429 => "Wait a minute, then try again.",
            500.. => "Try again; if it stays, the endpoint's log has the cause.",
            _ => "Nothing else was changed.",
        };
        Trouble { what, kept: kept.to_owned(), next: next.to_owned(), problem: Some(problem) }
    }

    /// No answer from the endpoint.
    pub fn unreachable(kept: &str) -> Trouble {
        Trouble {
            what: "The endpoint does not answer.".to_owned(),
            kept: kept.to_owned(),
            next: "It is tried again by itself; you can also try now.".to_owned(),
            problem: None,
        }
    }

    /// An answer that this version of the app can't read.
    pub fn unreadable(detail: &str, kept: &str) -> Trouble {
        Trouble {
            what: format!("The endpoint's answer can't be read: {detail}."),
            kept: kept.to_owned(),
            next: "App and endpoint may be of different versions; reload the page.".to_owned(),
            problem: None,
        }
    }
}

/// How the page is connected to the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connection {
    #[default]
    Connecting,
    /// The stream is open.
    Live,
    /// The stream is not; the queue is asked for every few seconds.
    Polling,
    Offline {
        since: Instant,
    },
}
