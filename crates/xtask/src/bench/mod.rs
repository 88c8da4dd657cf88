//! `cargo xtask bench`: the app beside its peers, on the same bytes, in one run, each sample in a fresh browser. Here is
//! the course of it; what is compared is in `options`, what has to come out in `oracle`, the peers' pages and the
//! browser's driver in `crates/xtask/bench`.

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
mod words;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::app::{self, Profile};
use crate::project::Project;
use crate::run::{Steps, span};
use crate::setup::{self, Need};
use crate::weight;

use driver::{Driver, Request};
use inputs::Inputs;
pub use options::Options;
use options::{Engine, SCROLLED, Task};
use oracle::Oracle;
use results::{Metric, Results, Sample};
use server::Server;
use tables::{Form, Setting, render};

/// Records a second that even the slowest engine loads, for the time after which it has failed; and what a browser with
/// a large library may take before the first.
const SLOWEST: u64 = 8_000;
const TO_START: u64 = 40;

/// # Errors
/// When something that is needed can't be had, or an engine failed or answered wrongly: the others' results are printed
/// and written all the same.
pub fn bench(options: &Options) -> Result<()> {
    let project = Project::find()?;
    if options.dry_run {
        setup::print_plan(&project, Need::Browser)?;
        println!("would install the peers by npm into {}", project.target.join("bench").display());
        for task in &options.tasks {
            let engines: Vec<&str> = options.order(*task, 0).iter().map(|engine| engine.name()).collect();
            println!("would measure {task}, {} times each: {}", options.repeats, engines.join(", "));
        }
        return Ok(());
    }
    let with_app = options.has(Engine::Countersign);
    let mut steps = Steps::new(4 + usize::from(with_app));
    let (tools, browser) = steps.step("tools", || setup::prepare(&project, Need::Browser))?;
    let browser = browser.context("the browser was installed and is not there")?;
    let inputs = steps.step("peers", || {
        let inputs = Inputs::find(&project.root, &project.target)?;
        inputs.peers()?;
        Ok(inputs)
    })?;
    if with_app {
        steps.step("building the app", || app::build(&project, &tools, Profile::App))?;
    }
    let dist = project.root.join("dist");
    let (server, oracle, bytes) = steps.step("records", || prepare(options, &inputs, &dist))?;
    let mut comparison = Comparison {
        inputs,
        dist,
        chromium: browser.chromium,
        server,
        oracle,
        driver: None,
        results: Results::default(),
    };
    steps.step("measuring", || comparison.run(options))?;

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

struct Comparison {
    inputs: Inputs,
    dist: PathBuf,
    chromium: PathBuf,
    server: Server,
    oracle: Oracle,
    driver: Option<Driver>,
    results: Results,
}

impl Comparison {
    /// Every sample of every task, repeat after repeat.
    fn run(&mut self, options: &Options) -> Result<()> {
        let seconds = TO_START + u64::from(options.rows) / SLOWEST;
        let spans = spans::to_json(&self.oracle.spans);
        for &task in options.tasks.iter().filter(|task| **task != Task::Size) {
            for repeat in 0..options.repeats {
                for engine in options.order(task, repeat) {
                    if self.results.is_settled(task, engine) {
                        continue;
                    }
                    let which = format!("repeat {} of {}", repeat + 1, options.repeats);
                    let sample = self.sample(task, engine, seconds, &spans);
                    println!("  {task} {engine}, {which}: {}", said(&sample));
                    self.results.add(task, engine, &which, &self.oracle, sample);
                }
            }
        }
        if options.tasks.contains(&Task::Size) {
            for engine in options.order(Task::Size, 0) {
                match self.size(engine, seconds) {
                    Ok(sample) => {
                        println!("  {} {engine}: {}", Task::Size, said(&sample));
                        self.results.add(Task::Size, engine, "once", &self.oracle, sample);
                    }
                    Err(error) => self.results.fail(Task::Size, engine, format!("{error:#}")),
                }
            }
        }
        Ok(())
    }

    /// A driver that is gone fails the sample; the next one has a new one.
    fn sample(&mut self, task: Task, engine: Engine, limit: u64, spans: &str) -> Sample {
        let request = Request {
            task,
            url: self.server.url(&path(task, engine)),
            blank: self.server.url("/pages/blank.html"),
            spans,
            limit,
            answers: !matches!(engine, Engine::Stream | Engine::TanstackVirtual),
        };
        let driver = match self.driver.take() {
            Some(driver) => Ok(driver),
            None => Driver::start(
                &self.inputs.node,
                &self.inputs.source.join("driver/main.mjs"),
                &self.inputs.modules(),
                &self.chromium,
            ),
        };
        let taken = driver.and_then(|mut driver| Ok((driver.sample(&request)?, driver)));
        match taken {
            Ok((sample, driver)) => {
                self.driver = Some(driver);
                sample
            }
            Err(error) => Sample { failure: Some(format!("{error:#}")), ..Sample::default() },
        }
    }

    /// What a page fetches to load, its records apart. Of the app the first load is what its queue needs, as
    /// `cargo xtask app` prints it, and all parts are everything that it may come to fetch.
    fn size(&mut self, engine: Engine, limit: u64) -> Result<Sample> {
        let mut values = Vec::new();
        let mut sample = Sample::default();
        if engine == Engine::Countersign {
            values.push((Metric::Brotli, weight::measure(&self.dist)?.total() as f64));
            let mut all = 0;
            for file in weight::everything(&self.dist)? {
                all += self.inputs.brotli(&file)?;
            }
            values.push((Metric::BrotliAll, all as f64));
        } else {
            self.server.take_asked();
            sample = self.sample(Task::Size, engine, limit, "[]");
            let mut all = 0;
            for path in self.server.take_asked().iter().filter(|path| !path.starts_with("/data/")) {
                let file = self.server.file(path).with_context(|| format!("{path} is no file"))?;
                all += self.inputs.brotli(&file)?;
            }
            values.push((Metric::Brotli, all as f64));
        }
        Ok(Sample { values, answers: Vec::new(), ..sample })
    }
}

/// The page that an engine's task is done on.
fn path(task: Task, engine: Engine) -> String {
    let source = if matches!(task, Task::Scroll | Task::Size) { "scrolled" } else { "records" };
    match (engine, task) {
        (Engine::Countersign, Task::Scroll) => format!("/app/?source={source}.ndjson&measure=yes#/records"),
        (Engine::Countersign, _) => format!("/app/?source={source}.ndjson&measure=yes#/overview"),
        (Engine::ArrowTypedArrays, _) => format!("/pages/peer.html?engine={engine}&source=/data/{source}.arrow"),
        (Engine::TanstackVirtual, _) => format!("/pages/peer.html?engine={engine}&source=/data/scrolled.ndjson"),
        _ => format!("/pages/peer.html?engine={engine}&source=/data/{source}.ndjson"),
    }
}

/// A sample in a line.
fn said(sample: &Sample) -> String {
    if let Some(failure) = &sample.failure {
        return format!("failed: {failure}");
    }
    let values: Vec<String> = sample
        .values
        .iter()
        .map(|(metric, value)| match metric.unit() {
            "bytes" => format!("{} {:.2} MB", metric.name(), value / 1e6),
            unit => format!("{} {value:.1} {unit}", metric.name()),
        })
        .collect();
    values.join(", ")
}
