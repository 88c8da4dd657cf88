//! The built app: read once from a folder or from the binary, served with the right type, caching and encoding; what
//! the build has not compressed is compressed here, once. What the policy allows is `headers`; building is xtask's.

use super::headers::content_security_policy;
use super::problem::Denial;
use super::{pages, private};
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oversight::digest::Digest;
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};
use std::time::SystemTime;

/// The app as it was built when the endpoint was, in release builds; in development, the folder as it is.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../dist"]
#[allow_missing = true]
struct Embedded;

/// A year, the longest that RFC 9111 caches honour.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Smaller files gain nothing from compression.
const WORTHWHILE: usize = 512;
/// Brotli's quality and window: the best it has where the binary is optimised, a quick one where it is not.
const BROTLI: (u32, u32) = if cfg!(debug_assertions) { (5, 22) } else { (11, 22) };

/// The files of the app, and the policy that its index page runs under.
pub struct Assets {
    /// Where they are read from again when the app is rebuilt; `None` for embedded ones.
    folder: Option<PathBuf>,
    shelf: RwLock<Arc<Shelf>>,
}

#[derive(Default)]
struct Shelf {
    files: HashMap<String, File>,
    policy: String,
    /// When index.html was written, in a folder.
    written: Option<SystemTime>,
}

struct File {
    plain: Bytes,
    media: &'static str,
    tag: String,
    hashed: bool,
    /// The build's `NAME.br`, there from the start; without one, filled by a thread as gzip is: until then the plain
    /// bytes are served.
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Assets {
    /// Reads the app from `folder`, which must hold an index.html.
    pub fn from_folder(folder: &Path) -> io::Result<Assets> {
        let shelf = Shelf::read(folder)?;
        Ok(Assets { folder: Some(folder.to_owned()), shelf: RwLock::new(started(shelf)) })
    }

    /// The app in the binary; there may be none.
    pub fn embedded() -> Assets {
        Assets { folder: None, shelf: RwLock::new(started(Shelf::embedded::<Embedded>())) }
    }

    /// Whether there is an app at all.
    pub fn is_there(&self) -> bool {
        self.shelf().files.contains_key("index.html")
    }

    /// The `Content-Security-Policy` of every answer.
    pub fn policy(&self) -> HeaderValue {
        HeaderValue::from_str(&self.shelf().policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }

    fn shelf(&self) -> Arc<Shelf> {
        self.shelf.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// The files, read again if the app was built since.
    fn fresh_shelf(&self) -> Arc<Shelf> {
        let shelf = self.shelf();
        let Some(folder) = &self.folder else { return shelf };
        let written = std::fs::metadata(folder.join("index.html")).and_then(|meta| meta.modified()).ok();
        if written.is_none() || written == shelf.written {
            return shelf;
        }
        match Shelf::read(folder) {
            Ok(read) => {
                let read = started(read);
                *self.shelf.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = read.clone();
                read
            }
            // In the middle of a build: the next request looks again.
            Err(error) => {
                tracing::warn!(%error, "the app could not be read again");
                shelf
            }
        }
    }
}

/// The shelf, with a thread that compresses its files.
fn started(shelf: Shelf) -> Arc<Shelf> {
    let shelf = Arc::new(shelf);
    let own = shelf.clone();
    let compressing = std::thread::Builder::new().name("compress".into()).spawn(move || own.compress());
    if let Err(error) = compressing {
        tracing::warn!(%error, "the app is served uncompressed");
    }
    shelf
}

impl Shelf {
    fn of(files: impl Iterator<Item = (String, Vec<u8>)>, written: Option<SystemTime>) -> Shelf {
        // What begins with a dot is a build's scaffolding.
        let files = files.filter(|(name, _)| !name.split('/').any(|part| part.starts_with('.')));
        let mut files: HashMap<String, File> =
            files.map(|(name, bytes)| (name.clone(), File::new(&name, bytes))).collect();
        take_compressed(&mut files);
        let hashes = files.get("index.html").map_or(Vec::new(), |index| script_hashes(&index.plain));
        Shelf { files, policy: content_security_policy(&hashes), written }
    }

    fn embedded<E: RustEmbed>() -> Shelf {
        let files = E::iter().filter_map(|name| Some((name.to_string(), E::get(&name)?.data.into_owned())));
        Shelf::of(files, None)
    }

    fn read(folder: &Path) -> io::Result<Shelf> {
        let written = std::fs::metadata(folder.join("index.html"))?.modified().ok();
        let mut files = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for entry in std::fs::read_dir(&next)? {
                let entry = entry?;
                let path = entry.path();
                if entry.file_name().as_encoded_bytes().starts_with(b".") {
                    continue;
                }
                if path.is_dir() {
                    open.push(path);
                } else if let Some(name) = path.strip_prefix(folder).ok().and_then(Path::to_str) {
                    files.push((name.replace('\\', "/"), std::fs::read(&path)?));
                }
            }
        }
        Ok(Shelf::of(files.into_iter(), written))
    }

    /// The file that `path` names. The app's addresses in its own pages are relative, so that it runs under
    /// any path of any host; a page under a deep link then asks for `deep/style.css`, and gets `style.css`.
    fn find(&self, path: &str) -> Option<(&str, &File)> {
        let mut rest = path.trim_start_matches('/');
        loop {
            if let Some((name, file)) = self.files.get_key_value(rest) {
                return Some((name, file));
            }
            rest = rest.split_once('/')?.1;
        }
    }

    fn compress(&self) {
        // The smallest first: most files are ready at once.
        let mut files: Vec<&File> = self.files.values().filter(|file| file.is_worth_compressing()).collect();
        files.sort_by_key(|file| file.plain.len());
        for file in files {
            let ways: [(_, Encoder); 2] = [(&file.gzip, gzip), (&file.brotli, brotli)];
            for (slot, way) in ways.into_iter().filter(|(slot, _)| slot.get().is_none()) {
                if let Ok(bytes) = way(&file.plain)
                    && bytes.len() < file.plain.len()
                {
                    let _ = slot.set(bytes.into());
                }
            }
        }
    }
}

/// Takes each `NAME.br` for the compressed form of `NAME` beside it. One that unpacks to something else, left by an
/// older build, is left out.
fn take_compressed(files: &mut HashMap<String, File>) {
    let packed: Vec<String> = files
        .keys()
        .filter(|name| name.strip_suffix(".br").is_some_and(|of| files.contains_key(of)))
        .cloned()
        .collect();
    for name in packed {
        let Some(compressed) = files.remove(&name) else { continue };
        let Some(file) = name.strip_suffix(".br").and_then(|of| files.get(of)) else { continue };
        if unpacks_to(&compressed.plain, &file.plain) {
            let _ = file.brotli.set(compressed.plain);
        } else {
            tracing::warn!(name, "it is not the compressed form of the file beside it and is not served");
        }
    }
}

fn unpacks_to(compressed: &[u8], plain: &[u8]) -> bool {
    let mut unpacked = Vec::with_capacity(plain.len() + 1);
    let most = plain.len() as u64 + 1;
    let read = brotli::Decompressor::new(compressed, 4_096).take(most).read_to_end(&mut unpacked);
    read.is_ok() && unpacked == plain
}

type Encoder = fn(&[u8]) -> io::Result<Vec<u8>>;

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    {
        let mut encoder = brotli::CompressorWriter::new(&mut out, 4_096, BROTLI.0, BROTLI.1);
        encoder.write_all(bytes)?;
        encoder.flush()?;
    }
    Ok(out)
}

impl File {
    fn new(name: &str, bytes: Vec<u8>) -> File {
        let digest = Digest::of(&bytes).to_string();
        File {
            media: media(name),
            tag: digest[..32].to_owned(),
            hashed: has_hash(name),
            plain: bytes.into(),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    fn is_worth_compressing(&self) -> bool {
        let packed =
            self.media.starts_with("font/") || (self.media.starts_with("image/") && self.media != "image/svg+xml");
        self.plain.len() >= WORTHWHILE && !packed
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let encodings = [("br", &self.brotli), ("gzip", &self.gzip)];
        let chosen =
            encodings.into_iter().find_map(|(name, slot)| Some((name, slot.get()?)).filter(|_| takes(headers, name)));
        let tag = match chosen {
            Some((name, _)) => format!("\"{}-{name}\"", self.tag),
            None => format!("\"{}\"", self.tag),
        };
        let known = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
        let is_known = known.flat_map(|line| line.split(',')).any(|one| one.trim().trim_start_matches("W/") == tag);
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let bytes = chosen.map_or(&self.plain, |(_, bytes)| bytes);
            private(self.media, bytes.clone())
        };
        let caching = if self.hashed { IMMUTABLE } else { "no-cache" };
        let out = response.headers_mut();
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            out.insert(header::ETAG, tag);
        }
        if let Some((name, _)) = chosen.filter(|_| !is_known) {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        response
    }
}

/// A file of the app; for a page that a browser goes to, the app; for anything else, a 404.
pub fn serve(assets: &Assets, request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Denial::new("method-not-allowed")
            .detail(format!("{} is not taken here.", request.method()))
            .header(header::ALLOW, HeaderValue::from_static("GET, HEAD"))
            .into_response();
    }
    let path = request.uri().path();
    let wants_page = wants_page(request.headers());
    let shelf = if wants_page { assets.fresh_shelf() } else { assets.shelf() };
    let found = if path == "/" { shelf.files.get("index.html") } else { shelf.find(path).map(|(_, file)| file) };
    let looks_like_a_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    match (found, shelf.files.get("index.html")) {
        (Some(file), _) => file.answer(request.headers()),
        (None, Some(index)) if wants_page && !looks_like_a_file => index.answer(request.headers()),
        (None, None) if wants_page => pages::no_app(),
        _ => Denial::not_found("Nothing has this address.").into_response(),
    }
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Whether `Accept-Encoding` takes `encoding` (RFC 9110: named and not with q=0).
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let all = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused =
            parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0)));
        named && !refused
    })
}

/// Trunk's `-<hexadecimal digits>` before the extension, or before `_bg.wasm`: 64 bits, without leading zeros.
fn has_hash(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.split_once('.').is_some_and(|(stem, _)| {
        let stem = stem.strip_suffix("_bg").unwrap_or(stem);
        stem.rsplit_once('-')
            .is_some_and(|(_, hash)| (12..=16).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// `sha256-…` of the exact bytes of each inline script, in order: what CSP level 3 compares.
fn script_hashes(html: &[u8]) -> Vec<String> {
    let lower: Vec<u8> = html.to_ascii_lowercase();
    let find =
        |from: usize, what: &[u8]| lower[from..].windows(what.len()).position(|part| part == what).map(|at| from + at);
    let mut hashes = Vec::new();
    let mut from = 0;
    loop {
        let comment = find(from, b"<!--");
        let Some(open) = find(from, b"<script") else { return hashes };
        if let Some(comment) = comment.filter(|comment| *comment < open) {
            let Some(end) = find(comment, b"-->") else { return hashes };
            from = end;
            continue;
        }
        let Some(start) = find(open, b">").map(|at| at + 1) else { return hashes };
        let Some(end) = find(start, b"</script") else { return hashes };
        let tag = String::from_utf8_lossy(&lower[open..start]);
        if !tag.contains(" src=") && !tag.contains("\nsrc=") {
            hashes.push(format!("sha256-{}", STANDARD.encode(Sha256::digest(&html[start..end]))));
        }
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_of_the_exact_bytes_between_the_tags() {
        // `'sha256-…'` of alert('Hello, world.'); as the CSP specification gives it.
        let published = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=";
        let html = b"<!-- <script>no</script> --><SCRIPT src=\"a.js\"></SCRIPT><script type=\"module\">alert('Hello, world.');</script>";
        assert_eq!(script_hashes(html), [published]);
        assert_ne!(script_hashes(b"<script>alert('Hello, world.'); </script>"), [published]);
        assert!(script_hashes(b"<script>never closed").is_empty());
    }

    #[test]
    fn hashed_names_are_told_from_others() {
        for (name, hashed) in [
            ("countersign-1a2b3c4d5e6f7081.js", true),
            ("countersign-1a2b3c4d5e6f7081_bg.wasm", true),
            ("queue-0011223344556677.css", true),
            ("countersign-c1d59ed889d862b_bg.wasm", true),
            ("theme.js", false),
            ("index.html", false),
            ("fonts/inter.woff2", false),
            ("month-end-close.css", false),
            ("worker-1234.js", false),
        ] {
            assert_eq!(has_hash(name), hashed, "{name}");
        }
    }

    #[test]
    fn a_deep_link_finds_the_apps_files() {
        let files = ["index.html", "app.js", "fonts/inter.woff2"].map(|name| (name.to_owned(), b"x".to_vec()));
        let shelf = Shelf::of(files.into_iter(), None);
        for (path, name) in [
            ("/app.js", Some("app.js")),
            ("/changes/app.js", Some("app.js")),
            ("/changes/CH-1/fonts/inter.woff2", Some("fonts/inter.woff2")),
            ("/fonts/", None),
            ("/../app.js", Some("app.js")),
            ("/nothing", None),
        ] {
            assert_eq!(shelf.find(path).map(|(name, _)| name), name, "{path}");
        }
    }

    #[test]
    fn an_encoding_is_taken_when_named() {
        for (accept, br, gz) in [
            ("gzip, deflate, br", true, true),
            ("gzip;q=1, br;q=0", false, true),
            ("", false, false),
            ("*", false, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accept.parse().unwrap());
            assert_eq!((takes(&headers, "br"), takes(&headers, "gzip")), (br, gz), "{accept}");
        }
    }

    #[test]
    fn what_the_build_compressed_is_taken_where_it_is_the_same() {
        let text = "let a = 1;\n".repeat(1_000).into_bytes();
        let (own, stale) = (brotli(&text).unwrap(), brotli(b"let a = 2;").unwrap());
        let shelf = Shelf::of(
            [
                ("a.js", text.clone()),
                ("a.js.br", own.clone()),
                ("b.js", text.clone()),
                ("b.js.br", stale),
                ("c.js", text.clone()),
                ("c.js.br", own[..own.len() / 2].to_vec()),
                ("d.js.br", own.clone()),
            ]
            .map(|(name, bytes)| (name.to_owned(), bytes))
            .into_iter(),
            None,
        );
        assert_eq!(shelf.files["a.js"].brotli.get().unwrap(), &own);
        for name in ["b.js", "c.js"] {
            assert!(shelf.files[name].brotli.get().is_none(), "{name}");
        }
        let mut names: Vec<&str> = shelf.files.keys().map(String::as_str).collect();
        names.sort();
        assert_eq!(names, ["a.js", "b.js", "c.js", "d.js.br"]);
        shelf.compress();
        assert_eq!(shelf.files["a.js"].brotli.get().unwrap(), &own, "the build's own stays");
        assert!(shelf.files["a.js"].gzip.get().is_some() && shelf.files["b.js"].brotli.get().is_some());
    }

    /// A small app, taken into the binary where `debug_assertions` are off and read from its folder where they are on.
    #[derive(RustEmbed)]
    #[folder = "$CARGO_MANIFEST_DIR/tests/app"]
    struct Small;

    #[test]
    fn an_embedded_app_is_whole_and_has_its_policy() {
        println!("{}", if cfg!(debug_assertions) { "read from its folder" } else { "embedded" });
        let (embedded, folder) = (Shelf::embedded::<Small>(), Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/app"));
        let read = Shelf::read(&folder).unwrap();
        let names = |shelf: &Shelf| shelf.files.keys().cloned().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(names(&embedded), names(&read));
        assert_eq!(embedded.policy, read.policy);
        assert!(embedded.policy.contains("'sha256-"), "{}", embedded.policy);
        for (name, file) in &embedded.files {
            assert!(file.plain == read.files[name].plain && file.tag == read.files[name].tag, "{name}");
        }
        assert_eq!(embedded.find("/deep/parts/base.css").map(|(name, _)| name), Some("parts/base.css"));
        assert!(embedded.files["app-0123456789abcdef.js"].brotli.get().is_some(), "compressed by the build");
    }

    #[test]
    fn what_was_compressed_unpacks_to_what_it_was() {
        let text = "let a = 1;\n".repeat(1_000);
        let shelf = Shelf::of([("a.js".to_owned(), text.clone().into_bytes())].into_iter(), None);
        shelf.compress();
        let file = &shelf.files["a.js"];
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&file.gzip.get().unwrap()[..]).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        unpacked.clear();
        brotli::Decompressor::new(&file.brotli.get().unwrap()[..], 4_096).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
    }

    #[test]
    fn whatever_is_asked_for_a_file_is_the_apps_own() {
        use oversight::generated::{Generator, Sample, cases, try_inputs};
        let files =
            ["index.html", "style.css", "a/b.js", ".stage/x"].map(|name| (name.to_owned(), name.as_bytes().to_vec()));
        let shelf = Shelf::of(files.into_iter(), None);
        let samples =
            ["/style.css", "/deep/link/a/b.js", "//index.html", "/queue/CH-1"].map(|text| Sample::text(text, "/"));
        let words = ["..", ".", "", "%2e%2e", "style", "css", ".stage", "x", "a", "index.html", "C:", "\\"];
        let make = |made: &mut Generator| made.altered_text(&samples, &words);
        try_inputs("addresses of files", cases(5_000), make, |path| {
            let found = shelf.find(path);
            assert!(found.is_none_or(|(name, file)| path.ends_with(name)
                && file.plain == name.as_bytes()
                && !name.contains("..")));
            found.is_some()
        });
        let samples =
            ["gzip, deflate, br;q=1", "br;q=0, gzip;q=0.5", "identity;q=0"].map(|text| Sample::text(text, ","));
        let words = ["br", "BR", "gzip", "q=0", "q=0.000", "q=nan", "q=1e999", "*", "", ";"];
        let make = |made: &mut Generator| made.altered(&samples, &words);
        try_inputs("Accept-Encoding", cases(5_000), make, |bytes| {
            let Ok(value) = HeaderValue::from_bytes(bytes) else { return false };
            let taken = takes(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, value)]), "br");
            assert!(!taken || bytes.to_ascii_lowercase().windows(2).any(|two| two == b"br"));
            taken
        });
    }
}
