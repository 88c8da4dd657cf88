//! An endpoint on a port of its own with a clock that tests move, and clients of it: people by cookie,
//! machines by token. What is asked is in the tests.

use endpoint::command::credentials;
use endpoint::desk::{Desk, Settings};
use endpoint::http::assets::Assets;
use endpoint::http::doors::Doors;
use endpoint::http::origin::Origin;
use endpoint::http::{self, Endpoint, serving};
use endpoint::policy::PolicyEngine;
use oversight::classify::Estate;
use oversight::time::Instant;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, ORIGIN, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, StatusCode, redirect};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;

/// Accounts of the tests.
pub const ESTATE: &str = r#"
    [[account]]
    id = "111111111111"
    environment = "development"
    [[account]]
    id = "222222222222"
    environment = "production"
"#;

pub struct Stand {
    pub url: String,
    pub desk: Desk,
    pub stop: watch::Sender<bool>,
    clock: Arc<AtomicI64>,
    http: Client,
    _folder: TempDir,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Asker {
    http: Client,
    url: String,
    credential: Option<(&'static str, String)>,
}

impl Stand {
    pub async fn start() -> Stand {
        Stand::serving(Assets::embedded(), Duration::from_secs(15)).await
    }

    pub async fn serving(assets: Assets, heartbeat: Duration) -> Stand {
        Stand::with_patience(assets, heartbeat, serving::PATIENCE).await
    }

    /// As `serving`, where a request's headers must be whole within `patience`.
    pub async fn with_patience(assets: Assets, heartbeat: Duration, patience: Duration) -> Stand {
        let folder = tempfile::tempdir().unwrap();
        let estate = Estate::parse(ESTATE).unwrap();
        let start = "2026-03-01T12:00:00Z".parse::<Instant>().unwrap().unix_micros();
        let clock = Arc::new(AtomicI64::new(start));
        let told = clock.clone();
        let desk = Desk::open_with_clock(
            folder.path().join("a.db").to_str().unwrap(),
            PolicyEngine::default_policy(),
            Settings { demonstration: false, estate: estate.clone() },
            Arc::new(move || Instant::from_unix_micros(told.load(Ordering::SeqCst)).unwrap()),
        )
        .await
        .unwrap();
        credentials::enrol(&desk, false).await.unwrap();
        let doors = Doors::bind("127.0.0.1:0").await.unwrap();
        let authority = doors.addresses().unwrap()[0].to_string();
        let (stop, stopping) = watch::channel(false);
        let settings =
            http::Settings { origin: Origin::http(authority.clone()), estate, heartbeat, stopping: stopping.clone() };
        let router = http::router(Endpoint::new(desk.clone(), assets, settings));
        tokio::spawn(serving::serve(doors, router, patience, stopping));
        let http = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
        Stand { url: format!("http://{authority}"), desk, stop, clock, http, _folder: folder }
    }

    /// Moves the endpoint's clock on, and settles what is due then.
    pub async fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        self.desk.sweep().await.unwrap();
    }

    pub fn nobody(&self) -> Asker {
        Asker { http: self.http.clone(), url: self.url.clone(), credential: None }
    }

    /// A person, signed in by a link.
    pub async fn person(&self, uid: &str) -> Asker {
        let code = self.desk.issue_sign_in(uid).await.unwrap();
        let answer = self.nobody().get(&format!("/sign-in/{code}")).await;
        assert_eq!(answer.status, 303, "{answer:?}");
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
        self.with("cookie", cookie.split(';').next().unwrap().to_owned())
    }

    /// A machine, by a new token.
    pub async fn machine(&self, uid: &str) -> Asker {
        let token = self.desk.rotate_token(uid).await.unwrap();
        self.with("authorization", format!("Bearer {token}"))
    }

    pub fn with(&self, header: &'static str, value: String) -> Asker {
        Asker { credential: Some((header, value)), ..self.nobody() }
    }

    pub async fn sequence(&self) -> u64 {
        self.desk.sequence().await.unwrap()
    }
}

impl Asker {
    /// A request with whatever a well-behaved client of this kind sends.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.url));
        if let Some((header, value)) = &self.credential {
            request = request.header(*header, value);
        }
        if self.is_browser() && method != Method::GET {
            request = request.header(ORIGIN, &self.url);
        }
        request
    }

    pub fn is_browser(&self) -> bool {
        self.credential.as_ref().is_some_and(|(header, _)| *header == COOKIE.as_str())
    }

    pub fn credential(&self) -> &str {
        self.credential.as_ref().map_or("", |(_, value)| value)
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn send(&self, path: &str, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
        Answer::of(self.request(Method::POST, path).header(CONTENT_TYPE, content_type).body(body)).await
    }

    /// A review with all that it needs.
    pub async fn review(&self, change: &Value, decision: &str, key: &str) -> Answer {
        let body = match decision {
            "approve" => json!({ "decision": decision, "digest": change["digest"] }),
            _ => json!({ "decision": decision, "digest": change["digest"], "reason": "Not now." }),
        };
        Answer::of(self.review_request(change, key).json(&body)).await
    }

    pub fn review_request(&self, change: &Value, key: &str) -> RequestBuilder {
        let (id, version) = (id(change), &change["version"]);
        self.request(Method::POST, &format!("/v1/changes/{id}/reviews"))
            .header("if-match", format!("\"{id}.{version}\""))
            .header("idempotency-key", key)
    }

    /// Proposes and gives the receipt.
    pub async fn propose(&self, proposal: Value) -> Value {
        let answer = self.post("/v1/changes", proposal).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()
    }
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The problem document, whose shape is checked.
    pub fn problem(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16(), "{problem}");
        assert!(problem["type"].as_str().unwrap().starts_with("/problems/"), "{problem}");
        assert!(!problem["title"].as_str().unwrap().is_empty(), "{problem}");
        problem
    }

    pub fn slug(&self) -> String {
        self.problem()["type"].as_str().unwrap().trim_start_matches("/problems/").to_owned()
    }
}

/// The id of a receipt or a view.
pub fn id(change: &Value) -> &str {
    change["change"].as_str().or(change["id"].as_str()).unwrap()
}

/// A proposal that one engineer of sre approves: a reversible write in production.
pub fn peer_reviewed() -> Value {
    json!({
        "action": {"service": "ecs", "operation": "UpdateService", "arguments": {"cluster": "shop", "service": "web", "desiredCount": 4}},
        "resources": [{"uid": "arn:aws:ecs:eu-west-1:222222222222:service/shop/web", "type": "service"}],
        "rationale": "Traffic doubles at noon.",
        "plan": {
            "steps": [{"type": "action", "service": "ecs", "operation": "UpdateService"}],
            "rollback": [{"type": "action", "service": "ecs", "operation": "UpdateService"}]
        },
        "on_behalf_of": {"uid": "manager"},
        "session": {"uid": "s-1", "started_by": "manager"},
        "expires_in": 600
    })
}

/// A proposal that a forbid denies.
pub fn forbidden() -> Value {
    json!({ "action": {"service": "cloudtrail", "operation": "StopLogging", "arguments": {"name": "main"}} })
}
