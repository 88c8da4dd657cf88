//! What is compared: the tasks, the engines and which does which, how often and in which order, and the command line
//! that chooses among them. Carrying it out is in `driver`.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// Records of the scrolled table, whatever the others are measured on.
pub const SCROLLED: u32 = 100_000;
/// Ten times the comparison: what only some of the engines can hold is still worth a measurement.
const MOST: u32 = 10_000_000;
const FEWEST: u32 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// From the navigation to everything painted.
    Load,
    /// Spans of time, one after the other.
    Brush,
    /// The page's process while it loads and brushes.
    Memory,
    /// The table of records under the wheel.
    Scroll,
    /// What has to be fetched.
    Size,
}

impl Task {
    pub const ALL: [Task; 5] = [Task::Load, Task::Brush, Task::Memory, Task::Scroll, Task::Size];

    pub const fn name(self) -> &'static str {
        match self {
            Task::Load => "load",
            Task::Brush => "brush",
            Task::Memory => "memory",
            Task::Scroll => "scroll",
            Task::Size => "size",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    Stream,
    Countersign,
    JsonTypedArrays,
    JsonWholeBody,
    Crossfilter2,
    DuckdbWasm,
    ArrowTypedArrays,
    TanstackVirtual,
}

impl Engine {
    pub const ALL: [Engine; 8] = [
        Engine::Stream,
        Engine::Countersign,
        Engine::JsonTypedArrays,
        Engine::JsonWholeBody,
        Engine::Crossfilter2,
        Engine::DuckdbWasm,
        Engine::ArrowTypedArrays,
        Engine::TanstackVirtual,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Engine::Stream => "stream",
            Engine::Countersign => "countersign",
            Engine::JsonTypedArrays => "json-typed-arrays",
            Engine::JsonWholeBody => "json-whole-body",
            Engine::Crossfilter2 => "crossfilter2",
            Engine::DuckdbWasm => "duckdb-wasm",
            Engine::ArrowTypedArrays => "arrow-typed-arrays",
            Engine::TanstackVirtual => "tanstack-virtual",
        }
    }

    /// Whether it reads the same bytes as the others, rather than a format of its own.
    pub const fn same_bytes(self) -> bool {
        !matches!(self, Engine::ArrowTypedArrays)
    }

    pub const fn does(self, task: Task) -> bool {
        match self {
            Engine::Countersign => true,
            Engine::Stream | Engine::JsonWholeBody => matches!(task, Task::Load),
            Engine::TanstackVirtual => matches!(task, Task::Scroll | Task::Size),
            _ => !matches!(task, Task::Scroll),
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    pub rows: u32,
    pub repeats: u32,
    pub tasks: Vec<Task>,
    pub engines: Vec<Engine>,
    /// The app as it was built before, in this folder; `None` has it built.
    pub dist: Option<PathBuf>,
    /// The tables as Markdown.
    pub markdown: bool,
    pub dry_run: bool,
}

impl Options {
    /// # Errors
    /// An option, a task or an engine that is not known, or a number that can't be taken.
    pub fn parse(args: &[String]) -> Result<Options> {
        let quick = args.iter().any(|arg| arg == "--quick");
        let mut options = Options {
            rows: if quick { 100_000 } else { 1_000_000 },
            repeats: if quick { 3 } else { 7 },
            tasks: Task::ALL.to_vec(),
            engines: Engine::ALL.to_vec(),
            dist: None,
            markdown: false,
            dry_run: false,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
            match arg.as_str() {
                "--quick" => {}
                "--markdown" => options.markdown = true,
                "--dry-run" => options.dry_run = true,
                "--dist" => options.dist = Some(value()?.into()),
                "--rows" => options.rows = number(arg, value()?, FEWEST..=MOST)?,
                "--repeats" => options.repeats = number(arg, value()?, 1..=99)?,
                "--tasks" => options.tasks = named(arg, value()?, &Task::ALL, Task::name)?,
                "--engines" => options.engines = named(arg, value()?, &Engine::ALL, Engine::name)?,
                other => bail!("bench does not know {other:?}; see `cargo xtask bench --help`"),
            }
        }
        if !options.tasks.iter().any(|task| options.engines.iter().any(|engine| engine.does(*task))) {
            bail!("none of these engines does any of these tasks");
        }
        Ok(options)
    }

    /// The engines that do a task, in the order of a repeat, counted from 0: forth, and back in the next, each time
    /// beginning with another, so that none always runs on what the same one left warm.
    pub fn order(&self, task: Task, repeat: u32) -> Vec<Engine> {
        let mut engines: Vec<Engine> = self.engines.iter().copied().filter(|engine| engine.does(task)).collect();
        if !engines.is_empty() {
            let first = repeat as usize / 2 % engines.len();
            engines.rotate_left(first);
        }
        if repeat % 2 == 1 {
            engines.reverse();
        }
        engines
    }

    pub fn has(&self, engine: Engine) -> bool {
        self.engines.contains(&engine) && self.tasks.iter().any(|task| engine.does(*task))
    }
}

fn number(option: &str, value: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32> {
    let number = value.replace('_', "").parse().ok().filter(|number| range.contains(number));
    number.with_context(|| format!("{option} {value}: not a number from {} to {}", range.start(), range.end()))
}

/// The chosen of all, in the order of all.
fn named<T: Copy>(option: &str, value: &str, all: &[T], name: fn(T) -> &'static str) -> Result<Vec<T>> {
    let words: Vec<&str> = value.split(',').collect();
    if let Some(word) = words.iter().find(|word| !all.iter().any(|known| name(*known) == **word)) {
        let known: Vec<&str> = all.iter().map(|known| name(*known)).collect();
        bail!("{option} {word}: not among {}", known.join(", "));
    }
    Ok(all.iter().copied().filter(|known| words.contains(&name(*known))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read() {
        let whole = parse("").expect("valid");
        assert_eq!((whole.rows, whole.repeats, whole.tasks.len(), whole.engines.len()), (1_000_000, 7, 5, 8));
        let quick = parse("--repeats 1 --quick --engines crossfilter2,stream --tasks brush,load").expect("valid");
        assert_eq!((quick.rows, quick.repeats), (100_000, 1));
        assert_eq!(quick.engines, [Engine::Stream, Engine::Crossfilter2]);
        assert_eq!(quick.tasks, [Task::Load, Task::Brush]);
        assert!(parse("--rows 20_000 --markdown").expect("valid").markdown);
        assert_eq!(parse("--dist built").expect("valid").dist, Some(PathBuf::from("built")));
        for (bad, part) in [
            ("--fast", "--fast"),
            ("--rows", "--rows"),
            ("--dist", "--dist"),
            ("--rows 10", "1000 to 10000000"),
            ("--rows many", "many"),
            ("--repeats 0", "0"),
            ("--tasks load,paint", "paint"),
            ("--engines arquero", "arquero"),
            ("--engines stream --tasks scroll", "none of these"),
        ] {
            let error = parse(bad).expect_err(bad).to_string();
            assert!(error.contains(part), "{bad}: {error}");
        }
    }

    #[test]
    fn each_repeat_has_another_order() {
        let options = parse("--engines stream,json-typed-arrays,crossfilter2").expect("valid");
        let names = |repeat| -> Vec<&str> {
            options.order(Task::Load, repeat).into_iter().map(|engine| &engine.name()[..1]).collect()
        };
        let orders: Vec<String> = (0..4).map(|repeat| names(repeat).concat()).collect();
        assert_eq!(orders, ["sjc", "cjs", "jcs", "scj"]);
        assert_eq!(options.order(Task::Brush, 0), [Engine::JsonTypedArrays, Engine::Crossfilter2]);
        assert_eq!(options.order(Task::Scroll, 0), []);
    }
}
