//! A brotli copy (RFC 7932) beside each file that is smaller for it, at the highest quality: done once here, so that
//! whoever serves the folder need not compress at all.

use std::path::Path;

use anyhow::{Context, Result};

/// Endings of what shrinks; fonts and pictures are compressed as they are.
const TEXTS: [&str; 6] = ["html", "css", "js", "wasm", "svg", "webmanifest"];

/// Writes `NAME.br` beside each file under `folder` that shrinks.
///
/// # Errors
/// When a file can't be read or written.
pub fn beside(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            beside(&path)?;
        } else if path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| TEXTS.contains(&ending)) {
            let bytes = std::fs::read(&path).with_context(|| format!("{} can't be read", path.display()))?;
            let compressed = brotli(&bytes)?;
            if compressed.len() < bytes.len() {
                let mut copy = path.clone().into_os_string();
                copy.push(".br");
                std::fs::write(&copy, compressed).with_context(|| format!("{} can't be written", copy.display()))?;
            }
        }
    }
    Ok(())
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters).context("could not be compressed")?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_unpacks_to_what_was_there() {
        let folder = std::env::temp_dir().join(format!("pack-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("deeper")).unwrap();
        let text = "round and round ".repeat(50);
        std::fs::write(folder.join("deeper/a.js"), &text).unwrap();
        std::fs::write(folder.join("tiny.css"), "a").unwrap();
        std::fs::write(folder.join("b.woff2"), &text).unwrap();
        beside(&folder).unwrap();
        let mut out = Vec::new();
        let packed = std::fs::read(folder.join("deeper/a.js.br")).unwrap();
        brotli::BrotliDecompress(&mut &packed[..], &mut out).unwrap();
        assert_eq!(out, text.as_bytes());
        assert!(!folder.join("tiny.css.br").exists() && !folder.join("b.woff2.br").exists());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
