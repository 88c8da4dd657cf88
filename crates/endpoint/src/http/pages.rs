//! The endpoint's own pages, for people: what a problem means, a sign-in link that no longer works, and that
//! no app is built. Plain HTML without scripts, in the app's colours.

use super::problem::{Denial, KINDS, Kind};
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Colours and type as the app has them, then what these pages need beyond.
const STYLE: &str = concat!(include_str!("../../../../style/tokens.css"), include_str!("page.css"));

/// `GET /page.css`.
pub async fn style() -> Response {
    let mut response = STYLE.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// `GET /problems/{slug}`: what a problem's type leads to.
pub async fn problem(Path(slug): Path<String>) -> Response {
    match KINDS.iter().find(|kind| kind.slug == slug) {
        Some(kind) => page(StatusCode::OK, kind.title, &described(kind)),
        None => Denial::not_found("There is no such problem.").into_response(),
    }
}

/// `GET /problems`: all of them.
pub async fn problems() -> Response {
    let rows: String = KINDS
        .iter()
        .map(|kind| {
            format!(
                "<tr><td>{}</td><td><a href=\"/problems/{slug}\"><code>{slug}</code></a></td><td>{}</td></tr>",
                kind.status,
                escaped(kind.title),
                slug = kind.slug
            )
        })
        .collect();
    let table = format!(
        "<p>Each refusal of the endpoint is a problem document (RFC 9457) of one of these types.</p>\
         <table><thead><tr><th>Status</th><th>Type</th><th>Meaning</th></tr></thead><tbody>{rows}</tbody></table>"
    );
    page(StatusCode::OK, "Problems", &table)
}

/// A link that was used, was replaced by a newer one, is too old, or never was.
pub fn sign_in_refused() -> Response {
    let text = "<p>Each link signs in once, within 24 hours. This one was used already, is older, was replaced when \
                the endpoint started again, or was not copied whole.</p><p>If you are signed in in this browser, go on \
                to <a href=\"/\">Countersign</a>. Otherwise take the newest link from where the endpoint printed it, or \
                have whoever runs the endpoint start it again: each start prints a new link for everyone.</p>";
    page(StatusCode::GONE, "This sign-in link does not work any more", text)
}

/// Instead of the app, where there is none.
pub fn no_app() -> Response {
    let text = "<p>The endpoint runs and answers under <code>/v1</code>, but it has no app to serve. Build it with</p>\
                <pre>cargo xtask app</pre><p>and start the endpoint again, with <code>--app dist</code> when it is \
                not started from the repository.</p>";
    page(StatusCode::NOT_FOUND, "The app is not built", text)
}

fn described(kind: &Kind) -> String {
    format!(
        "<p>{}</p><p><code>{}</code>, status {}. <a href=\"/problems\">All problems</a></p>",
        escaped(kind.meaning),
        kind.slug,
        kind.status
    )
}

fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let title = escaped(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Countersign</title>\
         <link rel=\"stylesheet\" href=\"/page.css\"></head>\
         <body><main><h1>{title}</h1>{content}</main></body></html>\n"
    );
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// Text within HTML; backticks become code.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '`' => {
                out.push_str(if in_code { "</code>" } else { "<code>" });
                in_code = !in_code;
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_whole_markup() {
        for kind in KINDS {
            let html = described(kind);
            assert_eq!(html.matches("<code>").count(), html.matches("</code>").count(), "{}", kind.slug);
        }
        assert_eq!(escaped("a <b> `c` & \"d\""), "a &lt;b&gt; <code>c</code> &amp; &quot;d&quot;");
    }
}
