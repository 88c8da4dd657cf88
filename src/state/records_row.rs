//! One record of the trail as the app holds it: decoded where it can be, and always whole as it came.

use engine::row::Row;
use oversight::json::Fault;
use oversight::record::AuditRecord;
use serde_json::Value;
use std::sync::Arc;

/// A record with the JSON it came as.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordRow {
    pub uid: String,
    /// Position in the log, where there is one.
    pub sequence: Option<u64>,
    /// What this version of the app makes of it, or why it can't.
    pub record: Result<Box<AuditRecord>, Fault>,
    pub raw: Arc<Value>,
}

impl RecordRow {
    pub fn new(raw: Value) -> RecordRow {
        let uid = raw["uid"].as_str().unwrap_or_default().to_owned();
        let sequence = raw["sequence"].as_u64();
        RecordRow { uid, sequence, record: AuditRecord::decode(raw.clone()).map(Box::new), raw: Arc::new(raw) }
    }

    /// What a table has of it, the same as of a record that the worker holds; none where it can't be read.
    pub fn row(&self) -> Option<Row<'static>> {
        self.record.as_ref().ok().map(|record| Row::of(record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_cannot_be_decoded_is_kept_whole() {
        let good =
            RecordRow::new(json!({"uid": "r-1", "sequence": 4, "time": "2026-01-01T00:00:00Z", "kind": "pause"}));
        assert!(good.record.is_ok() && good.sequence == Some(4));
        assert_eq!(good.row().map(|row| row.uid.into_owned()), Some("r-1".to_owned()));
        let odd = RecordRow::new(json!({"uid": "r-2", "time": "noon", "kind": "pause"}));
        assert!(odd.record.is_err() && odd.row().is_none() && odd.sequence.is_none());
        assert_eq!(odd.raw["time"], "noon");
    }
}
