//! A review over HTTP: the header fields it needs, and a body whose own fault counts only where the digest
//! check stands in the contract's order. That order and the decision are the desk's.

use super::caller::Caller;
use super::changes::change_id;
use super::deeds::with_status;
use super::openapi::{CHANGES, Problems};
use super::problem::{Answered, Denial};
use super::query::Query;
use super::{Endpoint, body};
use crate::desk::{Answer, Keyed, Refused};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use oversight::capability::Deed;
use oversight::contract::{Receipt, ReviewRequest};
use oversight::digest::Digest;
use oversight::id::{ChangeId, IdempotencyKey};
use oversight::json;

/// Says that the answer is the saved one of an earlier request under the same key.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A person approves or rejects the version that If-Match and the digest name.
#[utoipa::path(post, path = "/v1/changes/{id}/reviews", tag = CHANGES, operation_id = "review_change",
    params(("id" = ChangeId, Path),
        ("If-Match" = String, Header, description = "The change's ETag"),
        ("Idempotency-Key" = String, Header, description = "Fresh for each decision, the same for its repetitions")),
    request_body = ReviewRequest,
    responses((status = 201, description = "The receipt: the decision is taken", body = Receipt, headers(("Idempotency-Replayed" = Option<bool>, description = "true on a saved answer"))), Problems))]
pub async fn review(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Answered {
    caller.may(Deed::Review)?;
    Query::none(request.uri())?;
    let id = change_id(&id)?;
    let if_match = header_text(request.headers(), &header::IF_MATCH)?;
    // A key that can't be one counts where a missing one does.
    let (key, key_fault) = match key(request.headers()) {
        Ok(key) => (key, None),
        Err(denial) => (None, Some(denial)),
    };
    let bytes = body::raw_json(request).await?;
    let keyed = Keyed { key, route: "reviews".to_owned(), payload: Digest::of(&bytes) };
    // The desk is told that the body has a fault and says whether anything else comes first; the answer
    // is then this problem, which still knows a malformed text from an unacceptable field.
    let (decoded, own_fault) = match json::parse(&bytes) {
        Err(fault) => (Err(fault.clone()), Some((fault.clone(), Denial::malformed(fault)))),
        Ok(value) => match json::decode::<ReviewRequest>(value).map_err(body::named) {
            Err(fault) => (Err(fault.clone()), Some((fault.clone(), Denial::invalid(fault)))),
            Ok(decoded) => (Ok(decoded), None),
        },
    };
    let decoded = decoded.map_err(Refused::Invalid);
    match (endpoint.desk.review(&caller, id, decoded, keyed, if_match, caller.channel()).await, own_fault) {
        (Ok(answer), _) => Ok(replayable(StatusCode::CREATED, &answer)),
        (Err(Refused::Invalid(fault)), Some((own, denial))) if fault == own => Err(denial),
        (Err(Refused::KeyMissing), _) if key_fault.is_some() => {
            Err(key_fault.unwrap_or_else(|| Refused::KeyMissing.into()))
        }
        (Err(refused), _) => Err(refused.into()),
    }
}

/// The Idempotency-Key, if there is one.
pub fn key(headers: &HeaderMap) -> Answered<Option<IdempotencyKey>> {
    let name = HeaderName::from_static("idempotency-key");
    let Some(text) = header_text(headers, &name)? else { return Ok(None) };
    // The draft writes it as a quoted string; both forms are one key.
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&text);
    let key = IdempotencyKey::new(bare)
        .map_err(|error| Denial::new("key-missing").field("Idempotency-Key").detail(error.to_string()))?;
    Ok(Some(key))
}

fn header_text(headers: &HeaderMap, name: &HeaderName) -> Answered<Option<String>> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    match value.to_str() {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(_) => Err(Denial::new("broken-request").field(name.as_str()).detail("The header is not plain ASCII.")),
    }
}

/// A saved answer is the first one again, and says so.
pub fn replayable<T: serde::Serialize>(status: StatusCode, answer: &Answer<T>) -> Response {
    let mut response = with_status(status, &answer.body);
    if answer.replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, Sample, cases, try_inputs};

    #[test]
    fn a_key_is_one_key_quoted_or_not() {
        let samples =
            ["\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "key 1", "\"a\""].map(|text| Sample::text(text, "-"));
        let words = ["\"\"", "\"", " ", "", "\t", "8e03978e"];
        let make = |made: &mut Generator| made.altered(&samples, &words);
        try_inputs("Idempotency-Key", cases(5_000), make, |bytes| {
            let Ok(value) = HeaderValue::from_bytes(bytes) else { return false };
            match key(&HeaderMap::from_iter([(HeaderName::from_static("idempotency-key"), value)])) {
                Ok(read) => {
                    let read = read.expect("the header is there");
                    let quoted = HeaderValue::from_str(&format!("\"{read}\"")).unwrap();
                    let again = key(&HeaderMap::from_iter([(HeaderName::from_static("idempotency-key"), quoted)]));
                    assert_eq!(again.unwrap(), Some(read));
                    true
                }
                Err(denial) => {
                    let problem = denial.problem();
                    assert!(problem.status == 400 && problem.field.is_some() && problem.detail.is_some());
                    false
                }
            }
        });
    }
}
