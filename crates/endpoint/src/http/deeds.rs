//! What agents and people do to a change, but for reviews: propose, amend, withdraw, comment, revoke. The body
//! is read only when the role may do it at all. Reviews are `reviews`, executors' deeds `redemption`.

use super::caller::Caller;
use super::changes::{change_id, set_tag};
use super::openapi::{CHANGES, Problems};
use super::problem::{Answered, Denial};
use super::query::Query;
use super::{Endpoint, body, private_json};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use oversight::capability::Deed;
use oversight::contract::{ChangeReceipt, CommentRequest, CommentView, ReasonRequest, etag};
use oversight::id::ChangeId;
use oversight::proposal::Proposal;

/// An agent proposes a change. Who it is and who owns it come from its token.
#[utoipa::path(post, path = "/v1/changes", tag = CHANGES, operation_id = "propose_change", request_body = Proposal,
    responses((status = 201, description = "Proposed; the state says what the policy made of it", body = ChangeReceipt, headers(("Location" = String), ("ETag" = String))), Problems))]
pub async fn propose(State(endpoint): State<Endpoint>, caller: Caller, request: Request) -> Answered {
    caller.may(Deed::Propose)?;
    Query::none(request.uri())?;
    let proposal = proposal(request).await?;
    Ok(created(&endpoint.desk.propose(&caller, proposal).await?))
}

/// An agent amends its pending or approved change: a new version, with no votes.
#[utoipa::path(post, path = "/v1/changes/{id}/versions", tag = CHANGES, operation_id = "amend_change", params(("id" = ChangeId, Path)), request_body = Proposal,
    responses((status = 201, description = "The new version", body = ChangeReceipt, headers(("Location" = String), ("ETag" = String))), Problems))]
pub async fn amend(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Answered {
    caller.may(Deed::Amend)?;
    Query::none(request.uri())?;
    let id = change_id(&id)?;
    let proposal = proposal(request).await?;
    Ok(created(&endpoint.desk.amend(&caller, id, proposal).await?))
}

/// An agent withdraws its pending change.
#[utoipa::path(post, path = "/v1/changes/{id}/cancellation", tag = CHANGES, operation_id = "cancel_change", params(("id" = ChangeId, Path)), request_body = ReasonRequest,
    responses((status = 201, description = "Withdrawn", body = ChangeReceipt), Problems))]
pub async fn cancel(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Answered {
    caller.may(Deed::Cancel)?;
    Query::none(request.uri())?;
    let id = change_id(&id)?;
    let ReasonRequest { reason } = body::json(request).await?;
    Ok(with_status(StatusCode::CREATED, &endpoint.desk.cancel(&caller, id, reason).await?))
}

/// An engineer or manager takes an approval back before it is redeemed.
#[utoipa::path(post, path = "/v1/changes/{id}/revocation", tag = CHANGES, operation_id = "revoke_approval", params(("id" = ChangeId, Path)), request_body = ReasonRequest,
    responses((status = 201, description = "Revoked", body = ChangeReceipt), Problems))]
pub async fn revoke(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Answered {
    caller.may(Deed::Revoke)?;
    Query::none(request.uri())?;
    let id = change_id(&id)?;
    let ReasonRequest { reason } = body::json(request).await?;
    Ok(with_status(StatusCode::CREATED, &endpoint.desk.revoke(&caller, id, reason).await?))
}

/// People, and the agent whose change it is, comment. A question to the agent is a comment.
#[utoipa::path(post, path = "/v1/changes/{id}/comments", tag = CHANGES, operation_id = "comment_on_change", params(("id" = ChangeId, Path)), request_body = CommentRequest,
    responses((status = 201, description = "The comment", body = CommentView), Problems))]
pub async fn comment(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Answered {
    caller.may(Deed::Comment)?;
    Query::none(request.uri())?;
    let id = change_id(&id)?;
    let CommentRequest { text } = body::json(request).await?;
    Ok(with_status(StatusCode::CREATED, &endpoint.desk.comment(&caller, id, text).await?))
}

async fn proposal(request: Request) -> Answered<Proposal> {
    let proposal: Proposal = body::json(request).await?;
    proposal.check().map_err(Denial::invalid)?;
    Ok(proposal)
}

fn created(receipt: &ChangeReceipt) -> Response {
    let mut response = with_status(StatusCode::CREATED, receipt);
    if let Ok(location) = HeaderValue::from_str(&format!("/v1/changes/{}", receipt.change)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    set_tag(&mut response, &etag(receipt.change, receipt.version));
    response
}

/// `value` under `status`, never cached.
pub fn with_status(status: StatusCode, value: &impl serde::Serialize) -> Response {
    let mut response = private_json(value);
    // What could not be written stays the error that it is.
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}
