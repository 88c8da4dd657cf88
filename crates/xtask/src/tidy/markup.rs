//! Markup that the Content-Security-Policy would block, or that would turn an agent's words into markup: style
//! attributes, style elements, inline handlers, and setting HTML from a string. In the app's code, index.html
//! and what is under public/.

use super::code::{Blank, blanked};
use super::{Finding, Source, line_of};

const STYLE: &str = "The policy blocks it: use a class, or `style:prop=` for a value that is computed";
const HANDLER: &str = "The policy blocks it: use Leptos' `on:event=` in a view";
const RAW_HTML: &str = "Agent text is hostile: render text nodes, through the escaping part of src/ui";

/// What a view may not write. The equals sign stands close by, as the view macro's attributes are written.
const FORBIDDEN: [(&str, &str); 5] = [
    ("style=", STYLE),
    ("<style", STYLE),
    ("inner_html=", RAW_HTML),
    ("set_inner_html(", RAW_HTML),
    ("insert_adjacent_html(", RAW_HTML),
];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let in_app = source.path.starts_with("src/") && source.is("rs");
        let is_page = source.is("html") || (source.path.starts_with("public/") && source.is("svg"));
        if !in_app && !is_page {
            continue;
        }
        let text = if in_app { blanked(&source.text, Blank::Comments) } else { source.text.clone() };
        let mut report = |at: usize, what: String, mend| {
            findings.push(Finding { path: source.path.clone(), line: line_of(&text, at), what, mend });
        };
        for (pattern, mend) in FORBIDDEN {
            for (at, _) in text.match_indices(pattern) {
                // `data-style=` and `set_style=` are other things.
                let other = text[..at].ends_with(|c: char| c.is_alphanumeric() || "_-:".contains(c));
                if !other {
                    report(at, format!("`{}`", pattern.trim_end_matches(['=', '('])), mend);
                }
            }
        }
        if is_page {
            for at in inline_handlers(&text) {
                report(at, "an inline event handler".to_owned(), HANDLER);
            }
        }
    }
    findings
}

/// ` onclick="` and its like.
fn inline_handlers(text: &str) -> Vec<usize> {
    text.match_indices(" on")
        .filter(|(at, matched)| {
            let name: String = text[at + matched.len()..].chars().take_while(char::is_ascii_lowercase).collect();
            let after = &text[at + matched.len() + name.len()..];
            !name.is_empty() && (after.starts_with("=\"") || after.starts_with("='"))
        })
        .map(|(at, _)| at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::table;
    use super::*;

    #[test]
    fn markup_that_would_be_blocked_is_found() {
        table(
            check,
            &[
                ("src/ui/a.rs", "view! { <p\n style=\"top: 0\"> }", Some(2)),
                ("src/ui/a.rs", "view! { <p style=move || top()> }", Some(1)),
                ("src/ui/a.rs", "view! { <p style:top=top class=\"a\"> }", None),
                ("src/ui/a.rs", "let style = theme(); // style=\"a\"", None),
                ("src/ui/a.rs", "view! { <p inner_html=text> }", Some(1)),
                ("src/ui/a.rs", "element.set_inner_html(&text)", Some(1)),
                ("crates/endpoint/src/a.rs", "let page = \"<p style='a'>\";", None),
                ("index.html", "<body style=\"margin: 0\">", Some(1)),
                ("index.html", "<style>a {}</style>", Some(1)),
                ("index.html", "<body onload=\"go()\">", Some(1)),
                ("index.html", "<p>based on=\"x\" nothing", None),
                ("index.html", "<link rel=\"stylesheet\" href=\"style/base.css\">", None),
                ("public/icons.svg", "<path style=\"fill: red\"/>", Some(1)),
            ],
        );
    }
}
