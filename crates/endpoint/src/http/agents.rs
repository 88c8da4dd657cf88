//! The agents over HTTP: the inventory, and stopping and resuming one. What an agent did is counted by the
//! desk from the trail.

use super::caller::Caller;
use super::deeds::with_status;
use super::openapi::{AGENTS, Problems};
use super::problem::{Answered, Denial};
use super::query::Query;
use super::{Endpoint, body, private_json};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::IntoResponse;
use oversight::capability::Deed;
use oversight::contract::{AgentView, Page, PauseView, ReasonRequest};
use oversight::id::AgentUid;

/// Every agent that is registered here or known from records.
#[utoipa::path(get, path = "/v1/agents", tag = AGENTS, operation_id = "list_agents", responses((status = 200, description = "The agents", body = Page<AgentView>), Problems))]
pub async fn list(State(endpoint): State<Endpoint>, caller: Caller, uri: Uri) -> Answered {
    caller.may(Deed::ReadAgents)?;
    Query::none(&uri)?;
    Ok(private_json(&Page { items: endpoint.desk.agents(&caller).await?, next: None }))
}

/// One agent.
#[utoipa::path(get, path = "/v1/agents/{id}", tag = AGENTS, operation_id = "show_agent", params(("id" = AgentUid, Path)),
    responses((status = 200, description = "The agent", body = AgentView), Problems))]
pub async fn one(State(endpoint): State<Endpoint>, caller: Caller, Path(id): Path<String>, uri: Uri) -> Answered {
    caller.may(Deed::ReadAgents)?;
    Query::none(&uri)?;
    Ok(private_json(&endpoint.desk.agent(&caller, &agent_uid(id)?).await?))
}

/// Stops an agent at once: its changes are neither decided nor redeemed until a manager resumes it.
#[utoipa::path(post, path = "/v1/agents/{id}/pause", tag = AGENTS, operation_id = "pause_agent", params(("id" = AgentUid, Path)), request_body = ReasonRequest,
    responses((status = 201, description = "Paused", body = PauseView), Problems))]
pub async fn pause(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Answered {
    caller.may(Deed::PauseAgent)?;
    Query::none(request.uri())?;
    let id = agent_uid(id)?;
    let ReasonRequest { reason } = body::json(request).await?;
    Ok(with_status(StatusCode::CREATED, &endpoint.desk.pause(&caller, &id, reason).await?))
}

/// A manager lets an agent go on.
#[utoipa::path(post, path = "/v1/agents/{id}/resume", tag = AGENTS, operation_id = "resume_agent", params(("id" = AgentUid, Path)), request_body = ReasonRequest,
    responses((status = 204, description = "Resumed"), Problems))]
pub async fn resume(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Answered {
    caller.may(Deed::ResumeAgent)?;
    Query::none(request.uri())?;
    let id = agent_uid(id)?;
    let ReasonRequest { reason } = body::json(request).await?;
    endpoint.desk.resume(&caller, &id, reason).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

fn agent_uid(text: String) -> Answered<AgentUid> {
    AgentUid::new(text).map_err(|error| Denial::not_found(&error.to_string()).field("id"))
}
