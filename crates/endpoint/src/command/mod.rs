//! The commands of the binary and their options. Each command is a file beside this one.

pub mod credentials;
pub mod import;
pub mod input;
pub mod replay;
pub mod serve;

use clap::{Parser, Subcommand, ValueEnum};
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// The reference endpoint of Countersign.
#[derive(Debug, Parser)]
#[command(name = "countersign-endpoint", version)]
pub struct Cli {
    /// How the log on standard error is written; RUST_LOG says how much of it.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Serve(serve::Serve),
    Import(import::Import),
    Replay(replay::Replay),
}

/// Runs what the command line asks for; what goes wrong is said on standard error.
pub async fn run(cli: Cli) -> ExitCode {
    start_log(cli.log_format);
    let outcome = match &cli.command {
        Command::Serve(options) => serve::run(options).await,
        Command::Import(options) => import::run(options).await.map(|total| say(&import::summary(&total))),
        Command::Replay(options) => replay::run(options).await.map(|outcome| say(&outcome.summary())),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A line on standard output; whoever closed it does not want it.
fn say(text: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

fn start_log(format: LogFormat) {
    // The statements of the store are nobody's business unless asked for.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).try_init(),
        LogFormat::Text => log.with_target(false).with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    // Already started: a test that runs two commands.
    drop(started);
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_options_fit_together() {
        Cli::command().debug_assert();
        let cli = Cli::try_parse_from([
            "countersign-endpoint",
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--database",
            "sqlite://a.db",
            "--app",
            "dist",
            "--policy",
            "a.cedar",
            "--credentials",
            "c.json",
            "--estate",
            "e.toml",
            "--demo",
            "--no-history",
            "--log-format",
            "json",
        ])
        .unwrap();
        assert_eq!(cli.log_format, LogFormat::Json);
        assert!(
            matches!(cli.command, Command::Serve(serve) if serve.demo && serve.no_history && serve.listen == "127.0.0.1:0")
        );
        let without_demo = ["countersign-endpoint", "serve", "--database", "a.db", "--no-history"];
        assert!(Cli::try_parse_from(without_demo).is_err(), "only a demonstration has a history");
        assert!(Cli::try_parse_from(["countersign-endpoint", "serve"]).is_err(), "a database must be named");
    }
}
