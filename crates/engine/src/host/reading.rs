//! Reading sources into the store: a stream of native NDJSON chunk by chunk, records that were made of another format,
//! lines that came live. Where bytes come from, and which format they are, is the worker's and `oversight::formats`'.

use super::{Host, KEPT_REJECTS};
use crate::ingest::{Check, Ending, Ingest, Reject, Sink};
use crate::row::Row;
use crate::store::{Appended, Place, Store};
use crate::talk::{Finished, Hashed, Load, RejectAnswer};
use oversight::record::{AuditRecord, Quarantined};

/// Bits of a place's offset; above them is the number of its source.
const OFFSET_BITS: u32 = 44;

/// What is being read.
#[derive(Debug)]
pub(super) struct Reading {
    ingest: Ingest,
    source: u16,
    name: String,
    /// An endpoint's snapshot has a trailer; without one it broke off.
    must_have_trailer: bool,
}

/// Lines that came live.
#[derive(Debug)]
pub(super) struct Live {
    source: u16,
    name: String,
    lines: String,
}

/// How a stream ended, and of which bytes the trailer's hash is, where it was not computed on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub finished: Finished,
    /// Bytes before the trailer, and the hash that it says they have, in hexadecimal.
    pub to_check: Option<(u64, String)>,
}

/// Where a record stands: in which source, at which byte, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub source: u16,
    pub offset: u64,
    pub length: u32,
}

impl Part {
    pub fn of(place: Place) -> Part {
        Part {
            source: (place.offset >> OFFSET_BITS) as u16,
            offset: place.offset & ((1 << OFFSET_BITS) - 1),
            length: place.length,
        }
    }

    fn place(self) -> Place {
        Place { offset: (u64::from(self.source) << OFFSET_BITS) | self.offset, length: self.length }
    }
}

impl Host {
    /// A stream of native records begins. `must_have_trailer` is for what is a snapshot by its kind.
    pub fn begin(&mut self, source: u16, name: &str, check: Check, must_have_trailer: bool) {
        self.progress.format = "NDJSON".to_owned();
        let ingest = Ingest::new(check);
        self.reading = Some(Reading { ingest, source, name: name.to_owned(), must_have_trailer });
    }

    /// Some of the stream's bytes. Returns how many from its start are settled, as [`Ingest::settled`] has it.
    pub fn feed(&mut self, chunk: &[u8]) -> u64 {
        let Some(reading) = &mut self.reading else { return 0 };
        self.progress.bytes += chunk.len() as u64;
        let mut into = Into {
            store: &mut self.store,
            rejects: &mut self.rejects,
            quarantined: &mut self.progress.quarantined,
            source: reading.source,
            name: &reading.name,
        };
        reading.ingest.feed(chunk, &mut into);
        reading.ingest.settled()
    }

    /// The stream is over.
    pub fn end(&mut self) -> Ended {
        let Some(Reading { ingest, source, name, must_have_trailer }) = self.reading.take() else {
            return Ended { finished: Finished::NoTrailer, to_check: None };
        };
        let mut into = Into {
            store: &mut self.store,
            rejects: &mut self.rejects,
            quarantined: &mut self.progress.quarantined,
            source,
            name: &name,
        };
        let summary = ingest.finish(&mut into);
        let mut to_check = None;
        let finished = match summary.ending {
            Ending::Whole => match summary.trailer {
                Some(trailer) if !summary.hashed => {
                    to_check = Some((trailer.before, trailer.sha256.to_string()));
                    Finished::Whole { hash: Hashed::Checking }
                }
                _ => Finished::Whole { hash: Hashed::Agrees },
            },
            Ending::Incomplete => Finished::Incomplete,
            Ending::NoTrailer if must_have_trailer => Finished::Incomplete,
            Ending::NoTrailer => Finished::NoTrailer,
            Ending::Differs { lines, sha256, after } => Finished::Differs {
                what: match (summary.trailer, after) {
                    (_, 1..) => format!("{after} lines stand after the trailer, which is the last line"),
                    (Some(trailer), _) if trailer.rows != lines => {
                        format!("the trailer says {} lines, and {lines} came", trailer.rows)
                    }
                    (Some(trailer), _) => format!(
                        "the trailer says SHA-256 {}, and what came has {}",
                        trailer.sha256,
                        sha256.map(|sha256| sha256.to_string()).unwrap_or_default()
                    ),
                    (None, _) => "there is no trailer".to_owned(),
                },
            },
        };
        Ended { finished, to_check }
    }

    /// The hash of the bytes that a load's trailer is about, taken beside the reading; none where it could not be taken.
    pub fn hashed(&mut self, load: Load, said: &str, came: Option<&str>) {
        if self.progress.load != load || self.progress.finished != Some(Finished::Whole { hash: Hashed::Checking }) {
            return;
        }
        self.progress.finished = Some(hashed(said, came));
    }

    /// What a document of another format held; each record with its place in `source`.
    pub fn take(&mut self, source: u16, records: &[(AuditRecord, u64, u32)], rejects: Vec<Quarantined>) {
        for (record, offset, length) in records {
            let place = Part { source, offset: *offset, length: *length }.place();
            // Counted as repeated where it is.
            self.store.append(&Row::of(record), place);
        }
        for reject in rejects {
            let text = String::from_utf8_lossy(&reject.bytes[..reject.bytes.len().min(4 << 10)]).into_owned();
            self.reject(RejectAnswer {
                source: reject.source,
                position: reject.position,
                field: reject.field,
                reason: reject.reason,
                text,
            });
        }
    }

    /// Lines that came live. While the load is read they wait, so that what it holds comes first, as it does in the log.
    pub fn append(&mut self, source: u16, name: &str, lines: &str) {
        if self.progress.finished.is_none() {
            self.waiting.push(Live { source, name: name.to_owned(), lines: lines.to_owned() });
            return;
        }
        let mut ingest = Ingest::new(Check::Off);
        let mut into = Into {
            store: &mut self.store,
            rejects: &mut self.rejects,
            quarantined: &mut self.progress.quarantined,
            source,
            name,
        };
        ingest.feed(lines.as_bytes(), &mut into);
        ingest.finish(&mut into);
    }

    /// The load was read, or as much of it as can be.
    pub fn finish(&mut self, finished: Finished) {
        self.progress.finished = Some(finished);
        for Live { source, name, lines } in std::mem::take(&mut self.waiting) {
            self.append(source, &name, &lines);
        }
    }

    /// What is read, as it is shown while it is read and afterwards.
    pub fn note(&mut self, note: impl FnOnce(&mut crate::talk::Progress)) {
        note(&mut self.progress);
    }

    pub fn reject(&mut self, reject: RejectAnswer) {
        self.progress.quarantined += 1;
        if self.rejects.len() < KEPT_REJECTS {
            self.rejects.push(reject);
        }
    }
}

/// How a stream ended that is whole by its trailer's count, by the hash that the trailer says and the one of what came.
pub fn hashed(said: &str, came: Option<&str>) -> Finished {
    match came {
        None => Finished::Whole { hash: Hashed::Unchecked },
        Some(came) if came == said => Finished::Whole { hash: Hashed::Agrees },
        Some(came) => Finished::Differs { what: format!("the trailer says SHA-256 {said}, and what came has {came}") },
    }
}

struct Into<'a> {
    store: &'a mut Store,
    rejects: &'a mut Vec<RejectAnswer>,
    quarantined: &'a mut u64,
    source: u16,
    name: &'a str,
}

impl Sink for Into<'_> {
    fn row(&mut self, row: Row<'_>, place: crate::ingest::Place) {
        let part = Part { source: self.source, offset: place.offset, length: place.length as u32 };
        if self.store.append(&row, part.place()) == Appended::Full {
            self.keep(RejectAnswer {
                source: self.name.to_owned(),
                position: place.line,
                field: String::new(),
                reason: "there is no room for more records".to_owned(),
                text: String::new(),
            });
        }
    }

    fn quarantined(&mut self, reject: Reject) {
        self.keep(RejectAnswer {
            source: self.name.to_owned(),
            position: reject.place.line,
            field: reject.fault.path,
            reason: reject.fault.reason,
            text: String::from_utf8_lossy(&reject.bytes).into_owned(),
        });
    }
}

impl Into<'_> {
    fn keep(&mut self, reject: RejectAnswer) {
        *self.quarantined += 1;
        if self.rejects.len() < KEPT_REJECTS {
            self.rejects.push(reject);
        }
    }
}
