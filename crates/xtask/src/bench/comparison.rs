//! Carrying the comparison out: every sample of every task, one after the other, in an order of its own each repeat. One
//! that fails is told and leaves the others standing. What a sample amounts to is in `results`.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::driver::{Driver, Request};
use super::inputs::Inputs;
use super::options::{Engine, Options, Task};
use super::oracle::Oracle;
use super::results::{Metric, Results, Sample};
use super::server::Server;
use super::spans;
use crate::weight;

pub struct Comparison {
    pub inputs: Inputs,
    pub dist: PathBuf,
    pub chromium: PathBuf,
    pub server: Server,
    pub oracle: Oracle,
    /// Seconds to loading, after which a sample has failed.
    pub limit: u64,
    /// Started with the first sample.
    pub driver: Option<Driver>,
    pub results: Results,
}

impl Comparison {
    /// Every sample of every task, repeat after repeat.
    pub fn run(&mut self, options: &Options) {
        let spans = spans::to_json(&self.oracle.spans);
        for &task in options.tasks.iter().filter(|task| **task != Task::Size) {
            for repeat in 0..options.repeats {
                for engine in options.order(task, repeat) {
                    if self.results.is_settled(task, engine) {
                        continue;
                    }
                    let which = format!("repeat {} of {}", repeat + 1, options.repeats);
                    let sample = self.sample(task, engine, &spans);
                    println!("  {task} {engine}, {which}: {}", said(&sample));
                    self.results.add(task, engine, &which, &self.oracle, sample);
                }
            }
        }
        if options.tasks.contains(&Task::Size) {
            for engine in options.order(Task::Size, 0) {
                match self.size(engine) {
                    Ok(sample) => {
                        println!("  {} {engine}: {}", Task::Size, said(&sample));
                        self.results.add(Task::Size, engine, "once", &self.oracle, sample);
                    }
                    Err(error) => self.results.fail(Task::Size, engine, format!("{error:#}")),
                }
            }
        }
    }

    /// A driver that is gone fails the sample; the next one has a new one.
    fn sample(&mut self, task: Task, engine: Engine, spans: &str) -> Sample {
        let request = Request {
            task,
            url: self.server.url(&path(task, engine)),
            blank: self.server.url("/pages/blank.html"),
            spans,
            limit: self.limit,
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
    fn size(&mut self, engine: Engine) -> Result<Sample> {
        let mut values = Vec::new();
        let mut sample = Sample::default();
        if engine == Engine::Countersign {
            values.push((Metric::Brotli, weight::measure(&self.dist)?.total() as f64));
            values.push((Metric::BrotliAll, weight::all_parts(&self.dist)? as f64));
        } else {
            self.server.take_asked();
            sample = self.sample(Task::Size, engine, "[]");
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
            "bytes" => format!("{} {:.3} MB", metric.name(), value / 1e6),
            unit => format!("{} {value:.1} {unit}", metric.name()),
        })
        .collect();
    values.join(", ")
}
