//! The audit trail: pages that link on, a snapshot that proves itself, and batches taken whole or not at all.

use crate::stand::{Answer, Asker, Stand, peer_reviewed};
use oversight::digest::Digest;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Read;

const NDJSON: &str = "application/x-ndjson";

fn execution(uid: &str) -> String {
    json!({
        "uid": uid, "time": "2026-03-01T11:00:00Z", "kind": "execution",
        "action": { "service": "s3", "operation": "PutObject" }, "outcome": { "status": "success" }
    })
    .to_string()
}

async fn filled() -> (Stand, Asker, Asker) {
    let stand = Stand::start().await;
    let importer = stand.machine("importer-1").await;
    let engineer = stand.person("engineer-1").await;
    let batch: String = (0..1_203).map(|n| execution(&format!("r-{n}")) + "\n").collect();
    let answer = importer.send("/v1/records", NDJSON, batch).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["accepted"]), (201, &json!(1_203)), "{answer:?}");
    (stand, importer, engineer)
}

#[tokio::test]
async fn pages_link_to_the_next_and_hold_each_record_once() {
    let (stand, _, engineer) = filled().await;
    let mut path = "/v1/records?limit=500&kind=execution".to_owned();
    let mut sequences = Vec::new();
    loop {
        let page = engineer.get(&path).await;
        assert_eq!(page.header("cache-control"), "private, no-store");
        let value = page.json();
        assert_eq!(value["total"], 1_203);
        sequences.extend(value["items"].as_array().unwrap().iter().map(|item| item["sequence"].as_u64().unwrap()));
        let link = page.header("link");
        if value["next"].is_null() {
            assert_eq!(link, "");
            break;
        }
        let next = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\"")).unwrap();
        assert!(next.contains("kind=execution") && next.contains("limit=500"), "{next}");
        path = next.to_owned();
    }
    assert_eq!(sequences.len(), 1_203);
    assert!(sequences.is_sorted_by(|a, b| a > b), "newest first, each once");
    let newest = stand.sequence().await;
    for key in [newest.to_string(), "r-7".to_owned()] {
        assert_eq!(engineer.get(&format!("/v1/records/{key}")).await.status, 200, "{key}");
    }
}

#[tokio::test]
async fn a_snapshot_ends_with_a_trailer_that_holds() {
    let (stand, importer, engineer) = filled().await;
    let whole = Answer::of(engineer.request(Method::GET, "/v1/records").header("accept", NDJSON)).await;
    assert_eq!((whole.status.as_u16(), whole.header("content-type")), (200, NDJSON));
    let (before, trailer) = whole.text.trim_end_matches('\n').rsplit_once('\n').unwrap();
    let trailer: Value = serde_json::from_str(trailer).unwrap();
    let before = format!("{before}\n");
    assert_eq!(trailer["trailer"]["rows"], before.lines().count());
    assert_eq!(trailer["trailer"]["sha256"], Digest::of(before.as_bytes()).to_string());
    let sequences: Vec<u64> =
        before.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["sequence"].as_u64().unwrap()).collect();
    assert_eq!(sequences, (1..=stand.sequence().await).collect::<Vec<_>>(), "all of them, oldest first, without gaps");

    let filtered = engineer.request(Method::GET, "/v1/records?q=r-77").header("accept", NDJSON);
    let filtered = Answer::of(filtered).await;
    assert!(filtered.text.lines().count() >= 2 && filtered.text.lines().count() < 30, "{}", filtered.text.len());
    let paged = engineer.request(Method::GET, "/v1/records?limit=5").header("accept", NDJSON);
    assert_eq!(Answer::of(paged).await.problem()["field"], "limit");
    let refused = importer.request(Method::GET, "/v1/records").header("accept", NDJSON);
    assert_eq!(Answer::of(refused).await.status, 403);
}

#[tokio::test]
async fn a_batch_is_whole_or_nothing_and_known_records_are_passed_over() {
    let stand = Stand::start().await;
    let importer = stand.machine("importer-1").await;
    let before = stand.sequence().await;
    let bad = format!(
        "{}\n\n{{\"uid\":\"b\",\"time\":\"2026-03-01T11:00:00Z\",\"kind\":\"execution\",\"kind\":\"execution\"}}\n{}\n{{\"uid\":\"c\"}}\n",
        execution("a"),
        execution("d")
    );
    let answer = importer.send("/v1/records", NDJSON, bad).await;
    let problem = answer.problem();
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (422, "invalid-batch"));
    let lines: Vec<u64> =
        problem["errors"].as_array().unwrap().iter().map(|fault| fault["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [3, 5], "{problem}");
    assert_eq!(problem["errors"][0]["field"], "kind");
    assert_eq!(problem["field"], "kind");
    assert_eq!(stand.sequence().await, before);

    let good = format!("{}\n{}\n", execution("a"), execution("d"));
    let first = importer.send("/v1/records", NDJSON, good.clone()).await;
    assert_eq!(
        (first.status.as_u16(), first.json()["accepted"].as_u64(), first.json()["last"].as_u64()),
        (201, Some(2), Some(before + 2))
    );
    let again = importer.send("/v1/records", NDJSON, good).await;
    assert_eq!((again.status.as_u16(), again.json()["known"].as_u64()), (200, Some(2)));
    let other = execution("a").replace("PutObject", "DeleteObject");
    let answer = importer.send("/v1/records", "application/json", other).await;
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (409, "uid-taken"));
    assert_eq!(stand.sequence().await, before + 2);
}

#[tokio::test]
async fn an_agent_recommends_and_no_more() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let engineer = stand.person("engineer-1").await;
    agent.propose(peer_reviewed()).await;
    let record = json!({ "uid": "rec-a", "time": "2026-03-01T11:00:00Z", "kind": "recommendation", "rationale": "Look at the bill." });
    let answer = agent.post("/v1/records", record).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let stored = engineer.get("/v1/records/rec-a").await.json();
    assert_eq!(stored["agent"]["owner"], "manager", "who it is comes from its token: {stored}");
}

#[tokio::test]
async fn a_long_answer_is_gzip_for_whoever_takes_it_and_says_the_same() {
    let (_stand, _, engineer) = filled().await;
    let path = "/v1/records?limit=200";
    let plain = engineer.get(path).await;
    assert_eq!(plain.header("content-encoding"), "");
    let packed = engineer.request(Method::GET, path).header("accept-encoding", "br;q=0, gzip").send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let bytes = packed.bytes().await.unwrap();
    assert!(bytes.len() * 4 < plain.text.len(), "{} of {}", bytes.len(), plain.text.len());
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.text);
    let short = engineer.request(Method::GET, "/v1/session").header("accept-encoding", "gzip").send().await.unwrap();
    assert!(!short.headers().contains_key("content-encoding"));
}
