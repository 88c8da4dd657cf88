//! `import` and `replay` on real CloudTrail logs: the folder is that of COUNTERSIGN_REAL_DATA; without it
//! these tests say that they were skipped, with it a missing file is a failure. How a log is read is tested
//! in `oversight::formats`.

mod in_process;

use endpoint::command::import::{self, Format, Import};
use endpoint::command::replay::{self, Replay};
use endpoint::desk::{ChangeFilter, Desk, Principal, RecordFilter, Settings};
use endpoint::policy::PolicyEngine;
use oversight::classify::{ActionTable, Estate};
use oversight::contract::ChangeView;
use oversight::formats::replay::proposals;
use oversight::formats::{Attribution, Reader};
use oversight::id::AgentUid;
use oversight::state::State;
use oversight::vocabulary::{Effect, Kind, Role};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The two automated actors of the data.
const AGENTS: &str = r#"
[[agent]]
uid = "stratus"
name = "Stratus"
owner = "security-lead"
user_agent = "*stratus-red-team*"

[[agent]]
uid = "terraform"
name = "Terraform"
owner = "platform-lead"
user_agent = "*Terraform*"
"#;

fn logs() -> Option<PathBuf> {
    real("cloudtrail")
}

fn real(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("COUNTERSIGN_REAL_DATA") else {
        eprintln!("skipped: COUNTERSIGN_REAL_DATA names no folder of real logs");
        return None;
    };
    let logs = Path::new(&folder).join(name);
    assert!(logs.is_dir(), "{} is missing", logs.display());
    Some(logs)
}

fn import_of(database: &Path, format: Format, agents: Option<&Path>, paths: &[&Path]) -> Import {
    Import {
        database: database.display().to_string(),
        format,
        agents: agents.map(Path::to_owned),
        estate: None,
        paths: paths.iter().map(|path| path.to_path_buf()).collect(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_real_record_is_taken_in_once_and_the_tools_actions_are_an_agents() {
    let Some(logs) = logs() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (database, agents) = (folder.path().join("a.db"), folder.path().join("agents.toml"));
    fs::write(&agents, AGENTS).unwrap();
    let import = import_of(&database, Format::Cloudtrail, Some(&agents), &[&logs]);
    assert_eq!(import::summary(&import::run(&import).await.unwrap()), "1,448 accepted, 0 quarantined");
    let again = import::summary(&import::run(&import).await.unwrap());
    assert_eq!(again, "0 accepted, 0 quarantined, 1,448 already there");

    let settings = Settings { demonstration: false, estate: Estate::default() };
    let desk = Desk::open(&database.display().to_string(), PolicyEngine::default_policy(), settings).await.unwrap();
    let reader = Principal { uid: "manager".into(), role: Role::Manager, groups: Vec::new(), owner: None };
    for agent in ["stratus", "terraform"] {
        let agent = Some(AgentUid::new(agent).unwrap());
        let page = desk.records(&reader, RecordFilter { agent, limit: 1, ..RecordFilter::default() }).await.unwrap();
        assert!(page.total > 20, "{} records of {:?}", page.total, page.items);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mutating_action_of_an_agent_waits_for_the_review_that_the_policy_asks_for() {
    let Some(logs) = logs() else { return };
    let served = in_process::serve(false, "").await;
    let agents = served.folder.path().join("agents.toml");
    fs::write(&agents, AGENTS).unwrap();
    let tokens = vec![
        format!("stratus={}", served.agent("stratus", "security-lead").await),
        format!("terraform={}", served.agent("terraform", "platform-lead").await),
    ];
    let replay = Replay {
        url: served.url.clone(),
        tokens,
        format: Format::Cloudtrail,
        agents: Some(agents),
        on_behalf_of: None,
        rate: None,
        paths: vec![logs.clone()],
    };
    let outcome = replay::run(&replay).await.unwrap();
    println!("{}", outcome.summary());

    // What should have been proposed, read from the same logs.
    let attribution = Attribution::parse(AGENTS).unwrap();
    let estate = Estate::default();
    let reader = Reader { table: ActionTable::built_in(), agents: &attribution, estate: &estate };
    let mut records = Vec::new();
    for entry in fs::read_dir(&logs).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            records.extend(reader.cloudtrail("log", &fs::read(&path).unwrap()).0);
        }
    }
    let (expected, skipped) = proposals(&records, ActionTable::built_in());
    assert!(expected.len() > 50, "{} actions", expected.len());
    assert_eq!(outcome.proposed.values().sum::<u64>() as usize, expected.len(), "{}", outcome.summary());
    assert_eq!(outcome.refused.values().sum::<u64>() as usize, skipped.len(), "{}", outcome.summary());

    let changes = every_change(&served).await;
    assert_eq!(changes.len(), expected.len());
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    for one in &expected {
        *wanted
            .entry(format!("{} {}:{}", one.agent, one.proposal.action.service, one.proposal.action.operation))
            .or_default() += 1;
    }
    let policy = PolicyEngine::default_policy();
    let mut reviewed = 0;
    for change in &changes {
        let version = &change.reviewed;
        let name = format!("{} {}:{}", version.agent.uid, version.action.service, version.action.operation);
        *wanted.get_mut(&name).unwrap_or_else(|| panic!("{name} was not asked for")) -= 1;
        assert_eq!(version.policy, policy.evaluate(&version.policy_facts()), "{name}");
        assert!(
            !version.classification.access_level.is_read_only() || version.policy.decision != Effect::Deny,
            "{name}"
        );
        let state = match version.policy.decision {
            Effect::Allow => State::Approved,
            Effect::Deny => State::DeniedByPolicy,
            Effect::NeedsReview => State::Pending,
        };
        assert_eq!(change.state, state, "{name}");
        // The logs say nothing of where things stand and little of who asked: nobody is left out.
        if version.policy.decision == Effect::NeedsReview {
            assert!(change.slots.iter().any(|slot| slot.group.as_str() == "sre"), "{name}");
            reviewed += 1;
        }
    }
    assert!(wanted.values().all(|left| *left == 0), "{wanted:?}");
    assert!(reviewed > 50, "{reviewed} wait");
    assert!(changes.iter().all(|change| change.state != State::Approved), "nothing of an unknown estate is autonomous");
}

async fn every_change(served: &in_process::Served) -> Vec<ChangeView> {
    let manager = served.enrol("manager", Role::Manager, &[]).await;
    let mut changes = Vec::new();
    let mut cursor = None;
    loop {
        let filter = ChangeFilter { limit: 200, cursor, ..ChangeFilter::default() };
        let page = served.desk.changes(&manager, filter).await.unwrap();
        changes.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return changes;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_trace_is_taken_in_once_as_the_acts_of_its_agents() {
    let Some(traces) = real("otel") else { return };
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("a.db");
    for (format, summary) in [
        (Format::Auto, "17 accepted, 0 quarantined, 40 spans listed apart"),
        (Format::Otel, "0 accepted, 0 quarantined, 17 already there, 40 spans listed apart"),
    ] {
        let import = import_of(&database, format, None, &[&traces]);
        assert_eq!(import::summary(&import::run(&import).await.unwrap()), summary);
    }
    let settings = Settings { demonstration: false, estate: Estate::default() };
    let desk = Desk::open(&database.display().to_string(), PolicyEngine::default_policy(), settings).await.unwrap();
    let reader = Principal { uid: "manager".into(), role: Role::Manager, groups: Vec::new(), owner: None };
    for (agent, count) in [("triage-agent", 15), ("summarizer", 2)] {
        let agent = Some(AgentUid::new(agent).unwrap());
        let page = desk.records(&reader, RecordFilter { agent, limit: 1, ..RecordFilter::default() }).await.unwrap();
        assert_eq!(page.total, count);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_decoded_is_quarantined_and_what_can_not_be_read_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let event = |id: &str| {
        format!(
            r#"{{"eventVersion":"1.08","eventID":"{id}","eventTime":"2026-03-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"eu-west-1","userAgent":"x","userIdentity":{{"type":"IAMUser","userName":"u"}}}}"#
        )
    };
    fs::write(path("a.json"), format!(r#"{{"Records":[{},{{"eventID":"b"}},{}]}}"#, event("a"), event("c"))).unwrap();
    let record = |uid: &str| format!(r#"{{"uid":"{uid}","time":"2026-03-01T10:00:00Z","kind":"execution"}}"#);
    fs::write(path("b.ndjson"), format!("{}\n{{\"uid\":\"x\"\n\n{}\n", record("n-1"), record("n-2"))).unwrap();
    fs::write(path("c.json"), format!("[\n {},\n {{\"uid\": 7}}\n]", record("n-3"))).unwrap();
    fs::write(
        path("d.json"),
        "{\n \"uid\": \"n-4\",\n \"time\": \"2026-03-01T10:00:00Z\",\n \"kind\": \"execution\"\n}",
    )
    .unwrap();
    let ocsf = |uid: &str, class: u32| {
        format!(
            r#"{{"class_uid":{class},"activity_id":4,"time":1772359200000,"metadata":{{"version":"1.8.0","uid":"{uid}"}},"api":{{"operation":"delete"}}}}"#
        )
    };
    fs::write(path("e.ndjson"), format!("{}\n{}\n{{\n", ocsf("o-1", 6003), ocsf("o-2", 2004))).unwrap();
    let attribute = r#"{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}"#;
    let span = |id: u32, attributes: &str| {
        format!(
            r#"{{"traceId":"4a1b2c3d4e5f60718293a4b5c6d7e8f9","spanId":"{id:016x}","startTimeUnixNano":"1772359200000000000","attributes":[{attributes}]}}"#
        )
    };
    let spans = [span(1, attribute), span(2, ""), span(0, "")].join(",");
    fs::write(path("f.jsonl"), format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{spans}]}}]}}]}}"#)).unwrap();
    fs::write(path("g.json"), "<html>Sign in</html>").unwrap();
    fs::write(path("h.json"), b"\x1f\x8b\x08").unwrap();
    let database = path("a.db");

    let missing = import_of(&database, Format::Native, None, &[&path("b.ndjson"), &path("none.ndjson")]);
    let error = format!("{:#}", import::run(&missing).await.unwrap_err());
    assert!(error.contains("none.ndjson can't be read"), "{error}");
    assert!(!database.exists(), "a wrong path was found out after the database was made");

    for (format, file, summary) in [
        (Format::Cloudtrail, "a.json", "2 accepted, 1 quarantined"),
        (Format::Native, "b.ndjson", "2 accepted, 1 quarantined"),
        (Format::Native, "c.json", "1 accepted, 1 quarantined"),
        (Format::Native, "d.json", "1 accepted, 0 quarantined"),
        (Format::Ocsf, "e.ndjson", "1 accepted, 2 quarantined"),
        (Format::Otel, "f.jsonl", "1 accepted, 1 quarantined, 1 span listed apart"),
        // Each again, told from its content.
        (Format::Auto, "a.json", "0 accepted, 1 quarantined, 2 already there"),
        (Format::Auto, "b.ndjson", "0 accepted, 1 quarantined, 2 already there"),
        (Format::Auto, "c.json", "0 accepted, 1 quarantined, 1 already there"),
        (Format::Auto, "d.json", "0 accepted, 0 quarantined, 1 already there"),
        (Format::Auto, "e.ndjson", "0 accepted, 2 quarantined, 1 already there"),
        (Format::Auto, "f.jsonl", "0 accepted, 1 quarantined, 1 already there, 1 span listed apart"),
        (Format::Auto, "g.json", "0 accepted, 1 quarantined"),
        (Format::Auto, "h.json", "0 accepted, 1 quarantined"),
    ] {
        let import = import_of(&database, format, None, &[&path(file)]);
        assert_eq!(import::summary(&import::run(&import).await.unwrap()), summary, "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_leaves_the_policy_in_force_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (database, file) = (folder.path().join("a.db"), folder.path().join("a.ndjson"));
    fs::write(&file, "{\"uid\":\"n-1\",\"time\":\"2026-03-01T10:00:00Z\",\"kind\":\"execution\"}\n").unwrap();
    let open = async || {
        let text = format!("{}\n// ours", PolicyEngine::default_policy().text());
        let policy = PolicyEngine::load(&text, "ours").unwrap();
        let settings = Settings { demonstration: false, estate: Estate::default() };
        Desk::open(&database.display().to_string(), policy, settings).await.unwrap()
    };
    drop(open().await);
    import::run(&import_of(&database, Format::Native, None, &[&file])).await.unwrap();
    let reader = Principal { uid: "manager".into(), role: Role::Manager, groups: Vec::new(), owner: None };
    let loads = RecordFilter { kind: vec![Kind::PolicyLoad], ..RecordFilter::default() };
    assert_eq!(open().await.records(&reader, loads).await.unwrap().total, 1);
}

/// The logs name roles, not people enrolled here: whoever replays stands behind it, or nothing is autonomous.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_replayed_is_autonomous_only_with_somebody_known_behind_it() {
    let estate = "[[account]]\nid = \"333333333333\"\nenvironment = \"sandbox\"\n";
    let served = in_process::serve(false, estate).await;
    served.enrol("engineer-1", Role::Engineer, &["sre"]).await;
    let token = served.agent("terraform", "platform-lead").await;
    let (agents, log) = (served.folder.path().join("agents.toml"), served.folder.path().join("a.json"));
    fs::write(&agents, AGENTS).unwrap();
    fs::write(
        &log,
        r#"{"Records":[{"eventVersion":"1.08","eventID":"a","eventTime":"2026-03-01T10:00:00Z","eventSource":"ec2.amazonaws.com",
            "eventName":"CreateSnapshot","awsRegion":"eu-west-1","userAgent":"Terraform/1.1","readOnly":false,"recipientAccountId":"333333333333",
            "userIdentity":{"type":"IAMUser","userName":"ada","accountId":"333333333333","arn":"arn:aws:iam::333333333333:user/ada"}}]}"#,
    )
    .unwrap();
    for (person, state) in
        [(None, State::Pending), (Some("made-up"), State::Pending), (Some("engineer-1"), State::Approved)]
    {
        let replay = Replay {
            url: served.url.clone(),
            tokens: vec![token.clone()],
            format: Format::Cloudtrail,
            agents: Some(agents.clone()),
            on_behalf_of: person.map(|uid| uid.parse().unwrap()),
            rate: None,
            paths: vec![log.clone()],
        };
        let outcome = replay::run(&replay).await.unwrap();
        assert_eq!(outcome.proposed, BTreeMap::from([(state, 1)]), "{person:?}: {}", outcome.summary());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_says_what_it_can_not_do() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("a.json");
    fs::write(&log, r#"{"Records":[]}"#).unwrap();
    let replay = |format, url: &str| Replay {
        url: url.to_owned(),
        tokens: vec!["t".to_owned()],
        format,
        agents: None,
        on_behalf_of: None,
        rate: None,
        paths: vec![log.clone()],
    };
    for (format, reason) in
        [(Format::Cloudtrail, "--agents"), (Format::Native, "only CloudTrail"), (Format::Auto, "only CloudTrail")]
    {
        let error = format!("{:#}", replay::run(&replay(format, "http://127.0.0.1:1")).await.unwrap_err());
        assert!(error.contains(reason), "{error}");
    }
}
