//! From cargo's wasm to the files of the app: the first part with wasm-bindgen's JavaScript, the later parts, and
//! the loader that fetches them. What they are called in the end is `names`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail, ensure};
use wasmparser::{Parser, Payload};

use crate::build::Build;

/// What the loader is called inside the wasm, and until it has its final name.
pub const LOADER: &str = "__wasm_split.js";
/// What wasm-bindgen calls the first part's files until they have their final names.
pub const MAIN_JS: &str = "main.js";
pub const MAIN_WASM: &str = "main_bg.wasm";

/// Every file of the app by its name so far: [`MAIN_JS`], [`MAIN_WASM`], [`LOADER`], and the later parts.
pub type Files = BTreeMap<String, Vec<u8>>;

/// # Errors
/// A wasm without relocations or parts, or a program that failed.
pub fn into_parts(build: &Build) -> Result<Files> {
    let linked = std::fs::read(&build.linked).with_context(|| format!("{} can't be read", build.linked.display()))?;
    let folder = build.staging.join(".parts");
    std::fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let main = folder.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&linked);
    options.output_dir = &folder;
    options.main_out_path = &main;
    options.main_module = "./main.js";
    let split = wasm_split_cli_support::transform(options).map_err(|error| {
        anyhow!(
            "{} can't be split (is it linked with --emit-relocs, as .cargo/config.toml has it?): {error:#}",
            build.linked.display()
        )
    })?;
    ensure!(!split.split_modules.is_empty(), "{} has no parts to split off", build.linked.display());
    bind(&folder, &main)?;
    let mut files = Files::new();
    let written = [MAIN_JS, MAIN_WASM, LOADER].map(|name| folder.join(name));
    for path in written.into_iter().chain(split.split_modules) {
        let name = path.file_name().and_then(|name| name.to_str()).context("a part has a name that is no text")?;
        let bytes = std::fs::read(&path).with_context(|| format!("{} can't be read", path.display()))?;
        let is_wasm = name.ends_with(".wasm");
        let bytes =
            if build.lean && is_wasm { without_custom_sections(&bytes).context(name.to_owned())? } else { bytes };
        files.insert(name.to_owned(), bytes);
    }
    std::fs::remove_dir_all(&folder).with_context(|| format!("{} can't be removed", folder.display()))?;
    Ok(files)
}

/// The wasm-bindgen that Trunk found; it puts its folder first in the PATH or takes what is there.
fn bind(folder: &Path, main: &Path) -> Result<()> {
    let mut command = Command::new("wasm-bindgen");
    // The later parts reach memory and table through exports that wasm-bindgen otherwise drops.
    command.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", "main", "--out-dir"]);
    let status = command.arg(folder).arg(main).status().context("wasm-bindgen could not be started")?;
    if !status.success() {
        bail!("wasm-bindgen ended with {status}");
    }
    Ok(())
}

/// Names of functions, producers and relocations are half of the bytes and nothing to a browser.
fn without_custom_sections(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut out = wasm.get(..8).context("shorter than a header")?.to_vec();
    let mut end = 8;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.context("is no wasm")?;
        if let Some((_, range)) = payload.as_section() {
            // From the end of the section before: its id and length stand in front of the range.
            let after = usize::try_from(range.end).context("is too long")?;
            let whole = wasm.get(end..after).context("has a section that leaves the file")?;
            if !matches!(payload, Payload::CustomSection(_)) {
                out.extend_from_slice(whole);
            }
            end = after;
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(module)` with a type section between two custom ones.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\x00\x05\x04name\x01\x04\x01\x60\0\0\x00\x03\x02hi";

    #[test]
    fn custom_sections_go_and_the_rest_stays() {
        assert_eq!(without_custom_sections(MODULE).unwrap(), b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0");
        assert_eq!(without_custom_sections(b"\0asm\x01\0\0\0").unwrap(), b"\0asm\x01\0\0\0");
        assert!(without_custom_sections(b"\0asm").is_err());
        assert!(without_custom_sections(b"\0asm\x01\0\0\0\x01\x7f").is_err());
    }
}
