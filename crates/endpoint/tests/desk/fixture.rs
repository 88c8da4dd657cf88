//! A desk on a database of its own with a clock that the test moves, people of every group, two agents, an
//! executor and an importer; and proposals of which the default policy asks what their names say.

use endpoint::desk::{Clock, Desk, Keyed, Principal, Refused, Settings};
use endpoint::policy::PolicyEngine;
use oversight::classify::Estate;
use oversight::contract::{ChangeReceipt, ChangeView, Receipt, RedemptionRequest, ReviewRequest, etag};
use oversight::digest::Digest;
use oversight::id::{ChangeId, Group, IdempotencyKey, PersonUid};
use oversight::proposal::Proposal;
use oversight::review::ReviewEvidence;
use oversight::time::Instant;
use oversight::vocabulary::{Channel, Decision, Role};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

pub struct Bench {
    pub desk: Desk,
    pub folder: tempfile::TempDir,
    millis: Arc<AtomicI64>,
}

const ESTATE: &str = r#"
[[account]]
id = "111111111111"
environment = "production"
[[resource]]
match = "sandbox-*"
environment = "sandbox"
"#;

impl Bench {
    pub async fn open() -> Bench {
        let folder = tempfile::tempdir().expect("a folder");
        let millis = Arc::new(AtomicI64::new(1_790_000_000_000));
        let desk = desk(folder.path(), PolicyEngine::default_policy(), millis.clone()).await;
        for uid in [
            "engineer-1",
            "engineer-2",
            "engineer-3",
            "prompter",
            "starter",
            "network-owner",
            "both",
            "manager",
            "sre-manager",
            "customer",
            "executor-1",
            "importer-1",
        ] {
            desk.enrol(who(uid), None).await.expect("enrolled");
        }
        for uid in ["agent-1", "agent-2"] {
            desk.enrol(who(uid), None).await.expect("enrolled");
        }
        Bench { desk, folder, millis }
    }

    /// The same database again, as after a restart.
    pub async fn reopened(&self, policy: PolicyEngine) -> Desk {
        desk(self.folder.path(), policy, self.millis.clone()).await
    }

    pub fn advance(&self, seconds: i64) {
        self.millis.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    pub async fn propose(&self, proposal: Proposal) -> ChangeReceipt {
        self.desk.propose(&who("agent-1"), proposal).await.expect("proposed")
    }

    pub async fn view(&self, id: ChangeId) -> ChangeView {
        self.desk.change(&who("engineer-1"), id).await.expect("read")
    }

    pub async fn decide(&self, uid: &str, id: ChangeId, decision: Decision) -> Result<Receipt, Refused> {
        let view = self.desk.change(&who("manager"), id).await?;
        let answer = self
            .desk
            .review(&who(uid), id, Ok(request(&view, decision)), key(), Some(view.etag()), Channel::Browser)
            .await?;
        Ok(answer.body)
    }

    pub async fn approve(&self, uid: &str, id: ChangeId) -> Receipt {
        self.decide(uid, id, Decision::Approve).await.expect("approved")
    }

    pub async fn redeem(&self, id: ChangeId) -> Result<ChangeReceipt, Refused> {
        let view = self.desk.change(&who("manager"), id).await?;
        let request = RedemptionRequest { action_digest: view.reviewed.action_digest };
        Ok(self.desk.redeem(&who("executor-1"), id, request, key()).await?.body.receipt)
    }

    /// Every record of the log, oldest first.
    pub async fn log(&self) -> Vec<Value> {
        let mut export = self.desk.export(&who("manager"), Default::default()).await.expect("exported");
        let mut records = Vec::new();
        loop {
            let lines = export.next().await.expect("read");
            if lines.is_empty() {
                return records;
            }
            records.extend(lines.iter().map(|line| serde_json::from_str::<Value>(line).expect("JSON")));
        }
    }
}

async fn desk(folder: &std::path::Path, policy: PolicyEngine, millis: Arc<AtomicI64>) -> Desk {
    let clock: Clock =
        Arc::new(move || Instant::from_unix_micros(millis.load(Ordering::SeqCst) * 1_000).expect("in range"));
    let settings = Settings { demonstration: false, estate: Estate::parse(ESTATE).expect("the estate") };
    let path = folder.join("desk.sqlite");
    Desk::open_with_clock(path.to_str().expect("UTF-8"), policy, settings, clock).await.expect("opened")
}

/// A principal of the bench by its uid.
pub fn who(uid: &str) -> Principal {
    let (role, groups): (Role, &[&str]) = match uid {
        "network-owner" => (Role::Engineer, &["network-owners"]),
        "both" => (Role::Engineer, &["sre", "network-owners"]),
        "manager" => (Role::Manager, &[]),
        "sre-manager" => (Role::Manager, &["sre"]),
        // Known, and out of the reviewers' way.
        "customer" | "prompter" | "starter" => (Role::Customer, &[]),
        "executor-1" | "executor-2" => (Role::Executor, &[]),
        "importer-1" => (Role::Importer, &[]),
        agent if agent.starts_with("agent") => (Role::Agent, &[]),
        _ => (Role::Engineer, &["sre"]),
    };
    let groups = groups.iter().map(|group| Group::new(*group).expect("a group")).collect();
    let owner = (role == Role::Agent).then(|| PersonUid::new("owner").expect("a uid"));
    Principal { uid: uid.to_owned(), role, groups, owner }
}

/// A key never used before.
pub fn key() -> Keyed {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    keyed(&format!("key-{}", COUNT.fetch_add(1, Ordering::Relaxed)), "payload")
}

pub fn keyed(key: &str, payload: &str) -> Keyed {
    Keyed {
        key: Some(IdempotencyKey::new(key).expect("a key")),
        route: "POST /v1/changes/{id}/reviews".to_owned(),
        payload: Digest::of(payload.as_bytes()),
    }
}

pub fn request(view: &ChangeView, decision: Decision) -> ReviewRequest {
    ReviewRequest {
        decision,
        reason: (decision == Decision::Reject).then(|| "Not now.".to_owned()),
        digest: view.digest,
        evidence: ReviewEvidence { acknowledged: view.reviewed.to_acknowledge(), ..ReviewEvidence::default() },
    }
}

pub fn tag(id: ChangeId, version: u32) -> Option<String> {
    Some(etag(id, version))
}

fn proposal(value: Value) -> Proposal {
    let mut whole = json!({
        "rationale": "Because.",
        "on_behalf_of": {"uid": "prompter"},
        "session": {"uid": "s-1", "started_by": "starter"},
    });
    for (name, field) in value.as_object().expect("an object") {
        whole[name] = field.clone();
    }
    oversight::json::decode(whole).expect("a proposal")
}

fn instance(number: u32) -> Value {
    json!([{"uid": format!("arn:aws:ec2:eu-west-1:111111111111:instance/i-{number:08x}")}])
}

/// One person of sre.
pub fn one_peer(number: u32) -> Proposal {
    proposal(json!({"action": {"service": "ec2", "operation": "StopInstances"}, "resources": instance(number)}))
}

/// One person of sre and one of network-owners.
pub fn two_groups(number: u32) -> Proposal {
    proposal(json!({"action": {"service": "ec2", "operation": "CreateRoute"}, "resources": instance(number)}))
}

/// Two people of sre, and a rollback plan.
pub fn two_peers(number: u32, with_rollback: bool) -> Proposal {
    let back = json!([{"type": "action", "service": "ec2", "operation": "RunInstances"}]);
    proposal(json!({
        "action": {"service": "ec2", "operation": "TerminateInstances"},
        "resources": instance(number),
        "plan": {"steps": [], "rollback": if with_rollback { back } else { json!([]) }},
    }))
}

/// Nobody.
pub fn autonomous() -> Proposal {
    proposal(json!({"action": {"service": "ec2", "operation": "DescribeInstances"}, "resources": instance(1)}))
}

/// Nobody can.
pub fn forbidden() -> Proposal {
    proposal(json!({"action": {"service": "ec2", "operation": "DeleteFlowLogs"}, "resources": instance(1)}))
}

/// The refusal in a word or two, so that a table of cases reads.
pub fn word(refused: &Refused) -> String {
    match refused {
        Refused::Forbidden(refusal) => format!("403 {}", refusal.rule),
        Refused::Conflict(refusal) => format!("409 {}", refusal.rule),
        Refused::Invalid(fault) => format!("422 {}", fault.path),
        Refused::InvalidLines(lines) => {
            format!("422 {}", lines.iter().map(|l| format!("{}:{}", l.line, l.field)).collect::<Vec<_>>().join(" "))
        }
        Refused::NotFound(what) => format!("404 {what}"),
        Refused::Stale { current } => format!("412 {current}"),
        other => format!("{other:?}"),
    }
}
