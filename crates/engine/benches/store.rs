//! Records into columns: appending, and laying out what came in another order. `cargo bench -p engine --bench store`

mod bench;

use bench::{Coming, ProcessorTime, ROWS, Record};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
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

fn lay_out(c: &mut Criterion<ProcessorTime>) {
    let store = bench::store(ROWS, Coming::Shuffled);
    let mut group = c.benchmark_group("lay out");
    group.sample_size(10);
    group.bench_function("1,000,000 shuffled records", |b| {
        b.iter_batched_ref(|| store.clone(), Store::lay_out, BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group! { name = benches; config = bench::criterion(); targets = append, lay_out }
criterion_main!(benches);
