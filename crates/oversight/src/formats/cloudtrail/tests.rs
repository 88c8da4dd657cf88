//! The CloudTrail reader tried on small samples, on malformed items and on real records. The reader is one
//! folder up.

use super::*;
use crate::classify::{ActionTable, Estate};
use crate::formats::agents::Attribution;
use crate::formats::replay::proposals;
use crate::vocabulary::AccessLevel;
use proptest::prelude::*;
use std::collections::BTreeMap;

const AGENTS: &str = include_str!("../../../data/agents.example.toml");

fn reader(agents: &Attribution, check: impl FnOnce(Reader<'_>)) {
    check(Reader { table: ActionTable::built_in(), agents, estate: &Estate::default() });
}

fn event() -> Value {
    json!({
        "eventVersion": "1.08", "eventID": "e-1", "eventTime": "2023-07-10T12:05:11Z", "eventSource": "ec2.amazonaws.com",
        "eventName": "DeleteRoute", "awsRegion": "us-east-1", "eventType": "AwsApiCall", "readOnly": false, "recipientAccountId": "123837392027",
        "userAgent": "[APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io)]",
        "userIdentity": {"type": "AssumedRole", "principalId": "AROA1:deploy-7", "arn": "arn:aws:sts::123837392027:assumed-role/deploy/deploy-7",
            "accountId": "123837392027", "accessKeyId": "key-1", "sessionContext": {"sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::123837392027:role/deploy", "userName": "deploy"},
            "attributes": {"creationDate": "2023-07-10T11:54:47Z"}}},
        "requestParameters": {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "token": "HIDDEN_DUE_TO_SECURITY_REASONS"},
        "responseElements": null, "vendorNote": 9007199254740993u64
    })
}

#[test]
fn an_event_becomes_a_record_that_says_what_it_does_not_know() {
    let file = json!({ "Records": [event()] }).to_string();
    reader(&Attribution::parse(AGENTS).unwrap(), |reader| {
        let (records, rejects) = reader.cloudtrail("a.json", file.as_bytes());
        assert!(rejects.is_empty(), "{rejects:?}");
        let mut wire = serde_json::to_value(&records[0]).unwrap();
        let source = wire.as_object_mut().unwrap().remove(SOURCE).unwrap();
        assert_eq!(source["event"]["vendorNote"], "9007199254740993", "kept, in a form that reads back");
        assert_eq!(source["event"]["requestParameters"], event()["requestParameters"]);
        let not_recorded = json!({"missing": "not_recorded"});
        for field in [
            "end_time",
            "risk",
            "critical_paths",
            "reversibility",
            "blast_radius",
            "rationale",
            "evidence",
            "plan",
            "policy",
            "review",
        ] {
            assert_eq!(wire.as_object_mut().unwrap().remove(field).unwrap(), not_recorded, "{field}");
        }
        assert_eq!(
            wire,
            json!({
                "uid": "cloudtrail-e-1", "time": "2023-07-10T12:05:11Z", "kind": "execution",
                "agent": {"uid": "terraform", "name": "Terraform", "owner": "platform-lead", "version": not_recorded, "model": not_recorded},
                "on_behalf_of": {"uid": "arn:aws:sts::123837392027:assumed-role/deploy/deploy-7", "name": "deploy"},
                "session": {"uid": "AROA1:deploy-7", "started_by": not_recorded},
                "action": {"service": "ec2", "operation": "DeleteRoute", "access_level": "write",
                    "arguments": {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "token": {"missing": "redacted"}}},
                "resources": [{"uid": "arn:aws:ec2:us-east-1:123837392027:route-table/rtb-1", "type": "AWS::EC2::RouteTable",
                    "account": "123837392027", "region": "us-east-1", "environment": not_recorded}],
                "outcome": {"status": "success"}, "asserted_by": {"record": "importer"}
            })
        );
        assert_eq!(
            reader.cloudtrail("renamed.json", json!([event()]).to_string().as_bytes()).0,
            records,
            "the same event gives the same record"
        );
        let native = serde_json::to_vec(&records[0]).unwrap();
        assert_eq!(AuditRecord::read(&native).unwrap(), records[0], "what is stored reads back strictly");
    });
}

#[test]
fn who_how_and_with_what_outcome() {
    for (change, pointer, expected) in [
        (
            json!({"errorCode": "AccessDenied", "errorMessage": "no"}),
            "/outcome",
            json!({"status": "failure", "error": "AccessDenied: no"}),
        ),
        (json!({"eventType": "AwsServiceEvent"}), "/outcome", json!({"status": "unknown"})),
        (
            json!({"eventName": "ConsoleLogin", "eventType": "AwsConsoleSignIn", "responseElements": {"ConsoleLogin": "Failure"}}),
            "/outcome",
            json!({"status": "failure"}),
        ),
        (json!({"requestParameters": null}), "/action/arguments", json!({"missing": "not_recorded"})),
        (
            json!({"requestParameters": "HIDDEN_DUE_TO_SECURITY_REASONS"}),
            "/action/arguments",
            json!({"missing": "redacted"}),
        ),
        (
            json!({"requestParameters": {"missing": "unknown"}}),
            "/action/arguments",
            json!({"requestParameters": {"missing": "unknown"}}),
        ),
        (json!({"requestParameters": null}), "/resources", json!({"missing": "not_recorded"})),
        (json!({"userAgent": "Mozilla/5.0"}), "/agent", Value::Null),
        (json!({"userAgent": "[stratus-red-team_1 Terraform]"}), "/agent/uid", json!("stratus-red-team")),
        (
            json!({"userIdentity": {"type": "AWSService", "invokedBy": "inspector2.amazonaws.com"}}),
            "/on_behalf_of",
            json!({"uid": "inspector2.amazonaws.com"}),
        ),
        (
            json!({"userIdentity": {"type": "AWSService", "invokedBy": "inspector2.amazonaws.com"}}),
            "/session",
            json!({"missing": "not_recorded"}),
        ),
        (
            json!({"userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::1:user/ada", "userName": "ada", "accessKeyId": "key-2"}}),
            "/session",
            json!({"missing": "not_recorded"}),
        ),
        (json!({"userIdentity": "nobody"}), "/on_behalf_of", json!({"missing": "not_recorded"})),
        (json!({"eventSource": "nosuch.amazonaws.com"}), "/action/access_level", json!("unknown")),
    ] {
        let mut event = event();
        for (name, value) in change.as_object().unwrap() {
            event[name] = value.clone();
        }
        reader(&Attribution::parse(AGENTS).unwrap(), |reader| {
            let (records, rejects) = reader.cloudtrail("a", json!([event]).to_string().as_bytes());
            assert!(rejects.is_empty(), "{rejects:?}");
            let wire = serde_json::to_value(&records[0]).unwrap();
            assert_eq!(wire.pointer(pointer).cloned().unwrap_or_default(), expected, "{change}");
        });
    }
}

#[test]
fn what_cannot_be_decoded_is_quarantined_with_its_bytes() {
    let good = event().to_string();
    let file = format!(
        r#"{{"Records":[{good},17,{{"eventID":"x"}},{},{},{},{{"a":1, "a":2}},{{"n":9007199254740993,"b":1,"b":2}},{good}]}}"#,
        good.replace("2023-07-10T12:05:11Z", "10 July"),
        good.replace("\"e-1\"", "\"\""),
        good.replace("\"e-1\"", "7"),
    );
    reader(&Attribution::default(), |reader| {
        let (records, rejects) = reader.cloudtrail("a.json", file.as_bytes());
        assert_eq!(records.len(), 2);
        let found: Vec<_> = rejects.iter().map(|reject| (reject.position, reject.field.as_str())).collect();
        assert_eq!(
            found,
            [(2, ""), (3, "eventTime"), (4, "eventTime"), (5, "eventID"), (6, "eventID"), (7, "a"), (8, "")]
        );
        assert_eq!(rejects[0].bytes, b"17");
        assert_eq!(rejects[5].bytes, br#"{"a":1, "a":2}"#);
        assert!(rejects.iter().all(|reject| reject.source == "a.json" && !reject.reason.is_empty()));
        for (bytes, field, reason) in [
            (&b"{\"Records\":[{\"eventID\":"[..], "", "EOF"),
            (b"{\"Events\":[]}", "Records", "expected {\"Records\""),
            (b"{\"Records\":7}", "Records", "expected {\"Records\""),
            (b"\xff\xfe", "", "utf-8"),
            (b"", "", "EOF"),
            (b"7", "Records", "expected"),
        ] {
            let (records, rejects) = reader.cloudtrail("b", bytes);
            assert!(records.is_empty() && rejects.len() == 1, "{bytes:?}");
            assert_eq!((rejects[0].position, rejects[0].field.as_str(), &rejects[0].bytes[..]), (1, field, bytes));
            assert!(rejects[0].reason.contains(reason), "{}", rejects[0].reason);
        }
        assert_eq!(reader.cloudtrail("c", b"[]"), (vec![], vec![]));
    });
}

#[test]
fn replayed_actions_claim_nothing() {
    reader(&Attribution::parse(AGENTS).unwrap(), |reader| {
        let mut read = event();
        read["eventName"] = json!("DescribeVpcs");
        read["readOnly"] = json!(true);
        let mut person = event();
        person["userAgent"] = json!("Mozilla/5.0");
        let (records, _) = reader.cloudtrail("a", json!([event(), read, person]).to_string().as_bytes());
        let (replayed, skipped) = proposals(&records, reader.table);
        assert_eq!((replayed.len(), skipped.len()), (1, 0));
        let one = &replayed[0].proposal;
        assert_eq!(
            one.rationale.as_deref(),
            Some(
                "Replayed from a CloudTrail log: Terraform called ec2:DeleteRoute at 2023-07-10T12:05:11Z. It ended without an error. The log gives no reason and no plan."
            )
        );
        assert_eq!(one.resources[0].uid, "arn:aws:ec2:us-east-1:123837392027:route-table/rtb-1");
        assert!(one.plan.steps.is_empty() && one.plan.rollback.is_empty() && one.claims.is_empty());
        assert_eq!(one.action.arguments["destinationCidrBlock"], "0.0.0.0/0");
    });
}

/// The folder of real input; without it, says so.
fn real() -> Option<Vec<(String, Vec<u8>)>> {
    let Ok(folder) = std::env::var("COUNTERSIGN_REAL_DATA") else {
        eprintln!("skipped: COUNTERSIGN_REAL_DATA is not set");
        return None;
    };
    let folder = std::path::Path::new(&folder).join("cloudtrail");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 20, "{}", folder.display());
    Some(paths.into_iter().map(|path| (path.display().to_string(), std::fs::read(path).unwrap())).collect())
}

#[test]
fn the_real_log_is_read_whole() {
    let Some(files) = real() else { return };
    reader(&Attribution::parse(AGENTS).unwrap(), |reader| {
        let mut records = Vec::new();
        for (name, bytes) in &files {
            let (read, rejects) = reader.cloudtrail(name, bytes);
            assert!(rejects.is_empty(), "{name}: {rejects:?}");
            records.extend(read);
        }
        assert_eq!(records.len(), 1_448);
        let uids: std::collections::BTreeSet<_> = records.iter().map(|record| &record.uid).collect();
        assert_eq!(uids.len(), 1_448);

        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut unlisted = Vec::new();
        let (mut failed, mut against_the_log) = (0, Vec::new());
        for record in &records {
            *counts.entry(record.agent.value().map_or("nobody", |agent| agent.uid.as_str())).or_default() += 1;
            let action = record.action.value().unwrap();
            let facts = reader.table.lookup(&action.service, &action.operation);
            if !facts.listed {
                unlisted.push(format!("{}:{}", action.service, action.operation));
            }
            let log_reads = source_event(record).unwrap()["readOnly"] == true;
            if facts.access_level.is_read_only() != log_reads {
                against_the_log.push(format!("{}:{}", action.service, action.operation));
            }
            failed += usize::from(record.outcome.value().unwrap().status == OutcomeStatus::Failure);
            assert_eq!(AuditRecord::read(&serde_json::to_vec(record).unwrap()).unwrap(), *record);
        }
        // By the user agents of the log, counted apart from the table.
        let expected = files.iter().fold((0, 0), |(tool, terraform), (_, bytes)| {
            let file: Value = serde_json::from_slice(bytes).unwrap();
            let agents: Vec<&str> =
                file["Records"].as_array().unwrap().iter().map(|event| event["userAgent"].as_str().unwrap()).collect();
            let tools = agents.iter().filter(|agent| agent.contains("stratus-red-team_")).count();
            (
                tool + tools,
                terraform
                    + agents
                        .iter()
                        .filter(|agent| agent.contains("Terraform") && !agent.contains("stratus-red-team_"))
                        .count(),
            )
        });
        assert_eq!((counts["stratus-red-team"], counts["terraform"]), expected);
        assert_eq!(expected, (762, 339));
        assert!(unlisted.is_empty(), "not in the action table: {unlisted:?}");
        assert_eq!(failed, 168);
        against_the_log.sort_unstable();
        against_the_log.dedup();
        assert_eq!(
            against_the_log,
            ["sts:AssumeRole"],
            "handing out a session is a write by the table, a read by the log"
        );

        let (replayed, skipped) = proposals(&records, reader.table);
        assert!(skipped.is_empty(), "{skipped:?}");
        let mutating = |record: &&AuditRecord| {
            let level = record
                .action
                .value()
                .and_then(|action| action.access_level.value().copied())
                .unwrap_or(AccessLevel::Unknown);
            record.agent.value().is_some() && !level.is_read_only()
        };
        assert_eq!(replayed.len(), records.iter().filter(mutating).count());
        assert_eq!(replayed.len(), 272);
        assert!(replayed.is_sorted_by_key(|one| one.at));
        for one in &replayed {
            let subject = crate::classify::Subject::of(&one.proposal, &[]);
            let judged = crate::classify::classify(subject, reader.table, reader.estate);
            assert_ne!(judged.access_level, AccessLevel::Unknown, "{one:?}");
        }
    });
}

/// How many inputs are made of one generated event.
const MUTANTS: u32 = 20;

/// As many events as give `COUNTERSIGN_CASES` inputs, or 2,000.
fn cases() -> ProptestConfig {
    let count: u32 = std::env::var("COUNTERSIGN_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000);
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(count.div_ceil(MUTANTS)) }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("arn:aws:ec2:r:123456789012:vpc/vpc-1")),
        Just(json!("vpc-1")),
        Just(json!("2023-07-10T12:05:11Z")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-zA-Z]{1,6}|vpcId|arn|content|items", inner, 0..4)
                .prop_map(|map| map.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

#[test]
fn no_input_panics_and_none_is_lost() {
    let names = prop_oneof![
        Just("eventID"),
        Just("eventTime"),
        Just("eventSource"),
        Just("eventName"),
        Just("userIdentity"),
        Just("requestParameters"),
        Just("responseElements"),
        Just("resources"),
        Just("userAgent"),
        Just("errorCode"),
        Just("recipientAccountId"),
        Just("awsRegion"),
        Just("readOnly"),
    ];
    let edits = proptest::collection::vec((names, any_json()), 0..4);
    let agents = Attribution::parse(AGENTS).unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(cases());
    runner
        .run(&(edits, any_json(), any::<u64>()), |(edits, other, seed)| {
            let mut changed = event();
            for (name, value) in edits {
                changed[name] = value;
            }
            reader(&agents, |reader| {
                let (records, rejects) = reader.cloudtrail("a", json!([changed, other]).to_string().as_bytes());
                assert_eq!(records.len() + rejects.len(), 2);
                for record in &records {
                    assert_eq!(&AuditRecord::read(&serde_json::to_vec(record).unwrap()).unwrap(), record);
                }
                let (replayed, _) = proposals(&records, reader.table);
                for one in &replayed {
                    let subject = crate::classify::Subject::of(&one.proposal, &[]);
                    assert!(!crate::classify::classify(subject, reader.table, reader.estate).reasons.is_empty());
                }
                let whole = json!({ "Records": [changed] }).to_string().into_bytes();
                let mut state = seed | 1;
                for _ in 0..MUTANTS {
                    let mut bytes = whole.clone();
                    for _ in 0..3 {
                        // Xorshift (Marsaglia 2003): enough to scatter edits.
                        state ^= state << 13;
                        state ^= state >> 7;
                        state ^= state << 17;
                        let at = (state >> 16) as usize % bytes.len();
                        bytes[at] = b"\"{}[],:\\0e\xff "[(state & 0xff) as usize % 12];
                    }
                    let (records, rejects) = reader.cloudtrail("b", &bytes);
                    let lost = records.is_empty() && rejects.is_empty();
                    assert!(!lost, "{}", String::from_utf8_lossy(&bytes));
                }
            });
            Ok(())
        })
        .unwrap();
}
