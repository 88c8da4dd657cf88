//! The span reader tried on both encodings and on a real trace; what operations become is in `acts`, what can't be read
//! in `faults`. The reader is one folder up; generated spans are in `hostile_logs`.

mod acts;
mod faults;

use super::Spans;
use crate::classify::{ActionTable, Estate};
use crate::formats::agents::Attribution;
use crate::formats::{Reader, SOURCE};
use crate::record::AuditRecord;
use serde_json::{Map, Value, json};

const TRACE: &str = "4a1b2c3d4e5f60718293a4b5c6d7e8f9";

fn read_with(agents: &str, file: &str) -> Spans {
    let agents = Attribution::parse(agents).unwrap();
    let reader = Reader { table: ActionTable::built_in(), agents: &agents, estate: &Estate::default() };
    let spans = reader.otel("a.json", file.as_bytes());
    for record in &spans.records {
        assert_eq!(AuditRecord::read(&serde_json::to_vec(record).unwrap()).unwrap(), *record, "it reads back strictly");
    }
    spans
}

fn read(file: &str) -> Spans {
    read_with("", file)
}

fn id(number: u64) -> String {
    format!("{number:016x}")
}

/// One span, before it is written in an encoding. Attributes are texts, numbers and objects.
#[derive(Clone)]
struct Given {
    number: u64,
    parent: u64,
    name: &'static str,
    attributes: Value,
}

fn span(number: u64, parent: u64, name: &'static str, attributes: Value) -> Given {
    Given { number, parent, name, attributes }
}

fn any(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_i64() => json!({"intValue": number.to_string()}),
        Value::Number(_) => json!({"doubleValue": value}),
        Value::Bool(_) => json!({"boolValue": value}),
        Value::Array(items) => json!({"arrayValue": {"values": items.iter().map(any).collect::<Vec<_>>()}}),
        Value::Object(members) => json!({"kvlistValue": {"values": pairs(members)}}),
        other => json!({"stringValue": other}),
    }
}

fn pairs(members: &Map<String, Value>) -> Vec<Value> {
    members.iter().map(|(key, value)| json!({"key": key, "value": any(value)})).collect()
}

fn otlp_span(given: &Given) -> Value {
    json!({
        "traceId": TRACE, "spanId": id(given.number), "parentSpanId": if given.parent == 0 { String::new() } else { id(given.parent) },
        "name": given.name, "kind": 1, "startTimeUnixNano": "1770000000001000001", "endTimeUnixNano": "1770000000002000000",
        "attributes": pairs(given.attributes.as_object().unwrap()), "status": {}
    })
}

fn otlp_document(spans: Vec<Value>) -> Value {
    json!({"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "coding-agent"}}]},
        "scopeSpans": [{"scope": {"name": "agents"}, "spans": spans}]
    }]})
}

fn otlp(spans: &[Given]) -> String {
    otlp_document(spans.iter().map(otlp_span).collect()).to_string()
}

fn jaeger(spans: &[Given]) -> String {
    let tag = |(key, value): (&String, &Value)| match value {
        Value::Number(_) => json!({"key": key, "type": "int64", "value": value}),
        Value::String(_) | Value::Bool(_) => json!({"key": key, "type": "string", "value": value}),
        other => json!({"key": key, "type": "string", "value": other.to_string()}),
    };
    let spans: Vec<Value> = spans
        .iter()
        .map(|given| {
            let reference = json!({"refType": "CHILD_OF", "traceID": TRACE, "spanID": id(given.parent)});
            json!({
                "traceID": TRACE, "spanID": id(given.number), "operationName": given.name, "processID": "p1",
                "references": if given.parent == 0 { json!([]) } else { json!([reference]) },
                "startTime": 1_770_000_000_001_000_i64, "duration": 1_000,
                "tags": given.attributes.as_object().unwrap().iter().map(tag).collect::<Vec<_>>(), "logs": []
            })
        })
        .collect();
    json!({"data": [{"traceID": TRACE, "spans": spans, "processes": {"p1": {"serviceName": "coding-agent", "tags": []}}}]}).to_string()
}

fn wire(record: &AuditRecord) -> Value {
    serde_json::to_value(record).unwrap()
}

#[test]
fn a_tool_call_becomes_a_record_in_both_encodings() {
    let run = json!({"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "triage-agent", "gen_ai.agent.version": "2",
        "gen_ai.request.model": "model-a", "gen_ai.provider.name": "example-ai", "gen_ai.conversation.id": "c-1", "user.id": "ada"});
    let call = json!({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "list_dashboards", "gen_ai.tool.type": "function",
        "gen_ai.tool.call.arguments": "{\"window\":\"1h\",\"of\":\"arn:aws:s3:::b\"}", "count": 7});
    let spans = [span(2, 1, "execute_tool list_dashboards", call), span(1, 0, "invoke_agent triage-agent", run)];
    let not_recorded = json!({"missing": "not_recorded"});
    for (file, format, time) in [
        (otlp(&spans), "otlp", "2026-02-02T02:40:00.001000001Z"),
        (jaeger(&spans), "jaeger", "2026-02-02T02:40:00.001Z"),
    ] {
        let Spans { records, rejects, apart } = read(&file);
        assert!(rejects.is_empty() && apart.is_empty(), "{rejects:?} {apart:?}");
        let mut wire = wire(&records[0]);
        let source = wire.as_object_mut().unwrap().remove(SOURCE).unwrap();
        assert_eq!((&source["format"], source["span"].is_object()), (&json!(format), true));
        let kept = if format == "otlp" {
            &source["resource"]["attributes"][0]["value"]["stringValue"]
        } else {
            &source["process"]["serviceName"]
        };
        assert_eq!(kept, "coding-agent");
        for field in [
            "risk",
            "critical_paths",
            "reversibility",
            "blast_radius",
            "rationale",
            "evidence",
            "plan",
            "policy",
            "review",
        ] {
            assert_eq!(wire.as_object_mut().unwrap().remove(field).unwrap(), not_recorded, "{field}");
        }
        assert_eq!(
            wire,
            json!({
                "uid": format!("otel-{TRACE}-0000000000000002"), "time": time, "end_time": "2026-02-02T02:40:00.002Z", "kind": "execution",
                "agent": {"uid": "triage-agent", "name": "triage-agent", "version": "2", "owner": not_recorded,
                    "model": {"provider": "example-ai", "name": "model-a", "version": not_recorded}},
                "on_behalf_of": {"uid": "ada"}, "session": {"uid": "c-1", "started_by": not_recorded},
                "action": {"service": "function", "operation": "list_dashboards", "access_level": "unknown",
                    "arguments": {"window": "1h", "of": "arn:aws:s3:::b"}},
                "resources": [{"uid": "arn:aws:s3:::b", "type": not_recorded, "account": not_recorded, "region": not_recorded, "environment": not_recorded}],
                "outcome": {"status": "success"}, "asserted_by": {"record": "importer"}
            }),
            "{format}"
        );
    }
}

#[test]
fn values_of_attributes_keep_their_types() {
    let arguments = json!({"n": 9_007_199_254_740_993_i64, "f": 1.5, "b": true, "l": [1, "x"], "o": {"k": "v"}});
    let call = json!({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t", "gen_ai.tool.call.arguments": arguments});
    let found = read(&otlp(&[span(1, 0, "x", call)]));
    let expected = json!({"n": "9007199254740993", "f": 1.5, "b": true, "l": [1, "x"], "o": {"k": "v"}});
    assert_eq!(wire(&found.records[0])["action"]["arguments"], expected);
    let said = json!({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "sh", "gen_ai.tool.call.arguments": "ls -l"});
    assert_eq!(
        wire(&read(&otlp(&[span(1, 0, "x", said)])).records[0])["action"]["arguments"],
        json!({"arguments": "ls -l"})
    );
}

#[test]
fn the_real_trace_is_read_whole() {
    let Ok(folder) = std::env::var("COUNTERSIGN_REAL_DATA") else {
        eprintln!("skipped: COUNTERSIGN_REAL_DATA is not set");
        return;
    };
    let path = std::path::Path::new(&folder).join("otel/genai-trace.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let found = read(&text);
    assert!(found.rejects.is_empty(), "{:?}", found.rejects);
    // Counted apart from the reader: by the attribute, span by span.
    let trace: Value = serde_json::from_str(&text).unwrap();
    let spans = trace["spans"].as_array().unwrap();
    let named =
        |span: &&Value| span["tags"].as_array().unwrap().iter().any(|tag| tag["key"] == "gen_ai.operation.name");
    let expected = spans.iter().filter(named).count();
    assert_eq!((found.records.len(), found.apart.len()), (expected, spans.len() - expected));
    assert_eq!((expected, spans.len()), (17, 57));
    let count = |agent: &str, service: &str| {
        let is = |record: &&AuditRecord| {
            let wire = wire(record);
            wire["agent"]["uid"] == agent && wire["action"]["service"] == service
        };
        found.records.iter().filter(is).count()
    };
    let counts: Vec<usize> = [
        ("triage-agent", "tool"),
        ("triage-agent", "example-ai"),
        ("triage-agent", "agent"),
        ("triage-agent", "not recorded"),
    ]
    .into_iter()
    .chain([("summarizer", "agent"), ("summarizer", "example-ai")])
    .map(|(agent, service)| count(agent, service))
    .collect();
    // Seven tools, four chats and three retrievals of the one agent, which called the other.
    assert_eq!(counts, [7, 4, 1, 3, 1, 1]);
    let called = found.records.iter().map(wire).find(|wire| wire["agent"]["uid"] == "summarizer").unwrap();
    assert_eq!(called["on_behalf_of"], json!({"uid": "triage-agent"}));
    let beneath = found.apart.iter().filter(|apart| apart.beneath.is_some()).count();
    assert_eq!(
        beneath,
        found.apart.len() - 3,
        "all but the three spans before the agent's run lie beneath one of its acts"
    );
}
