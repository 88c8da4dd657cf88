//! The reference executor against a real endpoint: what was approved is done once and as approved, what fails
//! is undone by its own plan, and bytes that do not give the digest are never acted on. What an endpoint
//! refuses at redemption is tested with the desk.

mod in_process;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use endpoint::client::Client;
use endpoint::demo::executor::{Cloud, Executor};
use endpoint::desk::{Principal, RecordFilter};
use in_process::Served;
use oversight::contract::{ChangeReceipt, ChangeView};
use oversight::id::ChangeId;
use oversight::proposal::PlanStep;
use oversight::record::Resource;
use oversight::state::State as ChangeState;
use oversight::vocabulary::{Kind, Role};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const ESTATE: &str = "[[account]]\nid = \"905418203377\"\nname = \"dev\"\nenvironment = \"development\"\n";

/// Remembers what it was told to do, and fails at one operation.
#[derive(Clone, Default)]
struct Scripted {
    done: Arc<Mutex<Vec<String>>>,
    fails_at: &'static str,
}

impl Cloud for Scripted {
    async fn run(&mut self, step: &PlanStep, resources: &[Resource]) -> Result<String, String> {
        let name = match step {
            PlanStep::Action { operation, arguments, .. } => format!("{operation} {}", json!(arguments)),
            PlanStep::Check { note, .. } => note.clone(),
        };
        assert_eq!(resources.len(), 1);
        self.done.lock().unwrap().push(name.clone());
        if name.starts_with(self.fails_at) && !self.fails_at.is_empty() {
            Err(format!("{name} failed."))
        } else {
            Ok(format!("{name} done."))
        }
    }
}

struct Stand {
    served: Served,
    agent: Client,
    executor: String,
    engineer: Principal,
}

async fn stand() -> Stand {
    let served = in_process::serve(false, ESTATE).await;
    let token = served.agent("agent-1", "manager").await;
    served.enrol("executor-1", Role::Executor, &[]).await;
    let executor = served.desk.rotate_token("executor-1").await.unwrap();
    let engineer = served.enrol("engineer-1", Role::Engineer, &["sre"]).await;
    Stand { agent: Client::new(&served.url, &token).unwrap(), served, executor, engineer }
}

impl Stand {
    /// An autonomous change, approved as soon as it is proposed.
    async fn approved(&self, plan: Value) -> ChangeId {
        let proposal = json!({
            "action": {"service": "ecs", "operation": "UpdateService", "arguments": {"desiredCount": 1}},
            "resources": [{"uid": "arn:aws:ecs:eu-west-1:905418203377:service/dev/workers"}],
            "plan": plan,
            "on_behalf_of": {"uid": "engineer-1"}, "session": {"uid": "s-1", "started_by": "engineer-1"},
        });
        let receipt: ChangeReceipt = self.agent.post("/v1/changes", &proposal).await.unwrap();
        assert_eq!(receipt.state, ChangeState::Approved);
        receipt.change
    }

    async fn change(&self, id: ChangeId) -> ChangeView {
        self.served.desk.change(&self.engineer, id).await.unwrap()
    }

    async fn kinds(&self, id: ChangeId) -> Vec<(Kind, Option<u64>, Value)> {
        let kind = vec![Kind::Redemption, Kind::Execution, Kind::Verification, Kind::Rollback];
        let filter = RecordFilter { change: Some(id), kind, ..RecordFilter::default() };
        let mut items = self.served.desk.records(&self.engineer, filter).await.unwrap().items;
        items.reverse();
        let kind = |record: &Value| record["kind"].as_str().unwrap().parse().unwrap();
        items
            .iter()
            .map(|record| (kind(record), record["step"].as_u64(), record["outcome"]["status"].clone()))
            .collect()
    }
}

fn action(operation: &str, count: u64) -> Value {
    json!({"type": "action", "service": "ecs", "operation": operation, "arguments": {"desiredCount": count}})
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_approved_is_done_once_or_undone_by_its_plan() {
    let check = json!({"type": "check", "note": "the queue is empty", "within_seconds": 60});
    let update = |count| action("UpdateService", count);
    for (case, plan, fails_at, done, state) in [
        (
            "no plan: the action itself",
            json!({}),
            "",
            vec![r#"UpdateService {"desiredCount":1}"#],
            ChangeState::Verified,
        ),
        (
            "the plan's steps in order",
            json!({"steps": [update(1), check], "rollback": [update(4)]}),
            "",
            vec![r#"UpdateService {"desiredCount":1}"#, "the queue is empty"],
            ChangeState::Verified,
        ),
        (
            "a check fails: the rollback",
            json!({"steps": [update(1), check, update(0)], "rollback": [update(4)]}),
            "the queue",
            vec![r#"UpdateService {"desiredCount":1}"#, "the queue is empty", r#"UpdateService {"desiredCount":4}"#],
            ChangeState::RolledBack,
        ),
        (
            "a failure with no way back",
            json!({"steps": [check]}),
            "the queue",
            vec!["the queue is empty"],
            ChangeState::Failed,
        ),
        (
            "the rollback fails too",
            json!({"steps": [update(1)], "rollback": [update(4)]}),
            "UpdateService",
            vec![r#"UpdateService {"desiredCount":1}"#, r#"UpdateService {"desiredCount":4}"#],
            ChangeState::Failed,
        ),
    ] {
        let stand = stand().await;
        let id = stand.approved(plan).await;
        let cloud = Scripted { fails_at, ..Scripted::default() };
        let mut executor = Executor::new(&stand.served.url, &stand.executor, cloud.clone());
        assert_eq!(executor.round().await.unwrap(), 1, "{case}");
        assert_eq!(executor.round().await.unwrap(), 0, "{case}: there is nothing left");
        assert_eq!(*cloud.done.lock().unwrap(), done, "{case}");
        let change = stand.change(id).await;
        assert_eq!(change.state, state, "{case}");
        let detail = change.settled.unwrap().reason.unwrap();
        assert_eq!(detail.contains("failed"), state != ChangeState::Verified, "{case}: {detail}");
        let records = stand.kinds(id).await;
        assert_eq!(records[0].0, Kind::Redemption, "{case}");
        let steps: Vec<_> = records.iter().filter(|(_, step, _)| step.is_some()).collect();
        assert_eq!(steps.len(), done.len(), "{case}: a record a step: {records:?}");
        assert_eq!(records.len(), done.len() + 2, "{case}: redemption, steps, outcome: {records:?}");
    }
}

/// Passes everything on, but changes the canonical bytes of every action on the way.
async fn tampering(State(endpoint): State<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().unwrap().to_string();
    let mut headers = parts.headers;
    headers.remove("host");
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let answer = reqwest::Client::new()
        .request(parts.method, format!("{endpoint}{path}"))
        .headers(headers)
        .body(body)
        .send()
        .await
        .unwrap();
    let status = answer.status();
    let mut bytes = answer.bytes().await.unwrap();
    if path.contains("/canonical") {
        bytes =
            Bytes::from(String::from_utf8(bytes.to_vec()).unwrap().replace("\"desiredCount\":1", "\"desiredCount\":0"));
    }
    Response::builder().status(status).body(Body::from(bytes)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_do_not_give_the_digest_are_never_acted_on() {
    let stand = stand().await;
    let id = stand.approved(json!({})).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(tampering).with_state(stand.served.url.clone());
    tokio::spawn(axum::serve(listener, router).into_future());

    let cloud = Scripted::default();
    assert_eq!(Executor::new(&proxy, &stand.executor, cloud.clone()).round().await.unwrap(), 0);
    assert!(cloud.done.lock().unwrap().is_empty());
    assert_eq!(stand.change(id).await.state, ChangeState::Approved, "the approval was spent on it");
    assert_eq!(Executor::new(&stand.served.url, &stand.executor, cloud).round().await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_run_left_open_is_called_failed_and_not_done_again() {
    let stand = stand().await;
    let id = stand.approved(json!({})).await;
    let digest = stand.change(id).await.reviewed.action_digest;
    let redeemed = reqwest::Client::new()
        .post(format!("{}/v1/changes/{id}/redemption", stand.served.url))
        .bearer_auth(&stand.executor)
        .header("Idempotency-Key", "an earlier run")
        .json(&json!({"action_digest": digest}))
        .send()
        .await
        .unwrap();
    assert_eq!(redeemed.status(), 201);
    let cloud = Scripted::default();
    let running = tokio::spawn(Executor::new(&stand.served.url, &stand.executor, cloud.clone()).run());
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if stand.change(id).await.state == ChangeState::Failed {
            break;
        }
    }
    running.abort();
    let change = stand.change(id).await;
    assert_eq!(change.state, ChangeState::Failed);
    assert!(change.settled.unwrap().reason.unwrap().contains("not known"));
    assert!(cloud.done.lock().unwrap().is_empty(), "it was done again");
}
