//! How fast ingest is: 200,000 records of about 359 bytes, the scanner and the decoder on the same bytes, or the file
//! that is named. `cargo run --release -p engine --example ingest [FILE]`

use engine::ingest::scan::Scanner;
use engine::ingest::{Check, Ingest, Place, Reject, Sink, Summary};
use engine::row::Row;
use oversight::record::AuditRecord;
use std::hint::black_box;
use std::time::Instant;

const RECORDS: usize = 200_000;
/// What a browser's stream gives at a time, about.
const CHUNK: usize = 64 << 10;

struct Count(i64);

impl Sink for Count {
    fn row(&mut self, row: Row<'_>, _: Place) {
        self.0 = self.0.wrapping_add(black_box(&row).time);
    }
    fn quarantined(&mut self, reject: Reject) {
        println!("line {}: {}", reject.place.line, reject.fault);
    }
}

/// Fourteen fields, as the endpoint writes them.
fn record(number: usize) -> String {
    let of = |words: &[&'static str]| words[number * 7_919 % words.len()];
    let (day, second) = (1 + number % 28, number % 60);
    format!(
        concat!(
            r#"{{"action":{{"access_level":"{}","operation":"{}","service":"{}"}},"agent":{{"name":"A","uid":"a{}"}},"#,
            r#""kind":"execution","outcome":{{"status":"{}"}},"resources":[{{"account":"{:012}","#,
            r#""environment":"{}","region":"{}","uid":"r{:05}"}}],"risk":{{"tier":"{}"}},"sequence":{},"#,
            r#""time":"2026-03-{:02}T09:26:{:02}.589Z","uid":"r-{:08x}"}}"#
        ),
        of(&["write", "read", "list", "tagging", "permissions_management"]),
        of(&["PutObject", "GetObject", "RunInstances", "AttachPolicy"]),
        of(&["s3", "ec2", "iam", "route53", "dynamodb"]),
        number % 40,
        of(&["success", "success", "failure"]),
        number % 12,
        of(&["production", "staging", "development"]),
        of(&["eu-west-1", "us-east-1"]),
        number % 100_000,
        of(&["low", "moderate", "high"]),
        number,
        day,
        second,
        (number * 2_654_435_761) & 0xffff_ffff,
    )
}

/// The best of five: what else the machine does only slows it down.
fn rate<T>(what: &str, bytes: usize, mut run: impl FnMut() -> T) -> T {
    let timed = |run: &mut dyn FnMut() -> T| {
        let start = Instant::now();
        let made = run();
        (start.elapsed(), made)
    };
    let (mut best, mut made) = timed(&mut run);
    for _ in 1..5 {
        let (took, again) = timed(&mut run);
        (best, made) = (best.min(took), again);
    }
    let seconds = best.as_secs_f64();
    println!("{what:<24} {:>7.0} MB/s {:>8.1} ms", bytes as f64 / 1e6 / seconds, seconds * 1e3);
    made
}

fn ingest(text: &[u8], check: Check) -> Summary {
    let mut sink = Count(0);
    let mut ingest = Ingest::new(check);
    text.chunks(CHUNK).for_each(|chunk| ingest.feed(chunk, &mut sink));
    let summary = ingest.finish(&mut sink);
    black_box(sink.0);
    summary
}

fn main() {
    let text = match std::env::args().nth(1) {
        Some(path) => std::fs::read(path).expect("the file can be read"),
        None => (0..RECORDS).flat_map(|number| (record(number) + "\n").into_bytes()).collect(),
    };
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    println!("{} lines, {} bytes a line", lines.len(), text.len() / lines.len().max(1));

    let mut scanner = Scanner::default();
    let taken = rate("scanner", text.len(), || lines.iter().filter(|line| scanner.scan(line).is_some()).count());
    println!("{taken} lines taken by the scanner");
    for (what, check) in [("ingest", Check::Off), ("ingest, hash taken", Check::Trailer)] {
        let summary = rate(what, text.len(), || ingest(&text, check));
        println!("{:?}, {} quarantined", summary.ending, summary.counts.quarantined);
    }
    // The slow ways take a tenth of the lines.
    let some = &lines[..lines.len().div_ceil(10)];
    let bytes = some.iter().map(|line| line.len() + 1).sum();
    rate("decoder", bytes, || {
        some.iter().filter_map(|line| AuditRecord::read(line).ok()).map(|record| black_box(Row::of(&record)).time).max()
    });
    rate("serde_json to a value", bytes, || {
        some.iter().filter(|line| black_box(serde_json::from_slice::<serde_json::Value>(line)).is_ok()).count()
    });
}
