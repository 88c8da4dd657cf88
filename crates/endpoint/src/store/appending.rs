//! Records on their way into the rows of the audit trail, with search text, log entry and disclosures: one, or very many.
//! Reading them is `records`; which record may be appended by whom is the desk's to say.

use super::StoreError;
use oversight::canonical::of_value;
use oversight::log_entry::LogEntry;
use oversight::record::AuditRecord;
use oversight::vocabulary::Asserter;
use serde_json::{Map, Value};
use sqlx::query_builder::QueryBuilder;
use sqlx::{Sqlite, SqliteConnection};

/// Most values in one statement; SQLite takes 32,766.
const VALUES: usize = 900;

/// A record ready to be stored: its sequence is set and its canonical text taken.
pub struct Entry<'a> {
    pub record: &'a AuditRecord,
    pub sequence: u64,
    pub body: &'a str,
    /// What a search looks through: `words` of its fields.
    pub words: &'a str,
    pub log: &'a LogEntry,
    pub origin: Asserter,
    /// Digest of the record as handed in.
    pub handed_in: Option<&'a str>,
}

/// Appends records with their search text, log entries and disclosures.
pub async fn insert(db: &mut SqliteConnection, entries: &[Entry<'_>]) -> Result<(), StoreError> {
    Insertion::of(entries).run(db).await
}

/// Records on their way into the database: statements with their values, so that they can be made beside the writing.
pub struct Insertion(Vec<QueryBuilder<Sqlite>>);

impl Insertion {
    pub fn of(entries: &[Entry<'_>]) -> Insertion {
        let mut statements = Vec::new();
        for entries in entries.chunks(VALUES / 13) {
            let mut insert = QueryBuilder::<Sqlite>::new(
                "insert into record (sequence, uid, kind, time, change, agent, service, operation, access_level, outcome, origin, handed_in, body) ",
            );
            insert.push_values(entries, |mut row, entry| {
                let record = entry.record;
                let action = record.action.value();
                row.push_bind(entry.sequence as i64)
                    .push_bind(record.uid.as_str())
                    .push_bind(record.kind.as_str())
                    .push_bind(record.time.earliest().unix_micros())
                    .push_bind(record.change_id.map(|id| id.0 as i64))
                    .push_bind(record.agent.value().map(|agent| agent.uid.as_str()))
                    .push_bind(action.map(|action| action.service.as_str()))
                    .push_bind(action.map(|action| action.operation.as_str()))
                    .push_bind(action.and_then(|action| action.access_level.value()).map(|level| level.as_str()))
                    .push_bind(record.outcome.value().map(|outcome| outcome.status.as_str()))
                    .push_bind(entry.origin.as_str())
                    .push_bind(entry.handed_in)
                    .push_bind(entry.body);
            });
            statements.push(insert);
        }
        for entries in entries.chunks(VALUES / 2) {
            let mut words = QueryBuilder::<Sqlite>::new("insert into record_text (sequence, folded) ");
            words.push_values(entries, |mut row, entry| {
                row.push_bind(entry.sequence as i64).push_bind(entry.words);
            });
            statements.push(words);
            let mut logged = QueryBuilder::<Sqlite>::new("insert into log_entry (sequence, entry) ");
            logged.push_values(entries, |mut row, entry| {
                row.push_bind(entry.sequence as i64).push_bind(entry.log.canonical.as_str());
            });
            statements.push(logged);
        }
        let disclosures: Vec<(i64, &str, &str)> = entries
            .iter()
            .flat_map(|entry| {
                let each = entry.log.disclosures.iter();
                each.map(|(name, disclosure)| (entry.sequence as i64, name.as_str(), disclosure.0.as_str()))
            })
            .collect();
        for disclosures in disclosures.chunks(VALUES / 3) {
            let mut insert = QueryBuilder::<Sqlite>::new("insert into disclosure (sequence, name, disclosure) ");
            insert.push_values(disclosures, |mut row, (sequence, name, disclosure)| {
                row.push_bind(*sequence).push_bind(*name).push_bind(*disclosure);
            });
            statements.push(insert);
        }
        Insertion(statements)
    }

    pub async fn run(self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        for mut statement in self.0 {
            statement.build().execute(&mut *db).await?;
        }
        Ok(())
    }
}

/// Every text and number of a record in lower case, one a line: what a search looks through.
pub fn words(fields: &Map<String, Value>) -> String {
    fn collect(value: &Value, out: &mut String) {
        match value {
            Value::String(text) => {
                out.push_str(&text.to_lowercase());
                out.push('\n');
            }
            // As the record's own text has it.
            Value::Number(_) => {
                out.push_str(&String::from_utf8_lossy(&of_value(value).unwrap_or_default()));
                out.push('\n');
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
            Value::Object(fields) => fields.values().for_each(|item| collect(item, out)),
            Value::Null | Value::Bool(_) => {}
        }
    }
    let mut out = String::new();
    fields.values().for_each(|value| collect(value, &mut out));
    out
}
