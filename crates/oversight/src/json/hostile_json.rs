//! JSON altered in every way that a sender might, given to the strict parser and to every type that comes over the
//! wire. What is taken must be the same by every way of reading it; what is not must say where and why.

use super::tree::Tree;
use super::{Fault, MAX_INTEGER, decode, parse};
use crate::canonical::canonical;
use crate::change::sample;
use crate::contract::{
    ChangeView, CommentRequest, OutcomeRequest, Page, Problem, ReasonRequest, RedemptionRequest, ReviewRequest,
    SessionView,
};
use crate::generated::{Generator, Sample, VALUES, cases, try_inputs};
use crate::proposal::Proposal;
use crate::record::{AuditRecord, UNREAD};
use crate::time::Instant;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use std::fmt::Debug;

fn proposals() -> Vec<Value> {
    let version = serde_json::to_value(sample()).unwrap();
    let mut whole = json!({"expires_in": 3600, "claims": [{"label": "saves", "value": "310 USD a month"}],
        "resources": [{"uid": "arn:aws:s3:::billing-export-eu1", "type": "bucket", "account": "441720938816"}]});
    for field in ["title", "action", "rationale", "evidence", "plan", "on_behalf_of", "session"] {
        whole[field] = version[field].clone();
    }
    vec![whole, json!({"action": {"service": "s3", "operation": "PutObject"}, "resources": [{"uid": "a"}]})]
}

fn record() -> Value {
    json!({"uid": "r-1", "time": {"earliest": "2025-12-10T00:00:00Z", "latest": "2025-12-20T00:00:00Z"}, "sequence": 7,
        "kind": "execution", "change_id": "CH-4", "agent": {"uid": "a", "name": "A", "owner": {"missing": "not_recorded"}},
        "action": {"service": "s3", "operation": "PutObject", "arguments": {"n": 1.5}},
        "resources": [{"uid": "b", "type": "bucket"}], "blast_radius": {"resources": 1},
        "plan": {"steps": [{"type": "check", "note": "n"}]}, "asserted_by": {"action": "executor"}, "x": [1, "y"]})
}

fn samples(values: &[Value]) -> Vec<Sample> {
    values.iter().map(|value| Sample::json(value.to_string())).collect()
}

/// Words of the domain, for the place of any value.
const WORDS: &[&str] = &[
    "\"owner\":\"me\"",
    "\"type\":\"check\"",
    "\"note\":\"n\"",
    "\"expires_in\":9",
    "\"rationale\":null",
    "\"approve\"",
    "\"reject\"",
    "\"verified\"",
    "\"production\"",
    "\"write\"",
    "\"review\"",
    "604801",
    "4294967296",
    "255",
    "[\"s3\",\"PutObject\"]",
    "[\"check\",\"n\"]",
    "[\"2025-12-10T00:00:00Z\",\"2025-12-20T00:00:00Z\"]",
    "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"",
];

fn input(made: &mut Generator, samples: &[Sample]) -> Vec<u8> {
    let words = if made.one_in(3) { WORDS } else { VALUES };
    made.altered(samples, words)
}

/// That a refusal names a place within `bytes` and a reason.
fn says_where(fault: &Fault, bytes: &[u8]) {
    let (reason, place) = fault.reason.rsplit_once(" (line ").expect("a line and a column");
    let (line, column) = place.strip_suffix(')').and_then(|place| place.split_once(", column ")).unwrap();
    let (line, column): (usize, usize) = (line.parse().unwrap(), column.parse().unwrap());
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    assert!((1..=lines.len()).contains(&line) && column <= lines[line - 1].len() + 1, "{fault}");
    assert!(!reason.is_empty());
}

/// Members of all objects, nesting, and whether any integer is too large, by walking the value.
fn walked(value: &Value, depth: usize, members: &mut usize) {
    assert!(depth <= 128);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walked(item, depth + 1, members)),
        Value::Object(object) => {
            *members += object.len();
            object.values().for_each(|item| walked(item, depth + 1, members));
        }
        Value::Number(number) => {
            let n = number.as_f64().unwrap();
            assert!(n.is_finite() && (n.fract() != 0.0 || n.abs() <= MAX_INTEGER as f64), "{number}");
        }
        _ => {}
    }
}

/// Colons outside strings: one a member, however often its key is given.
fn colons(bytes: &[u8]) -> usize {
    let (mut count, mut at, mut quoted) = (0, 0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b':' if !quoted => count += 1,
            _ => {}
        }
        at += 1;
    }
    count
}

#[test]
fn the_strict_parser_takes_what_says_one_thing_and_nothing_else() {
    let deep = |depth: usize| Value::from_iter([("[".repeat(depth) + &"]".repeat(depth)).parse::<Value>().unwrap()]);
    let mut values = proposals();
    values.extend([record(), json!([1, -1, 0.5, 1e-7, 9007199254740992u64, "\u{1f600}\n\"", true, null]), deep(100)]);
    let samples = samples(&values);
    let make = |made: &mut Generator| input(made, &samples);
    try_inputs("strict JSON", cases(4_000), make, |bytes| {
        let lax = serde_json::from_slice::<Value>(bytes);
        match parse(bytes) {
            Ok(value) => {
                let mut members = 0;
                walked(&value, 0, &mut members);
                assert_eq!(members, colons(bytes), "a member was lost");
                let text = value.to_string();
                assert_eq!(parse(text.as_bytes()).unwrap(), value);
                assert_eq!(lax.unwrap(), value);
                let bytes = canonical(&value).unwrap();
                assert_eq!(canonical(&parse(&bytes).unwrap()).unwrap(), bytes);
                true
            }
            Err(fault) => {
                says_where(&fault, bytes);
                let own = ["the key is given twice", "beyond 2^53"].iter().any(|own| fault.reason.contains(own));
                assert!(own || lax.is_err(), "{fault}");
                assert!(!own || !fault.path.is_empty() || bytes.first() != Some(&b'{'), "{fault}");
                false
            }
        }
    });
}

/// Tries `T` with alterations of `values`; `check` has its own rules for what was taken, and says whether it was.
fn try_wire<T>(name: &str, values: &[Value], check: impl Fn(&T, &Value) -> bool)
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let samples = samples(values);
    let make = |made: &mut Generator| input(made, &samples);
    try_inputs(name, cases(3_000), make, |bytes| {
        let value = match parse(bytes) {
            Ok(value) => value,
            Err(fault) => {
                says_where(&fault, bytes);
                return false;
            }
        };
        // The page's way does not name the field; serde_json's own takes lists for objects as well.
        let pages = T::deserialize(Tree(value.clone()));
        // Each of these for one input in three: all of them for all would double the time.
        let other = (bytes.len() % 3 == 0).then(|| serde_json::from_value::<T>(value.clone()));
        match decode::<T>(value.clone()) {
            Ok(read) => {
                assert_eq!(read, pages.unwrap());
                assert!(other.is_none_or(|other| other.unwrap() == read));
                let written = serde_json::to_value(&read).unwrap();
                assert_eq!(decode::<T>(written.clone()).unwrap(), read);
                if bytes.len() % 3 == 1 {
                    // 1.0 and 1 are one number, and the canonical form writes it as 1.
                    let bytes = canonical(&read).unwrap();
                    assert_eq!(canonical(&super::read::<T>(&bytes).unwrap()).unwrap(), bytes);
                }
                check(&read, &value)
            }
            Err(fault) => {
                assert!(pages.is_err(), "{fault}");
                assert!(
                    other.is_none_or(|other| other.is_err()) || fault.reason.contains("sequence, expected struct"),
                    "{fault}"
                );
                assert!(!fault.reason.is_empty());
                there_is(&fault.path, &value);
                false
            }
        }
    });
}

/// For a type that must lose nothing.
fn whole<T: Serialize>(read: &T, value: &Value) -> bool {
    is_kept(value, &serde_json::to_value(read).unwrap());
    true
}

/// That everything `given` is in `written`: at most what is null or empty goes, and times are written in UTC.
fn is_kept(given: &Value, written: &Value) {
    match (given, written) {
        (Value::Object(given), Value::Object(written)) => {
            for (name, inner) in given {
                let empty = inner.is_null() || *inner == json!([]) || *inner == json!({});
                match written.get(name) {
                    Some(kept) if !inner.is_null() => is_kept(inner, kept),
                    kept => assert!(empty, "{name}: {inner} became {kept:?}"),
                }
            }
        }
        (Value::Array(given), Value::Array(written)) => {
            assert_eq!(given.len(), written.len());
            given.iter().zip(written).for_each(|(given, written)| is_kept(given, written));
        }
        (Value::String(given), Value::String(written)) if given != written => {
            assert_eq!(given.parse::<Instant>().unwrap(), written.parse().unwrap());
        }
        (given, written) => assert_eq!(given, written),
    }
}

/// That a path leads to something in `value`, or to a member that is missing of something.
fn there_is(path: &str, value: &Value) {
    let mut here = value;
    for step in path.split(['.', '[']).filter(|step| !step.is_empty() && *step != "?") {
        here = match here {
            Value::Array(items) => &items[step.trim_end_matches(']').parse::<usize>().unwrap()],
            Value::Object(object) => match object.get(step) {
                Some(inner) => inner,
                // Keys may hold dots and brackets; then the path can't be followed.
                None => return assert!(object.keys().any(|key| key.contains(['.', '[', ']'])), "{path} in {value}"),
            },
            _ => panic!("{path} in {value}"),
        };
    }
}

#[test]
fn proposals_are_taken_alike_by_endpoint_and_page() {
    try_wire("proposals", &proposals(), |proposal: &Proposal, value| match proposal.check() {
        Ok(()) => {
            assert!(
                proposal.resources.len() <= 500 && proposal.rationale.as_ref().is_none_or(|text| text.len() <= 16_384)
            );
            whole(proposal, value)
        }
        Err(fault) => {
            assert!(!fault.path.is_empty() && !fault.reason.is_empty());
            there_is(&fault.path, value);
            false
        }
    });
}

/// Derived alone, decoders take fields by their position too; then two texts of other shapes would be one proposal.
#[test]
fn a_list_is_no_object() {
    let action = r#"{"service":"s3","operation":"PutObject"}"#;
    for (text, path) in [
        (r#"{"action":["s3","PutObject"]}"#.to_owned(), "action"),
        (format!(r#"{{"action":{action},"resources":[["a"]]}}"#), "resources[0]"),
        (format!(r#"{{"action":{action},"plan":[]}}"#), "plan"),
        (format!(r#"{{"action":{action},"plan":{{"steps":[["check","n"]]}}}}"#), "plan.steps[0]"),
        (format!(r#"{{"action":{action},"session":["s-1"]}}"#), "session"),
    ] {
        let fault = super::read::<Proposal>(text.as_bytes()).unwrap_err();
        assert_eq!(fault.path, path);
        assert!(fault.reason.contains("sequence, expected"), "{fault}");
    }
}

#[test]
fn bodies_of_deeds_are_taken_alike_by_endpoint_and_page() {
    let digest = "9f3c81e2".repeat(8);
    let seen = json!({"opened_at": "2026-01-01T00:00:00Z", "visible_ms": 1200, "sections_revealed": ["what"], "acknowledged": ["text-001@title"]});
    try_wire::<ReviewRequest>(
        "reviews",
        &[
            json!({"decision": "approve", "digest": digest, "evidence": seen}),
            json!({"decision": "reject", "reason": "no", "digest": digest}),
        ],
        whole,
    );
    try_wire::<RedemptionRequest>("redemptions", &[json!({"action_digest": digest})], whole);
    try_wire::<OutcomeRequest>("outcomes", &[json!({"result": "rolled_back", "detail": "d"})], whole);
    try_wire::<CommentRequest>("comments", &[json!({"text": "why?"})], whole);
    try_wire::<ReasonRequest>("reasons", &[json!({"reason": "because"})], whole);
}

#[test]
fn what_the_page_reads_is_read_alike_by_the_endpoint() {
    let problem = json!({"type": "/problems/invalid", "title": "t", "status": 422, "detail": "d", "field": "plan.steps[0]",
        "errors": [{"line": 1, "field": "f", "reason": "r"}]});
    try_wire::<Problem>("problems", &[problem], |_, _| true);
    let session = json!({"uid": "engineer-1", "role": "engineer", "groups": ["sre"], "demonstration": false, "sequence": 7, "proposed": 1,
        "now": "2026-01-01T00:00:00Z", "version": "0.1.0"});
    try_wire::<SessionView>("sessions", &[session], |_, _| true);
    let version = serde_json::to_value(sample()).unwrap();
    let view = json!({"id": "CH-1", "version": 3, "state": "pending", "sequence": 9, "digest": sample().digest().unwrap(), "reviewed": version,
        "reviews": [{"version": 3, "reviewer": "a", "groups": ["sre"], "decision": "approve", "digest": sample().digest().unwrap(),
            "channel": "browser", "decided_at": "2026-01-01T00:00:00Z", "sequence": 8}],
        "may_review": {"allowed": false, "rule": "role", "reason": "No."}, "mine": false, "slots": [], "never_counted": [],
        "agent_paused": false, "comments": [], "settled": {"at": "2026-01-01T00:00:00Z", "by": "a"}});
    try_wire::<Page<ChangeView>>("pages of changes", &[json!({"items": [view], "next": "7"})], |_, _| true);
}

#[test]
fn records_are_taken_alike_by_endpoint_and_page() {
    try_wire("records", &[record()], |read: &AuditRecord, value| {
        let record = AuditRecord::decode(value.clone()).unwrap();
        let mut kept = record.clone();
        // What stands within what it knows, and it does not know itself, is kept beside it.
        let unread = kept.extra.remove(UNREAD).filter(|_| !value.as_object().unwrap().contains_key(UNREAD));
        let unread = unread.map_or(Map::new(), |unread| unread.as_object().unwrap().clone());
        assert_eq!((&kept, unread.values().any(Value::is_null)), (read, false));
        let (mut said, mut shown) = (Vec::new(), Vec::new());
        leaves(value, &mut said);
        leaves(&serde_json::to_value(&record).unwrap(), &mut shown);
        said.sort_unstable();
        shown.sort_unstable();
        let mut shown = shown.into_iter();
        for leaf in said {
            assert!(shown.any(|other| other == leaf), "{leaf} was lost");
        }
        true
    });
}

/// Every text, number and truth value in it, times in UTC.
fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Null => {}
        // Nothing shorter is a time.
        Value::String(text) if text.len() < 20 => found.push(text.clone()),
        Value::String(text) => found.push(text.parse::<Instant>().map_or_else(|_| text.clone(), |at| at.to_string())),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(object) => object.values().for_each(|item| leaves(item, found)),
        other => found.push(other.to_string()),
    }
}
