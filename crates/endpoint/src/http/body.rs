//! Bodies, read raw and strictly: within a size and a time, of the right content type, as JSON without the
//! liberties that parsers take. What the fields mean is the domain's; how faults travel is `problem`.

use super::problem::{Answered, Denial};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use futures::StreamExt;
use oversight::json::{self, Fault};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Largest body of one JSON value, in bytes.
pub const MAX_JSON: usize = 1024 * 1024;
/// Largest batch of NDJSON, in bytes.
pub const MAX_BATCH: usize = 16 * 1024 * 1024;

pub const JSON: &str = "application/json";
pub const NDJSON: &str = "application/x-ndjson";

/// A body must be whole within this.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of a body that is too large is taken in and thrown away, so that whoever still sends it can read
/// the answer instead of a broken connection.
const DRAINED: usize = 64 * 1024 * 1024;

/// The bytes of a JSON body, still unread.
pub async fn raw_json(request: Request) -> Answered<Bytes> {
    if content_type(request.headers()) != JSON {
        return Err(wrong_type(request.headers(), &[JSON]));
    }
    raw(request, MAX_JSON).await
}

/// A JSON body as a `T`.
pub async fn json<T: DeserializeOwned>(request: Request) -> Answered<T> {
    decode(&raw_json(request).await?)
}

/// Strictly parsed, then decoded: 400 for the text, 422 for a field.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Answered<T> {
    let value = json::parse(bytes).map_err(Denial::malformed)?;
    json::decode(value).map_err(|fault| Denial::invalid(named(fault)))
}

/// The fault with the field in its path that only its reason names: one that is unknown or missing.
pub fn named(fault: Fault) -> Fault {
    let quoted = ["unknown field `", "missing field `", "duplicate field `"].iter().find_map(|opening| {
        let (_, rest) = fault.reason.split_once(opening)?;
        rest.split_once('`').map(|(name, _)| name.to_owned())
    });
    match quoted {
        Some(name) if fault.path.is_empty() => Fault { path: name, ..fault },
        Some(name) if !fault.path.ends_with(&name) => Fault { path: format!("{}.{name}", fault.path), ..fault },
        _ => fault,
    }
}

/// The bytes of a body of at most `limit`, whole within half a minute.
pub async fn raw(request: Request, limit: usize) -> Answered<Bytes> {
    raw_within(request, limit, PATIENCE).await
}

async fn raw_within(request: Request, limit: usize, patience: Duration) -> Answered<Bytes> {
    let too_large = || {
        Denial::new("payload-too-large")
            .field("body")
            .detail(format!("The body is larger than {} bytes.", thousands(limit)))
    };
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let waits = request.headers().contains_key(header::EXPECT);
    if waits && declared.is_some_and(|length: usize| length > limit) {
        return Err(too_large());
    }
    let reading = gather(request.into_body(), limit);
    match tokio::time::timeout(patience, reading).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => Err(too_large()),
        Ok(Err(_)) => Err(Denial::new("broken-request").field("body").detail("The body ended before it was whole.")),
        Err(_) => Err(Denial::new("request-timeout").field("body")),
    }
}

/// The whole body, or `None` when it is larger than `limit`.
async fn gather(body: Body, limit: usize) -> Result<Option<Bytes>, axum::Error> {
    let mut chunks = body.into_data_stream();
    let mut kept = Vec::new();
    let mut seen = 0usize;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        seen += chunk.len();
        if seen > DRAINED {
            break;
        }
        if seen > limit {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(&chunk);
        }
    }
    Ok((seen <= limit).then(|| kept.into()))
}

/// The media type of the body in lower case, without parameters; empty where there is none.
pub fn content_type(headers: &HeaderMap) -> String {
    let whole = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = whole.split(';').map(|part| part.trim().to_ascii_lowercase());
    let media = parts.next().unwrap_or_default();
    // JSON is UTF-8 (RFC 8259); another charset is another type.
    let foreign = parts.any(|part| part.strip_prefix("charset=").is_some_and(|c| c.trim_matches('"') != "utf-8"));
    if foreign { whole.to_ascii_lowercase() } else { media }
}

/// The 415 that says what would be taken.
pub fn wrong_type(headers: &HeaderMap, taken: &[&str]) -> Denial {
    let given = content_type(headers);
    let given =
        if given.is_empty() { "There is no content type".to_owned() } else { format!("The content type is {given:?}") };
    Denial::new("unsupported-media-type")
        .field("Content-Type")
        .detail(format!("{given}; this address takes {}.", taken.join(" or ")))
}

fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::contract::{ReasonRequest, ReviewRequest};
    use oversight::generated::{Generator, Sample, VALUES, cases, try_inputs};

    #[test]
    fn each_fault_has_its_status_and_its_field() {
        let digest = "0".repeat(64);
        for (text, status, field) in [
            (r#"{"decision":"approve""#.to_owned(), 400, "body"),
            (r#"{"decision":"appr"#.to_owned(), 400, "decision"),
            (r#"{"decision":"approve","decision":"reject"}"#.to_owned(), 400, "decision"),
            ("[".repeat(10_000), 400, ""),
            (format!(r#"{{"decision":"maybe","digest":"{digest}"}}"#), 422, "decision"),
            (format!(r#"{{"decision":"approve","digest":"{digest}","owner":"me"}}"#), 422, "owner"),
            (r#"{"decision":"approve"}"#.to_owned(), 422, "digest"),
            (r#"{"decision":"approve","digest":"abc"}"#.to_owned(), 422, "digest"),
            (format!(r#"{{"decision":"approve","digest":"{digest}","evidence":{{"seen":1}}}}"#), 422, "evidence.seen"),
            ("7".to_owned(), 422, "body"),
        ] {
            let denial = decode::<ReviewRequest>(text.as_bytes()).unwrap_err();
            assert_eq!(denial.status(), status, "{text:.60}");
            let value: serde_json::Value = problem(denial);
            assert!(value["field"].as_str().unwrap().starts_with(field), "{text:.60}: {value}");
            assert!(value["detail"].is_string(), "{text:.60}");
        }
        assert!(decode::<ReasonRequest>(br#"{"reason":"because"}"#).is_ok());
    }

    fn problem(denial: Denial) -> serde_json::Value {
        use axum::response::IntoResponse;
        let bytes = futures::executor::block_on(axum::body::to_bytes(denial.into_response().into_body(), 1 << 20));
        serde_json::from_slice(&bytes.unwrap()).unwrap()
    }

    /// However regularly its bytes come, a body has one time for all of it.
    #[tokio::test]
    async fn a_body_that_does_not_end_is_given_up() {
        let dribbled = |count: usize, each: Duration| {
            let bytes = futures::stream::iter(0..count).then(move |_| async move {
                tokio::time::sleep(each).await;
                Ok::<_, std::io::Error>(Bytes::from_static(b" "))
            });
            Request::new(Body::from_stream(bytes))
        };
        let (each, patience) = (Duration::from_millis(5), Duration::from_millis(150));
        let started = std::time::Instant::now();
        let refused = raw_within(dribbled(usize::MAX, each), MAX_JSON, patience).await.unwrap_err();
        assert_eq!((refused.status().as_u16(), problem(refused)["field"].as_str()), (408, Some("body")));
        assert!(started.elapsed() >= patience && started.elapsed() < Duration::from_secs(10));
        let whole = raw_within(dribbled(3, each), MAX_JSON, Duration::from_secs(30)).await.unwrap();
        assert_eq!(whole.len(), 3);
    }

    #[test]
    fn a_content_type_is_its_media_type_and_utf_8() {
        for (given, media) in [
            ("application/json", JSON),
            ("Application/JSON; charset=UTF-8", JSON),
            ("application/json;charset=\"utf-8\"", JSON),
            ("application/json; charset=latin1", "application/json; charset=latin1"),
            ("text/plain", "text/plain"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, given.parse().unwrap());
            assert_eq!(content_type(&headers), media, "{given}");
        }
        assert_eq!(content_type(&HeaderMap::new()), "");
        assert_eq!(thousands(1_048_576), "1,048,576");
    }

    fn values(given: &[serde_json::Value]) -> Vec<Sample> {
        given.iter().map(|value| Sample::json(value.to_string())).collect()
    }

    /// Bodies of every write on a change, and of a dry run.
    #[test]
    fn whatever_is_sent_a_refusal_names_field_and_reason() {
        use oversight::contract::{CommentRequest, OutcomeRequest, RedemptionRequest};
        use oversight::proposal::Proposal;
        use serde_json::json;

        fn each<T: DeserializeOwned>(name: &str, samples: &[Sample]) {
            let unknown =
                ["\"owner\":\"me\"", "\"tier\":\"low\"", "\"approve\"", "[\"s3\",\"PutObject\"]", "\"type\":\"check\""];
            let words: Vec<&str> = VALUES.iter().copied().chain(unknown).collect();
            let make = |made: &mut Generator| made.altered(samples, &words);
            try_inputs(name, cases(2_000), make, |bytes| match decode::<T>(bytes) {
                Ok(_) => true,
                Err(denial) => {
                    let problem = denial.problem();
                    assert_eq!(problem.status, if json::parse(bytes).is_ok() { 422 } else { 400 });
                    let (field, detail) = (problem.field.as_deref().unwrap(), problem.detail.as_deref().unwrap());
                    assert!(!field.is_empty() && !detail.is_empty());
                    assert!(field.chars().count() <= 601 && detail.chars().count() <= 601);
                    for opening in ["unknown field `", "missing field `"] {
                        let named = detail.split_once(opening).and_then(|(_, rest)| rest.split_once('`'));
                        assert!(
                            named.is_none_or(|(name, _)| field.ends_with(name) || field.ends_with('…')),
                            "{problem:?}"
                        );
                    }
                    false
                }
            });
        }

        let digest = "9f3c81e2".repeat(8);
        let plan = json!({"steps": [{"type": "action", "service": "s3", "operation": "PutObject", "arguments": {"n": [1, 0.5]}}],
            "rollback": [{"type": "check", "note": "n", "within_seconds": 60}]});
        let proposal = json!({"title": "t", "action": {"service": "s3", "operation": "PutObject", "arguments": {"a": {"b": null}}},
            "resources": [{"uid": "arn:aws:s3:::a", "type": "bucket", "account": "1", "region": "r"}], "rationale": "r",
            "evidence": [{"title": "e", "uri": "https://a.example"}], "claims": [{"label": "l", "value": "v"}], "plan": plan,
            "on_behalf_of": {"uid": "a", "name": "A"}, "session": {"uid": "s", "started_by": "b"}, "expires_in": 60});
        each::<Proposal>("bodies of proposals", &values(&[proposal]));
        let dry = json!({"service": "s3", "operation": "PutObject", "agent": "a", "resources": [{"uid": "b"}], "classification": {"tier": "low"}});
        each::<crate::http::policy::DryRunRequest>("bodies of dry runs", &values(&[dry]));
        let seen = json!({"opened_at": "2026-01-01T00:00:00Z", "visible_ms": 1, "sections_revealed": ["what"]});
        each::<ReviewRequest>(
            "bodies of reviews",
            &values(&[json!({"decision": "reject", "reason": "no", "digest": digest, "evidence": seen})]),
        );
        each::<RedemptionRequest>("bodies of redemptions", &values(&[json!({"action_digest": digest})]));
        each::<OutcomeRequest>("bodies of outcomes", &values(&[json!({"result": "verified", "detail": "d"})]));
        each::<CommentRequest>("bodies of comments", &values(&[json!({"text": "t"})]));
        each::<ReasonRequest>("bodies of reasons", &values(&[json!({"reason": "r"})]));
    }

    #[test]
    fn no_content_type_is_json_but_json() {
        let samples =
            ["application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\" ; v=1", "application/x-ndjson"];
        let samples = samples.map(|text| Sample::text(text, ";"));
        let words = ["utf-8", "utf-16", "charset=", "json", "JSON", "x-ndjson", "text/plain", " ", "", "\""];
        let make = |made: &mut Generator| made.altered(&samples, &words);
        try_inputs("content types", cases(5_000), make, |bytes| {
            let Ok(value) = axum::http::HeaderValue::from_bytes(bytes) else { return false };
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value);
            let media = content_type(&headers);
            assert_eq!(media, media.to_ascii_lowercase());
            let taken = [JSON, NDJSON].contains(&media.as_str());
            let lower = bytes.to_ascii_lowercase();
            let text = String::from_utf8_lossy(&lower);
            let foreign = text.split(';').any(|part| part.trim().starts_with("charset=utf-16"));
            assert!(!taken || text.trim_start().starts_with(&media) && !foreign);
            assert!(taken || !wrong_type(&headers, &[JSON]).problem().detail.as_ref().unwrap().is_empty());
            taken
        });
    }
}
