//! Errors as RFC 9457 has them: what each kind of problem is called, and how what the desk refuses becomes
//! one. The pages that their types resolve to are in `pages`; what is refused, and when, is the desk's.

use crate::desk::Refused;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use oversight::capability::Refusal;
use oversight::contract::{LineFault, Problem};
use oversight::json::Fault;

/// The media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Longest detail or reason sent, in characters: a decoder may quote what it was given.
const MAX_DETAIL: usize = 600;

/// One kind of problem, as its page tells it.
pub struct Kind {
    /// The last part of its type, stable.
    pub slug: &'static str,
    pub status: u16,
    pub title: &'static str,
    /// What it means and what to do about it.
    pub meaning: &'static str,
}

const fn kind(slug: &'static str, status: u16, title: &'static str, meaning: &'static str) -> Kind {
    Kind { slug, status, title, meaning }
}

/// Every problem there is.
pub const KINDS: &[Kind] = &[
    kind(
        "malformed-json",
        400,
        "The body is not acceptable JSON",
        "The text is not JSON, is not UTF-8, gives a key twice, nests deeper than 128 levels, or holds an integer beyond 2^53, which must travel as a string. `field` names the place, `detail` the line and column. Nothing was changed.",
    ),
    kind(
        "invalid-query",
        400,
        "A query parameter is not acceptable",
        "The route does not know the parameter, it is given twice, or its value can't be read. `field` names it. Nothing was changed.",
    ),
    kind(
        "broken-request",
        400,
        "The request broke off",
        "The body ended before it was whole, or a header can't be read. Nothing was changed; send it again.",
    ),
    kind(
        "key-missing",
        400,
        "An Idempotency-Key is needed",
        "This request must be safe to repeat. Send a fresh Idempotency-Key header with it, and the same key with every repetition of it.",
    ),
    kind(
        "unauthenticated",
        401,
        "Not signed in",
        "The request carries no valid sign-in. People open a sign-in link of the endpoint; machines send `Authorization: Bearer` with the token from the credentials file.",
    ),
    kind(
        "forbidden",
        403,
        "Not allowed",
        "Who is signed in may not do this. `rule` says by which rule: `role`, `group`, `separation-of-duties`, `own-changes`, or `origin` for a write whose Origin header is missing or foreign.",
    ),
    kind(
        "not-redeemer",
        403,
        "Another executor redeemed it",
        "Only the executor that redeemed a change reports its outcome. What somebody else did without a redemption is appended as a record without `change_id`.",
    ),
    kind("not-found", 404, "There is no such thing", "Nothing has this address, or nothing that you may see."),
    kind(
        "method-not-allowed",
        405,
        "The address does not take this method",
        "The Allow header lists the methods that it takes.",
    ),
    kind(
        "request-timeout",
        408,
        "The body took too long",
        "The body was not whole within 30 seconds. Nothing was changed; send it again.",
    ),
    kind(
        "already-reviewed",
        409,
        "You have reviewed this version",
        "A person reviews a version once, and the review is final.",
    ),
    kind(
        "already-decided",
        409,
        "It is decided already",
        "The change has left the state in which reviews count. Load it again to see how it ended.",
    ),
    kind("expired", 409, "It expired", "Its time came before it was decided. The agent may propose it again."),
    kind(
        "agent-paused",
        409,
        "The agent is paused",
        "Its changes are neither decided nor redeemed until a manager resumes it.",
    ),
    kind("not-approved", 409, "It is not approved", "Only an approved change can be redeemed or revoked."),
    kind("not-pending", 409, "It is not pending", "Only a pending change can be withdrawn."),
    kind("not-open", 409, "It is not open", "Only a pending or approved change can be amended."),
    kind("not-redeemed", 409, "It is not redeemed", "Only a redeemed change has an outcome."),
    kind("already-redeemed", 409, "It has been redeemed", "An approval is used once."),
    kind(
        "rollback-required",
        409,
        "A rollback plan is required",
        "The policy requires a typed rollback or compensation plan; the agent must add one before anybody can approve.",
    ),
    kind(
        "policy-forbids",
        409,
        "The policy forbids it",
        "The policy in force now refuses the action, whoever approved it.",
    ),
    kind(
        "uid-taken",
        409,
        "The uid is taken by another record",
        "A record with this uid and other content is in the log. Records are never replaced.",
    ),
    kind(
        "key-in-flight",
        409,
        "The same request is being answered",
        "A request with this Idempotency-Key has not been answered yet. Wait a moment and send it again with the same key.",
    ),
    kind(
        "conflict",
        409,
        "It can't be done in this state",
        "`rule` and `detail` say what stands against it. Load the thing again and decide anew.",
    ),
    kind(
        "stale-version",
        412,
        "There is a newer version",
        "The change has been amended since you loaded it. Load it again; votes on the older version are gone with it.",
    ),
    kind(
        "payload-too-large",
        413,
        "The body is too large",
        "A body may be 1 MiB, a batch of records 16 MiB. Nothing was changed.",
    ),
    kind(
        "unsupported-media-type",
        415,
        "The content type is not one that this address takes",
        "Send `Content-Type: application/json`, or `application/x-ndjson` for a batch of records. Nothing was changed.",
    ),
    kind(
        "invalid",
        422,
        "A field is not acceptable",
        "The JSON is well formed, but a field is missing, unknown or outside its range. `field` names it and `detail` says why. Nothing was changed.",
    ),
    kind(
        "invalid-batch",
        422,
        "The batch has lines that are not acceptable",
        "A batch is all or nothing. `errors` lists each line at fault, from 1. Nothing was changed.",
    ),
    kind(
        "digest-mismatch",
        422,
        "The digest is not that of this version",
        "What was on the screen is not what would be decided. Load the change again.",
    ),
    kind(
        "key-reused",
        422,
        "The Idempotency-Key belongs to another request",
        "This key was used with another payload. Take a fresh key for a new request.",
    ),
    kind(
        "precondition-required",
        428,
        "An If-Match header is needed",
        "A review names the version it is about: send If-Match with the ETag of the change.",
    ),
    kind(
        "too-many-attempts",
        429,
        "Too many failed sign-ins",
        "This address has failed to sign in too often. Wait as many seconds as Retry-After says.",
    ),
    kind(
        "internal",
        500,
        "The endpoint failed",
        "The fault is the endpoint's and is in its log. What was acknowledged before is kept; this request was not.",
    ),
    kind(
        "unavailable",
        503,
        "The endpoint can't answer now",
        "It is stopping, or has as many streams open as it takes. Try again in a few seconds.",
    ),
];

fn known(slug: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.slug == slug)
}

/// A problem on its way out.
#[derive(Debug, Clone)]
pub struct Denial {
    problem: Box<Problem>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What a handler answers.
pub type Answered<T = Response> = Result<T, Denial>;

impl Denial {
    /// A problem of the kind `slug`, which must be one of `KINDS`.
    pub fn new(slug: &str) -> Denial {
        let kind = known(slug).or_else(|| known("internal")).expect("the list has it");
        let problem = Problem {
            kind: format!("/problems/{}", kind.slug),
            title: kind.title.to_owned(),
            status: kind.status,
            detail: None,
            field: None,
            rule: None,
            errors: Vec::new(),
        };
        Denial { problem: Box::new(problem), headers: Vec::new() }
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Denial {
        self.problem.detail = Some(cut(detail.into()));
        self
    }

    pub fn field(mut self, field: impl Into<String>) -> Denial {
        self.problem.field = Some(cut(field.into()));
        self
    }

    pub fn rule(mut self, rule: impl Into<String>) -> Denial {
        self.problem.rule = Some(rule.into());
        self
    }

    pub fn errors(mut self, errors: Vec<LineFault>) -> Denial {
        self.problem.errors =
            errors.into_iter().map(|fault| LineFault { reason: cut(fault.reason), ..fault }).collect();
        self
    }

    pub fn header(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Denial {
        self.headers.push((name, value.into()));
        self
    }

    /// A field of a body that is not as it must be; an empty path is the whole body.
    pub fn invalid(fault: Fault) -> Denial {
        Denial::new("invalid").at(fault)
    }

    /// A text that is not acceptable JSON.
    pub fn malformed(fault: Fault) -> Denial {
        Denial::new("malformed-json").at(fault)
    }

    pub fn forbidden(refusal: Refusal) -> Denial {
        let slug = known(&refusal.rule).filter(|kind| kind.status == 403).map_or("forbidden", |kind| kind.slug);
        Denial::new(slug).rule(refusal.rule).detail(refusal.reason)
    }

    pub fn not_found(what: &str) -> Denial {
        Denial::new("not-found").detail(what)
    }

    #[cfg(test)]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn at(self, fault: Fault) -> Denial {
        let field = if fault.path.is_empty() { "body".to_owned() } else { fault.path };
        self.field(field).detail(fault.reason)
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(MAX_DETAIL) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

impl From<Refused> for Denial {
    fn from(refused: Refused) -> Denial {
        match refused {
            Refused::Unauthenticated => unauthenticated(),
            Refused::Forbidden(refusal) => Denial::forbidden(refusal),
            Refused::NotFound(what) => Denial::not_found(&format!("There is no such {what}.")),
            Refused::KeyMissing => {
                Denial::new("key-missing").field("Idempotency-Key").detail("The Idempotency-Key header is missing.")
            }
            Refused::IfMatchMissing => {
                Denial::new("precondition-required").field("If-Match").detail("The If-Match header is missing.")
            }
            Refused::Stale { current } => Denial::new("stale-version")
                .field("If-Match")
                .detail(format!("The current version is {current}; load it before you decide.")),
            Refused::DigestMismatch => Denial::new("digest-mismatch")
                .field("digest")
                .detail("The digest given is not that of the current version."),
            Refused::KeyReused => {
                Denial::new("key-reused").field("Idempotency-Key").detail("This key was used with another payload.")
            }
            Refused::KeyInFlight => Denial::new("key-in-flight")
                .field("Idempotency-Key")
                .detail("A request with this key is still being answered.")
                .header(header::RETRY_AFTER, 1),
            Refused::Conflict(refusal) => {
                let slug = known(&refusal.rule).filter(|kind| kind.status == 409).map_or("conflict", |kind| kind.slug);
                Denial::new(slug).rule(refusal.rule).detail(refusal.reason)
            }
            Refused::Invalid(fault) => Denial::invalid(fault),
            Refused::InvalidLines(errors) => lines(errors),
            Refused::Storage(error) => {
                tracing::error!(%error, "the store failed");
                Denial::new("internal")
            }
        }
    }
}

/// The 401 of a route that needs a sign-in.
pub fn unauthenticated() -> Denial {
    Denial::new("unauthenticated")
        .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"countersign\""))
}

/// The 422 of a batch, which names its first fault at the top as well.
pub fn lines(errors: Vec<LineFault>) -> Denial {
    let denial = Denial::new("invalid-batch");
    let denial = match errors.first() {
        Some(first) => denial.field(first.field.clone()).detail(format!("Line {}: {}", first.line, first.reason)),
        None => denial,
    };
    denial.errors(errors)
}

impl IntoResponse for Denial {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = (self.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers {
            headers.insert(name, value);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_slug_of_its_own_and_whole_sentences() {
        for (index, kind) in KINDS.iter().enumerate() {
            assert!(KINDS[..index].iter().all(|other| other.slug != kind.slug), "{}", kind.slug);
            assert!(kind.slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", kind.slug);
            assert!(kind.meaning.ends_with('.') && !kind.title.ends_with('.'), "{}", kind.slug);
            assert!((400..=599).contains(&kind.status), "{}", kind.slug);
        }
    }

    #[test]
    fn a_conflict_is_named_by_its_rule_where_the_rule_has_a_page() {
        for (rule, slug) in [
            ("already-decided", "already-decided"),
            ("rollback-required", "rollback-required"),
            ("something-new", "conflict"),
            ("forbidden", "conflict"),
        ] {
            let denial = Denial::from(Refused::Conflict(Refusal::new(rule, "Because.")));
            assert_eq!((denial.problem.slug(), denial.problem.status), (slug, 409), "{rule}");
            assert_eq!(denial.problem.rule.as_deref(), Some(rule));
        }
    }

    #[test]
    fn what_a_decoder_quotes_is_cut() {
        let denial = Denial::invalid(Fault::new("", "é".repeat(10_000)));
        assert_eq!(denial.problem.field.as_deref(), Some("body"));
        assert_eq!(denial.problem.detail.unwrap().chars().count(), MAX_DETAIL + 1);
    }
}
