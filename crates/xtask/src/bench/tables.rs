//! The results as tables, for the terminal and, as Markdown, for the README: one a task, what has a format of its own
//! apart, and how the app stands to the others. What the rows are is in `results`.

use std::fmt::Write;

use super::options::{Engine, Task};
use super::results::{Metric, Row};

/// What was measured where.
pub struct Setting {
    /// As 2026-11-25.
    pub date: String,
    /// Processor, cores, memory, system, browser.
    pub machine: String,
    pub rows: u32,
    /// Of the NDJSON.
    pub bytes: u64,
    pub repeats: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Terminal,
    Markdown,
}

/// A table's cells as text, the head first.
struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

pub fn render(setting: &Setting, rows: &[Row], form: Form) -> String {
    let mut text = format!(
        "{} records, {} MB of NDJSON; {}; {}. Median and range of {} fresh browsers each.\n",
        thousands(setting.rows.into()),
        setting.bytes / 1_000_000,
        setting.date,
        setting.machine,
        setting.repeats,
    );
    for table in tables(rows) {
        let _ = write!(text, "\n{}", table.render(form));
    }
    text
}

fn tables(rows: &[Row]) -> Vec<Table> {
    let of = |task: Task, same_bytes: bool| -> Vec<&Row> {
        rows.iter().filter(|row| row.task == task && row.engine.same_bytes() == same_bytes).collect()
    };
    let mut tables = Vec::new();
    for (same_bytes, apart) in [(true, ""), (false, ", a format of its own")] {
        for (task, title) in [
            (Task::Load, "from the navigation to everything painted"),
            (Task::Brush, "from a span to all views painted, 200 spans"),
            (Task::Memory, "the page's process, above an empty page's"),
            (Task::Scroll, "frames under the wheel, 100,000 rows"),
            (Task::Size, "what is fetched, in brotli"),
        ] {
            let rows = of(task, same_bytes);
            if !rows.is_empty() {
                tables.push(by_engine(&format!("{task}: {title}{apart}"), &rows));
            }
        }
    }
    let figures = figures(rows);
    if !figures.is_empty() {
        let head = ["figure", "measured", "aim"].map(str::to_owned).to_vec();
        let lines = figures.into_iter().map(|figure| figure.map(String::from).to_vec());
        let rows = std::iter::once(head).chain(lines).collect();
        tables.push(Table { title: "countersign beside them".to_owned(), rows });
    }
    tables
}

/// A line an engine, a column a metric.
fn by_engine(title: &str, rows: &[&Row]) -> Table {
    let metrics: Vec<Metric> =
        Metric::ALL.into_iter().filter(|metric| rows.iter().any(|row| row.metric == *metric)).collect();
    let head = std::iter::once("engine".to_owned()).chain(metrics.iter().map(|metric| title_of(*metric).to_owned()));
    let mut lines = vec![head.collect::<Vec<_>>()];
    for engine in Engine::ALL {
        let mine: Vec<&&Row> = rows.iter().filter(|row| row.engine == engine).collect();
        if mine.is_empty() {
            continue;
        }
        let cells = metrics
            .iter()
            .map(|metric| mine.iter().find(|row| row.metric == *metric).map_or("–".to_owned(), |row| measured(row)));
        lines.push(std::iter::once(engine.to_string()).chain(cells).collect());
    }
    Table { title: title.to_owned(), rows: lines }
}

const fn title_of(metric: Metric) -> &'static str {
    match metric {
        Metric::Time => "time",
        Metric::First => "first",
        Metric::P50 => "p50",
        Metric::P95 => "p95",
        Metric::LongestTask => "longest task",
        Metric::LongestFrame => "longest frame",
        Metric::Peak => "peak",
        Metric::Brotli => "first load",
        Metric::BrotliAll => "with all parts",
    }
}

/// Median and range, as `12.3 (11–15) ms`; sizes have no range.
fn measured(row: &Row) -> String {
    let unit = match row.metric.unit() {
        "bytes" if row.task == Task::Size => return format!("{} KB", short(row.median / 1e3)),
        "bytes" => ("MB", 1e6),
        unit => (unit, 1.0),
    };
    let [median, min, max] = [row.median, row.min, row.max].map(|value| short(value / unit.1));
    let fewer = if row.n < 2 { " (once)".to_owned() } else { format!(" ({min}–{max})") };
    format!("{median}{fewer} {}", unit.0)
}

/// Three digits where there is anything to say.
fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        0.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => thousands(value.round() as u64),
    }
}

/// The app's figures beside those of the others, as the design asks for them.
fn figures(rows: &[Row]) -> Vec<[String; 3]> {
    let find = |task, engine, metric| {
        rows.iter().find(|row| (row.task, row.engine, row.metric) == (task, engine, metric)).map(|row| row.median)
    };
    let mine = |task, metric| find(task, Engine::Countersign, metric);
    let mut figures = Vec::new();
    let mut add = |name: &str, measured: Option<String>, aim: &str| {
        if let Some(measured) = measured {
            figures.push([name.to_owned(), measured, aim.to_owned()]);
        }
    };
    let times = |of: Option<f64>, over: Option<f64>| {
        of.zip(over).filter(|(_, over)| *over > 0.0).map(|(of, over)| format!("{} times", short(of / over)))
    };
    let load = mine(Task::Load, Metric::Time);
    let json = find(Task::Load, Engine::JsonTypedArrays, Metric::Time);
    add("faster to load than json-typed-arrays", times(json, load), "at least 5 times");
    let whole = find(Task::Load, Engine::JsonWholeBody, Metric::Time);
    add("faster to load than json-whole-body", times(whole, load), "at least 5 times");
    add(
        "load, of the bare stream's time",
        times(load, find(Task::Load, Engine::Stream, Metric::Time)),
        "at most 1.3 times",
    );
    let longest = mine(Task::Load, Metric::LongestTask).map(|longest| format!("{} ms", short(longest)));
    add("longest task of the page while it loads", longest, "at most 50 ms");
    let crossfilter = |task, metric| find(task, Engine::Crossfilter2, metric);
    let brush = times(mine(Task::Brush, Metric::P95), crossfilter(Task::Brush, Metric::P95));
    add("brush p95, of crossfilter2's", brush, "at most 0.1 times");
    let memory = times(mine(Task::Memory, Metric::Peak), crossfilter(Task::Memory, Metric::Peak));
    add("memory, of crossfilter2's", memory, "at most 0.25 times");
    let frames = find(Task::Scroll, Engine::TanstackVirtual, Metric::P95);
    add("scroll p95, of tanstack-virtual's", times(mine(Task::Scroll, Metric::P95), frames), "at most 1 times");
    let size = mine(Task::Size, Metric::Brotli).map(|size| format!("{} KB", short(size / 1e3)));
    add("first load in brotli", size, "at most 230 KB");
    figures
}

impl Table {
    fn render(&self, form: Form) -> String {
        let columns = self.rows[0].len();
        let widths: Vec<usize> = (0..columns)
            .map(|at| self.rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default())
            .collect();
        let mut text = match form {
            Form::Terminal => format!("{}\n", self.title),
            Form::Markdown => format!("{}\n\n", self.title),
        };
        for (line, row) in self.rows.iter().enumerate() {
            let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, width))| match at {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            let cells: Vec<String> = cells.collect();
            match form {
                Form::Terminal => {
                    let _ = writeln!(text, "  {}", cells.join("  ").trim_end());
                }
                Form::Markdown => {
                    let _ = writeln!(text, "| {} |", cells.join(" | "));
                    if line == 0 {
                        let rule: Vec<&str> = (0..columns).map(|at| if at == 0 { "---" } else { "---:" }).collect();
                        let _ = writeln!(text, "| {} |", rule.join(" | "));
                    }
                }
            }
        }
        text
    }
}

/// As 1,000,000.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(task: Task, engine: Engine, metric: Metric, median: f64) -> Row {
        let (min, max) = (median * 0.9, median * 1.2);
        Row { task, engine, rows: Some(1_000), metric, median, min, max, n: 3, hash: None }
    }

    fn setting() -> Setting {
        Setting {
            date: "2026-11-25".to_owned(),
            machine: "a machine".to_owned(),
            rows: 1_000_000,
            bytes: 417_654_321,
            repeats: 3,
        }
    }

    #[test]
    fn a_table_has_a_line_an_engine_and_a_column_a_metric() {
        let rows = [
            row(Task::Load, Engine::Stream, Metric::Time, 1_500.0),
            row(Task::Load, Engine::JsonTypedArrays, Metric::Time, 7_250.4),
            row(Task::Load, Engine::JsonTypedArrays, Metric::LongestTask, 0.0),
            row(Task::Load, Engine::ArrowTypedArrays, Metric::Time, 12.345),
            row(Task::Size, Engine::Crossfilter2, Metric::Brotli, 5_400.0),
        ];
        let expected = "\
1,000,000 records, 417 MB of NDJSON; 2026-11-25; a machine. Median and range of 3 fresh browsers each.

load: from the navigation to everything painted
  engine                                time  longest task
  stream               1,500 (1,350–1,800) ms             –
  json-typed-arrays    7,250 (6,525–8,700) ms    0 (0–0) ms

size: what is fetched, in brotli
  engine        first load
  crossfilter2     5.40 KB

load: from the navigation to everything painted, a format of its own
  engine                            time
  arrow-typed-arrays  12.3 (11.1–14.8) ms
";
        let text = render(&setting(), &rows, Form::Terminal);
        let squeezed = |text: &str| -> Vec<String> {
            text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
        };
        assert_eq!(squeezed(&text), squeezed(expected), "{text}");
        let markdown = render(&setting(), &rows, Form::Markdown);
        assert!(markdown.contains("| --- | ---: | ---: |\n| stream"), "{markdown}");
    }

    #[test]
    fn the_app_is_set_beside_the_others_where_both_were_measured() {
        let countersign = Engine::Countersign;
        let mut rows = vec![
            row(Task::Load, countersign, Metric::Time, 1_000.0),
            row(Task::Load, Engine::JsonTypedArrays, Metric::Time, 6_500.0),
            row(Task::Load, Engine::Stream, Metric::Time, 800.0),
            row(Task::Load, countersign, Metric::LongestTask, 0.0),
            row(Task::Brush, countersign, Metric::P95, 4.0),
            row(Task::Memory, countersign, Metric::Peak, 1e8),
            row(Task::Memory, Engine::Crossfilter2, Metric::Peak, 1e9),
        ];
        let measured: Vec<[String; 3]> = figures(&rows);
        let measured: Vec<&str> = measured.iter().map(|figure| figure[1].as_str()).collect();
        assert_eq!(measured, ["6.50 times", "1.25 times", "0 ms", "0.10 times"]);
        rows.retain(|row| row.engine != countersign);
        assert!(figures(&rows).is_empty());
    }

    #[test]
    fn numbers_read_plainly() {
        for (value, expected) in
            [(0.0, "0"), (0.123, "0.12"), (9.87, "9.87"), (12.34, "12.3"), (123.4, "123"), (12_345.6, "12,346")]
        {
            assert_eq!(short(value), expected);
        }
    }
}
