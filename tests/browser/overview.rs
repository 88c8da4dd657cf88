//! The overview against an oracle: one brush changes cells, waits, counts and figures together, and each of them is what
//! counting the same records by hand gives.

use super::host::{File, Host};
use super::person::Person;
use super::stage::ready;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::collections::BTreeMap;
use thirtyfour::Key;

/// 2026-03-01T00:00:00Z, in microseconds.
const START: i64 = 1_772_323_200_000_000;
const MINUTE: i64 = 60_000_000;
const AGENTS: [&str; 4] = ["cost-optimizer", "db-tuner", "dns-maintainer", "log-compactor"];
const SERVICES: [(&str, &str); 5] =
    [("s3", "write"), ("s3", "read"), ("ec2", "write"), ("iam", "permissions_management"), ("logs", "list")];

/// One event: when it was, its kind, whose, where, and of a decision how long the change had waited.
pub struct Event {
    at: i64,
    kind: &'static str,
    agent: &'static str,
    place: (&'static str, &'static str),
    change: Option<u32>,
}

/// A month of changes that people approved, and of executions that no change led to.
pub fn events() -> Vec<Event> {
    let mut number = 7_u64;
    let mut next = |below: u64| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) % below
    };
    let mut all = Vec::new();
    for change in 1..=400_u32 {
        let at = START + next(30 * 24 * 60) as i64 * MINUTE + next(60_000_000) as i64;
        let (agent, place) = (AGENTS[next(4) as usize], SERVICES[next(5) as usize]);
        let event = |at, kind, change| Event { at, kind, agent, place, change };
        if next(3) == 0 {
            all.push(event(at, "execution", None));
            continue;
        }
        let wait = 1_000_000 * (5 + next(20_000)) as i64;
        all.push(event(at, "proposal", Some(change)));
        all.push(event(at + 1_000, "policy_decision", Some(change)));
        all.push(event(at + wait, "review", Some(change)));
        all.push(event(at + wait + 5_000_000, "redemption", Some(change)));
    }
    all.sort_by_key(|event| event.at);
    all
}

fn time(at: i64) -> String {
    oversight::time::Instant::from_unix_micros(at).expect("a time of this century").to_string()
}

pub fn lines(events: &[Event]) -> String {
    let one = |(at, event): (usize, &Event)| {
        let mut record = json!({
            "uid": format!("r-{at}"), "time": time(event.at), "kind": event.kind,
            "agent": {"uid": event.agent, "name": event.agent},
            "action": {"service": event.place.0, "operation": "Operate", "access_level": event.place.1},
        });
        if let Some(change) = event.change {
            record["change_id"] = json!(format!("CH-{change}"));
            record["version"] = json!(1);
        }
        match event.kind {
            "policy_decision" => {
                record["policy"] = json!({"uid": "p", "version": "1", "decision": "needs_review", "determining": []});
            }
            "review" => {
                record["review"] = json!({
                    "decision": "approve", "reviewer": "engineer-1", "slot": ["sre"], "digest": "0".repeat(64),
                    "channel": "browser", "opened_at": time(event.at - 60_000_000), "decided_at": time(event.at),
                    "acknowledged": [],
                });
            }
            _ => {}
        }
        format!("{record}\n")
    };
    events.iter().enumerate().map(one).collect()
}

/// A table by its name, or the one that a chart stands as by its caption: its heads and its rows.
async fn table(reader: &Person, name: &str) -> Result<(Vec<String>, Vec<Vec<String>>)> {
    let script = format!(
        "const table = [...document.querySelectorAll('table')].find(table => [table.caption?.innerText.trim(), table.getAttribute('aria-label')].includes({name:?}));
         if (!table) return null;
         const texts = row => [...row.cells].map(cell => cell.innerText.replace(/\\u202f/g, '').trim());
         return [...table.rows].map(texts);"
    );
    let found = reader.script(&script).await?;
    let rows: Vec<Vec<String>> = serde_json::from_value(found).with_context(|| format!("no table {name:?}"))?;
    let (heads, rows) = rows.split_first().context("a table without rows")?;
    Ok((heads.clone(), rows.to_vec()))
}

/// What the address says the brush is.
async fn brush(reader: &Person) -> Result<(i64, i64)> {
    let fragment = reader.driver.current_url().await?.fragment().unwrap_or_default().to_owned();
    let value = |name: &str| -> Result<i64> {
        let (_, query) = fragment.split_once('?').context("no window in the address")?;
        let pair = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let text = pair.context("no such end")?.replace("%3A", ":");
        Ok(text.parse::<oversight::time::Instant>()?.unix_micros())
    };
    Ok((value("since")?, value("until")?))
}

/// Everything on the page against what counting gives; waits until the page is there.
async fn agrees(reader: &Person, events: &[Event], (from, to): (i64, i64)) -> Result<()> {
    let within = |event: &&Event| from <= event.at && event.at < to;
    let count = events.iter().filter(within).count();
    reader.says(&format!("{count} records, ")).await?;

    let mut cells: BTreeMap<(String, String), u64> = BTreeMap::new();
    for event in events.iter().filter(within) {
        let column = format!("{} {}", event.place.0, event.place.1.replace('_', " "));
        *cells.entry((event.agent.to_owned(), column)).or_default() += 1;
    }
    let (heads, rows) = table(reader, "Where agents acted").await?;
    let mut seen = 0;
    for row in &rows {
        for (head, cell) in heads.iter().zip(row).skip(1) {
            let expected = cells.get(&(row[0].clone(), head.clone())).copied().unwrap_or(0);
            ensure!(cell == &expected.to_string(), "{} × {head}: {cell} and not {expected}", row[0]);
            seen += expected;
        }
    }
    ensure!(seen == count as u64, "the map holds {seen} of {count} records");

    // An action ran where it was first redeemed, or where it was executed without a change.
    let ran =
        |event: &&Event| matches!(event.kind, "redemption") || (event.kind == "execution" && event.change.is_none());
    let approved = events.iter().filter(within).filter(|event| event.kind == "redemption").count();
    let lone = events.iter().filter(within).filter(ran).count() - approved;
    let of = approved + lone;
    reader.says(&format!("{approved} of {of} that did not run alone")).await?;
    if of >= 5 {
        reader.says(&format!("{:.1}%", approved as f64 * 100.0 / of as f64)).await?;
    }
    let (_, agents) = table(reader, "Figures by agent").await?;
    for row in &agents {
        let own = events.iter().filter(within).filter(ran).filter(|event| event.agent == row[0]).count();
        ensure!(row[1] == own.to_string(), "{}: executed {} and not {own}", row[0], row[1]);
    }

    // Waits are of what was put forward within the brush, whenever it was decided.
    let mut waits = Vec::new();
    for opened in events.iter().filter(within).filter(|event| event.kind == "proposal") {
        let decided = events.iter().find(|event| event.kind == "review" && event.change == opened.change);
        waits.push(decided.context("each is decided")?.at - opened.at);
    }
    reader.says(&format!("{} decision", waits.len())).await?;
    let (_, classes) = table(reader, "How long decisions took").await?;
    let told: u64 = classes.iter().filter_map(|row| row.last()?.parse::<u64>().ok()).sum();
    ensure!(told == waits.len() as u64, "the classes hold {told} of {} waits: {classes:?}", waits.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_brush_changes_everything_and_all_of_it_is_the_oracles() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let events = events();
    let host = Host::of([("records.ndjson", File::json(lines(&events)))]).await?;
    let reader = Person::at_the_door().await?;
    let day = 24 * 60 * MINUTE;
    let (from, to) = (START + 5 * day + 1, START + 12 * day + 17);
    reader
        .driver
        .goto(host.url(&format!("?source=records.ndjson#/overview?since={}&until={}", time(from), time(to))))
        .await?;
    reader.sees("heading", "Does oversight work?").await?;
    for chart in ["Where agents acted as a table", "Time to decision as a table"] {
        reader.presses("button", chart).await?;
    }
    agrees(&reader, &events, (from, to)).await?;

    // By the keys, on the brush's own handle.
    let handle = reader.sees("slider", "End").await?;
    handle.focus().await?;
    for _ in 0..3 {
        reader.types(Key::Right).await?;
    }
    let moved = loop {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let now = brush(&reader).await?;
        if now != (from, to) {
            break now;
        }
    };
    ensure!(moved.0 == from && moved.1 > to, "{moved:?}");
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    let moved = brush(&reader).await?;
    agrees(&reader, &events, moved).await?;

    // The navigation carries it to the other view that has one, and back.
    for (link, heading) in [("Records", "Records"), ("Overview", "Does oversight work?")] {
        reader.presses("link", link).await?;
        reader.sees("heading", heading).await?;
        ensure!(brush(&reader).await? == moved, "{link} is of another window");
    }
    let within = events.iter().filter(|event| moved.0 <= event.at && event.at < moved.1).count();
    reader.says(&format!("{within} records, ")).await?;

    // And by a link, to a window with nothing in it.
    reader.script("location.hash = '#/overview?since=2020-01-01T00:00:00Z&until=2020-02-01T00:00:00Z'").await?;
    reader.says("Nothing in this window").await?;
    reader.leaves().await
}
