//! The stage of an end-to-end test: an endpoint of its own on a free port with an empty database, and the
//! machines that act on it over HTTP. People at browsers are `person`.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// A running endpoint.
pub struct Stage {
    pub port: u16,
    pub http: reqwest::Client,
    folder: tempfile::TempDir,
    process: Option<Child>,
    extra: Vec<String>,
    credentials: Value,
}

/// Whether the tools of browser tests are there; says that a test is skipped where they are not.
pub fn ready() -> bool {
    let there = std::env::var_os("COUNTERSIGN_CHROMEDRIVER").is_some() && endpoint_binary().is_some();
    if !there {
        println!("skipped: `cargo xtask test` sets up the browser and the endpoint");
    }
    there
}

pub fn endpoint_binary() -> Option<PathBuf> {
    std::env::var_os("COUNTERSIGN_ENDPOINT_BIN").map(PathBuf::from)
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Stage {
    /// An endpoint without demonstration data.
    pub async fn set() -> Result<Stage> {
        Stage::with(&[]).await
    }

    /// An endpoint with further options of `serve`.
    pub async fn with(extra: &[&str]) -> Result<Stage> {
        let mut stage = Stage {
            port: free_port()?,
            http: reqwest::Client::new(),
            folder: tempfile::tempdir()?,
            process: None,
            extra: extra.iter().map(|word| (*word).to_owned()).collect(),
            credentials: Value::Null,
        };
        // Accounts whose environment the endpoint knows, so that both sides of the policy can be reached.
        std::fs::write(stage.folder.path().join("estate.toml"), ESTATE)?;
        stage.start().await?;
        Ok(stage)
    }

    pub fn database(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("countersign.db").display())
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}/{path}", self.port)
    }

    /// Starts the endpoint on the same port and database as before.
    pub async fn start(&mut self) -> Result<()> {
        let binary = endpoint_binary().context("COUNTERSIGN_ENDPOINT_BIN is not set")?;
        let credentials = self.folder.path().join("credentials.json");
        let _ = std::fs::remove_file(&credentials);
        let mut command = Command::new(binary);
        command.arg("serve").args(["--listen", &format!("localhost:{}", self.port)]);
        command.args(["--database", &self.database()]).arg("--credentials").arg(&credentials);
        command.arg("--estate").arg(self.folder.path().join("estate.toml"));
        if let Some(dist) = std::env::var_os("COUNTERSIGN_APP_DIST") {
            command.arg("--app").arg(dist);
        }
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(self.folder.path().join("endpoint.log"))?;
        command.args(&self.extra).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).kill_on_drop(true);
        let mut process = command.spawn().context("the endpoint can't be started")?;
        for _ in 0..300 {
            if let Some(status) = process.try_wait()? {
                bail!("the endpoint ended with {status}: {}", self.log());
            }
            let up = self.http.get(self.url("readyz")).send().await.is_ok_and(|answer| answer.status().is_success());
            if let (true, Ok(text)) = (up, std::fs::read(&credentials)) {
                self.credentials = serde_json::from_slice(&text).context("the credentials file")?;
                self.process = Some(process);
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the endpoint is not ready after 30 s: {}", self.log())
    }

    /// Ends it at once, as a crash would.
    pub async fn kill(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill().await?;
        }
        Ok(())
    }

    /// The endpoint's process.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().and_then(Child::id)
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("endpoint.log")).unwrap_or_default()
    }

    /// The one-time sign-in link of a person.
    pub fn sign_in(&self, person: &str) -> Result<String> {
        self.credential("people", person, "sign_in")
    }

    /// The bearer token of a machine.
    pub fn token(&self, machine: &str) -> Result<String> {
        self.credential("machines", machine, "token")
    }

    fn credential(&self, list: &str, uid: &str, name: &str) -> Result<String> {
        let entries = self.credentials[list].as_array().context("the credentials file has no such list")?;
        let entry = entries.iter().find(|entry| entry["uid"] == uid);
        Ok(entry.and_then(|entry| entry[name].as_str()).with_context(|| format!("no {name} of {uid}"))?.to_owned())
    }

    /// A request of a machine; the answer's status and body.
    pub async fn machine(&self, who: &str, method: &str, path: &str, body: Option<Value>) -> Result<(u16, Value)> {
        let method = reqwest::Method::from_bytes(method.as_bytes())?;
        let mut request = self.http.request(method, self.url(path)).bearer_auth(self.token(who)?);
        request = request.header("Idempotency-Key", format!("{who}-{}", fresh()));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await.unwrap_or(Value::Null)))
    }

    /// Proposes as agent-1 and returns the change's id.
    pub async fn propose(&self, proposal: Value) -> Result<String> {
        let (status, body) = self.machine("agent-1", "POST", "v1/changes", Some(proposal)).await?;
        ensure!(status == 201, "proposing answered {status}: {body}");
        Ok(body["change"].as_str().or(body["id"].as_str()).context("the answer names no change")?.to_owned())
    }

    /// The change as the executor or its agent sees it.
    pub async fn change(&self, who: &str, id: &str) -> Result<Value> {
        let (status, body) = self.machine(who, "GET", &format!("v1/changes/{id}"), None).await?;
        ensure!(status == 200, "reading {id} answered {status}: {body}");
        Ok(body)
    }

    /// Redeems as executor-1.
    pub async fn redeem(&self, id: &str, action_digest: &Value) -> Result<(u16, Value)> {
        let body = json!({ "action_digest": action_digest });
        self.machine("executor-1", "POST", &format!("v1/changes/{id}/redemption"), Some(body)).await
    }
}

/// A number that no other call in this process gets.
fn fresh() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed) + u64::from(std::process::id()) * 1_000_000
}

const ESTATE: &str = r#"
[[account]]
id = "111111111111"
environment = "production"

[[account]]
id = "222222222222"
environment = "development"

[[resource]]
match = "arn:aws:s3:::build-cache"
environment = "production"

[[resource]]
match = "arn:aws:route53:::hostedzone/Z1"
environment = "production"
"#;

/// One peer of `sre` must approve: a reversible write in production.
pub fn needs_a_peer(title: &str) -> Value {
    json!({
        "title": title,
        "action": {"service": "s3", "operation": "PutBucketTagging", "arguments": {"bucket": "build-cache", "tags": {"team": "build"}}},
        "resources": [{"uid": "arn:aws:s3:::build-cache", "type": "bucket", "account": "111111111111", "region": "eu-west-1"}],
        "rationale": "The cost report can't attribute this bucket.",
        "evidence": [{"title": "Cost report", "uri": "https://reports.example/cost"}],
        "plan": {
            "steps": [{"type": "action", "service": "s3", "operation": "PutBucketTagging"}],
            "rollback": [{"type": "action", "service": "s3", "operation": "DeleteBucketTagging"}]
        },
        "on_behalf_of": {"uid": "manager"},
        "session": {"uid": "s-1", "started_by": "manager"}
    })
}

/// `sre` and `network-owners` must approve: networking in production.
pub fn needs_two_groups(title: &str) -> Value {
    let mut proposal = needs_a_peer(title);
    proposal["action"] =
        json!({"service": "route53", "operation": "ChangeResourceRecordSets", "arguments": {"ttl": 60}});
    proposal["resources"] = json!([{"uid": "arn:aws:route53:::hostedzone/Z1", "type": "hosted zone", "account": "111111111111", "region": "global"}]);
    proposal
}
