//! axe-core on every view and dialog, light and dark, wide and narrow: no serious or critical finding, everything
//! that is open is in sight, and nothing is wider than its screen.

use super::deciding::approve;
use super::person::Person;
use super::stage::{Stage, endpoint_binary, needs_a_peer, needs_two_groups, ready};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::Key;

/// The sizes of screen that each state is looked at, in CSS pixels.
const SCREENS: [(u32, u32); 2] = [(1440, 900), (390, 844)];

/// axe-core's source.
struct Axe(String);

impl Axe {
    /// `None` where the tools of browser tests are not set up.
    fn here() -> Result<Option<Axe>> {
        let path = std::env::var_os("COUNTERSIGN_AXE").filter(|_| ready());
        path.map(|path| std::fs::read_to_string(path).map(Axe).context("axe-core")).transpose()
    }

    /// Looks at what the person has before them, of which `words` are a part, on each screen and in each theme.
    async fn passes(&self, person: &Person, what: &str, words: &str) -> Result<()> {
        for (width, height) in SCREENS {
            for dark in [false, true] {
                let here = format!("{what}, {width} px, {}", if dark { "dark" } else { "light" });
                person.screen(width, height, dark).await?;
                person.says(words).await.with_context(|| here.clone())?;
                let wide = person.script("return document.documentElement.scrollWidth").await?;
                ensure!(
                    wide.as_u64().is_some_and(|wide| wide <= u64::from(width)),
                    "{here}: the page is {wide} px wide"
                );
                // Views scroll within themselves: what gets out of one leaves a blank page under all of it.
                let high = person.script("return document.documentElement.scrollHeight").await?;
                ensure!(
                    high.as_u64().is_some_and(|high| high <= u64::from(height)),
                    "{here}: the page is {high} px high"
                );
                let grave = self.grave(person).await?;
                ensure!(grave.is_empty(), "{here}: {}", json!(grave));
            }
        }
        person.screen(SCREENS[0].0, SCREENS[0].1, false).await
    }

    /// Findings of a serious or critical impact: the rule, and the elements with what is wrong.
    async fn grave(&self, person: &Person) -> Result<Vec<Value>> {
        if person.script("return typeof axe").await? == "undefined" {
            person.driver.execute(self.0.as_str(), Vec::new()).await?;
        }
        // Transitions end first: a colour on its way is nobody's to judge.
        let run = "const done = arguments[arguments.length - 1]; \
                   Promise.all(document.getAnimations().filter(a => isFinite(a.effect.getComputedTiming().endTime)).map(a => a.finished.catch(() => 0))) \
                   .then(() => axe.run(document, {resultTypes: ['violations']})).then(r => done(r.violations))";
        let found = person.driver.execute_async(run, Vec::new()).await?;
        let found = found.json().as_array().context("axe-core gave no list")?.clone();
        let grave = found
            .iter()
            .filter(|violation| ["serious", "critical"].iter().any(|impact| violation["impact"] == *impact));
        let brief = |violation: &Value| {
            let nodes = violation["nodes"].as_array().cloned().unwrap_or_default();
            let nodes: Vec<Value> = nodes.iter().map(|node| json!([node["html"], node["failureSummary"]])).collect();
            json!({ "id": violation["id"], "nodes": nodes })
        };
        Ok(grave.map(brief).collect())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_shuts_nobody_out() -> Result<()> {
    let Some(axe) = Axe::here()? else { return Ok(()) };
    let mut stage = Stage::set().await?;
    let manager = Person::signed_in(&stage, "manager").await?;
    axe.passes(&manager, "first run", "No agent has proposed anything yet").await?;
    manager.leaves().await?;

    let mut hostile = needs_a_peer("Tag\u{200b} the build cache");
    hostile["action"]["arguments"]["bucket"] = json!("build\u{200b}cache");
    hostile["resources"][0]["uid"] = json!("arn:aws:s3:::build\u{200b}cache");
    let id = stage.propose(hostile).await?;
    stage.propose(needs_two_groups("Lower the TTL")).await?;
    let engineer = Person::signed_in(&stage, "engineer-1").await?;
    engineer.says("No change is open").await?;
    axe.passes(&engineer, "queue", "Lower the TTL").await?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.sees("heading", "Tag").await?;
    axe.passes(&engineer, "open change", "Hidden character").await?;
    engineer.waits_for_arming().await;
    engineer.types("a").await?;
    axe.passes(&engineer, "approval chosen", "Sign approval of version 1").await?;
    // Out of the reason's field, where letters are text; the focus goes to the heading with the next frame.
    engineer.types(Key::Escape).await?;
    engineer.waits_for_arming().await;
    engineer.types("r").await?;
    engineer.says("Sign rejection of version 1").await?;
    engineer.types("Its name is not what it seems.").await?;
    axe.passes(&engineer, "rejection with its reason", "Sign rejection of version 1").await?;
    stage.kill().await?;
    axe.passes(&engineer, "offline", "The endpoint has not answered since").await?;
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_opens_over_the_queue_shuts_nobody_out() -> Result<()> {
    let Some(axe) = Axe::here()? else { return Ok(()) };
    let stage = Stage::set().await?;
    let id = stage.propose(needs_a_peer("Tag the build cache")).await?;
    stage.propose(needs_a_peer("Tag the archive")).await?;
    stage.propose(needs_two_groups("Lower the TTL")).await?;
    let engineer = Person::signed_in(&stage, "engineer-1").await?;
    engineer.says("No change is open").await?;
    for key in ["j", "x", "j", "x", "j", "x"] {
        engineer.types(key).await?;
    }
    axe.passes(&engineer, "changes selected", "3 selected").await?;
    engineer.presses("button", "Approve 3").await?;
    axe.passes(&engineer, "several at once", "Signed here, each with its digest").await?;
    engineer.types(Key::Escape).await?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.sees("heading", "Tag the build cache").await?;
    engineer.types("i").await?;
    axe.passes(&engineer, "canonical bytes", "What the executor checks").await?;
    engineer.types(Key::Escape).await?;
    engineer.types("?").await?;
    axe.passes(&engineer, "shortcuts", "Keyboard shortcuts").await?;
    engineer.types(Key::Escape).await?;
    engineer.presses("button", "Menu").await?;
    axe.passes(&engineer, "menu", "Sign out").await?;
    engineer.types(Key::Escape).await?;
    stage.propose(needs_a_peer("Tag what is new")).await?;
    engineer.says("“Tag what is new” waits for you.").await?;
    // The notice stands below the list's end, over nothing that can be pressed.
    let covered = "const told = document.querySelector('.toast').getBoundingClientRect(); \
                   return document.querySelector('.list').getBoundingClientRect().bottom > told.top";
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    ensure!(engineer.script(covered).await? == false, "a notice covers the list");
    engineer.presses("button", "What happened").await?;
    axe.passes(&engineer, "what happened", "“Tag what is new” waits for you.").await?;
    engineer.types(Key::Escape).await?;
    approve(&engineer).await?;
    engineer.says("approved version 1").await?;
    axe.passes(&engineer, "receipt", "Approval receipted").await?;
    engineer.sees("textbox", "Reason to revoke").await?.send_keys("The owner was not asked.").await?;
    axe.passes(&engineer, "revocation", "Revoke the approval").await?;
    engineer.presses("button", "Revoke the approval").await?;
    engineer.says("Revoked at").await?;
    axe.passes(&engineer, "revoked", "Revoked at").await?;
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_records_shut_nobody_out() -> Result<()> {
    let Some(axe) = Axe::here()? else { return Ok(()) };
    let stage = Stage::set().await?;
    stage.propose(needs_a_peer("Tag the build cache")).await?;
    let spoilt = stage.folder().join("spoilt.ndjson");
    std::fs::write(
        &spoilt,
        "{\"uid\":\"x1\",\"time\":\"2026-13-40T10:00:00Z\",\"kind\":\"execution\"}\nno JSON\u{202e}\n",
    )?;
    let import = tokio::process::Command::new(endpoint_binary().context("the endpoint")?)
        .args(["import", "--database", &stage.database(), "--format", "native"])
        .arg(&spoilt)
        .output()
        .await?;
    let said = String::from_utf8_lossy(&import.stdout).into_owned();
    ensure!(said.contains("0 accepted, 2 quarantined"), "{said}{}", String::from_utf8_lossy(&import.stderr));
    let engineer = Person::signed_in(&stage, "engineer-1").await?;
    engineer.goes_to(&stage, "#/records").await?;
    axe.passes(&engineer, "records", "proposal").await?;
    engineer.presses("row", "proposal").await?;
    axe.passes(&engineer, "one record", "Vouched for by").await?;
    engineer.goes_to(&stage, "#/records?quarantined=yes").await?;
    axe.passes(&engineer, "quarantined", "is not an RFC 3339 time").await?;
    engineer.goes_to(&stage, "#/records?agent=nobody").await?;
    axe.passes(&engineer, "no record", "No record matches").await?;
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agents_shut_nobody_out() -> Result<()> {
    let Some(axe) = Axe::here()? else { return Ok(()) };
    let stage = Stage::set().await?;
    stage.propose(needs_a_peer("Tag the build cache")).await?;
    let manager = Person::signed_in(&stage, "manager").await?;
    manager.goes_to(&stage, "#/agents").await?;
    axe.passes(&manager, "agents", "agent-1").await?;
    manager.goes_to(&stage, "#/agents/agent-1").await?;
    axe.passes(&manager, "one agent", "Autonomy share").await?;
    manager.presses("button", "Pause").await?;
    axe.passes(&manager, "pause", "Pause now").await?;
    manager.sees("textbox", "Reason").await?.send_keys("It tags what it does not own.").await?;
    manager.presses("button", "Pause now").await?;
    manager.says("It tags what it does not own.").await?;
    axe.passes(&manager, "paused", "It tags what it does not own.").await?;
    manager.presses("button", "Resume").await?;
    axe.passes(&manager, "resume", "Resume agent-1").await?;
    manager.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_instead_of_a_page_shuts_nobody_out() -> Result<()> {
    let Some(axe) = Axe::here()? else { return Ok(()) };
    let stage = Stage::set().await?;
    let nobody = Person::at_the_door().await?;
    nobody.goes_to(&stage, "").await?;
    axe.passes(&nobody, "not signed in", "Open one of the sign-in links").await?;
    nobody.leaves().await?;
    let customer = Person::signed_in(&stage, "customer").await?;
    axe.passes(&customer, "customer", "Nothing here for this role").await?;
    customer.leaves().await?;
    let engineer = Person::signed_in(&stage, "engineer-1").await?;
    engineer.goes_to(&stage, "#/nowhere").await?;
    axe.passes(&engineer, "not found", "No such page").await?;
    engineer.goes_to(&stage, "#/queue/CH-999").await?;
    axe.passes(&engineer, "no such change", "There is no CH-999").await?;
    engineer.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_shuts_nobody_out() -> Result<()> {
    let Some(axe) = Axe::here()? else { return Ok(()) };
    let stage = Stage::set().await?;
    stage.propose(needs_a_peer("Tag the build cache")).await?;
    let manager = Person::signed_in(&stage, "manager").await?;
    manager.goes_to(&stage, "#/overview").await?;
    axe.passes(&manager, "overview of an endpoint", "Does oversight work?").await?;
    manager.leaves().await?;

    let events = super::overview::events();
    let host =
        super::host::Host::of([("records.ndjson", super::host::File::json(super::overview::lines(&events)))]).await?;
    let reader = Person::at_the_door().await?;
    reader.driver.goto(host.url("?source=records.ndjson")).await?;
    reader.says("Where agents acted").await?;
    axe.passes(&reader, "overview of a file", "Where agents acted").await?;
    reader.presses("button", "Definition of Autonomy by tier").await?;
    axe.passes(&reader, "a definition", "This product's own").await?;
    reader.types(Key::Escape).await?;
    for chart in ["Where agents acted as a table", "Time to decision as a table", "Autonomy by tier as a table"] {
        reader.presses("button", chart).await?;
    }
    axe.passes(&reader, "charts as tables", "Does oversight work?").await?;
    reader.driver.goto(host.url("?source=records.ndjson#/queue")).await?;
    axe.passes(&reader, "no queue in a file", "records alone").await?;
    reader.driver.goto(host.url("?source=none.json")).await?;
    axe.passes(&reader, "nothing at the address", "There is nothing at").await?;
    reader.driver.goto(host.url("")).await?;
    axe.passes(&reader, "no source yet", "No endpoint here").await?;
    reader.leaves().await
}
