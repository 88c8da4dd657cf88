//! Building the browser app with Trunk, offline and in the size profile, into dist/. Trunk's hook hands the last step
//! to `crates/pack`. What it weighs is computed in `weight`; how the tools got there, in `setup`.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::project::{Project, path_with_first};
use crate::run::run;
use crate::setup::{self, BuildTools, Need};
use crate::weight;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// `[profile.app]`: small, as it is served.
    App,
    /// Cargo's own: quick to build.
    Dev,
}

/// `cargo xtask app`.
///
/// # Errors
/// An option that is not known, a failed installation or build, or an app over its weight.
pub fn command(args: &[String]) -> Result<()> {
    let mut profile = Profile::App;
    for arg in args {
        match arg.as_str() {
            "--dev" => profile = Profile::Dev,
            other => bail!("app does not know {other:?}; see `cargo xtask app --help`"),
        }
    }
    let project = Project::find()?;
    let (tools, _) = setup::prepare(&project, Need::Build)?;
    build(&project, &tools, profile)?;
    if profile == Profile::App {
        weight::check(&project.root.join("dist"))?;
    }
    Ok(())
}

/// Cargo decides what has to be compiled again, so that an app that is up to date costs seconds.
///
/// # Errors
/// When crates can't be fetched or the build fails.
pub fn build(project: &Project, tools: &BuildTools, profile: Profile) -> Result<()> {
    // Trunk is called offline, lest it download tools; so the crates have to be here first.
    run(Command::new("cargo").args(["fetch", "--locked"]).current_dir(&project.root))?;
    // Trunk's hook compiles it too, unseen: the first time that is minutes of silence.
    run(Command::new("cargo").args(["build", "--locked", "--package", "pack"]).current_dir(&project.root))?;
    let cargo_profile = match profile {
        Profile::App => "app",
        Profile::Dev => "dev",
    };
    let mut command = Command::new(&tools.trunk);
    command.args(["build", "--offline", "true", "--locked", "true", "--skip-version-check"]);
    // As a variable, so that Trunk's hook, which takes the app into parts, reads it too.
    command.env("TRUNK_BUILD_CARGO_PROFILE", cargo_profile);
    // The right wasm-bindgen first on the PATH: Trunk takes the first that it finds.
    let folder = tools.wasm_bindgen.parent().context("wasm-bindgen is in no folder")?;
    command.env("PATH", path_with_first(folder)?);
    // Trunk takes only `true` or `false` for this, where the custom is any value at all.
    command.env_remove("NO_COLOR").current_dir(&project.root);
    run(&mut command)
}
