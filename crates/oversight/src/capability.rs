//! What each role may do, and in which states: one table, with the reason where it may not. The endpoint
//! enforces by it and the app disables by it, so that a button never promises what the endpoint refuses.
//! What depends on the person (groups, separation of duties, votes) is `review`.

use crate::state::State;
use crate::vocabulary::Role;
use serde::{Deserialize, Serialize};

/// Something a signed-in party may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    ReadSession,
    ReadRecords,
    ReadChanges,
    ReadAgents,
    ReadPolicy,
    Review,
    Comment,
    Propose,
    Amend,
    Cancel,
    Redeem,
    ReportOutcome,
    AppendRecords,
    Revoke,
    PauseAgent,
    ResumeAgent,
}

/// How far a deed reaches for a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    All,
    /// An agent: its own changes and records.
    Own,
    /// An executor: changes that are approved or redeemed.
    Approved,
}

/// Why a deed is refused. `rule` is stable; `reason` is a sentence for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    pub rule: String,
    pub reason: String,
}

impl Refusal {
    pub fn new(rule: &str, reason: impl Into<String>) -> Self {
        Refusal { rule: rule.to_owned(), reason: reason.into() }
    }
}

impl Deed {
    pub const ALL: [Deed; 16] = [
        Deed::ReadSession,
        Deed::ReadRecords,
        Deed::ReadChanges,
        Deed::ReadAgents,
        Deed::ReadPolicy,
        Deed::Review,
        Deed::Comment,
        Deed::Propose,
        Deed::Amend,
        Deed::Cancel,
        Deed::Redeem,
        Deed::ReportOutcome,
        Deed::AppendRecords,
        Deed::Revoke,
        Deed::PauseAgent,
        Deed::ResumeAgent,
    ];

    /// The deed as the end of "… can't …".
    const fn words(self) -> &'static str {
        match self {
            Deed::ReadSession => "see a session",
            Deed::ReadRecords => "read audit records",
            Deed::ReadChanges => "read changes",
            Deed::ReadAgents => "read the agents",
            Deed::ReadPolicy => "read the policy",
            Deed::Review => "review a change",
            Deed::Comment => "comment on a change",
            Deed::Propose => "propose a change",
            Deed::Amend => "amend a change",
            Deed::Cancel => "withdraw a change",
            Deed::Redeem => "redeem an approval",
            Deed::ReportOutcome => "report an outcome",
            Deed::AppendRecords => "append records",
            Deed::Revoke => "revoke an approval",
            Deed::PauseAgent => "pause an agent",
            Deed::ResumeAgent => "resume an agent",
        }
    }
}

const fn role_words(role: Role) -> &'static str {
    match role {
        Role::Customer => "a customer",
        Role::Engineer => "an engineer",
        Role::Manager => "a manager",
        Role::Agent => "an agent",
        Role::Executor => "an executor",
        Role::Importer => "an importer",
    }
}

/// Whether `role` may do `deed` at all, and how far.
pub fn role_allows(deed: Deed, role: Role) -> Result<Scope, Refusal> {
    use Role::*;
    let scope = match (deed, role) {
        (Deed::ReadSession, _) => Some(Scope::All),
        (Deed::ReadRecords | Deed::ReadChanges, Engineer | Manager) => Some(Scope::All),
        (Deed::ReadAgents | Deed::ReadPolicy, Engineer | Manager) => Some(Scope::All),
        (Deed::ReadChanges, Agent) => Some(Scope::Own),
        (Deed::ReadChanges, Executor) => Some(Scope::Approved),
        (Deed::Review, Engineer | Manager) => Some(Scope::All),
        (Deed::Comment, Engineer | Manager) => Some(Scope::All),
        (Deed::Comment, Agent) => Some(Scope::Own),
        (Deed::Propose | Deed::Amend | Deed::Cancel, Agent) => Some(Scope::Own),
        (Deed::Redeem | Deed::ReportOutcome, Executor) => Some(Scope::Approved),
        (Deed::AppendRecords, Agent | Executor | Importer) => Some(Scope::Own),
        (Deed::Revoke | Deed::PauseAgent, Engineer | Manager) => Some(Scope::All),
        (Deed::ResumeAgent, Manager) => Some(Scope::All),
        _ => None,
    };
    scope.ok_or_else(|| Refusal::new("role", format!("{} can't {}.", capital(role_words(role)), deed.words())))
}

/// Whether a change in `state` allows `deed`, whoever asks.
pub fn state_allows(deed: Deed, state: State) -> Result<(), Refusal> {
    let allowed = match deed {
        Deed::Review | Deed::Cancel => state == State::Pending,
        Deed::Amend => state.is_open(),
        Deed::Redeem | Deed::Revoke => state == State::Approved,
        Deed::ReportOutcome => state == State::Redeemed,
        _ => true,
    };
    if allowed {
        return Ok(());
    }
    let (rule, reason) = match (deed, state) {
        (Deed::Review, State::Expired) => ("expired", "It expired before it was decided.".to_owned()),
        (Deed::Review, _) => ("already-decided", format!("It is {} already.", state.words())),
        (Deed::Cancel, _) => {
            ("not-pending", format!("Only a pending change can be withdrawn; this one is {}.", state.words()))
        }
        (Deed::Amend, _) => {
            ("not-open", format!("Only a pending or approved change can be amended; this one is {}.", state.words()))
        }
        (Deed::Redeem, State::Pending) => ("not-approved", "It is not approved yet.".to_owned()),
        (Deed::Redeem, State::Redeemed | State::Verified | State::RolledBack | State::Failed) => {
            ("already-redeemed", "It has been redeemed; an approval is used once.".to_owned())
        }
        (Deed::Redeem, _) => ("not-approved", format!("It is {}, not approved.", state.words())),
        (Deed::Revoke, State::Pending) => {
            ("not-approved", "There is no approval to revoke yet; reject it instead.".to_owned())
        }
        (Deed::Revoke, _) => ("not-approved", format!("There is no approval to revoke; it is {}.", state.words())),
        _ => ("not-redeemed", format!("Only a redeemed change has an outcome; this one is {}.", state.words())),
    };
    Err(Refusal::new(rule, reason))
}

/// Both: role first, then state.
pub fn may(deed: Deed, role: Role, state: State) -> Result<Scope, Refusal> {
    let scope = role_allows(deed, role)?;
    state_allows(deed, state)?;
    if scope == Scope::Approved && !matches!(state, State::Approved | State::Redeemed) && deed == Deed::ReadChanges {
        return Err(Refusal::new("not-approved", "An executor sees approved and redeemed changes alone."));
    }
    Ok(scope)
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The design's table, a row a deed: customer, engineer, manager, agent, executor, importer.
    const TABLE: &[(Deed, &str)] = &[
        (Deed::ReadSession, "yyyyyy"),
        (Deed::ReadRecords, "nyynnn"),
        (Deed::ReadChanges, "nyyoan"),
        (Deed::ReadAgents, "nyynnn"),
        (Deed::ReadPolicy, "nyynnn"),
        (Deed::Review, "nyynnn"),
        (Deed::Comment, "nyyonn"),
        (Deed::Propose, "nnnonn"),
        (Deed::Amend, "nnnonn"),
        (Deed::Cancel, "nnnonn"),
        (Deed::Redeem, "nnnnan"),
        (Deed::ReportOutcome, "nnnnan"),
        (Deed::AppendRecords, "nnnooo"),
        (Deed::Revoke, "nyynnn"),
        (Deed::PauseAgent, "nyynnn"),
        (Deed::ResumeAgent, "nnynnn"),
    ];

    #[test]
    fn every_cell_of_role_by_deed_is_the_designs() {
        assert_eq!(TABLE.len(), Deed::ALL.len());
        for (deed, row) in TABLE {
            for (role, cell) in Role::ALL.iter().zip(row.chars()) {
                let expected = match cell {
                    'y' => Some(Scope::All),
                    'o' => Some(Scope::Own),
                    'a' => Some(Scope::Approved),
                    _ => None,
                };
                let given = role_allows(*deed, *role);
                assert_eq!(given.as_ref().ok().copied(), expected, "{deed:?} {role}");
                if let Err(refusal) = given {
                    assert!(refusal.reason.ends_with('.') && refusal.rule == "role", "{refusal:?}");
                }
            }
        }
    }

    #[test]
    fn a_deed_the_state_refuses_says_why() {
        for (deed, allowed) in [
            (Deed::Review, vec![State::Pending]),
            (Deed::Cancel, vec![State::Pending]),
            (Deed::Amend, vec![State::Pending, State::Approved]),
            (Deed::Redeem, vec![State::Approved]),
            (Deed::Revoke, vec![State::Approved]),
            (Deed::ReportOutcome, vec![State::Redeemed]),
            (Deed::Comment, State::ALL.to_vec()),
        ] {
            for state in State::ALL {
                let given = state_allows(deed, state);
                assert_eq!(given.is_ok(), allowed.contains(&state), "{deed:?} {state}");
                if let Err(refusal) = given {
                    assert!(refusal.reason.ends_with('.') && !refusal.rule.is_empty());
                }
            }
        }
        assert_eq!(state_allows(Deed::Redeem, State::Verified).unwrap_err().rule, "already-redeemed");
        assert_eq!(
            may(Deed::Redeem, Role::Manager, State::Pending).unwrap_err().reason,
            "A manager can't redeem an approval."
        );
    }
}
