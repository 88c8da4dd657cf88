//! Deciding: by keyboard alone, with a reason, by two groups; what is refused, and how it is said.

use super::person::Person;
use super::stage::{Stage, needs_a_peer, needs_two_groups, ready};
use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_engineer_approves_by_keyboard_alone() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let engineer = Person::signed_in(&stage, "engineer-1").await?;
    engineer.says("Tag the build cache").await?;
    ensure!(
        engineer.driver.title().await?.starts_with("(1)"),
        "the title carries what waits: {}",
        engineer.driver.title().await?
    );
    engineer.types("j").await?;
    engineer.types(Key::Enter).await?;
    engineer.sees("heading", "Tag the build cache").await?;
    ensure!(engineer.focus().await?.contains("Tag the build cache"), "opening focuses the heading");
    engineer.picture("queue-open-change").await?;
    approve(&engineer).await?;
    engineer.says("approved version 1").await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["state"] == "approved", "{change}");
    ensure!(change["reviews"][0]["reviewer"] == "engineer-1" && change["reviews"][0]["digest"] == change["digest"]);
    ensure!(change["reviews"][0]["evidence"]["opened_at"].is_string(), "{}", change["reviews"][0]);
    // Redeemed once, never twice.
    let (status, body) = stage.redeem(&id, &change["action_digest"]).await?;
    ensure!(status == 201, "{status}: {body}");
    let (status, body) = stage.redeem(&id, &change["action_digest"]).await?;
    ensure!(status == 409, "{status}: {body}");
    engineer.says("redeemed").await?;
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_needs_a_reason_and_reaches_the_agent() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Retag the archive")).await?;
    let engineer = Person::reading(&stage, "engineer-2", &id, "Retag the archive").await?;
    engineer.waits_for_arming().await;
    engineer.types("r").await?;
    let sign = engineer.sees("button", "Sign rejection").await?;
    ensure!(sign.attr("aria-disabled").await?.as_deref() == Some("true"), "without a reason it stays disarmed");
    engineer.sees("textbox", "Reason").await?.send_keys("The owner of the archive was not asked.").await?;
    engineer.picture("queue-rejection").await?;
    engineer.presses("button", "Sign rejection").await?;
    engineer.says("rejected").await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["state"] == "rejected", "{change}");
    ensure!(change["reviews"][0]["reason"] == "The owner of the archive was not asked.");
    // The same thing again says who refused it before.
    let again = stage.propose(needs_a_peer("Retag the archive")).await?;
    engineer.goes_to(&stage, &format!("#/queue/{again}")).await?;
    engineer.says("Rejected before by engineer-2").await?;
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_groups_decide_in_two_browsers() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_two_groups("Lower the TTL of api.northwind.example")).await?;
    let (sre, owner) =
        tokio::try_join!(Person::signed_in(&stage, "engineer-1"), Person::signed_in(&stage, "network-owner"))?;
    for person in [&sre, &owner] {
        person.goes_to(&stage, &format!("#/queue/{id}")).await?;
        person.sees("heading", "Lower the TTL").await?;
    }
    approve(&sre).await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["state"] == "pending", "one of two: {}", change["state"]);
    // The other browser hears of it without being asked.
    owner.says("engineer-1 approved version 1").await?;
    approve(&owner).await?;
    sre.says("network-owner approved version 1").await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["state"] == "approved", "{change}");
    sre.leaves().await?;
    owner.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn self_review_is_refused_with_its_reason() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let mut proposal = needs_a_peer("Tag what engineer-1 asked for");
    proposal["on_behalf_of"] = json!({"uid": "engineer-1"});
    let id = stage.propose(proposal).await?;
    let engineer = Person::signed_in(&stage, "engineer-1").await?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.says("engineer-1 prompted it").await?;
    approve(&engineer).await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["state"] == "pending" && change["reviews"] == json!([]), "{change}");
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_answered_by_the_agent() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let engineer = Person::reading(&stage, "engineer-1", &id, "Tag the build cache").await?;
    engineer.types("c").await?;
    engineer.types("Which report reads this tag?").await?;
    engineer.presses("button", "Comment").await?;
    engineer.says("Which report reads this tag?").await?;
    let seen = stage.change("agent-1", &id).await?;
    ensure!(seen["comments"][0]["text"] == "Which report reads this tag?", "{}", seen["comments"]);
    let answer = json!({"text": "The monthly cost report, by team."});
    let (status, body) = stage.machine("agent-1", "POST", &format!("v1/changes/{id}/comments"), Some(answer)).await?;
    ensure!(status == 201, "{status}: {body}");
    engineer.says("The monthly cost report, by team.").await?;
    engineer.leaves().await
}

/// Chooses Approve and signs, by keyboard.
pub async fn approve(person: &Person) -> Result<()> {
    person.waits_for_arming().await;
    person.types("a").await?;
    person.signs_by_key().await
}
