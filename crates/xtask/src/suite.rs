//! `cargo xtask test`: formatting, clippy for both targets, the app and its weight, and every test with the
//! programs and folders it needs in its environment. Ends with one line, `N passed, N failed`.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::app::{self, Profile};
use crate::browser;
use crate::project::Project;
use crate::run::{Steps, line, run, span};
use crate::setup::{self, Need};
use crate::start::endpoint_binary;
use crate::tally::Tally;
use crate::weight;

/// Generated inputs to each decoder under --full. Without it every test has a reduced number of its own, which
/// COUNTERSIGN_CASES overrides; tests with another figure than this look for COUNTERSIGN_FULL.
const FULL_CASES: &str = "1000000";

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    full: bool,
    skip_browser: bool,
    dry_run: bool,
    filter: Option<String>,
}

impl Options {
    /// # Errors
    /// An option that is not known, or a second filter.
    pub fn parse(args: &[String]) -> Result<Options> {
        let mut options = Options::default();
        for arg in args {
            match arg.as_str() {
                "--full" => options.full = true,
                "--skip-browser" => options.skip_browser = true,
                "--dry-run" => options.dry_run = true,
                other if other.starts_with('-') => {
                    bail!("test does not know {other:?}; see `cargo xtask test --help`")
                }
                other if options.filter.is_some() => bail!("one filter at a time; {other:?} is a second"),
                other => options.filter = Some(other.to_owned()),
            }
        }
        Ok(options)
    }
}

/// # Errors
/// The first step that failed, with the command to run it again; or that tests failed.
pub fn test(options: &Options) -> Result<()> {
    let project = Project::find()?;
    let need = if options.skip_browser { Need::Checks } else { Need::Browser };
    if options.dry_run {
        return setup::print_plan(&project, need);
    }
    let cargo = |args: &[&str]| {
        let mut command = Command::new("cargo");
        command.args(args).current_dir(&project.root);
        command
    };
    let filtered = options.filter.is_some();
    let build_app = !options.skip_browser || !filtered;
    let mut steps = Steps::new(
        3 + if filtered { 0 } else { 3 }
            + usize::from(build_app)
            + usize::from(build_app && !filtered)
            + usize::from(options.full && build_app && !filtered),
    );

    let (tools, browser) = steps.step("tools", || setup::prepare(&project, need))?;
    if !filtered {
        steps.step("formatting", || run(&mut cargo(&["fmt", "--all", "--check"])))?;
        steps.step("clippy", || {
            run(&mut cargo(&[
                "clippy",
                "--locked",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--",
                "-D",
                "warnings",
            ]))
        })?;
        steps.step("clippy for the browser", || {
            run(&mut cargo(&[
                "clippy",
                "--locked",
                "-p",
                "countersign",
                "-p",
                "oversight",
                "-p",
                "engine",
                "-p",
                "worker",
                "--lib",
                "--bins",
                "--target",
                "wasm32-unknown-unknown",
                "--",
                "-D",
                "warnings",
            ]))
        })?;
    }
    if build_app {
        steps.step("building the app", || app::build(&project, &tools, Profile::App))?;
    }
    let dist = project.root.join("dist");
    if build_app && !filtered {
        steps.step("the app's weight", || weight::check(&dist))?;
    }
    let endpoint = endpoint_binary(&project);
    steps.step("building the endpoint", || run(&mut cargo(&["build", "--locked", "-p", "endpoint"])))?;

    // Of the root package under --skip-browser only what is in src/: its tests/ all drive a browser.
    let selections: &[&[&str]] = if options.skip_browser {
        &[&["--workspace", "--exclude", "countersign"], &["-p", "countersign", "--lib", "--bins"]]
    } else {
        &[&["--workspace"]]
    };
    let mut tally = Tally::default();
    let rerun = steps.step("tests", || {
        let mut reruns = Vec::new();
        for selection in selections {
            let mut command = cargo(&["test", "--locked", "--no-fail-fast"]);
            command.args(*selection).args(&options.filter);
            command.env("COUNTERSIGN_ENDPOINT_BIN", &endpoint).env("COUNTERSIGN_APP_DIST", &dist);
            if let Some(browser) = &browser {
                command.envs(browser::environment(browser));
            }
            if options.full {
                command.env("COUNTERSIGN_FULL", "1");
                if std::env::var_os("COUNTERSIGN_CASES").is_none() {
                    command.env("COUNTERSIGN_CASES", FULL_CASES);
                }
            }
            if !build_app {
                // An app of an earlier build says nothing about this one.
                command.env_remove("COUNTERSIGN_APP_DIST");
            }
            let before = tally.failed;
            let ended_well = run_tests(&mut command, &mut tally)?;
            if !ended_well && tally.failed == before {
                bail!("the tests did not run to their end; to run them again:\n  {}", line(&command));
            }
            if !ended_well {
                reruns.push(line(&command));
            }
        }
        Ok(reruns)
    })?;

    if options.full && build_app && !filtered {
        steps.step("the embedded app", || embedded(&project, &mut tally))?;
    }

    println!();
    if std::env::var_os("COUNTERSIGN_REAL_DATA").is_none() {
        println!("Not run: the tests on real records, as COUNTERSIGN_REAL_DATA names no folder.");
    }
    if options.skip_browser {
        println!("Not run: the end-to-end tests in tests/, because of --skip-browser.");
    }
    if filtered {
        println!("Not run: formatting, clippy, weight and all tests that do not match the filter.");
    }
    if tally.ignored > 0 {
        println!("Ignored by their own mark: {}.", tally.ignored);
    }
    for failure in &tally.failures {
        println!("failed  {failure}");
    }
    println!("Time: {}", span(steps.elapsed()));
    println!("{tally}");
    if tally.failed > 0 {
        bail!("tests failed; to run them again:\n  {}", rerun.join("\n  "));
    }
    if tally.passed == 0 {
        bail!("no test ran{}", options.filter.as_deref().map(|f| format!(": none matches {f:?}")).unwrap_or_default());
    }
    Ok(())
}

/// A release build embeds dist/; the same code is built here without release's minutes, by leaving out the debug
/// assertions that tell rust-embed to read the folder instead.
fn embedded(project: &Project, tally: &mut Tally) -> Result<()> {
    let mut command = Command::new("cargo");
    command.args(["test", "--locked", "-p", "endpoint", "--lib", "--test", "embedded"]).current_dir(&project.root);
    for package in ["endpoint", "rust-embed", "rust-embed-utils"] {
        command.arg("--config").arg(format!("profile.dev.package.{package}.debug-assertions=false"));
    }
    let ended_well = run_tests(&mut command, tally)?;
    if !ended_well {
        bail!("the endpoint does not serve the embedded app; to run it again:\n  {}", line(&command));
    }
    Ok(())
}

/// Runs the tests, shows what they print as they print it, and counts. Says whether cargo ended well.
fn run_tests(command: &mut Command, tally: &mut Tally) -> Result<bool> {
    let shown = line(command);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("`{shown}` could not be started"))?;
    let stdout = child.stdout.take().context("the tests have no output")?;
    let stderr = child.stderr.take().context("the tests have no error output")?;
    // One thread a pipe, so that neither fills up; the lines meet here, which keeps "Running …" before its tests
    // as well as two pipes allow.
    let (sender, lines) = std::sync::mpsc::channel();
    let from_stdout = sender.clone();
    std::thread::spawn(move || each_line(stdout, |text| from_stdout.send((true, text)).is_ok()));
    std::thread::spawn(move || each_line(stderr, |text| sender.send((false, text)).is_ok()));
    for (is_stdout, text) in lines {
        if is_stdout {
            println!("{text}");
            tally.read(&text);
        } else {
            eprintln!("{text}");
            tally.read_progress(&text);
        }
    }
    std::io::stdout().flush().ok();
    Ok(child.wait()?.success())
}

/// A test may print bytes that are not UTF-8; they are shown with replacement characters.
fn each_line(source: impl Read, mut take: impl FnMut(String) -> bool) {
    let mut source = BufReader::new(source);
    let mut bytes = Vec::new();
    while source.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
        let text = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned();
        if !take(text) {
            return;
        }
        bytes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let parse = |line: &str| Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(parse("").expect("valid"), Options::default());
        assert_eq!(
            parse("--full quorum --skip-browser").expect("valid"),
            Options { full: true, skip_browser: true, filter: some("quorum"), dry_run: false }
        );
        assert!(parse("a b").is_err() && parse("--quick").is_err());
    }

    #[test]
    fn every_line_arrives_even_when_it_is_not_utf_8() {
        let mut seen = Vec::new();
        each_line(&b"one\r\ntwo \xff\nno end"[..], |text| {
            seen.push(text);
            true
        });
        assert_eq!(seen, ["one", "two \u{fffd}", "no end"]);
    }
}
