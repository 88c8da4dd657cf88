//! The binary itself: what it prints and writes, how it reloads its policy, and how it stops.
#![cfg(unix)]

use endpoint::policy::DEFAULT;
use reqwest::{Client, redirect};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

struct Process {
    child: Child,
    folder: TempDir,
    printed: String,
    http: Client,
}

impl Process {
    async fn start(extra: &[&str]) -> Process {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::write(folder.path().join("own.cedar"), DEFAULT).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_countersign-endpoint"))
            .args(["serve", "--listen", "localhost:0", "--database", &path("a.db")])
            .args(["--credentials", &path("credentials.json"), "--policy", &path("own.cedar"), "--log-format", "json"])
            .args(extra)
            // All that the endpoint ever logs, so that a secret in any of it is found.
            .env("RUST_LOG", "info,endpoint=debug")
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.path().join("log")).unwrap())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut printed = String::new();
        while !printed.contains("customer") {
            let line = tokio::time::timeout(Duration::from_secs(30), lines.next_line()).await.unwrap().unwrap();
            printed.push_str(&line.unwrap_or_else(|| panic!("it ended: {}", log(folder.path()))));
            printed.push('\n');
        }
        let http = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
        Process { child, folder, printed, http }
    }

    fn url(&self) -> String {
        self.printed
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .unwrap()
            .trim_end_matches('/')
            .to_owned()
    }

    fn credentials(&self) -> Value {
        serde_json::from_slice(&fs::read(self.folder.path().join("credentials.json")).unwrap()).unwrap()
    }

    fn log(&self) -> String {
        log(self.folder.path())
    }

    async fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().await.unwrap().success());
    }

    async fn engineer(&self) -> String {
        let link =
            self.printed.lines().find(|line| line.contains("engineer-1")).unwrap().split_whitespace().last().unwrap();
        let answer = self.http.get(link).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    async fn logged(&self, words: &str) {
        for _ in 0..200 {
            if self.log().contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{words:?} is not in the log: {}", self.log());
    }
}

fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap()
}

#[tokio::test]
async fn it_prints_links_writes_credentials_and_logs_no_secret() {
    let process = Process::start(&[]).await;
    let url = process.url();
    let cookie = process.engineer().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(process.http.get(format!("{url}{path}")).send().await.unwrap().status(), 200, "{path}");
    }
    let session = process.http.get(format!("{url}/v1/session")).header("cookie", &cookie).send().await.unwrap();
    assert_eq!(session.status(), 200);
    let file = process.folder.path().join("credentials.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let credentials = process.credentials();
    assert_eq!(credentials["endpoint"], url);
    let uids = |list: &str| -> Vec<String> {
        credentials[list].as_array().unwrap().iter().map(|one| one["uid"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        uids("people"),
        ["engineer-1", "engineer-2", "identity-owner", "network-owner", "billing-owner", "manager", "customer"]
    );
    assert_eq!(uids("machines"), ["agent-1", "executor-1", "importer-1"]);
    let token = credentials["machines"][0]["token"].as_str().unwrap();
    let agent = process.http.get(format!("{url}/v1/changes")).bearer_auth(token).send().await.unwrap();
    assert_eq!(agent.status(), 200);

    process.logged("\"route\":\"/v1/changes\"").await;
    let log = process.log();
    assert!(log.contains("\"route\":\"/sign-in/{code}\"") && log.contains("\"principal\":\"engineer-1\""), "{log}");
    let codes = process.printed.split_whitespace().filter_map(|word| word.split("/sign-in/").nth(1));
    for secret in codes.chain([token, cookie.split('=').nth(1).unwrap()]) {
        assert!(!log.contains(secret), "the log holds a secret");
    }
}

#[tokio::test]
async fn the_principals_in_its_credentials_file_are_read_back_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let role = "arn:aws:iam::111111111111:role/agent-1";
    let start = async || {
        let mut child = Command::new(env!("CARGO_BIN_EXE_countersign-endpoint"))
            .args(["serve", "--listen", "localhost:0", "--database", &path("a.db").display().to_string()])
            .args(["--credentials", &path("c.json").display().to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        while let Some(line) = tokio::time::timeout(Duration::from_secs(30), lines.next_line()).await.unwrap().unwrap()
        {
            if line.contains("customer") {
                let written: Value = serde_json::from_slice(&fs::read(path("c.json")).unwrap()).unwrap();
                child.kill().await.unwrap();
                return Ok(written["machines"][0].clone());
            }
        }
        let mut error = String::new();
        child.stderr.take().unwrap().read_to_string(&mut error).await.unwrap();
        Err(error)
    };
    let first = start().await.unwrap();
    assert_eq!((&first["uid"], &first["principals"]), (&"agent-1".into(), &serde_json::json!([])));
    let mut written: Value = serde_json::from_slice(&fs::read(path("c.json")).unwrap()).unwrap();
    written["machines"][0]["principals"] = serde_json::json!([role]);
    fs::write(path("c.json"), written.to_string()).unwrap();
    let second = start().await.unwrap();
    assert_eq!(second["principals"], serde_json::json!([role]));
    assert_ne!(second["token"], first["token"]);
    // Without the field, and without the file, they stay as they are.
    fs::write(path("c.json"), r#"{"machines": [{"uid": "agent-1"}]}"#).unwrap();
    assert_eq!(start().await.unwrap()["principals"], serde_json::json!([role]));
    fs::remove_file(path("c.json")).unwrap();
    assert_eq!(start().await.unwrap()["principals"], serde_json::json!([role]));
    for (text, words) in [
        ("my notes", "not a credentials file"),
        (r#"{"machines": [{"uid": "agent-1", "principals": ["role/*"]}]}"#, "principals[0]"),
        (r#"{"machines": [{"uid": "agent-7", "principals": ["role/x"]}]}"#, "agent-7"),
    ] {
        fs::write(path("c.json"), text).unwrap();
        let error = start().await.unwrap_err();
        assert!(error.contains(words), "{text}: {error}");
        assert_eq!(fs::read_to_string(path("c.json")).unwrap(), text, "it was overwritten");
    }
}

#[tokio::test]
async fn a_policy_that_does_not_load_keeps_the_one_in_force() {
    let process = Process::start(&[]).await;
    let (url, cookie) = (process.url(), process.engineer().await);
    let policy = async || -> Value {
        process
            .http
            .get(format!("{url}/v1/policy"))
            .header("cookie", &cookie)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    let first = policy().await;
    assert_eq!((&first["uid"], first["text"].as_str()), (&Value::from("own"), Some(DEFAULT)));
    let file = process.folder.path().join("own.cedar");
    fs::write(&file, format!("{DEFAULT}\n@id(\"odd\") @title(\"Odd\") permit(principal, action, resource) when {{ context.nothing_like_it }};\n")).unwrap();
    process.signal("HUP").await;
    process.logged("stays in force").await;
    assert!(process.log().contains("nothing_like_it"), "{}", process.log());
    assert_eq!(policy().await["version"], first["version"]);

    fs::write(&file, format!("{DEFAULT}\n// Another version.\n")).unwrap();
    process.signal("HUP").await;
    process.logged("the policy was loaded").await;
    assert_ne!(policy().await["version"], first["version"]);
}

#[tokio::test]
async fn it_does_not_start_with_what_it_cannot_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(folder.path().join("bad.cedar"), "permit(principal, action, resource) when { context.nothing };")
        .unwrap();
    fs::write(folder.path().join("bad.toml"), "[[account]]\nid = \"1\"\nenvironment = \"production\"\n").unwrap();
    for (extra, words) in [
        (vec!["--policy".to_owned(), path("bad.cedar")], "was not loaded"),
        (vec!["--policy".to_owned(), path("none.cedar")], "can't be read"),
        (vec!["--estate".to_owned(), path("bad.toml")], "account.id"),
        (vec!["--app".to_owned(), path("none")], "cargo xtask app"),
        (vec!["--url".to_owned(), "localhost".to_owned()], "--url"),
        (vec!["--listen".to_owned(), "nowhere".to_owned()], "nowhere"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_countersign-endpoint"))
            .args(["serve", "--database", &path("a.db")])
            .args(if extra[0] == "--listen" { vec![] } else { vec!["--listen", "localhost:0"] })
            .args(&extra)
            .output();
        let output = tokio::time::timeout(Duration::from_secs(20), output).await.unwrap().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && error.contains(words), "{extra:?}: {error}");
    }
    assert!(!folder.path().join("a.db").exists(), "nothing was made before the options were read");
}

#[tokio::test]
async fn it_stops_at_once_though_streams_are_open() {
    for signal in ["TERM", "INT"] {
        let mut process = Process::start(&[]).await;
        let (url, cookie) = (process.url(), process.engineer().await);
        let mut stream = process.http.get(format!("{url}/v1/stream")).header("cookie", &cookie).send().await.unwrap();
        assert!(stream.chunk().await.unwrap().is_some());
        let asked = Instant::now();
        process.signal(signal).await;
        let status = tokio::time::timeout(Duration::from_secs(5), process.child.wait()).await.unwrap().unwrap();
        assert!(status.success() && asked.elapsed() < Duration::from_secs(2), "{signal}: {:?}", asked.elapsed());
        assert!(stream.chunk().await.is_ok_and(|chunk| chunk.is_none()), "the stream ended in order");
        let mut rest = String::new();
        if let Some(mut out) = process.child.stdout.take() {
            out.read_to_string(&mut rest).await.unwrap();
        }
        assert!(!process.log().contains("panicked"), "{}", process.log());
    }
}
