//! Every cell of the table of who may do what: role × route × state, asked over HTTP and held against
//! `oversight::capability`, which the app disables its buttons by.

use crate::stand::{Answer, Asker, Stand, forbidden, id, peer_reviewed};
use endpoint::desk::Principal;
use oversight::capability::{Deed, role_allows, state_allows};
use oversight::state::State;
use oversight::vocabulary::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// Who asks, and as what.
const ASKERS: [(&str, Option<Role>); 7] = [
    ("customer", Some(Role::Customer)),
    ("engineer-1", Some(Role::Engineer)),
    ("manager", Some(Role::Manager)),
    ("agent-1", Some(Role::Agent)),
    ("executor-1", Some(Role::Executor)),
    ("importer-1", Some(Role::Importer)),
    ("nobody", None),
];

/// The routes of one change: what each is for, and its path.
const OF_A_CHANGE: [(Deed, &str); 9] = [
    (Deed::ReadChanges, ""),
    (Deed::ReadChanges, "/canonical"),
    (Deed::Review, "/reviews"),
    (Deed::Amend, "/versions"),
    (Deed::Cancel, "/cancellation"),
    (Deed::Comment, "/comments"),
    (Deed::Revoke, "/revocation"),
    (Deed::Redeem, "/redemption"),
    (Deed::ReportOutcome, "/outcome"),
];

struct Table {
    stand: Stand,
    askers: Vec<(Option<Role>, Asker)>,
    agent: Asker,
    executor: Asker,
    reviewer: Asker,
    keys: u64,
}

impl Table {
    async fn set() -> Table {
        let stand = Stand::start().await;
        let mut askers = Vec::new();
        for (uid, role) in ASKERS {
            let asker = match role {
                None => stand.nobody(),
                Some(Role::Agent | Role::Executor | Role::Importer) => stand.machine(uid).await,
                Some(_) => stand.person(uid).await,
            };
            askers.push((role, asker));
        }
        let of = |role: Role| askers.iter().find(|(one, _)| *one == Some(role)).unwrap().1.clone();
        let (agent, executor) = (of(Role::Agent), of(Role::Executor));
        let reviewer = stand.person("engineer-2").await;
        Table { stand, askers, agent, executor, reviewer, keys: 0 }
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("k-{}", self.keys)
    }

    /// A change of agent-1 in `state`, brought there over HTTP and by time alone.
    async fn change_in(&mut self, state: State) -> Value {
        let proposal = if state == State::DeniedByPolicy { forbidden() } else { peer_reviewed() };
        let mut change = self.agent.propose(proposal).await;
        let path = |part: &str| format!("/v1/changes/{}/{part}", id(&change));
        let approved = !matches!(
            state,
            State::Pending | State::Rejected | State::Expired | State::Cancelled | State::DeniedByPolicy
        );
        if approved {
            let key = self.key();
            assert_eq!(self.reviewer.review(&change, "approve", &key).await.status, 201);
        }
        match state {
            State::Rejected => {
                let key = self.key();
                assert_eq!(self.reviewer.review(&change, "reject", &key).await.status, 201);
            }
            State::Cancelled => {
                assert_eq!(
                    self.agent.post(&path("cancellation"), json!({ "reason": "Not needed." })).await.status,
                    201
                );
            }
            State::Expired | State::Lapsed => self.stand.pass(601).await,
            State::Revoked => {
                assert_eq!(self.reviewer.post(&path("revocation"), json!({ "reason": "Wait." })).await.status, 201);
            }
            State::Redeemed | State::Verified | State::RolledBack | State::Failed => {
                let key = self.key();
                let body = json!({ "action_digest": change["action_digest"] });
                let request = self.executor.request(Method::POST, &path("redemption"));
                assert_eq!(Answer::of(request.header("idempotency-key", key).json(&body)).await.status, 201);
                if state != State::Redeemed {
                    let outcome = self.executor.post(&path("outcome"), json!({ "result": state.as_str() })).await;
                    assert_eq!(outcome.status, 201, "{outcome:?}");
                }
            }
            _ => {}
        }
        let view = self.reviewer.get(&format!("/v1/changes/{}", id(&change))).await.json();
        assert_eq!(view["state"], state.as_str(), "{state}");
        change["version"] = view["version"].clone();
        change
    }

    async fn ask(&mut self, asker: &Asker, change: &Value, part: &str) -> Answer {
        let path = format!("/v1/changes/{}{part}", id(change));
        let key = self.key();
        let post = |body: Value| {
            asker
                .request(Method::POST, &path)
                .header("if-match", format!("\"{}.{}\"", id(change), change["version"]))
                .header("idempotency-key", key)
                .json(&body)
        };
        let request = match part {
            "/reviews" => post(json!({ "decision": "approve", "digest": change["digest"] })),
            "/versions" => post(peer_reviewed()),
            "/cancellation" | "/revocation" => post(json!({ "reason": "Because." })),
            "/comments" => post(json!({ "text": "Why?" })),
            "/redemption" => post(json!({ "action_digest": change["action_digest"] })),
            "/outcome" => post(json!({ "result": "verified" })),
            _ => asker.request(Method::GET, &path),
        };
        Answer::of(request).await
    }
}

/// Status and rule that the domain's table gives; `None` where the deed is done.
fn expected(role: Option<Role>, deed: Deed, state: State) -> Option<(u16, String)> {
    let Some(role) = role else { return Some((401, String::new())) };
    if let Err(refusal) = role_allows(deed, role) {
        return Some((403, refusal.rule));
    }
    // The manager owns the agent; and where the policy denies, it asks nobody.
    match (deed, role, state) {
        (Deed::Review, Role::Manager, _) => return Some((403, "separation-of-duties".into())),
        (Deed::Review, _, State::DeniedByPolicy) => return Some((403, "no-review-needed".into())),
        (Deed::ReadChanges, Role::Executor, _) => {
            return oversight::capability::may(deed, role, state).err().map(|refusal| (403, refusal.rule));
        }
        _ => {}
    }
    state_allows(deed, state).err().map(|refusal| (409, refusal.rule))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_of_role_route_and_state_is_the_tables() {
    let mut table = Table::set().await;
    let mut cells = 0;
    // A change is never superseded itself: its versions are, and another is current (the test after this).
    for state in State::ALL.into_iter().filter(|state| *state != State::Superseded) {
        let mut change = table.change_in(state).await;
        for (deed, part) in OF_A_CHANGE {
            for (role, asker) in table.askers.clone() {
                let at = format!("{role:?} {deed:?} {part} {state}");
                let before = table.stand.sequence().await;
                let answer = table.ask(&asker, &change, part).await;
                let after = table.stand.sequence().await;
                cells += 1;
                match expected(role, deed, state) {
                    Some((status, rule)) => {
                        let problem = answer.problem();
                        assert_eq!(answer.status.as_u16(), status, "{at}: {problem}");
                        assert_eq!(problem["rule"].as_str().unwrap_or_default(), rule, "{at}: {problem}");
                        assert_eq!(before, after, "{at}: a refusal changed something");
                    }
                    None if deed == Deed::ReadChanges => {
                        assert_eq!((answer.status.as_u16(), before), (200, after), "{at}: {answer:?}");
                    }
                    None => {
                        assert_eq!(answer.status, 201, "{at}: {answer:?}");
                        assert!(after > before, "{at}: nothing was recorded");
                        if deed != Deed::Comment {
                            change = table.change_in(state).await;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(cells, 12 * 9 * 7);
}

#[tokio::test]
async fn a_superseded_version_takes_nothing() {
    let mut table = Table::set().await;
    for approve_first in [false, true] {
        let state = if approve_first { State::Approved } else { State::Pending };
        let old = table.change_in(state).await;
        let amended = table.agent.post(&format!("/v1/changes/{}/versions", id(&old)), peer_reviewed()).await;
        assert_eq!((amended.status.as_u16(), &amended.json()["state"]), (201, &json!("pending")), "votes are gone");
        assert_ne!(amended.json()["digest"], old["digest"]);
        let (engineer, executor) = (table.askers[1].1.clone(), table.executor.clone());
        let before = table.stand.sequence().await;
        assert_eq!(table.ask(&engineer, &old, "/reviews").await.slug(), "stale-version");
        assert_eq!(table.ask(&executor, &old, "/redemption").await.slug(), "digest-mismatch");
        let mut mixed = old.clone();
        mixed["version"] = json!(2);
        assert_eq!(table.ask(&engineer, &mixed, "/reviews").await.slug(), "digest-mismatch");
        assert_eq!(table.stand.sequence().await, before);
        let of_old = engineer.get(&format!("/v1/changes/{}/canonical?version=1", id(&old))).await;
        assert_eq!(oversight::digest::Digest::of(of_old.text.as_bytes()).to_string(), old["digest"]);
    }
}

#[tokio::test]
async fn an_agent_touches_its_own_changes_alone() {
    let mut table = Table::set().await;
    let change = table.change_in(State::Pending).await;
    let other = Principal { uid: "agent-2".into(), role: Role::Agent, groups: vec![], owner: None };
    table.stand.desk.enrol(other, None).await.unwrap();
    let other = table.stand.machine("agent-2").await;
    let before = table.stand.sequence().await;
    for part in ["", "/canonical", "/versions", "/cancellation", "/comments"] {
        let answer = table.ask(&other, &change, part).await;
        assert_eq!((answer.status.as_u16(), &answer.problem()["rule"]), (403, &json!("own-changes")), "{part}");
    }
    assert_eq!(other.get("/v1/changes").await.json()["items"], json!([]));
    assert_eq!(other.get("/v1/changes?agent=agent-1").await.json()["items"], json!([]));
    assert_eq!(table.stand.sequence().await, before);
}

#[tokio::test]
async fn every_cell_of_role_and_route_is_the_tables() {
    let table = Table::set().await;
    let record = json!({ "uid": "r", "time": "2026-03-01T11:00:00Z", "kind": "execution" });
    let dry_run = json!({ "service": "s3", "operation": "GetObject" });
    let routes = [
        (Deed::ReadSession, Method::GET, "/v1/session", Value::Null),
        (Deed::ReadRecords, Method::GET, "/v1/records", Value::Null),
        (Deed::ReadRecords, Method::GET, "/v1/records/1", Value::Null),
        (Deed::ReadRecords, Method::GET, "/v1/quarantine", Value::Null),
        (Deed::AppendRecords, Method::POST, "/v1/records", record),
        (Deed::ReadChanges, Method::GET, "/v1/changes", Value::Null),
        (Deed::ReadChanges, Method::GET, "/v1/stream", Value::Null),
        (Deed::Propose, Method::POST, "/v1/changes", peer_reviewed()),
        (Deed::ReadAgents, Method::GET, "/v1/agents", Value::Null),
        (Deed::ReadAgents, Method::GET, "/v1/agents/agent-1", Value::Null),
        (Deed::ReadPolicy, Method::GET, "/v1/policy", Value::Null),
        (Deed::ReadPolicy, Method::POST, "/v1/policy/evaluate", dry_run),
        (Deed::PauseAgent, Method::POST, "/v1/agents/agent-1/pause", json!({ "reason": "Stop." })),
        (Deed::ResumeAgent, Method::POST, "/v1/agents/agent-1/resume", json!({ "reason": "Go on." })),
    ];
    let manager = &table.askers[2].1;
    for (deed, method, path, body) in routes {
        for (role, asker) in &table.askers {
            let at = format!("{role:?} {method} {path}");
            if deed == Deed::ResumeAgent {
                // So that there is something to resume; somebody may have paused it already.
                let _ = manager.post("/v1/agents/agent-1/pause", json!({ "reason": "Stop." })).await;
            }
            let mut body = body.clone();
            if deed == Deed::AppendRecords {
                body["uid"] = json!(format!("r-{role:?}"));
                if *role == Some(Role::Agent) {
                    body["kind"] = json!("recommendation");
                }
            }
            let before = table.stand.sequence().await;
            let mut request = asker.request(method.clone(), path);
            if !body.is_null() {
                request = request.json(&body);
            }
            // The body of a stream has no end: its status says enough.
            let status = request.send().await.unwrap().status().as_u16();
            let changed = table.stand.sequence().await != before;
            let wanted = match role {
                None => 401,
                Some(role) if role_allows(deed, *role).is_err() => 403,
                Some(_) => 200,
            };
            match wanted {
                200 => {
                    assert!((200..300).contains(&status), "{at}: {status}");
                    let writes =
                        matches!(deed, Deed::AppendRecords | Deed::Propose | Deed::PauseAgent | Deed::ResumeAgent);
                    assert_eq!(changed, writes, "{at}");
                    if deed == Deed::PauseAgent {
                        let resumed = manager.post("/v1/agents/agent-1/resume", json!({ "reason": "Go on." })).await;
                        assert_eq!(resumed.status, 204, "{at}");
                    }
                }
                refused => assert_eq!((status, changed), (refused, false), "{at}"),
            }
        }
    }
}

#[tokio::test]
async fn a_paused_agents_changes_wait() {
    let mut table = Table::set().await;
    let (engineer, manager) = (table.askers[1].1.clone(), table.askers[2].1.clone());
    let pending = table.change_in(State::Pending).await;
    let approved = table.change_in(State::Approved).await;
    let paused = engineer.post("/v1/agents/agent-1/pause", json!({ "reason": "Look first." })).await;
    assert_eq!((paused.status.as_u16(), &paused.json()["by"]), (201, &json!("engineer-1")));
    assert_eq!(table.ask(&engineer, &pending, "/reviews").await.slug(), "agent-paused");
    let executor = table.executor.clone();
    assert_eq!(table.ask(&executor, &approved, "/redemption").await.slug(), "agent-paused");
    assert_eq!(engineer.post("/v1/agents/agent-1/resume", json!({ "reason": "Go." })).await.status, 403);
    assert_eq!(manager.post("/v1/agents/agent-1/resume", json!({ "reason": "Go." })).await.status, 204);
    assert_eq!(table.ask(&executor, &approved, "/redemption").await.status, 201);
    assert_eq!(table.ask(&engineer, &pending, "/reviews").await.status, 201);
}

#[tokio::test]
async fn only_the_redeemer_reports_the_outcome() {
    let mut table = Table::set().await;
    let other = Principal { uid: "executor-2".into(), role: Role::Executor, groups: vec![], owner: None };
    table.stand.desk.enrol(other, None).await.unwrap();
    let other = table.stand.machine("executor-2").await;
    let change = table.change_in(State::Redeemed).await;
    let refused = table.ask(&other, &change, "/outcome").await;
    assert_eq!((refused.status.as_u16(), refused.slug().as_str()), (403, "not-redeemer"));
    assert_eq!(table.stand.nobody().get("/problems/not-redeemer").await.status, 200);
    let own = table.executor.clone();
    assert_eq!(table.ask(&own, &change, "/outcome").await.status, 201);
    assert_eq!(table.ask(&other, &change, "/outcome").await.slug(), "not-redeemed");
}
