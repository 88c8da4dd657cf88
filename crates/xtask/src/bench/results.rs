//! What the samples amount to: one row an engine, task and metric, with median and range, or the reason why there is
//! none. A wrong answer voids an engine's task, however fast it was. How rows are shown is in `tables`.

use std::collections::BTreeMap;

use super::options::{Engine, SCROLLED, Task};
use super::oracle::{Expected, Oracle};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    Time,
    First,
    P50,
    P95,
    LongestTask,
    LongestFrame,
    Peak,
    Brotli,
    BrotliAll,
}

impl Metric {
    pub const ALL: [Metric; 9] = [
        Metric::Time,
        Metric::First,
        Metric::P50,
        Metric::P95,
        Metric::LongestTask,
        Metric::LongestFrame,
        Metric::Peak,
        Metric::Brotli,
        Metric::BrotliAll,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Metric::Time => "time",
            Metric::First => "first",
            Metric::P50 => "p50",
            Metric::P95 => "p95",
            Metric::LongestTask => "longest_task",
            Metric::LongestFrame => "longest_frame",
            Metric::Peak => "peak",
            Metric::Brotli => "brotli",
            Metric::BrotliAll => "brotli_all",
        }
    }

    pub const fn unit(self) -> &'static str {
        match self {
            Metric::Time | Metric::First | Metric::P50 | Metric::P95 | Metric::LongestTask | Metric::LongestFrame => {
                "ms"
            }
            Metric::Peak | Metric::Brotli | Metric::BrotliAll => "bytes",
        }
    }
}

/// What the driver said of one run of one page.
#[derive(Debug, Default)]
pub struct Sample {
    pub values: Vec<(Metric, f64)>,
    /// Of everything first, then of each span.
    pub answers: Vec<Expected>,
    pub browser: Option<String>,
    pub failure: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub task: Task,
    pub engine: Engine,
    /// Records; `None` where it does not depend on them.
    pub rows: Option<u32>,
    pub metric: Metric,
    pub median: f64,
    pub min: f64,
    pub max: f64,
    /// Samples.
    pub n: usize,
    /// Of the answers; `None` where nothing is counted.
    pub hash: Option<String>,
}

/// Gathers samples.
#[derive(Debug, Default)]
pub struct Results {
    values: BTreeMap<(Task, Engine, Metric), Vec<f64>>,
    hashes: BTreeMap<(Task, Engine), String>,
    void: BTreeMap<(Task, Engine), String>,
    failures: BTreeMap<(Task, Engine), Vec<String>>,
    pub browser: Option<String>,
}

/// An engine that failed as often at a task is not asked to try again: a run is to end in time.
const PATIENCE: usize = 2;

impl Results {
    /// `which` says which sample it was, as in `repeat 2 of 3`.
    pub fn add(&mut self, task: Task, engine: Engine, which: &str, oracle: &Oracle, sample: Sample) {
        let key = (task, engine);
        if let Some(browser) = sample.browser {
            self.browser = Some(browser);
        }
        if let Some(failure) = sample.failure {
            self.fail(task, engine, format!("{which}: {failure}"));
            return;
        }
        match check(task, engine, oracle, &sample.answers) {
            Ok(hash) => {
                if let Some(hash) = hash {
                    self.hashes.insert(key, hash);
                }
                for (metric, value) in sample.values {
                    self.values.entry((task, engine, metric)).or_default().push(value);
                }
            }
            Err(difference) => {
                self.void.entry(key).or_insert_with(|| format!("{which}: {difference}"));
            }
        }
    }

    pub fn fail(&mut self, task: Task, engine: Engine, reason: String) {
        self.failures.entry((task, engine)).or_default().push(reason);
    }

    /// Whether another sample would be a waste of time.
    pub fn is_settled(&self, task: Task, engine: Engine) -> bool {
        let key = (task, engine);
        self.void.contains_key(&key) || self.failures.get(&key).is_some_and(|failures| failures.len() >= PATIENCE)
    }

    /// In the order of tasks, engines and metrics, without what is void.
    pub fn rows(&self, records: u32) -> Vec<Row> {
        let valid = self.values.iter().filter(|((task, engine, _), _)| !self.void.contains_key(&(*task, *engine)));
        valid
            .map(|(&(task, engine, metric), values)| {
                let mut values = values.clone();
                values.sort_by(f64::total_cmp);
                Row {
                    task,
                    engine,
                    rows: match task {
                        Task::Size => None,
                        Task::Scroll => Some(SCROLLED),
                        Task::Load | Task::Brush | Task::Memory => Some(records),
                    },
                    metric,
                    median: median(&values),
                    min: values[0],
                    max: values[values.len() - 1],
                    n: values.len(),
                    hash: self.hashes.get(&(task, engine)).cloned(),
                }
            })
            .collect()
    }

    /// What is void and what failed, each with its reason.
    pub fn problems(&self) -> Vec<String> {
        let void = self
            .void
            .iter()
            .map(|((task, engine), reason)| format!("{task} of {engine} is void and left out; {reason}"));
        let failed = self.failures.iter().flat_map(|((task, engine), reasons)| {
            reasons.iter().map(move |reason| format!("{task} of {engine} failed; {reason}"))
        });
        void.chain(failed).collect()
    }
}

/// The hash of right answers, or where they differ.
fn check(task: Task, engine: Engine, oracle: &Oracle, answers: &[Expected]) -> Result<Option<String>, String> {
    let none = Vec::new();
    let (whole, brushed) = match (task, engine) {
        (_, Engine::Stream | Engine::TanstackVirtual) | (Task::Scroll | Task::Size, _) => (None, &none),
        (Task::Load, _) => (Some(&oracle.whole), &none),
        (Task::Brush | Task::Memory, _) => (Some(&oracle.whole), &oracle.brushed),
    };
    let expected: Vec<&Expected> = whole.into_iter().chain(brushed).collect();
    if answers.len() != expected.len() {
        return Err(format!("{} answers instead of {}", answers.len(), expected.len()));
    }
    let name = |at: usize| if at == 0 { "everything".to_owned() } else { format!("span {at}") };
    let differs = |(at, (is, should)): (usize, (&Expected, &&Expected))| {
        (is != *should).then(|| {
            let (rows, hash) = (is.rows, &is.hash);
            format!(
                "{}: {rows} records, hash {hash}; {} records, hash {} are right",
                name(at),
                should.rows,
                should.hash
            )
        })
    };
    match answers.iter().zip(&expected).enumerate().find_map(differs) {
        Some(difference) => Err(difference),
        None if brushed.is_empty() => Ok(whole.map(|whole| whole.hash.clone())),
        None => Ok(Some(Oracle::brushed_hash(brushed))),
    }
}

/// The middle of what is in order, or the mean of the two.
fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { (sorted[half - 1] + sorted[half]) / 2.0 }
}

/// An array with one object a row.
pub fn to_json(rows: &[Row]) -> String {
    let objects: Vec<String> = rows
        .iter()
        .map(|row| {
            let text = |value: &Option<String>| value.as_ref().map_or("null".to_owned(), |value| format!("\"{value}\""));
            format!(
                r#"{{"task":"{}","engine":"{}","rows":{},"metric":"{}","unit":"{}","median":{},"min":{},"max":{},"n":{},"hash":{}}}"#,
                row.task,
                row.engine,
                row.rows.map_or("null".to_owned(), |rows| rows.to_string()),
                row.metric.name(),
                row.metric.unit(),
                rounded(row.median),
                rounded(row.min),
                rounded(row.max),
                row.n,
                text(&row.hash),
            )
        })
        .collect();
    format!("[\n{}\n]\n", objects.join(",\n"))
}

/// To the thousandth, which no clock here is finer than.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(rows: u64) -> Expected {
        Expected { rows, hash: format!("{rows:016x}") }
    }

    fn oracle() -> Oracle {
        Oracle { whole: expected(9), spans: Vec::new(), brushed: vec![expected(1), expected(2)] }
    }

    fn sample(values: &[(Metric, f64)], answers: &[u64]) -> Sample {
        let answers = answers.iter().map(|rows| expected(*rows)).collect();
        Sample { values: values.to_vec(), answers, ..Sample::default() }
    }

    #[test]
    fn samples_become_median_and_range() {
        let (mut results, oracle) = (Results::default(), oracle());
        for time in [3.0, 1.0004, 7.0] {
            let sample = sample(&[(Metric::Time, time), (Metric::LongestTask, 0.0)], &[9]);
            results.add(Task::Load, Engine::JsonTypedArrays, "repeat", &oracle, sample);
        }
        for time in [2.0, 1.0] {
            results.add(Task::Load, Engine::Stream, "repeat", &oracle, sample(&[(Metric::Time, time)], &[]));
        }
        let rows = results.rows(1_000);
        assert_eq!(rows.len(), 3);
        assert_eq!((rows[0].engine, rows[0].median, rows[0].n), (Engine::Stream, 1.5, 2));
        assert_eq!((rows[1].median, rows[1].min, rows[1].max, rows[1].n), (3.0, 1.0004, 7.0, 3));
        let json: serde_json::Value = serde_json::from_str(&to_json(&rows)).expect("JSON");
        assert_eq!(
            json[1],
            serde_json::json!({"task": "load", "engine": "json-typed-arrays", "rows": 1000, "metric": "time",
                "unit": "ms", "median": 3, "min": 1, "max": 7, "n": 3, "hash": "0000000000000009"})
        );
        assert_eq!(json[0]["hash"], serde_json::Value::Null);
        assert!(results.problems().is_empty());
    }

    #[test]
    fn one_wrong_answer_voids_the_engines_task_and_nothing_else() {
        for (answers, part) in [
            (&[9, 1, 3][..], "span 2: 3 records"),
            (&[8, 1, 2][..], "everything: 8 records"),
            (&[9, 1][..], "2 answers instead of 3"),
        ] {
            let (mut results, oracle) = (Results::default(), oracle());
            let values = [(Metric::P50, 1.0)];
            results.add(Task::Brush, Engine::Crossfilter2, "repeat 1 of 3", &oracle, sample(&values, &[9, 1, 2]));
            assert!(!results.is_settled(Task::Brush, Engine::Crossfilter2));
            results.add(Task::Brush, Engine::Crossfilter2, "repeat 2 of 3", &oracle, sample(&values, answers));
            results.add(Task::Brush, Engine::DuckdbWasm, "repeat 2 of 3", &oracle, sample(&values, &[9, 1, 2]));
            assert!(results.is_settled(Task::Brush, Engine::Crossfilter2));
            let rows = results.rows(1_000);
            assert_eq!(rows.iter().map(|row| row.engine).collect::<Vec<_>>(), [Engine::DuckdbWasm]);
            assert_eq!(rows[0].hash, Some(Oracle::brushed_hash(&oracle.brushed)));
            let problems = results.problems().concat();
            assert!(problems.contains("brush of crossfilter2 is void"), "{problems}");
            assert!(problems.contains("repeat 2 of 3") && problems.contains(part), "{problems}");
        }
    }

    #[test]
    fn failures_leave_other_samples_standing_and_two_are_enough() {
        let (mut results, oracle) = (Results::default(), oracle());
        let failed = || Sample { failure: Some("timed out".to_owned()), ..Sample::default() };
        results.add(Task::Scroll, Engine::Countersign, "repeat 1 of 3", &oracle, failed());
        assert!(!results.is_settled(Task::Scroll, Engine::Countersign));
        results.add(Task::Scroll, Engine::Countersign, "repeat 2 of 3", &oracle, sample(&[(Metric::P50, 16.7)], &[]));
        results.add(Task::Scroll, Engine::Countersign, "repeat 3 of 3", &oracle, failed());
        assert!(results.is_settled(Task::Scroll, Engine::Countersign));
        assert_eq!(results.rows(1_000)[0].rows, Some(SCROLLED));
        assert_eq!(results.problems().len(), 2);
        assert!(results.problems()[0].contains("scroll of countersign failed; repeat 1 of 3: timed out"));
    }
}
