//! The binary: reads the command line and runs its command. Everything else is the library's.

#![forbid(unsafe_code)]

use clap::Parser;
use endpoint::command::{Cli, run};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    run(Cli::parse()).await
}
