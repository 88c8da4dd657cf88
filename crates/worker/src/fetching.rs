//! Fetching, and saying in plain words why something could not be fetched.

use crate::body::scope;
use engine::talk::Trouble;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, ReadableStream, ReadableStreamDefaultReader, RequestInit, RequestMode, Response, Url};

/// Asks for `address` with these headers.
///
/// # Errors
/// Where there is no answer, or it is a refusal.
pub async fn fetch(address: &str, headers: &[(&str, &str)]) -> Result<Response, Trouble> {
    let init = RequestInit::new();
    let sent = Headers::new().map_err(|error| broken(address, &error))?;
    for (name, value) in headers {
        sent.set(name, value).map_err(|error| broken(address, &error))?;
    }
    init.set_headers(&sent);
    let response = match JsFuture::from(scope().fetch_with_str_and_init(address, &init)).await {
        Ok(response) => response.unchecked_into::<Response>(),
        Err(_) => return Err(no_answer(address).await),
    };
    if response.ok() {
        return Ok(response);
    }
    Err(refused(address, &response).await)
}

/// A browser doesn't say why a request failed. One that may not be read tells whether the server answers at all.
async fn no_answer(address: &str) -> Trouble {
    let host = host_of(address).unwrap_or_default();
    if !is_foreign(address) {
        return Trouble::new(
            format!("{} did not answer.", shown(address)),
            "Check that the address is right and the server runs, then open it again.",
        );
    }
    let init = RequestInit::new();
    init.set_mode(RequestMode::NoCors);
    let answers = JsFuture::from(scope().fetch_with_str_and_init(address, &init)).await.is_ok();
    if answers {
        Trouble::new(
            format!("{host} answers, but does not let pages of other sites read it."),
            format!(
                "Its answer needs the header Access-Control-Allow-Origin with this page's origin, {}. Or save the file \
                 and drop it here.",
                origin()
            ),
        )
    } else {
        Trouble::new(
            format!("{host} did not answer, or this page's content policy does not let it be asked."),
            "Check the address. Where the endpoint serves this page, only its own addresses can be fetched; a file can be \
             dropped here in any case.",
        )
    }
}

async fn refused(address: &str, response: &Response) -> Trouble {
    let text = match response.text() {
        Ok(promise) => JsFuture::from(promise).await.ok().and_then(|text| text.as_string()).unwrap_or_default(),
        Err(_) => String::new(),
    };
    let problem: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let said = |name: &str| problem[name].as_str().map(str::to_owned);
    let shown = shown(address);
    match (response.status(), said("title")) {
        (status, Some(title)) => {
            let detail = said("detail").map(|detail| format!(" {detail}")).unwrap_or_default();
            Trouble::new(format!("{title}.{detail}"), format!("The server answered {status} for {shown}."))
        }
        (404, None) => Trouble::new(
            format!("There is nothing at {shown} (status 404)."),
            "Check the address, its capital letters too, or drop the file here.",
        ),
        (status @ (401 | 403), None) => Trouble::new(
            format!("The server does not hand out {shown} (status {status})."),
            "It wants a sign-in that this page does not have. Save the file and drop it here.",
        ),
        (status, None) => Trouble::new(
            format!("The server could not hand out {shown} (status {status})."),
            "Try again later, or drop the file here.",
        ),
    }
}

fn broken(address: &str, error: &JsValue) -> Trouble {
    Trouble::new(format!("{} can't be asked for: {error:?}", shown(address)), "Check the address.")
}

fn origin() -> String {
    scope().location().origin()
}

fn host_of(address: &str) -> Option<String> {
    Url::new_with_base(address, &scope().location().href()).ok().map(|url| url.host())
}

fn is_foreign(address: &str) -> bool {
    Url::new_with_base(address, &scope().location().href()).is_ok_and(|url| url.origin() != origin())
}

/// An address as it is shown: without what may be a secret.
pub fn shown(address: &str) -> String {
    let visible = address.split(['?', '#']).next().unwrap_or(address);
    oversight::text::escape::visible(visible)
}

/// A body, chunk by chunk.
pub struct Chunks {
    reader: ReadableStreamDefaultReader,
}

impl Chunks {
    pub fn of(stream: &ReadableStream) -> Chunks {
        Chunks { reader: stream.get_reader().unchecked_into() }
    }

    /// The next chunk; none at the end.
    ///
    /// # Errors
    /// Where the connection broke, in the browser's words.
    pub async fn next(&self) -> Result<Option<Uint8Array>, String> {
        let read = JsFuture::from(self.reader.read()).await.map_err(|error| words(&error))?;
        if Reflect::get(&read, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return Ok(None);
        }
        Ok(Reflect::get(&read, &"value".into()).ok().map(JsCast::unchecked_into))
    }

    /// Nobody wants the rest.
    pub fn cancel(&self) {
        let _ = self.reader.cancel();
    }
}

/// What an exception says.
pub fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.unwrap_or_else(|| format!("{error:?}"))
}
