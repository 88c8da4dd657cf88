//! Names of targets in the arguments of an operation: whether what it says it acts on is among the resources listed.
//! Where a listed thing stands is `estate`; ARNs and names that the estate file knows are placed there.

use crate::classify::arguments;
use crate::classify::estate::Arn;
use crate::proposal::ProposedResource;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Most names given; one is enough to make a place unknown.
const MOST: usize = 16;

/// What an argument's name ends with when its value names a thing.
const NAMING: [&str; 8] = ["identifiers", "identifier", "names", "name", "arns", "arn", "ids", "id"];

/// What services call their things whose ARNs have no type in them.
const UNTYPED: [(&str, &str); 3] = [("s3", "bucket"), ("sns", "topic"), ("sqs", "queue")];

/// Every text in the arguments that names what the operation acts on and is none of `resources`; each once, the first
/// few. An argument does when it is called after the type of a listed resource of the service (`functionName`,
/// `service`) or after what the operation itself is called after (`DBInstanceIdentifier` of `DeleteDBInstance`).
/// `service` is a short name in lower case.
pub fn unlisted<'a>(
    service: &str,
    operation: &str,
    given: &'a Map<String, Value>,
    resources: &[ProposedResource],
) -> Vec<&'a str> {
    let listed = Listed::of(service, resources);
    let acts_on = Called::of(operation);
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for text in arguments::texts(given) {
        let name = text.text.trim();
        let is_target = || {
            let (stem, naming) = stem(text.name);
            // An inline policy is a part of the role it is put on, whatever it is called.
            let of_the_operation = naming && stem.len() >= 3 && stem != "policy" && acts_on.is(&stem);
            of_the_operation || listed.types.contains(&stem)
        };
        if name.is_empty() || !seen.insert((text.name, name)) || !is_target() || listed.has(name) {
            continue;
        }
        // Placed by its account, or the provider's own.
        if Arn::parse(name).is_some_and(|arn| !arn.account.is_empty()) || found.contains(&name) {
            continue;
        }
        found.push(name);
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// What an operation is called after.
struct Called {
    words: String,
    /// Whether the verb could be told from the rest: `ModifyDBParameterGroup`, not `modifydbparametergroup`.
    without_verb: bool,
}

impl Called {
    fn of(operation: &str) -> Called {
        let operation = operation.trim();
        let verb = operation.char_indices().skip(1).take_while(|(_, c)| c.is_ascii_lowercase()).count() + 1;
        let rest = operation.get(verb..).filter(|rest| verb > 1 && rest.starts_with(|c: char| c.is_ascii_uppercase()));
        Called { words: singular(&plain(rest.unwrap_or(operation))), without_verb: rest.is_some() }
    }

    /// `parameter` is no thing that `ModifyDBParameterGroup` acts on, `dbparametergroup` and `group` are.
    fn is(&self, stem: &str) -> bool {
        if self.without_verb {
            self.words.starts_with(stem) || self.words.ends_with(stem)
        } else {
            self.words.contains(stem)
        }
    }
}

struct Listed<'a> {
    uids: Vec<&'a str>,
    segments: HashSet<&'a str>,
    /// What things of the service are called, by its listed ARNs.
    types: HashSet<String>,
    /// An ARN that stands for everything of the service in an account.
    everything: bool,
    secrets: bool,
}

impl<'a> Listed<'a> {
    fn of(service: &str, resources: &'a [ProposedResource]) -> Listed<'a> {
        let uids: Vec<&str> = resources.iter().map(|resource| resource.uid.trim()).collect();
        let own: Vec<Arn<'_>> =
            uids.iter().filter_map(|uid| Arn::parse(uid)).filter(|arn| arn.service == service).collect();
        let untyped = UNTYPED.iter().find(|(name, _)| *name == service).map(|(_, called)| *called);
        let types = match untyped {
            Some(called) => HashSet::from([called.to_owned()]),
            None => {
                let called = own.iter().filter_map(|arn| arn.resource.split_once(['/', ':']));
                called.map(|(called, _)| singular(&plain(called))).filter(|called| !called.is_empty()).collect()
            }
        };
        Listed {
            segments: uids.iter().flat_map(|uid| uid.split(['/', ':'])).collect(),
            types,
            everything: own.iter().any(|arn| arn.resource == "*"),
            secrets: service == "secretsmanager",
            uids,
        }
    }

    fn has(&self, name: &str) -> bool {
        if self.everything || self.segments.contains(name) {
            return true;
        }
        let name = name.trim_start_matches('/');
        self.uids.iter().any(|uid| {
            let whole = uid.strip_suffix(":*").unwrap_or(uid);
            let ends = |name: &str| {
                whole.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with(['/', ':']))
            };
            // The provider adds a few letters to the name of a secret.
            let secret = || {
                whole
                    .rsplit_once('-')
                    .is_some_and(|(head, _)| head.ends_with(name) && head.ends_with(&format!(":{name}")))
            };
            !name.is_empty() && (ends(name) || (self.secrets && secret()))
        })
    }
}

/// What an argument is called after, and whether it says that it names: `("dbinstance", true)` for
/// `DBInstanceIdentifier`.
fn stem(name: &str) -> (String, bool) {
    let name = plain(name);
    match NAMING.iter().find_map(|ending| name.strip_suffix(ending)) {
        Some(stem) => (singular(stem), true),
        None => (singular(&name), false),
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn singular(text: &str) -> String {
    text.strip_suffix('s').filter(|rest| !rest.ends_with('s')).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_is_a_target_by_what_its_argument_and_the_operation_are_called() {
        let function = "arn:aws:lambda:eu-west-1:333333333333:function:scratch";
        let snapshot = "arn:aws:rds:eu-west-1:333333333333:snapshot:scratch";
        let task = "arn:aws:ecs:eu-west-1:333333333333:service/shop/web";
        for (service, operation, uid, given, expected) in [
            ("lambda", "TagResource", function, json!({"functionName": "checkout"}), vec!["checkout"]),
            ("lambda", "TagResource", function, json!({"FunctionName": "scratch"}), vec![]),
            ("lambda", "PutFunctionConcurrency", function, json!({"FunctionName": " checkout "}), vec!["checkout"]),
            (
                "lambda",
                "PutFunctionConcurrency",
                "arn:aws:lambda:eu-west-1:333333333333:*",
                json!({"FunctionName": "x"}),
                vec![],
            ),
            ("rds", "DeleteDBInstance", snapshot, json!({"DBInstanceIdentifier": "orders"}), vec!["orders"]),
            ("rds", "DeleteDBSnapshot", snapshot, json!({"DBSnapshotIdentifier": "scratch"}), vec![]),
            (
                "ecs",
                "UpdateService",
                task,
                json!({"cluster": "shop", "service": "web", "taskDefinition": "web:42"}),
                vec![],
            ),
            ("ecs", "UpdateService", task, json!({"service": "checkout"}), vec!["checkout"]),
            (
                "s3",
                "PutBucketTagging",
                "arn:aws:s3:::scratch",
                json!({"Bucket": "invoices", "Key": "a/b"}),
                vec!["invoices"],
            ),
            ("s3", "PutObject", "arn:aws:s3:::scratch/a", json!({"bucketName": "scratch", "key": "a"}), vec![]),
            (
                "s3",
                "PutObject",
                "arn:aws:s3:::scratch",
                json!({"bucket": "arn:aws:s3:::invoices"}),
                vec!["arn:aws:s3:::invoices"],
            ),
            (
                "logs",
                "PutRetentionPolicy",
                "arn:aws:logs:eu-west-1:333333333333:log-group:/a/b:*",
                json!({"logGroupName": "/a/b"}),
                vec![],
            ),
            (
                "logs",
                "PutRetentionPolicy",
                "arn:aws:logs:eu-west-1:333333333333:log-group:/a/b",
                json!({"logGroupName": "/a/c"}),
                vec!["/a/c"],
            ),
            (
                "route53",
                "ChangeResourceRecordSets",
                "arn:aws:route53:::hostedzone/Z1",
                json!({"HostedZoneId": "/hostedzone/Z1"}),
                vec![],
            ),
            (
                "secretsmanager",
                "PutSecretValue",
                "arn:aws:secretsmanager:eu-west-1:333333333333:secret:a/b-4xk2pq",
                json!({"SecretId": "a/b"}),
                vec![],
            ),
            (
                "secretsmanager",
                "PutSecretValue",
                "arn:aws:secretsmanager:eu-west-1:333333333333:secret:a/b-4xk2pq",
                json!({"SecretId": "b"}),
                vec!["b"],
            ),
            (
                "iam",
                "PutRolePolicy",
                "arn:aws:iam::333333333333:role/x",
                json!({"roleName": "x", "policyName": "inline"}),
                vec![],
            ),
            (
                "iam",
                "AttachRolePolicy",
                "arn:aws:iam::333333333333:role/x",
                json!({"policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
                vec![],
            ),
            (
                "rds",
                "ModifyDBParameterGroup",
                "arn:aws:rds:eu-west-1:333333333333:pg:a",
                json!({"DBParameterGroupName": "a", "Parameters": [{"ParameterName": "work_mem"}]}),
                vec![],
            ),
            (
                "rds",
                "ModifyDBParameterGroup",
                "arn:aws:rds:eu-west-1:333333333333:pg:a",
                json!({"DBParameterGroupName": "b"}),
                vec!["b"],
            ),
            (
                "rds",
                "modifydbparametergroup",
                "arn:aws:rds:eu-west-1:333333333333:pg:a",
                json!({"dbparametergroupname": "b"}),
                vec!["b"],
            ),
            (
                "kms",
                "ScheduleKeyDeletion",
                "arn:aws:kms:eu-west-1:333333333333:alias/a",
                json!({"KeyId": "b"}),
                vec!["b"],
            ),
            ("", "é", "x", json!({"éId": "b", "": "c"}), vec![]),
            (
                "ec2",
                "ModifyInstanceAttribute",
                "arn:aws:ec2:eu-west-1:333333333333:instance/i-1",
                json!({"attribute": "userData", "instanceType": "t3.large"}),
                vec![],
            ),
            (
                "dynamodb",
                "UpdateItem",
                "arn:aws:dynamodb:eu-west-1:333333333333:table/a",
                json!({"TableName": "b", "Key": {"id": {"S": "7"}}}),
                vec!["b"],
            ),
        ] {
            let resources = [ProposedResource { uid: uid.to_owned(), kind: None, account: None, region: None }];
            let found = unlisted(service, operation, given.as_object().unwrap(), &resources);
            assert_eq!(found, expected, "{service}:{operation} {given} on {uid}");
        }
    }
}
