//! The app in parts: the queue is painted before the rest is asked for, what is opened by its address waits for
//! nothing, and a part that can't be fetched is asked for again.

use super::person::Person;
use super::stage::{Stage, needs_a_peer, ready};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// Name, start and end of everything that the page fetched, in milliseconds since it was asked for.
async fn fetched(person: &Person) -> Result<Vec<(String, f64, f64)>> {
    let script = "return performance.getEntriesByType('resource').map(e => [e.name, e.startTime, e.responseEnd]);";
    let entries = person.script(script).await?;
    let entry = |entry: &Value| {
        Some((entry[0].as_str()?.rsplit('/').next()?.to_owned(), entry[1].as_f64()?, entry[2].as_f64()?))
    };
    Ok(entries.as_array().context("no entries")?.iter().filter_map(entry).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_competes_with_the_queue() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    stage.propose(needs_a_peer("Tag the build cache")).await?;
    let engineer = Person::signed_in(&stage, "engineer-1").await?;
    engineer.goes_to(&stage, "#/queue").await?;
    engineer.driver.refresh().await?;
    engineer.says("Tag the build cache").await?;
    engineer.says("Live").await?;
    engineer.says("No change is open").await?;
    let mut entries = fetched(&engineer).await?;
    for _ in 0..50 {
        if entries.iter().any(|(name, ..)| name.starts_with("split_agents")) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        entries = fetched(&engineer).await?;
    }
    let queue = entries.iter().find(|(name, ..)| name.starts_with("changes?state=pending"));
    let (_, _, queue_here) = queue.with_context(|| format!("the queue was not asked for: {entries:?}"))?;
    let parts: Vec<_> =
        entries.iter().filter(|(name, ..)| name.starts_with("split_") || name.starts_with("chunk_")).collect();
    for part in ["open", "rest", "records", "agents"] {
        let name = format!("split_{part}-");
        ensure!(parts.iter().any(|(file, ..)| file.starts_with(&name)), "{part} was not fetched: {parts:?}");
    }
    let early: Vec<_> = parts.iter().filter(|(_, start, _)| start < queue_here).collect();
    ensure!(early.is_empty(), "asked for before the queue was here ({queue_here}): {early:?}");
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_can_not_be_fetched_is_asked_for_again() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    let engineer = Person::at_the_door().await?;
    let network = engineer.driver.cdp();
    network.send_raw("Network.enable", json!({})).await?;
    network.send_raw("Network.setBlockedURLs", json!({"urls": ["*split_records*", "*split_open*"]})).await?;
    engineer.driver.goto(stage.sign_in("engineer-1")?).await?;
    engineer.says("Tag the build cache").await?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.says("The code that shows the change could not be fetched.").await?;
    engineer.goes_to(&stage, "#/records").await?;
    engineer.says("The code that shows the records could not be fetched.").await?;
    network.send_raw("Network.setBlockedURLs", json!({"urls": []})).await?;
    engineer.sees("heading", "Records").await?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.sees("heading", "Tag the build cache").await?;
    engineer.leaves().await
}
