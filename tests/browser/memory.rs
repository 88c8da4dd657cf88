//! Memory stays flat: views that come and go, and the same records read over and over, leave nothing behind.

use super::host::Host;
use super::person::Person;
use super::plain::{drops, records};
use super::stage::ready;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::time::Duration;

/// What may be left over after switching, in bytes.
const SLACK: u64 = 24 << 20;
/// What may be left over after loading, in bytes. Only the page's garbage can be collected from here; the chunks that a
/// worker has read lie about until its own engine finds it time, some tens of megabytes of them. The loads together
/// are more than twice as much.
const WORKER_SLACK: u64 = 48 << 20;

/// Bytes that the page's renderer holds for itself after a collection of the page. What it shares would count more
/// whenever another browser on the machine ends.
async fn held(reader: &Person) -> Result<u64> {
    let cdp = reader.driver.cdp();
    cdp.send_raw("HeapProfiler.collectGarbage", json!({})).await?;
    // What was freed is given back a little later.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let mut bytes = 0;
    let mut renderers = 0;
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let folder = entry.path();
        let Ok(line) = std::fs::read(folder.join("cmdline")) else { continue };
        let line = String::from_utf8_lossy(&line).into_owned();
        if !line.contains("--type=renderer") || !line.contains(&reader.profile().display().to_string()) {
            continue;
        }
        let Ok(rollup) = std::fs::read_to_string(folder.join("smaps_rollup")) else { continue };
        for line in rollup.lines().filter(|line| line.starts_with("Private_")) {
            let (_, kilobytes) = line.split_once(':').context("no number")?;
            bytes += kilobytes.trim().trim_end_matches("kB").trim().parse::<u64>()? << 10;
        }
        renderers += 1;
    }
    ensure!(renderers > 0, "the browser has no renderer");
    Ok(bytes)
}

/// By the page's own script: a driver keeps each element that it found, and with it the whole of a view that is gone.
const SWITCH: &str = "const [view, title, done] = arguments;
location.hash = view;
const look = () => document.querySelector('h1')?.textContent === title ? done(true) : setTimeout(look, 20);
look();";

async fn switches(reader: &Person, times: usize) -> Result<()> {
    for at in 0..times {
        let (view, title) = [("#/records", "Records"), ("#/overview", "Does oversight work?")][at % 2];
        reader.driver.execute_async(SWITCH, vec![view.into(), title.into()]).await?;
    }
    Ok(())
}

async fn reloads(reader: &Person, text: &str, count: u32, first: usize, times: usize) -> Result<()> {
    for at in first..first + times {
        drops(reader, &[(format!("load-{at}.ndjson"), text.to_owned())]).await?;
        reader.says(&format!("records of load-{at}.ndjson")).await?;
        reader.says(&format!("{} records (NDJSON)", grouped(count))).await?;
    }
    Ok(())
}

/// A count as the page writes it.
fn grouped(count: u32) -> String {
    if count < 1_000 { count.to_string() } else { format!("{}\u{202f}{:03}", count / 1_000, count % 1_000) }
}

#[tokio::test(flavor = "multi_thread")]
async fn views_and_loads_leave_nothing_behind() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let full = std::env::var_os("COUNTERSIGN_FULL").is_some();
    let (turns, loads, count) = if full { (500, 50, 100_000) } else { (40, 26, 20_000) };
    let text = records(count);
    ensure!(
        (text.len() * loads) as u64 > 2 * WORKER_SLACK,
        "too few loads to tell anything: {} bytes each",
        text.len()
    );
    let host = Host::of([]).await?;
    let reader = Person::at_the_door().await?;
    reader.driver.goto(host.url("")).await?;
    reader.says("No endpoint here").await?;

    reloads(&reader, &text, count, 0, 3).await?;
    switches(&reader, 10).await?;
    let warm = held(&reader).await?;
    switches(&reader, turns).await?;
    let switched = held(&reader).await?;
    reloads(&reader, &text, count, 3, loads).await?;
    let reloaded = held(&reader).await?;
    println!(
        "{turns} switches and {loads} loads of {count} records: {} MB warm, {} MB switched, {} MB reloaded",
        warm >> 20,
        switched >> 20,
        reloaded >> 20
    );
    ensure!(switched < warm + SLACK, "views leave memory behind: {warm}, then {switched}");
    ensure!(reloaded < switched + WORKER_SLACK, "loads leave memory behind: {switched}, then {reloaded}");
    reader.leaves().await
}
