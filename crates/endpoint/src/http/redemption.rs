//! What executors do: redeem an approval, once, and report how it went. Whether it is still allowed is the
//! desk's to say; how an executor uses this is shown by the reference executor in `demo`.

use super::caller::Caller;
use super::changes::change_id;
use super::deeds::with_status;
use super::openapi::{EXECUTION, Problems};
use super::problem::Answered;
use super::query::Query;
use super::reviews::{key, replayable};
use super::{Endpoint, body};
use crate::desk::{Keyed, Redeemed};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use oversight::capability::Deed;
use oversight::contract::{ChangeReceipt, OutcomeRequest, RedemptionRequest};
use oversight::digest::Digest;
use oversight::id::ChangeId;

/// Takes an approval, once. The answer holds the action to carry out; nothing else may be.
#[utoipa::path(post, path = "/v1/changes/{id}/redemption", tag = EXECUTION, operation_id = "redeem_approval",
    params(("id" = ChangeId, Path), ("Idempotency-Key" = String, Header)),
    request_body = RedemptionRequest,
    responses((status = 201, description = "The action to carry out, and the receipt", body = Redeemed, headers(("Idempotency-Replayed" = Option<bool>, description = "true on a saved answer"))), Problems))]
pub async fn redeem(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Answered {
    caller.may(Deed::Redeem)?;
    Query::none(request.uri())?;
    let id = change_id(&id)?;
    let key = key(request.headers())?;
    let bytes = body::raw_json(request).await?;
    let decoded: RedemptionRequest = body::decode(&bytes)?;
    let keyed = Keyed { key, route: "redemption".to_owned(), payload: Digest::of(&bytes) };
    let answer = endpoint.desk.redeem(&caller, id, decoded, keyed).await?;
    Ok(replayable(StatusCode::CREATED, &answer))
}

/// Says how a redeemed change ended.
#[utoipa::path(post, path = "/v1/changes/{id}/outcome", tag = EXECUTION, operation_id = "report_outcome", params(("id" = ChangeId, Path)), request_body = OutcomeRequest,
    responses((status = 201, description = "Recorded", body = ChangeReceipt), Problems))]
pub async fn outcome(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Answered {
    caller.may(Deed::ReportOutcome)?;
    Query::none(request.uri())?;
    let id = change_id(&id)?;
    let decoded: OutcomeRequest = body::json(request).await?;
    Ok(with_status(StatusCode::CREATED, &endpoint.desk.outcome(&caller, id, decoded).await?))
}
