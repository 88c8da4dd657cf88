//! Reading changes over HTTP: the queue, one change (with waiting), and the bytes behind a digest. What is
//! done to a change is `deeds`, `reviews` and `redemption`; who sees what is the desk's.

use super::body::JSON;
use super::caller::Caller;
use super::openapi::{CHANGES, Problems};
use super::problem::{Answered, Denial};
use super::query::{self, Query};
use super::{Endpoint, private, private_json};
use crate::desk::{ChangeFilter, DigestOf};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use oversight::capability::Deed;
use oversight::contract::{ChangeView, Page};
use oversight::id::ChangeId;
use oversight::state::State as ChangeState;

/// Most changes of a page.
const MAX_CHANGES: u64 = 200;
/// Longest wait for a change of state, in seconds.
const MAX_WAIT: u64 = 60;

/// The id of a path, or the 404 that says what it would look like.
pub fn change_id(text: &str) -> Answered<ChangeId> {
    text.parse().map_err(|error: oversight::id::BadId| Denial::not_found(&error.to_string()).field("id"))
}

/// The changes that the caller may see, newest first.
#[utoipa::path(get, path = "/v1/changes", tag = CHANGES, operation_id = "list_changes",
    params(
        ("state" = Option<String>, Query, description = "One or several states, separated by commas"),
        ("mine" = Option<bool>, Query, description = "Only those where the caller's approval would fill an open seat"),
        ("agent" = Option<String>, Query),
        ("since" = Option<String>, Query, description = "Leaves out what was settled before it"),
        ("limit" = Option<u32>, Query, description = "1 to 200"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before")
    ),
    responses((status = 200, description = "A page of changes", body = Page<ChangeView>), Problems))]
pub async fn list(State(endpoint): State<Endpoint>, caller: Caller, uri: Uri) -> Answered {
    caller.may(Deed::ReadChanges)?;
    let query = Query::of(&uri, &["state", "mine", "agent", "since", "limit", "cursor"])?;
    let filter = ChangeFilter {
        state: query.list::<ChangeState>("state")?,
        mine: query.flag("mine")?,
        settled_since: query.parsed("since")?,
        agent: query.parsed("agent")?,
        limit: query.number("limit", 1..=MAX_CHANGES, 50)? as u32,
        cursor: query.owned("cursor"),
    };
    let page = endpoint.desk.changes(&caller, filter).await.map_err(query::refused)?;
    let items: Vec<_> = page.items.iter().map(ChangeView::to_json).collect();
    Ok(private_json(&Page { items, next: page.next }))
}

/// One change. With `wait`, answers when its state or version changes, when so many seconds are over, or at
/// once where nothing can change any more.
#[utoipa::path(get, path = "/v1/changes/{id}", tag = CHANGES, operation_id = "show_change",
    params(
        ("id" = ChangeId, Path),
        ("wait" = Option<u32>, Query, description = "Seconds to wait for a change of state, at most 60")
    ),
    responses((status = 200, description = "The change as the caller sees it", body = ChangeView, headers(("ETag" = String, description = "Id and version, what a review's If-Match names"))),
        (status = 304, description = "The version that If-None-Match names is as it was when it was made"), Problems))]
pub async fn one(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Answered {
    caller.may(Deed::ReadChanges)?;
    let query = Query::of(&uri, &["wait"])?;
    let wait = query.number("wait", 0..=MAX_WAIT, 0)?;
    let id = change_id(&id)?;
    let now = endpoint.desk.change(&caller, id).await?;
    let view = if wait == 0 || now.state.is_terminal() {
        now
    } else {
        tokio::select! {
            view = endpoint.desk.wait_for_change(&caller, id, wait) => view?,
            () = endpoint.stopping() => endpoint.desk.change(&caller, id).await?,
        }
    };
    let tag = view.etag();
    let mut response = if names(&headers, &tag) && is_untouched(&view) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        response
    } else {
        private_json(&view.to_json())
    };
    set_tag(&mut response, &tag);
    Ok(response)
}

/// The tag names a version, and a version's state goes on: only a version to which nothing has happened yet
/// is surely what its holder has.
fn is_untouched(view: &ChangeView) -> bool {
    let voteless = view.reviews.iter().all(|review| review.version != view.version);
    view.state == ChangeState::Pending && voteless && view.comments.is_empty() && !view.agent_paused
}

/// Whether `If-None-Match` names `tag` (RFC 9110, weakly).
fn names(headers: &HeaderMap, tag: &str) -> bool {
    let all = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(',')).any(|one| one.trim().trim_start_matches("W/") == tag)
}

pub fn set_tag(response: &mut Response, tag: &str) {
    if let Ok(value) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
}

/// The exact bytes that a digest is the SHA-256 of.
#[utoipa::path(get, path = "/v1/changes/{id}/canonical", tag = CHANGES, operation_id = "canonical_bytes",
    params(
        ("id" = ChangeId, Path),
        ("version" = Option<u32>, Query, description = "The current one unless given"),
        ("of" = Option<String>, Query, description = "`digest`, the whole version, or `action`, what the executor checks")
    ),
    responses((status = 200, description = "JSON in canonical form (RFC 8785)", content_type = "application/json"), Problems))]
pub async fn canonical(State(endpoint): State<Endpoint>, caller: Caller, Path(id): Path<String>, uri: Uri) -> Answered {
    caller.may(Deed::ReadChanges)?;
    let query = Query::of(&uri, &["version", "of"])?;
    let of = match query.text("of") {
        None | Some("digest") => DigestOf::Whole,
        Some("action") => DigestOf::Action,
        Some(_) => return Err(Denial::new("invalid-query").field("of").detail("Expected digest or action.")),
    };
    let version = query.parsed::<u32>("version")?;
    let text = endpoint.desk.canonical(&caller, change_id(&id)?, version, of).await?;
    Ok(private(JSON, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, Sample, cases, try_inputs};

    #[test]
    fn a_tag_is_found_among_several() {
        let tag = oversight::contract::etag(ChangeId(1), 3);
        for (given, named) in [
            ("\"CH-1.3\"", true),
            ("W/\"CH-1.3\"", true),
            ("\"CH-1.2\", \"CH-1.3\"", true),
            ("\"CH-1.2\"", false),
            ("CH-1.3", false),
            // There is always a version; "any" would never let a poller see what became of it.
            ("*", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, given.parse().unwrap());
            assert_eq!(names(&headers, &tag), named, "{given}");
        }
    }

    #[test]
    fn ids_and_tags_are_what_they_are_written_as() {
        let tag = oversight::contract::etag(ChangeId(12), 3);
        let samples = [Sample::text("\"CH-12.3\"", ","), Sample::text("W/\"CH-12.2\", W/\"CH-12.3\"", ",")];
        let words = ["CH-12.3", "\"CH-12.3\"", "W/", "w/", "*", "", "\"", "\"CH-12.30\"", "12", "3"];
        let make = |made: &mut Generator| made.altered(&samples, &words);
        try_inputs("If-None-Match", cases(5_000), make, |bytes| {
            let Ok(value) = HeaderValue::from_bytes(bytes) else { return false };
            let named = names(&HeaderMap::from_iter([(header::IF_NONE_MATCH, value)]), &tag);
            assert!(!named || String::from_utf8_lossy(bytes).contains(&tag));
            named
        });
        let make = |made: &mut Generator| {
            made.altered_text(
                &[Sample::text("CH-2041", "-")],
                &["", "0", "1", "01", "999999999999999", "9999999999999999", "ch", "CH"],
            )
        };
        try_inputs("ids of paths", cases(5_000), make, |text| match change_id(text) {
            Ok(id) => {
                assert_eq!(id.to_string(), *text);
                true
            }
            Err(denial) => {
                assert_eq!((denial.problem().status, denial.problem().field.as_deref()), (404, Some("id")));
                false
            }
        });
    }
}
