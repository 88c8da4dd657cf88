//! One door for any file: which of the known formats it is in, told from its bytes, and its records by that format's
//! reader; or, in a sentence for whoever dropped it there, what it is instead. Pure, like all readers: a Web Worker
//! calls it with a dropped file, `import` with one from disk.

use crate::formats::lax::{self, quoted};
use crate::formats::layout::{self, LOOKED_AT, Layout, Unlaid};
use crate::formats::otel::{Apart, Spans};
use crate::formats::{Reader, native};
use crate::record::{AuditRecord, Quarantined};
use serde_json::value::RawValue;
use std::fmt;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Audit records of Countersign: one, an array, or a page `{"items": […]}`.
    Native,
    /// Audit records, one a line. `Reader::document` reads them at once; the engine and `import` as they come.
    NativeLines,
    CloudTrail,
    Ocsf,
    /// OpenTelemetry spans as OTLP/JSON.
    Otlp,
    /// OpenTelemetry spans as Jaeger JSON.
    Jaeger,
}

impl Format {
    /// A reader's words.
    pub fn words(self) -> &'static str {
        match self {
            Format::Native => "audit records",
            Format::NativeLines => "audit records, one a line",
            Format::CloudTrail => "an AWS CloudTrail log",
            Format::Ocsf => "OCSF events",
            Format::Otlp => "OpenTelemetry spans (OTLP/JSON)",
            Format::Jaeger => "OpenTelemetry spans (Jaeger JSON)",
        }
    }
}

/// What a file is that is in no format that is read. Shown, it is one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    #[error("The file is empty.")]
    Empty,
    #[error("The file is {0}; unpack it first.")]
    Packed(&'static str),
    #[error("The file is {0}, which is not read; save it as JSON.")]
    Binary(&'static str),
    #[error("The file is text in UTF-16; save it as UTF-8.")]
    Utf16,
    #[error("The file is not text: byte {0} is not UTF-8.")]
    NotText(usize),
    #[error(
        "The file is a web page (HTML), not JSON: perhaps a page to sign in or to say an error was saved in its place."
    )]
    Html,
    #[error("The file is XML, not JSON.")]
    Xml,
    #[error("The file is a table, {columns} columns separated by {separator}, not JSON.")]
    Table { columns: usize, separator: &'static str },
    #[error("The file is text, not JSON: it begins with {0}.")]
    Text(String),
    #[error("The JSON is cut short: it breaks off at line {line}, column {column}.")]
    CutShort { line: usize, column: usize },
    #[error("The file is not JSON: {0}.")]
    Broken(String),
    #[error("The JSON gives the key {0} twice in one object; one of the two would be lost.")]
    Twice(String),
    #[error("The JSON is {0} alone; a list of records or events is expected.")]
    Scalar(&'static str),
    #[error("The file holds {0} of OpenTelemetry; spans (resourceSpans) alone are read.")]
    OtherSignal(&'static str),
    #[error("The JSON is of no format that is read: {0}.")]
    OtherJson(String),
}

/// What a file holds.
#[derive(Debug)]
pub struct Document {
    pub format: Format,
    pub records: Vec<AuditRecord>,
    pub rejects: Vec<Quarantined>,
    /// Of a file of spans, those that are no agent's.
    pub apart: Vec<Apart>,
}

impl Reader<'_> {
    /// Reads a file in whichever format it is. `source` names it in what is quarantined.
    pub fn document(&self, source: &str, bytes: &[u8]) -> Result<Document, Foreign> {
        let format = recognise(bytes)?;
        let (records, rejects, apart) = match format {
            Format::CloudTrail => with_none_apart(self.cloudtrail(source, bytes)),
            Format::Ocsf => with_none_apart(self.ocsf(source, bytes)),
            Format::Native | Format::NativeLines => with_none_apart(native::read_document(source, bytes)),
            Format::Otlp | Format::Jaeger => {
                let Spans { records, rejects, apart } = self.otel(source, bytes);
                (records, rejects, apart)
            }
        };
        Ok(Document { format, records, rejects, apart })
    }
}

type Held = (Vec<AuditRecord>, Vec<Quarantined>, Vec<Apart>);

fn with_none_apart((records, rejects): (Vec<AuditRecord>, Vec<Quarantined>)) -> Held {
    (records, rejects, Vec::new())
}

/// Which format a file is in, by the first items of it that are of one.
pub fn recognise(bytes: &[u8]) -> Result<Format, Foreign> {
    check_signature(bytes)?;
    match layout::layout(bytes) {
        Ok(Layout::List(items)) if items.is_empty() => Ok(Format::Native),
        Ok(Layout::List(items)) => of_first(&items).ok_or_else(|| unknown_list(&items)),
        Ok(Layout::Lines(bytes)) => {
            let lines = layout::lines(bytes).take(LOOKED_AT);
            let lines: Vec<&str> = lines.filter_map(|(_, line)| layout::text(line).ok()).collect();
            let known = lines.iter().find_map(|line| of_line(line));
            let first = || lines.first().map_or_else(String::new, |line| described(line));
            known.ok_or_else(|| Foreign::OtherJson(format!("each line is {}", first())))
        }
        Ok(Layout::One(one)) => match of_object(one) {
            Some(format) => Ok(format),
            None => Err(unknown(one)),
        },
        Err(Unlaid::NotText(error)) => Err(Foreign::NotText(error.valid_up_to() + 1)),
        Err(Unlaid::NotJson(error)) => Err(no_json(&String::from_utf8_lossy(layout::unmarked(bytes)), &error)),
    }
}

/// What the first bytes of a file say that it is, where they are those of something else.
fn check_signature(bytes: &[u8]) -> Result<(), Foreign> {
    let packed: [(&[u8], &str); 6] = [
        (b"\x1f\x8b", "compressed with gzip"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x28\xb5\x2f\xfd", "compressed with Zstandard"),
        (b"BZh", "compressed with bzip2"),
        (b"\xfd7zXZ\0", "compressed with xz"),
        (b"\x04\x22\x4d\x18", "compressed with LZ4"),
    ];
    if let Some((_, what)) = packed.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Foreign::Packed(what));
    }
    let binary: [(&[u8], &str); 3] =
        [(b"PAR1", "Apache Parquet"), (b"SQLite format 3\0", "an SQLite database"), (b"%PDF-", "a PDF")];
    if let Some((_, what)) = binary.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Foreign::Binary(what));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Foreign::Utf16);
    }
    if layout::unmarked(bytes).trim_ascii().is_empty() { Err(Foreign::Empty) } else { Ok(()) }
}

fn of_first(items: &[&RawValue]) -> Option<Format> {
    items.iter().take(LOOKED_AT).find_map(|item| of_item(item.get()))
}

/// The format that a record, an event, a document of spans is in, as an item among others.
fn of_item(text: &str) -> Option<Format> {
    let members = lax::members(text).ok()??;
    let has = |name: &str| members.iter().any(|(known, _)| known == name);
    let inner = |name: &str| members.iter().find(|(known, _)| known == name).map(|(_, inner)| inner.get());
    match () {
        () if has("class_uid") => Some(Format::Ocsf),
        () if has("resourceSpans") => Some(Format::Otlp),
        () if has("spans") && (has("traceID") || has("processes")) => Some(Format::Jaeger),
        () if has("eventID") && has("eventSource") => Some(Format::CloudTrail),
        () if has("uid") && has("kind") => Some(Format::Native),
        () => inner("event").and_then(of_item).filter(|format| *format == Format::Ocsf),
    }
}

/// The format of a line; the last one of a stream of records tells what went before it.
fn of_line(text: &str) -> Option<Format> {
    match of_object(text) {
        Some(Format::Native) => Some(Format::NativeLines),
        None => {
            let members = lax::members(text).ok()??;
            members.iter().any(|(name, _)| name == "trailer").then_some(Format::NativeLines)
        }
        format => format,
    }
}

/// The format of an object that is the whole file, or a line of it.
fn of_object(text: &str) -> Option<Format> {
    if let Some(format) = of_item(text) {
        return Some(format);
    }
    let members = lax::members(text).ok()??;
    let has = |name: &str| members.iter().any(|(known, _)| known == name);
    members.iter().find_map(|(name, inner)| {
        let items = lax::elements(inner.get()).ok()??;
        let of_items = of_first(&items);
        let format = match name.as_str() {
            "Records" => of_items.or(Some(Format::CloudTrail)),
            "events" | "records" => of_items,
            // What a search that found nothing answers.
            "data" if items.is_empty() && has("total") => Some(Format::Jaeger),
            "data" => of_items,
            "items" if items.is_empty() => Some(Format::Native),
            "items" => of_items,
            _ => None,
        }?;
        // Each of these wrappers is some formats' and no others'.
        let its_own = match name.as_str() {
            "Records" => matches!(format, Format::CloudTrail | Format::Ocsf),
            "events" | "records" => format == Format::Ocsf,
            "data" => matches!(format, Format::Jaeger | Format::Ocsf),
            _ => format == Format::Native,
        };
        its_own.then_some(format)
    })
}

fn unknown(text: &str) -> Foreign {
    let signals = [("resourceLogs", "logs"), ("resourceMetrics", "metrics")];
    let members = match lax::members(text) {
        Ok(Some(members)) => members,
        Ok(None) => return Foreign::Scalar(described_scalar(text)),
        // It is whole, or there would be no text of it.
        Err(fault) => return Foreign::Twice(quoted(&fault.path)),
    };
    match signals.iter().find(|(name, _)| members.iter().any(|(known, _)| known == name)) {
        Some((_, signal)) => Foreign::OtherSignal(signal),
        None => Foreign::OtherJson(described(text)),
    }
}

fn unknown_list(items: &[&RawValue]) -> Foreign {
    Foreign::OtherJson(format!("a list whose first item is {}", described(items[0].get())))
}

/// An object by its first members, a scalar by its type.
fn described(text: &str) -> String {
    const SHOWN: usize = 4;
    match lax::members(text) {
        Ok(Some(members)) if members.is_empty() => "an object without fields".to_owned(),
        Ok(Some(members)) => {
            let names: Vec<String> = members.iter().take(SHOWN).map(|(name, _)| quoted(name)).collect();
            let more = if members.len() > SHOWN { ", …" } else { "" };
            format!("an object with {}{more}", names.join(", "))
        }
        Ok(None) => described_scalar(text).to_owned(),
        Err(fault) => format!("an object in which {}", fault.reason),
    }
}

fn described_scalar(text: &str) -> &'static str {
    match text.trim_start().bytes().next() {
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn no_json(text: &str, error: &serde_json::Error) -> Foreign {
    let start = text.trim_start();
    if start.starts_with('<') {
        let head: String = start.chars().take(1_024).collect::<String>().to_lowercase();
        let is_html = head.starts_with("<!doctype html") || head.contains("<html") || head.contains("<head");
        return if is_html { Foreign::Html } else { Foreign::Xml };
    }
    if start.starts_with(['{', '[', '"']) {
        let (line, column) = (error.line(), error.column());
        return if error.is_eof() { Foreign::CutShort { line, column } } else { Foreign::Broken(error.to_string()) };
    }
    let mut lines = start.lines().map(str::trim).filter(|line| !line.is_empty());
    let (first, second) = (lines.next().unwrap_or_default(), lines.next());
    for (separator, words) in [(',', "commas"), (';', "semicolons"), ('\t', "tabs")] {
        let columns = first.split(separator).count();
        // A quoted cell may hold the separator: more of them is no other table.
        if columns > 1 && second.is_none_or(|second| second.split(separator).count() >= columns) {
            return Foreign::Table { columns, separator: words };
        }
    }
    Foreign::Text(quoted(first))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

#[cfg(test)]
mod tests;
