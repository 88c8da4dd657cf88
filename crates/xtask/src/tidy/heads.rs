//! Every Rust file opens with its `//!`, every style sheet with a comment, and files that grew long are listed.

use super::{Finding, Source};

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let (head, mend) = match () {
            () if source.is("rs") => {
                ("//!", "Open it with two to five lines of `//!`: what lives here, what does not and where that is")
            }
            () if source.is("css") => ("/*", "Open it with a comment: which view or part it dresses"),
            () => continue,
        };
        let first = source.text.trim_start_matches('\u{feff}').trim_start();
        if first.strip_prefix(head).is_none_or(|rest| rest.lines().next().unwrap_or_default().trim().is_empty()) {
            let what = "the file does not say what lives in it".to_owned();
            findings.push(Finding { path: source.path.clone(), line: 1, what, mend });
        }
    }
    findings
}

/// The Rust and CSS files with more lines than this, and how many.
pub fn long_files(sources: &[Source], limit: usize) -> Vec<(String, usize)> {
    sources
        .iter()
        .filter(|source| source.is("rs") || source.is("css"))
        .map(|source| (source.path.clone(), source.text.lines().count()))
        .filter(|(_, lines)| *lines > limit)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::table;
    use super::*;

    #[test]
    fn files_without_a_head_are_found() {
        table(
            check,
            &[
                ("src/a.rs", "//! The queue's rows.\nuse b;", None),
                ("src/a.rs", "\n//! The queue's rows.", None),
                ("src/a.rs", "use b;\n//! Too late.", Some(1)),
                ("src/a.rs", "// Not documentation.", Some(1)),
                ("src/a.rs", "//!\nuse b;", Some(1)),
                ("src/a.rs", "", Some(1)),
                ("style/a.css", "/* The queue. */\na {}", None),
                ("style/a.css", "a {}", Some(1)),
                ("README.md", "Anything", None),
            ],
        );
    }

    #[test]
    fn long_files_are_counted() {
        let sources = [
            Source::new("a.rs", &"x\n".repeat(11)),
            Source::new("b.rs", "x\n"),
            Source::new("c.md", &"x\n".repeat(11)),
        ];
        assert_eq!(long_files(&sources, 10), [("a.rs".to_owned(), 11)]);
    }
}
