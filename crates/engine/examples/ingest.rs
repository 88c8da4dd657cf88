//! How fast ingest is: 200,000 records of about 359 bytes, the scanner and the decoder on the same bytes, or the file
//! that is named. `cargo run --release -p engine --example ingest [FILE]`

use engine::ingest::scan::Scanner;
use engine::ingest::{Check, Ingest, Reject, Sink, Summary};
use engine::ingest::{Ending, Place};
use engine::row::Row;
use oversight::record::AuditRecord;
use std::hint::black_box;
use std::time::{Duration, Instant};

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
            r#"{{"action":{{"access_level":"{}","operation":"{}","service":"{}"}},"agent":{{"name":"Agent {}","uid":"agent-{}"}},"#,
            r#""asserted_by":{{"record":"importer"}},"kind":"execution","outcome":{{"status":"{}"}},"resources":[{{"account":"{:012}","#,
            r#""environment":"{}","region":"{}","uid":"res-{:06}"}}],"risk":{{"tier":"{}"}},"sequence":{},"#,
            r#""time":"2026-03-{:02}T09:26:{:02}.589Z","uid":"rec-{:016x}"}}"#
        ),
        of(&["write", "read", "list", "tagging", "permissions_management"]),
        of(&["PutObject", "GetObject", "DescribeInstances", "AttachRolePolicy"]),
        of(&["s3", "ec2", "iam", "route53", "dynamodb"]),
        number % 40,
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
        number * 2_654_435_761,
    )
}

fn rate(what: &str, bytes: usize, took: Duration) {
    let rate = bytes as f64 / 1e6 / took.as_secs_f64();
    println!("{what:<44} {rate:>7.0} MB/s  {:>7.0} ms", took.as_secs_f64() * 1e3);
}

fn ingest(text: &[u8], check: Check) -> (Summary, Duration) {
    let (start, mut sink) = (Instant::now(), Count(0));
    let mut ingest = Ingest::new(check);
    text.chunks(CHUNK).for_each(|chunk| ingest.feed(chunk, &mut sink));
    let summary = ingest.finish(&mut sink);
    black_box(sink.0);
    (summary, start.elapsed())
}

fn main() {
    let text = match std::env::args().nth(1) {
        Some(path) => std::fs::read(path).expect("the file can be read"),
        None => (0..RECORDS).flat_map(|number| record(number).into_bytes().into_iter().chain([b'\n'])).collect(),
    };
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    println!("{} lines, {} bytes a line", lines.len(), text.len() / lines.len().max(1));

    let mut scanner = Scanner::default();
    let start = Instant::now();
    let taken = lines.iter().filter(|line| black_box(scanner.scan(line)).is_some()).count();
    rate(&format!("scanner alone ({taken} taken)"), text.len(), start.elapsed());

    for (what, check) in [("ingest", Check::Off), ("ingest, hash taken", Check::Trailer)] {
        let (summary, took) = ingest(&text, check);
        rate(what, text.len(), took);
        assert!(summary.counts.quarantined == 0 && !matches!(summary.ending, Ending::Differs { .. }), "{summary:?}");
    }

    let some = &lines[..lines.len().min(RECORDS / 10)];
    let bytes = some.iter().map(|line| line.len() + 1).sum();
    let start = Instant::now();
    for line in some {
        let _ = black_box(AuditRecord::read(line).map(|record| Row::of(&record)));
    }
    rate("decoder (a tenth of the lines)", bytes, start.elapsed());

    let start = Instant::now();
    for line in some {
        let _ = black_box(serde_json::from_slice::<serde_json::Value>(line));
    }
    rate("serde_json to a value (a tenth of the lines)", bytes, start.elapsed());
}
