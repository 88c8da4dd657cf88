//! Who acts in the demonstration's past: the fleet, and agents that have been retired or paused since. The people and
//! machines that sign in are the endpoint's own and come from outside; what happened to whom is `chapters`.

use crate::demo::fleet;
use crate::desk::Principal;
use oversight::record::Agent;

/// An agent, with the first day it was there.
#[derive(Debug, Clone)]
pub struct Player {
    pub principal: Principal,
    pub profile: Agent,
    pub since: i64,
}

/// uid, name, version, owner, first day. Until when each proposed is said of what it proposed.
const SINCE_GONE: [(&str, &str, &str, &str, i64); 6] = [
    ("deploy-pilot", "Deploy pilot", "0.9.4", "platform-lead", 8),
    ("image-builder", "Image builder", "2.0.1", "platform-lead", 0),
    ("access-reviewer", "Access reviewer", "1.3.0", "security-lead", 0),
    ("report-writer", "Report writer", "4.2.2", "data-lead", 0),
    ("data-archiver", "Data archiver", "1.1.8", "data-lead", 0),
    ("network-scout", "Network scout", "0.2.0", "network-lead", 40),
];

/// An agent of another source, known from what was imported alone: uid and name.
pub const ELSEWHERE: (&str, &str) = ("terraform-runner", "Terraform runner");

/// Everyone, the fleet first.
pub fn players() -> Vec<Player> {
    let fleet = fleet::members().into_iter().map(|member| (member, 0));
    // The names above are plain; a test reads every one of them.
    let gone = SINCE_GONE.iter().filter_map(|(uid, name, version, owner, since)| {
        Some((fleet::member((uid, name, version, owner)).ok()?, *since))
    });
    let player =
        |(member, since): (fleet::Member, i64)| Player { principal: member.principal, profile: member.profile, since };
    fleet.chain(gone).map(player).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_player_and_no_two_are_one() {
        let players = players();
        assert_eq!(players.len(), fleet::members().len() + SINCE_GONE.len());
        let uids: std::collections::BTreeSet<_> = players.iter().map(|player| &player.profile.uid).collect();
        assert_eq!(uids.len(), players.len());
    }
}
