//! Running other programs, and the numbered, timed steps around them. What failed is named together with the
//! command that runs it again. Which programs and why: `setup`, `app`, `start`, `suite`.

use std::ffi::OsStr;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A numbered list of steps. Each prints its name before and its time after.
pub struct Steps {
    total: usize,
    done: usize,
    started: Instant,
}

impl Steps {
    pub fn new(total: usize) -> Steps {
        Steps { total, done: 0, started: Instant::now() }
    }

    /// # Errors
    /// The step's own, with the step's name.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.done += 1;
        println!("\n[{}/{}] {name}…", self.done, self.total);
        let started = Instant::now();
        let value = work().with_context(|| format!("step {} of {}, {name}", self.done, self.total))?;
        println!("[{}/{}] {name}: {}", self.done, self.total, span(started.elapsed()));
        Ok(value)
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Runs a command with our own input and output, so that its progress is seen as it happens.
///
/// # Errors
/// When it can't be started or ends with anything but success; the error carries the command to run again.
pub fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    let status = command.status().with_context(|| format!("`{line}` could not be started"))?;
    if !status.success() {
        bail!("this ended with {status}; to run it again:\n  {line}");
    }
    Ok(())
}

/// The command as one would type it, with those of its variables that are ours.
pub fn line(command: &Command) -> String {
    let variables = command.get_envs().filter_map(|(name, value)| {
        let name = name.to_str().filter(|name| name.starts_with("COUNTERSIGN_"))?;
        Some(format!("{name}={}", quoted(value?)))
    });
    let program = std::iter::once(quoted(command.get_program()));
    variables.chain(program).chain(command.get_args().map(quoted)).collect::<Vec<_>>().join(" ")
}

/// A time span as people say it: `0.4 s`, `12 s`, `3 min 5 s`.
pub fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=9 => format!("{:.1} s", time.as_secs_f64()),
        10..=59 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into_owned() } else { format!("'{word}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_plainly() {
        for (millis, expected) in
            [(0, "0.0 s"), (412, "0.4 s"), (12_900, "12 s"), (60_000, "1 min 0 s"), (185_000, "3 min 5 s")]
        {
            assert_eq!(span(Duration::from_millis(millis)), expected);
        }
    }

    #[test]
    fn the_line_to_run_again_has_our_variables_and_no_others() {
        let mut command = Command::new("cargo");
        command.args(["test", "a name"]).env("COUNTERSIGN_FULL", "1").env("SECRET", "x");
        assert_eq!(line(&command), "COUNTERSIGN_FULL=1 cargo test 'a name'");
    }

    #[test]
    fn a_failed_step_is_named() {
        let error = Steps::new(2).step("clippy", || -> Result<()> { bail!("two warnings") }).expect_err("failed");
        assert_eq!(format!("{error:#}"), "step 1 of 2, clippy: two warnings");
    }
}
