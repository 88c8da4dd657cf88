//! What 1,000,000 synthetic records take, or as many as the first argument says: the store by part, the brush's index and
//! the figures' for a few filters. How fast they are, the benchmarks say.
//! `cargo run --release -p engine --example memory [ROWS]`

#[path = "../benches/bench/mod.rs"]
mod bench;

use bench::{Coming, ROWS};
use engine::query::brush::Brush;
use engine::query::figures::Index;
use engine::query::{Filter, Keep, Term};
use engine::row::{Category, Cell};

fn main() {
    let rows: u32 = std::env::args().nth(1).map_or(ROWS, |rows| rows.parse().expect("a number of records"));
    for coming in Coming::ALL {
        let mut store = bench::store(rows, coming);
        println!("{} records, {}", store.len(), coming.name());
        let parts = store.bytes();
        for (part, bytes) in &parts {
            line(part, *bytes);
        }
        line("together", parts.iter().map(|part| part.1).sum());
        let view = store.view();
        let values = vec![Cell::Is("production".into())];
        let terms = vec![Term { category: Category::Environment, values, keep: Keep::Only }];
        for (name, filter) in [
            ("no filter", Filter::default()),
            ("production", Filter { terms, ..Filter::default() }),
            ("text \"bucket-77\"", Filter { text: "bucket-77".into(), ..Filter::default() }),
        ] {
            let mut index = Index::build(&view, filter.clone());
            index.ask(&view, bench::spans().next().expect("no end"), &bench::question());
            line(&format!("brush, {name}"), Brush::build(&view, filter, &Category::ALL).bytes());
            line(&format!("figures, {name}"), index.bytes());
        }
    }
}

fn line(part: &str, bytes: usize) {
    println!("  {part:<28} {:>9.2} MB", bytes as f64 / 1e6);
}
