//! The version of a change: what people review and what both digests are taken of. How it moves is
//! `state`, who may review it `review`, how it travels `contract`.

use crate::canonical::{NotCanonical, canonical};
use crate::capability::Refusal;
use crate::digest::Digest;
use crate::finding::Finding;
use crate::id::{ChangeId, PersonUid};
use crate::missing::Field;
use crate::policy::{Classification, PolicyFacts, PolicyOutcome};
use crate::proposal::{Claim, Evidence, Identity, Plan, ProposedAction, Session};
use crate::record::{Agent, BlastRadius, Resource};
use crate::review::{Behind, NeverCounted, Person, never_counted, same_person};
use crate::time::Instant;
use crate::vocabulary::Severity;
use serde::{Deserialize, Serialize};

/// One version of a change, whole, as the reviewer sees it. Every field of it is under its digest: what is
/// rendered from a `Version` is what is signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    pub change: ChangeId,
    /// From 1.
    pub version: u32,
    /// The agent's one line, or absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub action: ProposedAction,
    /// As named by the agent, with the environment that the endpoint classified.
    pub resources: Vec<Resource>,
    pub plan: Plan,
    /// Which step of a canary this is; absent for a change of one step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// SHA-256 of JCS of `{action, nonce, plan, resources, step}`: what the executor checks.
    pub action_digest: Digest,
    /// From the token's registration.
    pub agent: Agent,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub on_behalf_of: Field<Identity>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub session: Field<Session>,
    /// Whether prompter and starter are people whom the endpoint knew when the version came to be; absent: neither.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    pub classification: Classification,
    pub blast_radius: BlastRadius,
    pub policy: PolicyOutcome,
    pub findings: Vec<Finding>,
    pub proposed_at: Instant,
    pub expires_at: Instant,
    /// 128 random bits, hexadecimal, so that equal content never has an equal digest.
    pub nonce: String,
}

#[derive(Serialize)]
struct ActionPart<'a> {
    action: &'a ProposedAction,
    resources: &'a [Resource],
    plan: &'a Plan,
    step: Option<u32>,
    nonce: &'a str,
}

/// The bytes behind an action digest.
pub fn action_canonical(
    action: &ProposedAction,
    resources: &[Resource],
    plan: &Plan,
    step: Option<u32>,
    nonce: &str,
) -> Result<Vec<u8>, NotCanonical> {
    canonical(&ActionPart { action, resources, plan, step, nonce })
}

impl Version {
    /// The bytes behind `digest`.
    pub fn canonical(&self) -> Result<Vec<u8>, NotCanonical> {
        canonical(self)
    }

    /// SHA-256 of the whole version in canonical form: what a review carries.
    pub fn digest(&self) -> Result<Digest, NotCanonical> {
        Ok(Digest::of(&self.canonical()?))
    }

    /// The bytes behind `action_digest`.
    pub fn action_canonical(&self) -> Result<Vec<u8>, NotCanonical> {
        action_canonical(&self.action, &self.resources, &self.plan, self.step, &self.nonce)
    }

    /// Whether `action_digest` is that of the action in this version.
    pub fn action_digest_holds(&self) -> bool {
        self.action_canonical().is_ok_and(|bytes| Digest::of(&bytes) == self.action_digest)
    }

    /// Whose vote never counts. A prompter or starter who is unknown is nobody, and keeps nobody from reviewing.
    pub fn never_counted(&self) -> Vec<NeverCounted> {
        never_counted(Behind {
            owner: self.agent.owner.value(),
            prompter: prompter(&self.on_behalf_of).filter(|_| self.origin.prompter_known),
            starter: starter(&self.session).filter(|_| self.origin.starter_known),
        })
    }

    /// `rule@field` of each finding that must be acknowledged before an approval.
    pub fn to_acknowledge(&self) -> Vec<String> {
        self.findings.iter().filter(|finding| finding.severity == Severity::High).map(acknowledgement).collect()
    }

    /// Why no approval can be taken before the agent amends, if so.
    pub fn approval_blocked(&self) -> Option<Refusal> {
        let missing = self.policy.requirement.rollback_required && self.plan.rollback.is_empty();
        missing.then(|| {
            Refusal::new(
                "rollback-required",
                "The policy requires a typed rollback or compensation plan; the agent must add one.",
            )
        })
    }

    /// The agent's title, or operation and first target. Raw: escape it before it is shown.
    pub fn headline(&self) -> String {
        if let Some(title) = &self.title {
            return title.clone();
        }
        let operation = format!("{}:{}", self.action.service, self.action.operation);
        match self.resources.as_slice() {
            [] => operation,
            [one] => format!("{operation} on {}", one.uid),
            [first, rest @ ..] => format!("{operation} on {} and {} more", first.uid, rest.len()),
        }
    }

    /// What the policy is asked.
    pub fn policy_facts(&self) -> PolicyFacts {
        PolicyFacts {
            agent: self.agent.uid.to_string(),
            service: self.action.service.clone(),
            operation: self.action.operation.clone(),
            classification: self.classification.clone(),
            prompter_known: self.origin.prompter_known,
            starter_known: self.origin.starter_known,
            has_rollback: !self.plan.rollback.is_empty(),
        }
    }
}

/// Whether it is known who prompted the agent and who started its session. The uids are the agent's word; that they
/// are people's is the endpoint's, from its enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Origin {
    pub prompter_known: bool,
    pub starter_known: bool,
}

impl Origin {
    /// Known is the uid of one of `people`, of any role; everything else is unknown: nobody named, a made-up name, a
    /// service, the agent itself.
    pub fn of(on_behalf_of: &Field<Identity>, session: &Field<Session>, people: &[Person]) -> Origin {
        let known = |uid: &PersonUid| people.iter().any(|person| same_person(uid, &person.uid));
        Origin {
            prompter_known: prompter(on_behalf_of).is_some_and(known),
            starter_known: starter(session).is_some_and(known),
        }
    }

    fn is_unknown(&self) -> bool {
        *self == Origin::default()
    }
}

fn prompter(on_behalf_of: &Field<Identity>) -> Option<&PersonUid> {
    on_behalf_of.value().map(|identity| &identity.uid)
}

fn starter(session: &Field<Session>) -> Option<&PersonUid> {
    session.value().and_then(|session| session.started_by.value())
}

/// How a finding is named in an acknowledgement.
pub fn acknowledgement(finding: &Finding) -> String {
    format!("{}@{}", finding.rule, finding.field)
}

/// How far a version reaches by its own resources: distinct accounts and regions are known only when each
/// resource names one; customers are never known from a proposal.
pub fn blast_radius(resources: &[Resource]) -> BlastRadius {
    let distinct = |of: fn(&Resource) -> Option<&String>| {
        let named: Option<std::collections::BTreeSet<&String>> = resources.iter().map(of).collect();
        named.filter(|named| !named.is_empty()).map_or(Field::unknown(), |named| Field::Is(named.len() as u64))
    };
    BlastRadius {
        resources: if resources.is_empty() { Field::unknown() } else { Field::Is(resources.len() as u64) },
        accounts: distinct(|resource| resource.account.value()),
        regions: distinct(|resource| resource.region.value()),
        customers: Field::unknown(),
    }
}

/// A version to test with, complete and valid.
#[cfg(any(test, feature = "samples"))]
pub fn sample() -> Version {
    use serde_json::json;
    let mut version: Version = crate::json::decode(json!({
        "change": "CH-2041", "version": 3, "title": "Move billing exports to cold storage after 30 days",
        "action": {"service": "s3", "operation": "PutLifecycleConfiguration", "arguments": {"rules": [{"prefix": "exports/cur/", "days": 30}]}},
        "resources": [{"uid": "arn:aws:s3:::billing-export-eu1", "type": "bucket", "account": "441720938816", "region": "eu-west-1", "environment": "production"}],
        "plan": {"steps": [{"type": "action", "service": "s3", "operation": "PutLifecycleConfiguration"}, {"type": "check", "note": "one object moved", "within_seconds": 86400}],
                 "rollback": [{"type": "action", "service": "s3", "operation": "RestoreObject"}]},
        "action_digest": "0000000000000000000000000000000000000000000000000000000000000000",
        "agent": {"uid": "cost-optimizer", "name": "Cost optimizer", "version": "1.8", "owner": "finops-lead"},
        "on_behalf_of": {"uid": "month-end-close"},
        "session": {"uid": "s-1", "started_by": "engineer-1"},
        "origin": {"prompter_known": true, "starter_known": true},
        "rationale": "Exports older than 30 days were read 4 times in 90 days.",
        "evidence": [{"title": "Read counts", "uri": "https://metrics.example/reads"}],
        "classification": {"access_level": "write", "environment": "production", "critical_paths": ["billing"], "tier": "high",
            "reversibility": "compensable", "returns_credentials": false, "audit_or_guardrail": false, "widens_own_permissions": false, "reasons": ["touches billing in production"]},
        "blast_radius": {"resources": 1, "accounts": 1, "regions": 1, "customers": {"missing": "unknown"}},
        "policy": {"uid": "default", "version": "a1b2c3d4e5f6", "decision": "needs_review", "determining": [{"id": "touches-billing", "title": "Touches billing"}],
            "requirement": {"slots": [{"group": "billing-owners", "count": 1}, {"group": "sre", "count": 1}], "expires_seconds": 3600, "canary_required": false, "rollback_required": false}},
        "findings": [], "proposed_at": "2026-10-02T14:04:00Z", "expires_at": "2026-10-02T15:04:00Z", "nonce": "00112233445566778899aabbccddeeff"
    }))
    .expect("the sample decodes");
    version.action_digest = Digest::of(&version.action_canonical().expect("it has a canonical form"));
    version
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn both_digests_hold_and_the_action_digest_leaves_the_words_out() {
        let version = sample();
        assert!(version.action_digest_holds());
        let mut reworded = version.clone();
        reworded.rationale = Some("Other words.".into());
        assert!(reworded.action_digest_holds());
        assert_ne!(reworded.digest().unwrap(), version.digest().unwrap());
        let mut moved = version.clone();
        moved.resources[0].uid.push('\u{200b}');
        assert!(!moved.action_digest_holds());
    }

    #[test]
    fn it_reads_back_from_its_own_canonical_bytes() {
        let version = sample();
        let again: Version = crate::json::read(&version.canonical().unwrap()).unwrap();
        assert_eq!(again, version);
        assert_eq!(again.digest().unwrap(), version.digest().unwrap());
    }

    /// Every path to a scalar or an empty container.
    fn leaves(value: &Value, path: Vec<String>, out: &mut Vec<Vec<String>>) {
        match value {
            Value::Object(object) if !object.is_empty() => {
                object.iter().for_each(|(key, inner)| leaves(inner, [path.clone(), vec![key.clone()]].concat(), out))
            }
            Value::Array(items) if !items.is_empty() => items
                .iter()
                .enumerate()
                .for_each(|(i, inner)| leaves(inner, [path.clone(), vec![i.to_string()]].concat(), out)),
            _ => out.push(path),
        }
    }

    fn at<'a>(value: &'a mut Value, path: &[String]) -> &'a mut Value {
        path.iter().fold(value, |value, step| match value {
            Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
            other => &mut other[step.as_str()],
        })
    }

    /// `COUNTERSIGN_CASES` mutated fields (10,000 with `cargo xtask test --full`), each under another digest.
    #[test]
    fn no_mutated_field_keeps_the_digest() {
        let cases: u32 = std::env::var("COUNTERSIGN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
        let original = serde_json::to_value(sample()).unwrap();
        let digest = sample().digest().unwrap();
        let mut paths = Vec::new();
        leaves(&original, vec![], &mut paths);
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::with_cases(cases.min(10_000))
        });
        runner
            .run(&(0..paths.len(), "\\PC{0,8}", any::<bool>()), |(which, text, remove)| {
                let mut mutated = original.clone();
                let (last, parents) = paths[which].split_last().unwrap();
                if remove {
                    match at(&mut mutated, parents) {
                        Value::Object(object) => drop(object.remove(last)),
                        Value::Array(items) => drop(items.remove(last.parse::<usize>().unwrap())),
                        _ => unreachable!("a leaf's parent is a container"),
                    }
                } else {
                    let leaf = at(&mut mutated, &paths[which]);
                    let next = match leaf.clone() {
                        Value::Bool(flag) => Value::Bool(!flag),
                        Value::Number(n) => Value::from(n.as_f64().unwrap_or(0.0) + 1.0),
                        other => Value::String(format!("{}{text}\u{200b}", other.as_str().unwrap_or(""))),
                    };
                    *leaf = next;
                }
                prop_assert_ne!(Digest::of(&canonical(&mutated).unwrap()), digest);
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn known_is_only_who_is_enrolled_as_a_person() {
        let people = ["engineer-1", "month-end-close"].map(|uid| Person {
            uid: PersonUid::new(uid).unwrap(),
            role: crate::vocabulary::Role::Customer,
            groups: Vec::new(),
        });
        for (prompter, starter, expected) in [
            (Some("month-end-close"), Some("engineer-1"), (true, true)),
            (Some("Month-End-Close "), Some("ENGINEER-1"), (true, true)),
            (Some("unknown"), Some("nobody"), (false, false)),
            (Some("cost-optimizer"), Some("Cost-Optimizer "), (false, false)),
            (Some("engineer-1"), None, (true, false)),
            (Some("engineer-10"), Some("engineer-1\u{200b}"), (false, false)),
            (None, Some("engineer-1"), (false, true)),
            (None, None, (false, false)),
        ] {
            let uid = |text: &str| PersonUid::new(text).unwrap();
            let mut version = sample();
            version.on_behalf_of =
                prompter.map_or(Field::Absent, |text| Field::Is(Identity { uid: uid(text), name: None }));
            let started_by = starter.map_or(Field::unknown(), |text| Field::Is(uid(text)));
            version.session = Field::Is(Session { uid: "s-1".into(), started_by });
            version.origin = Origin::of(&version.on_behalf_of, &version.session, &people);
            let facts = version.policy_facts();
            assert_eq!((facts.prompter_known, facts.starter_known), expected, "{prompter:?} {starter:?}");
            let barred: Vec<_> = version.never_counted().into_iter().map(|entry| entry.why).collect();
            let whys = |reason: &str| barred.iter().any(|why| why.contains(reason));
            assert_eq!((whys("prompted it"), whys("started the session")), expected, "{barred:?}");
            assert!(whys("owns the agent"));
            let again: Version = crate::json::read(&version.canonical().unwrap()).unwrap();
            assert_eq!(again.digest().unwrap(), version.digest().unwrap());
        }
    }

    #[test]
    fn the_blast_radius_counts_only_what_is_named() {
        let mut resources = sample().resources;
        assert_eq!(blast_radius(&resources).accounts, Field::Is(1));
        let mut second = resources[0].clone();
        second.account = Field::Absent;
        second.region = Field::Is("us-east-1".into());
        resources.push(second);
        let radius = blast_radius(&resources);
        assert_eq!((radius.resources, radius.accounts, radius.regions), (Field::Is(2), Field::unknown(), Field::Is(2)));
        assert_eq!(blast_radius(&[]).resources, Field::unknown());
    }
}
