//! The records and the agents: found by filter, by search, by address; back and forward; narrow screens.

use super::person::Person;
use super::stage::{Stage, needs_a_peer, ready};
use anyhow::{Result, ensure};

#[tokio::test(flavor = "multi_thread")]
async fn every_step_stands_in_the_trail_and_can_be_linked_to() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let manager = Person::signed_in(&stage, "manager").await?;
    manager.goes_to(&stage, &format!("#/records?change={id}")).await?;
    manager.says("proposal").await?;
    manager.says("policy decision").await.or(manager.says("policy_decision").await)?;
    manager.goes_to(&stage, "#/records?kind=proposal").await?;
    manager.says("PutBucketTagging").await?;
    manager.presses("link", "Agents").await?;
    manager.says("agent-1").await?;
    manager.presses("link", "Queue").await?;
    manager.says("Tag the build cache").await?;
    manager.driver.back().await?;
    manager.sees("heading", "Agents").await?;
    manager.driver.back().await?;
    manager.says("PutBucketTagging").await?;
    let address = manager.driver.current_url().await?.to_string();
    ensure!(address.ends_with("#/records?kind=proposal"), "{address}");
    manager.driver.forward().await?;
    manager.sees("heading", "Agents").await?;
    manager.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_decided_on_a_narrow_screen() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let engineer = Person::signed_in(&stage, "engineer-1").await?;
    engineer.screen(390, 844, false).await?;
    engineer.goes_to(&stage, "#/queue").await?;
    engineer.says("Tag the build cache").await?;
    engineer.picture("queue-list-390").await?;
    engineer.presses("link", "Tag the build cache").await?;
    engineer.sees("heading", "Tag the build cache").await?;
    let wide = engineer.script("return document.documentElement.scrollWidth").await?;
    ensure!(wide == 390, "the page is {wide} px wide");
    engineer.picture("queue-change-390").await?;
    engineer.waits_for_arming().await;
    engineer.presses("button", "Approve").await?;
    engineer.presses("button", "Sign approval").await?;
    engineer.says("approved version 1").await?;
    ensure!(stage.change("agent-1", &id).await?["state"] == "approved");
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_told_what_is_not_here() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let customer = Person::signed_in(&stage, "customer").await?;
    customer.says("A customer can't read changes.").await?;
    // No stream is asked for that the endpoint would refuse, so nothing counts as interrupted either.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    customer.does_not_say("interrupted").await?;
    customer.does_not_say("Live").await?;
    customer.leaves().await
}
