//! What would tie the repository to one machine or one network: absolute paths of somebody's home, hosts of
//! package registries, and crates locked to anything but crates.io. The patterns are put together from parts,
//! so that this file does not find itself.

use super::{Finding, Source, line_of};

/// Folders at a file system's root in which people keep checkouts.
const MACHINE_FOLDERS: [&str; 5] = ["work", "root", "home", "Users", "mnt"];

const REGISTRY_HOSTS: [&str; 8] = [
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("pypi", ".org"),
    concat!("files.", "pythonhosted.org"),
    concat!("proxy.", "golang.org"),
    concat!("deb.", "debian.org"),
];

/// What cargo writes for a crate of crates.io, whatever mirror it came through.
const CRATES_IO: &str = concat!("registry+https://github.com/rust-lang/", "crates.io-index");

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let mut report = |line: usize, what: String, mend| {
            findings.push(Finding { path: source.path.clone(), line, what, mend });
        };
        if source.path.ends_with("Cargo.lock") {
            for (index, line) in source.text.lines().enumerate() {
                let from = line.strip_prefix("source = ").map(|from| from.trim_matches('"'));
                if let Some(from) = from.filter(|from| *from != CRATES_IO) {
                    let mend = "Every dependency comes from crates.io in a version that others can fetch too";
                    report(index + 1, format!("a crate is locked to {from}"), mend);
                }
            }
            continue;
        }
        for (at, folder) in machine_paths(&source.text) {
            let mend = "Take it from an argument or the environment, or write it from the repository's root";
            report(line_of(&source.text, at), format!("a path of one machine, /{folder}/…"), mend);
        }
        for host in REGISTRY_HOSTS {
            for (at, _) in source.text.match_indices(host) {
                let mend = "Call the registry's client and let its configuration say where that is";
                report(line_of(&source.text, at), format!("a registry's host, {host}"), mend);
            }
        }
    }
    findings
}

/// Where an absolute path into one of those folders begins: at a slash that ends nothing, so that neither a URL's
/// path nor a relative one counts.
fn machine_paths(text: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for folder in MACHINE_FOLDERS {
        for (at, matched) in text.match_indices(&format!("/{folder}/")) {
            let starts = text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "\"'`=:(,[".contains(c));
            let goes_on = text[at + matched.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
            if starts && goes_on {
                found.push((at, folder));
            }
        }
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::super::samples::table;
    use super::*;

    #[test]
    fn what_belongs_to_one_machine_is_found() {
        let home = format!("\nlet p = \"/{}/ada/src\";", "home");
        let root = format!("cd /{}/main", "work");
        let host = format!("curl https://{}/x", REGISTRY_HOSTS[0]);
        let lock = format!("name = \"a\"\nsource = \"{CRATES_IO}\"\n");
        let fork = "name = \"a\"\nsource = \"git+https://example.com/a#1\"\n";
        table(
            check,
            &[
                ("src/a.rs", &home, Some(2)),
                ("README.md", &root, Some(1)),
                ("README.md", "see https://example.com/home/page and src/work/a.rs", None),
                ("README.md", "a route under `/home` alone", None),
                ("README.md", &host, Some(1)),
                ("Cargo.lock", &lock, None),
                ("Cargo.lock", fork, Some(2)),
            ],
        );
    }
}
