//! The repository checks, run as tests: what a reviewer would otherwise have to remember. Here is how the files
//! are read and a finding is said; each check is in a file of its own, with tests of itself on bad samples.
//! A check is a pure function from sources to findings.

mod code;
mod colour;
mod flow;
mod heads;
mod hygiene;
mod markup;
mod styles;

use std::fmt;
use std::path::Path;
use std::process::Command;

/// A text file of the repository.
pub struct Source {
    /// From the root, with forward slashes.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    pub fn is(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, e)| e == extension)
    }
}

/// What is wrong where, and how to mend it.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    pub what: String,
    pub mend: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}. {}", self.path, self.line, self.what, self.mend)
    }
}

/// A file may be this long before it is pointed out; a room has about a hundred to four hundred lines.
const LONG_FILE: usize = 700;

/// Every text file that git tracks or would track; without git, every file outside the folders it ignores.
fn repository() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/xtask is two folders deep");
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output();
    let paths: Vec<String> = match listed {
        Ok(output) if output.status.success() && !output.stdout.is_empty() => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect(),
        _ => walk(root, ""),
    };
    let mut sources: Vec<Source> = paths
        .into_iter()
        // What is deleted but still listed, and what is not text, has nothing to check.
        .filter_map(|path| Some(Source { text: std::fs::read_to_string(root.join(&path)).ok()?, path }))
        .collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.iter().any(|s| s.path == "Cargo.toml"), "the repository's files were not found");
    sources
}

fn walk(root: &Path, folder: &str) -> Vec<String> {
    const IGNORED: [&str; 4] = ["target", "dist", ".git", ".countersign"];
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if IGNORED.contains(&name.as_str()) {
            continue;
        }
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if entry.path().is_dir() {
            paths.extend(walk(root, &path));
        } else {
            paths.push(path);
        }
    }
    paths
}

/// The line, counted from 1, on which a byte stands.
pub fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// As many findings as a person reads before mending the first; a stray folder can have thousands.
const SHOWN: usize = 40;

fn none_of(check: fn(&[Source]) -> Vec<Finding>) {
    let findings = check(&repository());
    let shown: Vec<String> = findings.iter().take(SHOWN).map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{} findings:\n\n{}\n", findings.len(), shown.join("\n"));
}

#[test]
fn imports_follow_the_flow() {
    none_of(flow::check);
}

#[test]
fn the_domain_is_pure() {
    none_of(flow::check_domain);
}

#[test]
fn crates_depend_the_right_way() {
    none_of(flow::check_manifests);
}

#[test]
fn colours_stand_in_tokens_css_alone() {
    none_of(colour::check);
}

#[test]
fn every_file_says_what_lives_in_it() {
    none_of(heads::check);
}

#[test]
fn nothing_depends_on_one_machine() {
    none_of(hygiene::check);
}

#[test]
fn markup_obeys_the_content_security_policy() {
    none_of(markup::check);
}

#[test]
fn every_page_has_its_style_sheet() {
    none_of(styles::check);
}

/// Points long files out without failing: a long table of cases can be right.
#[test]
fn long_files_are_pointed_out() {
    use std::io::Write;
    for (path, lines) in heads::long_files(&repository(), LONG_FILE) {
        // Past the test harness, which would keep this to itself.
        let note = format!("warning: {path} has {lines} lines; above {LONG_FILE} a file is usually several rooms\n");
        std::io::stderr().write_all(note.as_bytes()).expect("stderr");
    }
}

#[cfg(test)]
pub mod samples {
    //! What the checks' own tests share.

    use super::{Finding, Source};

    /// Asserts, for each `(path, text, line)`, that the check finds something on that line alone, or nothing.
    pub fn table(check: fn(&[Source]) -> Vec<Finding>, cases: &[(&str, &str, Option<usize>)]) {
        for (path, text, expected) in cases {
            let found: Vec<usize> = check(&[Source::new(path, text)]).iter().map(|finding| finding.line).collect();
            let expected: Vec<usize> = expected.iter().copied().collect();
            assert_eq!(found, expected, "{path}: {text}");
        }
    }
}
