//! The closed word lists of the domain, each with its wire spelling. A word outside its list is an
//! error that names the list; nothing past the edge holds such a word as a string.

use std::fmt;

/// A string that is not in one of the closed word lists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not {what}; expected one of {}", .expected.join(", "))]
pub struct UnknownWord {
    /// What the list is of, with its article: "an access level".
    pub what: &'static str,
    /// The word as given, cut to 64 characters.
    pub given: String,
    /// Every word of the list, in order.
    pub expected: &'static [&'static str],
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal, { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every member, in the order of the list.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// Every wire spelling, in the order of the list.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The wire spelling.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok($name::$variant),)+
                    other => Err(UnknownWord { what: $what, given: other.chars().take(64).collect(), expected: Self::WORDS }),
                }
            }
        }
    };
}

words! {
    /// What kind of event an audit record is.
    Kind, "a record kind", {
        Recommendation = "recommendation", Proposal = "proposal", Amendment = "amendment",
        PolicyDecision = "policy_decision", Review = "review", Comment = "comment", Expiry = "expiry",
        Supersession = "supersession", Cancellation = "cancellation", Redemption = "redemption",
        Lapse = "lapse", Revocation = "revocation", Execution = "execution",
        Verification = "verification", Rollback = "rollback", Pause = "pause", Resume = "resume",
        BreakGlass = "break_glass", Ratification = "ratification", PolicyLoad = "policy_load",
        Anomaly = "anomaly", Acknowledgement = "acknowledgement", Suppression = "suppression",
        IncidentUpdate = "incident_update", Claim = "claim", Enrolment = "enrolment",
    }
}

words! {
    /// What an operation does to what it touches, as AWS's service authorization reference classes actions.
    AccessLevel, "an access level", {
        List = "list", Read = "read", Write = "write", Tagging = "tagging",
        PermissionsManagement = "permissions_management",
        /// The action table lacks the operation. Treated as `permissions_management`, the dangerous case.
        Unknown = "unknown",
    }
}

words! {
    /// A path whose interruption stops everything else.
    CriticalPath, "a critical path", {
        Authentication = "authentication", Networking = "networking", Billing = "billing",
    }
}

words! {
    /// How much is at stake. Unknown counts as high.
    Tier, "a risk tier", {
        Low = "low", Moderate = "moderate", High = "high", Critical = "critical", Unknown = "unknown",
    }
}

words! {
    /// Whether an action can be undone (OWASP AISVS). Unknown counts as irreversible.
    Reversibility, "a reversibility class", {
        Reversible = "reversible", Compensable = "compensable", Irreversible = "irreversible", Unknown = "unknown",
    }
}

words! {
    /// Where an action lands. Unknown counts as production.
    Environment, "an environment", {
        Production = "production", Staging = "staging", Development = "development", Sandbox = "sandbox", Unknown = "unknown",
    }
}

words! {
    /// What the review policy says of a version.
    Effect, "a policy decision", {
        /// Autonomous: recorded, nobody asked.
        Allow = "allow",
        /// Refused, whoever approves.
        Deny = "deny",
        /// People must approve, as the requirement says.
        NeedsReview = "needs_review",
    }
}

words! {
    /// A reviewer's word.
    Decision, "a decision", { Approve = "approve", Reject = "reject" }
}

words! {
    /// Who vouches for a part of a record.
    Asserter, "an asserter", {
        Agent = "agent", Endpoint = "endpoint", Executor = "executor", Importer = "importer", Person = "person",
    }
}

words! {
    /// What a signed-in party is to the endpoint. People are the first three, machines the others.
    Role, "a role", {
        Customer = "customer", Engineer = "engineer", Manager = "manager", Agent = "agent",
        Executor = "executor", Importer = "importer",
    }
}

words! {
    /// How an action ended (OCSF `status`).
    OutcomeStatus, "an outcome status", { Success = "success", Failure = "failure", Unknown = "unknown" }
}

words! {
    /// How grave a finding is. `high` must be acknowledged before an approval can be committed.
    Severity, "a severity", { Info = "info", Low = "low", Medium = "medium", High = "high" }
}

words! {
    /// By which way a review reached the endpoint.
    Channel, "a channel", { Browser = "browser", Api = "api" }
}

impl Tier {
    /// The tier that policy uses: unknown counts as high.
    pub fn effective(self) -> Tier {
        if self == Tier::Unknown { Tier::High } else { self }
    }
}

impl Environment {
    /// Whether policy treats it as production: unknown does.
    pub fn counts_as_production(self) -> bool {
        matches!(self, Environment::Production | Environment::Unknown)
    }
}

impl Reversibility {
    /// The class that policy uses: unknown counts as irreversible.
    pub fn effective(self) -> Reversibility {
        if self == Reversibility::Unknown { Reversibility::Irreversible } else { self }
    }

    /// The worse of two classes; the worst governs a plan of several steps. Unknown is worst.
    pub fn worse(self, other: Reversibility) -> Reversibility {
        self.max(other)
    }
}

impl AccessLevel {
    /// Whether it leaves everything as it was.
    pub fn is_read_only(self) -> bool {
        matches!(self, AccessLevel::List | AccessLevel::Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_as_itself() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse::<Kind>().unwrap(), *kind);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        let error = "delete".parse::<AccessLevel>().unwrap_err().to_string();
        assert!(error.contains("is not an access level") && error.contains("permissions_management"), "{error}");
    }

    #[test]
    fn unknown_is_the_dangerous_case() {
        assert_eq!(Tier::Unknown.effective(), Tier::High);
        assert!(Environment::Unknown.counts_as_production());
        assert_eq!(Reversibility::Unknown.effective(), Reversibility::Irreversible);
        assert_eq!(Reversibility::Unknown.worse(Reversibility::Irreversible), Reversibility::Unknown);
        assert!(!AccessLevel::Unknown.is_read_only());
    }
}
