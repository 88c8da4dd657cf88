//! The brush over 1,000,000 records: building it, and every linked view on a move. `cargo bench -p engine --bench brush`

mod bench;

use bench::{Coming, ProcessorTime, ROWS};
use criterion::{Criterion, criterion_group, criterion_main};
use engine::query::brush::{Brush, Linked};
use engine::query::{Filter, Keep, Term};
use engine::row::{Category, Cell};
use std::hint::black_box;

fn production() -> Filter {
    let values = vec![Cell::Is("production".into())];
    Filter { terms: vec![Term { category: Category::Environment, values, keep: Keep::Only }], ..Filter::default() }
}

fn brush(c: &mut Criterion<ProcessorTime>) {
    for coming in Coming::ALL {
        let mut store = bench::store(ROWS, coming);
        let view = store.view();
        let mut group = c.benchmark_group(format!("brush, {}", coming.name()));
        for (name, filter) in [("all", Filter::default()), ("production", production())] {
            group.bench_function(format!("build, {name}"), |b| {
                b.iter(|| Brush::build(&view, black_box(filter.clone()), &Category::ALL));
            });
            let mut brush = Brush::build(&view, filter, &Category::ALL);
            let (mut spans, mut linked) = (bench::spans(), Linked::default());
            group.bench_function(format!("counts, {name}"), |b| {
                b.iter(|| brush.counts(&view, spans.next().expect("no end"), &mut linked).of);
            });
            let timeline = bench::timeline();
            group.bench_function(format!("histogram, {name}"), |b| {
                b.iter(|| brush.histogram(&view, spans.next().expect("no end"), &timeline));
            });
        }
        group.finish();
    }
}

criterion_group! { name = benches; config = bench::criterion(); targets = brush }
criterion_main!(benches);
