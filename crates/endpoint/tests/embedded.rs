//! The app in the binary: what a build with `debug_assertions` off has taken in is served as it stands. With them on
//! the folder is read as it is, by the same code; this test says which of the two it saw.

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use endpoint::http::assets::{self, Assets};
use std::path::Path;

async fn served(assets: &Assets, path: &str) -> (u16, String, Vec<u8>) {
    let request = Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let response = assets::serve(assets, &request);
    let media = response.headers().get(header::CONTENT_TYPE).unwrap().to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    (status, media, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn the_app_that_was_built_is_served() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist");
    let Ok(index) = std::fs::read(folder.join("index.html")) else {
        println!("skipped: no app is built");
        return;
    };
    println!("{}", if cfg!(debug_assertions) { "read from its folder" } else { "embedded" });
    let assets = Assets::embedded();
    assert!(assets.is_there());
    let (status, media, bytes) = served(&assets, "/").await;
    assert_eq!((status, media.as_str()), (200, "text/html; charset=utf-8"));
    assert!(bytes == index, "the index page is not the one that was built");
    assert!(assets.policy().to_str().unwrap().contains("script-src 'self'"));
    let mut code = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if !entry.path().is_file() || name.starts_with('.') || name.ends_with(".br") {
            continue;
        }
        let (status, _, bytes) = served(&assets, &format!("/{name}")).await;
        assert_eq!(status, 200, "{name}");
        assert!(bytes == std::fs::read(entry.path()).unwrap(), "{name} is not the one that was built");
        code += usize::from(name.ends_with(".wasm"));
    }
    assert!(code > 0, "there is no code in the app");
}
