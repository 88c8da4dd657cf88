//! The files that `import` and `replay` read: which of the paths given, in which order, and the agents and
//! estate files beside them. Whatever can't be read is found out before anything is sent or stored. What is
//! in the files is `oversight::formats`.

use anyhow::{Context, bail};
use oversight::classify::Estate;
use oversight::formats::Attribution;
use std::fs;
use std::path::{Path, PathBuf};

/// What a folder is searched for; a file that is named is read whatever it is called.
const EXTENSIONS: [&str; 3] = ["json", "jsonl", "ndjson"];

/// Every file that the paths stand for: files as given, folders searched through, in order of name. Each
/// was opened once, so that a wrong path is said before the first record counts.
pub fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        let kind = fs::metadata(path).with_context(|| unreadable(path))?;
        if kind.is_dir() {
            let before = found.len();
            search(path, &mut found)?;
            if found.len() == before {
                bail!("{} holds no .json, .jsonl or .ndjson file", path.display());
            }
        } else {
            found.push(path.clone());
        }
    }
    for file in &found {
        fs::File::open(file).with_context(|| unreadable(file))?;
    }
    Ok(found)
}

fn search(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries: Result<Vec<_>, _> = fs::read_dir(folder).with_context(|| unreadable(folder))?.collect();
    let mut paths: Vec<PathBuf> =
        entries.with_context(|| unreadable(folder))?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            search(&path, found)?;
        } else if path.extension().and_then(|extension| extension.to_str()).is_some_and(is_wanted) {
            found.push(path);
        }
    }
    Ok(())
}

fn is_wanted(extension: &str) -> bool {
    EXTENSIONS.iter().any(|wanted| extension.eq_ignore_ascii_case(wanted))
}

/// `a.json can't be read`; the cause follows.
pub fn unreadable(path: &Path) -> String {
    format!("{} can't be read", path.display())
}

/// The attribution table; without a file, no record is an agent's.
pub fn attribution(file: Option<&Path>) -> anyhow::Result<Attribution> {
    let Some(file) = file else { return Ok(Attribution::default()) };
    let text = fs::read_to_string(file).with_context(|| unreadable(file))?;
    Attribution::parse(&text).with_context(|| file.display().to_string())
}

/// The estate file; without one, every environment is unknown.
pub fn estate(file: Option<&Path>) -> anyhow::Result<Estate> {
    let Some(file) = file else { return Ok(Estate::default()) };
    let text = fs::read_to_string(file).with_context(|| unreadable(file))?;
    Estate::parse(&text).with_context(|| file.display().to_string())
}

/// 1448 as `1,448`.
pub fn counted(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        for (count, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_448, "1,448"), (12_345_678, "12,345,678")] {
            assert_eq!(counted(count), text);
        }
    }

    #[test]
    fn folders_are_searched_in_order_and_what_is_missing_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("b")).unwrap();
        fs::create_dir(root.join("empty")).unwrap();
        for name in ["c.json", "a.NDJSON", "LICENSE", "b/d.json", "e.jsonl", "x.log"] {
            fs::write(root.join(name), "").unwrap();
        }
        let names = |paths: &[PathBuf]| -> Vec<String> {
            let found = files(paths).unwrap();
            found.iter().map(|path| path.strip_prefix(root).unwrap().display().to_string()).collect()
        };
        assert_eq!(names(&[root.to_owned()]), ["a.NDJSON", "b/d.json", "c.json", "e.jsonl"]);
        assert_eq!(names(&[root.join("x.log"), root.join("b")]), ["x.log", "b/d.json"]);
        for (paths, reason) in [
            (vec![root.join("c.json"), root.join("none.json")], "none.json can't be read"),
            (vec![root.join("empty")], "no .json, .jsonl or .ndjson"),
        ] {
            let error = format!("{:#}", files(&paths).unwrap_err());
            assert!(error.contains(reason), "{error}");
        }
    }
}
