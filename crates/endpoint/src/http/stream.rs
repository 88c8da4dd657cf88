//! The live stream: every record and every change that the caller may see, as server-sent events that resume
//! from the database. Rendering a change for its reader is the desk's; what the app does with it is the app's.

use super::caller::{Caller, Credential, principal_of};
use super::openapi::{Problems, RECORDS};
use super::problem::{Answered, Denial};
use super::query::Query;
use super::{Endpoint, private};
use crate::desk::{Posted, Refused};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use oversight::capability::{Deed, role_allows};
use oversight::digest::Digest;
use oversight::id::ChangeId;
use std::collections::HashMap;
use std::convert::Infallible;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// Events behind which a reader has to load everything again.
const MAX_BEHIND: u64 = 5_000;
/// Events read from the database at a time.
const PAGE: u32 = 500;
/// Events taken together, so that a change with several of them is rendered once.
const BATCH: usize = 256;
/// Chunks that may wait for a slow reader before the stream waits for it.
const WAITING: usize = 8;

/// Server-sent events: `record` (an audit record), `change` (a change as the caller sees it) and `reset`
/// (what was missed can't be replayed: load everything again). `id` is the position in the log; with it as
/// `Last-Event-ID`, or as `after`, the stream resumes. A comment comes at least each 15 seconds.
#[utoipa::path(get, path = "/v1/stream", tag = RECORDS, operation_id = "stream_events",
    params(("Last-Event-ID" = Option<u64>, Header), ("after" = Option<u64>, Query)),
    responses((status = 200, description = "Events, without end", content_type = "text/event-stream", body = String), Problems))]
pub async fn stream(State(endpoint): State<Endpoint>, caller: Caller, headers: HeaderMap, uri: Uri) -> Answered {
    caller.may(Deed::ReadChanges)?;
    let query = Query::of(&uri, &["after"])?;
    let after = match last_event_id(&headers)? {
        Some(position) => Some(position),
        None => query.parsed::<u64>("after")?,
    };
    let Ok(permit) = endpoint.streams.clone().try_acquire_owned() else {
        return Err(Denial::new("unavailable")
            .detail("As many streams are open as this endpoint takes.")
            .header(axum::http::header::RETRY_AFTER, 5));
    };
    // Subscribed before the position is read, so that nothing falls between.
    let live = endpoint.desk.subscribe();
    let now = endpoint.desk.sequence().await?;
    let (to_reader, from_writer) = mpsc::channel(WAITING);
    let signed_out = endpoint.signed_out.subscribe();
    let writer = Writer { endpoint: endpoint.clone(), caller, at: after.unwrap_or(now), to_reader, _permit: permit };
    tokio::spawn(writer.run(live, signed_out, now));
    let chunks = futures::stream::unfold(from_writer, |mut from_writer| async move {
        let chunk: Bytes = from_writer.recv().await?;
        Some((Ok::<_, Infallible>(chunk), from_writer))
    });
    let mut response = private("text/event-stream", Body::from_stream(chunks));
    // Proxies that buffer would hold events back.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// Where a reader that was here before left off.
fn last_event_id(headers: &HeaderMap) -> Answered<Option<u64>> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let position = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    let refused =
        || Denial::new("invalid-query").field("Last-Event-ID").detail("Expected a position in the log, a number.");
    position.map(Some).ok_or_else(refused)
}

/// One open stream.
struct Writer {
    endpoint: Endpoint,
    caller: Caller,
    /// Everything up to this position has been sent or is not for the caller.
    at: u64,
    to_reader: mpsc::Sender<Bytes>,
    _permit: OwnedSemaphorePermit,
}

/// Why a stream ends.
enum Ended {
    ReaderGone,
    Failed(Refused),
}

impl From<Refused> for Ended {
    fn from(refused: Refused) -> Ended {
        Ended::Failed(refused)
    }
}

impl Writer {
    async fn run(self, live: Receiver<Posted>, signed_out: Receiver<Digest>, now: u64) {
        let endpoint = self.endpoint.clone();
        let reader_gone = self.to_reader.clone();
        tokio::select! {
            ended = self.follow(live, signed_out, now) => {
                if let Err(Ended::Failed(error)) = ended {
                    tracing::error!(error = &error as &dyn std::error::Error, "a stream broke off");
                }
            }
            () = endpoint.stopping() => {}
            () = reader_gone.closed() => {}
        }
    }

    async fn follow(
        mut self,
        mut live: Receiver<Posted>,
        mut signed_out: Receiver<Digest>,
        now: u64,
    ) -> Result<(), Ended> {
        self.send(format!("retry: 1000\n: countersign\nid: {}\n\n", self.at.min(now))).await?;
        if self.at > now || now - self.at > MAX_BEHIND {
            self.reset(now).await?;
        }
        self.catch_up().await?;
        let mut heartbeat = tokio::time::interval(self.endpoint.settings.heartbeat);
        heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        heartbeat.reset();
        loop {
            tokio::select! {
                first = live.recv() => match first {
                    Ok(first) => {
                        let mut batch = vec![first];
                        let lagged = loop {
                            match live.try_recv() {
                                Ok(next) => batch.push(next),
                                Err(TryRecvError::Lagged(_)) => break true,
                                Err(_) => break false,
                            }
                            if batch.len() == BATCH {
                                break false;
                            }
                        };
                        self.post(batch).await?;
                        if lagged {
                            self.lagged().await?;
                        }
                    }
                    Err(RecvError::Lagged(_)) => self.lagged().await?,
                    Err(RecvError::Closed) => return Ok(()),
                },
                token = signed_out.recv() => {
                    let mine = match (&self.caller.credential, token) {
                        (Credential::Cookie(own), Ok(token)) => Digest::of(own.as_bytes()) == token,
                        _ => false,
                    };
                    if mine || !self.is_signed_in().await? {
                        return Ok(());
                    }
                }
                _ = heartbeat.tick() => {
                    if !self.is_signed_in().await? {
                        return Ok(());
                    }
                    // The position goes along, so that whoever sees little still resumes from nearby.
                    self.send(format!(": heartbeat\nid: {}\n\n", self.at)).await?;
                }
            }
        }
    }

    /// Whether the credential still stands for the same party with the same rights.
    async fn is_signed_in(&self) -> Result<bool, Ended> {
        let principal = principal_of(&self.endpoint, &self.caller.credential).await?;
        Ok(principal.is_some_and(|principal| principal == *self.caller.principal))
    }

    /// Sends what the database has after the position.
    async fn catch_up(&mut self) -> Result<(), Ended> {
        loop {
            let page = self.endpoint.desk.events_after(self.at, PAGE).await?;
            let last = page.len() < PAGE as usize;
            self.post(page).await?;
            if last {
                return Ok(());
            }
        }
    }

    /// What was dropped is in the database still, unless it is too much.
    async fn lagged(&mut self) -> Result<(), Ended> {
        let now = self.endpoint.desk.sequence().await?;
        if now.saturating_sub(self.at) > MAX_BEHIND {
            return self.reset(now).await;
        }
        self.catch_up().await
    }

    async fn reset(&mut self, now: u64) -> Result<(), Ended> {
        self.at = now;
        self.send(format!("event: reset\nid: {now}\ndata: {{}}\n\n")).await
    }

    /// Sends what of `batch` is new and the caller may see. A change is sent once, with the last of its
    /// records; the id comes with the last event of its position, so that resuming never loses half of one.
    async fn post(&mut self, batch: Vec<Posted>) -> Result<(), Ended> {
        let reads_records = role_allows(Deed::ReadRecords, self.caller.role).is_ok();
        let mut last_of: HashMap<ChangeId, u64> = HashMap::new();
        for posted in &batch {
            for change in posted.change.iter().chain(&posted.touched) {
                last_of.insert(*change, posted.sequence);
            }
        }
        let mut text = String::new();
        for posted in batch.iter().filter(|posted| posted.sequence > self.at) {
            let mut events = Vec::new();
            for change in posted.change.iter().chain(&posted.touched) {
                if last_of.get(change) == Some(&posted.sequence) {
                    last_of.remove(change);
                    events.extend(self.change(*change).await?.map(|data| ("change", data)));
                }
            }
            if reads_records {
                events.push(("record", serde_json::to_string(&posted.record).unwrap_or_default()));
            }
            let last = events.len();
            for (index, (name, data)) in events.into_iter().enumerate() {
                text.push_str(&format!("event: {name}\n"));
                if index + 1 == last {
                    text.push_str(&format!("id: {}\n", posted.sequence));
                }
                text.push_str(&format!("data: {data}\n\n"));
            }
        }
        if let Some(newest) = batch.last() {
            self.at = self.at.max(newest.sequence);
        }
        if text.is_empty() { Ok(()) } else { self.send(text).await }
    }

    /// The change as the caller sees it, if at all.
    async fn change(&self, id: ChangeId) -> Result<Option<String>, Ended> {
        match self.endpoint.desk.change(&self.caller, id).await {
            Ok(view) => Ok(Some(view.to_json().to_string())),
            Err(Refused::Forbidden(_) | Refused::NotFound(_) | Refused::Conflict(_)) => Ok(None),
            Err(refused) => Err(refused.into()),
        }
    }

    async fn send(&self, text: String) -> Result<(), Ended> {
        self.to_reader.send(Bytes::from(text)).await.map_err(|_| Ended::ReaderGone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, Sample, cases, try_inputs};

    #[test]
    fn a_position_is_a_number_or_is_refused_by_its_name() {
        let samples = ["1448", " 7 ", "18446744073709551615"].map(|text| Sample::text(text, ","));
        let words = ["0", "-1", "1.0", "", "18446744073709551616", "007", "x"];
        let make = |made: &mut Generator| made.altered(&samples, &words);
        try_inputs("Last-Event-ID", cases(5_000), make, |bytes| {
            let Ok(value) = HeaderValue::from_bytes(bytes) else { return false };
            match last_event_id(&HeaderMap::from_iter([(HeaderName::from_static("last-event-id"), value)])) {
                Ok(position) => {
                    let digits = position.expect("the header is there").to_string();
                    assert!(String::from_utf8_lossy(bytes).contains(&digits));
                    true
                }
                Err(denial) => {
                    assert_eq!(
                        (denial.problem().status, denial.problem().field.as_deref()),
                        (400, Some("Last-Event-ID"))
                    );
                    false
                }
            }
        });
    }
}
