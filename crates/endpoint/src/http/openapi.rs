//! The OpenAPI 3.1 document, generated from the routes: what is registered here is what is served, and the
//! other way round. What each route does stands at its handler.

use super::{Endpoint, agents, changes, deeds, policy, records, redemption, reviews, session, stream};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use oversight::contract::Problem;
use std::collections::BTreeMap;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder, response};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub const SESSION: &str = "session";
pub const CHANGES: &str = "changes";
pub const EXECUTION: &str = "execution";
pub const RECORDS: &str = "records";
pub const AGENTS: &str = "agents";
pub const POLICY: &str = "policy";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Countersign endpoint",
        description = "People oversee what AI agents do in cloud operations: agents propose, people decide, executors redeem, and every step stands in the audit trail.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem)),
    modifiers(&Credentials),
    security(("session" = []), ("token" = [])),
    tags(
        (name = SESSION, description = "Who is signed in"),
        (name = CHANGES, description = "Proposals and their reviews"),
        (name = EXECUTION, description = "Redeeming an approval, once, and saying how it went"),
        (name = RECORDS, description = "The audit trail"),
        (name = AGENTS, description = "The agents, and stopping one"),
        (name = POLICY, description = "The review policy in force, and dry runs")
    )
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let cookie = ApiKeyValue::with_description(
            "countersign",
            "A person's session, from a sign-in link; the name carries the endpoint's port where it has one: countersign-8787",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// Every refusal: the same shape, whatever the status.
pub struct Problems;

impl utoipa::IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<response::Response>> {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let refusal = ResponseBuilder::new()
            .description("A refusal (RFC 9457); its type leads to a page that explains it")
            .content(super::problem::PROBLEM_JSON, content)
            .build();
        [("default".to_owned(), RefOr::T(refusal))].into()
    }
}

/// The routes with their documentation.
pub fn contract() -> OpenApiRouter<Endpoint> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(session::show, session::end))
        .routes(routes!(changes::list, deeds::propose))
        .routes(routes!(changes::one))
        .routes(routes!(changes::canonical))
        .routes(routes!(deeds::amend))
        .routes(routes!(deeds::cancel))
        .routes(routes!(deeds::comment))
        .routes(routes!(deeds::revoke))
        .routes(routes!(reviews::review))
        .routes(routes!(redemption::redeem))
        .routes(routes!(redemption::outcome))
        .routes(routes!(records::list, records::append))
        .routes(routes!(records::one))
        .routes(routes!(records::quarantine))
        .routes(routes!(stream::stream))
        .routes(routes!(agents::list))
        .routes(routes!(agents::one))
        .routes(routes!(agents::pause))
        .routes(routes!(agents::resume))
        .routes(routes!(policy::in_force))
        .routes(routes!(policy::evaluate))
}

/// The document as JSON.
pub fn document() -> String {
    let (_, document) = contract().split_for_parts();
    document.to_pretty_json().unwrap_or_default()
}

/// `GET /openapi.json`.
pub async fn serve(State(endpoint): State<Endpoint>) -> Response {
    let mut response = endpoint.openapi.clone().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
