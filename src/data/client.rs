//! The endpoint's client: one function a route, domain types in and out. Addresses are relative to the
//! page, so that the app works under any path. Retrying and remembering are `state::tasks`.

use crate::paths::{encode, query_string};
use gloo_net::http::{Request, RequestBuilder, Response};
use oversight::contract::{
    AgentView, CommentRequest, CommentView, Page, PauseView, Problem, QuarantineView, ReasonRequest, Receipt,
    RecordsPage, ReviewRequest, SessionView, etag,
};
use oversight::id::{AgentUid, ChangeId, IdempotencyKey};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a request gave nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientError {
    /// No answer: the network, or the endpoint is not there.
    Unreachable(String),
    /// The endpoint's own refusal.
    Refused(Box<Problem>),
    /// An answer that is not what the contract says.
    Unreadable(String),
}

impl ClientError {
    /// The status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            ClientError::Refused(problem) => Some(problem.status),
            _ => None,
        }
    }
}

type Answer<T> = Result<T, ClientError>;

fn unreachable(error: gloo_net::Error) -> ClientError {
    ClientError::Unreachable(error.to_string())
}

async fn accepted(request: Result<Response, gloo_net::Error>) -> Answer<Response> {
    let response = request.map_err(unreachable)?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    Err(match read::<Problem>(&text) {
        Ok(problem) => ClientError::Refused(Box::new(problem)),
        Err(_) if matches!(status, 502..=504) => ClientError::Unreachable(format!("status {status}")),
        Err(_) => ClientError::Unreadable(format!("status {status} without an explanation")),
    })
}

async fn decoded<T: DeserializeOwned>(response: Response) -> Answer<T> {
    let text = response.text().await.map_err(unreachable)?;
    read(&text).map_err(ClientError::Unreadable)
}

/// Reads JSON by way of a JSON value, so that each type is deserialized by one deserializer alone: every other one
/// would be compiled for all of them again.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    oversight::json::decode(value).map_err(|fault| fault.reason)
}

async fn get<T: DeserializeOwned>(address: &str) -> Answer<T> {
    decoded(accepted(Request::get(address).send().await).await?).await
}

async fn send<B: Serialize, T: DeserializeOwned>(builder: RequestBuilder, body: &B) -> Answer<T> {
    let request = builder.json(body).map_err(|error| ClientError::Unreadable(error.to_string()))?;
    decoded(accepted(request.send().await).await?).await
}

/// `GET /v1/session`.
pub async fn session() -> Answer<SessionView> {
    get("v1/session").await
}

/// The source that `config.json` beside the page names, if it names one, and the addresses of the files that it is read
/// with: `{"source": "trail.json", "agents": "agents.toml", "estate": "estate.toml"}`.
pub async fn configured_source() -> Answer<(Option<String>, Vec<String>)> {
    let config: serde_json::Value = get("config.json").await?;
    let named = |name: &str| config[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    Ok((named("source"), ["agents", "estate"].into_iter().filter_map(named).collect()))
}

/// `DELETE /v1/session`.
pub async fn sign_out() -> Answer<()> {
    accepted(Request::delete("v1/session").send().await).await.map(drop)
}

/// `GET /v1/changes`, the changes as they are sent.
pub async fn changes(parameters: &[(&'static str, String)]) -> Answer<Page<serde_json::Value>> {
    get(&format!("v1/changes?{}", query_string(parameters))).await
}

/// `GET /v1/changes/{id}`, the change as it is sent.
pub async fn change(id: ChangeId) -> Answer<serde_json::Value> {
    get(&format!("v1/changes/{id}")).await
}

/// `GET /v1/changes/{id}/canonical`, the exact bytes behind a digest.
pub async fn canonical(id: ChangeId, version: u32, of_action: bool) -> Answer<String> {
    let of = if of_action { "action" } else { "digest" };
    let request = Request::get(&format!("v1/changes/{id}/canonical?version={version}&of={of}"));
    accepted(request.send().await).await?.text().await.map_err(unreachable)
}

/// `POST /v1/changes/{id}/reviews`.
pub async fn review(id: ChangeId, version: u32, key: &IdempotencyKey, request: &ReviewRequest) -> Answer<Receipt> {
    let builder = Request::post(&format!("v1/changes/{id}/reviews"))
        .header("If-Match", &etag(id, version))
        .header("Idempotency-Key", key.as_str());
    send(builder, request).await
}

/// `POST /v1/changes/{id}/comments`.
pub async fn comment(id: ChangeId, text: String) -> Answer<CommentView> {
    send(Request::post(&format!("v1/changes/{id}/comments")), &CommentRequest { text }).await
}

/// `POST /v1/changes/{id}/revocation`.
pub async fn revoke(id: ChangeId, reason: String) -> Answer<serde_json::Value> {
    send(Request::post(&format!("v1/changes/{id}/revocation")), &ReasonRequest { reason }).await
}

/// `GET /v1/agents`.
pub async fn agents() -> Answer<Page<AgentView>> {
    get("v1/agents").await
}

/// `POST /v1/agents/{id}/pause`.
pub async fn pause(agent: &AgentUid, reason: String) -> Answer<PauseView> {
    send(Request::post(&format!("v1/agents/{}/pause", encode(agent.as_str()))), &ReasonRequest { reason }).await
}

/// `POST /v1/agents/{id}/resume`, whose answer has no body.
pub async fn resume(agent: &AgentUid, reason: String) -> Answer<()> {
    let builder = Request::post(&format!("v1/agents/{}/resume", encode(agent.as_str())));
    let request =
        builder.json(&ReasonRequest { reason }).map_err(|error| ClientError::Unreadable(error.to_string()))?;
    accepted(request.send().await).await.map(drop)
}

/// `GET /v1/records`.
pub async fn records(parameters: &[(&'static str, String)]) -> Answer<RecordsPage> {
    get(&format!("v1/records?{}", query_string(parameters))).await
}

/// `GET /v1/records/{uid}`.
pub async fn record(uid: &str) -> Answer<serde_json::Value> {
    get(&format!("v1/records/{}", encode(uid))).await
}

/// `GET /v1/quarantine`.
pub async fn quarantine(parameters: &[(&'static str, String)]) -> Answer<Page<QuarantineView>> {
    get(&format!("v1/quarantine?{}", query_string(parameters))).await
}
