//! The default policy against the design's table: a row of tests a row of the table, a row for each
//! unknown, and every combination of facts against an oracle written from the table in Rust. How texts
//! are refused is tested in `load_tests`.

use super::PolicyEngine;
use oversight::policy::{Classification, PolicyFacts};
use oversight::vocabulary::{AccessLevel, CriticalPath, Effect, Environment, Reversibility, Tier};
use std::collections::BTreeMap;

fn facts(
    access_level: AccessLevel,
    environment: Environment,
    reversibility: Reversibility,
    tier: Tier,
    critical_paths: &[CriticalPath],
) -> PolicyFacts {
    PolicyFacts {
        agent: "agent-1".to_owned(),
        service: "s3".to_owned(),
        operation: "PutObject".to_owned(),
        classification: Classification {
            access_level,
            environment,
            critical_paths: critical_paths.to_vec(),
            tier,
            reversibility,
            returns_credentials: false,
            audit_or_guardrail: false,
            widens_own_permissions: false,
            reasons: Vec::new(),
        },
        prompter_known: true,
        starter_known: true,
        has_rollback: false,
    }
}

/// "allow", "deny", or "sre:1,identity-owners:1" with "+rollback" where it is required.
fn answer(engine: &PolicyEngine, facts: &PolicyFacts) -> String {
    let outcome = engine.evaluate(facts);
    assert!(outcome.errors.is_empty(), "{facts:?} {outcome:?}");
    assert_eq!((outcome.uid.as_str(), outcome.version.as_str()), ("default", engine.version()));
    assert!(!outcome.determining.is_empty() && outcome.determining.is_sorted_by(|a, b| a.id < b.id), "{outcome:?}");
    match outcome.decision {
        Effect::Allow => {
            assert!(outcome.requirement.slots.is_empty() && !outcome.requirement.rollback_required);
            assert!(outcome.requirement.expires_seconds.is_some());
            "allow".to_owned()
        }
        Effect::Deny => {
            assert_eq!(outcome.requirement, Default::default());
            "deny".to_owned()
        }
        Effect::NeedsReview => {
            assert!(outcome.requirement.expires_seconds.is_some() && !outcome.requirement.canary_required);
            let slots: Vec<String> =
                outcome.requirement.slots.iter().map(|slot| format!("{}:{}", slot.group, slot.count)).collect();
            let back = if outcome.requirement.rollback_required { "+rollback" } else { "" };
            format!("{}{back}", slots.join(","))
        }
    }
}

#[test]
fn each_row_of_the_table() {
    use AccessLevel::*;
    use CriticalPath::*;
    use Environment::*;
    use Reversibility::*;
    use Tier::{Critical, High, Low, Moderate};
    let engine = PolicyEngine::default_policy();
    let mut failed = Vec::new();
    for (row, facts, expected) in [
        ("list", facts(List, Production, Reversible, Low, &[]), "allow"),
        ("read", facts(Read, Production, Reversible, Low, &[]), "allow"),
        ("a read beside a critical path", facts(Read, Production, Reversible, Low, &[Networking]), "allow"),
        ("low-risk write outside production", facts(Write, Staging, Reversible, Moderate, &[]), "allow"),
        ("low-risk tagging outside production", facts(Tagging, Sandbox, Reversible, Low, &[]), "allow"),
        ("compensable write outside production", facts(Write, Development, Compensable, Low, &[]), "sre:1"),
        ("high tier outside production", facts(Write, Staging, Reversible, High, &[]), "sre:1"),
        ("irreversible outside production", facts(Write, Staging, Irreversible, Moderate, &[]), "sre:1"),
        ("critical outside production", facts(Write, Staging, Reversible, Critical, &[]), "sre:2+rollback"),
        ("write in production", facts(Write, Production, Reversible, Low, &[]), "sre:1"),
        ("compensable in production, high", facts(Tagging, Production, Compensable, High, &[]), "sre:1"),
        ("authentication", facts(Write, Staging, Reversible, Low, &[Authentication]), "identity-owners:1,sre:1"),
        ("networking", facts(Write, Production, Compensable, High, &[Networking]), "network-owners:1,sre:1"),
        ("billing", facts(Tagging, Production, Reversible, Moderate, &[Billing]), "billing-owners:1,sre:1"),
        (
            "two paths",
            facts(Write, Production, Reversible, High, &[Networking, Billing]),
            "billing-owners:1,network-owners:1,sre:1",
        ),
        ("permissions", facts(PermissionsManagement, Sandbox, Reversible, Moderate, &[]), "identity-owners:1,sre:1"),
        (
            "permissions of billing",
            facts(PermissionsManagement, Staging, Reversible, High, &[Billing]),
            "billing-owners:1,identity-owners:1,sre:1",
        ),
        ("irreversible in production", facts(Write, Production, Irreversible, High, &[]), "sre:2+rollback"),
        ("critical in production", facts(Write, Production, Reversible, Critical, &[]), "sre:2+rollback"),
        (
            "irreversible on a path in production",
            facts(Write, Production, Irreversible, Critical, &[Networking]),
            "network-owners:1,sre:2+rollback",
        ),
    ] {
        let given = answer(&engine, &facts);
        if given != expected {
            failed.push(format!("{row}: expected {expected}, given {given}"));
        }
    }
    let secret = |paths: &[CriticalPath]| {
        let mut secret = facts(Read, Staging, Reversible, Moderate, paths);
        secret.classification.returns_credentials = true;
        secret
    };
    assert_eq!(answer(&engine, &secret(&[])), "sre:1");
    assert_eq!(answer(&engine, &secret(&[Authentication])), "identity-owners:1,sre:1");
    let mut smuggled = facts(Write, Sandbox, Reversible, Low, &[]);
    smuggled.classification.returns_credentials = true;
    assert_eq!(answer(&engine, &smuggled), "sre:1", "a secret read in a step of a harmless write");
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn each_forbid_denies_whatever_else_is_true_and_says_which() {
    let engine = PolicyEngine::default_policy();
    for access_level in AccessLevel::ALL {
        for (audit, widens, expected) in [
            (true, false, vec!["audit-or-guardrail"]),
            (false, true, vec!["own-permissions"]),
            (true, true, vec!["audit-or-guardrail", "own-permissions"]),
        ] {
            let mut facts = facts(*access_level, Environment::Sandbox, Reversibility::Reversible, Tier::Low, &[]);
            facts.classification.audit_or_guardrail = audit;
            facts.classification.widens_own_permissions = widens;
            facts.has_rollback = true;
            let outcome = engine.evaluate(&facts);
            assert_eq!(outcome.decision, Effect::Deny);
            let ids: Vec<&str> = outcome.determining.iter().map(|one| one.id.as_str()).collect();
            assert_eq!(ids, expected);
            assert!(outcome.determining.iter().all(|one| one.title.contains("never")));
        }
    }
}

#[test]
fn each_unknown_is_the_dangerous_case() {
    use Reversibility::Reversible;
    let engine = PolicyEngine::default_policy();
    let base = facts(AccessLevel::Write, Environment::Staging, Reversible, Tier::Low, &[]);
    assert_eq!(answer(&engine, &base), "allow");
    type Change = fn(&mut PolicyFacts);
    let rows: [(&str, Change, &str); 8] = [
        ("environment", |facts| facts.classification.environment = Environment::Unknown, "sre:1"),
        ("reversibility", |facts| facts.classification.reversibility = Reversibility::Unknown, "sre:1"),
        ("tier", |facts| facts.classification.tier = Tier::Unknown, "sre:1"),
        ("access level", |facts| facts.classification.access_level = AccessLevel::Unknown, "identity-owners:1,sre:1"),
        ("prompter", |facts| facts.prompter_known = false, "sre:1"),
        ("starter", |facts| facts.starter_known = false, "sre:1"),
        (
            "environment and reversibility",
            |facts| {
                facts.classification.environment = Environment::Unknown;
                facts.classification.reversibility = Reversibility::Unknown;
            },
            "sre:2+rollback",
        ),
        (
            "everything",
            |facts| {
                facts.classification.access_level = AccessLevel::Unknown;
                facts.classification.environment = Environment::Unknown;
                facts.classification.reversibility = Reversibility::Unknown;
                facts.classification.tier = Tier::Unknown;
                facts.prompter_known = false;
                facts.starter_known = false;
            },
            "identity-owners:1,sre:2+rollback",
        ),
    ];
    for (what, change, expected) in rows {
        let mut facts = base.clone();
        change(&mut facts);
        assert_eq!(answer(&engine, &facts), expected, "unknown {what}");
    }
    let mut read = facts(AccessLevel::Read, Environment::Production, Reversible, Tier::Low, &[]);
    read.prompter_known = false;
    assert_eq!(answer(&engine, &read), "sre:1", "autonomy is ruled out for a read as well");
}

/// The table in Rust, from the design's words: people per group and whether a way back is needed; `None`
/// is denied.
fn by_the_table(facts: &PolicyFacts) -> Option<(BTreeMap<&'static str, u32>, bool)> {
    let given = &facts.classification;
    if given.audit_or_guardrail || given.widens_own_permissions {
        return None;
    }
    let in_production = matches!(given.environment, Environment::Production | Environment::Unknown);
    let irreversible = matches!(given.reversibility, Reversibility::Irreversible | Reversibility::Unknown);
    let looks = matches!(given.access_level, AccessLevel::List | AccessLevel::Read);
    let plain_look = looks && !given.returns_credentials;
    let mut sre = 0;
    let mut owners = Vec::new();
    let mut way_back = false;
    if !plain_look {
        for path in &given.critical_paths {
            owners.push(match path {
                CriticalPath::Authentication => "identity-owners",
                CriticalPath::Networking => "network-owners",
                CriticalPath::Billing => "billing-owners",
            });
        }
    }
    if matches!(given.access_level, AccessLevel::PermissionsManagement | AccessLevel::Unknown) {
        owners.push("identity-owners");
    }
    if given.returns_credentials {
        sre = 1;
    }
    if !looks {
        let harmless = matches!(given.access_level, AccessLevel::Write | AccessLevel::Tagging)
            && !in_production
            && given.reversibility == Reversibility::Reversible
            && matches!(given.tier, Tier::Low | Tier::Moderate)
            && owners.is_empty();
        if !harmless {
            sre = 1;
        }
        if irreversible && in_production {
            (sre, way_back) = (2, true);
        }
    }
    if given.tier == Tier::Critical {
        (sre, way_back) = (2, true);
    }
    if !(facts.prompter_known && facts.starter_known) {
        sre = sre.max(1);
    }
    let mut people: BTreeMap<&'static str, u32> = owners.into_iter().map(|group| (group, 1)).collect();
    if sre > 0 {
        people.insert("sre", sre);
    }
    Some((people, way_back))
}

/// Every subset of the three paths.
fn path_subsets() -> impl Iterator<Item = Vec<CriticalPath>> {
    (0..8usize).map(|bits| {
        CriticalPath::ALL.iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0).map(|(_, path)| *path).collect()
    })
}

#[test]
fn every_combination_of_facts_is_answered_as_the_table_has_it() {
    let engine = PolicyEngine::default_policy();
    let mut combinations = 0;
    for access_level in AccessLevel::ALL {
        for environment in Environment::ALL {
            for reversibility in Reversibility::ALL {
                for tier in Tier::ALL {
                    for paths in path_subsets() {
                        // Four flags: credentials, prompter, starter, a way back. The forbids have a test of their own
                        // and are crossed in on one combination of the four.
                        for flags in 0..18u8 {
                            let mut facts = facts(*access_level, *environment, *reversibility, *tier, &paths);
                            facts.classification.returns_credentials = flags & 1 != 0;
                            facts.prompter_known = flags & 2 == 0;
                            facts.starter_known = flags & 4 == 0;
                            facts.has_rollback = flags & 8 != 0;
                            facts.classification.audit_or_guardrail = flags == 16;
                            facts.classification.widens_own_permissions = flags == 17;
                            let expected = match by_the_table(&facts) {
                                None => "deny".to_owned(),
                                Some((people, _)) if people.is_empty() => "allow".to_owned(),
                                Some((people, way_back)) => {
                                    let slots: Vec<String> =
                                        people.iter().map(|(group, count)| format!("{group}:{count}")).collect();
                                    format!("{}{}", slots.join(","), if way_back { "+rollback" } else { "" })
                                }
                            };
                            assert_eq!(answer(&engine, &facts), expected, "{facts:?}");
                            combinations += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(combinations, 6 * 5 * 4 * 5 * 8 * 18);
}
