//! What the review policy is asked and what it answers: the facts of a version, the requirement, and how
//! several determining policies combine. Evaluating Cedar is the endpoint's; counting votes is `review`.

use crate::id::Group;
use crate::vocabulary::{AccessLevel, CriticalPath, Effect, Environment, Reversibility, Tier};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the endpoint classified, whatever the agent says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Classification {
    pub access_level: AccessLevel,
    pub environment: Environment,
    /// Sorted, each once.
    pub critical_paths: Vec<CriticalPath>,
    pub tier: Tier,
    pub reversibility: Reversibility,
    /// The answer holds credentials or secrets.
    pub returns_credentials: bool,
    /// Stops or deletes an audit trail or a guardrail.
    pub audit_or_guardrail: bool,
    /// Widens the acting agent's own permissions.
    pub widens_own_permissions: bool,
    /// One sentence each: what led to the tier and to what is unknown.
    pub reasons: Vec<String>,
}

/// What a policy is evaluated on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFacts {
    pub agent: String,
    pub service: String,
    pub operation: String,
    pub classification: Classification,
    /// Whether who prompted the agent is an enrolled person.
    pub prompter_known: bool,
    /// Whether who started the session is an enrolled person.
    pub starter_known: bool,
    /// Whether the plan carries a typed rollback or compensation.
    pub has_rollback: bool,
}

/// How many people of one group must approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Slot {
    pub group: Group,
    /// At least 1.
    pub count: u32,
}

/// What it takes to approve a version. No slots: nobody is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Requirement {
    /// One a group, sorted by group.
    pub slots: Vec<Slot>,
    /// How long the version may wait and, approved, be redeemed, in seconds.
    pub expires_seconds: Option<u64>,
    pub canary_required: bool,
    pub rollback_required: bool,
}

impl Requirement {
    /// How many distinct people it asks for.
    pub fn people(&self) -> u32 {
        self.slots.iter().map(|slot| slot.count).sum()
    }

    /// Both at once: per group the maximum, the shorter expiry, the union of flags.
    pub fn and(self, other: Requirement) -> Requirement {
        let mut counts: BTreeMap<Group, u32> = BTreeMap::new();
        for slot in self.slots.into_iter().chain(other.slots) {
            let count = counts.entry(slot.group).or_default();
            *count = slot.count.max(*count);
        }
        Requirement {
            slots: counts.into_iter().map(|(group, count)| Slot { group, count }).collect(),
            expires_seconds: match (self.expires_seconds, other.expires_seconds) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (one, none) => one.or(none),
            },
            canary_required: self.canary_required || other.canary_required,
            rollback_required: self.rollback_required || other.rollback_required,
        }
    }

    /// Reads the annotations of one determining policy: `factor` as `sre:1,billing-owners:1`, `expires` as
    /// `90s`, `30m`, `1h` or `7d`, `canary` and `rollback` as `required`.
    pub fn from_annotations<'a>(annotation: impl Fn(&str) -> Option<&'a str>) -> Result<Requirement, BadAnnotation> {
        let mut requirement = Requirement::default();
        if let Some(factor) = annotation("factor") {
            for part in factor.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                let bad = || BadAnnotation {
                    name: "factor",
                    value: factor.to_owned(),
                    expected: "group:count, separated by commas",
                };
                let (group, count) = part.split_once(':').ok_or_else(bad)?;
                let count: u32 = count.trim().parse().map_err(|_| bad())?;
                if count == 0 || count > 16 {
                    return Err(bad());
                }
                let group = Group::new(group.trim()).map_err(|_| bad())?;
                requirement =
                    requirement.and(Requirement { slots: vec![Slot { group, count }], ..Requirement::default() });
            }
        }
        requirement.expires_seconds = annotation("expires").map(duration).transpose()?;
        requirement.canary_required = flag("canary", annotation("canary"))?;
        requirement.rollback_required = flag("rollback", annotation("rollback"))?;
        Ok(requirement)
    }
}

/// An annotation that can't be read; it stops the load.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("@{name}({value:?}): expected {expected}")]
pub struct BadAnnotation {
    pub name: &'static str,
    pub value: String,
    pub expected: &'static str,
}

fn flag(name: &'static str, value: Option<&str>) -> Result<bool, BadAnnotation> {
    match value {
        None => Ok(false),
        Some("required") => Ok(true),
        Some(other) => Err(BadAnnotation { name, value: other.to_owned(), expected: "\"required\"" }),
    }
}

fn duration(text: &str) -> Result<u64, BadAnnotation> {
    let bad = || BadAnnotation {
        name: "expires",
        value: text.to_owned(),
        expected: "a number and s, m, h or d, from 1s to 30d",
    };
    let unit = text.chars().last().ok_or_else(bad)?;
    let seconds_each = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(bad()),
    };
    let count: u64 = text[..text.len() - 1].parse().map_err(|_| bad())?;
    let seconds = count.checked_mul(seconds_each).ok_or_else(bad)?;
    if (1..=30 * 86_400).contains(&seconds) { Ok(seconds) } else { Err(bad()) }
}

/// A policy that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Determining {
    /// The policy's `@id`.
    pub id: String,
    /// The policy's `@title`, in words for the reader.
    pub title: String,
}

/// What the policy said of one version, as a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyOutcome {
    /// Which policy set: its name.
    pub uid: String,
    /// Which version of it: the first 12 hexadecimal digits of the SHA-256 of its text.
    pub version: String,
    pub decision: Effect,
    /// Sorted by id.
    pub determining: Vec<Determining>,
    pub requirement: Requirement,
    /// Evaluation errors; any makes the decision deny.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &'static str)]) -> Result<Requirement, BadAnnotation> {
        Requirement::from_annotations(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value))
    }

    #[test]
    fn annotations_combine_to_the_stricter() {
        let peer = read(&[("factor", "sre:1"), ("expires", "4h")]).unwrap();
        let billing =
            read(&[("factor", "sre:1, billing-owners:1"), ("expires", "1h"), ("rollback", "required")]).unwrap();
        let both = peer.clone().and(billing.clone());
        assert_eq!(both, billing.and(peer));
        assert_eq!(both.people(), 2);
        assert_eq!(both.expires_seconds, Some(3_600));
        assert!(both.rollback_required && !both.canary_required);
    }

    #[test]
    fn annotations_that_are_read_say_what_they_said() {
        use crate::generated::{Generator, Sample, cases, try_inputs};
        let samples =
            ["sre:1,billing-owners:2\n4h\nrequired", "identity-owners: 1 , sre:16\n90s\nrequired", ":1\n30d\n"];
        let samples = samples.map(|text| Sample::text(text, ","));
        let words = [
            "0",
            "16",
            "17",
            "4294967296",
            "30d",
            "31d",
            "2592000s",
            "2592001s",
            "18446744073709551615d",
            "1\u{b5}",
            "",
            " ",
            "required",
        ];
        let make = |made: &mut Generator| made.altered_text(&samples, &words);
        try_inputs("annotations", cases(5_000), make, |text| {
            let lines: Vec<&str> = text.split('\n').collect();
            let at = |index: usize| lines.get(index).copied();
            match Requirement::from_annotations(|name| match name {
                "factor" => at(0),
                "expires" => at(1),
                _ => at(2),
            }) {
                Ok(read) => {
                    let factor: Vec<String> =
                        read.slots.iter().map(|slot| format!("{}:{}", slot.group, slot.count)).collect();
                    let (factor, expires) =
                        (factor.join(","), read.expires_seconds.map(|seconds| format!("{seconds}s")));
                    let again = Requirement::from_annotations(|name| match name {
                        "factor" => Some(factor.as_str()),
                        "expires" => expires.as_deref(),
                        _ => read.canary_required.then_some("required"),
                    });
                    assert_eq!(again.unwrap(), read);
                    assert!(read.expires_seconds.is_none_or(|seconds| (1..=2_592_000).contains(&seconds)));
                    assert!(read.slots.iter().all(|slot| (1..=16).contains(&slot.count)));
                    true
                }
                Err(error) => {
                    assert!(
                        ["factor", "expires", "canary", "rollback"].contains(&error.name)
                            && text.contains(&error.value)
                    );
                    false
                }
            }
        });
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for bad in [
            ("factor", "sre"),
            ("factor", "sre:0"),
            ("factor", "sre:x"),
            ("factor", ":1"),
            ("expires", "1w"),
            ("expires", ""),
            ("expires", "0s"),
            ("expires", "31d"),
            ("canary", "yes"),
            ("rollback", ""),
        ] {
            assert_eq!(read(&[bad]).unwrap_err().name, bad.0, "{bad:?}");
        }
    }
}
