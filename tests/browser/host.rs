//! A plain static host, as a bucket or a pages site is one: the built app under a sub-path, files beside it, no rewrite
//! rules, no endpoint. And what goes wrong on such hosts, on purpose.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Where the app stands.
pub const UNDER: &str = "/some/path/app/";

/// A file beside the app.
#[derive(Clone, Default)]
pub struct File {
    pub body: Vec<u8>,
    pub kind: &'static str,
    /// `gzip` where the body is packed for the way.
    pub encoding: Option<&'static str>,
    /// Whether pages of other origins may read it.
    pub shared: bool,
}

impl File {
    pub fn json(body: impl Into<Vec<u8>>) -> File {
        File { body: body.into(), kind: "application/json", ..File::default() }
    }
}

pub struct Host {
    pub port: u16,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Host {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Host {
    /// Serves the app and these files, named from the app's folder.
    pub async fn of(files: impl IntoIterator<Item = (&str, File)>) -> Result<Host> {
        let dist =
            std::env::var_os("COUNTERSIGN_APP_DIST").map(PathBuf::from).context("COUNTERSIGN_APP_DIST is not set")?;
        let files: Arc<BTreeMap<String, File>> =
            Arc::new(files.into_iter().map(|(name, file)| (name.to_owned(), file)).collect());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (dist, files) = (dist.clone(), Arc::clone(&files));
                tokio::spawn(async move { drop(answer(stream, &dist, &files).await) });
            }
        });
        Ok(Host { port, serving })
    }

    /// The app's address with a query and a fragment.
    pub fn url(&self, rest: &str) -> String {
        format!("http://localhost:{}{UNDER}{rest}", self.port)
    }
}

async fn answer(mut stream: TcpStream, dist: &std::path::Path, files: &BTreeMap<String, File>) -> Result<()> {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    let request = lines.next_line().await?.unwrap_or_default();
    let mut range = None;
    while let Some(line) = lines.next_line().await?.filter(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("range")
        {
            range = value
                .trim()
                .strip_prefix("bytes=")
                .and_then(|range| range.split_once('-'))
                .and_then(|(from, to)| Some((from.parse::<usize>().ok()?, to.parse::<usize>().ok()?)));
        }
    }
    let path = request.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    let name = path.strip_prefix(UNDER);
    let file = match name {
        Some(name) if files.contains_key(name) => files.get(name).cloned(),
        Some(name) => {
            let name = if name.is_empty() { "index.html" } else { name };
            let kind = match name.rsplit('.').next() {
                Some("html") => "text/html; charset=utf-8",
                Some("js") => "text/javascript",
                Some("wasm") => "application/wasm",
                Some("css") => "text/css",
                Some("json") => "application/json",
                Some("svg") => "image/svg+xml",
                _ => "application/octet-stream",
            };
            let inside = !name.split('/').any(|part| part == "..");
            let body = if inside { tokio::fs::read(dist.join(name)).await.ok() } else { None };
            body.map(|body| File { body, kind, ..File::default() })
        }
        None => None,
    };
    let mut head = String::new();
    let body = match file {
        // As hosts do it: a page of their own, in HTML.
        None => {
            head.push_str("HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\n");
            b"<!doctype html><title>404</title><h1>Not found</h1>".to_vec()
        }
        Some(file) => {
            let whole = file.body.len();
            let body = match range.filter(|(from, to)| from <= to && *to < whole) {
                Some((from, to)) => {
                    head.push_str(&format!(
                        "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes {from}-{to}/{whole}\r\n"
                    ));
                    file.body[from..=to].to_vec()
                }
                None => {
                    head.push_str("HTTP/1.1 200 OK\r\n");
                    file.body
                }
            };
            head.push_str(&format!("content-type: {}\r\n", file.kind));
            if let Some(encoding) = file.encoding {
                head.push_str(&format!("content-encoding: {encoding}\r\n"));
            }
            if file.shared {
                head.push_str("access-control-allow-origin: *\r\n");
            }
            body
        }
    };
    head.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n", body.len()));
    write.write_all(head.as_bytes()).await?;
    write.write_all(&body).await?;
    write.shutdown().await?;
    Ok(())
}
