//! Native records as NDJSON, from a stream into rows. `lines` cuts the stream, `scan` reads the common line, and
//! `AuditRecord::read` of the domain every other; what neither takes is told with its place, its reason and its bytes.
//! A snapshot's trailer says whether it is whole. Columns are `store`'s, other formats `oversight::formats`'.

pub mod lines;
pub mod scan;
mod shape;
mod token;

#[cfg(test)]
mod differential;
#[cfg(test)]
mod records;
#[cfg(test)]
mod tests;

use crate::row::Row;
use lines::{KEPT, LONGEST, Lines, Part};
use oversight::digest::Digest;
use oversight::json::{self, Fault};
use oversight::record::AuditRecord;
use scan::Scanner;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub use lines::Place;

/// What is made of a stream.
pub trait Sink {
    /// A record, in the order of the stream.
    fn row(&mut self, row: Row<'_>, place: Place);
    /// A line that is no record.
    fn quarantined(&mut self, reject: Reject);
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    pub place: Place,
    /// Where in the line and why.
    pub fault: Fault,
    /// The line's first [`KEPT`] bytes.
    pub bytes: Vec<u8>,
}

/// Whether the bytes are hashed as they are read, to be compared with a snapshot's trailer. The count of its lines is
/// compared in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Costs a SHA-256 of every byte.
    Trailer,
    /// For streams that have no trailer, or whose hash is taken elsewhere: [`Trailer::before`] says of which bytes.
    Off,
}

/// What was read so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub rows: u64,
    pub quarantined: u64,
    /// Of the stream, whatever they held.
    pub bytes: u64,
    /// Rows that the scanner read.
    pub fast: u64,
    /// Rows that the decoder read.
    pub slow: u64,
}

/// The last line of a snapshot, `{"trailer":{"rows","sha256"}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trailer {
    /// Lines before it.
    pub rows: u64,
    /// Of the bytes before it, line feeds included.
    pub sha256: Digest,
    /// How many bytes are before it.
    pub before: u64,
}

/// How a stream ended. Only with a trailer that it agrees with is it known to be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// What was read is what the trailer says; of the hash, [`Check`] says whether it was compared.
    Whole,
    /// Within its last line, which has no end and can't be read.
    Incomplete,
    /// There is a trailer, and it says something else.
    Differs {
        /// Lines before the trailer.
        lines: u64,
        /// Hash of the bytes before it, where it was taken.
        sha256: Option<Digest>,
        /// Lines after it; each was quarantined.
        after: u64,
    },
    /// At the end of a line, and none was a trailer. That is how any other NDJSON ends; a snapshot broke off.
    NoTrailer,
}

/// What came of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    pub counts: Counts,
    pub ending: Ending,
    /// The first, where there was one.
    pub trailer: Option<Trailer>,
    /// Whether its hash was compared with that of the bytes.
    pub hashed: bool,
}

/// Reads one stream.
#[derive(Debug)]
pub struct Ingest {
    lines: Lines,
    reading: Reading,
}

impl Ingest {
    pub fn new(check: Check) -> Self {
        let hash = match check {
            Check::Trailer => Some(Sha256::new()),
            Check::Off => None,
        };
        let reading = Reading {
            scanner: Scanner::default(),
            counts: Counts::default(),
            hash,
            trailer: None,
            sha256: None,
            lines: 0,
            after: 0,
            cut: false,
        };
        Ingest { lines: Lines::default(), reading }
    }

    /// Reads what ends in `chunk`, and keeps the start of a line whose end is still to come.
    pub fn feed(&mut self, chunk: &[u8], sink: &mut impl Sink) {
        let Ingest { lines, reading } = self;
        reading.counts.bytes += chunk.len() as u64;
        lines.feed(chunk, |part| reading.take(part, sink));
    }

    /// Bytes from the stream's start that its trailer's hash covers if there is one: all but a line that has not ended.
    pub fn settled(&self) -> u64 {
        self.reading.trailer.map_or_else(|| self.lines.settled(), |trailer| trailer.before)
    }

    /// The stream is over.
    pub fn finish(self, sink: &mut impl Sink) -> Summary {
        let Ingest { mut lines, mut reading } = self;
        lines.finish(|part| reading.take(part, sink));
        let ending = match reading.trailer {
            None if reading.cut => Ending::Incomplete,
            None => Ending::NoTrailer,
            Some(trailer) => {
                let differs = reading.sha256.is_some_and(|sha256| sha256 != trailer.sha256);
                if differs || reading.lines != trailer.rows || reading.after > 0 {
                    Ending::Differs { lines: reading.lines, sha256: reading.sha256, after: reading.after }
                } else {
                    Ending::Whole
                }
            }
        };
        Summary { counts: reading.counts, ending, trailer: reading.trailer, hashed: reading.sha256.is_some() }
    }

    /// What was read so far.
    pub fn counts(&self) -> Counts {
        self.reading.counts
    }
}

#[derive(Debug)]
struct Reading {
    scanner: Scanner,
    counts: Counts,
    /// Of the bytes so far, until the trailer.
    hash: Option<Sha256>,
    trailer: Option<Trailer>,
    /// The hash as it was at the trailer.
    sha256: Option<Digest>,
    /// Lines before the trailer that hold something.
    lines: u64,
    after: u64,
    /// Whether the last line had no end and could not be read.
    cut: bool,
}

impl Reading {
    fn take(&mut self, part: Part<'_>, sink: &mut impl Sink) {
        match part {
            Part::Line { text, raw, place, ended } => self.line(text, raw, place, ended, sink),
            Part::Passed(raw) => self.pass(raw),
            Part::TooLong { head, place } => {
                self.count();
                self.reject(Fault::new("", too_long()), head, place, sink);
            }
        }
    }

    fn line(&mut self, text: &[u8], raw: &[u8], place: Place, ended: bool, sink: &mut impl Sink) {
        if self.trailer.is_some() {
            self.after += 1;
            return self.reject(
                Fault::new("", "it stands after the trailer, which is the last line"),
                text,
                place,
                sink,
            );
        }
        if let Some(row) = self.scanner.scan(text) {
            self.counts.fast += 1;
            self.counts.rows += 1;
            sink.row(row, place);
        } else {
            match read(text) {
                Ok(Content::Record(row)) => {
                    self.counts.slow += 1;
                    self.counts.rows += 1;
                    sink.row(*row, place);
                }
                Ok(Content::Trailer { rows, sha256 }) => {
                    let before = place.offset;
                    self.trailer = Some(Trailer { rows, sha256, before });
                    self.sha256 = self.hash.take().map(digest);
                    return;
                }
                Err(fault) => {
                    self.cut = !ended;
                    self.reject(fault, text, place, sink);
                }
            }
        }
        self.count();
        self.pass(raw);
    }

    fn count(&mut self) {
        match self.trailer {
            None => self.lines += 1,
            Some(_) => self.after += 1,
        }
    }

    fn pass(&mut self, raw: &[u8]) {
        if let Some(hash) = &mut self.hash {
            hash.update(raw);
        }
    }

    fn reject(&mut self, fault: Fault, bytes: &[u8], place: Place, sink: &mut impl Sink) {
        self.counts.quarantined += 1;
        sink.quarantined(Reject { place, fault, bytes: bytes[..bytes.len().min(KEPT)].to_vec() });
    }
}

enum Content {
    Record(Box<Row<'static>>),
    Trailer { rows: u64, sha256: Digest },
}

/// What the scanner left: as the domain's decoder has it.
fn read(text: &[u8]) -> Result<Content, Fault> {
    let value = json::parse(text)?;
    if let Value::Object(object) = &value
        && let (1, Some(trailer)) = (object.len(), object.get("trailer"))
    {
        let no = |name: &str, what: &str| Fault::new(format!("trailer.{name}"), what);
        let rows = trailer["rows"].as_u64().ok_or_else(|| no("rows", "not a count of lines"))?;
        let sha256 = trailer["sha256"].as_str().unwrap_or_default();
        let sha256 = sha256.parse().map_err(|error: oversight::digest::BadDigest| no("sha256", &error.to_string()))?;
        return Ok(Content::Trailer { rows, sha256 });
    }
    Ok(Content::Record(Box::new(Row::of(&AuditRecord::decode(value)?))))
}

fn too_long() -> String {
    format!("the line is longer than {} MiB", LONGEST >> 20)
}

fn digest(hash: Sha256) -> Digest {
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    hex.parse().expect("32 bytes are 64 hexadecimal digits")
}
