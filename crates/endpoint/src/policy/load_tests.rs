//! What doesn't load, and what denies though it loaded: each kind of fault with its place and reason.

use super::{PolicyEngine, PolicyError};
use oversight::policy::{Classification, PolicyFacts};
use oversight::vocabulary::{AccessLevel, Effect, Environment, Reversibility, Tier};

fn read_facts() -> PolicyFacts {
    PolicyFacts {
        agent: "agent \"1\"\n::".to_owned(),
        service: "S3.amazonaws.com".to_owned(),
        operation: "GetObject".to_owned(),
        classification: Classification {
            access_level: AccessLevel::Read,
            environment: Environment::Staging,
            critical_paths: Vec::new(),
            tier: Tier::Low,
            reversibility: Reversibility::Reversible,
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

fn permit(annotations: &str, condition: &str) -> String {
    format!("{annotations}\npermit (principal, action == Action::\"propose\", resource)\nwhen {{ {condition} }};\n")
}

fn refused(text: &str) -> PolicyError {
    PolicyEngine::load(text, "ours").expect_err(text)
}

#[test]
fn what_does_not_validate_stops_the_load_with_the_policy_and_the_reason() {
    let named = "@id(\"a\") @title(\"A\")";
    let cases: Vec<(&str, String, Option<&str>, &str)> = vec![
        ("not Cedar", "permit (principal".to_owned(), None, "unexpected"),
        ("nothing in it", "// nothing".to_owned(), None, "no policy"),
        ("too deep", permit(named, &format!("{}true{}", "(".repeat(300), ")".repeat(300))), None, "nest deeper"),
        ("unknown attribute", permit(named, "resource.colour == \"red\""), Some("a"), "colour"),
        ("unknown attribute of the agent", permit(named, "principal.owner == \"me\""), Some("a"), "owner"),
        ("type error", permit(named, "resource.tier > 3"), Some("a"), "type"),
        ("comparison of two types", permit(named, "resource.production == \"yes\""), Some("a"), "type"),
        ("not a condition", permit(named, "resource.tier"), Some("a"), "type"),
        ("never applies", permit(named, "false"), Some("a"), "impossible"),
        ("unknown action", permit(named, "true").replace("propose", "destroy"), Some("a"), "destroy"),
        ("unknown entity", permit(named, "principal == User::\"x\""), Some("a"), "User"),
        ("no id", permit("@title(\"A\")", "true"), Some("policy 1"), "no @id"),
        ("empty id", permit("@id(\"\") @title(\"A\")", "true"), Some("policy 1"), "no @id"),
        ("no title", permit("@id(\"a\")", "true"), Some("a"), "no @title"),
        ("duplicate id", permit(named, "true").repeat(2), Some("a"), "same @id"),
        ("unknown annotation", permit("@id(\"a\") @title(\"A\") @facter(\"sre:1\")", "true"), Some("a"), "@facter"),
        ("twice the same", permit("@id(\"a\") @id(\"b\") @title(\"A\")", "true"), None, "id"),
        (
            "factor without a count",
            permit("@id(\"a\") @title(\"A\") @factor(\"sre\")", "true"),
            Some("a"),
            "group:count",
        ),
        ("factor of nobody", permit("@id(\"a\") @title(\"A\") @factor(\"\")", "true"), Some("a"), "names nobody"),
        ("factor without a value", permit("@id(\"a\") @title(\"A\") @factor", "true"), Some("a"), "names nobody"),
        ("expiry without a unit", permit("@id(\"a\") @title(\"A\") @expires(\"9\")", "true"), Some("a"), "expires"),
        ("canary maybe", permit("@id(\"a\") @title(\"A\") @canary(\"maybe\")", "true"), Some("a"), "canary"),
        (
            "a forbid that asks",
            permit("@id(\"a\") @title(\"A\") @factor(\"sre:1\")", "true").replace("permit", "forbid"),
            Some("a"),
            "on a forbid",
        ),
        ("misspelt tier", permit(named, "resource.tier == \"hihg\""), Some("a"), "never \"hihg\""),
        (
            "tier that is never unknown",
            permit(named, "[\"low\", \"unknown\"].contains(resource.tier)"),
            Some("a"),
            "never \"unknown\"",
        ),
        ("misspelt path", permit(named, "resource.critical_paths.contains(\"billings\")"), Some("a"), "billings"),
        ("operation in camel case", permit(named, "resource.operation == \"DeleteBucket\""), Some("a"), "lower case"),
        (
            "operation pattern in camel case",
            permit(named, "resource.operation like \"Delete*\""),
            Some("a"),
            "lower case",
        ),
        (
            "template",
            "@id(\"a\") @title(\"A\") permit (principal == ?principal, action, resource);".to_owned(),
            None,
            "template",
        ),
    ];
    for (case, text, policy, reason) in cases {
        let error = refused(&text);
        let fault = &error.faults[0];
        assert_eq!(fault.policy.as_deref(), policy, "{case}: {error}");
        let message = error.to_string();
        assert!(message.contains(reason), "{case}: {message}");
        assert!(message.starts_with("The policy ours was not loaded.\n  "), "{case}: {message}");
    }
}

#[test]
fn every_fault_is_named_at_once_with_its_line() {
    let text = permit("@id(\"a\") @title(\"A\")", "resource.colour == 1")
        + &permit("@id(\"b\") @title(\"B\")", "resource.size > 2");
    let error = refused(&text);
    let places: Vec<_> = error.faults.iter().map(|fault| (fault.policy.as_deref(), fault.line)).collect();
    assert_eq!(places.len(), 2, "{error}");
    assert!(places.contains(&(Some("a"), Some(3))) && places.contains(&(Some("b"), Some(6))), "{error}");
}

#[test]
fn what_can_not_be_evaluated_denies_even_beside_a_permit_that_holds() {
    let fine = permit("@id(\"fine\") @title(\"Reads\")", "resource.access_level == \"read\"");
    let overflow = "9223372036854775807 + 1 > 0";
    let failing = permit("@id(\"broken\") @title(\"Broken\")", overflow);
    for (case, text) in [
        ("a forbid that overflows, which Cedar alone would skip", fine.clone() + &failing.replace("permit", "forbid")),
        ("a permit that overflows", fine.clone() + &failing),
        ("nothing but it", failing.clone()),
    ] {
        let engine = PolicyEngine::load(&text, "ours").unwrap();
        let outcome = engine.evaluate(&read_facts());
        assert_eq!(outcome.decision, Effect::Deny, "{case}");
        assert_eq!(outcome.determining.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["broken"], "{case}");
        assert_eq!(outcome.errors.len(), 1, "{case}");
        assert!(outcome.errors[0].contains("broken") && outcome.errors[0].contains("overflow"), "{:?}", outcome.errors);
    }
    let unreached = fine + &permit("@id(\"broken\") @title(\"Broken\")", &format!("resource.production && {overflow}"));
    let outcome = PolicyEngine::load(&unreached, "ours").unwrap().evaluate(&read_facts());
    assert_eq!(outcome.decision, Effect::Allow, "an error that is not reached is none");
}

#[test]
fn what_no_permit_applies_to_is_denied() {
    let engine =
        PolicyEngine::load(&permit("@id(\"a\") @title(\"A\")", "resource.tier == \"critical\""), "ours").unwrap();
    let outcome = engine.evaluate(&read_facts());
    assert_eq!((outcome.decision, outcome.determining.len(), outcome.errors.len()), (Effect::Deny, 0, 0));
}

#[test]
fn several_permits_combine_to_the_stricter_and_autonomy_gives_way() {
    let text = permit("@id(\"free\") @title(\"Free\") @expires(\"1d\")", "true")
        + &permit("@id(\"peer\") @title(\"Peer\") @factor(\"sre:1\") @expires(\"2h\")", "true")
        + &permit("@id(\"pair\") @title(\"Pair\") @factor(\"sre:2, billing-owners:1\") @canary(\"required\")", "true");
    let outcome = PolicyEngine::load(&text, "ours").unwrap().evaluate(&read_facts());
    assert_eq!(outcome.decision, Effect::NeedsReview);
    assert_eq!(outcome.requirement.people(), 3);
    assert_eq!(outcome.requirement.expires_seconds, Some(7_200));
    assert!(outcome.requirement.canary_required && !outcome.requirement.rollback_required);
    assert_eq!(outcome.determining.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["free", "pair", "peer"]);
}

#[test]
fn a_condition_that_nobody_is_asked_about_must_hold_by_itself() {
    for (annotation, has_rollback, expected) in [
        ("@rollback(\"required\")", false, Effect::Deny),
        ("@rollback(\"required\")", true, Effect::Allow),
        ("@canary(\"required\")", true, Effect::Deny),
    ] {
        let text = permit(&format!("@id(\"a\") @title(\"A\") {annotation}"), "true");
        let outcome =
            PolicyEngine::load(&text, "ours").unwrap().evaluate(&PolicyFacts { has_rollback, ..read_facts() });
        assert_eq!(outcome.decision, expected, "{annotation}");
        assert_eq!(outcome.errors.is_empty(), expected == Effect::Allow, "{annotation}");
    }
}

#[test]
fn a_policy_on_an_operation_can_not_be_evaded_by_its_spelling() {
    let text = permit("@id(\"a\") @title(\"A\")", "true")
        + "@id(\"no\") @title(\"No\") forbid (principal, action, resource) when { resource.service == \"s3\" && resource.operation like \"delete*\" };"
        + "@id(\"one\") @title(\"One\") forbid (principal, action, resource == Change::\"sts:assumerole\");";
    let engine = PolicyEngine::load(&text, "ours").unwrap();
    for (service, operation) in [
        ("s3", "DeleteBucket"),
        ("S3.amazonaws.com", "DELETEBUCKET"),
        (" s3 ", " deletebucket "),
        ("STS", "AssumeRole"),
    ] {
        let facts = PolicyFacts { service: service.to_owned(), operation: operation.to_owned(), ..read_facts() };
        assert_eq!(engine.evaluate(&facts).decision, Effect::Deny, "{service} {operation}");
    }
    assert_eq!(engine.evaluate(&read_facts()).decision, Effect::Allow);
}

#[test]
fn a_set_is_known_by_its_text() {
    let engine = PolicyEngine::default_policy();
    assert_eq!(engine.version().len(), 12);
    assert_eq!(engine.uid(), "default");
    let other = PolicyEngine::load(&format!("{}\n", engine.text()), "default").unwrap();
    assert_ne!(other.version(), engine.version());
}

/// Parsing and validating a text takes a millisecond: this decoder gets a twentieth of the others' inputs.
#[test]
fn a_policy_text_is_loaded_or_its_faults_are_named() {
    use oversight::generated::{Generator, Sample, cases, try_inputs};
    let ours = [
        permit(
            "@id(\"a\") @title(\"A\") @factor(\"sre:1\") @expires(\"1h\")",
            "resource.tier == \"low\" && !resource.production",
        ),
        permit("@id(\"b\")\n@title(\"B\")", "resource.has_rollback"),
    ];
    let texts = [ours.concat(), ours[1].clone()].into_iter().filter(|text| PolicyEngine::load(text, "ours").is_ok());
    let samples: Vec<Sample> = texts.map(|text| Sample::text(text, "\n")).collect();
    assert!(!samples.is_empty());
    let words = [
        "permit",
        "forbid",
        "resource.tier",
        "\"moderate\"",
        "\"colour\"",
        "true",
        "9223372036854775808",
        "@id(\"a\")",
        "@factor(\"x\")",
        "?principal",
        "//",
        "in",
        "has",
        "like",
        "\"*\"",
        "\"\\u{110000}\"",
        "((((",
        "!!!!!",
        "\u{202e}",
        "if",
    ];
    let nested = [60, 200].map(|depth| format!("{}true{}", "(".repeat(depth), ")".repeat(depth)));
    let words: Vec<&str> = words.into_iter().chain(nested.iter().map(String::as_str)).collect();
    let make = |made: &mut Generator| made.altered_text(&samples, &words);
    try_inputs("policies", cases(6_000) / 20, make, |text| match PolicyEngine::load(text, "ours") {
        Ok(engine) => {
            assert_eq!(engine.text(), text);
            assert!(engine.evaluate(&read_facts()).errors.is_empty());
            true
        }
        Err(error) => {
            assert!(error.name == "ours" && !error.faults.is_empty());
            let lines = text.split('\n').count();
            assert!(
                error
                    .faults
                    .iter()
                    .all(|fault| !fault.reason.is_empty() && fault.line.is_none_or(|line| (1..=lines).contains(&line)))
            );
            false
        }
    });
}
