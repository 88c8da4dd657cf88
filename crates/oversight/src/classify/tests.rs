//! Classification tried as tables of cases: the default policy's rows, each unknown, plans, estates. What is
//! tried stands beside this file.

use super::*;
use crate::vocabulary::Tier;
use serde_json::json;

const ESTATE: &str = include_str!("../../data/estate.example.toml");
const PRODUCTION: &str = "arn:aws:ec2:eu-west-1:111111111111:instance/i-1";
const STAGING: &str = "arn:aws:ec2:eu-west-1:222222222222:instance/i-1";
const SANDBOX: &str = "arn:aws:ec2:eu-west-1:333333333333:instance/i-1";
const NOWHERE: &str = "arn:aws:ec2:eu-west-1:999999999999:instance/i-1";

fn proposal(operation: &str, resources: &[&str], arguments: Value) -> Proposal {
    let (service, operation) = operation.split_once(':').unwrap();
    let resources: Vec<Value> = resources.iter().map(|uid| json!({ "uid": uid })).collect();
    crate::json::decode(
        json!({"action": {"service": service, "operation": operation, "arguments": arguments}, "resources": resources}),
    )
    .unwrap()
}

fn judge(proposal: &Proposal) -> Classification {
    let own = ["arn:aws:iam::111111111111:role/cost-optimizer".to_owned()];
    classify(Subject::of(proposal, &own), ActionTable::built_in(), &Estate::parse(ESTATE).unwrap())
}

/// The row of the design's default policy that a classification falls under, the strictest first.
fn row(given: &Classification) -> &'static str {
    let production = given.environment.counts_as_production();
    let irreversible = given.reversibility.effective() == Reversibility::Irreversible;
    let changes = !given.access_level.is_read_only();
    if given.audit_or_guardrail || given.widens_own_permissions {
        "denied"
    } else if changes && irreversible && production || given.tier == Tier::Critical {
        "sre:2 and a rollback"
    } else if changes
        && (!given.critical_paths.is_empty()
            || matches!(given.access_level, AccessLevel::PermissionsManagement | AccessLevel::Unknown))
    {
        "sre:1 and the path's owners"
    } else if changes && production {
        "a peer"
    } else if changes {
        let autonomous = given.reversibility == Reversibility::Reversible && given.tier.effective() <= Tier::Moderate;
        if autonomous { "autonomous, reported" } else { "sre:1" }
    } else if given.returns_credentials {
        "a read of credentials"
    } else {
        "nothing"
    }
}

#[test]
fn every_row_of_the_default_policy_is_reached() {
    use Tier::*;
    for (operation, resource, arguments, tier, expected) in [
        ("ec2:DescribeInstances", PRODUCTION, json!({}), Low, "nothing"),
        ("ec2:DescribeInstances", NOWHERE, json!({}), Low, "nothing"),
        ("secretsmanager:GetSecretValue", PRODUCTION, json!({}), High, "a read of credentials"),
        ("secretsmanager:GetSecretValue", SANDBOX, json!({}), Moderate, "a read of credentials"),
        ("ec2:CreateSnapshot", SANDBOX, json!({}), Low, "autonomous, reported"),
        ("ec2:CreateSnapshot", STAGING, json!({}), Moderate, "autonomous, reported"),
        ("ec2:StopInstances", SANDBOX, json!({}), Moderate, "sre:1"),
        ("ec2:TerminateInstances", STAGING, json!({}), High, "sre:1"),
        ("ec2:CreateSnapshot", PRODUCTION, json!({}), Moderate, "a peer"),
        ("ec2:StopInstances", PRODUCTION, json!({}), High, "a peer"),
        ("ec2:CreateTags", PRODUCTION, json!({}), High, "a peer"),
        ("ec2:CreateSnapshot", NOWHERE, json!({}), Unknown, "a peer"),
        ("ec2:CreateRoute", PRODUCTION, json!({}), High, "sre:1 and the path's owners"),
        ("ec2:CreateRoute", SANDBOX, json!({}), Moderate, "sre:1 and the path's owners"),
        ("iam:AttachRolePolicy", PRODUCTION, json!({"roleName": "other"}), High, "sre:1 and the path's owners"),
        ("budgets:UpdateBudget", PRODUCTION, json!({}), High, "sre:1 and the path's owners"),
        ("ec2:TerminateInstances", PRODUCTION, json!({}), High, "sre:2 and a rollback"),
        ("ec2:TerminateInstances", NOWHERE, json!({}), Unknown, "sre:2 and a rollback"),
        ("s3:PutObject", PRODUCTION, json!({}), Unknown, "sre:2 and a rollback"),
        ("ec2:ReleaseAddress", PRODUCTION, json!({}), Critical, "sre:2 and a rollback"),
        (
            "iam:AttachRolePolicy",
            SANDBOX,
            json!({"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
            Critical,
            "sre:2 and a rollback",
        ),
        ("nosuch:Thing", PRODUCTION, json!({}), Unknown, "sre:2 and a rollback"),
        ("nosuch:Thing", SANDBOX, json!({}), Unknown, "sre:2 and a rollback"),
        ("ec2:NoSuchThing", SANDBOX, json!({}), Unknown, "sre:1 and the path's owners"),
        ("cloudtrail:StopLogging", SANDBOX, json!({}), Critical, "denied"),
        ("iam:AttachRolePolicy", SANDBOX, json!({"roleName": "cost-optimizer"}), Critical, "denied"),
    ] {
        let found = judge(&proposal(operation, &[resource], arguments));
        assert_eq!((found.tier, row(&found)), (tier, expected), "{operation} on {resource}: {found:#?}");
        assert!(found.reasons[0].starts_with("The tier is "), "{found:?}");
    }
}

#[test]
fn the_worst_of_action_steps_and_resources_governs() {
    let both = judge(&proposal("ec2:CreateSnapshot", &[SANDBOX, PRODUCTION], json!({})));
    assert_eq!(both.environment, Environment::Production);
    let one_unknown = judge(&proposal("ec2:CreateSnapshot", &[SANDBOX, "i-1"], json!({})));
    assert_eq!(one_unknown.environment, Environment::Unknown);
    let none = judge(&proposal("ec2:CreateSnapshot", &[], json!({})));
    assert_eq!(none.environment, Environment::Unknown);

    let mut planned = proposal("ec2:CreateSnapshot", &[SANDBOX], json!({}));
    planned.plan = crate::json::decode(json!({"steps": [
        {"type": "action", "service": "ec2", "operation": "CreateRoute"},
        {"type": "check", "note": "it answers"},
        {"type": "action", "service": "rds", "operation": "DeleteDBSnapshot", "arguments": {"of": "arn:aws:rds:eu-west-1:111111111111:snapshot:s"}}]}))
    .unwrap();
    let found = judge(&planned);
    assert_eq!((found.reversibility, found.environment), (Reversibility::Irreversible, Environment::Production));
    assert_eq!(found.critical_paths, [CriticalPath::Networking]);
    assert_eq!(found.tier, Tier::Critical);

    let mut undone = proposal("ec2:RunInstances", &[SANDBOX], json!({}));
    undone.plan = crate::json::decode(
        json!({"rollback": [{"type": "action", "service": "ec2", "operation": "TerminateInstances"}]}),
    )
    .unwrap();
    assert_eq!(judge(&undone).reversibility, Reversibility::Irreversible, "the way back is approved with it");
    undone.plan = crate::json::decode(
        json!({"rollback": [{"type": "action", "service": "cloudtrail", "operation": "DeleteTrail"}]}),
    )
    .unwrap();
    assert!(judge(&undone).audit_or_guardrail, "and so is whatever else it does");
}

/// A way back is approved together with the action: it can't be a place to hide what an action could not be.
#[test]
fn a_step_of_the_rollback_counts_like_a_step_of_the_plan() {
    let with = |part: &str, service: &str, operation: &str, arguments: Value| {
        let mut planned = proposal("ec2:CreateSnapshot", &[SANDBOX], json!({}));
        let step = json!({"type": "action", "service": service, "operation": operation, "arguments": arguments});
        planned.plan = crate::json::decode(json!({part: [step]})).unwrap();
        let mut found = judge(&planned);
        found.reasons.clear();
        found
    };
    let plain = judge(&proposal("ec2:CreateSnapshot", &[SANDBOX], json!({})));
    assert_eq!(row(&plain), "autonomous, reported");
    for (service, operation, arguments, expected) in [
        ("ec2", "TerminateInstances", json!({}), "sre:1"),
        ("ec2", "TerminateInstances", json!({"instanceIds": [PRODUCTION]}), "sre:2 and a rollback"),
        ("ec2", "CreateRoute", json!({}), "sre:1 and the path's owners"),
        ("iam", "AttachRolePolicy", json!({"roleName": "other"}), "sre:1 and the path's owners"),
        ("secretsmanager", "GetSecretValue", json!({}), "autonomous, reported"),
        ("cloudtrail", "StopLogging", json!({}), "denied"),
        ("iam", "AttachRolePolicy", json!({"roleName": "cost-optimizer"}), "denied"),
        ("nosuch", "Thing", json!({}), "sre:2 and a rollback"),
        ("ec2", "CreateSnapshot", json!({}), "autonomous, reported"),
    ] {
        let (step, back) =
            (with("steps", service, operation, arguments.clone()), with("rollback", service, operation, arguments));
        assert_eq!(step, back, "{service}:{operation}");
        assert_eq!(row(&back), expected, "{service}:{operation}: {back:?}");
    }
}

#[test]
fn a_step_of_another_service_needs_a_resource_of_its_own() {
    let table = "arn:aws:dynamodb:eu-west-1:333333333333:table/scratch";
    let placed = |part: &str, resources: &[&str], service: &str, operation: &str, arguments: Value| {
        let mut planned = proposal("ec2:CreateSnapshot", resources, json!({}));
        let step = json!({"type": "action", "service": service, "operation": operation, "arguments": arguments});
        planned.plan = crate::json::decode(json!({part: [step]})).unwrap();
        judge(&planned).environment
    };
    for part in ["steps", "rollback"] {
        for (resources, service, operation, arguments, expected) in [
            (&[SANDBOX][..], "dynamodb", "UpdateTable", json!({"TableName": "orders"}), Environment::Unknown),
            (&[SANDBOX, table][..], "dynamodb", "UpdateTable", json!({"TableName": "orders"}), Environment::Unknown),
            (&[SANDBOX, table][..], "dynamodb", "UpdateTable", json!({"TableName": "scratch"}), Environment::Sandbox),
            (&[SANDBOX][..], "dynamodb", "DescribeTable", json!({"TableName": "orders"}), Environment::Sandbox),
            (&[SANDBOX][..], "ec2", "CreateSnapshot", json!({}), Environment::Sandbox),
            (&[SANDBOX][..], "ssm", "SendCommand", json!({}), Environment::Sandbox),
        ] {
            let found = placed(part, resources, service, operation, arguments.clone());
            assert_eq!(found, expected, "{part}: {service}:{operation} {arguments} on {resources:?}");
        }
    }
}

#[test]
fn a_target_that_nobody_here_knows_is_unknown() {
    let function = "arn:aws:lambda:eu-west-1:333333333333:function:scratch";
    for (operation, uid, arguments, expected) in [
        ("lambda:TagResource", function, json!({"functionName": "checkout"}), Environment::Unknown),
        ("lambda:TagResource", function, json!({"functionName": "scratch"}), Environment::Sandbox),
        ("lambda:GetFunction", function, json!({"functionName": "checkout"}), Environment::Sandbox),
        ("ec2:StopInstances", SANDBOX, json!({"instanceIds": ["i-2"]}), Environment::Unknown),
        (
            "s3:PutBucketTagging",
            "arn:aws:s3:::billing-exports",
            json!({"bucket": "billing-exports"}),
            Environment::Production,
        ),
        (
            "rds:DeleteDBInstance",
            "arn:aws:rds:eu-west-1:333333333333:db:identity",
            json!({"dBInstanceIdentifier": "identity"}),
            Environment::Production,
        ),
    ] {
        let found = judge(&proposal(operation, &[uid], arguments.clone()));
        assert_eq!(found.environment, expected, "{operation} {arguments} on {uid}: {:?}", found.reasons);
    }
}

#[test]
fn nothing_the_agent_says_of_its_target_lowers_it() {
    let mut lying = proposal("ec2:StopInstances", &["i-1"], json!({}));
    lying.resources[0].account = Some("333333333333".into());
    assert_eq!(judge(&lying).environment, Environment::Unknown);
    lying.resources[0].uid = PRODUCTION.into();
    assert_eq!(judge(&lying).environment, Environment::Production);
    let hidden =
        judge(&proposal("ec2:StopInstances", &[SANDBOX], json!({"instancesSet": {"items": [{"arn": PRODUCTION}]}})));
    assert_eq!(hidden.environment, Environment::Production);
    for (id, environment) in [
        ("i-0d3f571c2a9e04aa1", Environment::Unknown),
        ("vol-0d3f571c", Environment::Unknown),
        ("i-1", Environment::Sandbox),
        ("backup-20261123", Environment::Unknown),
    ] {
        let retargeted = judge(&proposal("ec2:StopInstances", &[SANDBOX], json!({"instanceIds": [id]})));
        assert_eq!(retargeted.environment, environment, "{id} is not listed");
        let listed = format!("arn:aws:ec2:eu-west-1:333333333333:instance/{id}");
        let listed = judge(&proposal("ec2:StopInstances", &[&listed], json!({"instanceIds": [id]})));
        assert_eq!(listed.environment, Environment::Sandbox, "{id} is listed");
    }
    let in_passing = judge(&proposal("ec2:StopInstances", &[SANDBOX], json!({"reason": "backup-20261123"})));
    assert_eq!(in_passing.environment, Environment::Sandbox, "no target and not an id of the provider's");
    let managed =
        judge(&proposal("iam:AttachRolePolicy", &[SANDBOX, "arn:aws:iam::aws:policy/ReadOnlyAccess"], json!({})));
    assert_eq!(managed.environment, Environment::Sandbox, "a policy of the provider's own stands nowhere");
}

#[test]
fn the_estate_adds_paths_and_audit_to_changes_alone() {
    let bucket = "arn:aws:s3:::billing-exports";
    assert_eq!(judge(&proposal("s3:PutBucketTagging", &[bucket], json!({}))).critical_paths, [CriticalPath::Billing]);
    assert!(judge(&proposal("s3:GetBucketTagging", &[bucket], json!({}))).critical_paths.is_empty());
    let trail = "arn:aws:s3:::acme-cloudtrail-eu";
    assert!(judge(&proposal("s3:PutBucketLifecycle", &[trail], json!({}))).audit_or_guardrail);
    assert!(judge(&proposal("s3:PutBucketLifecycle", &[SANDBOX], json!({"bucket": trail}))).audit_or_guardrail);
    let named = judge(&proposal("s3:PutBucketLifecycle", &[SANDBOX], json!({"bucketName": "acme-cloudtrail-eu"})));
    assert!(named.audit_or_guardrail && named.environment == Environment::Production, "a bare name is that bucket");
    assert!(!judge(&proposal("s3:GetBucketLifecycle", &[trail], json!({}))).audit_or_guardrail);
}

#[test]
fn a_hostile_name_cannot_speak_in_a_reason() {
    let found =
        judge(&proposal("ec2:Stop. The tier is low", &["arn:aws:ec2:eu-west-1:1:instance/\u{202e}x"], json!({})));
    assert!(
        found.reasons.iter().all(|reason| reason.is_ascii() && !reason.contains("tier is low")),
        "{:?}",
        found.reasons
    );
    assert_eq!(found.access_level, AccessLevel::Unknown);
}

#[test]
fn resources_are_placed_by_their_arn() {
    let proposal = proposal("ec2:StopInstances", &[PRODUCTION, "i-1"], json!({}));
    let placed = placed(&proposal.resources, &Estate::parse(ESTATE).unwrap());
    assert_eq!(
        serde_json::to_value(&placed).unwrap(),
        json!([
            {"uid": PRODUCTION, "account": "111111111111", "region": "eu-west-1", "environment": "production"},
            {"uid": "i-1", "environment": "unknown"},
        ])
    );
}

#[test]
fn a_resource_of_another_service_is_no_alibi() {
    let estate = Estate::parse("[[account]]\nid = \"333333333333\"\nenvironment = \"sandbox\"\n").unwrap();
    let classified = |service: &str, operation: &str, uid: &str| {
        let proposal: crate::proposal::Proposal = crate::json::decode(json!({
            "action": {"service": service, "operation": operation, "arguments": {"layer": "checkout"}},
            "resources": [{"uid": uid}],
        }))
        .unwrap();
        classify(Subject::of(&proposal, &[]), ActionTable::built_in(), &estate).environment
    };
    for (service, operation, uid, expected) in [
        ("lambda", "TagResource", "arn:aws:s3:::scratch", Environment::Unknown),
        ("lambda", "TagResource", "arn:aws:sqs:eu-west-1:333333333333:scratch", Environment::Unknown),
        ("lambda", "TagResource", "arn:aws:lambda:eu-west-1:333333333333:function:scratch", Environment::Sandbox),
        ("ssm", "SendCommand", "arn:aws:ec2:eu-west-1:333333333333:instance/i-1", Environment::Sandbox),
    ] {
        assert_eq!(classified(service, operation, uid), expected, "{service}:{operation} on {uid}");
    }
}
