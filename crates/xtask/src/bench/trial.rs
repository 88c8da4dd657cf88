//! The whole comparison at a small size, in a real browser: right and wrong answers, failures that are told, a table
//! that stands still. The app is a stand-in, `crates/xtask/bench/stand-in`. Needs the peers that `cargo xtask bench`
//! installs, and a browser; says that it was skipped without them.

use std::sync::{Mutex, PoisonError};

use super::comparison::Comparison;
use super::inputs::Inputs;
use super::options::{Engine, Options, Task};
use super::prepare;
use super::results::{Metric, Results};
use crate::project::Project;

/// Few, so that a sample takes seconds.
const ROWS: &str = "2000";

/// Two comparisons at once would take each other's time, and write the same files.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A comparison of one repeat with a stand-in of this fault, or `None` with the reason said.
fn trial(fault: &str, tasks: &str, engines: &str, limit: u64) -> Option<Results> {
    let Some(chromium) = std::env::var_os("COUNTERSIGN_CHROMIUM") else {
        eprintln!("skipped: COUNTERSIGN_CHROMIUM names no browser");
        return None;
    };
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let project = Project::find().expect("the project");
    let inputs = match Inputs::find(&project.root, &project.target) {
        Ok(inputs) if inputs.has_peers() => inputs,
        _ => {
            eprintln!("skipped: the peers are not installed; `cargo xtask bench` installs them");
            return None;
        }
    };
    inputs.peers().expect("the peers' pages");
    // A folder of its own: tests run beside each other.
    let dist = std::env::temp_dir().join(format!("xtask-trial-{}-{fault}-{tasks}", std::process::id()));
    std::fs::create_dir_all(&dist).expect("a folder");
    let page = std::fs::read_to_string(inputs.source.join("stand-in/index.html")).expect("the stand-in's page");
    let named = page.replace("data-fault=\"none\"", &format!("data-fault=\"{fault}\""));
    std::fs::write(dist.join("index.html"), named).expect("written");
    std::fs::copy(inputs.source.join("stand-in/stand-in.mjs"), dist.join("stand-in.mjs")).expect("copied");
    for name in ["by-hand.mjs", "hash.mjs", "lines.mjs", "views.mjs"] {
        std::fs::copy(inputs.source.join("pages").join(name), dist.join(name)).expect("copied");
    }
    let args = ["--rows", ROWS, "--repeats", "1", "--tasks", tasks, "--engines", engines].map(str::to_owned);
    let options = Options::parse(&args).expect("valid");
    let (server, oracle, _) = prepare(&options, &inputs, &dist).expect("the records");
    let results = Results::default();
    let mut comparison = Comparison {
        inputs,
        dist: dist.clone(),
        chromium: chromium.into(),
        server,
        oracle,
        limit,
        driver: None,
        results,
    };
    comparison.run(&options);
    std::fs::remove_dir_all(&dist).expect("removed");
    Some(comparison.results)
}

/// What was measured, as `task engine metric`.
fn measured(results: &Results) -> Vec<String> {
    let rows = results.rows(2_000);
    rows.iter().map(|row| format!("{} {} {}", row.task, row.engine, row.metric.name())).collect()
}

#[test]
fn engines_that_answer_rightly_are_measured() {
    let Some(results) = trial("none", "load,brush,memory,scroll", "stream,countersign,json-typed-arrays", 40) else {
        return;
    };
    assert_eq!(results.problems(), Vec::<String>::new());
    let expected = [
        "load stream time",
        "load stream longest_task",
        "load stream longest_frame",
        "load countersign time",
        "load countersign longest_task",
        "load countersign longest_frame",
        "load json-typed-arrays time",
        "load json-typed-arrays longest_task",
        "load json-typed-arrays longest_frame",
        "brush countersign first",
        "brush countersign p50",
        "brush countersign p95",
        "brush json-typed-arrays first",
        "brush json-typed-arrays p50",
        "brush json-typed-arrays p95",
        "memory countersign peak",
        "memory json-typed-arrays peak",
        "scroll countersign p50",
        "scroll countersign p95",
    ];
    assert_eq!(measured(&results), expected);
    let rows = results.rows(2_000);
    let value = |task, engine, metric| {
        rows.iter().find(|row| (row.task, row.engine, row.metric) == (task, engine, metric)).expect("measured").median
    };
    let load = value(Task::Load, Engine::Countersign, Metric::Time);
    assert!((10.0..40_000.0).contains(&load), "{load} ms");
    let peak = value(Task::Memory, Engine::Countersign, Metric::Peak);
    assert!((1e5..1e9).contains(&peak), "{peak} bytes");
    let [p50, p95] = [Metric::P50, Metric::P95].map(|metric| value(Task::Scroll, Engine::Countersign, metric));
    assert!(p50 > 10.0 && p50 <= p95, "{p50} and {p95} ms");
    let hashes: Vec<_> = rows.iter().filter(|row| row.task == Task::Brush).map(|row| &row.hash).collect();
    assert!(hashes[0].is_some() && hashes.windows(2).all(|two| two[0] == two[1]), "{hashes:?}");
}

#[test]
fn what_goes_wrong_is_told_and_leaves_the_others_standing() {
    for (fault, tasks, limit, parts) in [
        ("hash", "brush", 40, &["brush of countersign is void", "span 3", "ffffffffffffffff"][..]),
        ("silent", "load", 5, &["load of countersign failed", "repeat 1 of 1", "longer than 5 s"]),
        ("throws", "load", 40, &["load of countersign failed", "a fault of the stand-in's own"]),
        ("blank", "scroll", 40, &["scroll of countersign failed", "rows cover 0 % of the table"]),
    ] {
        let Some(results) = trial(fault, tasks, "countersign,json-typed-arrays", limit) else { return };
        let problems = results.problems();
        assert_eq!(problems.len(), 1, "{fault}: {problems:?}");
        for part in parts {
            assert!(problems[0].contains(part), "{fault}: {part:?} is not in {problems:?}");
        }
        let others = measured(&results);
        assert!(others.iter().all(|row| row.contains("json-typed-arrays")), "{fault}: {others:?}");
        assert_eq!(others.is_empty(), tasks == "scroll", "{fault}: {others:?}");
    }
}
