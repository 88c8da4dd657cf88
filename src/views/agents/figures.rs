//! An agent's figures, from what the endpoint counts: what it did by access level, how much alone, what can
//! stop it and why not. Pure; nothing here is counted anew, and no share is drawn below five cases.

use oversight::capability::{Deed, role_allows};
use oversight::contract::{AgentView, MAX_REASON, Share, UsedOperation};
use oversight::vocabulary::{AccessLevel, Role};

/// Below how many cases a share says nothing.
pub const LEAST: u64 = 5;

/// The most operations that the endpoint lists of one agent.
const MOST_USED: usize = 200;

/// The operations of one access level.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    pub level: AccessLevel,
    pub count: u64,
    pub failed: u64,
    pub used: Vec<UsedOperation>,
}

/// What an agent did, by access level, what is gravest first; within a level most used first.
pub fn by_level(used: &[UsedOperation]) -> Vec<Level> {
    const ORDER: [AccessLevel; 6] = [
        AccessLevel::PermissionsManagement,
        AccessLevel::Unknown,
        AccessLevel::Write,
        AccessLevel::Tagging,
        AccessLevel::Read,
        AccessLevel::List,
    ];
    let of = |level: AccessLevel| {
        let used: Vec<UsedOperation> = used.iter().filter(|used| used.access_level == level).cloned().collect();
        let count = used.iter().map(|used| used.count).sum();
        let failed = used.iter().map(|used| used.failed).sum();
        (!used.is_empty()).then_some(Level { level, count, failed, used })
    };
    ORDER.into_iter().filter_map(of).collect()
}

/// Whether the list of operations may be cut.
pub fn is_cut(used: &[UsedOperation]) -> bool {
    used.len() >= MOST_USED
}

/// How many actions, and in how many services.
pub fn done(used: &[UsedOperation]) -> (u64, usize) {
    let mut services = std::collections::BTreeSet::new();
    services.extend(used.iter().map(|used| used.service.as_str()));
    (used.iter().map(|used| used.count).sum(), services.len())
}

/// A share in whole per cent, rounded; `None` below five cases.
pub fn percent(share: &Share) -> Option<u64> {
    (share.denominator >= LEAST).then(|| (share.n * 100 + share.denominator / 2) / share.denominator)
}

/// What can be done to an agent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    Pause,
    Resume,
}

impl Stop {
    pub fn of(agent: &AgentView) -> Stop {
        if agent.paused.is_some() { Stop::Resume } else { Stop::Pause }
    }

    pub fn word(self) -> &'static str {
        match self {
            Stop::Pause => "Pause",
            Stop::Resume => "Resume",
        }
    }

    /// What it brings about, before one does it.
    pub fn effect(self) -> &'static str {
        match self {
            Stop::Pause => {
                "Redemption and review of its changes are refused until a manager resumes it. No clock stops."
            }
            Stop::Resume => {
                "Its changes can be reviewed and redeemed again at once. What expired meanwhile stays expired."
            }
        }
    }

    /// Why it can't be done, if so: the agent first, then the role, then the page.
    pub fn blocked(self, registered: bool, role: Option<Role>, read_only: Option<String>) -> Option<String> {
        if !registered {
            return Some(
                "Known from imported records alone: it holds no token here, so nothing here can stop it.".to_owned(),
            );
        }
        let deed = match self {
            Stop::Pause => Deed::PauseAgent,
            Stop::Resume => Deed::ResumeAgent,
        };
        let refused = role.and_then(|role| role_allows(deed, role).err()).map(|refusal| refusal.reason);
        refused.or(read_only)
    }
}

/// What is wrong with a reason, if anything.
pub fn reason_fault(reason: &str) -> Option<String> {
    let length = reason.trim().len();
    match length {
        0 => Some("A reason is required; it stands in the record.".to_owned()),
        _ if length > MAX_REASON => Some(format!("The reason is {length} bytes long; at most {MAX_REASON} are kept.")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(service: &str, access_level: AccessLevel, count: u64, failed: u64) -> UsedOperation {
        let last = "2026-01-01T00:00:00Z".parse().unwrap();
        UsedOperation { service: service.into(), operation: "Op".into(), access_level, count, failed, last }
    }

    #[test]
    fn what_was_done_stands_gravest_first_and_loses_nothing() {
        let all = [
            used("s3", AccessLevel::List, 90, 1),
            used("s3", AccessLevel::Read, 40, 0),
            used("iam", AccessLevel::PermissionsManagement, 2, 2),
            used("ec2", AccessLevel::Read, 7, 3),
            used("odd", AccessLevel::Unknown, 1, 0),
        ];
        let levels = by_level(&all);
        let words: Vec<_> = levels.iter().map(|level| (level.level, level.count, level.failed)).collect();
        assert_eq!(
            words,
            [
                (AccessLevel::PermissionsManagement, 2, 2),
                (AccessLevel::Unknown, 1, 0),
                (AccessLevel::Read, 47, 3),
                (AccessLevel::List, 90, 1),
            ]
        );
        assert_eq!(levels.iter().map(|level| level.used.len()).sum::<usize>(), all.len());
        assert_eq!(done(&all), (140, 4));
        // Each level of the domain has its place in the order.
        let one_each: Vec<_> = AccessLevel::ALL.iter().map(|level| used("s", *level, 1, 0)).collect();
        assert_eq!(by_level(&one_each).len(), AccessLevel::ALL.len());
    }

    #[test]
    fn a_share_of_few_is_withheld() {
        for (n, denominator, expected) in
            [(0, 0, None), (4, 4, None), (0, 5, Some(0)), (61, 214, Some(29)), (2, 3_000, Some(0)), (5, 5, Some(100))]
        {
            assert_eq!(percent(&Share { n, denominator, unknown: 9 }), expected, "{n} of {denominator}");
        }
    }

    #[test]
    fn who_may_stop_and_who_may_resume() {
        for (stop, registered, role, blocked) in [
            (Stop::Pause, true, Role::Engineer, None),
            (Stop::Pause, true, Role::Manager, None),
            (Stop::Resume, true, Role::Manager, None),
            (Stop::Resume, true, Role::Engineer, Some("An engineer can't")),
            (Stop::Pause, true, Role::Customer, Some("A customer can't")),
            (Stop::Pause, false, Role::Manager, Some("Known from imported records")),
        ] {
            let given = stop.blocked(registered, Some(role), None);
            assert_eq!(given.is_some(), blocked.is_some(), "{stop:?} {role}: {given:?}");
            assert!(given.unwrap_or_default().starts_with(blocked.unwrap_or_default()));
        }
        let shut = Some("The session is still loading.".to_owned());
        assert_eq!(Stop::Pause.blocked(true, None, shut.clone()), shut);
    }

    #[test]
    fn a_reason_is_asked_for_and_kept_within_its_length() {
        assert!(reason_fault(" \n").is_some() && reason_fault(&"é".repeat(2_049)).is_some());
        assert_eq!(reason_fault(&"é".repeat(2_048)), None);
    }
}
