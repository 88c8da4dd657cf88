//! Bad input: each gets a problem that names field and reason, and changes nothing.

use crate::stand::{Answer, Asker, Stand, id, peer_reviewed};
use reqwest::Method;
use serde_json::{Value, json};

const JSON: &str = "application/json";
const NDJSON: &str = "application/x-ndjson";

/// What is sent, and what comes back: status, type, and how the field begins.
struct Case {
    name: &'static str,
    by: Asker,
    path: String,
    content_type: &'static str,
    body: Vec<u8>,
    expected: (u16, &'static str, &'static str),
}

fn record(kind: &str, extra: Value) -> Vec<u8> {
    let mut record = json!({ "uid": "r-1", "time": "2026-03-01T11:00:00Z", "kind": kind });
    record.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    record.to_string().into_bytes()
}

fn with(mut value: Value, path: &str, new: Value) -> Vec<u8> {
    *value.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = new;
    value.to_string().into_bytes()
}

#[tokio::test]
async fn each_is_named_and_changes_nothing() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let importer = stand.machine("importer-1").await;
    let executor = stand.machine("executor-1").await;
    let engineer = stand.person("engineer-1").await;
    let change = agent.propose(peer_reviewed()).await;
    let reviews = format!("/v1/changes/{}/reviews", id(&change));
    let comments = format!("/v1/changes/{}/comments", id(&change));
    let versions = format!("/v1/changes/{}/versions", id(&change));
    let cancellation = format!("/v1/changes/{}/cancellation", id(&change));
    let redemption = format!("/v1/changes/{}/redemption", id(&change));
    let outcome = format!("/v1/changes/{}/outcome", id(&change));

    let whole = peer_reviewed();
    let text = whole.to_string();
    let truncated = text.as_bytes()[..text.len() - 20].to_vec();
    let mut not_utf8 = text.clone().into_bytes();
    let at = text.find("Traffic").unwrap();
    not_utf8[at] = 0xff;
    let twice = text.replacen("{\"action\"", "{\"rationale\":\"a\",\"action\"", 1);
    let deep = format!("{{\"action\":{}", "[".repeat(10_000));
    let deep_whole = format!("{{\"action\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let large = format!("{{\"rationale\":\"{}\"}}", "a".repeat(10_000_000));
    let mut owned = whole.clone();
    owned["owner"] = json!("agent-1");
    let mut tiered = whole.clone();
    tiered["classification"] = json!({ "tier": "low" });
    let digest = change["digest"].as_str().unwrap();
    let review = |extra: Value| {
        let mut body = json!({ "decision": "approve", "digest": digest });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body.to_string().into_bytes()
    };
    let good = String::from_utf8(record("execution", json!({}))).unwrap();

    let case = |name, by: &Asker, path: &str, content_type, body: Vec<u8>, expected| Case {
        name,
        by: by.clone(),
        path: path.to_owned(),
        content_type,
        body,
        expected,
    };
    let cases = vec![
        case("truncated", &agent, "/v1/changes", JSON, truncated.clone(), (400, "malformed-json", "")),
        case("truncated amendment", &agent, &versions, JSON, truncated, (400, "malformed-json", "")),
        case("nothing at all", &agent, "/v1/changes", JSON, vec![], (400, "malformed-json", "body")),
        case("invalid UTF-8", &agent, "/v1/changes", JSON, not_utf8, (400, "malformed-json", "rationale")),
        case("duplicate key", &agent, "/v1/changes", JSON, twice.into_bytes(), (400, "malformed-json", "rationale")),
        case("nesting 10,000 deep", &agent, "/v1/changes", JSON, deep.into_bytes(), (400, "malformed-json", "action")),
        case(
            "nesting, closed",
            &agent,
            "/v1/changes",
            JSON,
            deep_whole.into_bytes(),
            (400, "malformed-json", "action"),
        ),
        case("10 MB", &agent, "/v1/changes", JSON, large.clone().into_bytes(), (413, "payload-too-large", "body")),
        case("10 MB review", &engineer, &reviews, JSON, large.into_bytes(), (413, "payload-too-large", "body")),
        case("17 MB batch", &importer, "/v1/records", NDJSON, vec![b' '; 17 << 20], (413, "payload-too-large", "body")),
        case(
            "2^53 + 1",
            &agent,
            "/v1/changes",
            JSON,
            text.replace("\"desiredCount\":4", "\"desiredCount\":9007199254740993").into_bytes(),
            (400, "malformed-json", "action.arguments.desiredCount"),
        ),
        case(
            "2^53 + 1 in a record",
            &executor,
            "/v1/records",
            JSON,
            br#"{"uid":"r","time":"2026-03-01T11:00:00Z","kind":"execution","n":9007199254740993}"#.to_vec(),
            (400, "malformed-json", "n"),
        ),
        case(
            "time out of range",
            &executor,
            "/v1/records",
            JSON,
            record("execution", json!({ "time": "12026-01-01T00:00:00Z" })),
            (422, "invalid", "time"),
        ),
        case(
            "time of year 0",
            &executor,
            "/v1/records",
            JSON,
            record("execution", json!({ "time": "0000-01-01T00:00:00Z" })),
            (422, "invalid", "time"),
        ),
        case(
            "a 13th month",
            &executor,
            "/v1/records",
            JSON,
            record("execution", json!({ "time": "2026-13-01T00:00:00Z" })),
            (422, "invalid", "time"),
        ),
        case(
            "review opened at no time",
            &engineer,
            &reviews,
            JSON,
            review(json!({ "evidence": { "opened_at": "soon" } })),
            (422, "invalid", "evidence.opened_at"),
        ),
        case(
            "unknown decision",
            &engineer,
            &reviews,
            JSON,
            review(json!({ "decision": "maybe" })),
            (422, "invalid", "decision"),
        ),
        case(
            "unknown record kind",
            &executor,
            "/v1/records",
            JSON,
            record("deletion", json!({})),
            (422, "invalid", "kind"),
        ),
        case(
            "unknown outcome",
            &executor,
            &outcome,
            JSON,
            br#"{"result":"done"}"#.to_vec(),
            (422, "invalid", "result"),
        ),
        case(
            "unknown step",
            &agent,
            "/v1/changes",
            JSON,
            with(whole.clone(), "/plan/steps/0/type", json!("hope")),
            (422, "invalid", "plan.steps"),
        ),
        case(
            "expires_in out of range",
            &agent,
            "/v1/changes",
            JSON,
            with(whole.clone(), "/expires_in", json!(1)),
            (422, "invalid", "expires_in"),
        ),
        case(
            "expires_in negative",
            &agent,
            "/v1/changes",
            JSON,
            with(whole.clone(), "/expires_in", json!(-1)),
            (422, "invalid", "expires_in"),
        ),
        case(
            "empty service",
            &agent,
            "/v1/changes",
            JSON,
            with(whole.clone(), "/action/service", json!("")),
            (422, "invalid", "action.service"),
        ),
        case(
            "blank operation",
            &agent,
            "/v1/changes",
            JSON,
            with(whole.clone(), "/action/operation", json!(" \u{2003}")),
            (422, "invalid", "action.operation"),
        ),
        case(
            "enormous rationale",
            &agent,
            "/v1/changes",
            JSON,
            with(whole.clone(), "/rationale", json!("a".repeat(20_000))),
            (422, "invalid", "rationale"),
        ),
        case(
            "enormous target",
            &agent,
            "/v1/changes",
            JSON,
            with(whole.clone(), "/resources/0/uid", json!("a".repeat(3_000))),
            (422, "invalid", "resources[0].uid"),
        ),
        case(
            "501 resources",
            &agent,
            "/v1/changes",
            JSON,
            with(whole.clone(), "/resources", json!(vec![json!({"uid": "a"}); 501])),
            (422, "invalid", "resources"),
        ),
        case(
            "a person with a line break",
            &agent,
            "/v1/changes",
            JSON,
            with(whole.clone(), "/on_behalf_of/uid", json!("a\nb")),
            (422, "invalid", "on_behalf_of"),
        ),
        case("empty comment", &engineer, &comments, JSON, br#"{"text":""}"#.to_vec(), (422, "invalid", "text")),
        case(
            "enormous comment",
            &engineer,
            &comments,
            JSON,
            json!({ "text": "a".repeat(5_000) }).to_string().into_bytes(),
            (422, "invalid", "text"),
        ),
        case("empty reason", &agent, &cancellation, JSON, br#"{"reason":" "}"#.to_vec(), (422, "invalid", "reason")),
        case("no reason", &agent, &cancellation, JSON, b"{}".to_vec(), (422, "invalid", "reason")),
        case(
            "rejection without reason",
            &engineer,
            &reviews,
            JSON,
            review(json!({ "decision": "reject" })),
            (422, "invalid", "reason"),
        ),
        case(
            "a digest that is none",
            &engineer,
            &reviews,
            JSON,
            review(json!({ "digest": "ABC" })),
            (422, "invalid", "digest"),
        ),
        case(
            "another digest",
            &engineer,
            &reviews,
            JSON,
            review(json!({ "digest": "0".repeat(64) })),
            (422, "digest-mismatch", "digest"),
        ),
        case(
            "malformed review",
            &engineer,
            &reviews,
            JSON,
            b"{\"decision\":".to_vec(),
            (400, "malformed-json", "decision"),
        ),
        case(
            "unknown field of a review",
            &engineer,
            &reviews,
            JSON,
            review(json!({ "reviewer": "manager" })),
            (422, "invalid", "reviewer"),
        ),
        case("no action digest", &executor, &redemption, JSON, b"{}".to_vec(), (422, "invalid", "action_digest")),
        case("not an object", &agent, "/v1/changes", JSON, b"[]".to_vec(), (422, "invalid", "")),
        case(
            "wrong content type",
            &agent,
            "/v1/changes",
            "text/plain",
            text.clone().into_bytes(),
            (415, "unsupported-media-type", "Content-Type"),
        ),
        case(
            "a form",
            &engineer,
            &comments,
            "application/x-www-form-urlencoded",
            b"text=a".to_vec(),
            (415, "unsupported-media-type", "Content-Type"),
        ),
        case(
            "another charset",
            &agent,
            "/v1/changes",
            "application/json; charset=utf-16",
            text.clone().into_bytes(),
            (415, "unsupported-media-type", "Content-Type"),
        ),
        case(
            "NDJSON where one is taken",
            &agent,
            "/v1/changes",
            NDJSON,
            text.clone().into_bytes(),
            (415, "unsupported-media-type", "Content-Type"),
        ),
        case(
            "records as text",
            &executor,
            "/v1/records",
            "text/csv",
            b"a".to_vec(),
            (415, "unsupported-media-type", "Content-Type"),
        ),
        case(
            "an agent's own owner",
            &agent,
            "/v1/changes",
            JSON,
            owned.to_string().into_bytes(),
            (422, "invalid", "owner"),
        ),
        case(
            "an agent's own tier",
            &agent,
            "/v1/changes",
            JSON,
            tiered.to_string().into_bytes(),
            (422, "invalid", "classification"),
        ),
        case(
            "an agent's review record",
            &agent,
            "/v1/records",
            JSON,
            record("review", json!({})),
            (422, "invalid", "kind"),
        ),
        case(
            "an agent's execution",
            &agent,
            "/v1/records",
            JSON,
            record("execution", json!({})),
            (422, "invalid", "kind"),
        ),
        case(
            "an executor's policy decision",
            &executor,
            "/v1/records",
            JSON,
            record("policy_decision", json!({})),
            (422, "invalid", "kind"),
        ),
        case(
            "an agent's owner in a record",
            &agent,
            "/v1/records",
            JSON,
            record("recommendation", json!({ "agent": { "uid": "agent-1", "name": "a", "owner": "engineer-2" } })),
            (422, "invalid", "agent"),
        ),
        case(
            "another agent's record",
            &agent,
            "/v1/records",
            JSON,
            record("recommendation", json!({ "agent": { "uid": "other", "name": "a" } })),
            (422, "invalid", "agent"),
        ),
        case(
            "a batch with a bad line",
            &executor,
            "/v1/records",
            NDJSON,
            format!("{good}\n{{\"uid\":}}\n").into_bytes(),
            (422, "invalid-batch", "uid"),
        ),
        case("an empty batch", &executor, "/v1/records", NDJSON, b"\n\n".to_vec(), (422, "invalid", "body")),
        case(
            "a dry run without operation",
            &engineer,
            "/v1/policy/evaluate",
            JSON,
            br#"{"service":"s3"}"#.to_vec(),
            (422, "invalid", "operation"),
        ),
        case(
            "a dry run with an unknown tier",
            &engineer,
            "/v1/policy/evaluate",
            JSON,
            br#"{"service":"s3","operation":"GetObject","classification":{"tier":"extreme"}}"#.to_vec(),
            (422, "invalid", "classification.tier"),
        ),
    ];
    let before = stand.sequence().await;
    let view = engineer.get(&format!("/v1/changes/{}", id(&change))).await.json();
    for case in cases {
        let mut request = case.by.request(Method::POST, &case.path).header("content-type", case.content_type);
        if case.path.ends_with("reviews") || case.path.ends_with("redemption") {
            request = request.header("if-match", format!("\"{}.1\"", id(&change))).header("idempotency-key", case.name);
        }
        let answer = Answer::of(request.body(case.body)).await;
        let (status, slug, field) = case.expected;
        let problem = answer.problem();
        assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (status, slug), "{}: {problem}", case.name);
        assert!(problem["field"].as_str().is_some_and(|given| given.starts_with(field)), "{}: {problem}", case.name);
        let reason = problem["detail"].as_str().unwrap_or_default();
        assert!(!reason.is_empty() && reason.len() < 3_000, "{}: {problem}", case.name);
        assert_eq!(stand.sequence().await, before, "{} changed something", case.name);
    }
    assert_eq!(engineer.get(&format!("/v1/changes/{}", id(&change))).await.json(), view);
}

#[tokio::test]
async fn a_query_that_is_not_known_is_named() {
    let stand = Stand::start().await;
    let engineer = stand.person("engineer-1").await;
    for (path, field) in [
        ("/v1/changes?page=2", "page"),
        ("/v1/changes?state=open", "state"),
        ("/v1/changes?mine=1", "mine"),
        ("/v1/changes?limit=0", "limit"),
        ("/v1/changes?limit=5&limit=6", "limit"),
        ("/v1/changes?cursor=next", "cursor"),
        ("/v1/changes?since=2026-02-30T00:00:00Z", "since"),
        ("/v1/records?kind=deletion", "kind"),
        ("/v1/records?until=today", "until"),
        ("/v1/records?change=7", "change"),
        ("/v1/records?cursor=x", "cursor"),
        ("/v1/records?q=a&Q=b", "Q"),
        ("/v1/session?verbose=1", "verbose"),
        ("/v1/agents?limit=5", "limit"),
        ("/v1/quarantine?cursor=x", "cursor"),
        ("/v1/stream?after=yesterday", "after"),
        ("/v1/policy?at=now", "at"),
    ] {
        let answer = engineer.get(path).await;
        let problem = answer.problem();
        assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (400, "invalid-query"), "{path}: {problem}");
        assert_eq!(problem["field"], field, "{path}");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{path}");
    }
    for path in ["/v1/changes/7", "/v1/changes/CH-999", "/v1/records/none", "/v1/agents/none", "/v1/nothing", "/v1"] {
        assert_eq!(
            (engineer.get(path).await.status.as_u16(), engineer.get(path).await.slug().as_str()),
            (404, "not-found"),
            "{path}"
        );
    }
    for (method, path, allowed) in [
        (Method::PUT, "/v1/changes", "POST"),
        (Method::DELETE, "/v1/records", "GET"),
        (Method::PATCH, "/v1/changes/CH-1", "GET"),
        (Method::GET, "/v1/changes/CH-1/reviews", "POST"),
        (Method::POST, "/healthz", "GET"),
    ] {
        let answer = Answer::of(engineer.request(method, path)).await;
        assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (405, "method-not-allowed"), "{path}");
        assert!(answer.header("allow").contains(allowed), "{path}: {}", answer.header("allow"));
    }
}

#[tokio::test]
async fn each_problem_leads_to_its_page() {
    let stand = Stand::start().await;
    let list = stand.nobody().get("/problems").await;
    assert_eq!(list.status, 200);
    for kind in endpoint::http::problem::KINDS {
        let path = format!("/problems/{}", kind.slug);
        assert!(list.text.contains(&format!("href=\"{path}\"")), "{path}");
        let page = stand.nobody().get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(page.text.contains(kind.title) && !page.text.contains("<script"), "{path}");
    }
    assert_eq!(stand.nobody().get("/problems/none").await.status, 404);
    let engineer = stand.person("engineer-1").await;
    for path in ["/v1/records/%ff", "/v1/changes/%ff", "/sign-in/%ff"] {
        assert_eq!(engineer.get(path).await.slug(), "not-found", "{path}");
    }
    assert!(stand.nobody().get("/page.css").await.text.contains("--accent"));
}
