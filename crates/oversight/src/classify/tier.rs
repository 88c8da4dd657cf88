//! From what is known of an action to its risk tier: one table, no weights. What the ingredients are is
//! `action_table` and `estate`; who must review which tier is the policy's to say.

use crate::vocabulary::{AccessLevel, Environment, Reversibility, Tier};

/// What the tier follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ingredients {
    pub access_level: AccessLevel,
    pub environment: Environment,
    pub reversibility: Reversibility,
    pub on_critical_path: bool,
    pub returns_credentials: bool,
    /// Stops audit or guardrails, widens the agent's own permissions, grants everything or opens to everyone.
    pub removes_a_limit: bool,
}

/// The tier, by this table; the first row that holds governs.
///
/// | what | sandbox, development | staging | production |
/// | --- | --- | --- | --- |
/// | stops audit or guardrails, widens the agent's own permissions, grants everything, opens to everyone | critical | critical | critical |
/// | permissions management, or on a critical path; irreversible | high | high | critical |
/// | permissions management, or on a critical path; otherwise | moderate | high | high |
/// | write or tagging; irreversible | moderate | high | high |
/// | write or tagging; compensable | moderate | moderate | high |
/// | write or tagging; reversible | low | moderate | moderate |
/// | list or read that returns credentials | moderate | moderate | high |
/// | list or read | low | low | low |
///
/// An unknown ingredient is tried as each thing it could be: where all of them give one tier, that is the
/// tier; where they differ, it is unknown, which policy counts as high.
pub fn tier(given: Ingredients) -> Tier {
    let levels: &[AccessLevel] = match &given.access_level {
        AccessLevel::Unknown => &[
            AccessLevel::List,
            AccessLevel::Read,
            AccessLevel::Write,
            AccessLevel::Tagging,
            AccessLevel::PermissionsManagement,
        ],
        known => std::slice::from_ref(known),
    };
    let environments: &[Environment] = match &given.environment {
        Environment::Unknown => &[Environment::Sandbox, Environment::Staging, Environment::Production],
        known => std::slice::from_ref(known),
    };
    let classes: &[Reversibility] = match &given.reversibility {
        Reversibility::Unknown => &[Reversibility::Reversible, Reversibility::Compensable, Reversibility::Irreversible],
        known => std::slice::from_ref(known),
    };
    let mut found = None;
    for access_level in levels {
        for environment in environments {
            for reversibility in classes {
                let one = known(Ingredients {
                    access_level: *access_level,
                    environment: *environment,
                    reversibility: *reversibility,
                    ..given
                });
                match found {
                    None => found = Some(one),
                    Some(before) if before == one => {}
                    Some(_) => return Tier::Unknown,
                }
            }
        }
    }
    found.unwrap_or(Tier::Unknown)
}

fn known(given: Ingredients) -> Tier {
    use Tier::{Critical, High, Low, Moderate};
    let by_place = |test: Tier, staging: Tier, production: Tier| match given.environment {
        Environment::Sandbox | Environment::Development => test,
        Environment::Staging => staging,
        Environment::Production | Environment::Unknown => production,
    };
    if given.removes_a_limit {
        return Critical;
    }
    let irreversible = given.reversibility.effective() == Reversibility::Irreversible;
    if given.access_level.is_read_only() {
        return if given.returns_credentials { by_place(Moderate, Moderate, High) } else { Low };
    }
    if given.access_level == AccessLevel::PermissionsManagement || given.on_critical_path {
        return if irreversible { by_place(High, High, Critical) } else { by_place(Moderate, High, High) };
    }
    match given.reversibility {
        Reversibility::Reversible => by_place(Low, Moderate, Moderate),
        Reversibility::Compensable => by_place(Moderate, Moderate, High),
        Reversibility::Irreversible | Reversibility::Unknown => by_place(Moderate, High, High),
    }
}

/// The sentence that says which row held; `limit` says which limit is removed.
pub fn sentence(given: Ingredients, tier: Tier, limit: Option<&str>) -> String {
    let place = match given.environment {
        Environment::Unknown => "in an unknown environment".to_owned(),
        known => format!("in {known}"),
    };
    let what = if let Some(limit) = limit {
        limit.to_owned()
    } else {
        let path = if given.on_critical_path { " on a critical path" } else { "" };
        let verb = match given.access_level {
            AccessLevel::List | AccessLevel::Read if given.returns_credentials => {
                "a read that returns credentials".to_owned()
            }
            AccessLevel::List | AccessLevel::Read => "it only reads".to_owned(),
            AccessLevel::Write => "a write".to_owned(),
            AccessLevel::Tagging => "a change of tags".to_owned(),
            AccessLevel::PermissionsManagement => "a change of permissions".to_owned(),
            AccessLevel::Unknown => "an operation whose access level is not known".to_owned(),
        };
        let class = match given.reversibility {
            _ if given.access_level.is_read_only() => String::new(),
            Reversibility::Unknown => ", its reversibility unknown".to_owned(),
            class => format!(", {class}"),
        };
        format!("{verb}{path} {place}{class}")
    };
    match tier {
        Tier::Unknown => format!("The tier is unknown, which counts as high: {what}."),
        known => format!("The tier is {known}: {what}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Ingredients> {
        let mut every = Vec::new();
        for access_level in AccessLevel::ALL {
            for environment in Environment::ALL {
                for reversibility in Reversibility::ALL {
                    for bits in 0..8u8 {
                        every.push(Ingredients {
                            access_level: *access_level,
                            environment: *environment,
                            reversibility: *reversibility,
                            on_critical_path: bits & 1 != 0,
                            returns_credentials: bits & 2 != 0,
                            removes_a_limit: bits & 4 != 0,
                        });
                    }
                }
            }
        }
        every
    }

    #[test]
    fn graver_ingredients_never_give_a_lower_tier() {
        for given in all() {
            let before = tier(given).effective();
            assert!(
                tier(Ingredients { on_critical_path: true, ..given }).effective() >= before
                    || tier(given) == Tier::Unknown,
                "{given:?}"
            );
            assert!(tier(Ingredients { removes_a_limit: true, ..given }) == Tier::Critical, "{given:?}");
            if !given.access_level.is_read_only() && given.access_level != AccessLevel::Unknown {
                let worse = Ingredients {
                    access_level: AccessLevel::PermissionsManagement,
                    environment: Environment::Production,
                    reversibility: Reversibility::Irreversible,
                    ..given
                };
                assert_eq!(tier(worse), Tier::Critical, "{given:?}");
            }
        }
    }

    #[test]
    fn not_knowing_never_lowers_the_effective_tier_below_what_policy_asks_of_the_worst() {
        for given in all() {
            for less in [
                Ingredients { environment: Environment::Unknown, ..given },
                Ingredients { reversibility: Reversibility::Unknown, ..given },
                Ingredients { access_level: AccessLevel::Unknown, ..given },
            ] {
                // Critical comes of irreversible in production or of a limit removed; policy asks for the former
                // by environment and reversibility, which count as such when unknown.
                let asked = tier(given).effective().min(Tier::High);
                assert!(tier(less).effective() >= asked, "{given:?} {less:?}");
            }
        }
    }

    #[test]
    fn every_sentence_is_whole() {
        for given in all() {
            let text = sentence(given, tier(given), None);
            assert!(text.starts_with("The tier is ") && text.ends_with('.') && !text.contains("  "), "{text}");
        }
    }
}
