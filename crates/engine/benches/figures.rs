//! The managers' figures over 1,000,000 records and 200,000 versions: building the index, every figure on a move of the
//! brush, and the rows behind one. `cargo bench -p engine --bench figures`

mod bench;

use bench::{Coming, ProcessorTime, ROWS};
use criterion::{Criterion, criterion_group, criterion_main};
use engine::query::figures::Index;
use engine::query::{Figure, Filter, Selection};
use std::hint::black_box;

fn figures(c: &mut Criterion<ProcessorTime>) {
    for coming in Coming::ALL {
        let mut store = bench::store(ROWS, coming);
        let view = store.view();
        let mut group = c.benchmark_group(format!("figures, {}", coming.name()));
        group.bench_function("build", |b| b.iter(|| Index::build(&view, black_box(Filter::default()))));
        let mut index = Index::build(&view, Filter::default());
        let (mut spans, question) = (bench::spans(), bench::question());
        group.bench_function("all of them", |b| {
            b.iter(|| index.ask(&view, spans.next().expect("no end"), &question));
        });
        group.bench_function("rows behind one", |b| {
            let filter = Filter { figure: Some(Figure::RanAlone), ..Filter::default() };
            b.iter(|| Selection::of(&view, black_box(filter.clone())).count());
        });
        group.finish();
    }
}

criterion_group! { name = benches; config = bench::criterion(); targets = figures }
criterion_main!(benches);
