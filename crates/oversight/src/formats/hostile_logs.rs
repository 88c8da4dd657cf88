//! Logs of every format, altered in every way that a broken writer, a broken disk or an attacker might. Each item of
//! a file must become a record that reads back strictly, or be quarantined with its own bytes, or be listed apart;
//! nothing is lost and nothing panics. Ordinary samples are in each format's own tests.

use super::Reader;
use super::agents::Attribution;
use super::document::recognise;
use super::otel::Spans;
use crate::classify::{ActionTable, Estate};
use crate::generated::{Generator, Sample, VALUES, cases, try_inputs};
use crate::record::{AuditRecord, Quarantined};
use serde_json::{Value, json};

const AGENTS: &str = include_str!("../../data/agents.example.toml");

fn with_reader<T>(run: impl FnOnce(Reader<'_>) -> T) -> T {
    let (agents, estate) = (Attribution::parse(AGENTS).unwrap(), Estate::default());
    run(Reader { table: ActionTable::built_in(), agents: &agents, estate: &estate })
}

fn ocsf_event(uid: &str) -> Value {
    json!({
        "class_uid": 6003, "activity_id": 3, "time": 1_688_990_711_000_i64, "time_dt": "2023-07-10T12:05:11.250Z", "status_id": 2,
        "status_code": "AccessDenied", "metadata": {"version": "1.9.0", "uid": uid}, "end_time": 1_688_990_712_000_i64,
        "api": {"operation": "DeleteRoute", "service": {"name": "ec2.amazonaws.com"}, "request": {"data": {"routeTableId": "rtb-1"}}},
        "actor": {"user": {"uid": "arn:aws:iam::111111111111:user/ada", "name": "ada"}, "session": {"uid": "s-1"}, "app_name": "cli"},
        "http_request": {"user_agent": "Boto3"}, "cloud": {"provider": "AWS", "region": "eu-west-1", "account": {"uid": "111111111111"}},
        "resources": [{"uid": "arn:aws:s3:::b", "type": "AWS::S3::Bucket", "owner": {"account": {"uid": "1"}}}],
        "ai_agent": {"uid": "a-1", "name": "Deployer", "version": "1", "ai_model": {"name": "m", "ai_provider": "p"}}
    })
}

fn otlp_span(id: u64, parent: u64, attributes: &[(&str, &str)]) -> Value {
    let text = |(key, value): &(&str, &str)| json!({"key": key, "value": {"stringValue": value}});
    json!({
        "traceId": "4a1b2c3d4e5f60718293a4b5c6d7e8f9", "spanId": format!("{id:016x}"), "parentSpanId": format!("{parent:016x}"),
        "name": "execute_tool t", "startTimeUnixNano": "1770000000001000000", "endTimeUnixNano": "1770000000002000000",
        "attributes": attributes.iter().map(text).collect::<Vec<_>>(), "status": {"code": 2, "message": "no"}
    })
}

fn otlp() -> Value {
    let spans = [
        otlp_span(
            2,
            1,
            &[
                ("gen_ai.operation.name", "execute_tool"),
                ("gen_ai.tool.name", "t"),
                ("gen_ai.tool.call.arguments", "{\"a\":1}"),
            ],
        ),
        otlp_span(
            3,
            2,
            &[("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "t"), ("mcp.method.name", "tools/call")],
        ),
        otlp_span(4, 3, &[("http.request.method", "GET")]),
        otlp_span(
            1,
            0,
            &[("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "a"), ("gen_ai.conversation.id", "c")],
        ),
    ];
    json!({"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "s"}}]},
        "scopeSpans": [{"scope": {"name": "x"}, "spans": spans}]}]})
}

fn jaeger() -> Value {
    let span = |id: &str, parent: &str, operation: &str| {
        json!({
            "traceID": "ab", "spanID": id, "operationName": format!("{operation} x"), "processID": "p1", "startTime": 1_770_000_000_001_000_i64,
            "duration": 7, "references": [{"refType": "CHILD_OF", "traceID": "ab", "spanID": parent}],
            "tags": [{"key": "gen_ai.operation.name", "type": "string", "value": operation}, {"key": "error", "type": "bool", "value": true},
                {"key": "gen_ai.agent.name", "type": "string", "value": "a"}, {"key": "n", "type": "int64", "value": "7"}]
        })
    };
    json!({"data": [{"traceID": "ab", "spans": [span("2", "1", "chat"), span("1", "7", "invoke_agent")],
        "processes": {"p1": {"serviceName": "s", "tags": []}}}]})
}

/// What must hold of whatever was read.
fn holds(bytes: &[u8], records: &[AuditRecord], rejects: &[Quarantined]) {
    for record in records {
        assert_eq!(AuditRecord::read(&serde_json::to_vec(record).unwrap()).unwrap(), *record, "it reads back strictly");
    }
    for reject in rejects {
        assert!(reject.position >= 1 && !reject.reason.is_empty(), "{reject:?}");
        let within = match (std::str::from_utf8(bytes), std::str::from_utf8(&reject.bytes)) {
            (Ok(text), Ok(kept)) => text.contains(kept),
            _ => bytes.windows(reject.bytes.len()).any(|part| part == reject.bytes),
        };
        assert!(within, "its own bytes: {reject:?}");
    }
}

/// How many items the file has, where it is one of the expected shape.
fn counted(bytes: &[u8], lists: impl Fn(&Value) -> Option<usize>) -> Option<usize> {
    let text = std::str::from_utf8(bytes).ok()?;
    lists(&serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)).ok()?)
}

fn sum<'a>(lists: impl Iterator<Item = Option<&'a Vec<Value>>>) -> Option<usize> {
    lists.map(|list| list.map(Vec::len)).sum()
}

const WORDS: &[&str] = &[
    "6003",
    "2004",
    "99",
    "\"1.1.0\"",
    "\"0.1\"",
    "1e400",
    "1688990711",
    "\"1770000000001000000\"",
    "\"0000000000000001\"",
    "\"4A1B2C3D4E5F60718293A4B5C6D7E8F9\"",
    "\"arn:aws:iam::1:role/x\"",
    "{\"stringValue\":\"execute_tool\"}",
    "{\"intValue\":\"9007199254740993\"}",
    "{\"kvlistValue\":{\"values\":[]}}",
    "\"gen_ai.operation.name\"",
    "\"execute_tool\"",
    "\"invoke_agent\"",
    "\"CHILD_OF\"",
    "{\"class_uid\":6003}",
    "\"\\u0007\"",
];

fn words() -> Vec<&'static str> {
    VALUES.iter().chain(WORDS).copied().collect()
}

#[test]
fn each_ocsf_event_is_read_or_quarantined() {
    let array = json!([ocsf_event("e-1"), ocsf_event("e-2")]);
    let samples = [Sample::json(array.to_string()), Sample::json(json!({"events": [ocsf_event("e-1")]}).to_string())];
    let words = words();
    try_inputs(
        "OCSF",
        cases(3_000),
        |made: &mut Generator| made.altered(&samples, &words),
        |bytes| {
            let (records, rejects) = with_reader(|reader| reader.ocsf("a", bytes));
            holds(bytes, &records, &rejects);
            let read = records.len() + rejects.len();
            let items = counted(bytes, |file| match file.as_array() {
                Some(events) => Some(events.len()),
                None => Some(file.get("events")?.as_array()?.len()),
            });
            let whole = || rejects.len() == 1 && rejects[0].bytes == bytes.as_slice();
            assert!(items.is_none_or(|items| items == read || whole()), "{items:?} items, {read} read");
            assert!(read > 0 || items == Some(0));
            rejects.is_empty()
        },
    );
}

#[test]
fn each_line_of_ocsf_is_read_or_quarantined() {
    let line = format!("{}\n", ocsf_event("e-1"));
    let samples = [Sample::text(format!("{line}{line}\n{line}"), ",")];
    let words = words();
    try_inputs(
        "OCSF lines",
        cases(2_000),
        |made: &mut Generator| made.altered(&samples, &words),
        |bytes| {
            let (records, rejects) = with_reader(|reader| reader.ocsf("a", bytes));
            holds(bytes, &records, &rejects);
            assert!(records.len() + rejects.len() > 0);
            rejects.is_empty()
        },
    );
}

#[test]
fn each_otlp_span_is_read_or_quarantined_or_apart() {
    let lines = format!("{}\n{}", otlp(), otlp());
    let samples = [Sample::json(otlp().to_string()), Sample::text(lines, ",")];
    let words = words();
    try_inputs(
        "OTLP",
        cases(3_000),
        |made: &mut Generator| made.altered(&samples, &words),
        |bytes| {
            let Spans { records, rejects, apart } = with_reader(|reader| reader.otel("a", bytes));
            holds(bytes, &records, &rejects);
            let read = records.len() + rejects.len() + apart.len();
            let spans = counted(bytes, |file| {
                sum(file.as_object()?.get("resourceSpans")?.as_array()?.iter().flat_map(|resource| {
                    let scopes = resource.get("scopeSpans").and_then(Value::as_array);
                    scopes.map_or(vec![None], |scopes| {
                        scopes.iter().map(|scope| scope.get("spans")?.as_array()).collect()
                    })
                }))
            });
            assert!(
                spans.is_none_or(|spans| read == spans || parts_rejected(&rejects)),
                "{spans:?} spans, {read} read"
            );
            assert!(read > 0 || spans == Some(0) || lost_nothing(bytes));
            rejects.is_empty()
        },
    );
}

/// Whether something around spans was quarantined, which counts as one item however many spans it holds.
fn parts_rejected(rejects: &[Quarantined]) -> bool {
    rejects.iter().any(|reject| !reject.field.contains("spans["))
}

/// Whether the file names no span at all.
fn lost_nothing(bytes: &[u8]) -> bool {
    !bytes.windows(8).any(|part| part == b"\"spanId\"" || part == b"\"spanID\"")
}

#[test]
fn each_jaeger_span_is_read_or_quarantined_or_apart() {
    let samples = [Sample::json(jaeger().to_string()), Sample::json(jaeger()["data"][0].to_string())];
    let words = words();
    try_inputs(
        "Jaeger",
        cases(3_000),
        |made: &mut Generator| made.altered(&samples, &words),
        |bytes| {
            let Spans { records, rejects, apart } = with_reader(|reader| reader.otel("a", bytes));
            holds(bytes, &records, &rejects);
            let read = records.len() + rejects.len() + apart.len();
            let spans = counted(bytes, |file| match file.get("data") {
                Some(data) => sum(data.as_array()?.iter().map(|trace| trace.get("spans")?.as_array())),
                None => Some(file.get("spans")?.as_array()?.len()),
            });
            assert!(
                spans.is_none_or(|spans| read == spans || parts_rejected(&rejects)),
                "{spans:?} spans, {read} read"
            );
            assert!(read > 0 || spans == Some(0) || lost_nothing(bytes));
            rejects.is_empty()
        },
    );
}

#[test]
fn any_file_is_recognised_or_named_in_a_sentence() {
    let record = r#"{"uid":"r-1","time":"2026-01-01T00:00:00Z","kind":"execution"}"#;
    let event =
        r#"{"eventID":"e","eventTime":"2026-01-01T00:00:00Z","eventSource":"s3.amazonaws.com","eventName":"Get"}"#;
    let samples = [
        Sample::json(record),
        Sample::json(format!("[{record}]")),
        Sample::json(format!("{{\"items\":[{record}],\"next\":null}}")),
        Sample::text(format!("{record}\n{record}\n"), ","),
        Sample::json(format!("{{\"Records\":[{event}]}}")),
        Sample::json(json!({"events": [ocsf_event("e-1")]}).to_string()),
        Sample::json(otlp().to_string()),
        Sample::json(jaeger().to_string()),
        Sample::text("time,agent\n1,2\n", ","),
        Sample::text("<!doctype html><title>x</title>", ">"),
    ];
    let words: Vec<&str> =
        words().into_iter().chain(["\u{1f}\u{8b}", "PAR1", "<html>", "\n", "[", "{\"Records\":", "\"kind\""]).collect();
    try_inputs(
        "any file",
        cases(4_000),
        |made: &mut Generator| made.altered(&samples, &words),
        |bytes| {
            let read = with_reader(|reader| reader.document("a", bytes));
            match (recognise(bytes), read) {
                (Ok(format), Ok(document)) => {
                    assert_eq!(document.format, format);
                    holds(bytes, &document.records, &document.rejects);
                    true
                }
                (Err(foreign), Err(same)) => {
                    assert_eq!(foreign, same);
                    let sentence = foreign.to_string();
                    assert!(sentence.starts_with("The ") && sentence.ends_with('.'), "{sentence}");
                    assert!(sentence.len() < 1_000 && !sentence.contains(char::is_control), "{sentence}");
                    false
                }
                (recognised, read) => panic!("{recognised:?}, {read:?}"),
            }
        },
    );
}

/// A row a file that has brought readers down before, whoever wrote it.
#[test]
fn hostile_files_are_quarantined_whole_or_in_part() {
    let event = ocsf_event("e-1").to_string();
    let within = |text: &str| event.replace("\"rtb-1\"", text);
    let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let long = "a".repeat(1 << 20);
    for (what, file, records, rejects) in [
        ("nothing", String::new(), 0, 1),
        ("a byte order mark", format!("\u{feff}{event}"), 1, 0),
        ("NUL", "\0".to_owned(), 0, 1),
        ("nested to the limit", within(&nested(90)), 1, 0),
        ("nested beyond what a record may hold", within(&nested(110)), 0, 1),
        ("nested beyond any parser", within(&nested(100_000)), 0, 1),
        ("an array that never ends", "[".repeat(1 << 20), 0, 1),
        ("a megabyte of text", within(&format!("\"{long}\"")), 1, 0),
        ("a megabyte for a uid", event.replace("\"e-1\"", &format!("\"{long}\"")), 0, 1),
        ("a key given twice", within("{\"a\":1,\"a\":2}"), 0, 1),
        ("half of a surrogate pair", within("\"\\ud800\""), 0, 1),
        ("an integer beyond 2^53", within("9007199254740993"), 1, 0),
        ("a number beyond any", within("1e999"), 0, 1),
        ("a member called __proto__", within("{\"__proto__\":{\"a\":1}}"), 1, 0),
        ("the marker of a missing field", within("{\"missing\":\"redacted\"}"), 1, 0),
        (
            "the marker in the place of arguments",
            event.replace("{\"routeTableId\":\"rtb-1\"}", "{\"missing\":\"no such word\"}"),
            1,
            0,
        ),
        ("direction overrides", within("\"\u{202e}\u{2066}x\""), 1, 0),
        ("a hundred thousand events of nothing", format!("[{}{{}}]", "{},".repeat(99_999)), 0, 100_000),
    ] {
        let (read, rejected) = with_reader(|reader| reader.ocsf("a", file.as_bytes()));
        assert_eq!((read.len(), rejected.len()), (records, rejects), "{what}");
        for record in &read {
            let again = AuditRecord::read(&serde_json::to_vec(record).unwrap());
            assert_eq!(again.as_ref(), Ok(record), "{what}");
        }
        let spans = with_reader(|reader| reader.otel("a", file.as_bytes()));
        assert!(spans.records.is_empty() && !spans.rejects.is_empty(), "{what}, as spans");
    }
    // A span whose parents lead a million steps up, and one within itself.
    let chain: Vec<Value> =
        (1..=20_000).map(|id| otlp_span(id, id - 1, &[("gen_ai.operation.name", "chat")])).collect();
    let file = json!({"resourceSpans": [{"scopeSpans": [{"spans": chain}]}]}).to_string();
    assert_eq!(with_reader(|reader| reader.otel("a", file.as_bytes())).records.len(), 20_000);
    let own = otlp_span(1, 1, &[("gen_ai.operation.name", "chat"), ("gen_ai.agent.name", "a")]);
    let file = json!({"resourceSpans": [{"scopeSpans": [{"spans": [own]}]}]}).to_string();
    let found = with_reader(|reader| reader.otel("a", file.as_bytes()));
    assert_eq!(found.records[0].on_behalf_of, crate::missing::Field::not_recorded());
}
