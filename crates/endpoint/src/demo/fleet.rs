//! Who the demonstration's agents are, registration and owner of each, and the people who prompt them. What they say
//! is `scenes`, when they act is `stage`.

use crate::desk::Principal;
use oversight::id::{AgentUid, BadId, PersonUid};
use oversight::missing::Field;
use oversight::record::{Agent, Model};
use oversight::vocabulary::Role;

/// An agent as it is enrolled.
#[derive(Debug, Clone)]
pub struct Member {
    pub principal: Principal,
    pub profile: Agent,
}

/// uid, name, version, owner. One is owned by a reviewer of the group sre, who can't decide on what it proposes.
const MEMBERS: [(&str, &str, &str, &str); 7] = [
    ("cost-optimizer", "Cost optimizer", "2.4.1", "finops-lead"),
    ("incident-triage", "Incident triage", "5.0.3", "engineer-1"),
    ("cert-rotator", "Certificate rotator", "1.9.0", "security-lead"),
    ("dns-maintainer", "DNS maintainer", "1.2.7", "network-lead"),
    ("db-tuner", "Database tuner", "3.1.0", "manager"),
    ("invoice-reconciler", "Invoice reconciler", "0.8.2", "finops-lead"),
    ("log-compactor", "Log compactor", "1.0.5", "platform-lead"),
];

/// People beside the local ones: they own or prompt agents and start their sessions. None of them signs in.
const PEOPLE: [&str; 7] =
    ["billing-clerk", "data-lead", "finops-lead", "incident-lead", "network-lead", "platform-lead", "security-lead"];

/// The people, as they are enrolled: engineers who are in no group of reviewers.
pub fn people() -> impl Iterator<Item = Principal> {
    PEOPLE.iter().map(|uid| Principal { uid: (*uid).to_owned(), role: Role::Engineer, groups: Vec::new(), owner: None })
}

/// The fleet, in the order in which it is enrolled.
pub fn members() -> Vec<Member> {
    // The names above are plain; a test enrols every one of them.
    MEMBERS.iter().filter_map(|row| member(*row).ok()).collect()
}

/// One agent: uid, name, version, owner.
pub(super) fn member((uid, name, version, owner): (&str, &str, &str, &str)) -> Result<Member, BadId> {
    let owner = PersonUid::new(owner)?;
    Ok(Member {
        principal: Principal { uid: uid.to_owned(), role: Role::Agent, groups: Vec::new(), owner: Some(owner.clone()) },
        profile: Agent {
            uid: AgentUid::new(uid)?,
            name: name.to_owned(),
            version: Field::Is(version.to_owned()),
            owner: Field::Is(owner),
            model: Field::Is(Model {
                provider: "fairlead".to_owned(),
                name: "fairlead-operator".to_owned(),
                version: Field::Is("2026-09".to_owned()),
            }),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_member() {
        assert_eq!(members().len(), MEMBERS.len());
    }
}
