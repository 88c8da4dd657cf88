//! The OpenAPI document: 3.1, whole, and no other than what is served.

use crate::stand::{Answer, Stand};
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeSet;

/// The contract's routes, method and path.
const ROUTES: [&str; 24] = [
    "delete /v1/session",
    "get /v1/agents",
    "get /v1/agents/{id}",
    "get /v1/changes",
    "get /v1/changes/{id}",
    "get /v1/changes/{id}/canonical",
    "get /v1/policy",
    "get /v1/quarantine",
    "get /v1/records",
    "get /v1/records/{uid}",
    "get /v1/session",
    "get /v1/stream",
    "post /v1/agents/{id}/pause",
    "post /v1/agents/{id}/resume",
    "post /v1/changes",
    "post /v1/changes/{id}/cancellation",
    "post /v1/changes/{id}/comments",
    "post /v1/changes/{id}/outcome",
    "post /v1/changes/{id}/redemption",
    "post /v1/changes/{id}/reviews",
    "post /v1/changes/{id}/revocation",
    "post /v1/changes/{id}/versions",
    "post /v1/policy/evaluate",
    "post /v1/records",
];

async fn document() -> (Stand, Value) {
    let stand = Stand::start().await;
    let answer = stand.nobody().get("/openapi.json").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    let value = answer.json();
    (stand, value)
}

fn operations(document: &Value) -> Vec<(String, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (method.clone(), path.as_str(), operation))
    });
    each.collect()
}

#[tokio::test]
async fn it_lists_every_route_and_each_is_served() {
    let (stand, document) = document().await;
    let listed: BTreeSet<String> =
        operations(&document).iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    let expected: BTreeSet<String> = ROUTES.iter().map(ToString::to_string).collect();
    assert_eq!(listed, expected);
    for (method, path, _) in operations(&document) {
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let path = path.replace("{id}", "CH-1").replace("{uid}", "1");
        let answer = Answer::of(stand.nobody().request(method, &path)).await;
        assert_eq!(answer.status, 401, "{path}: there, and asking who it is");
    }
}

#[tokio::test]
async fn it_has_the_structure_of_openapi_3_1() {
    let (_stand, document) = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    for field in ["title", "version", "description"] {
        assert!(document["info"][field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
    }
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{at} has no operationId"));
        assert!(ids.insert(id.to_owned()), "{at}: {id} twice");
        assert!(operation["summary"].is_string(), "{at} has no summary");
        let tag = operation["tags"][0].as_str().unwrap();
        assert!(document["tags"].as_array().unwrap().iter().any(|known| known["name"] == tag), "{at}: {tag}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("default"), "{at} says nothing of refusals");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{at}");
        for (status, response) in responses {
            assert!(response["description"].is_string(), "{at} {status}");
        }
        let in_path: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let named: BTreeSet<&str> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(named, in_path, "{at}");
        for parameter in parameters {
            assert!(["path", "query", "header"].contains(&parameter["in"].as_str().unwrap()), "{at}");
            assert!(parameter["schema"].is_object(), "{at}: {parameter}");
            assert!(parameter["in"] != "path" || parameter["required"] == true, "{at}: {parameter}");
        }
        let takes_body = method == "post";
        assert_eq!(operation["requestBody"].is_object(), takes_body, "{at}");
    }
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 40);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference}"));
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let schemes: BTreeSet<&String> = document["components"]["securitySchemes"].as_object().unwrap().keys().collect();
    for requirement in document["security"].as_array().unwrap() {
        assert!(requirement.as_object().unwrap().keys().all(|name| schemes.contains(name)));
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                references.push(reference.to_owned());
            }
            object.values().for_each(|inner| collect(inner, references));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect(inner, references)),
        _ => {}
    }
}
