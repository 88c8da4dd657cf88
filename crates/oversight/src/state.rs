//! The states of a change and the only ways from one to another. Who may bring an event about is
//! `capability`; what a quorum is, `review`.

use crate::vocabulary::UnknownWord;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a change stands. A change's state is that of its current version; an older version is superseded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum State {
    Pending,
    Approved,
    Rejected,
    Expired,
    Superseded,
    Cancelled,
    DeniedByPolicy,
    Redeemed,
    Revoked,
    Lapsed,
    Verified,
    RolledBack,
    Failed,
}

/// What can happen to a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The quorum is met, or the policy asks for nobody.
    QuorumMet,
    /// One reviewer rejected.
    Rejected,
    /// Its time came before the quorum.
    Expired,
    /// The agent, or another policy, made a new version.
    Superseded,
    /// The agent withdrew it.
    Cancelled,
    /// A `forbid` determined, or the policy could not be evaluated.
    Denied,
    /// An executor took it, once.
    Redeemed,
    /// An engineer or manager took the approval back.
    Revoked,
    /// Approved, and its time came before redemption.
    Lapsed,
    /// The executor reports that it holds.
    Verified,
    /// The executor reports that it was undone.
    RolledBack,
    /// The executor reports that it failed and was not undone.
    Failed,
}

/// An event that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a change that is {} can't become {}", .from.words(), .event.target().words())]
pub struct Conflict {
    pub from: State,
    pub event: Event,
}

impl Event {
    pub const ALL: [Event; 12] = [
        Event::QuorumMet,
        Event::Rejected,
        Event::Expired,
        Event::Superseded,
        Event::Cancelled,
        Event::Denied,
        Event::Redeemed,
        Event::Revoked,
        Event::Lapsed,
        Event::Verified,
        Event::RolledBack,
        Event::Failed,
    ];

    /// The state it leads to.
    pub const fn target(self) -> State {
        match self {
            Event::QuorumMet => State::Approved,
            Event::Rejected => State::Rejected,
            Event::Expired => State::Expired,
            Event::Superseded => State::Superseded,
            Event::Cancelled => State::Cancelled,
            Event::Denied => State::DeniedByPolicy,
            Event::Redeemed => State::Redeemed,
            Event::Revoked => State::Revoked,
            Event::Lapsed => State::Lapsed,
            Event::Verified => State::Verified,
            Event::RolledBack => State::RolledBack,
            Event::Failed => State::Failed,
        }
    }
}

impl State {
    pub const ALL: [State; 13] = [
        State::Pending,
        State::Approved,
        State::Rejected,
        State::Expired,
        State::Superseded,
        State::Cancelled,
        State::DeniedByPolicy,
        State::Redeemed,
        State::Revoked,
        State::Lapsed,
        State::Verified,
        State::RolledBack,
        State::Failed,
    ];

    /// The state after `event`, or why there is none.
    pub const fn after(self, event: Event) -> Result<State, Conflict> {
        let allowed = match self {
            State::Pending => matches!(
                event,
                Event::QuorumMet
                    | Event::Rejected
                    | Event::Expired
                    | Event::Superseded
                    | Event::Cancelled
                    | Event::Denied
            ),
            State::Approved => matches!(event, Event::Redeemed | Event::Revoked | Event::Lapsed | Event::Superseded),
            State::Redeemed => matches!(event, Event::Verified | Event::RolledBack | Event::Failed),
            _ => false,
        };
        if allowed { Ok(event.target()) } else { Err(Conflict { from: self, event }) }
    }

    /// Nothing can happen to it any more.
    pub const fn is_terminal(self) -> bool {
        !matches!(self, State::Pending | State::Approved | State::Redeemed)
    }

    /// People still decide, or an executor may still act.
    pub const fn is_open(self) -> bool {
        matches!(self, State::Pending | State::Approved)
    }

    /// The wire spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Approved => "approved",
            State::Rejected => "rejected",
            State::Expired => "expired",
            State::Superseded => "superseded",
            State::Cancelled => "cancelled",
            State::DeniedByPolicy => "denied_by_policy",
            State::Redeemed => "redeemed",
            State::Revoked => "revoked",
            State::Lapsed => "lapsed",
            State::Verified => "verified",
            State::RolledBack => "rolled_back",
            State::Failed => "failed",
        }
    }

    /// The words a reader sees.
    pub const fn words(self) -> &'static str {
        match self {
            State::DeniedByPolicy => "denied by policy",
            State::RolledBack => "rolled back",
            other => other.as_str(),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Every wire spelling, for messages.
pub const STATE_WORDS: &[&str] = &[
    "pending",
    "approved",
    "rejected",
    "expired",
    "superseded",
    "cancelled",
    "denied_by_policy",
    "redeemed",
    "revoked",
    "lapsed",
    "verified",
    "rolled_back",
    "failed",
];

impl std::str::FromStr for State {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        State::ALL.into_iter().find(|state| state.as_str() == word).ok_or_else(|| UnknownWord {
            what: "a state",
            given: word.chars().take(64).collect(),
            expected: STATE_WORDS,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transitions_are_those_of_the_design_and_no_others() {
        use State::*;
        let drawn = [
            (Pending, vec![Approved, Rejected, Expired, Superseded, Cancelled, DeniedByPolicy]),
            (Approved, vec![Superseded, Redeemed, Revoked, Lapsed]),
            (Redeemed, vec![Verified, RolledBack, Failed]),
        ];
        for from in State::ALL {
            let mut reached: Vec<State> = Event::ALL.into_iter().filter_map(|event| from.after(event).ok()).collect();
            reached.sort();
            let expected = drawn.iter().find(|(state, _)| *state == from).map_or(vec![], |(_, to)| to.clone());
            assert_eq!(reached, expected, "{from}");
            assert_eq!(from.is_terminal(), reached.is_empty(), "{from}");
            assert_eq!(from.as_str().parse::<State>().unwrap(), from);
            assert!(STATE_WORDS.contains(&from.as_str()));
        }
        assert_eq!(
            State::RolledBack.after(Event::Redeemed).unwrap_err().to_string(),
            "a change that is rolled back can't become redeemed"
        );
    }
}
