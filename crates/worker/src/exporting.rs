//! Files of rows, in the order of a question: as CSV out of the columns, or whole records, which are read again from where
//! they came from. Where one record is, and how it is fetched alone, is `whole`'s.

use crate::body::{Body, Held};
use crate::fetching::{Chunks, fetch, words};
use crate::{reading, turns, whole};
use engine::host::{Part, csv_head, csv_rows, row_ids};
use engine::ingest::lines::{self, Lines};
use engine::store::RowId;
use engine::talk::{Export, RowsQuestion, Trouble};
use js_sys::{Array, Uint8Array};
use serde::Deserialize;
use std::collections::HashMap;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, File, ReadableStream};

/// Whole records of a file at most: they are gathered before they are in order.
const MOST: usize = 200_000;
/// So many whole records are fetched one by one; more are picked out of the whole source, read once more.
const FEW: usize = 50;
/// Rows that are written before others have their turn.
const TURN: usize = 2_000;

/// Makes the file of a question's rows.
///
/// # Errors
/// Where there are too many, where what they came from can't be read again or is no longer the same, or where other
/// records are opened meanwhile.
pub async fn export(body: &Body, question: &RowsQuestion, format: Export) -> Result<Blob, Trouble> {
    match format {
        Export::Csv => csv(body, question).await,
        Export::Ndjson => records(body, question).await,
    }
}

async fn csv(body: &Body, question: &RowsQuestion) -> Result<Blob, Trouble> {
    let (load, ids) = body.with(|host| (host.load(), row_ids(&host.view(), question)));
    let mut file = Parts::default();
    file.add(csv_head().as_bytes())?;
    for some in ids.chunks(TURN) {
        file.add(body.with(|host| csv_rows(&host.view(), some)).as_bytes())?;
        turns::next().await;
        is_still(body, load)?;
    }
    file.whole("text/csv;charset=utf-8")
}

async fn records(body: &Body, question: &RowsQuestion) -> Result<Blob, Trouble> {
    let (load, ids) = body.with(|host| (host.load(), row_ids(&host.view(), question)));
    if ids.len() > MOST {
        return Err(Trouble::new(
            format!("{} records are more than a file of whole records holds ({MOST}).", ids.len()),
            "Narrow the time or the filter; a CSV file of the columns has no such limit.",
        ));
    }
    let mut found = if ids.len() > FEW { picked(body, &ids).await? } else { Picked::default() };
    let mut file = Parts::default();
    for some in ids.chunks(TURN) {
        let mut text = Vec::new();
        for &id in some {
            is_still(body, load)?;
            let uid = body.with(|host| host.view().uid(id).to_owned());
            match found.remove(&uid) {
                Some(line) => text.extend_from_slice(&line),
                None => text.extend_from_slice(whole::record(body, &uid).await?.trim_end().as_bytes()),
            }
            text.push(b'\n');
        }
        file.add(&text)?;
        turns::next().await;
    }
    is_still(body, load)?;
    file.whole("application/x-ndjson")
}

fn is_still(body: &Body, load: u32) -> Result<(), Trouble> {
    let is_still = body.with(|host| host.load() == load);
    let other =
        || Trouble::new("Other records were opened while the file was made.", "Export again what is shown now.");
    is_still.then_some(()).ok_or_else(other)
}

/// A stream that records can be picked out of.
enum Again {
    Endpoint(String),
    Address { address: String, packed: bool },
    File { file: File, packed: bool },
}

/// The lines of records by uid, of those that were picked out. What is not among them is fetched alone, or said to be gone.
type Picked = HashMap<String, Vec<u8>>;

/// Reads the sources that have the rows once more, and picks their lines out.
async fn picked(body: &Body, ids: &[RowId]) -> Result<Picked, Trouble> {
    let mut wanted: HashMap<u16, HashMap<String, bool>> = HashMap::new();
    body.with(|host| {
        let view = host.view();
        for &id in ids {
            let source = Part::of(view.place_of_record(id)).source;
            wanted.entry(source).or_default().insert(view.uid(id).to_owned(), false);
        }
    });
    let mut picked = Picked::default();
    for (source, uids) in &mut wanted {
        let again = body.with_held(|held| match held.get(*source as usize) {
            Some(Held::Endpoint { address }) => Some(Again::Endpoint(address.clone())),
            Some(Held::Address { address, packed }) => {
                Some(Again::Address { address: address.clone(), packed: *packed })
            }
            Some(Held::File { file, packed }) => Some(Again::File { file: file.clone(), packed: *packed }),
            // Those are here, each by itself.
            Some(Held::Made(_)) | None => None,
        });
        if let Some(again) = again {
            let chunks = again.chunks().await?;
            pick(&chunks, uids, &mut picked).await?;
        }
    }
    Ok(picked)
}

impl Again {
    async fn chunks(self) -> Result<Chunks, Trouble> {
        let (stream, packed) = match self {
            Again::Endpoint(address) => {
                (body_of(&fetch(&address, &[("Accept", "application/x-ndjson")]).await?)?, false)
            }
            Again::Address { address, packed } => (body_of(&fetch(&address, &[]).await?)?, packed),
            Again::File { file, packed } => (file.stream(), packed),
        };
        let stream = if packed { reading::unpack(&stream).map_err(|why| again(&why))? } else { stream };
        Ok(Chunks::of(&stream))
    }
}

fn body_of(response: &web_sys::Response) -> Result<ReadableStream, Trouble> {
    response.body().ok_or_else(|| again("there is nothing any more"))
}

fn again(why: &str) -> Trouble {
    Trouble::new(format!("The records could not be read again: {why}."), "Open them again, then export.")
}

/// What of a line says which record it is.
#[derive(Deserialize)]
struct Named {
    uid: String,
}

/// Keeps the first line of each record that is wanted, as it was the first that was taken.
async fn pick(chunks: &Chunks, wanted: &mut HashMap<String, bool>, picked: &mut Picked) -> Result<(), Trouble> {
    let mut keep = |part: lines::Part<'_>| {
        let lines::Part::Line { text, .. } = part else { return };
        let Ok(Named { uid }) = serde_json::from_slice(text) else { return };
        if let Some(found) = wanted.get_mut(&uid).filter(|found| !**found) {
            *found = true;
            picked.insert(uid, text.to_vec());
        }
    };
    let mut lines = Lines::default();
    while let Some(chunk) = chunks.next().await.map_err(|why| again(&why))? {
        lines.feed(&chunk.to_vec(), &mut keep);
        turns::next().await;
    }
    lines.finish(&mut keep);
    Ok(())
}

/// A file as it grows, each part with the browser, which has more room than the worker.
#[derive(Default)]
struct Parts {
    parts: Array,
}

impl Parts {
    fn add(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let part = Array::of1(&Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence(&part).map_err(|error| no_file(&error))?;
        self.parts.push(&blob.into());
        Ok(())
    }

    fn whole(self, kind: &str) -> Result<Blob, Trouble> {
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        Blob::new_with_blob_sequence_and_options(&self.parts, &options).map_err(|error| no_file(&error))
    }
}

fn no_file(error: &JsValue) -> Trouble {
    Trouble::new(format!("The file could not be made: {}.", words(error)), "Narrow the filter and try again.")
}
