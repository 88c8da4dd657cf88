//! The session: who is signed in, and signing out. How a session begins is `sign_in`.

use super::caller::{Caller, Credential};
use super::openapi::{Problems, SESSION};
use super::problem::{Answered, Denial};
use super::query::Query;
use super::{Endpoint, private_json};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::IntoResponse;
use oversight::contract::SessionView;
use oversight::digest::Digest;

/// Who is signed in, where the log stands, and the endpoint's clock.
#[utoipa::path(get, path = "/v1/session", tag = SESSION, operation_id = "show_session",
    responses((status = 200, description = "Who is signed in", body = SessionView), Problems))]
pub async fn show(State(endpoint): State<Endpoint>, caller: Caller, uri: Uri) -> Answered {
    Query::none(&uri)?;
    Ok(private_json(&SessionView {
        uid: caller.uid.clone(),
        role: caller.role,
        groups: caller.groups.clone(),
        demonstration: endpoint.desk.demonstration(),
        sequence: endpoint.desk.sequence().await?,
        proposed: endpoint.desk.proposed().await?,
        now: endpoint.desk.now(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}

/// Signs out: the cookie is worth nothing afterwards, and streams opened with it end.
#[utoipa::path(delete, path = "/v1/session", tag = SESSION, operation_id = "end_session",
    responses((status = 204, description = "Signed out"), Problems))]
pub async fn end(State(endpoint): State<Endpoint>, caller: Caller, uri: Uri) -> Answered {
    Query::none(&uri)?;
    let Credential::Cookie(token) = &caller.credential else {
        return Err(Denial::new("forbidden").rule("role").detail("A machine has no session to end."));
    };
    endpoint.desk.sign_out(token).await;
    // Nobody listens when no stream is open.
    let _ = endpoint.signed_out.send(Digest::of(token.as_bytes()));
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(cookie) = HeaderValue::from_str(&endpoint.settings.origin.clear_cookie()) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
