//! axe-core on every view and dialog, light and dark: no serious or critical finding.

use super::person::Person;
use super::stage::{Stage, needs_a_peer, needs_two_groups, ready};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn no_view_or_dialog_shuts_anybody_out() -> Result<()> {
    let Some(axe) = std::env::var_os("COUNTERSIGN_AXE").filter(|_| ready()) else { return Ok(()) };
    let axe = std::fs::read_to_string(axe).context("axe-core")?;
    let stage = Stage::set().await?;
    let manager = Person::signed_in(&stage, "manager").await?;
    let check = async |person: &Person, what: &str| -> Result<()> {
        for dark in [false, true] {
            person.screen(1440, 900, dark).await?;
            person.driver.execute(axe.as_str(), Vec::new()).await?;
            let found = person
                .driver
                .execute_async(
                    "const done = arguments[arguments.length - 1]; axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations))",
                    Vec::new(),
                )
                .await?;
            let grave: Vec<&Value> = found
                .json()
                .as_array()
                .context("axe-core gave no list")?
                .iter()
                .filter(|violation| violation["impact"] == "serious" || violation["impact"] == "critical")
                .collect();
            let brief: Vec<Value> =
                grave.iter().map(|v| json!({"id": v["id"], "nodes": v["nodes"].as_array().map(|n| n.iter().map(|n| n["html"].clone()).collect::<Vec<_>>())})).collect();
            ensure!(grave.is_empty(), "{what}, {}: {}", if dark { "dark" } else { "light" }, json!(brief));
        }
        Ok(())
    };
    manager.says("No agent has proposed anything yet").await?;
    check(&manager, "first run").await?;
    manager.leaves().await?;

    let id = stage.propose(needs_a_peer("Tag\u{200b} the build cache")).await?;
    stage.propose(needs_two_groups("Lower the TTL")).await?;
    let engineer = Person::signed_in(&stage, "engineer-1").await?;
    engineer.says("Lower the TTL").await?;
    check(&engineer, "queue").await?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.sees("heading", "Tag").await?;
    engineer.waits_for_arming().await;
    engineer.types("r").await?;
    check(&engineer, "open change").await?;
    // Out of the reason's field, where letters are text.
    engineer.types(thirtyfour::prelude::Key::Escape).await?;
    engineer.goes_to(&stage, "#/queue").await?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.sees("heading", "Tag").await?;
    engineer.types("i").await?;
    engineer.sees("dialog", "").await?;
    check(&engineer, "canonical bytes").await?;
    engineer.types(thirtyfour::prelude::Key::Escape).await?;
    engineer.types("?").await?;
    engineer.says("Keyboard shortcuts").await?;
    check(&engineer, "shortcuts").await?;
    engineer.types(thirtyfour::prelude::Key::Escape).await?;
    engineer.goes_to(&stage, "#/records").await?;
    engineer.says("proposal").await?;
    check(&engineer, "records").await?;
    engineer.goes_to(&stage, "#/agents/agent-1").await?;
    engineer.says("agent-1").await?;
    check(&engineer, "agents").await?;
    engineer.goes_to(&stage, "#/nowhere").await?;
    engineer.says("No such page").await?;
    check(&engineer, "not found").await?;
    engineer.leaves().await
}
