//! Connections: each accepted at the doors and served by the router, with a limit on how long a client may take over
//! its request's headers, until the endpoint is told to stop. How long a body may take is `body`'s to say.

use super::doors::{ClientAddress, Doors};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::time::Duration;
use tokio::sync::watch;
use tower::ServiceExt as _;

/// The headers of a request must be whole within this, from the connection's first moment or the answer before; so a
/// connection that is kept and not used ends after it too. A request that is being answered, a stream or a long poll,
/// takes as long as it takes.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Serves until `stopping` is true; then nothing new is accepted, and it ends with the last answer under way.
pub async fn serve(mut doors: Doors, router: Router, patience: Duration, mut stopping: watch::Receiver<bool>) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience);
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, address) = tokio::select! {
            accepted = doors.accept() => accepted,
            _ = stopping.wait_for(|stopping| *stopping) => break,
        };
        let router = router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(ClientAddress(address)));
            router.clone().oneshot(request)
        });
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop(doors);
    graceful.shutdown().await;
}
