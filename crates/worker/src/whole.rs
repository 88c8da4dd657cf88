//! Whole records: of a row only the columns are held, and its record is fetched again from where it came from. Many of
//! them at once are `exporting`'s.

use crate::body::{Body, Held};
use crate::fetching::{Chunks, fetch, shown, words};
use engine::host::Part;
use engine::talk::Trouble;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, ReadableStream, Response};

/// Where a source's bytes can be had again, without what is borrowed.
enum From {
    Endpoint(String),
    Address { address: String, packed: bool },
    File { file: File, packed: bool },
    Made(Vec<u8>),
}

fn from(body: &Body, part: Part) -> Option<From> {
    body.with_held(|held| {
        Some(match held.get(part.source as usize)? {
            Held::Endpoint { address } => From::Endpoint(address.clone()),
            Held::Address { address, packed } => From::Address { address: address.clone(), packed: *packed },
            Held::File { file, packed } => From::File { file: file.clone(), packed: *packed },
            Held::Made(bytes) => {
                let start = part.offset as usize;
                From::Made(bytes.get(start..start + part.length as usize)?.to_vec())
            }
        })
    })
}

/// The JSON of the record with this uid, as it came.
///
/// # Errors
/// Where it is not held, or what it came from can't be read again or is no longer the same.
pub async fn record(body: &Body, uid: &str) -> Result<String, Trouble> {
    let unknown =
        || Trouble::new(format!("There is no record {uid:?} among those held."), "It may be of another source.");
    let part = body
        .with(|host| {
            let view = host.view();
            view.find(uid).map(|id| Part::of(view.place_of_record(id)))
        })
        .ok_or_else(unknown)?;
    let bytes = match from(body, part).ok_or_else(unknown)? {
        From::Endpoint(address) => {
            let response = fetch(&format!("{address}/{}", encoded(uid)), &[]).await?;
            text(&response).await?.into_bytes()
        }
        From::Address { address, packed: false } => range(&address, part).await?,
        From::Address { address, packed: true } => {
            let response = fetch(&address, &[]).await?;
            let stream = response.body().ok_or_else(changed)?;
            cut(&crate::reading::unpack(&stream).map_err(|why| Trouble::new(why, ""))?, part).await?
        }
        From::File { file, packed: false } => {
            let (start, end) = (part.offset as f64, part.offset as f64 + f64::from(part.length));
            let slice = file.slice_with_f64_and_f64(start, end).map_err(|error| unreadable(&error))?;
            blob(&slice).await?
        }
        From::File { file, packed: true } => {
            cut(&crate::reading::unpack(&file.stream()).map_err(|why| Trouble::new(why, ""))?, part).await?
        }
        From::Made(bytes) => bytes,
    };
    let json = String::from_utf8(bytes).map_err(|_| changed())?;
    match serde_json::from_str::<serde_json::Value>(&json) {
        Ok(record) if record["uid"] == uid => Ok(json),
        _ => Err(changed()),
    }
}

fn changed() -> Trouble {
    Trouble::new(
        "The record is no longer where it was read from.",
        "The file or the address has changed since; open it again.",
    )
}

fn unreadable(error: &JsValue) -> Trouble {
    Trouble::new(format!("The record could not be read again: {}.", words(error)), "Open the file again.")
}

/// A part of what can be fetched: by a range where the server knows ranges, and out of the whole otherwise.
async fn range(address: &str, part: Part) -> Result<Vec<u8>, Trouble> {
    let wanted = format!("bytes={}-{}", part.offset, part.offset + u64::from(part.length).saturating_sub(1));
    let response = fetch(address, &[("Range", &wanted)]).await?;
    if response.status() == 206 {
        let buffer = response.array_buffer().map_err(|error| unreadable(&error))?;
        let buffer = JsFuture::from(buffer).await.map_err(|error| unreadable(&error))?;
        let bytes = Uint8Array::new(&buffer).to_vec();
        // With a packed transfer the range may be of the packed bytes.
        if bytes.len() == part.length as usize && bytes.starts_with(b"{") && bytes.ends_with(b"}") {
            return Ok(bytes);
        }
        let whole = fetch(address, &[]).await?;
        return cut(&whole.body().ok_or_else(changed)?, part).await;
    }
    cut(&response.body().ok_or_else(changed)?, part).await
}

/// The part's bytes out of a stream, which is read no further.
async fn cut(stream: &ReadableStream, part: Part) -> Result<Vec<u8>, Trouble> {
    let chunks = Chunks::of(stream);
    let (start, end) = (part.offset, part.offset + u64::from(part.length));
    let (mut at, mut bytes) = (0_u64, Vec::new());
    while at < end {
        let chunk = chunks.next().await.map_err(|why| Trouble::new(format!("{why}."), "Open it again."))?;
        let chunk = chunk.ok_or_else(changed)?;
        let length = u64::from(chunk.length());
        let (from, to) = (start.saturating_sub(at).min(length), (end - at).min(length));
        if from < to {
            bytes.extend_from_slice(&chunk.subarray(from as u32, to as u32).to_vec());
        }
        at += length;
    }
    chunks.cancel();
    Ok(bytes)
}

async fn blob(blob: &Blob) -> Result<Vec<u8>, Trouble> {
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|error| unreadable(&error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

pub async fn text(response: &Response) -> Result<String, Trouble> {
    let text = response.text().map_err(|error| unreadable(&error))?;
    let text = JsFuture::from(text).await.map_err(|error| unreadable(&error))?;
    text.as_string().ok_or_else(|| Trouble::new(format!("{} is no text.", shown(&response.url())), "Open it again."))
}

pub async fn file_text(file: &File) -> Result<String, Trouble> {
    let bytes = blob(file).await?;
    String::from_utf8(bytes).map_err(|_| Trouble::new(format!("{} is not UTF-8.", file.name()), "Save it as UTF-8."))
}

fn encoded(uid: &str) -> String {
    js_sys::encode_uri_component(uid).into()
}
