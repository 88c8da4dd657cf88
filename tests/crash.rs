//! The endpoint killed at any moment under load: no acknowledged decision is lost, none is doubled, and what
//! was not acknowledged can be sent again under its key. 5 kills, or 100 with `cargo xtask test --full`.
#![cfg(not(target_arch = "wasm32"))]
// The stage serves the browser tests too; this test uses a part of it.
#![allow(dead_code)]

#[path = "browser/stage.rs"]
mod stage;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use stage::{Stage, endpoint_binary, needs_a_peer};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// A review as it was sent.
#[derive(Clone, Debug)]
struct Sent {
    change: String,
    reviewer: &'static str,
    key: String,
    digest: String,
}

/// Signs in over HTTP and gives the session's cookie.
async fn cookie(stage: &Stage, who: &str) -> Result<String> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let answer = client.get(stage.sign_in(who)?).send().await?;
    let header = answer.headers().get("set-cookie").context("no cookie")?.to_str()?.to_owned();
    Ok(header.split(';').next().unwrap_or_default().to_owned())
}

/// Sends a review; `None` when there was no answer.
async fn review(stage: &Stage, cookie: &str, sent: &Sent) -> Option<(u16, Value)> {
    let answer = stage
        .http
        .post(stage.url(&format!("v1/changes/{}/reviews", sent.change)))
        .header("Cookie", cookie)
        .header("Origin", stage.url("").trim_end_matches('/'))
        .header("If-Match", format!("\"{}.1\"", sent.change))
        .header("Idempotency-Key", &sent.key)
        .json(&json!({ "decision": "approve", "digest": sent.digest }))
        .send()
        .await
        .ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.json().await.ok()?))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_decision_is_lost_or_doubled() -> Result<()> {
    if endpoint_binary().is_none() {
        println!("skipped: COUNTERSIGN_ENDPOINT_BIN is not set");
        return Ok(());
    }
    let kills = if std::env::var_os("COUNTERSIGN_FULL").is_some() { 100 } else { 5 };
    let mut stage = Stage::set().await?;
    let acknowledged: Arc<Mutex<Vec<(Sent, Value)>>> = Arc::default();
    let mut unanswered: Vec<Sent> = Vec::new();
    let next = AtomicU64::new(0);
    for round in 0..kills {
        let cookies = [cookie(&stage, "engineer-1").await?, cookie(&stage, "engineer-2").await?];
        // What the last crash left without an answer is sent again under its key.
        for sent in std::mem::take(&mut unanswered) {
            let cookie = &cookies[usize::from(sent.reviewer == "engineer-2")];
            let (status, body) = review(&stage, cookie, &sent).await.context("no answer to a retry")?;
            ensure!(status == 201, "a retry of {sent:?} answered {status}: {body}");
            acknowledged.lock().await.push((sent, body));
        }
        let open: Mutex<Vec<Sent>> = Mutex::default();
        let load = async |worker: usize| -> Result<()> {
            let reviewer = ["engineer-1", "engineer-2"][worker % 2];
            loop {
                let proposed = stage.machine("agent-1", "POST", "v1/changes", Some(needs_a_peer("Under load"))).await;
                let Ok((201, body)) = proposed else { return Ok(()) };
                let (Some(change), Some(digest)) = (body["change"].as_str(), body["digest"].as_str()) else {
                    bail!("a proposal's receipt lacks change or digest: {body}");
                };
                let key = format!("k-{}", next.fetch_add(1, Ordering::Relaxed));
                let sent = Sent { change: change.to_owned(), reviewer, key, digest: digest.to_owned() };
                open.lock().await.push(sent.clone());
                let Some((status, body)) = review(&stage, &cookies[worker % 2], &sent).await else { return Ok(()) };
                ensure!(status == 201, "{sent:?} answered {status}: {body}");
                open.lock().await.retain(|other| other.key != sent.key);
                acknowledged.lock().await.push((sent, body));
            }
        };
        // Between 20 and 400 ms into the load, another moment each round.
        let moment = Duration::from_millis(20 + (round * 7_919) % 380);
        let killer = async {
            tokio::time::sleep(moment).await;
            let pid = stage.pid().context("no process")?;
            let killed = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status()?;
            ensure!(killed.success());
            anyhow::Ok(())
        };
        let outcome = tokio::join!(load(0), load(1), load(2), load(3), killer);
        outcome.0?;
        outcome.1?;
        outcome.2?;
        outcome.3?;
        outcome.4?;
        unanswered = open.into_inner();
        stage.kill().await?;
        stage.start().await?;
    }
    let acknowledged = acknowledged.lock().await;
    let mut sequences = BTreeSet::new();
    for (sent, receipt) in acknowledged.iter() {
        ensure!(receipt["change"] == sent.change && receipt["digest"] == sent.digest, "{receipt}");
        ensure!(sequences.insert(receipt["sequence"].as_u64()), "two receipts for one record: {receipt}");
        let change = stage.change("agent-1", &sent.change).await?;
        let reviews = change["reviews"].as_array().context("no reviews")?;
        let own: Vec<&Value> = reviews.iter().filter(|review| review["reviewer"] == sent.reviewer).collect();
        ensure!(own.len() == 1, "{} has {} reviews by {}", sent.change, own.len(), sent.reviewer);
        ensure!(
            own[0]["sequence"] == receipt["sequence"] && own[0]["digest"] == sent.digest,
            "{} against {receipt}",
            own[0]
        );
        ensure!(change["state"] == "approved", "{} is {}", sent.change, change["state"]);
    }
    println!("{kills} kills, {} decisions acknowledged, none lost, none doubled", acknowledged.len());
    ensure!(acknowledged.len() >= kills as usize, "too little load to say anything: {}", acknowledged.len());
    Ok(())
}
