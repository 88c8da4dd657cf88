//! What the app's first load weighs: the files that a browser fetches before it can paint the queue, each
//! compressed by brotli at its highest quality. Reads dist/ as Trunk wrote it; `app` has it written.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// What the first load may weigh: 230 KB to the first paint of the queue, the later parts and the worker apart.
pub const LIMIT: usize = 230_000;

#[derive(Debug)]
pub struct Weight {
    /// Path in dist, bytes as they are, bytes in brotli.
    pub files: Vec<(String, usize, usize)>,
}

impl Weight {
    pub fn total(&self) -> usize {
        self.files.iter().map(|(_, _, compressed)| compressed).sum()
    }
}

/// Prints the table.
///
/// # Errors
/// When it is more than [`LIMIT`] bytes, or can't be measured.
pub fn check(dist: &Path) -> Result<()> {
    let weight = measure(dist)?;
    println!("{weight}");
    if weight.total() > LIMIT {
        bail!(
            "the first load weighs {} bytes in brotli, {} more than the {LIMIT} it may; find what grew in the table \
             above, and drop or defer it (features of dependencies first)",
            weight.total(),
            weight.total() - LIMIT
        );
    }
    Ok(())
}

/// # Errors
/// When index.html or a file that it names is not there, or it names no wasm at all.
pub fn measure(dist: &Path) -> Result<Weight> {
    let index = read(dist, "index.html")?;
    let mut names = first_load(&String::from_utf8_lossy(&index));
    if !names.iter().any(|name| name.ends_with(".wasm")) {
        bail!("{} loads no wasm: is it the app as Trunk built it?", dist.join("index.html").display());
    }
    names.insert("index.html".to_owned());
    for script in names.clone().iter().filter(|name| name.ends_with(".js")) {
        names.extend(imports(&String::from_utf8_lossy(&read(dist, script)?)));
    }
    names.extend(snippets(dist)?);
    let mut files = Vec::new();
    for name in names {
        let bytes = read(dist, &name)?;
        let compressed = compressed_size(&bytes).with_context(|| format!("{name} could not be compressed"))?;
        files.push((name, bytes.len(), compressed));
    }
    files.sort_by_key(|(_, _, compressed)| std::cmp::Reverse(*compressed));
    Ok(Weight { files })
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>10} {:>10}  file of the first load", "bytes", "brotli")?;
        for (name, plain, compressed) in &self.files {
            writeln!(f, "{plain:>10} {compressed:>10}  {name}")?;
        }
        write!(f, "{:>10} {:>10}  together, of {LIMIT} at most", "", self.total())
    }
}

/// The files of this site that index.html makes a browser fetch before it paints: scripts, style sheets, and
/// whatever is preloaded. Icons and the manifest come later and hold nothing up.
fn first_load(html: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let html = without_comments(html);
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let url = if tag.starts_with("link") {
            let rel = attribute(tag, "rel").unwrap_or_default();
            let needed = rel.split_whitespace().any(|r| matches!(r, "stylesheet" | "preload" | "modulepreload"));
            attribute(tag, "href").filter(|_| needed)
        } else if tag.starts_with("script") {
            attribute(tag, "src")
        } else {
            None
        };
        names.extend(url.as_deref().and_then(local_name));
    }
    names
}

/// What a module imports from beside it before it runs. The later parts are not among it: the loader, which is, fetches
/// them when the queue is painted.
fn imports(script: &str) -> impl Iterator<Item = String> {
    script.split("from \"./").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned)
}

/// A path in dist, without query and fragment; `None` for another site's.
fn local_name(url: &str) -> Option<String> {
    if url.contains("://") || url.starts_with("//") || url.starts_with("data:") {
        return None;
    }
    let path = url.split(['?', '#']).next()?;
    let path = path.trim_start_matches("./").trim_start_matches('/');
    (!path.is_empty()).then(|| path.to_owned())
}

/// The value of an attribute, with either kind of quotes or none.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let at = rest.find(name)?;
        let starts = rest[..at].ends_with(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        let after = rest[at + name.len()..].trim_start();
        if let (true, Some(value)) = (starts, after.strip_prefix('=')) {
            let value = value.trim_start();
            return Some(match value.chars().next()? {
                quote @ ('"' | '\'') => value[1..].split(quote).next()?.to_owned(),
                _ => value.split(char::is_whitespace).next()?.to_owned(),
            });
        }
        rest = &rest[at + name.len()..];
    }
}

fn without_comments(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// JavaScript that wasm-bindgen put beside the app, which the module imports.
fn snippets(dist: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec!["snippets".to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(dist.join(&folder)) else { continue };
        for entry in entries {
            let entry = entry.with_context(|| format!("{folder} can't be listed"))?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(name);
            } else {
                found.push(name);
            }
        }
    }
    Ok(found)
}

/// What everything weighs that may come to be fetched, each file as its compressed copy where it has one: Trunk's hook
/// makes them at the same quality.
///
/// # Errors
/// When a folder can't be listed.
pub fn all_parts(dist: &Path) -> Result<u64> {
    let mut all = 0;
    let entries = std::fs::read_dir(dist).with_context(|| format!("{} can't be listed", dist.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("{} can't be listed", dist.display()))?.path();
        if path.is_dir() {
            all += all_parts(&path)?;
        } else if path.extension().is_none_or(|end| end != "br") {
            let mut copy = path.clone().into_os_string();
            copy.push(".br");
            let size = std::fs::metadata(&copy).or_else(|_| std::fs::metadata(&path));
            all += size.with_context(|| format!("{} can't be read", path.display()))?.len();
        }
    }
    Ok(all)
}

fn read(dist: &Path, name: &str) -> Result<Vec<u8>> {
    let path = dist.join(name);
    std::fs::read(&path).with_context(|| format!("{} can't be read", path.display()))
}

fn compressed_size(bytes: &[u8]) -> Result<usize> {
    let mut compressed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &params)?;
    Ok(compressed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = r#"<!doctype html><html><head>
        <link rel="stylesheet" href="./base-1.css"><link href='/queue-2.css?v=1' rel='stylesheet'>
        <link rel="modulepreload" href="./app-3.js" crossorigin="anonymous" integrity="sha384-x">
        <link rel="preload" href="./app-3_bg.wasm" as="fetch" type="application/wasm">
        <link rel="icon" href="./icon.svg"><link rel="manifest" href="site.webmanifest">
        <link rel="stylesheet" href="https://elsewhere.example/x.css">
        <!-- <script src="./old.js"></script> --><script defer src=first.js></script>
        <link href=./small-4.css integrity=sha384-a/b rel=stylesheet>
        </head><body></body></html>"#;

    #[test]
    fn the_first_load_is_what_index_html_asks_for() {
        let names = first_load(INDEX);
        let expected = ["app-3.js", "app-3_bg.wasm", "base-1.css", "first.js", "queue-2.css", "small-4.css"];
        assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_a_module_imports_counts_and_what_it_fetches_later_does_not() {
        let script =
            "import * as import1 from \"./parts-1.js\"\nfetch(new URL(\"./split_agents-1.wasm\", import.meta.url))";
        assert_eq!(imports(script).collect::<Vec<_>>(), ["parts-1.js"]);
    }

    #[test]
    fn the_files_are_weighed_and_what_is_missing_is_named() {
        let dist = std::env::temp_dir().join(format!("xtask-weight-{}", std::process::id()));
        std::fs::create_dir_all(dist.join("snippets/a")).expect("a folder");
        let write = |name: &str, bytes: &[u8]| std::fs::write(dist.join(name), bytes).expect("a file");
        write("index.html", INDEX.as_bytes());
        for name in ["app-3.js", "base-1.css", "first.js", "queue-2.css", "small-4.css", "snippets/a/b.js"] {
            write(name, b"body { margin: 0 }");
        }
        let error = measure(&dist).expect_err("the wasm is missing");
        assert!(format!("{error:#}").contains("app-3_bg.wasm"), "{error:#}");

        // Bytes of a fixed generator do not compress, so that the sum is at least their number.
        let mut state = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .take(LIMIT)
        .collect();
        write("app-3_bg.wasm", &noise);
        let weight = measure(&dist).expect("measured");
        assert_eq!(weight.files.len(), 8);
        assert_eq!(weight.files[0].0, "app-3_bg.wasm");
        assert!(check(&dist).expect_err("too heavy").to_string().contains("more than"));

        write("app-3_bg.wasm", &[0; LIMIT]);
        assert!(check(&dist).is_ok(), "zeroes compress to nearly nothing");

        write("index.html", b"<!doctype html><title>x</title>");
        assert!(measure(&dist).expect_err("no app").to_string().contains("no wasm"));
        std::fs::remove_dir_all(&dist).expect("removed");
    }

    #[test]
    fn all_parts_weigh_what_their_copies_do() {
        let dist = std::env::temp_dir().join(format!("xtask-parts-{}", std::process::id()));
        std::fs::create_dir_all(dist.join("fonts")).expect("a folder");
        for (name, bytes) in [("a.js", 100), ("a.js.br", 10), ("fonts/b.woff2", 7), ("tiny.css", 3)] {
            std::fs::write(dist.join(name), vec![0; bytes]).expect("a file");
        }
        assert_eq!(all_parts(&dist).expect("weighed"), 10 + 7 + 3);
        std::fs::remove_dir_all(&dist).expect("removed");
    }

    /// The design's figure, checked on the app that `cargo xtask test` has just built.
    #[test]
    fn the_built_app_is_light_enough() {
        let Some(dist) = std::env::var_os("COUNTERSIGN_APP_DIST") else {
            println!("skipped: COUNTERSIGN_APP_DIST names no built app");
            return;
        };
        check(Path::new(&dist)).expect("within its weight");
    }
}
