//! Without an endpoint: the app on a plain static host under a sub-path, reading records of an address or of files; and
//! each thing that goes wrong on such hosts, in plain words.

use super::host::{File, Host};
use super::person::Person;
use super::stage::ready;
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use thirtyfour::By;

fn record(at: u32, agent: &str) -> String {
    format!(
        "{{\"uid\":\"r-{at}\",\"time\":\"2026-03-01T00:{:02}:{:02}Z\",\"kind\":\"execution\",\"agent\":{{\"uid\":\"{agent}\",\
         \"name\":\"{agent}\"}},\"action\":{{\"service\":\"s3\",\"operation\":\"PutObject\",\"access_level\":\"write\"}},\
         \"note\":\"<b>\u{202e}</b>\"}}\n",
        at / 60 % 60,
        at % 60
    )
}

pub fn records(count: u32) -> String {
    (0..count).map(|at| record(at, "agent-a")).collect()
}

fn real_data() -> Option<PathBuf> {
    let folder = std::env::var_os("COUNTERSIGN_REAL_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: COUNTERSIGN_REAL_DATA is not set");
    }
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_read_and_nothing_can_be_decided() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let broken = format!("{}no record\n{}", records(20), record(20, "agent-b"));
    let host = Host::of([("records.ndjson", File { kind: "application/x-ndjson", ..File::json(broken) })]).await?;
    let reader = Person::at_the_door().await?;
    reader.driver.goto(host.url("?source=records.ndjson")).await?;
    reader.says("Read-only: records of records.ndjson.").await?;
    reader.sees("heading", "Does oversight work?").await?;
    reader.says("21 records").await?;
    reader.says("The source has no trailer, so nothing tells whether that is all.").await?;
    // What can't be known from executions alone is not zero.
    reader.says("Can’t be known from this source").await?;
    reader.says("1 item could not be read").await?;
    // The queue is an endpoint's, and the page says so in its place.
    reader.driver.goto(host.url("?source=records.ndjson#/queue")).await?;
    reader.says("records.ndjson has records alone").await?;
    reader.leaves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_on_a_static_host_is_said_in_plain_words() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let html = File { kind: "text/html", ..File::json("<!doctype html><title>Sign in</title>") };
    let packed = gzip(records(30).as_bytes())?;
    let cut = &packed[..packed.len() / 2];
    let host = Host::of([
        ("page.json", html),
        ("empty.json", File::json("")),
        ("cut.json", File::json("{\"Records\": [{\"eventVersion\": \"1.08\", ")),
        ("other.json", File::json("{\"temperature\": 21}")),
        ("records.ndjson.gz", File { kind: "application/gzip", ..File::json(packed.clone()) }),
        ("sent-packed.ndjson", File { encoding: Some("gzip"), ..File::json(packed.clone()) }),
        ("half.ndjson.gz", File { kind: "application/gzip", ..File::json(cut) }),
    ])
    .await?;
    let foreign = Host::of([
        ("closed.ndjson", File::json(records(1))),
        ("open.ndjson", File { shared: true, ..File::json(records(2)) }),
    ])
    .await?;
    let reader = Person::at_the_door().await?;
    let closed = format!("{}closed.ndjson", foreign.url(""));
    let open = format!("{}open.ndjson", foreign.url(""));
    for (source, said) in [
        ("missing.json", "There is nothing at"),
        ("page.json", "web page (HTML)"),
        ("empty.json", "is empty."),
        ("cut.json", "cut short"),
        ("other.json", "of no format that is read"),
        ("records.ndjson.gz", "30 records"),
        ("sent-packed.ndjson", "30 records"),
        ("half.ndjson.gz", "could not be read"),
        (&closed, "does not let pages of other sites read it"),
        (&open, "2 records"),
        ("http://localhost:1/x.json", "did not answer"),
    ] {
        // The address changes before the `#`, so that the page loads anew.
        reader.driver.goto(host.url(&format!("?source={}", source.replace(':', "%3A").replace('/', "%2F")))).await?;
        reader.says(said).await.with_context(|| source.to_owned())?;
    }
    reader.leaves().await
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    use std::io::Write as _;
    let mut child = std::process::Command::new("gzip")
        .arg("-c")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .context("gzip")?;
    child.stdin.take().context("no input")?.write_all(bytes)?;
    Ok(child.wait_with_output()?.stdout)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_source_the_page_asks_for_one_and_config_json_may_name_it() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let host = Host::of([]).await?;
    let reader = Person::at_the_door().await?;
    reader.driver.goto(host.url("")).await?;
    reader.says("No endpoint here").await?;
    // Chosen like any file of one's own.
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("mine.ndjson");
    std::fs::write(&file, records(5))?;
    reader.driver.find(By::Css("main input[type=file]")).await?.send_keys(file.to_string_lossy().into_owned()).await?;
    reader.says("Read-only: records of mine.ndjson.").await?;
    reader.says("5 records").await?;

    let config = File::json("{\"source\": \"named.ndjson\", \"agents\": null, \"estate\": null}");
    let host = Host::of([("config.json", config), ("named.ndjson", File::json(records(7)))]).await?;
    reader.driver.goto(host.url("")).await?;
    reader.says("Read-only: records of").await?;
    reader.says("7 records").await?;
    ensure!(reader.driver.current_url().await?.fragment() == Some("/overview"));
    reader.leaves().await
}

/// Files as they are dropped: the page's own events, with files that a script made.
const DROP: &str = r"
const [files, done] = [arguments[0], arguments[arguments.length - 1]];
const data = new DataTransfer();
for (const [name, text] of files) data.items.add(new File([text], name));
for (const type of ['dragenter', 'dragover', 'drop'])
  document.querySelector('main').dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));
done(data.files.length);
";

pub async fn drops(reader: &Person, files: &[(String, String)]) -> Result<()> {
    let dropped = reader.driver.execute_async(DROP, vec![serde_json::to_value(files)?]).await?;
    ensure!(dropped.json() == &serde_json::json!(files.len()), "{:?}", dropped.json());
    Ok(())
}

const AGENTS: &str = "[[agent]]\nuid = \"terraform\"\nname = \"Terraform\"\nuser_agent = \"*Terraform*\"\n\n\
                      [[agent]]\nuid = \"stratus\"\nname = \"Stratus\"\nuser_agent = \"*stratus-red-team_*\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn real_logs_open_from_a_static_host_and_dropped() -> Result<()> {
    let Some(data) = real_data().filter(|_| ready()) else { return Ok(()) };
    let mut logs: Vec<(String, String)> = Vec::new();
    for entry in std::fs::read_dir(data.join("cloudtrail"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let name = path.file_name().context("a name")?.to_string_lossy().into_owned();
            logs.push((name, std::fs::read_to_string(&path)?));
        }
    }
    let spans = std::fs::read_to_string(data.join("otel/genai-trace.json"))?;
    // One log of them all, as an export has it.
    let all: Vec<serde_json::Value> = logs
        .iter()
        .map(|(_, text)| serde_json::from_str::<serde_json::Value>(text).map(|mut log| log["Records"].take()))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flat_map(|records| records.as_array().cloned().unwrap_or_default())
        .collect();
    let whole = serde_json::json!({ "Records": all }).to_string();
    let host = Host::of([
        ("trail.json", File::json(whole)),
        ("agents.toml", File { kind: "application/toml", ..File::json(AGENTS) }),
        ("trace.json", File::json(spans.clone())),
    ])
    .await?;
    let reader = Person::at_the_door().await?;
    reader.driver.goto(host.url("?source=trail.json&agents=agents.toml")).await?;
    reader.says("1 448 records (an AWS CloudTrail log)").await?;
    reader.says("terraform").await?;
    reader.picture("overview-cloudtrail").await?;

    logs.push(("agents.toml".to_owned(), AGENTS.to_owned()));
    let count = logs.len();
    drops(&reader, &logs).await?;
    reader.says(&format!("Read-only: records of {count} files.")).await?;
    reader.says("1 448 records (an AWS CloudTrail log)").await?;

    reader.driver.goto(host.url("?source=trace.json")).await?;
    reader.says("OpenTelemetry spans (Jaeger JSON)").await?;
    reader.does_not_say("could not be read").await?;
    drops(&reader, &[("trace.json".to_owned(), spans)]).await?;
    reader.says("Read-only: records of trace.json.").await?;
    reader.says("OpenTelemetry spans (Jaeger JSON)").await?;
    reader.picture("overview-otel").await?;
    reader.leaves().await
}
