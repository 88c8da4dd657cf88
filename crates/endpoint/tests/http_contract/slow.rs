//! Clients that take their time: headers must be whole in time, answers may last.

use crate::stand::{Stand, peer_reviewed};
use endpoint::http::assets::Assets;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_millis(600);

async fn stand() -> Stand {
    Stand::with_patience(Assets::embedded(), Duration::from_millis(200), PATIENCE).await
}

async fn connected(stand: &Stand) -> TcpStream {
    TcpStream::connect(stand.url.trim_start_matches("http://")).await.unwrap()
}

/// Sends a header a moment, without end, and gives how long the endpoint bore it.
async fn dribble(stand: &Stand, opening: &str) -> Duration {
    let mut stream = connected(stand).await;
    let started = Instant::now();
    stream.write_all(opening.as_bytes()).await.unwrap();
    let mut answer = [0; 64];
    for number in 0.. {
        tokio::select! {
            read = stream.read(&mut answer) => {
                assert!(matches!(read, Ok(0) | Err(_)), "an answer to half a request: {answer:?}");
                return started.elapsed();
            }
            () = tokio::time::sleep(Duration::from_millis(50)) => {}
        }
        assert!(started.elapsed() < Duration::from_secs(20), "it waits for ever");
        if !opening.is_empty() {
            let header = format!("x-{number}: y\r\n");
            // The other side may close between two of them.
            let _ = stream.write_all(header.as_bytes()).await;
        }
    }
    unreachable!()
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_never_end_end_the_connection() {
    let stand = stand().await;
    let openings = ["", "GET /healthz HTTP/1.1\r\n", "POST /v1/changes HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n"];
    let borne = futures::future::join_all(openings.map(|opening| dribble(&stand, opening))).await;
    for (opening, borne) in openings.iter().zip(borne) {
        assert!(borne >= PATIENCE / 2 && borne < Duration::from_secs(10), "{opening:?}: {borne:?}");
    }
    // Meanwhile and afterwards everybody else is served.
    assert_eq!(stand.nobody().get("/healthz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_serves_several_requests_and_ends_when_it_is_not_used() {
    let stand = stand().await;
    let mut stream = connected(&stand).await;
    for _ in 0..3 {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut answer = vec![0; 4_096];
        let read = stream.read(&mut answer).await.unwrap();
        assert!(answer[..read].starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer[..read]));
        // Longer than the headers' time in all, shorter each.
        tokio::time::sleep(PATIENCE / 2).await;
    }
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "a connection that nobody uses stays open");
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_and_long_polls_outlast_the_headers_time() {
    let stand = stand().await;
    let (engineer, agent) = (stand.person("engineer-1").await, stand.machine("agent-1").await);
    let change = agent.propose(peer_reviewed()).await;
    let path = format!("/v1/changes/{}?wait=3", change["change"].as_str().unwrap());
    let started = Instant::now();
    let polling = tokio::spawn(async move { agent.get(&path).await.status });
    let mut stream = engineer.request(reqwest::Method::GET, "/v1/stream").send().await.unwrap();
    let mut heartbeats = 0;
    while started.elapsed() < PATIENCE * 4 {
        let chunk = tokio::time::timeout(Duration::from_secs(5), stream.chunk()).await.unwrap().unwrap();
        let chunk = chunk.expect("the stream ended");
        heartbeats += usize::from(String::from_utf8_lossy(&chunk).contains("heartbeat"));
    }
    assert!(heartbeats > 4, "{heartbeats}");
    assert_eq!(polling.await.unwrap(), 200);
    assert!(started.elapsed() >= Duration::from_secs(3), "the poll came back early");
}
