//! Where things are: the repository's root, cargo's target folder, our own tools folder, programs on the PATH,
//! and the versions that Cargo.lock fixes. Nothing is installed or started here; see `setup` and `run`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

pub struct Project {
    /// The repository's root, where every command runs.
    pub root: PathBuf,
    /// Cargo's target folder, wherever the person has put it.
    pub target: PathBuf,
    /// What we install and do not want to put in the person's own folders.
    pub tools: PathBuf,
}

impl Project {
    /// # Errors
    /// When cargo can't describe the workspace.
    pub fn find() -> Result<Project> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .context("the repository's root is two folders above crates/xtask")?
            .to_path_buf();
        let output = Command::new("cargo")
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .current_dir(&root)
            .output()
            .context("cargo could not be started")?;
        if !output.status.success() {
            bail!("cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        let metadata = String::from_utf8(output.stdout).context("cargo metadata is not UTF-8")?;
        let target = json_string(&metadata, "target_directory").context("cargo metadata names no target folder")?;
        let target = PathBuf::from(target);
        let tools = target.join("tools");
        Ok(Project { root, target, tools })
    }

    /// The version of a crate in Cargo.lock.
    ///
    /// # Errors
    /// When the file can't be read or does not have the crate.
    pub fn locked_version(&self, krate: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = std::fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
        version_in_lock(&lock, krate).with_context(|| format!("Cargo.lock has no crate {krate}"))
    }
}

/// The first program of this name on the PATH.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|candidate| candidate.is_file())
}

/// The PATH with this folder before all others.
///
/// # Errors
/// When the folder's name has the PATH's separator in it.
pub fn path_with_first(folder: &Path) -> Result<OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&rest));
    std::env::join_paths(all).with_context(|| format!("{} can't be on a PATH", folder.display()))
}

/// What `program --version` says, or `None` where it can't be run.
pub fn version_line(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").env_remove("NO_COLOR").output().ok()?;
    if !output.status.success() {
        return None;
    }
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The value of the first `"key": "value"` in a JSON text, without the escapes that a path could need
/// apart from the backslash.
pub fn json_string(json: &str, key: &str) -> Option<String> {
    let (_, after) = json.split_once(&format!("\"{key}\""))?;
    let after = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let mut value = String::new();
    let mut chars = after.chars();
    loop {
        match chars.next()? {
            '"' => return Some(value),
            '\\' => value.push(chars.next()?),
            c => value.push(c),
        }
    }
}

fn version_in_lock(lock: &str, krate: &str) -> Option<String> {
    let wanted = format!("name = \"{krate}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == wanted)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{json_string, version_in_lock};

    #[test]
    fn the_lock_names_the_exact_crate() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.79\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.129"));
        assert_eq!(version_in_lock(lock, "bindgen"), None);
    }

    #[test]
    fn a_string_is_read_out_of_json() {
        for (json, expected) in [
            (r#"{"a":1,"dir":"/x/target"}"#, Some("/x/target")),
            (r#"{"dir" : "C:\\x"}"#, Some(r"C:\x")),
            (r#"{"dir":null}"#, None),
            (r#"{"dir":"cut"#, None),
        ] {
            assert_eq!(json_string(json, "dir").as_deref(), expected, "{json}");
        }
    }
}
