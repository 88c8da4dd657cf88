//! Signing in by a one-time link: the code becomes a cookie, and the browser goes on to the app. Who a cookie
//! belongs to afterwards is `caller`; how codes are made is the desk's.

use super::caller::failed;
use super::doors::ClientAddress;
use super::problem::Answered;
use super::{Endpoint, pages};
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// How long a session lasts; the desk counts the same.
const SESSION_SECONDS: u64 = 12 * 3_600;

/// `GET /sign-in/{code}`.
pub async fn redeem(
    State(endpoint): State<Endpoint>,
    ConnectInfo(address): ConnectInfo<ClientAddress>,
    method: Method,
    Path(code): Path<String>,
) -> Answered {
    // A link checker's HEAD must not use the code up.
    if method == Method::HEAD {
        return Ok(no_store(StatusCode::OK.into_response()));
    }
    // What can't be a code never gets as far as the desk's turn to write.
    let plausible =
        (16..=128).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    let token = if plausible { endpoint.desk.redeem_sign_in(&code).await? } else { None };
    let Some(token) = token else {
        failed(&endpoint, address)?;
        return Ok(no_store(pages::sign_in_refused()));
    };
    let cookie = endpoint.settings.origin.set_cookie(&token, SESSION_SECONDS);
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, HeaderValue::from_static("/"));
    if let Ok(mut cookie) = HeaderValue::from_str(&cookie) {
        cookie.set_sensitive(true);
        headers.insert(header::SET_COOKIE, cookie);
    }
    Ok(no_store(response))
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
