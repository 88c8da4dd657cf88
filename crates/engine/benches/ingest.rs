//! NDJSON into rows: the scanner by itself, the decoder that it saves, and whole streams, on records of about 359 bytes
//! as the endpoint writes them. `cargo bench -p engine --bench ingest`

mod bench;

use bench::ProcessorTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use engine::ingest::scan::Scanner;
use engine::ingest::{Check, Ingest, Place, Reject, Sink};
use engine::row::Row;
use oversight::record::AuditRecord;
use std::hint::black_box;

const RECORDS: usize = 20_000;
/// What a browser's stream gives at a time, about.
const CHUNK: usize = 64 << 10;

struct Count(i64);

impl Sink for Count {
    fn row(&mut self, row: Row<'_>, _: Place) {
        self.0 = self.0.wrapping_add(black_box(&row).time);
    }
    fn quarantined(&mut self, reject: Reject) {
        panic!("line {}: {}", reject.place.line, reject.fault);
    }
}

/// Fourteen fields.
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

fn ingest(c: &mut Criterion<ProcessorTime>) {
    let text: String = (0..RECORDS).map(|number| record(number) + "\n").collect();
    let lines: Vec<&str> = text.lines().collect();
    let mut scanner = Scanner::default();
    assert!(lines.iter().all(|line| scanner.scan(line.as_bytes()).is_some()), "the scanner takes every line");

    let mut group = c.benchmark_group("ingest");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("scanner", |b| {
        b.iter(|| lines.iter().filter(|line| black_box(scanner.scan(line.as_bytes())).is_some()).count());
    });
    group.bench_function("decoder", |b| {
        b.iter(|| lines.iter().map(|line| serde_json::from_str::<AuditRecord>(line).is_ok()).filter(|&is| is).count());
    });
    for (name, check) in [("stream", Check::Off), ("stream, hash taken", Check::Trailer)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let (mut ingest, mut sink) = (Ingest::new(check), Count(0));
                text.as_bytes().chunks(CHUNK).for_each(|chunk| ingest.feed(chunk, &mut sink));
                ingest.finish(&mut sink);
                sink.0
            });
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = bench::criterion(); targets = ingest }
criterion_main!(benches);
