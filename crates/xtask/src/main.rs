//! `cargo xtask`: the project's own commands. This file reads the command line and hands over; what a
//! command does stands in the module of its name. The repository checks are tests, in `tidy`.

#![forbid(unsafe_code)]

mod app;
mod bench;
mod browser;
mod project;
mod run;
mod setup;
mod start;
mod suite;
mod tally;
#[cfg(test)]
mod tidy;
mod weight;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  start   install what is missing, build the app, run the endpoint with demonstration data
  test    install what is missing, check, build, run every test
  bench   measure the app beside its peers in a headless browser
  app     build the browser app into dist/
  setup   install what is missing, and nothing else

`cargo xtask <command> --help` says more.
";

const START_HELP: &str = "\
cargo xtask start [--listen ADDR | --port N] [--dev] [--dry-run] [-- ENDPOINT OPTIONS]

Installs what is missing, builds the browser app and the endpoint, and runs the endpoint on SQLite with
demonstration data. It prints the address and the sign-in links last. Ctrl-C ends it.

  --listen ADDR   where to listen (default 127.0.0.1:8787)
  --port N        the same on another port of 127.0.0.1
  --dev           build the app unoptimised: quicker to build, slower to load
  --dry-run       say what would be installed and run, and stop

Data is kept in .countersign/; delete that folder to begin again. The sign-in links of the last start are in
.countersign/credentials.
";

const TEST_HELP: &str = "\
cargo xtask test [--full] [--skip-browser] [--dry-run] [FILTER]

Installs what is missing, then: formatting, clippy, the app's build and its size, and every test, those in a
real browser included. Counts of generated cases are reduced and seeded.

  --full           the full counts, as the figures in the README need them
  --skip-browser   no browser is installed or started; says what was left out
  --dry-run        say what would be installed, and stop
  FILTER           run only the tests whose name contains this; formatting, clippy and size are left out

COUNTERSIGN_REAL_DATA names a folder of real records. Without it the tests that need one say that they skipped.
";

const BENCH_HELP: &str = "\
cargo xtask bench [--quick] [--markdown] [--tasks LIST] [--engines LIST] [--rows N] [--repeats N] [--dist DIR]
                  [--dry-run]

Installs what is missing, the peers by npm among it, builds the app, and measures both on the same bytes: seven
repeats of 1,000,000 records in alternating order, each in a fresh headless browser. An engine's task whose counts,
histogram or heatmap are not what they have to be is void and left out, with the reason. Prints tables and writes
results.json and results.md into target/bench.

  --quick          three repeats of 100,000 records, some ten minutes
  --markdown       print the tables as Markdown
  --tasks LIST     some of load,brush,memory,scroll,size
  --engines LIST   some of stream,countersign,json-typed-arrays,json-whole-body,crossfilter2,duckdb-wasm,
                   arrow-typed-arrays,tanstack-virtual
  --rows N         another number of records
  --repeats N      another number of repeats
  --dist DIR       an app that is built already, instead of building it
  --dry-run        say what would be installed and measured, and stop

How each figure is taken stands in crates/xtask/bench/README.md.
";

const APP_HELP: &str = "\
cargo xtask app [--dev]

Installs what is missing, builds the browser app into dist/ and prints what its first load weighs.

  --dev   unoptimised: quicker to build; its weight means nothing and is not printed
";

const SETUP_HELP: &str = "\
cargo xtask setup [--tests] [--dry-run]

Installs what building and running need: the wasm32 target, trunk and wasm-bindgen. What is there already in
the right version is left alone; the rest goes into target/tools.

  --tests     also what the tests need: rustfmt, clippy, a browser with its driver, fonts, axe-core
  --dry-run   say what would be installed, and stop
";

fn main() -> ExitCode {
    match dispatch(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: Vec<String>) -> Result<()> {
    let Some((command, rest)) = args.split_first() else {
        print!("{HELP}");
        return Ok(());
    };
    // What follows `--` belongs to the endpoint, its own `--help` included.
    let wants_help = rest.iter().take_while(|a| *a != "--").any(|a| a == "--help" || a == "-h");
    let help = match command.as_str() {
        "start" => START_HELP,
        "test" => TEST_HELP,
        "bench" => BENCH_HELP,
        "app" => APP_HELP,
        "setup" => SETUP_HELP,
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            return Ok(());
        }
        other => bail!("there is no command {other:?}\n\n{HELP}"),
    };
    if wants_help {
        print!("{help}");
        return Ok(());
    }
    match command.as_str() {
        "start" => start::start(&start::Options::parse(rest)?),
        "test" => suite::test(&suite::Options::parse(rest)?),
        "bench" => bench::bench(&bench::Options::parse(rest)?),
        "app" => app::command(rest),
        _ => setup::command(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::dispatch;

    fn args(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn every_command_explains_itself() {
        for line in ["", "help", "--help", "start --help", "test -h", "bench --help", "app --help", "setup --help"] {
            assert!(dispatch(args(line)).is_ok(), "{line:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused_by_name() {
        for (line, part) in [
            ("serve", "serve"),
            ("bench --fast", "--fast"),
            ("test --fast", "--fast"),
            ("test one two", "two"),
            ("start --port", "--port"),
            ("start --port many", "many"),
            ("start --listen nowhere", "nowhere"),
            ("app --release", "--release"),
            ("setup everything", "everything"),
        ] {
            let error = dispatch(args(line)).expect_err(line).to_string();
            assert!(error.contains(part), "{line:?} answered {error:?}");
        }
    }
}
