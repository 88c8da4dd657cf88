//! Two tabs of one person, two people at once: one receipt, and the other is told.

use super::deciding::approve;
use super::person::Person;
use super::stage::{Stage, needs_a_peer, ready};
use anyhow::{Result, ensure};

#[tokio::test(flavor = "multi_thread")]
async fn two_people_race_and_one_receipt_stands() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let (one, two) =
        tokio::try_join!(Person::signed_in(&stage, "engineer-1"), Person::signed_in(&stage, "engineer-2"))?;
    for person in [&one, &two] {
        person.goes_to(&stage, &format!("#/queue/{id}")).await?;
        person.sees("heading", "Tag the build cache").await?;
    }
    let (first, second) = tokio::join!(approve(&one), approve(&two));
    first?;
    second?;
    one.says("approved version 1").await?;
    two.says("approved version 1").await?;
    let change = stage.change("agent-1", &id).await?;
    ensure!(change["state"] == "approved", "{change}");
    ensure!(change["reviews"].as_array().is_some_and(|reviews| reviews.len() == 1), "{}", change["reviews"]);
    one.leaves().await?;
    two.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_tab_learns_that_it_is_decided() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let engineer = Person::reading(&stage, "engineer-1", &id, "Tag the build cache").await?;
    let first = engineer.driver.window().await?;
    let second = engineer.driver.new_tab().await?;
    engineer.driver.switch_to_window(second.clone()).await?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.says("Tag the build cache").await?;
    engineer.driver.switch_to_window(first).await?;
    approve(&engineer).await?;
    engineer.says("approved version 1").await?;
    engineer.driver.switch_to_window(second).await?;
    // The listening tab heard it from the one that leads, and what it sends now is refused by the endpoint.
    engineer.says("approved version 1").await?;
    let refused = engineer
        .script(&format!(
            "return fetch('v1/changes/{id}').then(r => r.json()).then(c => fetch('v1/changes/{id}/reviews', {{method: 'POST', \
             headers: {{'Content-Type': 'application/json', 'If-Match': '\"{id}.1\"', 'Idempotency-Key': 'second-tab'}}, \
             body: JSON.stringify({{decision: 'approve', digest: c.digest}})}})).then(r => r.json()).then(p => p.status + ' ' + p.type)"
        ))
        .await?;
    let refused = refused.as_str().unwrap_or_default().to_owned();
    ensure!(refused.starts_with("409") && refused.contains("already-"), "{refused}");
    engineer.leaves().await
}
