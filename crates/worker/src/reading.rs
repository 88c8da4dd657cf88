//! Reading a source: its chunks as they come, unpacked where they are gzip, into the host; with a turn for whoever asks
//! meanwhile, and word of the progress. Native records go in line by line; of any other format the whole is gathered
//! first and read by `documents`.

use crate::body::{Body, CANCELLED, Held};
use crate::documents::{self, Beside};
use crate::fetching::{Chunks, fetch, shown};
use crate::hashing::Hashing;
use crate::turns;
use engine::host::{Ended, hashed};
use engine::ingest::Check;
use engine::talk::{Finished, Load, Source, Trouble};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, ReadableStream, WritableStream, WritableStreamDefaultWriter};

#[wasm_bindgen]
extern "C" {
    /// The Compression Standard's, which web-sys counts as unstable.
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn readable(this: &DecompressionStream) -> ReadableStream;
    #[wasm_bindgen(method, getter)]
    fn writable(this: &DecompressionStream) -> WritableStream;
}

/// Between two turns for others, in milliseconds.
const TURN_MS: f64 = 12.0;
/// Between two words of the progress, in milliseconds.
const PROGRESS_MS: f64 = 200.0;
/// Between two answers to the standing questions, in milliseconds.
const ANSWER_MS: f64 = 500.0;
/// What is gathered to find out what a source is, in bytes.
const HEAD: usize = 64 << 10;
/// The longest document of a format that is read whole, in bytes: a wasm memory holds it and what is made of it.
const LONGEST_DOCUMENT: usize = 768 << 20;
/// RFC 1952.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads the whole of a source.
///
/// # Errors
/// Where there is nothing to read. What was read before a connection broke stays, and is told to be incomplete.
pub async fn read(body: &Body, load: Load, source: Source, files: Vec<File>) -> Result<Read, Trouble> {
    let mut reader = Reader { body, load, clock: Clock::default(), beside: Beside::default() };
    match source {
        Source::Endpoint { address } => {
            let response = fetch(&address, &[("Accept", "application/x-ndjson")]).await?;
            // Live records have no place of their own: they are the first source's, which is the endpoint.
            let held = |_| Held::Endpoint { address: address.clone() };
            let stream = response.body().ok_or_else(|| empty(&shown(&address)))?;
            reader.stream(&shown(&address), &stream, held, true).await
        }
        Source::Address { address, beside } => {
            let response = fetch(&address, &[]).await?;
            if response.headers().get("Content-Encoding").ok().flatten().is_none() {
                let length = response.headers().get("Content-Length").ok().flatten();
                let length = length.and_then(|length| length.parse().ok());
                body.with(|host| host.note(|progress| progress.of_bytes = length));
            }
            for address in &beside {
                let response = fetch(address, &[]).await?;
                let text = crate::whole::text(&response).await?;
                if !reader.beside.take(address, &text)? {
                    return Err(Trouble::new(
                        format!("{} is neither agents.toml nor estate.toml.", shown(address)),
                        "Those two can stand beside the records in config.json.",
                    ));
                }
            }
            let held = |packed| Held::Address { address: address.clone(), packed };
            let stream = response.body().ok_or_else(|| empty(&shown(&address)))?;
            reader.stream(&shown(&address), &stream, held, false).await
        }
        Source::Files { names } => {
            let bytes: f64 = files.iter().map(|file| file.size()).sum();
            body.with(|host| host.note(|progress| progress.of_bytes = Some(bytes as u64)));
            let mut all = Finished::NoTrailer;
            let mut records = Vec::new();
            for (name, file) in names.iter().zip(files) {
                let may_be_beside = name.ends_with(".toml");
                let text = if may_be_beside { crate::whole::file_text(&file).await? } else { String::new() };
                if !may_be_beside || !reader.beside.take(name, &text)? {
                    records.push((name, file));
                }
            }
            let one = records.len() == 1;
            for (name, file) in records {
                let held = |packed| Held::File { file: file.clone(), packed };
                let name = oversight::text::escape::visible(name);
                let read = reader.stream(&name, &file.stream(), held, false).await?;
                if one {
                    return Ok(read);
                }
                let finished = read.checked().await;
                all = match finished {
                    Finished::Cancelled => return Ok(CANCELLED.into()),
                    finished @ (Finished::Differs { .. } | Finished::Incomplete) => finished,
                    _ => all,
                };
            }
            Ok(all.into())
        }
    }
}

fn empty(name: &str) -> Trouble {
    Trouble::new(format!("{name} is empty."), "There is nothing in it to show.")
}

/// What came of reading.
pub struct Read {
    pub finished: Finished,
    /// The hash that the trailer says, and who computes that of what came, if anybody does; where it is to be checked.
    pub hash: Option<(String, Option<Hashing>)>,
}

impl From<Finished> for Read {
    fn from(finished: Finished) -> Read {
        Read { finished, hash: None }
    }
}

impl Read {
    /// With the hash checked.
    async fn checked(self) -> Finished {
        match self.hash {
            None => self.finished,
            Some((said, hashing)) => hashed(&said, came(hashing).await.as_deref()),
        }
    }
}

/// The hash of what came, once it is computed.
pub async fn came(hashing: Option<Hashing>) -> Option<String> {
    hashing?.digest().await
}

struct Reader<'a> {
    body: &'a Body,
    load: Load,
    clock: Clock,
    beside: Beside,
}

/// When what was last done, in milliseconds.
#[derive(Default)]
struct Clock {
    turn: f64,
    progress: f64,
    answer: f64,
}

impl Reader<'_> {
    async fn stream(
        &mut self,
        name: &str,
        stream: &ReadableStream,
        held: impl Fn(bool) -> Held,
        is_snapshot: bool,
    ) -> Result<Read, Trouble> {
        let mut chunks = Chunks::of(stream);
        let (mut head, mut ended) = gather(&chunks, Vec::new(), GZIP.len()).await.map_err(|why| broke(name, &why))?;
        let packed = head.starts_with(&GZIP);
        if packed {
            let unpacked = unpacked(head, chunks).map_err(|why| broke(name, &why))?;
            self.body.with(|host| host.note(|progress| progress.of_bytes = None));
            chunks = Chunks::of(&unpacked);
            (head, ended) = gather(&chunks, Vec::new(), GZIP.len()).await.map_err(|why| broke(name, &why))?;
        }
        if !ended {
            (head, _) = gather(&chunks, head, HEAD).await.map_err(|why| broke(name, &why))?;
        }
        if head.is_empty() {
            return Err(empty(name));
        }
        if is_snapshot || documents::is_native_lines(&head) {
            let source = self.body.hold(held(packed));
            self.lines(source, name, head, chunks, is_snapshot).await
        } else {
            self.document(name, head, chunks).await.map(Read::from)
        }
    }

    async fn lines(
        &mut self,
        source: u16,
        name: &str,
        head: Vec<u8>,
        chunks: Chunks,
        is_snapshot: bool,
    ) -> Result<Read, Trouble> {
        let hashing = Hashing::start();
        let settled = self.body.with(|host| {
            host.begin(source, name, Check::Off, is_snapshot);
            host.feed(&head)
        });
        if let Some(hashing) = &hashing {
            hashing.take(Uint8Array::from(head.as_slice()), settled).await;
        }
        let mut room = Vec::new();
        let mut broken = None;
        // Where what was gathered is all, the next chunk is none.
        loop {
            if self.stops(&chunks) {
                self.body.with(|host| host.end());
                return Ok(CANCELLED.into());
            }
            match chunks.next().await {
                Ok(Some(chunk)) => {
                    let settled = self.body.with(|host| host.feed(copied(&chunk, &mut room)));
                    if let Some(hashing) = &hashing {
                        hashing.take(chunk, settled).await;
                    }
                    self.turn().await;
                }
                Ok(None) => break,
                Err(why) => {
                    broken = Some(why);
                    break;
                }
            }
        }
        let Ended { finished, to_check } = self.body.with(|host| host.end());
        match broken {
            None => Ok(Read { finished, hash: to_check.map(|(_, said)| (said, hashing)) }),
            Some(_) if self.body.with(|host| host.progress().rows) > 0 => Ok(Finished::Incomplete.into()),
            Some(why) => Err(broke(name, &why)),
        }
    }

    async fn document(&mut self, name: &str, mut whole: Vec<u8>, chunks: Chunks) -> Result<Finished, Trouble> {
        let mut room = Vec::new();
        self.body.with(|host| host.note(|progress| progress.bytes += whole.len() as u64));
        loop {
            if self.stops(&chunks) {
                return Ok(CANCELLED);
            }
            let Some(chunk) = chunks.next().await.map_err(|why| broke(name, &why))? else { break };
            whole.extend_from_slice(copied(&chunk, &mut room));
            if whole.len() > LONGEST_DOCUMENT {
                chunks.cancel();
                return Err(Trouble::new(
                    format!("{name} is longer than {} MiB.", LONGEST_DOCUMENT >> 20),
                    "Such a long log can be read as NDJSON of native records, a line at a time; `countersign-endpoint import` \
                     makes records of any format.",
                ));
            }
            self.body.with(|host| host.note(|progress| progress.bytes += u64::from(chunk.length())));
            self.turn().await;
        }
        documents::read(self.body, &self.beside, name, &whole)?;
        Ok(Finished::NoTrailer)
    }

    fn stops(&self, chunks: &Chunks) -> bool {
        let stops = self.body.is_cancelled() || !self.body.is_wanted(self.load);
        if stops {
            chunks.cancel();
        }
        stops
    }

    /// Lets others have their turn, and says how it goes, where it is time.
    async fn turn(&mut self) {
        let now = js_sys::Date::now();
        if now - self.clock.turn < TURN_MS {
            return;
        }
        if now - self.clock.progress >= PROGRESS_MS {
            self.clock.progress = now;
            self.body.tell_progress();
        }
        if now >= self.clock.answer + ANSWER_MS || self.body.with(|host| host.is_asked()) {
            self.body.answer();
            // What is answered while reading costs at most a twentieth of the time: indices are built anew for each
            // answer, and the page draws it.
            let ended = js_sys::Date::now();
            self.clock.answer = ended + (ended - now) * 19.0 - ANSWER_MS;
        }
        turns::next().await;
        self.clock.turn = js_sys::Date::now();
    }
}

fn broke(name: &str, why: &str) -> Trouble {
    Trouble::new(format!("{name} could not be read: {why}."), "Open it again; if it is packed, it may be damaged.")
}

/// Chunks until there are so many bytes, and whether that was the end.
async fn gather(chunks: &Chunks, mut so_far: Vec<u8>, enough: usize) -> Result<(Vec<u8>, bool), String> {
    while so_far.len() < enough {
        match chunks.next().await? {
            Some(chunk) => so_far.extend_from_slice(&chunk.to_vec()),
            None => return Ok((so_far, true)),
        }
    }
    Ok((so_far, false))
}

/// A chunk in the worker's own memory, in room that is used again.
fn copied<'a>(chunk: &Uint8Array, room: &'a mut Vec<u8>) -> &'a [u8] {
    let length = chunk.length() as usize;
    if room.len() < length {
        room.resize(length, 0);
    }
    chunk.copy_to(&mut room[..length]);
    &room[..length]
}

/// The whole of a stream that is packed.
pub fn unpack(stream: &ReadableStream) -> Result<ReadableStream, String> {
    unpacked(Vec::new(), Chunks::of(stream))
}

/// The stream that was packed: what was read of it and the rest.
fn unpacked(head: Vec<u8>, chunks: Chunks) -> Result<ReadableStream, String> {
    let words = |error: JsValue| crate::fetching::words(&error);
    let through = DecompressionStream::new("gzip").map_err(words)?;
    let writer: WritableStreamDefaultWriter = through.writable().get_writer().map_err(words)?;
    spawn_local(async move {
        let mut next = Some(Uint8Array::from(head.as_slice()));
        while let Some(chunk) = next {
            // Where it is no gzip after all, the reading side hears of it.
            if JsFuture::from(writer.write_with_chunk(chunk.unchecked_ref())).await.is_err() {
                return chunks.cancel();
            }
            next = match chunks.next().await {
                Ok(chunk) => chunk,
                Err(_) => return drop(writer.abort()),
            };
        }
        let _ = JsFuture::from(writer.close()).await;
    });
    Ok(through.readable())
}
