//! The reference executor: carries out what was approved, once, and says how it went. This is the example
//! to read when you connect your own: the HTTP of it is all here, and everything that touches a cloud is
//! behind `Cloud`. The demonstration's pretend cloud is `cloud`.
//!
//! For each approved change:
//!   1. fetch the canonical bytes of its action and hash them: they must give the change's `action_digest`;
//!   2. redeem the approval with that digest. The endpoint checks quorum, expiry, pause, policy and single
//!      use, and answers 201 once. Only then may anything be done;
//!   3. do what the verified bytes say, nothing else: the plan's steps, or the action where there are none;
//!   4. on a failure, run the rollback steps that were approved together with the action;
//!   5. report each step as a record and, last, the outcome.

use oversight::contract::{ChangeView, OutcomeRequest, Page, RedemptionRequest, ResultOfChange};
use oversight::digest::Digest;
use oversight::id::{ChangeId, RecordUid};
use oversight::missing::Field;
use oversight::proposal::{Plan, PlanStep, ProposedAction};
use oversight::record::{Action, AuditRecord, Outcome, Resource};
use oversight::time::Instant;
use oversight::vocabulary::{Kind, OutcomeStatus};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often approved changes are asked for.
const POLL: Duration = Duration::from_secs(2);
/// How often a request is sent again when the endpoint is busy or away. Every request here may be repeated:
/// redemption by its key, records by their uid, and an outcome is reported once by the state.
const TRIES: u32 = 5;

/// Whatever carries out a step. Implement this for your cloud.
pub trait Cloud: Send {
    /// Does one step on `resources`. Ok: what was seen, in a sentence. Err: why it did not work; nothing
    /// after it is done and the rollback begins.
    fn run(&mut self, step: &PlanStep, resources: &[Resource]) -> impl Future<Output = Result<String, String>> + Send;
}

/// An executor with its bearer token and the cloud it works on.
pub struct Executor<C> {
    http: reqwest::Client,
    endpoint: String,
    token: String,
    cloud: C,
}

/// What the action digest is taken of: the approved action, and nothing that the approval did not cover.
#[derive(Deserialize)]
struct Approved {
    action: ProposedAction,
    resources: Vec<Resource>,
    plan: Plan,
}

impl<C: Cloud> Executor<C> {
    /// `endpoint` is its base address, `http://localhost:8787`.
    pub fn new(endpoint: &str, token: &str, cloud: C) -> Executor<C> {
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        Executor { http: reqwest::Client::new(), endpoint, token: token.to_owned(), cloud }
    }

    /// Works until it is stopped.
    pub async fn run(mut self) {
        if let Err(reason) = self.settle_interrupted().await {
            tracing::warn!(%reason, "what an earlier run left redeemed could not be settled");
        }
        loop {
            if let Err(reason) = self.round().await {
                tracing::warn!(%reason, "a round of the executor was given up");
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Carries out everything that is approved now; returns how many changes were redeemed.
    pub async fn round(&mut self) -> Result<usize, String> {
        let approved: Page<ChangeView> = self.get("/v1/changes?state=approved").await?;
        let mut redeemed = 0;
        for change in approved.items {
            match self.carry_out(&change).await {
                Ok(()) => redeemed += 1,
                // Revoked, lapsed, paused or amended since it was listed: the endpoint says no, and no it is.
                Err(reason) => tracing::info!(change = %change.id, %reason, "not carried out"),
            }
        }
        Ok(redeemed)
    }

    async fn carry_out(&mut self, change: &ChangeView) -> Result<(), String> {
        // 1. What exactly was approved? The digest is over bytes, so bytes are what is hashed.
        let path = format!("/v1/changes/{}", change.id);
        let bytes = self.get_bytes(&format!("{path}/canonical?version={}&of=action", change.version)).await?;
        let digest = Digest::of(&bytes);
        if digest != change.reviewed.action_digest {
            return Err(format!("its action gives the digest {digest}, not {}", change.reviewed.action_digest));
        }
        let approved: Approved = oversight::json::read(&bytes).map_err(|fault| fault.to_string())?;

        // 2. Redeem. The key is the same if this is sent twice, so that a lost answer is not a lost approval.
        let key = format!("redeem-{}-{}-{}", change.id, change.version, &digest.to_string()[..16]);
        let request = RedemptionRequest { action_digest: digest };
        let _receipt: serde_json::Value = self.post(&format!("{path}/redemption"), &request, Some(&key)).await?;

        // 3. and 4. Do it, or undo it.
        let as_one_step = [PlanStep::Action {
            service: approved.action.service.clone(),
            operation: approved.action.operation.clone(),
            arguments: approved.action.arguments.clone(),
            note: None,
        }];
        let steps = if approved.plan.steps.is_empty() { &as_one_step[..] } else { &approved.plan.steps };
        let done = self.run_steps(change, Kind::Execution, steps, &approved).await;
        let undone = match &done {
            Err(_) if !approved.plan.rollback.is_empty() => {
                Some(self.run_steps(change, Kind::Rollback, &approved.plan.rollback, &approved).await)
            }
            _ => None,
        };
        let outcome = outcome_of(done, undone);

        // 5. The outcome settles the change.
        self.post::<serde_json::Value>(&format!("{path}/outcome"), &outcome, None).await.map(drop)
    }

    /// Runs the steps in order up to the first that fails, with a record of each; the last one's words.
    async fn run_steps(
        &mut self,
        change: &ChangeView,
        kind: Kind,
        steps: &[PlanStep],
        approved: &Approved,
    ) -> Result<String, String> {
        let mut last = String::new();
        for (index, step) in steps.iter().enumerate() {
            let result = self.cloud.run(step, &approved.resources).await;
            let kind = if kind == Kind::Execution && matches!(step, PlanStep::Check { .. }) {
                Kind::Verification
            } else {
                kind
            };
            let now = Instant::new(chrono::Utc::now()).map_err(|error| error.to_string())?;
            let of = (change.id, change.version);
            let record = record_of(of, kind, index as u32 + 1, step, &approved.resources, &result, now)?;
            // A record that can't be kept is a reason to tell people, not one to leave the work half done.
            if let Err(reason) = self.post::<serde_json::Value>("/v1/records", &record, None).await {
                tracing::warn!(change = %change.id, %reason, "a step could not be recorded");
            }
            last = result?;
        }
        Ok(last)
    }

    /// What was redeemed and never reported, because an earlier run stopped in between: nobody knows what
    /// was done, so it is neither done again nor called done.
    async fn settle_interrupted(&self) -> Result<(), String> {
        let left: Page<ChangeView> = self.get("/v1/changes?state=redeemed").await?;
        for change in left.items {
            let detail = "The executor stopped while carrying it out; what was done is not known.".to_owned();
            let outcome = OutcomeRequest { result: ResultOfChange::Failed, detail: Some(detail) };
            // The endpoint takes it from whoever redeemed the change, and from nobody else: it may be another's work.
            if let Err(reason) =
                self.post::<serde_json::Value>(&format!("/v1/changes/{}/outcome", change.id), &outcome, None).await
            {
                tracing::info!(change = %change.id, %reason, "left as it is");
            }
        }
        Ok(())
    }

    // ---- HTTP ----

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, String> {
        let bytes = self.get_bytes(path).await?;
        serde_json::from_slice(&bytes).map_err(|error| format!("GET {path}: {error}"))
    }

    async fn get_bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        self.send(path, || self.http.get(format!("{}{path}", self.endpoint))).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        key: Option<&str>,
    ) -> Result<T, String> {
        let request = || {
            let request = self.http.post(format!("{}{path}", self.endpoint)).json(body);
            if let Some(key) = key { request.header("Idempotency-Key", key) } else { request }
        };
        let bytes = self.send(path, request).await?;
        serde_json::from_slice(&bytes).map_err(|error| format!("POST {path}: {error}"))
    }

    /// Sends, and sends again while the endpoint is busy or away. Any other refusal is final.
    async fn send(&self, path: &str, request: impl Fn() -> reqwest::RequestBuilder) -> Result<Vec<u8>, String> {
        let mut reason = String::new();
        for attempt in 0..TRIES {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(250 << attempt)).await;
            }
            let response = match request().bearer_auth(&self.token).send().await {
                Ok(response) => response,
                Err(error) => {
                    reason = format!("{path}: {error}");
                    continue;
                }
            };
            let status = response.status();
            let body = response.bytes().await.map_err(|error| format!("{path}: {error}"))?;
            if status.is_success() {
                return Ok(body.to_vec());
            }
            reason = format!("{path}: {status} {}", String::from_utf8_lossy(&body));
            if !matches!(status.as_u16(), 429 | 503) {
                break;
            }
        }
        Err(reason)
    }
}

/// What is reported of a change whose steps ended so, and its rollback, where it was run.
pub fn outcome_of(done: Result<String, String>, undone: Option<Result<String, String>>) -> OutcomeRequest {
    match (done, undone) {
        (Ok(seen), _) => OutcomeRequest { result: ResultOfChange::Verified, detail: Some(seen) },
        (Err(reason), None) => OutcomeRequest {
            result: ResultOfChange::Failed,
            detail: Some(format!("{reason} There is no rollback plan.")),
        },
        (Err(reason), Some(Ok(_))) => OutcomeRequest { result: ResultOfChange::RolledBack, detail: Some(reason) },
        (Err(reason), Some(Err(worse))) => OutcomeRequest {
            result: ResultOfChange::Failed,
            detail: Some(format!("{reason} The rollback failed too: {worse}")),
        },
    }
}

/// The record of one step of a version of a change. Its uid is the same if it is sent twice.
pub fn record_of(
    (change, version): (ChangeId, u32),
    kind: Kind,
    step: u32,
    what: &PlanStep,
    resources: &[Resource],
    result: &Result<String, String>,
    now: Instant,
) -> Result<AuditRecord, String> {
    let uid = RecordUid::new(format!("{change}-v{version}-{kind}-{step}"));
    let mut record = AuditRecord::new(uid.map_err(|error| error.to_string())?, now, kind);
    record.change_id = Some(change);
    record.version = Some(version);
    record.step = Some(step);
    if let PlanStep::Action { service, operation, arguments, .. } = what {
        record.action = Field::Is(Action {
            service: service.clone(),
            operation: operation.clone(),
            access_level: Field::Absent,
            arguments: Field::Is(arguments.clone()),
        });
    }
    record.resources = Field::Is(resources.to_vec());
    record.outcome = Field::Is(match result {
        Ok(_) => Outcome { status: OutcomeStatus::Success, error: Field::Absent },
        Err(reason) => Outcome { status: OutcomeStatus::Failure, error: Field::Is(reason.clone()) },
    });
    Ok(record)
}
