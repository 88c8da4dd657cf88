//! The OCSF reader tried on events of each schema version, on what differs between them, and on malformed ones. The
//! reader is one folder up; generated events are in `hostile_logs`.

use crate::classify::{ActionTable, Estate};
use crate::formats::agents::Attribution;
use crate::formats::{Reader, SOURCE};
use crate::record::AuditRecord;
use serde_json::{Value, json};

const AGENTS: &str = include_str!("../../../data/agents.example.toml");
const ESTATE: &str = "[[account]]\nid = \"111111111111\"\nenvironment = \"sandbox\"\n";

fn reader(check: impl FnOnce(Reader<'_>)) {
    let (agents, estate) = (Attribution::parse(AGENTS).unwrap(), Estate::parse(ESTATE).unwrap());
    check(Reader { table: ActionTable::built_in(), agents: &agents, estate: &estate });
}

/// As the mapping of CloudTrail to OCSF 1.1 has it.
fn event() -> Value {
    json!({
        "class_uid": 6003, "class_name": "API Activity", "category_uid": 6, "activity_id": 3, "type_uid": 600_303,
        "severity_id": 1, "time": 1_688_990_711_000_i64, "time_dt": "2023-07-10T12:05:11.250Z", "status_id": 1,
        "metadata": {"version": "1.1.0", "uid": "e-1", "profiles": ["cloud", "datetime"],
            "product": {"name": "CloudTrail", "vendor_name": "AWS"}},
        "api": {"operation": "DeleteRoute", "service": {"name": "ec2.amazonaws.com"}, "request": {"uid": "q-1",
            "data": {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "token": "HIDDEN_DUE_TO_SECURITY_REASONS"}}},
        "actor": {"user": {"uid": "arn:aws:iam::111111111111:user/ada", "name": "ada", "type": "IAMUser",
            "account": {"uid": "111111111111"}, "credential_uid": "key-1"}, "session": {"uid": "s-1", "issuer": "arn:aws:iam::111111111111:role/deploy"}},
        "src_endpoint": {"ip": "192.0.2.7"}, "http_request": {"user_agent": "APN/1.0 HashiCorp/1.0 Terraform/1.1.2"},
        "cloud": {"provider": "AWS", "region": "eu-west-1", "account": {"uid": "111111111111"}},
        "resources": [{"uid": "arn:aws:s3:::b", "type": "AWS::S3::Bucket"}],
        "unmapped": {"vendorNote": 9_007_199_254_740_993_u64}
    })
}

/// Sets what `changes` gives by pointer; null takes away.
fn changed(changes: &[(&str, Value)]) -> Value {
    let mut event = event();
    for (pointer, value) in changes {
        let (above, name) = pointer.rsplit_once('/').unwrap();
        let above = event.pointer_mut(above).unwrap_or_else(|| panic!("{pointer}")).as_object_mut().unwrap();
        if value.is_null() {
            above.remove(name);
        } else {
            above.insert(name.to_owned(), value.clone());
        }
    }
    event
}

fn read(event: &Value) -> AuditRecord {
    let mut read = None;
    reader(|reader| {
        let (mut records, rejects) = reader.ocsf("a.json", json!([event]).to_string().as_bytes());
        assert!(rejects.is_empty(), "{rejects:?}");
        let record = records.pop().unwrap();
        assert_eq!(AuditRecord::read(&serde_json::to_vec(&record).unwrap()).unwrap(), record, "it reads back strictly");
        read = Some(record);
    });
    read.unwrap()
}

#[test]
fn an_event_becomes_a_record_that_says_what_it_does_not_know() {
    let mut wire = serde_json::to_value(read(&event())).unwrap();
    let source = wire.as_object_mut().unwrap().remove(SOURCE).unwrap();
    assert_eq!(source["format"], "ocsf");
    assert_eq!(source["event"]["unmapped"]["vendorNote"], "9007199254740993", "kept, in a form that reads back");
    assert_eq!(source["event"]["src_endpoint"], json!({"ip": "192.0.2.7"}));
    let not_recorded = json!({"missing": "not_recorded"});
    let unknown = [
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
    ];
    for field in unknown {
        assert_eq!(wire.as_object_mut().unwrap().remove(field).unwrap(), not_recorded, "{field}");
    }
    let account = "111111111111";
    assert_eq!(
        wire,
        json!({
            "uid": "ocsf-e-1", "time": "2023-07-10T12:05:11.250Z", "kind": "execution",
            "agent": {"uid": "terraform", "name": "Terraform", "owner": "platform-lead", "version": not_recorded, "model": not_recorded},
            "on_behalf_of": {"uid": "arn:aws:iam::111111111111:user/ada", "name": "ada"},
            "session": {"uid": "s-1", "started_by": not_recorded},
            "action": {"service": "ec2", "operation": "DeleteRoute", "access_level": "write",
                "arguments": {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "token": {"missing": "redacted"}}},
            "resources": [
                {"uid": "arn:aws:s3:::b", "type": "AWS::S3::Bucket", "account": account, "region": not_recorded, "environment": not_recorded},
                {"uid": "arn:aws:ec2:eu-west-1:111111111111:route-table/rtb-1", "type": "AWS::EC2::RouteTable",
                    "account": account, "region": "eu-west-1", "environment": "sandbox"}],
            "outcome": {"status": "success"}, "asserted_by": {"record": "importer"}
        })
    );
}

/// A row a version: what it added or renamed, and where that is found.
#[test]
fn what_differs_between_the_versions_is_read() {
    let not_recorded = json!({"missing": "not_recorded"});
    let none = Value::Null;
    let anonymous = [("/actor/user", Value::Null), ("/http_request", Value::Null)];
    let case = |changes: &[(&str, Value)]| changed(&[&anonymous[..], changes].concat());
    for (version, changes, pointer, expected) in [
        // 1.1: who invoked it is one text, the resource's account is its owner's.
        (
            "1.1.0",
            vec![("/actor/invoked_by", json!("config.amazonaws.com"))],
            "/on_behalf_of/uid",
            json!("config.amazonaws.com"),
        ),
        (
            "1.1.0",
            vec![("/resources", json!([{"uid": "b", "owner": {"account": {"uid": "222222222222"}}}]))],
            "/resources/0/account",
            json!("222222222222"),
        ),
        // 1.2: app_name and app_uid in its place; agent_list holds security sensors, which are no AI agents.
        (
            "1.2.0",
            vec![("/actor/app_uid", json!("app-7")), ("/actor/app_name", json!("Console"))],
            "/on_behalf_of",
            json!({"uid": "app-7", "name": "Console"}),
        ),
        ("1.2.0", vec![("/src_endpoint/agent_list", json!([{"uid": "edr-1", "type_id": 1}]))], "/agent", none.clone()),
        ("1.2.0", vec![("/actor/agent", json!({"uid": "edr-1", "type_id": 1}))], "/agent", none.clone()),
        // 1.3 changed nothing of the class.
        (
            "1.3.0",
            vec![("/activity_id", json!(99)), ("/cloud/provider", json!("GCP"))],
            "/action/access_level",
            json!("unknown"),
        ),
        // 1.4: a resource may have a name and no uid, and the service's own tags.
        ("1.4.0", vec![("/resources", json!([{"name": "vm-1", "region": "eu-1"}]))], "/resources/0/uid", json!("vm-1")),
        (
            "1.4.0",
            vec![("/resources", json!([{"name": "vm-1", "region": "eu-1"}]))],
            "/resources/0/region",
            json!("eu-1"),
        ),
        // 1.5: display_name.
        (
            "1.5.0",
            vec![("/actor/user", json!({"uid": "u-1", "display_name": "Ada L."}))],
            "/on_behalf_of",
            json!({"uid": "u-1", "name": "Ada L."}),
        ),
        // 1.6: programmatic_credentials in the place of user.credential_uid; neither is a session.
        (
            "1.6.0",
            vec![
                ("/actor/session", none.clone()),
                ("/actor/user", json!({"uid": "u-1", "programmatic_credentials": [{"uid": "key-2"}]})),
            ],
            "/session",
            not_recorded.clone(),
        ),
        // 1.7: metadata.uid is the OCSF event's own, the source's is original_event_uid.
        ("1.7.0", vec![("/metadata/original_event_uid", json!("e-of-cloudtrail"))], "/uid", json!("ocsf-e-1")),
        // 1.8: ai_model, of a call without an agent.
        ("1.8.0", vec![("/ai_model", json!({"name": "model-a", "ai_provider": "example-ai"}))], "/agent", none.clone()),
        (
            "1.8.0",
            vec![
                ("/ai_model", json!({"name": "model-a", "ai_provider": "example-ai", "version": "3"})),
                ("/http_request", json!({"user_agent": "Terraform"})),
            ],
            "/agent/model",
            json!({"provider": "example-ai", "name": "model-a", "version": "3"}),
        ),
        // 1.9, which only adds: ai_agent, with its model; application in the place of app_name.
        (
            "1.9.0",
            vec![(
                "/ai_agent",
                json!({"uid": "a-1", "name": "Deployer", "version": "1.4.2", "ai_model": {"name": "model-a"}}),
            )],
            "/agent",
            json!({"uid": "a-1", "name": "Deployer", "version": "1.4.2", "owner": not_recorded,
                "model": {"provider": "not recorded", "name": "model-a", "version": not_recorded}}),
        ),
        ("1.9.0", vec![("/actor/process", json!({"ai_agent": {"name": "Deployer"}}))], "/agent/uid", json!("Deployer")),
        ("1.9.0", vec![("/ai_agent", json!({"type_id": 2}))], "/agent", not_recorded.clone()),
        (
            "1.9.0",
            vec![("/ai_agent", json!({"uid": "a-1", "instance_uid": "run-7"})), ("/actor/session", none.clone())],
            "/session/uid",
            json!("run-7"),
        ),
        ("1.9.0", vec![("/actor/application", json!({"uid": "app-7"}))], "/on_behalf_of/uid", json!("app-7")),
        ("1.20.3-dev", vec![], "/action/operation", json!("DeleteRoute")),
    ] {
        let mut event = case(&changes);
        event["metadata"]["version"] = json!(version);
        let wire = serde_json::to_value(read(&event)).unwrap();
        let found = wire.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(found, expected, "{version} {pointer} {changes:?}");
    }
}

#[test]
fn the_attribution_table_goes_before_what_the_event_says_of_an_agent() {
    let event = changed(&[("/ai_agent", json!({"uid": "a-1", "version": "7"}))]);
    let agent = serde_json::to_value(read(&event).agent).unwrap();
    assert_eq!(
        (&agent["uid"], &agent["owner"], &agent["version"]),
        (&json!("terraform"), &json!("platform-lead"), &json!("7"))
    );
    // And it may go by the agent's own uid.
    let agents =
        Attribution::parse("[[agent]]\nuid = \"b\"\nname = \"B\"\nowner = \"lead\"\nprincipal = \"a-1\"").unwrap();
    let reader = Reader { table: ActionTable::built_in(), agents: &agents, estate: &Estate::default() };
    let (records, _) = reader.ocsf("a", event.to_string().as_bytes());
    assert_eq!(records[0].agent.value().unwrap().uid.as_str(), "b");
}

#[test]
fn action_outcome_and_time_are_what_the_event_says() {
    let gcp = [("/cloud", json!({"provider": "GCP"})), ("/api/service/name", json!("compute.googleapis.com"))];
    let unknown = json!({"missing": "not_recorded"});
    let none = Value::Null;
    for (changes, pointer, expected) in [
        // The action table knows AWS's operations better than four words do.
        (
            vec![("/api/operation", json!("AttachUserPolicy")), ("/api/service/name", json!("iam.amazonaws.com"))],
            "/action/access_level",
            json!("permissions_management"),
        ),
        (vec![("/api/operation", json!("NoSuchThing"))], "/action/access_level", json!("write")),
        ([&gcp[..], &[("/activity_id", json!(1))]].concat(), "/action/access_level", json!("write")),
        ([&gcp[..], &[("/activity_id", json!(2))]].concat(), "/action/access_level", json!("read")),
        ([&gcp[..], &[("/activity_id", json!(3))]].concat(), "/action/access_level", json!("write")),
        ([&gcp[..], &[("/activity_id", json!(4))]].concat(), "/action/access_level", json!("write")),
        ([&gcp[..], &[("/activity_id", json!(0))]].concat(), "/action/access_level", json!("unknown")),
        ([&gcp[..], &[("/activity_id", json!(99))]].concat(), "/action/access_level", json!("unknown")),
        ([&gcp[..], &[("/activity_id", none.clone())]].concat(), "/action/access_level", json!("unknown")),
        ([&gcp[..], &[("/api/service/name", json!("ec2"))]].concat(), "/action/access_level", json!("write")),
        (
            vec![("/cloud", none.clone()), ("/api/operation", json!("DescribeVpcs"))],
            "/action/access_level",
            json!("list"),
        ),
        (vec![("/api/service", none.clone())], "/action/service", json!("not recorded")),
        (
            vec![("/api/service/name", none.clone()), ("/api/service/uid", json!("svc-1"))],
            "/action/service",
            json!("svc-1"),
        ),
        (vec![("/api/request/data", json!("{\"a\": 1}"))], "/action/arguments", json!({"a": 1})),
        (vec![("/api/request/data", json!("a=1"))], "/action/arguments", json!({"data": "a=1"})),
        (vec![("/api/request/data", none.clone())], "/action/arguments", unknown.clone()),
        (vec![("/api/request/data", none.clone()), ("/resources", none.clone())], "/resources", unknown.clone()),
        (vec![("/resources", json!([{"type": "vm"}, {"type": "vm"}]))], "/resources/0/uid", json!("not recorded")),
        (vec![("/resources", json!([{"uid": "vm-1"}]))], "/resources/0/region", json!("eu-west-1")),
        (
            vec![("/status_id", json!(2)), ("/status_code", json!("AccessDenied")), ("/status_detail", json!("no"))],
            "/outcome",
            json!({"status": "failure", "error": "AccessDenied: no"}),
        ),
        (vec![("/status_id", json!(2))], "/outcome", json!({"status": "failure", "error": unknown})),
        (
            vec![("/status_id", json!(2)), ("/api/response", json!({"error": "Throttled", "message": "slow down"}))],
            "/outcome/error",
            json!("Throttled: slow down"),
        ),
        (vec![("/status_id", json!(0))], "/outcome", json!({"status": "unknown"})),
        (
            vec![("/status_id", json!(99)), ("/status_detail", json!("partly"))],
            "/outcome",
            json!({"status": "unknown", "error": "partly"}),
        ),
        (vec![("/status_id", none.clone())], "/outcome", json!({"status": "unknown"})),
        (
            vec![("/status_id", none.clone()), ("/api/response", json!({"error": "E"}))],
            "/outcome",
            json!({"status": "failure", "error": "E"}),
        ),
        (vec![("/time_dt", none.clone())], "/time", json!("2023-07-10T12:05:11Z")),
        (vec![("/time", none.clone())], "/time", json!("2023-07-10T12:05:11.250Z")),
        (vec![("/time_dt", json!("10 July"))], "/time", json!("2023-07-10T12:05:11Z")),
        (vec![("/end_time", json!(1_688_990_712_000_i64))], "/end_time", json!("2023-07-10T12:05:12Z")),
    ] {
        let wire = serde_json::to_value(read(&changed(&changes))).unwrap();
        assert_eq!(wire.pointer(pointer).cloned().unwrap_or_default(), expected, "{pointer} {changes:?}");
    }
}

#[test]
fn what_cannot_be_decoded_is_quarantined_with_place_and_reason() {
    for (changes, field, reason) in [
        (
            vec![("/class_uid", json!(2004)), ("/class_name", json!("Detection Finding"))],
            "class_uid",
            "the class is 2004 (\"Detection Finding\"); API Activity (6003) alone",
        ),
        (vec![("/class_uid", Value::Null)], "class_uid", "missing"),
        (vec![("/class_uid", json!("6003"))], "class_uid", "not a number"),
        (vec![("/metadata/version", json!("1.0.0-rc.2"))], "metadata.version", "1.1 and later of 1"),
        (vec![("/metadata/version", json!("2.0.0"))], "metadata.version", "\"2.0.0\""),
        (vec![("/metadata/version", Value::Null)], "metadata.version", "missing"),
        (vec![("/metadata", json!([]))], "metadata.version", "missing"),
        (vec![("/metadata/uid", json!(7))], "metadata.uid", "not a string"),
        (vec![("/metadata/uid", json!("\u{7}"))], "metadata.uid", "control"),
        (vec![("/api", Value::Null)], "api.operation", "missing"),
        (vec![("/api/operation", json!(" "))], "api.operation", "empty"),
        (vec![("/api/operation", json!(7))], "api.operation", "not a string"),
        (vec![("/time", Value::Null), ("/time_dt", Value::Null)], "time", "missing"),
        (vec![("/time", Value::Null), ("/time_dt", json!("noon"))], "time_dt", "RFC 3339"),
        (vec![("/time", json!("1688990711000"))], "time", "whole number of milliseconds"),
        (vec![("/time", json!(1.5))], "time", "whole number of milliseconds"),
        (vec![("/time", json!(9_007_199_254_740_992_i64))], "time", "outside 1 to 9999"),
        // In seconds, by mistake.
        (vec![("/time", json!(1_688_990_711))], "time", "time_dt says 2023-07-10"),
        (vec![("/ai_agent", json!({"uid": "a\u{0}"})), ("/http_request", Value::Null)], "ai_agent.uid", "control"),
    ] {
        let event = changed(&changes);
        for (text, path) in [(json!([event]), field.to_owned()), (json!({"event": event}), format!("event.{field}"))] {
            reader(|reader| {
                let (records, rejects) = reader.ocsf("a.json", text.to_string().as_bytes());
                assert_eq!((records.len(), rejects.len()), (0, 1), "{changes:?}");
                let reject = &rejects[0];
                assert_eq!((reject.position, reject.field.as_str()), (1, path.as_str()), "{changes:?}");
                assert!(reject.reason.contains(reason), "{reject:?}");
                assert!(serde_json::from_slice::<Value>(&reject.bytes).is_ok());
            });
        }
    }
}

#[test]
fn files_are_arrays_wrappers_single_events_or_lines() {
    let one = event().to_string();
    let two = changed(&[("/metadata/uid", json!("e-2"))]).to_string();
    for (file, uids, rejects) in [
        (format!("[{one},{two}]"), vec!["ocsf-e-1", "ocsf-e-2"], vec![]),
        (format!("\u{feff} {one}"), vec!["ocsf-e-1"], vec![]),
        (format!("{{\"events\":[{one},7]}}"), vec!["ocsf-e-1"], vec![2]),
        (format!("{{\"count\":1,\"records\":[{one}]}}"), vec!["ocsf-e-1"], vec![]),
        (format!("{{\"Records\":[{one}]}}"), vec!["ocsf-e-1"], vec![]),
        (format!("{{\"data\":[{one}]}}"), vec!["ocsf-e-1"], vec![]),
        (format!("{{\"host\":\"h\",\"event\":{one}}}\n{{\"event\":{two}}}"), vec!["ocsf-e-1", "ocsf-e-2"], vec![]),
        (format!("{one}\r\n\r\n{{\r\n{two}\r\n"), vec!["ocsf-e-1", "ocsf-e-2"], vec![3]),
        (format!("{one}\n{two}\n{}", &one[..40]), vec!["ocsf-e-1", "ocsf-e-2"], vec![3]),
        ("[]".to_owned(), vec![], vec![]),
        (one[..100].to_owned(), vec![], vec![1]),
        (String::new(), vec![], vec![1]),
        ("{\"events\":[],\"events\":[]}".to_owned(), vec![], vec![1]),
    ] {
        reader(|reader| {
            let (records, rejected) = reader.ocsf("a", file.as_bytes());
            let found: Vec<&str> = records.iter().map(|record| record.uid.as_str()).collect();
            assert_eq!(found, uids, "{file}");
            assert_eq!(rejected.iter().map(|reject| reject.position).collect::<Vec<_>>(), rejects, "{file}");
        });
    }
}

#[test]
fn an_event_without_a_uid_is_known_by_what_it_says() {
    let bare = |changes: &[(&str, Value)]| read(&changed(&[&[("/metadata/uid", Value::Null)], changes].concat())).uid;
    let uid = bare(&[]);
    assert_eq!((uid.as_str().len(), &uid), (5 + 64, &bare(&[])));
    assert_ne!(uid, bare(&[("/status_id", json!(2))]));
}
