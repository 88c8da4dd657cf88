//! The audit trail over HTTP: pages, one snapshot as NDJSON, one record, appending, and what could not be
//! decoded. Which records a role may append, and what the endpoint sets on them, is the desk's to say.

use super::body::{self, JSON, MAX_BATCH, NDJSON};
use super::caller::Caller;
use super::deeds::with_status;
use super::openapi::{Problems, RECORDS};
use super::problem::{self, Answered, Denial};
use super::query::{self, Query};
use super::{Endpoint, private, private_json};
use crate::desk::{Appended, Export, RecordFilter, Refused};
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use oversight::capability::Deed;
use oversight::contract::{LineFault, Page, QuarantineView, RecordsPage};
use oversight::json;
use oversight::record::AuditRecord;
use oversight::vocabulary::{Kind, OutcomeStatus};
use sha2::{Digest as _, Sha256};

/// Most records of a page.
const MAX_RECORDS: u64 = 500;
/// Most faults of a batch that an answer lists.
const MAX_FAULTS: usize = 100;

const FILTERS: [&str; 10] = ["since", "until", "agent", "service", "kind", "change", "q", "outcome", "limit", "cursor"];

/// Records, newest first, in pages; or, for `Accept: application/x-ndjson`, one snapshot of all of them,
/// oldest first, whose last line is `{"trailer":{"rows","sha256"}}`: how many lines came before it and the
/// SHA-256 of their bytes, line feeds included. A snapshot without its trailer is not whole.
#[utoipa::path(get, path = "/v1/records", tag = RECORDS, operation_id = "list_records",
    params(
        ("since" = Option<String>, Query, description = "RFC 3339; not before it"),
        ("until" = Option<String>, Query, description = "RFC 3339; before it"),
        ("agent" = Option<String>, Query), ("service" = Option<String>, Query),
        ("kind" = Option<String>, Query, description = "One or several kinds, separated by commas"),
        ("change" = Option<String>, Query),
        ("q" = Option<String>, Query, description = "A text that any field holds"),
        ("outcome" = Option<String>, Query, description = "success, failure or unknown"),
        ("limit" = Option<u32>, Query, description = "1 to 500; pages only"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before; pages only")
    ),
    responses((status = 200, description = "A page, or a snapshot", headers(("Link" = Option<String>, description = "rel=\"next\" (RFC 8288)")), content(
        (RecordsPage = "application/json"), (String = "application/x-ndjson"))), Problems))]
pub async fn list(State(endpoint): State<Endpoint>, caller: Caller, headers: HeaderMap, uri: Uri) -> Answered {
    caller.may(Deed::ReadRecords)?;
    let query = Query::of(&uri, &FILTERS)?;
    let filter = RecordFilter {
        since: query.parsed("since")?,
        until: query.parsed("until")?,
        agent: query.parsed("agent")?,
        service: query.owned("service"),
        kind: query.list::<Kind>("kind")?,
        change: query.parsed("change")?,
        q: query.owned("q"),
        outcome: query.parsed::<OutcomeStatus>("outcome")?,
        limit: query.number("limit", 1..=MAX_RECORDS, 100)? as u32,
        cursor: query.owned("cursor"),
    };
    if accepts(&headers, NDJSON) {
        for paging in ["limit", "cursor"] {
            if query.text(paging).is_some() {
                let reason = "A snapshot is whole: it takes no limit and no cursor.";
                return Err(Denial::new("invalid-query").field(paging).detail(reason));
            }
        }
        let export = endpoint.desk.export(&caller, filter).await.map_err(query::refused)?;
        return Ok(private(NDJSON, Body::from_stream(snapshot(export))));
    }
    let page: RecordsPage = endpoint.desk.records(&caller, filter).await.map_err(query::refused)?;
    let mut response = private_json(&page);
    if let Some(cursor) = &page.next {
        let link = format!("<{}?{}>; rel=\"next\"", uri.path(), query.with_cursor(cursor));
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    Ok(response)
}

/// The lines of `export` and their trailer. The next page is read only when the reader has taken the last
/// (the body asks for it); an error ends the body without a trailer.
fn snapshot(export: Export) -> impl futures::Stream<Item = Result<Bytes, Refused>> + Send {
    struct Going {
        export: Export,
        hash: Sha256,
        rows: u64,
    }
    let start = Some(Going { export, hash: Sha256::new(), rows: 0 });
    futures::stream::try_unfold(start, |going| async move {
        let Some(mut going) = going else { return Ok(None) };
        let lines =
            going.export.next().await.inspect_err(|error| {
                tracing::error!(error = error as &dyn std::error::Error, "a snapshot broke off")
            })?;
        if lines.is_empty() {
            let sha256: String = going.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            let trailer = serde_json::json!({ "trailer": { "rows": going.rows, "sha256": sha256 } });
            return Ok(Some((Bytes::from(format!("{trailer}\n")), None)));
        }
        let mut chunk = String::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
        for line in &lines {
            chunk.push_str(line);
            chunk.push('\n');
        }
        going.rows += lines.len() as u64;
        going.hash.update(chunk.as_bytes());
        Ok(Some((Bytes::from(chunk), Some(going))))
    })
}

fn accepts(headers: &HeaderMap, media: &str) -> bool {
    let all = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(','))
        .any(|one| one.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(media)))
}

/// Appends one record, or a batch as NDJSON, all or nothing. A record that is here already, by its uid and
/// with the same content, is passed over.
#[utoipa::path(post, path = "/v1/records", tag = RECORDS, operation_id = "append_records",
    request_body(content((serde_json::Value = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 201, description = "Appended", body = Appended), (status = 200, description = "All of them were here already", body = Appended), Problems))]
pub async fn append(State(endpoint): State<Endpoint>, caller: Caller, request: Request) -> Answered {
    caller.may(Deed::AppendRecords)?;
    Query::none(request.uri())?;
    let appended = match body::content_type(request.headers()).as_str() {
        JSON => {
            let bytes = body::raw_json(request).await?;
            let value = json::parse(&bytes).map_err(Denial::malformed)?;
            let record = AuditRecord::decode(value).map_err(|fault| Denial::invalid(body::named(fault)))?;
            let outcome = endpoint.desk.append(&caller, vec![record]).await;
            outcome.map_err(of_one)?
        }
        NDJSON => {
            let bytes = body::raw(request, MAX_BATCH).await?;
            let (records, lines) = batch(&bytes)?;
            let outcome = endpoint.desk.append(&caller, records).await;
            outcome.map_err(|refused| of_batch(refused, &lines))?
        }
        _ => return Err(body::wrong_type(request.headers(), &[JSON, NDJSON])),
    };
    let status = if appended.accepted > 0 { StatusCode::CREATED } else { StatusCode::OK };
    Ok(with_status(status, &appended))
}

/// The records of a batch and the line that each stood on, or every line at fault.
fn batch(bytes: &[u8]) -> Answered<(Vec<AuditRecord>, Vec<u64>)> {
    let (mut records, mut lines, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (line, text) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match AuditRecord::read(text).map_err(body::named) {
            Ok(record) => {
                records.push(record);
                lines.push(line);
            }
            Err(fault) => faults.push(LineFault { line, field: fault.path, reason: fault.reason }),
        }
        if faults.len() == MAX_FAULTS {
            break;
        }
    }
    if !faults.is_empty() {
        return Err(problem::lines(faults));
    }
    if records.is_empty() {
        return Err(Denial::invalid(json::Fault::new("", "The batch holds no record.")));
    }
    Ok((records, lines))
}

/// The desk counts records; a reader counts lines.
fn of_batch(refused: Refused, lines: &[u64]) -> Denial {
    match refused {
        Refused::InvalidLines(faults) => {
            let on_line = |fault: LineFault| {
                let index = usize::try_from(fault.line).ok().and_then(|n| n.checked_sub(1));
                LineFault { line: index.and_then(|at| lines.get(at).copied()).unwrap_or(fault.line), ..fault }
            };
            problem::lines(faults.into_iter().take(MAX_FAULTS).map(on_line).collect())
        }
        other => other.into(),
    }
}

/// One record has no lines: its fault is the body's.
fn of_one(refused: Refused) -> Denial {
    match refused {
        Refused::InvalidLines(faults) if faults.len() == 1 => {
            let fault = &faults[0];
            Denial::invalid(json::Fault::new(fault.field.clone(), fault.reason.clone()))
        }
        other => other.into(),
    }
}

/// One record, by its uid or its position in the log.
#[utoipa::path(get, path = "/v1/records/{uid}", tag = RECORDS, operation_id = "show_record", params(("uid" = String, Path)),
    responses((status = 200, description = "The record", body = serde_json::Value), Problems))]
pub async fn one(State(endpoint): State<Endpoint>, caller: Caller, Path(uid): Path<String>, uri: Uri) -> Answered {
    caller.may(Deed::ReadRecords)?;
    Query::none(&uri)?;
    Ok(private_json(&endpoint.desk.record(&caller, &uid).await?))
}

/// What imports could not decode, with the reason and the bytes.
#[utoipa::path(get, path = "/v1/quarantine", tag = RECORDS, operation_id = "list_quarantine",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, description = "A page of what could not be decoded", body = Page<QuarantineView>), Problems))]
pub async fn quarantine(State(endpoint): State<Endpoint>, caller: Caller, uri: Uri) -> Answered {
    caller.may(Deed::ReadRecords)?;
    let query = Query::of(&uri, &["limit", "cursor"])?;
    let limit = query.number("limit", 1..=MAX_RECORDS, 100)? as u32;
    let page = endpoint.desk.quarantine(&caller, query.owned("cursor"), limit).await;
    Ok(private_json(&page.map_err(query::refused)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, Sample, VALUES, cases, try_inputs};

    #[test]
    fn each_line_at_fault_is_listed_by_its_number() {
        let good = r#"{"uid":"r-1","time":"2026-01-01T00:00:00Z","kind":"execution"}"#;
        let text = format!(
            "{good}\n\n{{\"uid\":\"r-2\"\n{good}\n{{\"uid\":\"r-3\",\"time\":\"noon\",\"kind\":\"execution\"}}\n"
        );
        let denial = batch(text.as_bytes()).unwrap_err();
        assert_eq!(denial.status(), 422);
        let shown = format!("{denial:?}");
        assert!(shown.contains("line: 3") && shown.contains("line: 5") && !shown.contains("line: 4"), "{shown}");
        let (records, lines) = batch(format!("\n{good}\n\n{good}").as_bytes()).unwrap();
        assert_eq!((records.len(), lines), (2, vec![2, 4]));
        assert_eq!(batch(b"\n \n").unwrap_err().status(), 422);
        let moved = of_batch(
            Refused::InvalidLines(vec![LineFault { line: 2, field: "kind".into(), reason: "no".into() }]),
            &[2, 4],
        );
        assert!(format!("{moved:?}").contains("line: 4"));
    }

    #[test]
    fn ndjson_is_asked_for_by_name() {
        for (accept, wanted) in [
            ("application/x-ndjson", true),
            ("application/json, application/x-ndjson;q=0.9", true),
            ("application/json", false),
            ("*/*", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(accepts(&headers, NDJSON), wanted, "{accept}");
        }
    }

    #[test]
    fn a_batch_is_its_lines_or_the_lines_at_fault() {
        let good = r#"{"uid":"r-1","time":"2026-01-01T00:00:00Z","kind":"execution","action":{"service":"s3","operation":"Get"},"x":[1]}"#;
        let samples = [
            Sample::text(format!("{good}\n\n{}\n{}", good.replace("r-1", "r-2"), good.replace("r-1", "r-3")), "\n"),
            Sample::json(good),
        ];
        let words: Vec<&str> = VALUES.iter().copied().chain(["\n", "\r\n", " \n", "{}\n", "\n\n\n"]).collect();
        let make = |made: &mut Generator| made.altered(&samples, &words);
        try_inputs("batches", cases(2_000), make, |bytes| {
            let count = bytes.split(|byte| *byte == b'\n').count() as u64;
            match batch(bytes) {
                Ok((records, lines)) => {
                    assert!(!records.is_empty() && records.len() == lines.len());
                    assert!(lines.is_sorted_by(|a, b| a < b) && lines[0] >= 1 && *lines.last().unwrap() <= count);
                    for (record, line) in records.iter().zip(&lines) {
                        let text = bytes.split(|byte| *byte == b'\n').nth(*line as usize - 1).unwrap();
                        assert_eq!(AuditRecord::read(text).unwrap(), *record);
                    }
                    true
                }
                Err(denial) => {
                    let problem = denial.problem();
                    assert!(problem.status == 422 && problem.detail.is_some());
                    assert!(
                        problem
                            .errors
                            .iter()
                            .all(|fault| (1..=count).contains(&fault.line) && !fault.reason.is_empty())
                    );
                    false
                }
            }
        });
    }

    #[test]
    fn ndjson_is_never_guessed() {
        let samples = [
            Sample::text("application/json, application/x-ndjson;q=0.9", ","),
            Sample::text("*/*;q=0.1,Application/X-NDJSON", ","),
        ];
        let words = ["application/json", "x-ndjson", "*", "q=0", "text/html", "", " "];
        let make = |made: &mut Generator| made.altered(&samples, &words);
        try_inputs("Accept", cases(5_000), make, |bytes| {
            let Ok(value) = HeaderValue::from_bytes(bytes) else { return false };
            let headers = HeaderMap::from_iter([(header::ACCEPT, value)]);
            let wanted = accepts(&headers, NDJSON);
            assert!(!wanted || String::from_utf8_lossy(bytes).to_ascii_lowercase().contains(NDJSON));
            wanted
        });
    }
}
