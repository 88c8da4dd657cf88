//! An HTTP client of the contract, as a machine with a bearer token uses it: for `command::replay` and the
//! demonstration's agents. The reference executor speaks HTTP itself, as an example to read
//! (`demo::executor`); what the answers mean is `oversight::contract`.

use oversight::contract::Problem;
use reqwest::header::{AUTHORIZATION, RETRY_AFTER};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long a request may take; a long poll takes 30 s.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a request that found the endpoint busy is sent again, and the first wait; each is twice the last.
const RETRIES: u32 = 7;
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest that one `Retry-After` is heeded for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Speaks to one endpoint as one machine.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    /// Without a slash at the end.
    endpoint: String,
    token: String,
}

/// Why there is no answer to work with.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("{endpoint} can't be reached: {reason}")]
    Unreachable { endpoint: String, reason: String },
    /// The endpoint's refusal, as it words it.
    #[error("{}", in_words(.problem))]
    Refused { problem: Box<Problem>, retry_after: Option<Duration> },
    #[error("the endpoint's answer can't be read: {0}")]
    Unreadable(String),
}

impl ClientError {
    /// The status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            ClientError::Refused { problem, .. } => Some(problem.status),
            _ => None,
        }
    }

    /// Whether the request changed nothing and may be sent again in a while.
    fn is_busy(&self) -> bool {
        matches!(self.status(), Some(429 | 503))
    }
}

/// The problem's detail, else its title, with the field at fault.
fn in_words(problem: &Problem) -> String {
    let words = problem.detail.as_deref().unwrap_or(&problem.title);
    match &problem.field {
        Some(field) if !words.contains(field.as_str()) => format!("{field}: {words}"),
        _ => words.to_owned(),
    }
}

impl Client {
    /// `endpoint` is its base address, `http://localhost:8787`.
    pub fn new(endpoint: &str, token: &str) -> Result<Client, ClientError> {
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        let http = reqwest::Client::builder().timeout(PATIENCE).build();
        let http = http.map_err(|error| unreachable(&endpoint, &error))?;
        Ok(Client { http, endpoint, token: token.to_owned() })
    }

    /// `GET path`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.send(self.http.get(format!("{}{path}", self.endpoint))).await
    }

    /// `POST path` with a JSON body.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ClientError> {
        self.send(self.http.post(format!("{}{path}", self.endpoint)).json(body)).await
    }

    /// As `post`, but waits and sends again, a few times, while the endpoint is busy (429, 503), heeding
    /// `Retry-After`.
    pub async fn post_patiently<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let mut wait = FIRST_WAIT;
        for _ in 0..RETRIES {
            match self.post(path, body).await {
                Err(error) if error.is_busy() => {
                    let asked = match &error {
                        ClientError::Refused { retry_after, .. } => *retry_after,
                        _ => None,
                    };
                    tokio::time::sleep(asked.unwrap_or(wait).min(LONGEST_WAIT)).await;
                    wait *= 2;
                }
                answer => return answer,
            }
        }
        self.post(path, body).await
    }

    async fn send<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, ClientError> {
        let request = request.header(AUTHORIZATION, format!("Bearer {}", self.token));
        let response = request.send().await.map_err(|error| unreachable(&self.endpoint, &error))?;
        let status = response.status();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let body = response.bytes().await.map_err(|error| unreachable(&self.endpoint, &error))?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| ClientError::Unreadable(error.to_string()));
        }
        let problem = serde_json::from_slice(&body).unwrap_or_else(|_| Problem {
            kind: "about:blank".to_owned(),
            title: format!("The endpoint answered {status}"),
            status: status.as_u16(),
            detail: None,
            field: None,
            rule: None,
            errors: Vec::new(),
        });
        Err(ClientError::Refused { problem: Box::new(problem), retry_after: retry_after.map(Duration::from_secs) })
    }
}

/// reqwest's own message only says that sending failed; the reason is what caused it.
fn unreachable(endpoint: &str, error: &reqwest::Error) -> ClientError {
    let mut reason: &dyn std::error::Error = error;
    while let Some(cause) = reason.source() {
        reason = cause;
    }
    ClientError::Unreachable { endpoint: endpoint.to_owned(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::post;
    use serde_json::{Value, json};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Answers the first `busy` requests with `status`, the others with 201; counts them all.
    async fn endpoint(busy: u32, status: u16) -> (String, Arc<AtomicU32>) {
        let count = Arc::new(AtomicU32::new(0));
        let counted = count.clone();
        let answer = move || {
            let before = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                if before < busy {
                    let problem = json!({"type": "/problems/busy", "title": "Busy", "status": status, "field": "plan", "detail": "Wait."});
                    (StatusCode::from_u16(status).unwrap(), [(RETRY_AFTER, "0")], problem.to_string())
                } else {
                    (StatusCode::CREATED, [(RETRY_AFTER, "")], json!({"done": true}).to_string())
                }
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, Router::new().route("/v1/changes", post(answer))).into_future());
        (url, count)
    }

    #[tokio::test]
    async fn a_busy_endpoint_is_asked_again_and_a_refusal_is_final() {
        for (busy, status, requests, answered) in [
            (0, 503, 1, true),
            (3, 503, 4, true),
            (2, 429, 3, true),
            (100, 503, RETRIES + 1, false),
            (1, 422, 1, false),
            (1, 500, 1, false),
        ] {
            let (url, count) = endpoint(busy, status).await;
            let answer: Result<Value, ClientError> =
                Client::new(&url, "t").unwrap().post_patiently("/v1/changes", &json!({})).await;
            assert_eq!(count.load(Ordering::SeqCst), requests, "{busy} times {status}");
            match answer {
                Ok(value) => assert!(answered && value["done"] == true),
                Err(error) => {
                    assert!(!answered, "{error}");
                    assert_eq!((error.status(), error.to_string().as_str()), (Some(status), "plan: Wait."));
                }
            }
        }
    }

    #[tokio::test]
    async fn an_endpoint_that_is_not_there_is_named_with_the_reason() {
        let answer: Result<Value, _> = Client::new("http://127.0.0.1:1/", "t").unwrap().get("/v1/session").await;
        let message = answer.unwrap_err().to_string();
        assert!(
            message.starts_with("http://127.0.0.1:1 can't be reached: ") && message.contains("refused"),
            "{message}"
        );
    }
}
