//! The loopback server of the comparison: files of a few folders, with their length, uncompressed, never cached by the
//! browser; all engines get theirs from it. It notes what was asked for, which is how the sizes are known.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};

/// A path's beginning, and the folder or the one file that stands for it.
pub type Mount = (&'static str, PathBuf);

pub struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    mounts: Arc<Vec<Mount>>,
}

impl Server {
    /// Serves until the process ends. The first mount whose beginning fits is taken.
    ///
    /// # Errors
    /// When no port of the loopback address is free.
    pub fn start(mounts: Vec<Mount>) -> Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port could be listened on")?;
        let address = listener.local_addr().context("the listener's address")?;
        let (asked, mounts) = (Arc::new(Mutex::new(Vec::new())), Arc::new(mounts));
        let server = Server { address, asked: Arc::clone(&asked), mounts: Arc::clone(&mounts) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (asked, mounts) = (Arc::clone(&asked), Arc::clone(&mounts));
                // A browser that goes away in the middle is no error of ours.
                std::thread::spawn(move || serve(stream, &mounts, &asked).ok());
            }
        });
        Ok(server)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The paths that were asked for and found since the last time, each once, in their order.
    pub fn take_asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner));
        let mut seen = std::collections::BTreeSet::new();
        asked.retain(|path| seen.insert(path.clone()));
        asked
    }

    /// The file that a path stands for, whether or not it is there.
    pub fn file(&self, path: &str) -> Option<PathBuf> {
        file(&self.mounts, path)
    }
}

fn serve(stream: TcpStream, mounts: &[Mount], asked: &Mutex<Vec<String>>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut out = stream.try_clone()?;
    let mut requests = BufReader::new(stream);
    loop {
        let Some(request) = Request::read(&mut requests)? else { return Ok(()) };
        let found = file(mounts, &request.path).and_then(|path| Some((File::open(&path).ok()?, path)));
        let Some((mut file, path)) = found.filter(|(file, _)| file.metadata().is_ok_and(|of| of.is_file())) else {
            write!(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?;
            continue;
        };
        asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.path.clone());
        let length = file.metadata()?.len();
        let (status, from, to) = match request.range {
            Some((from, to)) if from < length => ("206 Partial Content", from, to.min(length - 1) + 1),
            Some(_) => {
                write!(out, "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n")?;
                continue;
            }
            None => ("200 OK", 0, length),
        };
        let range = match request.range {
            Some(_) => format!("Content-Range: bytes {from}-{}/{length}\r\n", to - 1),
            None => String::new(),
        };
        write!(
            out,
            "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{range}Accept-Ranges: bytes\r\n\
             Cache-Control: no-store\r\n\r\n",
            media_type(&path),
            to - from,
        )?;
        if !request.head {
            file.seek(SeekFrom::Start(from))?;
            io::copy(&mut file.take(to - from), &mut out)?;
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Request {
    /// Without query, decoded no further: none of our files needs it.
    path: String,
    head: bool,
    /// The first and the last byte.
    range: Option<(u64, u64)>,
}

impl Request {
    /// `None` at the connection's end, and for what is no GET or HEAD.
    fn read(from: &mut impl BufRead) -> io::Result<Option<Request>> {
        let mut line = String::new();
        from.read_line(&mut line)?;
        let mut words = line.split_whitespace();
        let (Some(method @ ("GET" | "HEAD")), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
        let path = target.split(['?', '#']).next().unwrap_or_default().to_owned();
        let mut request = Request { path, head: method == "HEAD", range: None };
        loop {
            let mut line = String::new();
            if from.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            let line = line.trim_end();
            if line.is_empty() {
                return Ok(Some(request));
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("range")
            {
                request.range = range(value.trim());
            }
        }
    }
}

/// `bytes=2-5` and `bytes=2-`; another range is answered with everything, as a server may.
fn range(value: &str) -> Option<(u64, u64)> {
    let (from, to) = value.strip_prefix("bytes=")?.split_once('-')?;
    let from = from.parse().ok()?;
    let to = if to.is_empty() { u64::MAX } else { to.parse().ok()? };
    (from <= to).then_some((from, to))
}

fn file(mounts: &[Mount], path: &str) -> Option<PathBuf> {
    let (beginning, target) = mounts.iter().find(|(beginning, _)| path.starts_with(beginning))?;
    let rest = &path[beginning.len()..];
    if rest.split('/').any(|part| part == "..") {
        return None;
    }
    match rest {
        "" if beginning.ends_with('/') => Some(target.join("index.html")),
        "" => Some(target.clone()),
        rest => Some(target.join(rest)),
    }
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" | "cjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "webmanifest" => "application/json",
        "ndjson" => "application/x-ndjson",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_to_their_end() {
        let read = |text: &str| Request::read(&mut text.as_bytes()).expect("no error of the connection");
        let request = |path: &str, range| Some(Request { path: path.to_owned(), head: false, range });
        assert_eq!(read("GET /a/b.js?x=1#y HTTP/1.1\r\nHost: x\r\n\r\n"), request("/a/b.js", None));
        assert_eq!(read("GET /a HTTP/1.1\r\nRANGE: bytes=5-9\r\n\r\n"), request("/a", Some((5, 9))));
        assert_eq!(read("GET /a HTTP/1.1\r\nRange: bytes=5-\r\n\r\n"), request("/a", Some((5, u64::MAX))));
        assert_eq!(read("GET /a HTTP/1.1\r\nRange: bytes=-5\r\n\r\n"), request("/a", None));
        assert!(read("HEAD / HTTP/1.1\r\n\r\n").is_some_and(|request| request.head));
        for none in ["", "POST / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n"] {
            assert_eq!(read(none), None, "{none:?}");
        }
    }

    #[test]
    fn a_path_stands_for_a_file_of_its_mount() {
        let mounts: Vec<Mount> = vec![("/app/records.ndjson", "r".into()), ("/app/", "dist".into())];
        for (path, expected) in [
            ("/app/", Some("dist/index.html")),
            ("/app/records.ndjson", Some("r")),
            ("/app/a/b.js", Some("dist/a/b.js")),
            ("/app/../secret", None),
            ("/other", None),
        ] {
            assert_eq!(file(&mounts, path), expected.map(PathBuf::from), "{path}");
        }
    }

    #[test]
    fn a_file_is_served_with_its_length_and_noted() {
        let folder = std::env::temp_dir().join(format!("xtask-bench-server-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("a.wasm"), b"0123456789").expect("a file");
        let server = Server::start(vec![("/f/", folder.clone())]).expect("a server");
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        // Four on one connection: whole, a part, one that is not there, a part beyond the end.
        let get = |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n");
        let requests = [
            get("/f/a.wasm?v=1", ""),
            get("/f/a.wasm", "Range: bytes=2-4\r\n"),
            get("/f/b", ""),
            get("/f/a.wasm", "Range: bytes=10-\r\n"),
        ];
        stream.write_all(requests.concat().as_bytes()).expect("written");
        stream.shutdown(std::net::Shutdown::Write).expect("closed");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let parts: Vec<&str> = answer.split("HTTP/1.1 ").skip(1).collect();
        assert!(parts[0].starts_with("200 OK\r\nContent-Type: application/wasm\r\nContent-Length: 10\r\n"), "{answer}");
        assert!(parts[0].ends_with("\r\n\r\n0123456789"), "{answer}");
        assert!(parts[1].contains("Content-Range: bytes 2-4/10\r\n") && parts[1].ends_with("\r\n\r\n234"), "{answer}");
        assert!(parts[2].starts_with("404 ") && parts[3].starts_with("416 "), "{answer}");
        assert_eq!(server.take_asked(), ["/f/a.wasm"]);
        assert!(server.take_asked().is_empty());
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
