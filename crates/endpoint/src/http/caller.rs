//! Who is calling: a person by cookie, a machine by bearer token; and that a browser's write comes from the
//! endpoint's own pages. How a person gets the cookie is `sign_in`; what a role may do is `oversight`'s table.

use super::problem::{Answered, Denial, unauthenticated};
use super::{Endpoint, doors::ClientAddress};
use crate::desk::{Principal, Refused};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use oversight::capability::{self, Deed, Scope};
use oversight::vocabulary::Channel;
use std::sync::Arc;
use std::time::Instant;

/// A signed-in party and how it showed who it is.
#[derive(Clone)]
pub struct Caller {
    pub principal: Arc<Principal>,
    pub credential: Credential,
}

/// What a request shows. Never logged, never in an answer.
#[derive(Clone)]
pub enum Credential {
    Cookie(String),
    Bearer(String),
}

/// Left on a response for the log's line.
#[derive(Clone)]
pub struct CalledBy(pub String);

impl Caller {
    /// Whether the role may do `deed` at all; asked before a body is read.
    pub fn may(&self, deed: Deed) -> Answered<Scope> {
        capability::role_allows(deed, self.principal.role).map_err(Denial::forbidden)
    }

    pub fn channel(&self) -> Channel {
        match self.credential {
            Credential::Cookie(_) => Channel::Browser,
            Credential::Bearer(_) => Channel::Api,
        }
    }
}

impl std::ops::Deref for Caller {
    type Target = Principal;
    fn deref(&self) -> &Principal {
        &self.principal
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Denial;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Denial> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(unauthenticated)
    }
}

/// Whose credential this is, if anybody's.
pub async fn principal_of(endpoint: &Endpoint, credential: &Credential) -> Result<Option<Principal>, Refused> {
    match credential {
        Credential::Cookie(token) => endpoint.desk.by_session(token).await,
        Credential::Bearer(token) => endpoint.desk.by_bearer(token).await,
    }
}

/// Lets only signed-in parties through, and a cookie's writes only from the endpoint's own pages.
pub async fn authenticate(
    State(endpoint): State<Endpoint>,
    ConnectInfo(address): ConnectInfo<ClientAddress>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match identify(&endpoint, address, request.headers()).await {
        Ok(caller) => caller,
        Err(denial) => return denial.into_response(),
    };
    let uid = caller.uid.clone();
    let by_cookie = matches!(caller.credential, Credential::Cookie(_));
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let mut response = if by_cookie && !reads && !endpoint.settings.origin.is_own(request.headers()) {
        let given =
            if request.headers().contains_key(header::ORIGIN) { "is not this endpoint's" } else { "is missing" };
        Denial::new("forbidden")
            .rule("origin")
            .field("Origin")
            .detail(format!("A browser's write must come from the endpoint's own pages: its Origin header {given}."))
            .into_response()
    } else {
        request.extensions_mut().insert(caller);
        next.run(request).await
    };
    response.extensions_mut().insert(CalledBy(uid));
    response
}

async fn identify(endpoint: &Endpoint, address: ClientAddress, headers: &HeaderMap) -> Answered<Caller> {
    // A bearer token that is there counts alone: a page of another site can't set it.
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        if let Some(token) = authorization.to_str().ok().and_then(bearer) {
            let credential = Credential::Bearer(token.to_owned());
            if let Some(principal) = principal_of(endpoint, &credential).await? {
                return Ok(Caller { principal: Arc::new(principal), credential });
            }
        }
        failed(endpoint, address)?;
        return Err(unauthenticated().detail("The bearer token is not valid here."));
    }
    for token in cookies(headers, &endpoint.settings.origin.cookie()) {
        let credential = Credential::Cookie(token.to_owned());
        if let Some(principal) = principal_of(endpoint, &credential).await? {
            return Ok(Caller { principal: Arc::new(principal), credential });
        }
    }
    Err(unauthenticated())
}

/// Counts a failed sign-in; too many from one address are a 429.
pub fn failed(endpoint: &Endpoint, ClientAddress(address): ClientAddress) -> Answered<()> {
    endpoint.throttle.failed(address.ip(), Instant::now()).map_err(|seconds| {
        Denial::new("too-many-attempts")
            .detail(format!("Try again in {seconds} s."))
            .header(header::RETRY_AFTER, seconds)
    })
}

/// The token of an `Authorization` (RFC 6750), if it is of that scheme and not empty.
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
}

/// Every non-empty value of the cookie `name`.
fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(move |pair| pair.trim().split_once('=').filter(|(key, _)| *key == name))
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, Sample, cases, try_inputs};

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; countersign-87=x; countersign-8787=one".parse().unwrap());
        headers.append(header::COOKIE, "countersign-8787=two;countersign-8787=".parse().unwrap());
        assert_eq!(cookies(&headers, "countersign-8787").collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(cookies(&headers, "countersign").count(), 0);
    }

    #[test]
    fn credentials_are_taken_from_where_they_stand_alone() {
        let samples = [
            Sample::text("a=1; countersign-8787=one; b=\"x\"", "; "),
            Sample::text("countersign-8787=t=w==;countersign=n", ";"),
        ];
        let words = ["countersign", "countersign-8787", "=", "", ";", "8787", "countersign-8787=", " "];
        let make = |made: &mut Generator| made.altered(&samples, &words);
        try_inputs("cookies", cases(5_000), make, |bytes| {
            let Ok(value) = axum::http::HeaderValue::from_bytes(bytes) else { return false };
            let headers = HeaderMap::from_iter([(header::COOKIE, value)]);
            let text = String::from_utf8_lossy(bytes);
            let found: Vec<&str> = cookies(&headers, "countersign-8787").collect();
            assert!(found.iter().all(|token| text.contains(&format!("countersign-8787={token}"))
                && !token.is_empty()
                && !token.contains(';')));
            !found.is_empty()
        });
        let make = |made: &mut Generator| {
            made.altered_text(
                &[Sample::text("Bearer abc.DEF-_~+/==", " ")],
                &["bearer", "Basic", "", " ", "\t", "token"],
            )
        };
        try_inputs("Authorization", cases(5_000), make, |text| {
            let token = bearer(text);
            assert!(token.is_none_or(|token| text.ends_with(|c: char| c.is_whitespace()) || text.ends_with(token)));
            assert!(token.is_none_or(|token| !token.is_empty() && token == token.trim()));
            token.is_some()
        });
    }
}
