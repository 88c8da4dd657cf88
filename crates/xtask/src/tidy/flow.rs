//! Imports against the flow: endpoint → data → state → views → tasks → data → endpoint. Who may name whom is the
//! tables below; finding out which paths a file names is in `code`.

use super::code::{Blank, NamedPath, blanked, paths, test_mark, without_tests};
use super::{Finding, Source};

struct Rule {
    /// The folder, or the file without `.rs`, that this binds.
    within: &'static str,
    /// Modules of the app that it may not name, from the crate's root.
    modules: &'static [&'static str],
    /// Crates that it may not name.
    crates: &'static [&'static str],
    mend: &'static str,
}

/// What nobody but src/data talks to.
const NETWORK: [&str; 3] = ["gloo_net", "reqwest", "gloo_worker"];

const RULES: [Rule; 6] = [
    Rule {
        within: "src/ui",
        modules: &["data", "state", "views"],
        crates: &["oversight", "engine", "gloo_net", "reqwest", "gloo_worker"],
        mend: "src/ui knows no domain type: pass it text and signals, or move the part to src/views",
    },
    Rule {
        within: "src/views",
        modules: &["data"],
        crates: &NETWORK,
        mend: "A view never fetches: read a query, call a task, both in src/state",
    },
    Rule {
        within: "src/data",
        modules: &["state", "views", "ui"],
        crates: &[],
        mend: "src/data talks to the outside and hands on what it hears: let src/state call it",
    },
    Rule {
        within: "src/state",
        modules: &["views"],
        crates: &NETWORK,
        mend: "src/state knows no view and reaches the outside through src/data alone",
    },
    Rule {
        within: "src/state/queries",
        modules: &["data", "state::tasks"],
        crates: &[],
        mend: "A query is read only: what changes something is a task, in src/state/tasks",
    },
    Rule {
        within: "crates/endpoint",
        modules: &[],
        crates: &["countersign"],
        mend: "The endpoint does not know the app: what both need is in crates/oversight",
    },
];

/// The crates that do no I/O, know no DOM and read no clock.
const PURE: [&str; 3] = ["crates/oversight/src", "crates/engine/src", "crates/tlog/src"];

const IMPURE: [&str; 24] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::time::SystemTime",
    "std::time::Instant",
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "leptos",
    "gloo_net",
    "tokio",
    "reqwest",
    "sqlx",
    "axum",
    "countersign",
];

/// Crates that a manifest may not ask for outside its development dependencies.
const MANIFESTS: [(&str, &[&str]); 4] = [
    ("crates/oversight/Cargo.toml", &IMPURE_CRATES),
    ("crates/engine/Cargo.toml", &IMPURE_CRATES),
    ("crates/tlog/Cargo.toml", &IMPURE_CRATES),
    ("crates/endpoint/Cargo.toml", &["countersign", "leptos", "web-sys"]),
];

const IMPURE_CRATES: [&str; 12] = [
    "web-sys",
    "js-sys",
    "wasm-bindgen",
    "leptos",
    "gloo-net",
    "tokio",
    "reqwest",
    "sqlx",
    "axum",
    "countersign",
    "endpoint",
    "xtask",
];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.is("rs")) {
        let rules: Vec<&Rule> = RULES.iter().filter(|rule| is_within(&source.path, rule.within)).collect();
        if rules.is_empty() {
            continue;
        }
        for path in paths(&blanked(&source.text, Blank::CommentsAndStrings)) {
            let (from_crate, segments) = resolved(&source.path, &path);
            let names = |name: &&str| begins_with(&segments, name);
            // One finding a path: the first rule that forbids it says why.
            let broken = rules.iter().find_map(|rule| {
                let forbidden = if from_crate { rule.modules } else { rule.crates };
                Some((*forbidden.iter().find(|name| names(name))?, rule.mend))
            });
            if let Some((name, mend)) = broken {
                let what = format!("{} names {name}", room(&source.path));
                findings.push(Finding { path: source.path.clone(), line: path.line, what, mend });
            }
        }
    }
    // `use crate::data::{A, B}` breaks the rule once.
    findings.dedup();
    findings
}

pub fn check_domain(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let test_modules = test_modules(sources);
    for source in sources.iter().filter(|source| source.is("rs")) {
        let is_test = test_modules.iter().any(|module| is_within(&source.path, module));
        if is_test || !PURE.iter().any(|folder| is_within(&source.path, folder)) {
            continue;
        }
        let code = without_tests(&blanked(&source.text, Blank::CommentsAndStrings));
        for path in paths(&code) {
            if let Some(name) = IMPURE.iter().find(|name| names_impure(&path.segments, name)) {
                findings.push(Finding {
                    path: source.path.clone(),
                    line: path.line,
                    what: format!("the domain names {name}"),
                    mend: "It does no I/O, knows no DOM and reads no clock: take bytes, `now` or a value as an argument",
                });
            }
        }
    }
    findings
}

pub fn check_manifests(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, forbidden) in MANIFESTS {
        let Some(source) = sources.iter().find(|source| source.path == path) else { continue };
        let mut in_dependencies = false;
        for (index, line) in source.text.lines().enumerate() {
            if let Some(section) = line.trim().strip_prefix('[') {
                in_dependencies = section.contains("dependencies") && !section.contains("dev-dependencies");
                continue;
            }
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default().trim().trim_matches('"');
            if in_dependencies && forbidden.contains(&name) {
                findings.push(Finding {
                    path: path.to_owned(),
                    line: index + 1,
                    what: format!("this crate depends on {name}"),
                    mend: "Let the crate that does the I/O depend on this one instead",
                });
            }
        }
    }
    findings
}

/// Files, without `.rs`, that another one declares by `#[cfg(test)] mod name;`.
fn test_modules(sources: &[Source]) -> Vec<String> {
    let mut modules = Vec::new();
    for source in sources.iter().filter(|source| source.is("rs")) {
        let stem = source.path.trim_end_matches(".rs");
        let folder = match stem.rsplit_once('/') {
            Some((folder, "mod" | "lib" | "main")) => folder,
            _ => stem,
        };
        let code = blanked(&source.text, Blank::CommentsAndStrings);
        let mut from = 0;
        while let Some((_, after)) = test_mark(&code, from) {
            from = after;
            let declaration = &code[after..];
            let mut words = declaration.split([';', '{']).next().unwrap_or_default().split_whitespace();
            let is_file = declaration.find(';') < declaration.find('{') || !declaration.contains('{');
            let name = words.find(|word| *word == "mod").and_then(|_| words.next());
            modules.extend(name.filter(|_| is_file).map(|name| format!("{folder}/{name}")));
        }
    }
    modules
}

/// `src/ui/dialog.rs` and `src/ui.rs` are within `src/ui`; `src/uint.rs` is not.
fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
}

fn room(path: &str) -> &str {
    let mut slashes = path.match_indices('/').map(|(at, _)| at);
    slashes.next();
    slashes.next().map_or(path, |at| &path[..at])
}

/// Whether the path is of the file's own crate, and its segments from that crate's root; `super` and `self`
/// are followed from the file's place, inline modules not counted.
fn resolved(file: &str, path: &NamedPath) -> (bool, Vec<String>) {
    let mut segments = path.segments.as_slice();
    let mut module = match segments[0].as_str() {
        "crate" => Vec::new(),
        "self" | "super" => module_of(file),
        // The library's own name, as its binaries and tests write it.
        "countersign" if file.starts_with("src/") => Vec::new(),
        _ => return (false, path.segments.clone()),
    };
    if segments[0] != "super" {
        segments = &segments[1..];
    }
    while segments.first().is_some_and(|segment| segment == "super") {
        module.pop();
        segments = &segments[1..];
    }
    module.extend_from_slice(segments);
    (true, module)
}

fn module_of(file: &str) -> Vec<String> {
    let inside = file.split_once("src/").map_or(file, |(_, inside)| inside).trim_end_matches(".rs");
    let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    module
}

fn begins_with(segments: &[String], name: &str) -> bool {
    let mut segments = segments.iter();
    name.split("::").all(|part| segments.next().is_some_and(|segment| segment == part))
}

/// `Utc::now` however it was imported, everything else from the start of the path.
fn names_impure(segments: &[String], name: &str) -> bool {
    if begins_with(segments, name) {
        return true;
    }
    let parts: Vec<&str> = name.split("::").collect();
    name.ends_with("::now") && segments.windows(parts.len()).any(|window| window == parts)
}

#[cfg(test)]
mod tests {
    use super::super::samples::table;
    use super::*;

    #[test]
    fn imports_against_the_flow_are_found() {
        table(
            check,
            &[
                ("src/ui/badge.rs", "use leptos::prelude::*;\nuse crate::ui::icon::Icon;", None),
                ("src/ui/badge.rs", "\nuse oversight::risk::Tier;", Some(2)),
                ("src/ui/badge.rs", "fn f(t: oversight::Tier) {}", Some(1)),
                ("src/ui/badge.rs", "// use oversight::Tier;\nlet a = \"oversight::Tier\";", None),
                ("src/ui/badge.rs", "use super::super::state::Queue;", Some(1)),
                ("src/ui.rs", "use crate::views::queue;", Some(1)),
                ("src/views/queue/mod.rs", "use crate::state::queries;\nuse oversight::change::Change;", None),
                ("src/views/queue/mod.rs", "use crate::{\n  state::queries,\n  data::Client,\n};", Some(3)),
                ("src/views/queue/list.rs", "use super::super::super::data::Client;", Some(1)),
                ("src/views/queue/list.rs", "use super::data::Column;", None),
                ("src/views/queue/list.rs", "gloo_net::http::Request::get(url)", Some(1)),
                ("src/views/queue/list.rs", "countersign::data::client()", Some(1)),
                ("src/data/stream.rs", "use crate::data::client::Client;\nuse oversight::record::Record;", None),
                ("src/data/stream.rs", "use crate::state::Store;", Some(1)),
                ("src/state/tasks.rs", "use crate::data::Client;", None),
                ("src/state/tasks.rs", "use crate::views::queue::Row;", Some(1)),
                ("src/state/queries/queue.rs", "use crate::state::store::Store;", None),
                ("src/state/queries/queue.rs", "use crate::state::tasks::decide;", Some(1)),
                ("src/state/queries.rs", "use super::tasks;", Some(1)),
                ("src/state/queries.rs", "use crate::data::Client;", Some(1)),
                ("crates/endpoint/src/app.rs", "use countersign::views;", Some(1)),
                ("crates/endpoint/src/app.rs", "crate::data::insert(row);", None),
                ("src/main.rs", "fn main() { countersign::mount() }", None),
            ],
        );
    }

    #[test]
    fn what_is_not_pure_is_found() {
        table(
            check_domain,
            &[
                ("crates/oversight/src/change.rs", "use std::collections::BTreeMap;\nuse chrono::Utc;", None),
                ("crates/oversight/src/change.rs", "\nlet now = Utc::now();", Some(2)),
                ("crates/oversight/src/change.rs", "let now = chrono::Utc::now();", Some(1)),
                ("crates/oversight/src/change.rs", "use std::{fmt, fs};", Some(1)),
                ("crates/oversight/src/change.rs", "std::time::SystemTime::now()", Some(1)),
                ("crates/oversight/src/change.rs", "use std::io::Read;", None),
                ("crates/engine/src/lib.rs", "use web_sys::Window;", Some(1)),
                ("crates/oversight/src/change.rs", "#[cfg(test)]\nmod tests {\n  use std::fs;\n}", None),
                ("crates/oversight/src/change.rs", "#[cfg(test)]\nmod tests {}\nuse std::fs;", Some(3)),
                ("crates/oversight/src/formats/tests.rs", "use std::fs;", Some(1)),
                ("crates/oversight/tests/cloudtrail.rs", "use std::fs;", None),
                ("crates/endpoint/src/main.rs", "use std::fs;", None),
            ],
        );
    }

    #[test]
    fn files_of_tests_may_read() {
        let reads = |path: &str| Source::new(path, "use std::fs;");
        let declares = |path: &str| Source::new(path, "#[cfg(test)]\nmod tests;\nmod real;\n");
        for (parent, child, allowed) in [
            ("crates/oversight/src/text/mod.rs", "crates/oversight/src/text/tests.rs", true),
            ("crates/oversight/src/text.rs", "crates/oversight/src/text/tests.rs", true),
            ("crates/oversight/src/lib.rs", "crates/oversight/src/tests/cases.rs", true),
            ("crates/oversight/src/text/mod.rs", "crates/oversight/src/text/real.rs", false),
            ("crates/oversight/src/text/mod.rs", "crates/oversight/src/tests.rs", false),
        ] {
            let findings = check_domain(&[declares(parent), reads(child)]);
            assert_eq!(findings.is_empty(), allowed, "{parent} {child}");
        }
    }

    #[test]
    fn manifests_against_the_flow_are_found() {
        table(
            check_manifests,
            &[
                ("crates/oversight/Cargo.toml", "[dependencies]\nserde.workspace = true\n", None),
                ("crates/oversight/Cargo.toml", "[dependencies]\ntokio = \"1\"\n", Some(2)),
                ("crates/oversight/Cargo.toml", "[dependencies]\nsqlx.workspace = true\n", Some(2)),
                ("crates/oversight/Cargo.toml", "[dev-dependencies]\ntokio = \"1\"\n", None),
                ("crates/endpoint/Cargo.toml", "[dependencies]\ncountersign = { path = \"../..\" }\n", Some(2)),
                ("crates/endpoint/Cargo.toml", "[[bin]]\nname = \"countersign-endpoint\"\n", None),
            ],
        );
    }
}
