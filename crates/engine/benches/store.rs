//! Records into columns. `cargo bench -p engine --bench store`

mod bench;

use bench::{ProcessorTime, ROWS, Record};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use engine::row::Row;
use engine::store::{Place, Store};

const APPENDED: u32 = 100_000;

fn append(c: &mut Criterion<ProcessorTime>) {
    let records: Vec<Record> = (0..APPENDED).map(|number| Record::of(number, ROWS)).collect();
    let rows: Vec<Row<'_>> = records.iter().map(Record::row).collect();
    let mut group = c.benchmark_group("append");
    group.throughput(Throughput::Elements(rows.len().try_into().expect("few")));
    group.bench_function("100,000 records", |b| {
        b.iter(|| {
            let mut store = Store::seeded(7);
            for row in &rows {
                store.append(row, Place { offset: 1, length: 359 });
            }
            store.len()
        });
    });
    group.finish();
}

criterion_group! { name = benches; config = bench::criterion(); targets = append }
criterion_main!(benches);
