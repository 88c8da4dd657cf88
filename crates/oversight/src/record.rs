//! The audit record: one JSON object, one event. Decoded at the edge to a value or a quarantined reject;
//! fields it does not know are kept and shown. Foreign formats become records in `formats`, what proves a
//! record is `log_entry`.

use crate::canonical::NotCanonical;
use crate::digest::Digest;
use crate::id::{AgentUid, ChangeId, PersonUid, RecordUid};
use crate::json::{self, Fault};
use crate::missing::Field;
use crate::policy::Determining;
use crate::proposal::{Evidence, Identity, Plan, Session};
use crate::time::{Instant, When};
use crate::vocabulary::{
    AccessLevel, Asserter, Channel, CriticalPath, Decision, Effect, Environment, Kind, OutcomeStatus, Reversibility,
    Role, Tier,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The model behind an agent (OpenTelemetry GenAI).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Model {
    pub provider: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub version: Field<String>,
}

/// Who acted (OCSF `ai_agent`), from its token's registration or from an attribution table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agent {
    pub uid: AgentUid,
    pub name: String,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub version: Field<String>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub owner: Field<PersonUid>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub model: Field<Model>,
}

/// Who brought the event about, where it was a person or a machine with a role: reviewer, pauser, commenter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub uid: String,
    pub role: Role,
}

/// What was done or asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    pub service: String,
    pub operation: String,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub access_level: Field<AccessLevel>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub arguments: Field<Map<String, Value>>,
}

/// One thing it touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resource {
    pub uid: String,
    #[serde(default, rename = "type", skip_serializing_if = "Field::is_absent")]
    pub kind: Field<String>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub account: Field<String>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub region: Field<String>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub environment: Field<Environment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    pub tier: Tier,
    #[serde(default)]
    pub reasons: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReversibilityFact {
    pub class: Reversibility,
    pub assessed_by: Asserter,
}

/// How far it reaches; each count may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlastRadius {
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub resources: Field<u64>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub accounts: Field<u64>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub regions: Field<u64>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub customers: Field<u64>,
}

/// What the policy said, on a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyFact {
    pub uid: String,
    pub version: String,
    pub decision: Effect,
    #[serde(default)]
    pub determining: Vec<Determining>,
}

/// A review, on a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewFact {
    pub decision: Decision,
    pub reviewer: PersonUid,
    /// The groups of the reviewer that the requirement names.
    #[serde(default)]
    pub slot: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub digest: Digest,
    pub channel: Channel,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub opened_at: Field<Instant>,
    /// How long the version was visible, in milliseconds.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub visible_ms: Field<u64>,
    pub decided_at: Instant,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub sections_revealed: Field<Vec<String>>,
    /// Rule and field of each high finding that was acknowledged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<String>,
}

/// How it ended (OCSF status, CloudTrail errorCode).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub status: OutcomeStatus,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub error: Field<String>,
}

/// What somebody said about a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentFact {
    pub text: String,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRecord {
    pub uid: RecordUid,
    pub time: When,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub end_time: Field<When>,
    /// Position in the log, from 1; the endpoint's to give.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    pub kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_id: Option<ChangeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub agent: Field<Agent>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub actor: Field<Actor>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub on_behalf_of: Field<Identity>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub session: Field<Session>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub action: Field<Action>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub resources: Field<Vec<Resource>>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub risk: Field<Risk>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub critical_paths: Field<Vec<CriticalPath>>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub reversibility: Field<ReversibilityFact>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub blast_radius: Field<BlastRadius>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub rationale: Field<String>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub evidence: Field<Vec<Evidence>>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub plan: Field<Plan>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub policy: Field<PolicyFact>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub review: Field<ReviewFact>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub outcome: Field<Outcome>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub comment: Field<CommentFact>,
    /// Why a person did it: a pause, a revocation, a cancellation.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub reason: Field<String>,
    /// Digest of the version that the event is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Who vouches for which part; `record` for the whole.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub asserted_by: BTreeMap<String, Asserter>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl AuditRecord {
    /// An event with nothing but its identity; the caller sets what it has.
    pub fn new(uid: RecordUid, time: Instant, kind: Kind) -> Self {
        AuditRecord {
            uid,
            time: When::At(time),
            end_time: Field::Absent,
            sequence: None,
            kind,
            change_id: None,
            version: None,
            step: None,
            agent: Field::Absent,
            actor: Field::Absent,
            on_behalf_of: Field::Absent,
            session: Field::Absent,
            action: Field::Absent,
            resources: Field::Absent,
            risk: Field::Absent,
            critical_paths: Field::Absent,
            reversibility: Field::Absent,
            blast_radius: Field::Absent,
            rationale: Field::Absent,
            evidence: Field::Absent,
            plan: Field::Absent,
            policy: Field::Absent,
            review: Field::Absent,
            outcome: Field::Absent,
            comment: Field::Absent,
            reason: Field::Absent,
            digest: None,
            asserted_by: BTreeMap::new(),
            extra: Map::new(),
        }
    }

    /// Its top-level fields as they stand in JSON.
    pub fn fields(&self) -> Result<Map<String, Value>, NotCanonical> {
        match serde_json::to_value(self)? {
            Value::Object(fields) => Ok(fields),
            _ => Ok(Map::new()),
        }
    }

    /// Decodes one native record strictly.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        Self::decode(json::parse(bytes)?)
    }

    /// Decodes one native record from strictly parsed JSON.
    pub fn decode(value: Value) -> Result<Self, Fault> {
        let Value::Object(object) = &value else {
            return Err(Fault::new("", "a record is a JSON object"));
        };
        for (name, words) in [("kind", Kind::WORDS)] {
            if let Some(word) = object.get(name).and_then(Value::as_str)
                && !words.contains(&word)
            {
                return Err(Fault::new(name, format!("{word:?} is not one of {}", words.join(", "))));
            }
        }
        let mut record: AuditRecord = json::decode(value.clone())?;
        let mut unread = Map::new();
        let read = serde_json::to_value(&record).map_err(|error| Fault::new("", error.to_string()))?;
        not_in(&read, &value, "", &mut unread);
        if !unread.is_empty() {
            let mut name = UNREAD.to_owned();
            while record.extra.contains_key(&name) {
                name.push('_');
            }
            record.extra.insert(name, Value::Object(unread));
        }
        Ok(record)
    }
}

/// Where a record keeps what it was given within fields that it knows, and does not know itself: by path,
/// `{"action.request_id": 7}`.
pub const UNREAD: &str = "unread";

/// The members of `given` that `read` lacks. What is null or empty says nothing.
fn not_in(read: &Value, given: &Value, path: &str, found: &mut Map<String, Value>) {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    };
    match (read, given) {
        (Value::Object(read), Value::Object(given)) => {
            for (name, inner) in given {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match read.get(name) {
                    Some(read) => not_in(read, inner, &path, found),
                    None if empty(inner) => {}
                    None => {
                        let mut path = path;
                        while found.contains_key(&path) {
                            path.push('_');
                        }
                        found.insert(path, inner.clone());
                    }
                }
            }
        }
        (Value::Array(read), Value::Array(given)) => {
            for (index, (read, given)) in read.iter().zip(given).enumerate() {
                not_in(read, given, &format!("{path}[{index}]"), found);
            }
        }
        _ => {}
    }
}

/// What could not be decoded, kept with its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// File or stream it came from.
    pub source: String,
    /// Line (NDJSON) or item (array), from 1.
    pub position: u64,
    pub field: String,
    pub reason: String,
    pub bytes: Vec<u8>,
}

/// Decodes NDJSON, one record a line: what could be decoded, and every line that could not, with its bytes.
/// Blank lines are passed over.
pub fn read_ndjson(source: &str, bytes: &[u8]) -> (Vec<AuditRecord>, Vec<Quarantined>) {
    let mut records = Vec::new();
    let mut rejects = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match AuditRecord::read(line) {
            Ok(record) => records.push(record),
            Err(fault) => rejects.push(Quarantined {
                source: source.to_owned(),
                position: index as u64 + 1,
                field: fault.path,
                reason: fault.reason,
                bytes: line.to_vec(),
            }),
        }
    }
    (records, rejects)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::{Generator, Sample, VALUES, cases, try_inputs};
    use crate::missing::Missing;
    use serde_json::json;

    fn whole() -> Value {
        json!({
            "uid": "r-1", "time": {"earliest": "2025-12-10T00:00:00Z", "latest": "2025-12-20T00:00:00Z"}, "sequence": 7,
            "kind": "execution", "change_id": "CH-4", "version": 2,
            "agent": {"uid": "cost-optimizer", "name": "Cost optimizer", "owner": {"missing": "not_recorded"}},
            "action": {"service": "s3", "operation": "PutObject", "access_level": "write", "arguments": {"missing": "redacted"}},
            "resources": [{"uid": "arn:aws:s3:::a", "type": "bucket", "environment": "production"}],
            "blast_radius": {"resources": 1, "customers": {"missing": "unknown"}},
            "outcome": {"status": "failure", "error": "AccessDenied"},
            "asserted_by": {"action": "executor", "risk": "endpoint"},
            "x_vendor": {"kept": [1, "9007199254740993"]}
        })
    }

    #[test]
    fn a_record_reads_back_as_it_was_with_what_it_does_not_know() {
        let record = AuditRecord::decode(whole()).unwrap();
        assert_eq!(serde_json::to_value(&record).unwrap(), whole());
        assert_eq!(record.extra["x_vendor"]["kept"][0], 1);
        assert_eq!(record.agent.value().unwrap().owner, Field::Missing(Missing::NotRecorded));
        assert_eq!(record.agent.value().unwrap().version, Field::Absent);
        assert_eq!(record.blast_radius.value().unwrap().customers, Field::Missing(Missing::Unknown));
    }

    #[test]
    fn each_reject_names_its_field() {
        for (change, field, reason) in [
            (json!({"kind": "deletion"}), "kind", "not one of"),
            (json!({"time": "noon"}), "time", "RFC 3339"),
            (json!({"time": "12026-01-01T00:00:00Z"}), "time", "RFC 3339"),
            (json!({"uid": ""}), "uid", "empty"),
            (json!({"version": -1}), "version", "invalid value"),
            (json!({"action": {"service": "s3"}}), "action", "operation"),
            (json!({"resources": [{"uid": "a"}, {"type": "b"}]}), "resources", "uid"),
            (json!({"risk": {"tier": "extreme"}}), "risk", "extreme"),
            (json!({"change_id": "2041"}), "change_id", "CH-<number>"),
        ] {
            let mut value = whole();
            for (key, new) in change.as_object().unwrap() {
                value[key] = new.clone();
            }
            let fault = AuditRecord::decode(value).unwrap_err();
            assert!(fault.path.starts_with(field), "{change}: {fault:?}");
            assert!(fault.reason.contains(reason), "{change}: {fault:?}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_decoded_is_quarantined_with_its_bytes() {
        let good = whole().to_string();
        let text = format!("{good}\n\n{{\"uid\":\"x\",\"uid\":\"y\"}}\n{good}");
        let (records, rejects) = read_ndjson("a.ndjson", text.as_bytes());
        assert_eq!((records.len(), rejects.len()), (2, 1));
        assert_eq!((rejects[0].position, rejects[0].field.as_str()), (3, "uid"));
        assert_eq!(rejects[0].bytes, br#"{"uid":"x","uid":"y"}"#);
    }

    #[test]
    fn what_it_does_not_know_within_what_it_knows_is_kept_too() {
        let mut value = whole();
        value["action"]["request_id"] = json!("q-7");
        value["resources"][0]["tags"] = json!([{"key": "env"}]);
        value["time"]["zone"] = json!("local");
        let record = AuditRecord::decode(value).unwrap();
        let unread = json!({"action.request_id": "q-7", "resources[0].tags": [{"key": "env"}], "time.zone": "local"});
        assert_eq!(record.extra[UNREAD], unread);
        let again = AuditRecord::decode(serde_json::to_value(&record).unwrap()).unwrap();
        assert_eq!(again, record);
    }

    #[test]
    fn each_line_of_a_batch_is_read_or_quarantined() {
        let record = whole().to_string();
        let sample = Sample::json(record.clone());
        let words: Vec<&str> =
            VALUES.iter().chain(&["\n", "{}\n", "\"kind\":\"claim\"", "\"noon\""]).copied().collect();
        let make = |made: &mut Generator| {
            let mut text = made.altered(std::slice::from_ref(&sample), &words);
            text.splice(0..0, made.pick(&["", "", "\n", " \n", "{}\n", "{\"uid\":1}\n\n"]).bytes());
            text
        };
        try_inputs("NDJSON", cases(3_000), make, |bytes| {
            let (records, rejects) = read_ndjson("a", bytes);
            let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
            let blank = |line: &&&[u8]| line.iter().all(u8::is_ascii_whitespace);
            assert_eq!(records.len() + rejects.len() + lines.iter().filter(blank).count(), lines.len());
            assert!(rejects.is_sorted_by(|a, b| a.position < b.position));
            for reject in &rejects {
                assert_eq!(lines[reject.position as usize - 1], reject.bytes);
                assert!(!reject.reason.is_empty());
            }
            for record in &records {
                assert_eq!(AuditRecord::read(&serde_json::to_vec(record).unwrap()).unwrap(), *record);
            }
            !records.is_empty()
        });
    }
}
