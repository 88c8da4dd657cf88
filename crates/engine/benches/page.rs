//! Pages of 50 rows from the middle of 1,000,000, by a column of each kind. `cargo bench -p engine --bench page`

mod bench;

use bench::{Coming, ProcessorTime, ROWS};
use criterion::{Criterion, criterion_group, criterion_main};
use engine::query::{Column, Filter, Scope, Selection, Sorting, Span, page};
use engine::row::Category;

/// The order itself, texts, numbers that all have and that few have, few words, many words.
const COLUMNS: [(&str, Column); 6] = [
    ("time", Column::Time),
    ("uid", Column::Uid),
    ("sequence", Column::Sequence),
    ("decided_at", Column::DecidedAt),
    ("tier", Column::Category(Category::Tier)),
    ("resource", Column::Resource),
];

fn pages(c: &mut Criterion<ProcessorTime>) {
    for coming in Coming::ALL {
        let mut store = bench::store(ROWS, coming);
        let view = store.view();
        let selection = Selection::of(&view, Filter::default());
        let scope = Scope::new(&selection, Span::ALL);
        let mut group = c.benchmark_group(format!("page, {}", coming.name()));
        for (name, by) in COLUMNS {
            let sorting = Sorting { by, descending: true };
            group.bench_function(name, |b| b.iter(|| page(&view, &scope, sorting, view.len() / 2, 50)));
        }
        group.finish();
    }
}

criterion_group! { name = benches; config = bench::criterion(); targets = pages }
criterion_main!(benches);
