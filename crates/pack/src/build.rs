//! What is being built, as Trunk and cargo say it: the folder that becomes dist/, the wasm that cargo linked, and
//! whether the result is meant to be small.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

pub struct Build {
    /// Trunk's staging folder, which becomes dist/ when every hook is through.
    pub staging: PathBuf,
    /// The wasm as cargo linked it, relocations included.
    pub linked: PathBuf,
    /// What Trunk called its files: `countersign-0123456789abcdef`.
    pub stem: String,
    /// Drop the functions' names and compress.
    pub lean: bool,
}

impl Build {
    /// # Errors
    /// When this was not called by Trunk, or cargo's wasm isn't where it should be.
    pub fn from_environment() -> Result<Build> {
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let staging = variable("TRUNK_STAGING_DIR").context("TRUNK_STAGING_DIR is not set: Trunk's hook calls this")?;
        let source = variable("TRUNK_SOURCE_DIR").context("TRUNK_SOURCE_DIR is not set: Trunk's hook calls this")?;
        let profile = match std::env::var("TRUNK_BUILD_CARGO_PROFILE") {
            Ok(profile) => profile,
            Err(_) => configured_profile(&source.join("Trunk.toml"))?,
        };
        let folder = if profile == "dev" { "debug" } else { &profile };
        let target = variable("CARGO_TARGET_DIR").unwrap_or_else(|| source.join("target"));
        let linked = target.join("wasm32-unknown-unknown").join(folder).join("countersign.wasm");
        if !linked.is_file() {
            bail!(
                "{} is not there. Trunk builds with the profile of TRUNK_BUILD_CARGO_PROFILE or Trunk.toml, {profile:?}; \
                 a profile given to Trunk as an option is not seen here",
                linked.display()
            );
        }
        let stem = stem(&staging)?;
        // A profiler of the small build wants the names.
        let lean = profile != "dev" && std::env::var_os("COUNTERSIGN_KEEP_NAMES").is_none();
        Ok(Build { staging, linked, stem, lean })
    }
}

fn configured_profile(config: &Path) -> Result<String> {
    let text = std::fs::read_to_string(config).with_context(|| format!("{} could not be read", config.display()))?;
    let table: toml::Table = text.parse().with_context(|| format!("{} is no TOML", config.display()))?;
    let profile = table.get("build").and_then(|build| build.get("cargo_profile")).and_then(|profile| profile.as_str());
    Ok(profile.unwrap_or("dev").to_owned())
}

/// The page's wasm as Trunk named it, without its ending; a worker's beside it has another name.
fn stem(staging: &Path) -> Result<String> {
    let entries = std::fs::read_dir(staging).with_context(|| format!("{} could not be read", staging.display()))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let stems: Vec<_> = names.filter_map(|name| page_stem(&name).map(str::to_owned)).collect();
    match stems.as_slice() {
        [stem] => Ok(stem.clone()),
        _ => bail!("{} should hold one countersign-*_bg.wasm and holds {}", staging.display(), stems.len()),
    }
}

fn page_stem(name: &str) -> Option<&str> {
    let stem = name.strip_suffix("_bg.wasm")?;
    let hash = stem.strip_prefix("countersign-")?;
    hash.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_told_from_a_worker() {
        assert_eq!(page_stem("countersign-0a1b_bg.wasm"), Some("countersign-0a1b"));
        for name in ["countersign-worker-0a1b_bg.wasm", "engine-0a1b_bg.wasm", "countersign-0a1b.js", "x.css"] {
            assert_eq!(page_stem(name), None, "{name}");
        }
    }
}
