//! The live stream: in order, resumed from the database, cut to its reader, and over when it has to be.

use crate::stand::{Asker, Stand, id, peer_reviewed};
use endpoint::http::assets::Assets;
use futures::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// One event as it came.
#[derive(Debug, Clone)]
struct Event {
    name: String,
    id: Option<u64>,
    data: Value,
}

/// A reader of one stream.
struct Reader {
    chunks: futures::stream::BoxStream<'static, reqwest::Result<axum::body::Bytes>>,
    text: String,
    comments: usize,
    last_id: Option<u64>,
}

impl Reader {
    async fn open(asker: &Asker, path: &str, last: Option<u64>) -> Reader {
        let mut request = asker.request(Method::GET, path).header("accept-encoding", "gzip");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        for (name, value) in
            [("content-type", "text/event-stream"), ("x-accel-buffering", "no"), ("cache-control", "private, no-store")]
        {
            assert_eq!(response.headers()[name], value);
        }
        assert!(!response.headers().contains_key("content-encoding"));
        Reader { chunks: response.bytes_stream().boxed(), text: String::new(), comments: 0, last_id: None }
    }

    /// The next event with data; `None` when the stream is over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let (mut name, mut id, mut data) = (String::new(), None, String::new());
                for line in block.lines() {
                    match line.split_once(':') {
                        Some(("", _)) => self.comments += 1,
                        Some(("event", value)) => name = value.trim().to_owned(),
                        Some(("id", value)) => id = Some(value.trim().parse().unwrap()),
                        Some(("data", value)) => data.push_str(value.trim_start()),
                        Some(("retry", _)) => {}
                        _ => panic!("{line:?}"),
                    }
                }
                self.text = rest.to_owned();
                self.last_id = id.or(self.last_id);
                if !data.is_empty() {
                    return Some(Event { name, id, data: serde_json::from_str(&data).unwrap() });
                }
            }
            let chunk =
                tokio::time::timeout(Duration::from_secs(10), self.chunks.next()).await.expect("an event in time")?;
            self.text.push_str(std::str::from_utf8(&chunk.ok()?).unwrap());
        }
    }

    /// Events until the position `last` has come.
    async fn until(&mut self, last: u64) -> Vec<Event> {
        let mut events = Vec::new();
        while self.last_id.is_none_or(|at| at < last) {
            events.push(self.next().await.expect("the stream goes on"));
        }
        events
    }
}

fn records(events: &[Event]) -> Vec<u64> {
    events.iter().filter(|event| event.name == "record").map(|event| event.id.unwrap()).collect()
}

#[tokio::test]
async fn records_come_in_order_and_changes_as_they_stand() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let engineer = stand.person("engineer-1").await;
    let start = stand.sequence().await;
    let mut reader = Reader::open(&engineer, "/v1/stream", None).await;
    let change = agent.propose(peer_reviewed()).await;
    assert_eq!(engineer.review(&change, "approve", "k").await.status, 201);
    let end = stand.sequence().await;
    let events = reader.until(end).await;
    assert_eq!(records(&events), (start + 1..=end).collect::<Vec<_>>());
    let last = events.iter().rev().find(|event| event.name == "change").unwrap();
    assert_eq!((&last.data["id"], &last.data["state"]), (&change["change"], &json!("approved")));
    assert_eq!(
        last.data,
        engineer.get(&format!("/v1/changes/{}", id(&change))).await.json(),
        "as its reader would load it"
    );

    let comment = engineer.post(&format!("/v1/changes/{}/comments", id(&change)), json!({ "text": "Why four?" })).await;
    assert_eq!(comment.status, 201);
    let events = reader.until(end + 1).await;
    let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["change", "record"]);
    assert_eq!((events[0].id, events[1].id), (None, Some(end + 1)), "the id comes with the last of its position");
}

#[tokio::test]
async fn whoever_was_away_gets_what_was_missed() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let engineer = stand.person("engineer-1").await;
    let start = stand.sequence().await;
    for _ in 0..4 {
        agent.propose(peer_reviewed()).await;
    }
    let end = stand.sequence().await;
    let query = format!("/v1/stream?after={start}");
    for (path, last) in [("/v1/stream", Some(start)), (query.as_str(), None)] {
        let before = stand.sequence().await;
        let mut reader = Reader::open(&engineer, path, last).await;
        assert_eq!(records(&reader.until(before).await), (start + 1..=before).collect::<Vec<_>>());
        agent.propose(peer_reviewed()).await;
        let now = stand.sequence().await;
        assert_eq!(records(&reader.until(now).await), (before + 1..=now).collect::<Vec<_>>(), "then live, none twice");
    }
    let now = stand.sequence().await;
    let mut half = Reader::open(&engineer, "/v1/stream", Some(end - 1)).await;
    assert_eq!(records(&half.until(now).await), (end..=now).collect::<Vec<_>>());
    for odd in [u64::MAX, stand.sequence().await + 1] {
        let mut reader = Reader::open(&engineer, "/v1/stream", Some(odd)).await;
        let event = reader.next().await.unwrap();
        assert_eq!(
            (event.name.as_str(), event.id),
            ("reset", Some(stand.sequence().await)),
            "a position of another database"
        );
    }
    let bad = engineer.request(Method::GET, "/v1/stream").header("last-event-id", "now").send().await.unwrap();
    assert_eq!(bad.status(), 400);
}

#[tokio::test]
async fn who_is_too_far_behind_starts_anew() {
    let stand = Stand::start().await;
    let importer = stand.machine("importer-1").await;
    let engineer = stand.person("engineer-1").await;
    let start = stand.sequence().await;
    let batch: String = (0..5_001)
        .map(|n| format!("{{\"uid\":\"r-{n}\",\"time\":\"2026-03-01T11:00:00Z\",\"kind\":\"execution\"}}\n"))
        .collect();
    assert_eq!(importer.send("/v1/records", "application/x-ndjson", batch).await.status, 201);
    let end = stand.sequence().await;
    let mut reader = Reader::open(&engineer, "/v1/stream", Some(start)).await;
    let event = reader.next().await.unwrap();
    assert_eq!((event.name.as_str(), event.id), ("reset", Some(end)));
    let mut reader = Reader::open(&engineer, "/v1/stream", Some(start + 1)).await;
    assert_eq!(records(&reader.until(end).await).len(), 5_000, "5,000 are not too many");
}

#[tokio::test]
async fn what_a_role_may_not_read_is_not_sent() {
    let stand = Stand::serving(Assets::embedded(), Duration::from_millis(100)).await;
    let agent = stand.machine("agent-1").await;
    let executor = stand.machine("executor-1").await;
    let engineer = stand.person("engineer-1").await;
    let mut own = Reader::open(&agent, "/v1/stream", None).await;
    let mut approved = Reader::open(&executor, "/v1/stream", None).await;
    let first = agent.propose(peer_reviewed()).await;
    let second = agent.propose(peer_reviewed()).await;
    assert_eq!(engineer.review(&second, "approve", "k").await.status, 201);
    let end = stand.sequence().await;
    // Heartbeats carry the position on, even where the role sees no record.
    let seen = async |reader: &mut Reader| {
        let mut events: Vec<Event> = Vec::new();
        while reader.last_id.is_none_or(|at| at < end) {
            let _ = tokio::time::timeout(Duration::from_millis(300), async {
                if let Some(event) = reader.next().await {
                    events.push(event);
                }
            })
            .await;
        }
        events
    };
    let to_agent = seen(&mut own).await;
    assert!(to_agent.iter().all(|event| event.name == "change"), "{to_agent:?}");
    assert!(to_agent.iter().any(|event| event.data["id"] == first["change"]));
    let to_executor = seen(&mut approved).await;
    assert!(
        to_executor.iter().all(|event| event.name == "change" && event.data["state"] == "approved"),
        "{to_executor:?}"
    );
    assert!(to_executor.iter().all(|event| event.data["id"] == second["change"]) && !to_executor.is_empty());
    for (who, status) in [("customer", 403), ("manager", 200)] {
        let answer = stand.person(who).await.request(Method::GET, "/v1/stream").send().await.unwrap();
        assert_eq!(answer.status(), status, "{who}");
    }
    assert_eq!(stand.machine("importer-1").await.get("/v1/stream").await.status, 403);
    assert_eq!(stand.nobody().get("/v1/stream").await.status, 401);
}

#[tokio::test]
async fn a_stream_beats_and_ends_with_its_session_or_the_endpoint() {
    let stand = Stand::serving(Assets::embedded(), Duration::from_millis(100)).await;
    let engineer = stand.person("engineer-1").await;
    let manager = stand.person("manager").await;
    let agent = stand.machine("agent-1").await;
    let mut first = Reader::open(&engineer, "/v1/stream", None).await;
    let mut second = Reader::open(&manager, "/v1/stream", None).await;
    let mut third = Reader::open(&agent, "/v1/stream", None).await;
    let nothing = tokio::time::timeout(Duration::from_millis(600), second.next()).await;
    assert!(nothing.is_err() && second.comments >= 3, "{} comments", second.comments);

    engineer.request(Method::DELETE, "/v1/session").send().await.unwrap();
    assert!(tokio::time::timeout(Duration::from_secs(2), first.next()).await.unwrap().is_none(), "signed out");
    stand.machine("agent-1").await;
    assert!(
        tokio::time::timeout(Duration::from_secs(2), third.next()).await.unwrap().is_none(),
        "the token was rotated"
    );
    stand.stop.send(true).unwrap();
    assert!(tokio::time::timeout(Duration::from_secs(2), second.next()).await.unwrap().is_none(), "stopping");
}
