//! Set-up: what is missing for building is installed, what is there in the right version is left alone. The
//! wasm32 target comes by rustup, trunk and wasm-bindgen by `cargo install` into target/tools, so that nobody's
//! own copies are overwritten. The browser and what goes with it is in `browser`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::browser::{self, BrowserTools};
use crate::project::{Project, path_with_first, version_line, which};
use crate::run::run;

/// The Trunk that index.html and Trunk.toml were written for.
pub const TRUNK_VERSION: &str = "0.21.14";
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The programs that building the app needs, each in the right version.
pub struct BuildTools {
    pub trunk: PathBuf,
    pub wasm_bindgen: PathBuf,
}

/// One thing that is not there yet.
pub struct Missing {
    /// What it is, as shown to a person.
    pub what: String,
    /// How it is installed, and about how long that takes on two cores; where it can't be installed from here, why
    /// not and what to do by hand.
    pub how: String,
    /// `None` where it can't be installed from here.
    pub install: Option<Install>,
}

pub enum Install {
    RustTarget,
    RustComponents(Vec<&'static str>),
    CargoTool { krate: &'static str, version: String },
    AptPackages(Vec<&'static str>),
    AxeCore,
}

/// What a command needs besides cargo.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The app can be built.
    Build,
    /// The app can be built and everything but a browser can be checked.
    Checks,
    /// And a browser can be driven.
    Browser,
}

/// `cargo xtask setup`.
///
/// # Errors
/// An option that is not known, or an installation that failed.
pub fn command(args: &[String]) -> Result<()> {
    let (mut need, mut dry_run) = (Need::Build, false);
    for arg in args {
        match arg.as_str() {
            "--tests" => need = Need::Browser,
            "--dry-run" => dry_run = true,
            other => bail!("setup does not know {other:?}; see `cargo xtask setup --help`"),
        }
    }
    let project = Project::find()?;
    if dry_run {
        return print_plan(&project, need);
    }
    prepare(&project, need)?;
    println!("Everything is there.");
    Ok(())
}

/// Says what is there and what would be installed, and changes nothing.
///
/// # Errors
/// When Cargo.lock can't be read.
pub fn print_plan(project: &Project, need: Need) -> Result<()> {
    let missing = missing(project, need)?;
    if missing.is_empty() {
        println!("Everything is there; nothing would be installed.");
    }
    for item in &missing {
        let would = if item.install.is_some() { "would install" } else { "can't install" };
        println!("{would} {}: {}", item.what, item.how);
    }
    Ok(())
}

/// Installs what is missing, then finds every program again, so that what is returned was seen to be there.
///
/// # Errors
/// An installation that failed, or what can't be installed here: the message says what to install by hand.
pub fn prepare(project: &Project, need: Need) -> Result<(BuildTools, Option<BrowserTools>)> {
    let missing = missing(project, need)?;
    // Before what takes minutes: nobody should wait to hear it.
    let by_hand: Vec<_> = missing
        .iter()
        .filter(|item| item.install.is_none())
        .map(|item| format!("{}: {}", item.what, item.how))
        .collect();
    if !by_hand.is_empty() {
        bail!("what is missing can't all be installed from here\n  {}", by_hand.join("\n  "));
    }
    for (done, item) in missing.iter().enumerate() {
        println!("[{}/{}] installing {}: {}…", done + 1, missing.len(), item.what, item.how);
        let Some(how) = &item.install else { continue };
        install(project, how).with_context(|| format!("{} could not be installed", item.what))?;
    }
    let version = project.locked_version("wasm-bindgen")?;
    let trunk = find_tool(project, "trunk", TRUNK_VERSION).context("trunk was installed and is still not there")?;
    let wasm_bindgen = find_tool(project, "wasm-bindgen", &version)
        .with_context(|| format!("wasm-bindgen {version} was installed and is still not there"))?;
    let browser = if need == Need::Browser { Some(browser::find(project)?) } else { None };
    println!(
        "Tools: {WASM_TARGET}, trunk {TRUNK_VERSION}, wasm-bindgen {version}{}",
        browser.as_ref().map(|b| format!(", {}", b.summary)).unwrap_or_default()
    );
    Ok((BuildTools { trunk, wasm_bindgen }, browser))
}

fn missing(project: &Project, need: Need) -> Result<Vec<Missing>> {
    let mut missing = if need == Need::Browser { browser::missing(project) } else { Vec::new() };
    if !has_rust_target(&project.root) {
        missing.push(Missing {
            what: format!("the Rust target {WASM_TARGET}"),
            how: by_rustup(&format!("{WASM_TARGET}'s standard library (Debian: libstd-rust-dev-wasm32)")),
            install: has_rustup().then_some(Install::RustTarget),
        });
    }
    if need != Need::Build {
        let components: Vec<_> =
            [("rustfmt", "fmt"), ("clippy", "clippy")].into_iter().filter(|(_, sub)| !has_subcommand(sub)).collect();
        if !components.is_empty() {
            let names: Vec<_> = components.iter().map(|(name, _)| *name).collect();
            missing.push(Missing {
                what: names.join(" and "),
                how: by_rustup("them"),
                install: has_rustup().then_some(Install::RustComponents(names)),
            });
        }
    }
    let bindgen = project.locked_version("wasm-bindgen")?;
    let tools = [("trunk", "trunk", TRUNK_VERSION.to_owned(), 5), ("wasm-bindgen", "wasm-bindgen-cli", bindgen, 2)];
    for (program, krate, version, minutes) in tools {
        if find_tool(project, program, &version).is_none() {
            missing.push(Missing {
                what: format!("{krate} {version}"),
                how: format!("by cargo into {}, about {minutes} minutes", project.tools.join("bin").display()),
                install: Some(Install::CargoTool { krate, version }),
            });
        }
    }
    Ok(missing)
}

fn install(project: &Project, what: &Install) -> Result<()> {
    match what {
        Install::RustTarget => {
            run(Command::new("rustup").args(["target", "add", WASM_TARGET]).current_dir(&project.root))
        }
        Install::RustComponents(names) => {
            run(Command::new("rustup").args(["component", "add"]).args(names).current_dir(&project.root))
        }
        Install::CargoTool { krate, version } => cargo_install(project, krate, version),
        Install::AptPackages(packages) => browser::apt_install(packages),
        Install::AxeCore => browser::install_axe(project),
    }
}

/// Builds in a folder of its own, which is kept when it is interrupted, so that the next try goes on from there,
/// and is removed at the end.
fn cargo_install(project: &Project, krate: &str, version: &str) -> Result<()> {
    let build = project.tools.join("build");
    let mut command = Command::new("cargo");
    command.args(["install", "--locked", "--version", version, "--root"]).arg(&project.tools);
    command.arg("--target-dir").arg(&build);
    if krate == "trunk" {
        // Without its own downloading and update check: every tool it calls is put there by us.
        command.arg("--no-default-features");
    }
    command.arg(krate);
    // Trunk only calls others and copies files, wasm-bindgen works for seconds: neither is worth the time that
    // link-time optimisation takes.
    command
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", if krate == "trunk" { "0" } else { "2" })
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    command.env_remove("CARGO_TARGET_DIR").current_dir(&project.root);
    // With the folder on its PATH cargo does not advise to put it on the person's.
    command.env("PATH", path_with_first(&project.tools.join("bin"))?);
    run(&mut command)?;
    match std::fs::remove_dir_all(&build) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            println!("note: {} could not be removed and may be deleted: {error}", build.display());
        }
        _ => {}
    }
    Ok(())
}

/// The program in exactly this version: the person's own from the PATH, else ours.
fn find_tool(project: &Project, program: &str, version: &str) -> Option<PathBuf> {
    let own = project.tools.join("bin").join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    which(program).into_iter().chain([own]).find(|candidate| {
        candidate.is_file() && version_line(candidate).is_some_and(|line| says_version(&line, program, version))
    })
}

/// `trunk 0.21.14`, perhaps with more behind it.
fn says_version(line: &str, program: &str, version: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next() == Some(program) && words.next() == Some(version)
}

fn has_rustup() -> bool {
    which("rustup").is_some()
}

fn by_rustup(what: &str) -> String {
    if has_rustup() {
        "by rustup, less than a minute".into()
    } else {
        format!("there is no rustup here; install {what} with the system's package manager, or install rustup")
    }
}

/// Asks the compiler rather than rustup: a distribution's compiler may have the target too.
fn has_rust_target(root: &Path) -> bool {
    let output =
        Command::new("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]).current_dir(root).output();
    let Ok(output) = output else { return false };
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let Ok(files) = std::fs::read_dir(folder) else { return false };
    files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}

fn has_subcommand(name: &str) -> bool {
    Command::new("cargo").args([name, "--version"]).output().is_ok_and(|output| output.status.success())
}

#[cfg(test)]
mod tests {
    use super::says_version;

    #[test]
    fn only_the_exact_version_will_do() {
        for (line, expected) in [
            ("wasm-bindgen 0.2.129", true),
            ("wasm-bindgen 0.2.129 (abc 2026-01-01)", true),
            ("wasm-bindgen 0.2.1290", false),
            ("wasm-bindgen 0.2.12", false),
            ("wasm-bindgen-test-runner 0.2.129", false),
            ("", false),
        ] {
            assert_eq!(says_version(line, "wasm-bindgen", "0.2.129"), expected, "{line}");
        }
    }
}
