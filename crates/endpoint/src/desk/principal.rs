//! Who is asking, as the endpoint registered them. What each role may do is `oversight::capability`; how a
//! token or session leads to a principal is `enrolment`.

use oversight::id::{Group, PersonUid};
use oversight::review::Person;
use oversight::vocabulary::Role;
use serde::{Deserialize, Serialize};

/// A signed-in party: a person by session, a machine by bearer token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    pub uid: String,
    pub role: Role,
    pub groups: Vec<Group>,
    /// Of an agent: the person who answers for it.
    pub owner: Option<PersonUid>,
}

impl Principal {
    /// As the rules of review see it. A uid that can't be a person's is nobody's.
    pub fn person(&self) -> Option<Person> {
        let uid = PersonUid::new(self.uid.clone()).ok()?;
        Some(Person { uid, role: self.role, groups: self.groups.clone() })
    }

    /// Whether people sign in as this; machines carry tokens.
    pub fn is_person(&self) -> bool {
        is_person(self.role)
    }
}

pub(super) fn is_person(role: Role) -> bool {
    matches!(role, Role::Customer | Role::Engineer | Role::Manager)
}
