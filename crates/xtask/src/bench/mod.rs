//! `cargo xtask bench`: the app beside its peers, on the same bytes, in one run, each sample in a fresh browser. Here is
//! the course of it; what is compared is in `options`, what has to come out in `oracle`, the peers' pages and the
//! browser's driver in `crates/xtask/bench`.

mod comparison;
mod driver;
mod inputs;
mod machine;
mod options;
mod oracle;
mod records;
mod results;
mod server;
mod spans;
mod tables;
#[cfg(test)]
mod trial;
mod words;

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::app::{self, Profile};
use crate::project::Project;
use crate::run::{Steps, span};
use crate::setup::{self, Need};

use comparison::Comparison;
use inputs::Inputs;
pub use options::Options;
use options::{Engine, SCROLLED};
use oracle::Oracle;
use results::Results;
use server::Server;
use tables::{Form, Setting, render};

/// Records a second that even the slowest engine loads on a slow machine, for the time after which it has failed; and
/// seconds that a large library may take before its first.
const SLOWEST: u32 = 8_000;
const TO_START: u32 = 40;

/// # Errors
/// When something that is needed can't be had, or an engine failed or answered wrongly: the others' results are printed
/// and written all the same.
pub fn bench(options: &Options) -> Result<()> {
    let project = Project::find()?;
    if options.dry_run {
        setup::print_plan(&project, Need::Browser)?;
        if !Inputs::find(&project.root, &project.target).is_ok_and(|inputs| inputs.has_peers()) {
            println!("would install the peers by npm into {}", project.target.join("bench").display());
        }
        for task in &options.tasks {
            let engines: Vec<&str> = options.order(*task, 0).iter().map(|engine| engine.name()).collect();
            println!("would measure {task}, {} times each: {}", options.repeats, engines.join(", "));
        }
        return Ok(());
    }
    let build_app = options.has(Engine::Countersign) && options.dist.is_none();
    let mut steps = Steps::new(4 + usize::from(build_app));
    let (tools, browser) = steps.step("tools", || setup::prepare(&project, Need::Browser))?;
    let browser = browser.context("the browser was installed and is not there")?;
    let inputs = steps.step("peers", || {
        let inputs = Inputs::find(&project.root, &project.target)?;
        inputs.peers()?;
        Ok(inputs)
    })?;
    if build_app {
        steps.step("building the app", || app::build(&project, &tools, Profile::App))?;
    }
    let dist = options.dist.clone().unwrap_or_else(|| project.root.join("dist"));
    let (server, oracle, bytes) = steps.step("records", || prepare(options, &inputs, &dist))?;
    let mut comparison = Comparison {
        inputs,
        dist,
        chromium: browser.chromium,
        server,
        oracle,
        limit: (TO_START + options.rows.max(SCROLLED) / SLOWEST).into(),
        driver: None,
        results: Results::default(),
    };
    steps.step("measuring", || {
        comparison.run(options);
        Ok(())
    })?;

    let Comparison { inputs, results, .. } = comparison;
    let rows = results.rows(options.rows);
    let setting = Setting {
        date: machine::date(),
        machine: machine::describe(results.browser.as_deref()),
        rows: options.rows,
        bytes,
        repeats: options.repeats,
    };
    let write = |name: &str, text: &str| {
        let path = inputs.folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("{} can't be written", path.display())).map(|()| path)
    };
    let json = write("results.json", &results::to_json(&rows))?;
    write("results.md", &render(&setting, &rows, Form::Markdown))?;
    let form = if options.markdown { Form::Markdown } else { Form::Terminal };
    println!("\n{}", render(&setting, &rows, form));
    println!("Time: {}. Written to {}", span(steps.elapsed()), json.display());
    let problems = results.problems();
    if !problems.is_empty() {
        bail!("{} of the measurements can't be used:\n  {}", problems.len(), problems.join("\n  "));
    }
    Ok(())
}

/// The files, the server that has them, what is to come out, and the bytes of the NDJSON.
fn prepare(options: &Options, inputs: &Inputs, dist: &Path) -> Result<(Server, Oracle, u64)> {
    let measured = inputs.records(options.rows)?;
    let scrolled = inputs.records(SCROLLED)?;
    let mut mounts = vec![
        ("/app/records.ndjson", measured.clone()),
        ("/app/scrolled.ndjson", scrolled.clone()),
        ("/app/", dist.to_path_buf()),
        ("/data/records.ndjson", measured.clone()),
        ("/data/scrolled.ndjson", scrolled.clone()),
        ("/pages/", inputs.pages()),
        ("/node/", inputs.modules()),
    ];
    if options.has(Engine::ArrowTypedArrays) {
        mounts.push(("/data/records.arrow", inputs.arrow(&measured)?));
        mounts.push(("/data/scrolled.arrow", inputs.arrow(&scrolled)?));
    }
    let bytes = std::fs::metadata(&measured).context("the records' size")?.len();
    Ok((Server::start(mounts)?, Oracle::new(options.rows), bytes))
}
