//! The live stream of the endpoint, read with fetch: it sees the status of a refusal and can be ended,
//! which EventSource allows neither of. The format is `sse`; what events mean is `state::live`.

use super::client::ClientError;
use super::sse::{SseEvent, SseParser};
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Reflect, Uint8Array};
use std::pin::pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, ReadableStreamDefaultReader, RequestInit, TextDecodeOptions, TextDecoder};

/// Longest silence before the stream counts as dead: three missed heartbeats.
const SILENCE_MS: u32 = 46_000;

/// Reads the stream until it ends. `after` is the last event's id, empty for "from now on"; `opened` is called once
/// the endpoint has accepted, `on_event` for each event. Returns why it ended; `Ok` when the endpoint closed it.
pub async fn follow(after: &str, opened: impl Fn(), mut on_event: impl FnMut(SseEvent)) -> Result<(), ClientError> {
    let unreachable = |error: JsValue| ClientError::Unreachable(format!("{error:?}"));
    let window = web_sys::window().ok_or_else(|| ClientError::Unreachable("no window".to_owned()))?;
    let abort = AbortController::new().map_err(unreachable)?;
    let headers = Headers::new().map_err(unreachable)?;
    headers.set("Accept", "text/event-stream").map_err(unreachable)?;
    if !after.is_empty() {
        headers.set("Last-Event-ID", after).map_err(unreachable)?;
    }
    let init = RequestInit::new();
    init.set_headers(&headers);
    init.set_signal(Some(&abort.signal()));
    let response = JsFuture::from(window.fetch_with_str_and_init("v1/stream", &init)).await.map_err(unreachable)?;
    let response: web_sys::Response = response.unchecked_into();
    if !response.ok() {
        return Err(refusal(&response).await);
    }
    let body = response.body().ok_or_else(|| ClientError::Unreadable("the stream has no body".to_owned()))?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let decoder = TextDecoder::new().map_err(unreachable)?;
    let mut parser = SseParser::default();
    let more = TextDecodeOptions::new();
    more.set_stream(true);
    opened();
    loop {
        let read = pin!(JsFuture::from(reader.read()));
        let chunk = match select(read, pin!(TimeoutFuture::new(SILENCE_MS))).await {
            Either::Left((chunk, _)) => chunk.map_err(unreachable)?,
            Either::Right(_) => {
                abort.abort();
                return Err(ClientError::Unreachable("the stream fell silent".to_owned()));
            }
        };
        if Reflect::get(&chunk, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return Ok(());
        }
        let bytes: Uint8Array = Reflect::get(&chunk, &"value".into()).map_err(unreachable)?.unchecked_into();
        let text = decoder.decode_with_js_u8_array_and_options(&bytes, &more).map_err(unreachable)?;
        parser.feed(&text).into_iter().for_each(&mut on_event);
    }
}

async fn refusal(response: &web_sys::Response) -> ClientError {
    let text = match response.text() {
        Ok(promise) => JsFuture::from(promise).await.ok().and_then(|text| text.as_string()).unwrap_or_default(),
        Err(_) => String::new(),
    };
    match super::client::read(&text) {
        Ok(problem) => ClientError::Refused(Box::new(problem)),
        Err(_) => ClientError::Unreachable(format!("status {}", response.status())),
    }
}
