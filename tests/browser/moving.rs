//! What moves under the reader: a new version, an expiry, a pause, a crash in the middle of a decision.

use super::deciding::approve;
use super::person::Person;
use super::stage::{Stage, needs_a_peer, ready};
use anyhow::{Result, ensure};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_is_announced_and_the_old_digest_refused() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let engineer = Person::reading(&stage, "engineer-1", &id, "Tag the build cache").await?;
    engineer.waits_for_arming().await;
    engineer.types("a").await?;
    let before = stage.change("agent-1", &id).await?;
    let mut amended = needs_a_peer("Tag the build cache and the archive");
    amended["action"]["arguments"]["tags"]["team"] = json!("archive");
    let (status, body) = stage.machine("agent-1", "POST", &format!("v1/changes/{id}/versions"), Some(amended)).await?;
    ensure!(status == 201, "{status}: {body}");
    engineer.says("Version 2").await?;
    // The content under the reader's eyes is still the old one, and can't be signed any more.
    engineer.sees("heading", "Tag the build cache").await?;
    engineer.signs_by_key().await?;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    engineer.signs_by_key().await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["version"] == 2 && change["state"] == "pending" && change["reviews"] == json!([]), "{change}");
    ensure!(change["digest"] != before["digest"]);
    engineer.picture("queue-new-version").await?;
    // The endpoint refuses the old digest whoever sends it.
    let forged = engineer
        .script(&format!(
            "return fetch('v1/changes/{id}/reviews', {{method: 'POST', headers: {{'Content-Type': 'application/json', \
             'If-Match': '\"{id}.2\"', 'Idempotency-Key': 'old'}}, body: JSON.stringify({{decision: 'approve', digest: '{}'}})}}).then(r => r.status)",
            before["digest"].as_str().unwrap_or_default()
        ))
        .await?;
    ensure!(forged == 422, "{forged}");
    engineer.presses("button", "Show version 2").await?;
    engineer.sees("heading", "Tag the build cache and the archive").await?;
    engineer.says("archive").await?;
    approve(&engineer).await?;
    engineer.says("approved version 2").await?;
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expiry_is_seen_while_looking() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let mut proposal = needs_a_peer("Tag the build cache");
    proposal["expires_in"] = json!(12);
    let id = stage.propose(proposal).await?;
    let engineer = Person::reading(&stage, "engineer-1", &id, "Tag the build cache").await?;
    engineer.waits_for_arming().await;
    engineer.types("a").await?;
    tokio::time::sleep(Duration::from_secs(8)).await;
    engineer.says("expired").await?;
    engineer.signs_by_key().await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["state"] == "expired" && change["reviews"] == json!([]), "{change}");
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_agents_change_waits_for_the_manager() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let (engineer, manager) =
        tokio::try_join!(Person::signed_in(&stage, "engineer-1"), Person::signed_in(&stage, "manager"))?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.sees("heading", "Tag the build cache").await?;
    manager.goes_to(&stage, "#/agents/agent-1").await?;
    manager.presses("button", "Pause").await?;
    manager.sees("textbox", "Reason").await?.send_keys("It tags what it does not own.").await?;
    manager.picture("agents-pause").await?;
    manager.presses("button", "Pause").await.or(Ok::<(), anyhow::Error>(()))?;
    manager.says("It tags what it does not own.").await?;
    engineer.says("paused").await?;
    approve(&engineer).await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["state"] == "pending" && change["reviews"] == json!([]), "{change}");
    // Only a manager lets it go on.
    engineer.goes_to(&stage, "#/agents/agent-1").await?;
    let resume = engineer.sees("button", "Resume").await?;
    ensure!(resume.attr("aria-disabled").await?.as_deref() == Some("true"));
    manager.presses("button", "Resume").await?;
    manager.sees("textbox", "Reason").await?.send_keys("Its scope was narrowed.").await?;
    manager.presses("button", "Resume").await?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.sees("heading", "Tag the build cache").await?;
    approve(&engineer).await?;
    engineer.says("approved version 1").await?;
    engineer.leaves().await?;
    manager.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_outlives_a_crash_of_the_endpoint() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let mut stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let engineer = Person::reading(&stage, "engineer-1", &id, "Tag the build cache").await?;
    stage.kill().await?;
    approve(&engineer).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    engineer.does_not_say("approved version 1").await?;
    engineer.picture("queue-unanswered").await?;
    stage.start().await?;
    engineer.says("approved version 1").await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["state"] == "approved", "{change}");
    ensure!(change["reviews"].as_array().is_some_and(|reviews| reviews.len() == 1), "{change}");
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_a_decision_is_queued_can_be_withdrawn_and_counts_when_receipted() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let mut stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let engineer = Person::reading(&stage, "engineer-1", &id, "Tag the build cache").await?;
    engineer.says("Live").await?;
    stage.kill().await?;
    engineer.says("Offline since").await?;
    approve(&engineer).await?;
    engineer.says("Queued").await?;
    engineer.does_not_say("approved version 1").await?;
    engineer.picture("queue-offline").await?;
    engineer.presses("button", "Withdraw it").await?;
    engineer.says("Your decision on version 1").await?;
    approve(&engineer).await?;
    engineer.says("Queued").await?;
    stage.start().await?;
    engineer.says("engineer-1 approved version 1").await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["reviews"].as_array().is_some_and(|reviews| reviews.len() == 1), "{change}");
    engineer.leaves().await
}
