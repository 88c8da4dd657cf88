//! The audit trail: what may be appended by whom, what proves a record, pages, search, snapshots, imports, the
//! inventory of agents, and how long a decision takes.

use crate::fixture::*;
use endpoint::desk::{ChangeFilter, RecordFilter};
use endpoint::store::{Store, records};
use oversight::log_entry::{Disclosure, disclosed};
use oversight::missing::Field;
use oversight::record::{AuditRecord, Quarantined};
use oversight::state::State;
use oversight::vocabulary::{Decision, Kind};
use serde_json::{Value, json};

fn record(value: Value) -> AuditRecord {
    let mut whole = json!({"uid": "r-1", "time": "2026-09-01T00:00:00Z", "kind": "recommendation"});
    for (name, field) in value.as_object().expect("an object") {
        whole[name] = field.clone();
    }
    AuditRecord::decode(whole).expect("a record")
}

#[tokio::test]
async fn the_log_entry_of_every_record_proves_it() {
    let bench = Bench::open().await;
    let id = bench.propose(two_groups(1)).await.change;
    bench.approve("both", id).await;
    bench.desk.append(&who("agent-1"), vec![record(json!({"rationale": "É"}))]).await.unwrap();
    let store = Store::open(bench.folder.path().join("desk.sqlite").to_str().unwrap()).await.unwrap();
    let mut db = store.read().await.unwrap();
    let log = bench.log().await;
    assert!(log.len() > 15);
    for record in log {
        let (entry, disclosures) =
            records::log_entry(&mut db, record["sequence"].as_u64().unwrap()).await.unwrap().unwrap();
        let disclosures: Vec<Disclosure> = disclosures.into_iter().map(Disclosure).collect();
        let proven = disclosed(&entry, &disclosures).unwrap();
        assert_eq!(Value::Object(proven), record);
        let words: Value = serde_json::from_str(&entry).unwrap();
        assert_eq!((&words["uid"], &words["sequence"]), (&record["uid"], &record["sequence"]));
    }
}

#[tokio::test]
async fn each_brings_only_what_is_its_own_to_bring() {
    let bench = Bench::open().await;
    let own = bench.propose(one_peer(1)).await.change.to_string();
    let foreign = bench.desk.propose(&who("agent-2"), one_peer(1)).await.unwrap().change.to_string();
    let before = bench.desk.sequence().await.unwrap();
    for (uid, given, expected) in [
        ("agent-1", json!({"kind": "review"}), "422 1:kind"),
        ("agent-1", json!({"kind": "execution"}), "422 1:kind"),
        ("agent-1", json!({"agent": {"uid": "agent-1", "name": "A", "owner": "me"}}), "422 1:agent.owner"),
        ("agent-1", json!({"agent": {"uid": "agent-2", "name": "A"}}), "422 1:agent"),
        ("agent-1", json!({"owner": "me"}), "422 1:owner"),
        ("agent-1", json!({"sequence": 1}), "422 1:sequence"),
        ("agent-1", json!({"risk": {"tier": "low"}}), "422 1:risk"),
        ("agent-1", json!({"asserted_by": {"record": "endpoint"}}), "422 1:asserted_by"),
        ("agent-1", json!({"version": 1}), "422 1:version"),
        ("agent-1", json!({"step": 1}), "422 1:step"),
        ("agent-1", json!({"digest": "0".repeat(64)}), "422 1:digest"),
        ("agent-1", json!({"outcome": {"status": "success"}}), "422 1:outcome"),
        ("agent-1", json!({"comment": {"text": "Approved by all."}}), "422 1:comment"),
        ("agent-1", json!({"reason": "Because."}), "422 1:reason"),
        ("agent-1", json!({"blast_radius": {"resources": 1}}), "422 1:blast_radius"),
        ("agent-1", json!({"critical_paths": []}), "422 1:critical_paths"),
        (
            "agent-1",
            json!({"reversibility": {"class": "reversible", "assessed_by": "endpoint"}}),
            "422 1:reversibility",
        ),
        ("agent-1", json!({"policy": {"uid": "p", "version": "v", "decision": "allow"}}), "422 1:policy"),
        (
            "agent-1",
            json!({"review": {"decision": "approve", "reviewer": "engineer-1", "digest": "0".repeat(64), "channel": "api", "decided_at": "2026-09-01T00:00:00Z"}}),
            "422 1:review",
        ),
        ("agent-1", json!({"actor": {"uid": "engineer-1", "role": "engineer"}}), "422 1:actor"),
        (
            "agent-1",
            json!({"resources": [{"uid": "a"}, {"uid": "b", "environment": "sandbox"}]}),
            "422 1:resources[1].environment",
        ),
        ("agent-1", json!({"state": "approved"}), "422 1:state"),
        ("agent-1", json!({"demonstration": true}), "422 1:demonstration"),
        ("agent-1", json!({"requirement": {"slots": []}}), "422 1:requirement"),
        ("agent-1", json!({"policy_uid": "default"}), "422 1:policy_uid"),
        ("agent-1", json!({"agent": {"missing": "redacted"}}), "422 1:agent"),
        ("agent-1", json!({"review": {"missing": "redacted"}}), "422 1:review"),
        ("executor-1", json!({"kind": "execution", "digest": "0".repeat(64)}), "422 1:digest"),
        ("executor-1", json!({"kind": "execution", "comment": {"text": "x"}}), "422 1:comment"),
        ("executor-1", json!({"kind": "execution", "state": "verified"}), "422 1:state"),
        ("agent-1", json!({"change_id": foreign}), "422 1:change_id"),
        ("executor-1", json!({"change_id": "CH-77", "kind": "execution"}), "422 1:change_id"),
        ("executor-1", json!({}), "422 1:kind"),
        ("engineer-1", json!({}), "403 role"),
        ("customer", json!({}), "403 role"),
    ] {
        let refused = bench.desk.append(&who(uid), vec![record(given.clone())]).await.unwrap_err();
        assert_eq!(word(&refused), expected, "{uid} {given}");
    }
    // One bad line and nothing of the batch is kept; each fault is named.
    let batch = vec![
        record(json!({})),
        record(json!({"uid": "r-2", "kind": "pause"})),
        record(json!({"uid": "r-3", "sequence": 1})),
    ];
    assert_eq!(word(&bench.desk.append(&who("agent-1"), batch).await.unwrap_err()), "422 2:kind 3:sequence");
    assert_eq!(bench.desk.sequence().await.unwrap(), before);

    let good = || {
        record(
            json!({"change_id": own, "action": {"service": "ec2", "operation": "StopInstances", "access_level": "list"}}),
        )
    };
    let appended = bench.desk.append(&who("agent-1"), vec![good()]).await.unwrap();
    assert_eq!((appended.accepted, appended.first, appended.last), (1, Some(before + 1), Some(before + 1)));
    let kept = bench.desk.record(&who("manager"), "r-1").await.unwrap();
    assert_eq!((&kept["agent"]["uid"], &kept["agent"]["owner"]), (&json!("agent-1"), &json!("owner")));
    assert_eq!((&kept["asserted_by"]["record"], &kept["action"]["access_level"]), (&json!("agent"), &json!("write")));
    // The same again is known; other content, or another's, under that uid is a conflict.
    let again = bench.desk.append(&who("agent-1"), vec![good()]).await.unwrap();
    assert_eq!((again.accepted, again.known, again.first), (0, 1, None));
    for (uid, other) in [("agent-1", record(json!({"rationale": "x"}))), ("agent-2", record(json!({})))] {
        assert_eq!(word(&bench.desk.append(&who(uid), vec![other]).await.unwrap_err()), "409 uid-taken", "{uid}");
    }
    let id = own.parse().unwrap();
    bench.approve("engineer-1", id).await;
    bench.redeem(id).await.unwrap();
    let execution =
        record(json!({"uid": "x-1", "kind": "execution", "change_id": own, "outcome": {"status": "success"}}));
    bench.desk.append(&who("executor-1"), vec![execution]).await.unwrap();
    let kept = bench.desk.record(&who("manager"), "x-1").await.unwrap();
    assert_eq!((&kept["agent"]["uid"], &kept["action"]["operation"]), (&json!("agent-1"), &json!("StopInstances")));
    assert_eq!(kept["asserted_by"]["record"], "executor");
}

/// An execution belongs to a change by its redemption alone: everything else is a bypass, and says of no change.
#[tokio::test]
async fn an_executor_records_only_what_it_redeemed() {
    let bench = Bench::open().await;
    let id = bench.propose(one_peer(1)).await.change;
    let other = bench.propose(one_peer(2)).await.change;
    let of = |uid: &str, kind: &str, change: Option<oversight::id::ChangeId>, version: Option<u32>| {
        let mut given = json!({"uid": uid, "kind": kind, "outcome": {"status": "success"}, "step": 1});
        if let Some(change) = change {
            given["change_id"] = json!(change);
        }
        if let Some(version) = version {
            given["version"] = json!(version);
        }
        record(given)
    };
    let append = async |executor: &str, record: AuditRecord| {
        let appended = bench.desk.append(&who(executor), vec![record]).await;
        appended.map(|appended| appended.accepted).map_err(|refused| word(&refused))
    };
    let refused = || Err("422 1:change_id".to_owned());
    for state in ["pending", "approved"] {
        for kind in ["execution", "verification", "rollback"] {
            assert_eq!(
                append("executor-1", of("early", kind, Some(id), None)).await,
                refused(),
                "{kind} while {state}"
            );
        }
        if state == "pending" {
            bench.approve("engineer-1", id).await;
        }
    }
    bench.redeem(id).await.unwrap();
    assert_eq!(append("executor-2", of("o-1", "execution", Some(id), Some(1))).await, refused());
    assert_eq!(append("executor-1", of("o-2", "execution", Some(other), None)).await, refused());
    assert_eq!(append("executor-1", of("v", "execution", Some(id), Some(2))).await, Err("422 1:version".to_owned()));
    assert_eq!(append("executor-1", of("e-1", "execution", Some(id), Some(1))).await, Ok(1));
    let verified = json!({"result": "verified"});
    let verified = || oversight::json::decode(verified.clone()).unwrap();
    let report = async |executor: &str| {
        let done = bench.desk.outcome(&who(executor), id, verified()).await;
        done.map(|receipt| receipt.state).map_err(|refused| word(&refused))
    };
    let before = bench.desk.sequence().await.unwrap();
    assert_eq!(report("executor-2").await, Err("403 not-redeemer".to_owned()));
    assert_eq!((bench.view(id).await.state, bench.desk.sequence().await.unwrap()), (State::Redeemed, before));
    assert_eq!(report("executor-1").await, Ok(State::Verified));
    // A step's record that was late is still of the one redemption.
    assert_eq!(append("executor-1", of("e-2", "verification", Some(id), Some(1))).await, Ok(1));
    assert_eq!(append("executor-2", of("e-3", "verification", Some(id), Some(1))).await, refused());
    // What was done past it all is recorded, of no change.
    assert_eq!(append("executor-2", of("bypass", "execution", None, None)).await, Ok(1));
    assert_eq!(bench.desk.record(&who("manager"), "bypass").await.unwrap()["change_id"], Value::Null);
}

#[tokio::test]
async fn a_review_says_in_its_record_what_stands_in_its_row() {
    let bench = Bench::open().await;
    let id = bench.propose(one_peer(1)).await.change;
    let view = bench.view(id).await;
    let mut asked = request(&view, Decision::Approve);
    asked.evidence.visible_ms = Some(41_250);
    let channel = oversight::vocabulary::Channel::Browser;
    bench.desk.review(&who("engineer-1"), id, Ok(asked), key(), Some(view.etag()), channel).await.unwrap();
    let review = bench.log().await.pop().unwrap();
    assert_eq!((&review["kind"], &review["review"]["visible_ms"]), (&json!("review"), &json!(41_250)));
    assert_eq!(bench.view(id).await.reviews[0].evidence.visible_ms, Some(41_250));
    let other = bench.propose(one_peer(2)).await.change;
    bench.approve("engineer-1", other).await;
    let review = bench.log().await.pop().unwrap();
    assert_eq!(review["review"]["visible_ms"], json!({"missing": "not_recorded"}));
}

#[tokio::test]
async fn pages_filters_and_search_find_what_is_there() {
    let bench = Bench::open().await;
    let id = bench.propose(two_groups(1)).await.change;
    bench.decide("network-owner", id, Decision::Reject).await.unwrap();
    bench.desk.append(&who("agent-1"), vec![record(json!({"rationale": "Größe \"XÄ\" 100%_"}))]).await.unwrap();
    let count = async |filter: RecordFilter| bench.desk.records(&who("manager"), filter).await.unwrap().total;
    let everything = bench.log().await;
    assert_eq!(count(RecordFilter::default()).await, everything.len() as u64);
    for (filter, expected) in [
        (RecordFilter { change: Some(id), ..Default::default() }, 3),
        (RecordFilter { kind: vec![Kind::Review, Kind::Proposal], ..Default::default() }, 2),
        (RecordFilter { service: Some("ec2".into()), ..Default::default() }, 3),
        (RecordFilter { agent: Some("agent-2".parse().unwrap()), ..Default::default() }, 1),
        (RecordFilter { q: Some("größe \"xä\" 100%_".into()), ..Default::default() }, 1),
        (RecordFilter { q: Some("CREATEROUTE".into()), kind: vec![Kind::Review], ..Default::default() }, 1),
        (RecordFilter { q: Some("no such thing".into()), ..Default::default() }, 0),
        (RecordFilter { until: Some("2026-09-02T00:00:00Z".parse().unwrap()), ..Default::default() }, 1),
        (
            RecordFilter { since: Some("2026-09-02T00:00:00Z".parse().unwrap()), ..Default::default() },
            everything.len() as u64 - 1,
        ),
    ] {
        assert_eq!(count(filter.clone()).await, expected, "{filter:?}");
    }
    let mut cursor = None;
    let mut pages = Vec::new();
    loop {
        let filter = RecordFilter { limit: 4, cursor, ..Default::default() };
        let page = bench.desk.records(&who("manager"), filter).await.unwrap();
        assert!(page.items.len() == 4 || page.next.is_none());
        pages.extend(page.items);
        // What is appended meanwhile does not shift the pages.
        bench.desk.comment(&who("manager"), id, "Meanwhile.".into()).await.unwrap();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    pages.reverse();
    assert_eq!(pages, everything);
    assert_eq!(word(&bench.desk.records(&who("agent-1"), RecordFilter::default()).await.unwrap_err()), "403 role");
}

#[tokio::test]
async fn a_snapshot_holds_what_was_there_when_it_began() {
    let bench = Bench::open().await;
    let mut export = bench.desk.export(&who("manager"), RecordFilter::default()).await.unwrap();
    let began = bench.desk.sequence().await.unwrap();
    bench.propose(one_peer(1)).await;
    let lines = export.next().await.unwrap();
    assert_eq!(lines.len() as u64, began);
    assert!(export.next().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_import_keeps_everything_and_says_so() {
    let bench = Bench::open().await;
    let agent = json!({"uid": "terraform", "name": "Terraform", "owner": "platform-lead"});
    let used = |uid: &str, status: &str| {
        record(
            json!({"uid": uid, "kind": "execution", "agent": agent, "outcome": {"status": status}, "change_id": "CH-1",
            "asserted_by": {"record": "endpoint", "outcome": "person"},
            "action": {"service": "s3", "operation": "PutObject", "access_level": "write"}}),
        )
    };
    let id = bench.propose(one_peer(1)).await.change;
    let reject = Quarantined {
        source: "a.json".into(),
        position: 3,
        field: "time".into(),
        reason: "not a time".into(),
        bytes: b"{\xff".to_vec(),
    };
    let all = || vec![used("i-1", "success"), used("i-2", "failure"), used("i-1", "success")];
    let first = bench.desk.import("a.json", all(), vec![reject.clone()]).await.unwrap();
    assert_eq!((first.accepted, first.known, first.quarantined), (2, 1, 1));
    let again = bench.desk.import("a.json", all(), vec![reject]).await.unwrap();
    assert_eq!((again.accepted, again.known, again.quarantined), (0, 3, 1));
    let other = bench.desk.import("b.json", vec![used("i-1", "failure")], vec![]).await.unwrap();
    assert_eq!((other.accepted, other.quarantined), (0, 1));
    let page = bench.desk.quarantine(&who("manager"), None, 1).await.unwrap();
    assert_eq!((page.items[0].field.as_str(), page.items[0].source.as_str()), ("uid", "b.json"));
    let page = bench.desk.quarantine(&who("manager"), page.next, 1).await.unwrap();
    assert_eq!((page.items[0].excerpt.as_str(), page.items[0].bytes, page.next), ("{\u{fffd}", 2, None));
    assert_eq!(bench.desk.records(&who("manager"), RecordFilter::default()).await.unwrap().quarantined, 2);
    let kept = bench.desk.record(&who("manager"), "i-1").await.unwrap();
    assert_eq!(kept["asserted_by"], json!({"record": "importer"}), "nobody here vouches for what was imported");
    assert_eq!(kept["source_asserted_by"], json!({"record": "endpoint", "outcome": "person"}));
    assert_eq!((&kept["source_change_id"], &kept["change_id"]), (&json!("CH-1"), &Value::Null));
    // An imported record that names a change of ours is not of it.
    let filter = RecordFilter { change: Some(id), ..Default::default() };
    assert_eq!(bench.desk.records(&who("manager"), filter).await.unwrap().total, 2);
    assert_eq!(bench.view(id).await.state, State::Pending);
    let agents = bench.desk.agents(&who("engineer-1")).await.unwrap();
    let terraform = agents.iter().find(|agent| agent.uid.as_str() == "terraform").unwrap();
    assert!(!terraform.registered && terraform.grants == Field::not_recorded());
    assert_eq!(terraform.owner.value().unwrap().as_str(), "platform-lead");
    assert_eq!(terraform.used.iter().map(|used| used.count).sum::<u64>(), 2);
    let refused = bench.desk.pause(&who("manager"), &terraform.uid, "x".into()).await.unwrap_err();
    assert_eq!(word(&refused), "409 not-registered");
}

#[tokio::test]
async fn what_another_process_wrote_is_announced_in_order() {
    let bench = Bench::open().await;
    let importing = bench.reopened(endpoint::policy::PolicyEngine::default_policy()).await;
    let mut posts = bench.desk.subscribe();
    importing.import("a", vec![record(json!({"uid": "i-1"})), record(json!({"uid": "i-2"}))], vec![]).await.unwrap();
    bench.desk.sweep().await.unwrap();
    importing.import("a", vec![record(json!({"uid": "i-3"}))], vec![]).await.unwrap();
    bench.propose(one_peer(1)).await;
    let mut seen = Vec::new();
    while let Ok(post) = posts.try_recv() {
        seen.push((post.sequence, post.record.kind));
    }
    let last = bench.desk.sequence().await.unwrap();
    assert_eq!(seen.iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>(), (last - 4..=last).collect::<Vec<_>>());
    let kinds: Vec<_> = seen.into_iter().map(|(_, kind)| kind).collect();
    let imported = Kind::Recommendation;
    assert_eq!(kinds, [imported, imported, imported, Kind::Proposal, Kind::PolicyDecision]);
    let after = bench.desk.events_after(last - 2, 10).await.unwrap();
    assert_eq!(after.iter().map(|post| post.sequence).collect::<Vec<_>>(), [last - 1, last]);
}

#[tokio::test]
async fn the_inventory_counts_what_became_of_changes() {
    let bench = Bench::open().await;
    let alone = bench.propose(autonomous()).await.change;
    let asked = bench.propose(one_peer(1)).await.change;
    let open = bench.propose(one_peer(2)).await.change;
    let rejected = bench.propose(one_peer(3)).await.change;
    bench.decide("engineer-1", rejected, Decision::Reject).await.unwrap();
    bench.approve("engineer-1", asked).await;
    for id in [alone, asked] {
        bench.redeem(id).await.unwrap();
        let outcome = json!({"result": if id == alone { "verified" } else { "failed" }});
        let outcome = oversight::json::decode(outcome).unwrap();
        bench.desk.outcome(&who("executor-1"), id, outcome).await.unwrap();
    }
    let agent = bench.desk.agent(&who("manager"), &"agent-1".parse().unwrap()).await.unwrap();
    assert!(agent.registered && agent.paused.is_none());
    assert_eq!(agent.open_changes, [open]);
    assert_eq!((agent.proposed, agent.approved, agent.rejected, agent.failed), (4, 2, 1, 1));
    assert_eq!((agent.autonomy.n, agent.autonomy.denominator, agent.autonomy.unknown), (1, 2, 0));
    let used: Vec<_> = agent.used.iter().map(|used| (used.operation.as_str(), used.count, used.failed)).collect();
    assert_eq!(used, [("DescribeInstances", 1, 0), ("StopInstances", 1, 1)]);
    assert_eq!(agent.sequence, bench.desk.sequence().await.unwrap());
    assert_eq!(word(&bench.desk.agents(&who("agent-1")).await.unwrap_err()), "403 role");
    assert_eq!(word(&bench.desk.agent(&who("manager"), &"none".parse().unwrap()).await.unwrap_err()), "404 agent");
}

#[tokio::test]
async fn people_and_machines_sign_in_each_in_their_way() {
    let bench = Bench::open().await;
    let desk = &bench.desk;
    let (old, code) =
        (desk.issue_sign_in("engineer-1").await.unwrap(), desk.issue_sign_in("engineer-1").await.unwrap());
    assert_eq!(desk.redeem_sign_in(&old).await.unwrap(), None, "a newer code kills the older");
    let late = desk.issue_sign_in("engineer-2").await.unwrap();
    let later = desk.issue_sign_in("engineer-3").await.unwrap();
    bench.advance(24 * 3_600 - 1);
    assert!(desk.redeem_sign_in(&late).await.unwrap().is_some(), "a code is good for a day");
    let session = desk.redeem_sign_in(&code).await.unwrap().unwrap();
    bench.advance(1);
    assert_eq!(desk.redeem_sign_in(&later).await.unwrap(), None, "and no longer");
    bench.advance(-1);
    desk.sweep().await.unwrap();
    bench.advance(-24 * 3_600);
    assert!(desk.redeem_sign_in(&later).await.unwrap().is_some(), "only a day's age voids it");
    bench.advance(24 * 3_600);
    assert_eq!(desk.redeem_sign_in(&code).await.unwrap(), None, "once");
    assert_eq!(desk.by_session(&session).await.unwrap().unwrap(), who("engineer-1"));
    bench.advance(12 * 3_600 - 1);
    assert!(desk.by_session(&session).await.unwrap().is_some());
    bench.advance(1);
    assert!(desk.by_session(&session).await.unwrap().is_none());
    let code = desk.issue_sign_in("engineer-1").await.unwrap();
    let late = desk.issue_sign_in("engineer-2").await.unwrap();
    let later = desk.issue_sign_in("engineer-3").await.unwrap();
    bench.advance(24 * 3_600 - 1);
    assert!(desk.redeem_sign_in(&late).await.unwrap().is_some(), "a code is good for a day");
    let session = desk.redeem_sign_in(&code).await.unwrap().unwrap();
    bench.advance(1);
    assert_eq!(desk.redeem_sign_in(&later).await.unwrap(), None, "and no longer");
    bench.advance(-1);
    desk.sweep().await.unwrap();
    bench.advance(-24 * 3_600);
    assert!(desk.redeem_sign_in(&later).await.unwrap().is_some(), "only a day's age voids it");
    bench.advance(24 * 3_600);
    desk.sign_out(&session).await;
    assert!(desk.by_session(&session).await.unwrap().is_none());
    let (old, token) = (desk.rotate_token("agent-1").await.unwrap(), desk.rotate_token("agent-1").await.unwrap());
    assert!(desk.by_bearer(&old).await.unwrap().is_none() && desk.by_session(&token).await.unwrap().is_none());
    assert_eq!(desk.by_bearer(&token).await.unwrap().unwrap(), who("agent-1"));
    assert_eq!(word(&desk.rotate_token("manager").await.unwrap_err()), "409 not-a-machine");
    assert_eq!(word(&desk.issue_sign_in("agent-1").await.unwrap_err()), "409 not-a-person");
    let stored = std::fs::read(bench.folder.path().join("desk.sqlite")).unwrap();
    let wal = std::fs::read(bench.folder.path().join("desk.sqlite-wal")).unwrap_or_default();
    for secret in [&token, &session, &code] {
        let found = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found(&stored) && !found(&wal), "a secret is stored as itself");
    }
}

/// Not a benchmark: a guard against a decision or a list that grows with what is stored.
#[tokio::test]
async fn decisions_and_lists_stay_quick() {
    let bench = Bench::open().await;
    let mut ids = Vec::new();
    for number in 0..200 {
        ids.push(bench.propose(two_groups(number)).await.change);
    }
    let started = std::time::Instant::now();
    let page = bench.desk.changes(&who("both"), ChangeFilter { limit: 200, ..Default::default() }).await.unwrap();
    let listed = started.elapsed();
    assert_eq!(page.items.len(), 200);
    let started = std::time::Instant::now();
    for view in &page.items {
        let asked = request(view, Decision::Approve);
        let tag = Some(view.etag());
        bench
            .desk
            .review(&who("both"), view.id, Ok(asked), key(), tag, oversight::vocabulary::Channel::Api)
            .await
            .unwrap();
    }
    let each = started.elapsed() / 200;
    println!("a list of 200 changes: {listed:?}; a decision: {each:?}");
    assert!(listed.as_millis() < 2_000 && each.as_millis() < 100, "{listed:?} {each:?}");
}
