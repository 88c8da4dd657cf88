//! What each operation becomes, whose act it is, how it ended, and which spans are listed apart. Spans are made and read by
//! the helpers one file up.

use super::*;
use crate::formats::otel::{Apart, Why};

/// A row an operation: what it becomes.
#[test]
fn each_operation_becomes_what_the_table_in_action_says() {
    let of = |name: &str, more: Value| {
        let mut attributes =
            json!({"gen_ai.operation.name": name, "gen_ai.provider.name": "example-ai", "gen_ai.agent.name": "a"});
        attributes.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        attributes
    };
    let none = || json!({});
    let (model, store) = (
        json!({"gen_ai.request.model": "m", "gen_ai.request.temperature": 0.5}),
        json!({"gen_ai.data_source.id": "d"}),
    );
    for (name, attributes, service, operation, level, touched) in [
        ("chat m", of("chat", model.clone()), "example-ai", "chat", "read", "m"),
        ("text_completion m", of("text_completion", none()), "example-ai", "text_completion", "read", ""),
        ("generate_content m", of("generate_content", model.clone()), "example-ai", "generate_content", "read", "m"),
        ("embeddings m", of("embeddings", model), "example-ai", "embeddings", "read", "m"),
        ("invoke_agent a", of("invoke_agent", none()), "agent", "invoke_agent", "unknown", ""),
        ("invoke_workflow w", of("invoke_workflow", none()), "agent", "invoke_workflow", "unknown", ""),
        ("plan a", of("plan", none()), "agent", "plan", "read", ""),
        ("create_agent a", of("create_agent", none()), "agent", "create_agent", "write", "a"),
        ("retrieval d", of("retrieval", store), "example-ai", "retrieval", "read", "d"),
        ("search_memory", of("search_memory", none()), "example-ai", "search_memory", "read", ""),
        ("delete_memory", of("delete_memory", none()), "example-ai", "delete_memory", "write", ""),
        ("transcribe", of("transcribe", none()), "example-ai", "transcribe", "unknown", ""),
        ("execute_tool t", of("execute_tool", json!({"gen_ai.tool.name": "t"})), "tool", "t", "unknown", ""),
        ("execute_tool t", of("execute_tool", none()), "tool", "t", "unknown", ""),
        ("run", of("execute_tool", none()), "tool", "not recorded", "unknown", ""),
        (
            "x",
            of("execute_tool", json!({"gen_ai.tool.name": "t", "gen_ai.tool.type": "extension"})),
            "extension",
            "t",
            "unknown",
            "",
        ),
        (
            "tools/call t",
            of(
                "execute_tool",
                json!({"gen_ai.tool.name": "t", "mcp.method.name": "tools/call", "server.address": "mcp.test"}),
            ),
            "mcp.test",
            "t",
            "unknown",
            "",
        ),
        // The address of a provider is not a tool's.
        (
            "x",
            of("execute_tool", json!({"gen_ai.tool.name": "t", "server.address": "api.test"})),
            "tool",
            "t",
            "unknown",
            "",
        ),
        (
            "x",
            of("execute_tool", json!({"gen_ai.tool.name": "ec2.TerminateInstances"})),
            "ec2",
            "TerminateInstances",
            "write",
            "",
        ),
        (
            "x",
            of("execute_tool", json!({"gen_ai.tool.name": "iam:AttachUserPolicy"})),
            "iam",
            "AttachUserPolicy",
            "permissions_management",
            "",
        ),
        ("x", of("execute_tool", json!({"gen_ai.tool.name": "my.tool"})), "tool", "my.tool", "unknown", ""),
        // Before there were provider names, and before there were operation names.
        ("chat m", json!({"gen_ai.operation.name": "chat", "gen_ai.system": "openai"}), "openai", "chat", "read", ""),
        ("chat m", json!({"gen_ai.system": "openai", "gen_ai.request.model": "m"}), "openai", "chat", "read", "m"),
        (
            "openai.chat",
            json!({"gen_ai.system": "openai", "gen_ai.request.model": "m"}),
            "openai",
            "not recorded",
            "read",
            "m",
        ),
        ("chat m", json!({"gen_ai.operation.name": "chat"}), "not recorded", "chat", "read", ""),
        ("tools/call t", json!({"mcp.method.name": "tools/call"}), "tool", "t", "unknown", ""),
        ("execute_tool t", json!({"gen_ai.tool.name": "t"}), "tool", "t", "unknown", ""),
    ] {
        let spans = [span(1, 0, name, attributes.clone())];
        for file in [otlp(&spans), jaeger(&spans)] {
            let found = read(&file);
            assert_eq!((found.records.len(), found.rejects.len(), found.apart.len()), (1, 0, 0), "{name} {attributes}");
            let wire = wire(&found.records[0]);
            let text = |pointer: &str| wire.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let got = (
                text("/action/service"),
                text("/action/operation"),
                text("/action/access_level"),
                text("/resources/0/uid"),
            );
            assert_eq!(got, (service, operation, level, touched), "{name} {attributes}");
        }
    }
    let asked = read(&otlp(&[span(
        1,
        0,
        "chat m",
        json!({"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.request.top_k": 3}),
    )]));
    assert_eq!(wire(&asked.records[0])["action"]["arguments"], json!({"model": "m", "top_k": 3}));
}

#[test]
fn a_span_is_the_act_of_the_agent_around_it() {
    let run = |agent: &str| json!({"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": agent});
    let tool = |name: &str| json!({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name});
    let spans = [
        span(
            9,
            8,
            "chat m",
            json!({"gen_ai.operation.name": "chat", "gen_ai.agent.name": "inner", "gen_ai.agent.id": "inner-1"}),
        ),
        span(
            8,
            7,
            "invoke_agent inner",
            json!({"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "inner", "gen_ai.agent.id": "inner-1"}),
        ),
        span(7, 6, "POST /mcp", json!({"http.request.method": "POST"})),
        span(6, 5, "execute_tool ask_inner", tool("ask_inner")),
        span(5, 1, "invoke_agent outer", run("outer")),
        span(4, 5, "create_agent made", json!({"gen_ai.operation.name": "create_agent", "gen_ai.agent.name": "made"})),
        span(3, 77, "execute_tool lost", tool("lost")),
        span(2, 0, "create_agent made", json!({"gen_ai.operation.name": "create_agent", "gen_ai.agent.name": "made"})),
        span(1, 0, "POST /api", json!({"gen_ai.agent.name": "edge-agent"})),
    ];
    for file in [otlp(&spans), jaeger(&spans)] {
        let found = read(&file);
        assert!(found.rejects.is_empty(), "{:?}", found.rejects);
        let found: Vec<(u64, String, String)> = found
            .records
            .iter()
            .map(|record| {
                let wire = wire(record);
                let text = |pointer: &str| wire.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned();
                (u64::from_str_radix(&text("/uid")[38..], 16).unwrap(), text("/agent/uid"), text("/on_behalf_of/uid"))
            })
            .collect();
        let found: Vec<(u64, &str, &str)> =
            found.iter().map(|(at, agent, behind)| (*at, agent.as_str(), behind.as_str())).collect();
        assert_eq!(
            found,
            [
                // The run that the call is part of is the same agent's; behind it stands the one that asked.
                (9, "inner-1", "outer"),
                (8, "inner-1", "outer"),
                (6, "outer", "edge-agent"),
                (5, "outer", "edge-agent"),
                (4, "outer", "edge-agent"),
                // The file does not hold what was around these.
                (3, "-", "-"),
                (2, "-", "-"),
            ]
        );
    }
    assert_eq!(wire(&read(&otlp(&spans)).records[5])["agent"], json!({"missing": "not_recorded"}));
    // The table goes first, and may go by the service that wrote the span.
    let table = "[[agent]]\nuid = \"coder\"\nname = \"Coder\"\nowner = \"lead\"\nprincipal = \"coding-agent\"\n";
    let named = read_with(table, &otlp(&spans[6..7]));
    assert_eq!(wire(&named.records[0])["agent"]["owner"], "lead");
}

#[test]
fn spans_that_are_no_agents_are_listed_apart() {
    let call = json!({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t"});
    let over_mcp =
        json!({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t", "mcp.method.name": "tools/call"});
    let spans = [
        span(1, 0, "POST /api", json!({"http.request.method": "POST", "gen_ai.conversation.id": "c-1"})),
        span(2, 1, "execute_tool t", call),
        span(3, 2, "tools/call t", over_mcp.clone()),
        span(4, 3, "tools/call t", over_mcp.clone()),
        span(5, 4, "SELECT", json!({"db.system.name": "clickhouse"})),
        span(6, 1, "tools/call t", over_mcp),
        span(7, 1, "tools/list", json!({"mcp.method.name": "tools/list"})),
    ];
    let found = read(&otlp(&spans));
    let uids: Vec<&str> = found.records.iter().map(|record| &record.uid.as_str()[38..]).collect();
    assert_eq!(uids, [id(2), id(6)], "the client's and the server's view of a call are no calls of their own");
    assert_eq!(wire(&found.records[0])["session"]["uid"], "c-1", "what the span around it says of the conversation");
    let beneath = |number: u64| {
        found.records.iter().find(|record| record.uid.as_str().ends_with(&id(number))).map(|record| record.uid.clone())
    };
    let apart = |position: u64, name: &str, why: Why, above: Option<u64>| Apart {
        position,
        service: "coding-agent".to_owned(),
        name: name.to_owned(),
        why,
        beneath: above.and_then(beneath),
    };
    assert_eq!(found.apart[0], apart(1, "POST /api", Why::NotAnAgents, None));
    assert_eq!(found.apart[1], apart(3, "tools/call t", Why::SameToolCall, Some(2)));
    assert_eq!(found.apart[2], apart(4, "tools/call t", Why::SameToolCall, Some(2)));
    assert_eq!(found.apart[3], apart(5, "SELECT", Why::NotAnAgents, Some(2)));
    assert_eq!(found.apart[4], apart(7, "tools/list", Why::NotAnAgents, None));
    // A parent of itself hides nothing.
    let circle = [
        span(1, 2, "tools/call t", json!({"mcp.method.name": "tools/call"})),
        span(2, 1, "tools/call t", json!({"mcp.method.name": "tools/call"})),
    ];
    assert_eq!((read(&otlp(&circle)).records.len(), read(&otlp(&circle)).apart.len()), (1, 1));
}

#[test]
fn a_span_that_failed_says_so() {
    let ended = |change: &dyn Fn(&mut Value)| {
        let mut one = otlp_span(&span(1, 0, "chat m", json!({"gen_ai.operation.name": "chat"})));
        change(&mut one);
        wire(&read(&otlp_document(vec![one]).to_string()).records[0])["outcome"].clone()
    };
    let kind = |text: &str| json!({"key": "error.type", "value": {"stringValue": text}});
    let mut cases = Vec::new();
    for (status, error, end, expected) in [
        (json!({}), None, true, json!({"status": "success"})),
        (json!(null), None, true, json!({"status": "success"})),
        (json!({"code": 1}), None, false, json!({"status": "success"})),
        (json!({"code": 0}), None, false, json!({"status": "unknown"})),
        (json!({"code": 2}), None, true, json!({"status": "failure", "error": {"missing": "not_recorded"}})),
        (json!({"code": 2, "message": "no"}), None, false, json!({"status": "failure", "error": "no"})),
        (
            json!({"code": "STATUS_CODE_ERROR", "message": "no"}),
            Some("timeout"),
            true,
            json!({"status": "failure", "error": "timeout: no"}),
        ),
        (json!({}), Some("timeout"), true, json!({"status": "failure", "error": "timeout"})),
        (json!({"code": 1}), Some("timeout"), true, json!({"status": "failure", "error": "timeout"})),
    ] {
        let got = ended(&|one| {
            one["status"] = status.clone();
            one["attributes"].as_array_mut().unwrap().extend(error.map(kind));
            if !end {
                one["endTimeUnixNano"] = json!("0");
            }
        });
        cases.push((format!("{status} {error:?} {end}"), got, expected));
    }
    for (tags, expected) in [
        (json!({"otel.status_code": "OK"}), json!({"status": "success"})),
        (
            json!({"otel.status_code": "ERROR", "otel.status_description": "no"}),
            json!({"status": "failure", "error": "no"}),
        ),
        (json!({"error": true}), json!({"status": "failure", "error": {"missing": "not_recorded"}})),
        (json!({"error": "true", "error.type": "500"}), json!({"status": "failure", "error": "500"})),
        (json!({"error": "false"}), json!({"status": "success"})),
    ] {
        let mut attributes = tags.clone();
        attributes["gen_ai.operation.name"] = json!("chat");
        let found = read(&jaeger(&[span(1, 0, "chat m", attributes)]));
        cases.push((tags.to_string(), wire(&found.records[0])["outcome"].clone(), expected));
    }
    for (case, got, expected) in cases {
        assert_eq!(got, expected, "{case}");
    }
}
