//! The served app: its policy with the hash of its inline script, caching by name, encodings, and deep links.

use crate::stand::{Answer, Stand};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use endpoint::http::assets::Assets;
use reqwest::Method;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

const SCRIPT: &str = "\nimport init from './countersign-0123456789abcdef.js';\ninit();\n";

fn index(script: &str) -> String {
    format!(
        "<!doctype html><html><head><script src=\"theme.js\"></script><script type=\"module\">{script}</script></head><body></body></html>"
    )
}

async fn served() -> (Stand, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("fonts")).unwrap();
    for (name, text) in [
        ("index.html", index(SCRIPT)),
        ("theme.js", "let a;".to_owned()),
        ("countersign-0123456789abcdef.js", "export default () => 1;\n".repeat(100)),
        ("countersign-0123456789abcdef_bg.wasm", "\0asm".repeat(1_000)),
        ("queue-0123456789abcdef.css", "p { top: 0 }\n".repeat(100)),
        ("manifest.webmanifest", "{}".to_owned()),
        ("fonts/inter.woff2", "x".repeat(2_000)),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let stand = Stand::serving(Assets::from_folder(folder.path()).unwrap(), Duration::from_secs(15)).await;
    (stand, folder)
}

async fn asked(stand: &Stand, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers
        .iter()
        .fold(stand.nobody().request(Method::GET, path), |request, (name, value)| request.header(*name, *value));
    Answer::of(request).await
}

#[tokio::test]
async fn the_policy_names_the_exact_inline_script() {
    let (stand, folder) = served().await;
    let hash = |script: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)));
    for path in ["/", "/v1/session", "/openapi.json", "/problems", "/none.js"] {
        let answer = stand.nobody().get(path).await;
        let policy = answer.header("content-security-policy").to_owned();
        let scripts = policy.split("; ").find(|part| part.starts_with("script-src")).unwrap();
        assert_eq!(scripts, format!("script-src 'self' 'wasm-unsafe-eval' {}", hash(SCRIPT)), "{path}");
        for part in [
            "default-src 'none'",
            "style-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.split("; ").any(|given| given == part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"));
    }
    // Built again while the endpoint runs: the next page load has the new files and their policy.
    let rebuilt = "\nimport init from './countersign-fedcba9876543210.js';\ninit();\n";
    fs::write(folder.path().join("countersign-fedcba9876543210.js"), "1").unwrap();
    fs::write(folder.path().join("index.html"), index(rebuilt)).unwrap();
    touch(&folder.path().join("index.html"));
    let page = asked(&stand, "/", &[("accept", "text/html")]).await;
    assert!(page.text.contains("fedcba9876543210") && page.header("content-security-policy").contains(&hash(rebuilt)));
    assert_eq!(stand.nobody().get("/countersign-fedcba9876543210.js").await.text, "1");
}

/// File times may be as coarse as the test is quick.
fn touch(file: &Path) {
    let later = std::time::SystemTime::now() + Duration::from_secs(2);
    fs::File::options().append(true).open(file).unwrap().set_modified(later).unwrap();
}

#[tokio::test]
async fn names_with_a_hash_are_kept_and_others_asked_for_again() {
    let (stand, _folder) = served().await;
    let kept = "public, max-age=31536000, immutable";
    for (path, media, caching) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/theme.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/countersign-0123456789abcdef.js", "text/javascript; charset=utf-8", kept),
        ("/countersign-0123456789abcdef_bg.wasm", "application/wasm", kept),
        ("/queue-0123456789abcdef.css", "text/css; charset=utf-8", kept),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/fonts/inter.woff2", "font/woff2", "no-cache"),
    ] {
        let answer = stand.nobody().get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type"), answer.header("cache-control")),
            (200, media, caching),
            "{path}"
        );
        let tag = answer.header("etag").to_owned();
        let again = asked(&stand, path, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{path}");
        let head = Answer::of(stand.nobody().request(Method::HEAD, path)).await;
        assert_eq!((head.status.as_u16(), head.text.as_str(), head.header("etag")), (200, "", tag.as_str()), "{path}");
    }
}

#[tokio::test]
async fn text_is_compressed_for_whoever_takes_it() {
    let (stand, _folder) = served().await;
    let path = "/countersign-0123456789abcdef.js";
    for (accept, encoding) in [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", "")] {
        let mut answer = asked(&stand, path, &[("accept-encoding", accept)]).await;
        for _ in 0..100 {
            if answer.header("content-encoding") == encoding {
                break;
            }
            // Compression goes on beside the first requests.
            tokio::time::sleep(Duration::from_millis(50)).await;
            answer = asked(&stand, path, &[("accept-encoding", accept)]).await;
        }
        assert_eq!(
            (answer.header("content-encoding"), answer.header("vary")),
            (encoding, "Accept-Encoding"),
            "{accept}"
        );
    }
    let font = asked(&stand, "/fonts/inter.woff2", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(font.header("content-encoding"), "", "a font is compressed in itself");
}

/// What the build compressed is there with the first answer.
#[tokio::test]
async fn a_file_that_the_build_compressed_is_compressed_from_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let code: Vec<u8> = (0..2_000_000u32).flat_map(|n| (n % 7_919).to_le_bytes()).collect();
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &code[..], &mut compressed, &Default::default()).unwrap();
    for (name, bytes) in [
        ("index.html", index(SCRIPT).into_bytes()),
        ("app-0123456789abcdef_bg.wasm", code.clone()),
        ("app-0123456789abcdef_bg.wasm.br", compressed.clone()),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let stand = Stand::serving(Assets::from_folder(folder.path()).unwrap(), Duration::from_secs(15)).await;
    let path = "/app-0123456789abcdef_bg.wasm";
    let packed = asked(&stand, path, &[("accept-encoding", "gzip, deflate, br")]).await;
    assert_eq!((packed.header("content-encoding"), packed.header("content-type")), ("br", "application/wasm"));
    assert_eq!(packed.header("content-length"), compressed.len().to_string());
    let plain = asked(&stand, path, &[("accept-encoding", "identity")]).await;
    assert_eq!((plain.header("content-encoding"), plain.header("content-length")), ("", &*code.len().to_string()));
    assert_ne!(plain.header("etag"), packed.header("etag"));
    assert_eq!(stand.nobody().get(&format!("{path}.br")).await.status, 404, "it is no file of its own");
}

#[tokio::test]
async fn a_deep_link_is_the_app_and_finds_its_files() {
    let (stand, _folder) = served().await;
    let page = [("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")];
    for path in ["/queue", "/changes/CH-7", "/records/a/b?q=1"] {
        let answer = asked(&stand, path, &page).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, "text/html; charset=utf-8"),
            "{path}"
        );
    }
    for path in ["/changes/theme.js", "/changes/CH-7/fonts/inter.woff2"] {
        assert_eq!(stand.nobody().get(path).await.status, 200, "{path}: relative addresses of the app");
    }
    for path in ["/queue", "/none.js", "/fonts", "/%2e%2e/Cargo.toml", "/..%2fCargo.toml"] {
        assert_eq!(stand.nobody().get(path).await.slug(), "not-found", "{path}");
    }
    for path in ["/v1/none", "/v1", "/problems/none", "/log/checkpoint", "/none.js"] {
        assert_eq!(asked(&stand, path, &page).await.status, 404, "{path} is no page of the app");
    }
    let written = Answer::of(stand.nobody().request(Method::POST, "/queue")).await;
    assert_eq!((written.status.as_u16(), written.header("allow")), (405, "GET, HEAD"));
}

#[tokio::test]
async fn an_endpoint_without_an_app_says_how_to_build_one() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Assets::from_folder(folder.path()).is_err());
    assert!(Assets::from_folder(&folder.path().join("none")).is_err());
}
