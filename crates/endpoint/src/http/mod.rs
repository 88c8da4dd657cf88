//! The HTTP contract: routes, sign-in, problems, the live stream, the served app and the OpenAPI document, all
//! over the desk. No SQL and no rules here: what is refused is refused by `desk` and `oversight`. Starting and
//! stopping is `command::serve`.

pub mod agents;
pub mod assets;
pub mod body;
pub mod caller;
pub mod changes;
pub mod deeds;
pub mod doors;
pub mod headers;
pub mod health;
pub mod openapi;
pub mod origin;
pub mod pages;
pub mod policy;
pub mod problem;
pub mod query;
pub mod records;
pub mod redemption;
pub mod requests;
pub mod reviews;
pub mod serving;
pub mod session;
pub mod sign_in;
pub mod stream;
pub mod throttle;

use crate::desk::Desk;
use assets::Assets;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use origin::Origin;
use oversight::classify::Estate;
use oversight::digest::Digest;
use problem::Denial;
use std::sync::Arc;
use std::time::Duration;
use throttle::Throttle;
use tokio::sync::{broadcast, watch};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};

/// What the HTTP side is told once.
pub struct Settings {
    /// Where people reach the endpoint: decides cookies and which Origin is its own.
    pub origin: Origin,
    /// Where things stand, for dry runs; the desk has the same.
    pub estate: Estate,
    /// How long a stream may be silent; 15 s but in tests.
    pub heartbeat: Duration,
    /// Set to true when everything has to end.
    pub stopping: watch::Receiver<bool>,
}

/// Everything a handler needs. Cheap to clone.
#[derive(Clone)]
pub struct Endpoint(Arc<Inner>);

/// The parts of it.
pub struct Inner {
    pub desk: Desk,
    pub assets: Assets,
    pub settings: Settings,
    pub throttle: Throttle,
    /// Digests of session tokens whose owners signed out: their streams end.
    pub signed_out: broadcast::Sender<Digest>,
    /// How many streams may be open at once.
    pub streams: Arc<tokio::sync::Semaphore>,
    pub health: health::Health,
    pub openapi: String,
}

impl std::ops::Deref for Endpoint {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Streams at once; each holds a connection and a receiver.
const MAX_STREAMS: usize = 1_024;

impl Endpoint {
    pub fn new(desk: Desk, assets: Assets, settings: Settings) -> Endpoint {
        Endpoint(Arc::new(Inner {
            desk,
            assets,
            settings,
            throttle: Throttle::default(),
            signed_out: broadcast::channel(64).0,
            streams: Arc::new(tokio::sync::Semaphore::new(MAX_STREAMS)),
            health: health::Health::default(),
            openapi: openapi::document(),
        }))
    }

    /// Resolves when the endpoint has to stop.
    pub async fn stopping(&self) {
        let mut stopping = self.settings.stopping.clone();
        // The sender is gone only when the process is on its way out.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}

/// The whole of it as one service.
pub fn router(endpoint: Endpoint) -> Router {
    let (contract, _) = openapi::contract().split_for_parts();
    let contract = contract.layer(from_fn_with_state(endpoint.clone(), caller::authenticate));
    // Gzip where it is asked for: a queue is mostly the same names over and over. Event streams and what is shorter
    // than a packet go as they are.
    let worth_it = DefaultPredicate::new().and(SizeAbove::new(1_000));
    let contract = contract.layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it));
    Router::new()
        .merge(contract)
        .route("/sign-in/{code}", get(sign_in::redeem))
        .route("/problems/{slug}", get(pages::problem))
        .route("/problems", get(pages::problems))
        .route("/page.css", get(pages::style))
        .route("/openapi.json", get(openapi::serve))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(anything_else)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(map_response(readable_address))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(endpoint.clone(), headers::secure))
        .layer(from_fn(requests::log))
        .with_state(endpoint)
}

/// What no route has: a file of the app, the app itself for a page it routes, or nothing.
async fn anything_else(axum::extract::State(endpoint): axum::extract::State<Endpoint>, request: Request) -> Response {
    let path = request.uri().path();
    let reserved = ["/v1", "/log", "/problems", "/sign-in"];
    if reserved.iter().any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    {
        return Denial::not_found("Nothing has this address.").into_response();
    }
    assets::serve(&endpoint.assets, &request)
}

async fn method_not_allowed(request: Request) -> Denial {
    Denial::new("method-not-allowed").detail(format!("{} is not taken here.", request.method()))
}

/// A path that isn't UTF-8 is refused before any handler, in plain text; here it is a problem like any other.
async fn readable_address(response: Response) -> Response {
    let plain =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"text/plain"));
    if response.status().is_client_error() && plain {
        return Denial::not_found("The address is not UTF-8.").into_response();
    }
    response
}

fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(what, "a handler panicked");
    Denial::new("internal").into_response()
}

/// `value` as JSON that no cache keeps.
pub(crate) fn private_json(value: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => private(body::JSON, bytes),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            Denial::new("internal").into_response()
        }
    }
}

/// `bytes` of that media type, that no cache keeps.
pub(crate) fn private(media: &'static str, bytes: impl Into<axum::body::Body>) -> Response {
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
