//! Spans and files that can't be read, each with its place and reason, and the ways in which a file may be laid out. Spans
//! are made and read by the helpers one file up.

use super::*;

#[test]
fn what_cannot_be_decoded_is_quarantined_with_place_and_reason() {
    let good = || otlp_span(&span(1, 0, "chat m", json!({"gen_ai.operation.name": "chat"})));
    let place = "resourceSpans[0].scopeSpans[0].spans[1]";
    for (name, value, field, reason) in [
        ("traceId", json!("xyz"), "traceId", "32 hexadecimal"),
        ("traceId", json!("0".repeat(32)), "traceId", "all zeros"),
        // The ids of protobuf's own JSON, base64.
        ("traceId", json!("ShssPU5fYHGCk6S1xtfo+Q=="), "traceId", "32 hexadecimal"),
        ("spanId", Value::Null, "spanId", "missing"),
        ("spanId", json!(7), "spanId", "not a string"),
        ("parentSpanId", json!("7"), "parentSpanId", "16 hexadecimal"),
        ("startTimeUnixNano", Value::Null, "startTimeUnixNano", "missing"),
        ("startTimeUnixNano", json!("2026-02-02T02:40:00Z"), "startTimeUnixNano", "nanoseconds"),
        ("startTimeUnixNano", json!(-1), "startTimeUnixNano", "nanoseconds"),
        ("endTimeUnixNano", json!("1"), "endTimeUnixNano", "before the start"),
        ("status", json!({"code": 7}), "status.code", "2 (error)"),
        ("status", json!([]), "status", "not an object"),
        ("attributes", json!({}), "attributes", "not a list"),
        ("attributes", json!([7]), "attributes[0].key", "missing"),
        ("attributes", json!([{"key": "a", "value": "b"}]), "attributes[0].value", "not an object"),
        (
            "attributes",
            json!([{"key": "a", "value": {"intValue": "x"}}]),
            "attributes[0].value.intValue",
            "whole number",
        ),
        ("attributes", json!([{"key": "a", "value": {"textValue": "x"}}]), "attributes[0].value.textValue", "no type"),
        (
            "attributes",
            json!([{"key": "a", "value": {"stringValue": "x", "intValue": "1"}}]),
            "attributes[0].value",
            "several types",
        ),
        (
            "attributes",
            json!([{"key": "gen_ai.operation.name", "value": {"boolValue": true}}]),
            "gen_ai.operation.name",
            "not a string",
        ),
        (
            "attributes",
            json!([{"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}}, {"key": "gen_ai.operation.name", "value": {"stringValue": "x"}}]),
            "gen_ai.operation.name",
            "given twice",
        ),
        (
            "attributes",
            json!([{"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}}, {"key": "gen_ai.agent.id", "value": {"stringValue": "\u{7}"}}]),
            "gen_ai.agent",
            "control",
        ),
    ] {
        let mut bad = good();
        bad[name] = value.clone();
        let found = read(&otlp_document(vec![good(), bad.clone()]).to_string());
        assert_eq!((found.records.len(), found.rejects.len(), found.apart.len()), (1, 1, 0), "{name} {value}");
        let reject = &found.rejects[0];
        assert_eq!(
            (reject.position, reject.field.as_str()),
            (2, format!("{place}.{field}").as_str()),
            "{name} {value}"
        );
        assert!(reject.reason.contains(reason), "{reject:?}");
        assert_eq!(serde_json::from_slice::<Value>(&reject.bytes).unwrap(), bad);
    }
    for (file, field, reason) in [
        (json!({"resourceSpans": 7}), "resourceSpans", "not a list"),
        (json!({"resourceSpans": [7]}), "resourceSpans[0]", "not an object"),
        (
            json!({"resourceSpans": [{"scopeSpans": [{"spans": {}}]}]}),
            "resourceSpans[0].scopeSpans[0].spans",
            "not a list",
        ),
        (
            json!({"resourceSpans": [{"scopeSpans": [{"spans": [7]}]}]}),
            "resourceSpans[0].scopeSpans[0].spans[0]",
            "an object",
        ),
        (json!({"resourceSpans": [{"scope_spans": []}]}), "resourceSpans[0].scopeSpans", "\"scope_spans\" is there"),
        (
            json!({"resourceSpans": [{"scopeSpans": [{"span": []}]}]}),
            "resourceSpans[0].scopeSpans[0].spans",
            "\"span\" is there",
        ),
        (json!({"resourceLogs": []}), "resourceLogs", "spans (resourceSpans) are"),
        (json!({"a": 1}), "", "neither OTLP"),
        (json!({"data": {}}), "data", "not a list of traces"),
        (json!({"data": [{"traceID": "1"}]}), "data[0].spans", "missing"),
        (json!({"spans": [{"traceID": "1", "spanID": "z"}]}), "spans[0].spanID", "16 hexadecimal"),
        (
            json!({"spans": [{"traceID": "1", "spanID": "1", "references": [{"refType": "CHILD_OF"}]}]}),
            "spans[0].references[0].traceID",
            "missing",
        ),
        (
            json!([{"spans": [{"traceID": "1", "spanID": "1", "tags": [{"key": 7}]}]}]),
            "[0].spans[0].tags[0].key",
            "not a string",
        ),
        (
            json!({"spans": [{"traceID": "1", "spanID": "1", "startTime": 1.5, "tags": [{"key": "gen_ai.operation.name", "value": "chat"}]}]}),
            "spans[0].startTime",
            "microseconds",
        ),
        (json!(7), "", "not an object"),
    ] {
        let found = read(&file.to_string());
        assert_eq!((found.records.len(), found.rejects.len(), found.apart.len()), (0, 1, 0), "{file}");
        assert_eq!((found.rejects[0].position, found.rejects[0].field.as_str()), (1, field), "{file}");
        assert!(found.rejects[0].reason.contains(reason), "{:?}", found.rejects);
    }
}

#[test]
fn files_are_one_document_an_array_or_lines() {
    let chat = |number: u64| span(number, 9, "chat m", json!({"gen_ai.operation.name": "chat"}));
    let run = span(9, 0, "invoke_agent a", json!({"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "a"}));
    let lines =
        format!("{}\n\n{{\"resourceSpans\":[\n{}\n", otlp(&[chat(1), chat(2)]), otlp(std::slice::from_ref(&run)));
    let found = read(&lines);
    assert_eq!(found.records.len(), 3);
    assert_eq!(wire(&found.records[0])["agent"]["uid"], "a", "the agent is named two lines later");
    assert_eq!((found.rejects.len(), found.rejects[0].position), (1, 3), "its line");
    for (file, records) in [
        (format!("[{},{}]", otlp(&[chat(1)]), jaeger(std::slice::from_ref(&run))), 2),
        (format!("\u{feff}{}", otlp(&[chat(1)])), 1),
        (serde_json::from_str::<Value>(&jaeger(&[chat(1), run])).unwrap()["data"][0].to_string(), 2),
        ("{\"resourceSpans\":[]}".to_owned(), 0),
        ("{\"resourceSpans\":[{\"scopeSpans\":[{}]},{}]}".to_owned(), 0),
        ("{\"data\":[]}".to_owned(), 0),
        (otlp(&[chat(1)]).replace("scopeSpans", "instrumentationLibrarySpans"), 1),
    ] {
        let found = read(&file);
        assert_eq!((found.records.len(), found.rejects.len()), (records, 0), "{file}");
    }
    // Jaeger cuts leading zeros off.
    let short = "{\"spans\":[{\"traceID\":\"AB\",\"spanID\":\"c\",\"startTime\":0,\"tags\":[{\"key\":\"gen_ai.operation.name\",\"value\":\"chat\"}]}]}";
    assert_eq!(read(short).records[0].uid.as_str(), format!("otel-{}ab-{}c", "0".repeat(30), "0".repeat(15)));
    for broken in ["", "{\"resourceSpans\":[", "\u{0}"] {
        let found = read(broken);
        assert_eq!((found.rejects.len(), found.rejects[0].position), (1, 1), "{broken}");
    }
}
