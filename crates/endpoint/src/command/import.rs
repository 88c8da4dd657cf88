//! `import`: real logs into the database, record by record or into quarantine with bytes and reason. How a
//! format is read is `oversight`; how records are stored, `desk`. A second import of the same files adds
//! nothing.

use super::input;
use crate::desk::{Desk, Imported, Settings};
use anyhow::Context;
use clap::{Args, ValueEnum};
use oversight::classify::ActionTable;
use oversight::formats::Reader;
use oversight::json::Fault;
use oversight::record::{AuditRecord, Quarantined, read_ndjson};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Lines of NDJSON decoded and stored at a time.
const LINES: usize = 5_000;
/// Reasons of quarantine that are printed; all of them are in the Records view.
const REASONS_SHOWN: usize = 10;

/// Reads real logs into the database.
#[derive(Debug, Args)]
pub struct Import {
    /// The database: a file, or sqlite:FILE. It is created if it is not there.
    #[arg(long, value_name = "URL")]
    pub database: String,
    /// What the files hold.
    #[arg(long)]
    pub format: Format,
    /// Which records are an agent's (agents.toml); without it, none is.
    #[arg(long, value_name = "FILE")]
    pub agents: Option<PathBuf>,
    /// Which accounts, regions and resources are which environment.
    #[arg(long, value_name = "FILE")]
    pub estate: Option<PathBuf>,
    /// Files, or folders to search for .json and .ndjson files.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// AWS CloudTrail log files, unpacked.
    Cloudtrail,
    /// Audit records of Countersign: NDJSON, an array, or one record.
    Native,
}

/// Imports, and returns what became of it all. An error says what was kept until then.
pub async fn run(import: &Import) -> anyhow::Result<Imported> {
    let files = input::files(&import.paths)?;
    let agents = input::attribution(import.agents.as_deref())?;
    let estate = input::estate(import.estate.as_deref())?;
    let settings = Settings { demonstration: false, estate: estate.clone() };
    let desk = Desk::open_to_add(&import.database, settings)
        .await
        .with_context(|| format!("the database {} can't be opened", import.database))?;

    let mut intake = Intake { desk, total: Imported::default(), reasons: Vec::new() };
    let reader = Reader { table: ActionTable::built_in(), agents: &agents, estate: &estate };
    for file in &files {
        let read = intake.read(file, import.format, &reader).await;
        read.with_context(|| {
            format!(
                "stopped after {}; these are kept, and importing again adds only what is missing",
                summary(intake.total)
            )
        })?;
    }
    for reason in &intake.reasons {
        eprintln!("{reason}");
    }
    Ok(intake.total)
}

/// The one line that the command prints at its end.
pub fn summary(total: Imported) -> String {
    let mut line =
        format!("{} accepted, {} quarantined", input::counted(total.accepted), input::counted(total.quarantined));
    if total.known > 0 {
        line.push_str(&format!(", {} already there", input::counted(total.known)));
    }
    line
}

struct Intake {
    desk: Desk,
    total: Imported,
    reasons: Vec<String>,
}

impl Intake {
    async fn read(&mut self, file: &Path, format: Format, reader: &Reader<'_>) -> anyhow::Result<()> {
        let source = file.display().to_string();
        let whole = || fs::read(file).with_context(|| input::unreadable(file));
        match format {
            Format::Cloudtrail => {
                let (records, rejects) = reader.cloudtrail(&source, &whole()?);
                self.store(&source, records, rejects).await
            }
            Format::Native if is_lines(file)? => self.read_lines(file, &source).await,
            Format::Native => {
                let (records, rejects) = read_document(&source, &whole()?);
                self.store(&source, records, rejects).await
            }
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
        self.total.accepted += imported.accepted;
        self.total.known += imported.known;
        self.total.quarantined += imported.quarantined;
        Ok(())
    }
}

/// Whether a native file is one record a line: its first line is a whole JSON value, or nothing else is
/// left of it.
fn is_lines(file: &Path) -> anyhow::Result<bool> {
    let mut first = Vec::new();
    let mut lines = BufReader::new(fs::File::open(file).with_context(|| input::unreadable(file))?);
    while first.iter().all(u8::is_ascii_whitespace) {
        first.clear();
        if lines.read_until(b'\n', &mut first).with_context(|| input::unreadable(file))? == 0 {
            return Ok(true);
        }
    }
    let starts_an_array = first.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let named_lines = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ndjson"));
    Ok(named_lines || (!starts_an_array && serde_json::from_slice::<serde::de::IgnoredAny>(&first).is_ok()))
}

/// One JSON document: an array of records, or one record.
fn read_document(source: &str, bytes: &[u8]) -> (Vec<AuditRecord>, Vec<Quarantined>) {
    let reject = |position: usize, fault: Fault, bytes: Vec<u8>| Quarantined {
        source: source.to_owned(),
        position: position as u64 + 1,
        field: fault.path,
        reason: fault.reason,
        bytes,
    };
    let items = match oversight::json::parse(bytes) {
        Ok(Value::Array(items)) => items,
        Ok(one) => vec![one],
        Err(fault) => return (Vec::new(), vec![reject(0, fault, bytes.to_vec())]),
    };
    let mut records = Vec::new();
    let mut rejects = Vec::new();
    for (position, item) in items.into_iter().enumerate() {
        let text = item.to_string();
        match AuditRecord::decode(item) {
            Ok(record) => records.push(record),
            Err(fault) => rejects.push(reject(position, fault, text.into_bytes())),
        }
    }
    (records, rejects)
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, Sample, VALUES, cases, try_inputs};

    #[test]
    fn each_item_of_a_document_is_read_or_quarantined() {
        let good = r#"{"uid":"r-1","time":"2026-01-01T00:00:00Z","kind":"execution","action":{"service":"s3","operation":"Get"}}"#;
        let samples = [Sample::json(format!("[{good},{}]", good.replace("r-1", "r-2"))), Sample::json(good)];
        let make = |made: &mut Generator| made.altered(&samples, VALUES);
        try_inputs("documents", cases(2_000), make, |bytes| {
            let (records, rejects) = read_document("a", bytes);
            let items = match oversight::json::parse(bytes) {
                Ok(Value::Array(items)) => items.len(),
                _ => 1,
            };
            assert_eq!(records.len() + rejects.len(), items);
            assert!(
                rejects.iter().all(|reject| (1..=items as u64).contains(&reject.position) && !reject.reason.is_empty())
            );
            for reject in &rejects {
                assert!(AuditRecord::read(&reject.bytes).is_err());
            }
            !records.is_empty()
        });
    }
}
