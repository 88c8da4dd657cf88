//! One line of the log a request: method, route, status, milliseconds, who. The route is the pattern, never
//! the path, so that no code or uid of a path is logged; cookies, tokens and bodies never are.

use super::caller::CalledBy;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

pub async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let route = route.as_deref().unwrap_or("(app)");
    let status = response.status().as_u16();
    let ms = started.elapsed().as_millis() as u64;
    let principal = response.extensions().get::<CalledBy>().map_or("-", |CalledBy(uid)| uid.as_str());
    if status >= 500 {
        tracing::error!(%method, route, status, ms, principal, "request");
    } else if status < 400 && method.is_safe() && route != "/sign-in/{code}" {
        // Agents and executors ask every other second; a log of their asking hides what was done. Signing in is a
        // deed, though its method is GET.
        tracing::debug!(%method, route, status, ms, principal, "request");
    } else {
        tracing::info!(%method, route, status, ms, principal, "request");
    }
    response
}
