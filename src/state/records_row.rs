//! One record of the trail as the app holds it: decoded where it can be, and always whole as it came.

use oversight::json::Fault;
use oversight::record::AuditRecord;
use serde_json::Value;
use std::sync::Arc;

/// A record with the JSON it came as.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordRow {
    pub uid: String,
    pub sequence: u64,
    /// What this version of the app makes of it, or why it can't.
    pub record: Result<Box<AuditRecord>, Fault>,
    pub raw: Arc<Value>,
}

impl RecordRow {
    pub fn new(raw: Value) -> RecordRow {
        let uid = raw["uid"].as_str().unwrap_or_default().to_owned();
        let sequence = raw["sequence"].as_u64().unwrap_or_default();
        RecordRow { uid, sequence, record: AuditRecord::decode(raw.clone()).map(Box::new), raw: Arc::new(raw) }
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
        assert!(good.record.is_ok() && good.sequence == 4);
        let odd = RecordRow::new(json!({"uid": "r-2", "sequence": 5, "time": "noon", "kind": "pause"}));
        assert!(odd.record.is_err());
        assert_eq!(odd.raw["time"], "noon");
    }
}
