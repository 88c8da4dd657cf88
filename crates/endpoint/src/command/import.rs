//! `import`: real logs into the database, record by record or into quarantine with bytes and reason. How a
//! format is read, and told from the others, is `oversight::formats`; how records are stored, `desk`. A second
//! import of the same files adds nothing.

use super::input;
use crate::desk::{Desk, Imported, Settings};
use anyhow::Context;
use clap::{Args, ValueEnum};
use oversight::classify::ActionTable;
use oversight::formats::document::{self, Document};
use oversight::formats::otel::{Apart, Spans, Why};
use oversight::formats::{Reader, native};
use oversight::record::{AuditRecord, Quarantined, read_ndjson};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Lines of NDJSON decoded and stored at a time.
const LINES: usize = 5_000;
/// Reasons of quarantine that are printed; all of them are in the Records view.
const REASONS_SHOWN: usize = 10;
/// Names of spans that become no record that are printed, the most frequent first.
const NAMES_SHOWN: usize = 10;

/// Reads real logs into the database.
#[derive(Debug, Args)]
pub struct Import {
    /// The database: a file, or sqlite:FILE. It is created if it is not there.
    #[arg(long, value_name = "URL")]
    pub database: String,
    /// What the files hold.
    #[arg(long)]
    pub format: Format,
    /// Which records are an agent's (agents.toml). It goes before what a log says itself, and CloudTrail says nothing.
    #[arg(long, value_name = "FILE")]
    pub agents: Option<PathBuf>,
    /// Which accounts, regions and resources are which environment.
    #[arg(long, value_name = "FILE")]
    pub estate: Option<PathBuf>,
    /// Files, or folders to search for .json, .jsonl and .ndjson files.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// AWS CloudTrail log files, unpacked.
    Cloudtrail,
    /// OCSF API Activity events (class 6003, schema 1.1 and later of 1): an array, a wrapped one, or NDJSON.
    Ocsf,
    /// OpenTelemetry spans of AI agents: OTLP/JSON (one document, or one a line) or Jaeger JSON.
    Otel,
    /// Audit records of Countersign: NDJSON, an array, a page, or one record.
    Native,
    /// Whichever of these each file is, told from its content.
    Auto,
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub stored: Imported,
    /// Spans that are no AI agent's act, which become no record and are no fault: how many, by service and name.
    pub apart: BTreeMap<(Why, String, String), u64>,
}

/// Imports, and returns what became of it all. An error says what was kept until then.
pub async fn run(import: &Import) -> anyhow::Result<Outcome> {
    let files = input::files(&import.paths)?;
    let agents = input::attribution(import.agents.as_deref())?;
    let estate = input::estate(import.estate.as_deref())?;
    let settings = Settings { demonstration: false, estate: estate.clone() };
    let desk = Desk::open_to_add(&import.database, settings)
        .await
        .with_context(|| format!("the database {} can't be opened", import.database))?;

    let mut intake = Intake { desk, total: Outcome::default(), reasons: Vec::new() };
    let reader = Reader { table: ActionTable::built_in(), agents: &agents, estate: &estate };
    for file in &files {
        let read = intake.read(file, import.format, &reader).await;
        read.with_context(|| {
            format!(
                "stopped after {}; these are kept, and importing again adds only what is missing",
                summary(&intake.total)
            )
        })?;
    }
    for line in intake.reasons.iter().chain(&apart(&intake.total)) {
        eprintln!("{line}");
    }
    Ok(intake.total)
}

/// The one line that the command prints at its end.
pub fn summary(total: &Outcome) -> String {
    let stored = total.stored;
    let mut line =
        format!("{} accepted, {} quarantined", input::counted(stored.accepted), input::counted(stored.quarantined));
    if stored.known > 0 {
        line.push_str(&format!(", {} already there", input::counted(stored.known)));
    }
    let apart: u64 = total.apart.values().sum();
    if apart > 0 {
        line.push_str(&format!(", {} listed apart", spans(apart)));
    }
    line
}

/// What the spans are that became no record, a line for each reason and a line for each name.
fn apart(total: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    for why in [Why::NotAnAgents, Why::SameToolCall] {
        let mut named: Vec<(&str, &str, u64)> = total
            .apart
            .iter()
            .filter(|((of, ..), _)| *of == why)
            .map(|((_, service, name), count)| (service.as_str(), name.as_str(), *count))
            .collect();
        if named.is_empty() {
            continue;
        }
        lines.push(format!("{} listed apart: {}", spans(named.iter().map(|(.., count)| count).sum()), why.words()));
        named.sort_by_key(|(service, name, count)| (std::cmp::Reverse(*count), *service, *name));
        let shown = named.iter().take(NAMES_SHOWN);
        lines.extend(
            shown.map(|(service, name, count)| format!("  {} {}", input::counted(*count), named_span(service, name))),
        );
        if named.len() > NAMES_SHOWN {
            lines.push(format!("  and {} other names", input::counted((named.len() - NAMES_SHOWN) as u64)));
        }
    }
    lines
}

fn spans(count: u64) -> String {
    format!("{} {}", input::counted(count), if count == 1 { "span" } else { "spans" })
}

/// `service: name`, with what could move the cursor escaped.
fn named_span(service: &str, name: &str) -> String {
    let said = |text: &str| if text.is_empty() { "not recorded".to_owned() } else { text.escape_debug().to_string() };
    format!("{}: {}", said(service), said(name))
}

struct Intake {
    desk: Desk,
    total: Outcome,
    reasons: Vec<String>,
}

impl Intake {
    async fn read(&mut self, file: &Path, format: Format, reader: &Reader<'_>) -> anyhow::Result<()> {
        let source = file.display().to_string();
        if is_native_lines(file, format)? {
            return self.read_lines(file, &source).await;
        }
        let bytes = fs::read(file).with_context(|| input::unreadable(file))?;
        let (records, rejects) = match format {
            Format::Cloudtrail => reader.cloudtrail(&source, &bytes),
            Format::Ocsf => reader.ocsf(&source, &bytes),
            Format::Native => native::read_document(&source, &bytes),
            Format::Otel => {
                let Spans { records, rejects, apart } = reader.otel(&source, &bytes);
                self.set_apart(apart);
                (records, rejects)
            }
            Format::Auto => match reader.document(&source, &bytes) {
                Ok(Document { records, rejects, apart, .. }) => {
                    self.set_apart(apart);
                    (records, rejects)
                }
                Err(foreign) => {
                    let (position, field, reason) = (1, String::new(), foreign.to_string());
                    (Vec::new(), vec![Quarantined { source: source.clone(), position, field, reason, bytes }])
                }
            },
        };
        self.store(&source, records, rejects).await
    }

    fn set_apart(&mut self, spans: Vec<Apart>) {
        for span in spans {
            *self.total.apart.entry((span.why, span.service, span.name)).or_default() += 1;
        }
    }

    /// Some lines at a time, however long the file.
    async fn read_lines(&mut self, file: &Path, source: &str) -> anyhow::Result<()> {
        let mut lines = BufReader::new(fs::File::open(file).with_context(|| input::unreadable(file))?);
        let mut before = 0;
        loop {
            let mut bytes = Vec::new();
            let mut count = 0;
            while count < LINES && lines.read_until(b'\n', &mut bytes).with_context(|| input::unreadable(file))? > 0 {
                count += 1;
            }
            if count == 0 {
                return Ok(());
            }
            let (records, mut rejects) = read_ndjson(source, &bytes);
            rejects.iter_mut().for_each(|reject| reject.position += before);
            self.store(source, records, rejects).await?;
            before += count as u64;
        }
    }

    async fn store(
        &mut self,
        source: &str,
        records: Vec<AuditRecord>,
        rejects: Vec<Quarantined>,
    ) -> anyhow::Result<()> {
        let room = REASONS_SHOWN.saturating_sub(self.reasons.len());
        self.reasons.extend(rejects.iter().take(room).map(|reject| {
            let field = if reject.field.is_empty() { String::new() } else { format!("{}: ", reject.field) };
            format!("{}, item {}: {field}{}", reject.source, reject.position, reject.reason)
        }));
        let imported = self.desk.import(source, records, rejects).await?;
        let stored = &mut self.total.stored;
        stored.accepted += imported.accepted;
        stored.known += imported.known;
        stored.quarantined += imported.quarantined;
        Ok(())
    }
}

/// Whether a file is one native record a line, told from its first line, since such files are the long ones: that
/// line is a whole JSON value and no page of records, or nothing else is left of the file.
fn is_native_lines(file: &Path, format: Format) -> anyhow::Result<bool> {
    if !matches!(format, Format::Native | Format::Auto) {
        return Ok(false);
    }
    let mut first = Vec::new();
    let mut lines = BufReader::new(fs::File::open(file).with_context(|| input::unreadable(file))?);
    while first.iter().all(u8::is_ascii_whitespace) {
        first.clear();
        if lines.read_until(b'\n', &mut first).with_context(|| input::unreadable(file))? == 0 {
            return Ok(format == Format::Native);
        }
    }
    let starts_an_array = first.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let whole = !starts_an_array && serde_json::from_slice::<serde::de::IgnoredAny>(&first).is_ok();
    let is_page = std::str::from_utf8(&first).is_ok_and(native::is_page);
    Ok(match format {
        Format::Native => named_lines(file) || (whole && !is_page),
        _ => whole && !is_page && document::recognise(&first) == Ok(document::Format::Native),
    })
}

fn named_lines(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["ndjson", "jsonl"].iter().any(|lines| extension.eq_ignore_ascii_case(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_became_no_record_are_said_by_name_the_most_frequent_first() {
        let mut total = Outcome { stored: Imported { accepted: 17, known: 0, quarantined: 1 }, ..Outcome::default() };
        assert_eq!(summary(&total), "17 accepted, 1 quarantined");
        assert!(apart(&total).is_empty());
        let mut add = |why, service: &str, name: &str, count| {
            total.apart.insert((why, service.to_owned(), name.to_owned()), count);
        };
        add(Why::NotAnAgents, "edge", "POST /api", 2);
        add(Why::NotAnAgents, "", "GET \u{7}", 1_000);
        add(Why::SameToolCall, "mcp", "tools/call t", 3);
        assert_eq!(summary(&total), "17 accepted, 1 quarantined, 1,005 spans listed apart");
        assert_eq!(
            apart(&total),
            [
                "1,002 spans listed apart: not an AI agent's span",
                "  1,000 not recorded: GET \\u{7}",
                "  2 edge: POST /api",
                "3 spans listed apart: the same tool call, seen from its MCP client or server",
                "  3 mcp: tools/call t",
            ]
        );
        for number in 0..20 {
            total.apart.insert((Why::NotAnAgents, "s".to_owned(), number.to_string()), 1);
        }
        assert!(apart(&total).contains(&"  and 12 other names".to_owned()));
    }

    #[test]
    fn native_lines_are_told_from_the_first_line() {
        let folder = tempfile::tempdir().unwrap();
        let record = r#"{"uid":"r-1","time":"2026-01-01T00:00:00Z","kind":"execution"}"#;
        for (name, text, native, auto) in [
            ("a.json", format!("{record}\n{record}"), true, true),
            ("a.json", format!("\n\n{record}"), true, true),
            ("a.json", format!("{{\"items\":[{record}]}}"), false, false),
            ("a.json", format!("[{record}]"), false, false),
            ("a.json", "{\n\"uid\": 1}".to_owned(), false, false),
            ("a.json", "{\"resourceSpans\":[]}\n".to_owned(), true, false),
            ("a.ndjson", "{".to_owned(), true, false),
            ("a.jsonl", "{".to_owned(), true, false),
            ("a.json", " \n".to_owned(), true, false),
        ] {
            let file = folder.path().join(name);
            fs::write(&file, &text).unwrap();
            for (format, expected) in [(Format::Native, native), (Format::Auto, auto), (Format::Otel, false)] {
                assert_eq!(is_native_lines(&file, format).unwrap(), expected, "{name} {text:?} {format:?}");
            }
        }
    }
}
