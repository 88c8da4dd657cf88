//! Real records of real automation: imported whole, replayed as proposals, decided in a browser, redeemed.

use super::deciding::approve;
use super::person::Person;
use super::stage::{Stage, endpoint_binary, ready};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::path::PathBuf;

const AGENTS: &str = r#"
[[agent]]
uid = "terraform"
name = "Terraform"
owner = "platform-lead"
user_agent = "*Terraform*"

[[agent]]
uid = "stratus"
name = "Stratus"
owner = "security-lead"
user_agent = "*stratus-red-team_*"
"#;

fn real_data() -> Option<PathBuf> {
    let folder = std::env::var_os("COUNTERSIGN_REAL_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: COUNTERSIGN_REAL_DATA is not set");
    }
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_log_fills_the_queue_and_is_decided() -> Result<()> {
    let Some(data) = real_data().filter(|_| ready()) else { return Ok(()) };
    let stage = Stage::set().await?;
    let agents = stage.folder().join("agents.toml");
    std::fs::write(&agents, AGENTS)?;
    let binary = endpoint_binary().context("the endpoint")?;

    let import = tokio::process::Command::new(&binary)
        .args(["import", "--database", &stage.database(), "--format", "cloudtrail", "--agents"])
        .arg(&agents)
        .arg(data.join("cloudtrail"))
        .output()
        .await?;
    let said = String::from_utf8_lossy(&import.stdout).into_owned();
    ensure!(said.contains("1,448 accepted, 0 quarantined"), "{said}{}", String::from_utf8_lossy(&import.stderr));

    let replay = tokio::process::Command::new(&binary)
        .args([
            "replay",
            "--url",
            &stage.url(""),
            "--token",
            &stage.token("agent-1")?,
            "--format",
            "cloudtrail",
            "--agents",
        ])
        .arg(&agents)
        .arg(data.join("cloudtrail"))
        .output()
        .await?;
    ensure!(replay.status.success(), "{}", String::from_utf8_lossy(&replay.stderr));

    // Each with the review that the default policy asks for: nothing here names an estate, so every mutating
    // action counts as irreversible production, or was refused for touching the audit trail.
    let mut cursor = String::new();
    let (mut pending, mut denied, mut all) = (0, 0, 0);
    let mut decidable = None;
    loop {
        let (status, page) =
            stage.machine("agent-1", "GET", &format!("v1/changes?limit=200&cursor={cursor}"), None).await?;
        ensure!(status == 200, "{status}: {page}");
        for change in page["items"].as_array().context("no items")? {
            all += 1;
            match change["state"].as_str() {
                Some("pending") => {
                    pending += 1;
                    ensure!(
                        change["requirement"]["slots"].as_array().is_some_and(|slots| !slots.is_empty()),
                        "{change}"
                    );
                    if change["requirement"]["rollback_required"] == json!(false) && change["findings"] == json!([]) {
                        decidable = Some(change.clone());
                    }
                }
                Some("denied_by_policy") => {
                    denied += 1;
                    ensure!(
                        ["cloudtrail", "ec2", "logs", "organizations", "iam", "guardduty", "config"]
                            .contains(&change["action"]["service"].as_str().unwrap_or_default()),
                        "{change}"
                    );
                }
                other => ensure!(other == Some("approved"), "{change}"),
            }
        }
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    println!("replayed {all}: {pending} pending, {denied} denied by policy");
    ensure!(pending > 100 && denied > 0 && all > 200, "{pending} pending, {denied} denied of {all}");

    let change = decidable.context("no change that people can approve as it stands")?;
    let id = change["id"].as_str().context("no id")?.to_owned();
    let slots = change["requirement"]["slots"].as_array().context("no slots")?.clone();
    let mut left = vec!["engineer-2", "engineer-1"];
    for slot in slots {
        for _ in 0..slot["count"].as_u64().unwrap_or(0) {
            let who = match slot["group"].as_str().unwrap_or_default() {
                "sre" => left.pop().context("no sre left")?,
                "identity-owners" => "identity-owner",
                "network-owners" => "network-owner",
                _ => "billing-owner",
            };
            let person = Person::signed_in(&stage, who).await?;
            person.goes_to(&stage, &format!("#/queue/{id}")).await?;
            person.says(change["action"]["operation"].as_str().unwrap_or_default()).await?;
            // The operation stands in the list too; the change is open once it asks for a decision.
            person.says("Your decision on version 1").await?;
            approve(&person).await?;
            person.says(&format!("{who} approved version 1")).await?;
            person.picture("queue-real-record").await?;
            person.leaves().await?;
        }
    }
    let change = stage.change("executor-1", &id).await?;
    ensure!(change["state"] == "approved", "{}", change["state"]);
    let (status, body) = stage.redeem(&id, &change["action_digest"]).await?;
    ensure!(status == 201, "{status}: {body}");

    let manager = Person::signed_in(&stage, "manager").await?;
    manager.goes_to(&stage, "#/records?agent=stratus").await?;
    manager.says("Stratus").await.or(manager.says("stratus").await)?;
    manager.picture("records-real").await?;
    manager.leaves().await
}
