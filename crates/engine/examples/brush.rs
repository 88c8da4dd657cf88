//! Figures of the engine on 1,000,000 synthetic records, or as many as the first argument says: appending, memory by
//! part, the brush's index, brushes, pages. A second argument, `append`, leaves it at appending. The records are the same on every machine; the times are not. Wants
//! `--release`.

use engine::query::brush::{Brush, Linked};
use engine::query::{Column, Edges, Filter, Histogram, Keep, Scope, Selection, Sorting, Span, Term, page};
use engine::row::{Category, Cell, Row};
use engine::store::{Place, Store, View};
use std::borrow::Cow;
use std::time::Instant;

const DAY: i64 = 86_400_000_000;
/// 2026-01-01T00:00:00Z, in microseconds.
const START: i64 = 1_767_225_600_000_000;
const DAYS: i64 = 90;

fn main() {
    let rows: u32 = std::env::args().nth(1).map_or(1_000_000, |rows| rows.parse().expect("a number of records"));
    if std::env::args().nth(2).as_deref() == Some("append") {
        return append_alone(rows);
    }
    for coming in ["in order", "in reverse", "in random order"] {
        let began = Instant::now();
        let mut making = 0.0;
        let mut store = Store::seeded(7);
        for at in 0..rows {
            let number = match coming {
                "in order" => at,
                "in reverse" => rows - 1 - at,
                // An odd factor visits each once where the count is a power of two; the others repeat some.
                _ => (u64::from(at) * 0x9e37_79b1 % u64::from(rows.next_power_of_two()) % u64::from(rows)) as u32,
            };
            let made = Instant::now();
            let record = Record::of(number, rows);
            let row = record.row();
            making += made.elapsed().as_secs_f64();
            store.append(&row, Place { offset: u64::from(number) * 359, length: 359 });
            if at % 100_000 == 99_999 {
                store.view();
            }
        }
        let settling = Instant::now();
        store.view();
        let total = began.elapsed().as_secs_f64() - making;
        println!(
            "append {coming}: {:.0} ms, {:.0} ns a record with the clock; last merge {:.1} ms; {} held, {} repeated",
            total * 1e3,
            total * 1e9 / f64::from(rows),
            settling.elapsed().as_secs_f64() * 1e3,
            store.len(),
            store.repeated()
        );
        if coming == "in random order" {
            figures(&mut store, coming);
        }
        if coming == "in order" {
            append_alone(rows);
            account(&store);
            figures(&mut store, coming);
            live(&mut store, rows);
        }
    }
}

/// Without the clock between records, nor their making.
fn append_alone(rows: u32) {
    let records: Vec<Record> = (0..rows.min(200_000)).map(|number| Record::of(number, rows)).collect();
    let rows: Vec<Row<'_>> = records.iter().map(Record::row).collect();
    let mut fastest = f64::INFINITY;
    for _ in 0..5 {
        let mut store = Store::seeded(7);
        let began = Instant::now();
        for row in &rows {
            store.append(row, Place { offset: 1, length: 359 });
        }
        fastest = fastest.min(began.elapsed().as_secs_f64() / rows.len() as f64);
    }
    println!("append alone, {} records made before, the fastest of five: {:.0} ns a record", rows.len(), fastest * 1e9);
}

fn account(store: &Store) {
    let mut all = 0;
    for (part, bytes) in store.bytes() {
        all += bytes;
        println!("  {part:<20} {:>9.2} MB", bytes as f64 / 1e6);
    }
    println!("  {:<20} {:>9.2} MB", "together", all as f64 / 1e6);
}

fn figures(store: &mut Store, coming: &str) {
    let view = store.view();
    let word = |word: &str| Cell::Is(Cow::Owned(word.to_owned()));
    let terms = vec![Term { category: Category::Environment, values: vec![word("production")], keep: Keep::Only }];
    for (name, filter) in [
        ("no filter", Filter::default()),
        ("production", Filter { terms, ..Filter::default() }),
        ("text \"bucket-77\"", Filter { text: "bucket-77".into(), ..Filter::default() }),
    ] {
        let began = Instant::now();
        let selection = Selection::of(&view, filter.clone());
        let selecting = began.elapsed();
        let began = Instant::now();
        let brush = Brush::build(&view, filter, &Category::ALL);
        println!(
            "{coming}, {name}: {} of {}; filter {:.1} ms, filter and index {:.1} ms, index {:.2} MB",
            selection.count(),
            view.len(),
            selecting.as_secs_f64() * 1e3,
            began.elapsed().as_secs_f64() * 1e3,
            brush.bytes() as f64 / 1e6
        );
        brushes(&view, &brush);
        pages(&view, &selection, &brush);
    }
}

fn brushes(view: &View<'_>, brush: &Brush) {
    let mut numbers = Numbers(1);
    let mut linked = Linked::default();
    let timeline = Histogram { from: START, to: START + DAYS * DAY, bins: 180 };
    let waits: Vec<i64> = (0..48).map(|at| at * DAY / 48).collect();
    let waits = Edges::try_from(waits).expect("they rise");
    let mut spent = [const { Vec::new() }; 4];
    let mut seen = 0;
    for _ in 0..2_000 {
        let [a, b] = [(); 2].map(|()| START + numbers.below((DAYS * DAY) as u64) as i64);
        let span = Span::of(a.min(b), a.max(b));
        let began = Instant::now();
        seen += brush.counts(view, span, &mut linked).of as usize;
        let counted = Instant::now();
        seen += brush.histogram(view, span, &timeline).value.len();
        let binned = Instant::now();
        seen += brush.time_to_decision(view, span, &[0.5, 0.9, 0.99], &waits).of as usize;
        let ended = Instant::now();
        for (into, took) in spent.iter_mut().zip([ended - began, counted - began, binned - counted, ended - binned]) {
            into.push(took.as_secs_f64() * 1e6);
        }
    }
    for (name, mut spent) in
        ["brush of all views", "  cells and 14 categories", "  histogram of 180 bins", "  times to decision"]
            .into_iter()
            .zip(spent)
    {
        spent.sort_by(f64::total_cmp);
        let at = |part: f64| spent[(spent.len() as f64 * part) as usize];
        println!("  {name:<26} p50 {:>6.1} µs, p95 {:>6.1} µs, p99 {:>6.1} µs", at(0.5), at(0.95), at(0.99));
    }
    std::hint::black_box(seen);
}

fn pages(view: &View<'_>, selection: &Selection, brush: &Brush) {
    let scope = Scope::new(selection, Span::ALL);
    let mut line = String::new();
    for by in Column::all() {
        let took = [false, true].map(|descending| {
            let began = Instant::now();
            std::hint::black_box(page(view, &scope, Sorting { by, descending }, selection.count() / 2, 50));
            began.elapsed().as_secs_f64() * 1e3
        });
        line += &format!(" {by:?} {:.1}/{:.1},", took[0], took[1]);
    }
    println!("  page of 50 from the middle, up/down in ms:{}", line.trim_end_matches(','));
    let began = Instant::now();
    std::hint::black_box(brush.page(view, Span::ALL, true, selection.count() / 2, 50));
    println!("  the same by time, of the brush: {:.1} µs", began.elapsed().as_secs_f64() * 1e6);
}

/// What the stream brings: a hundred records at the end, then one that is late by the whole time.
fn live(store: &mut Store, rows: u32) {
    let mut brush = Brush::build(&store.view(), Filter::default(), &Category::ALL);
    let began = Instant::now();
    for at in 0..100 {
        store.append(&Record::of(rows + at, rows).row(), Place::default());
    }
    let updated = brush.update(&store.view());
    println!("100 records at the end: {:.2} ms, {updated:?}", began.elapsed().as_secs_f64() * 1e3);
    let began = Instant::now();
    let mut late = Record::of(rows + 100, rows);
    late.time = START - 1;
    store.append(&late.row(), Place::default());
    let updated = brush.update(&store.view());
    println!("one record before all others: {:.2} ms, {updated:?}", began.elapsed().as_secs_f64() * 1e3);
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

struct Record {
    number: u32,
    time: i64,
    uid: String,
    words: [String; Category::COUNT],
    resource: String,
    review: Option<(i64, i64)>,
}

impl Record {
    /// Six records make the life of one change: proposal, policy decision, two reviews, redemption, verification.
    fn of(number: u32, rows: u32) -> Record {
        let mut numbers = Numbers(number.into());
        let mut change = Numbers(u64::from(number / 6) + (1 << 40));
        let kinds = ["proposal", "policy_decision", "review", "review", "redemption", "verification"];
        let kind = kinds[number as usize % 6];
        let time = START + (i128::from(DAYS * DAY) * i128::from(number) / i128::from(rows)) as i64;
        let mut named = |what: &str, many: u64| format!("{what}-{}", change.below(many));
        let agent = named("agent", 40);
        let service = named("service", 25);
        let operation = format!("{service}:Operation{}", named("", 24));
        let pick = |words: &[&str], at: u64| words[at as usize % words.len()].to_owned();
        let (level, tier, environment) = (change.below(5), change.below(5), change.below(5));
        let review = kind == "review";
        Record {
            number,
            time,
            uid: format!("0190a1b2-{:04x}-7{:03x}-8000-{:012x}", number >> 16, number & 0xfff, numbers.below(1 << 48)),
            words: [
                kind.to_owned(),
                agent,
                format!("person-{}", numbers.below(60)),
                service,
                operation,
                pick(&["list", "read", "write", "tagging", "permissions_management"], level),
                pick(&["low", "moderate", "high", "critical", "unknown"], tier),
                pick(&["reversible", "compensable", "irreversible", "unknown"], tier + level),
                if kind == "policy_decision" { "needs_review".to_owned() } else { String::new() },
                if review { "approve".to_owned() } else { String::new() },
                if kind == "verification" { "success".to_owned() } else { String::new() },
                pick(&["production", "staging", "development", "sandbox", "unknown"], environment),
                format!("{:012}", 100_000_000_000 + change.below(30)),
                pick(&["eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-south-1"], change.below(5)),
            ],
            resource: format!("arn:aws:s3:::bucket-{}", change.below(20_000)),
            review: review.then(|| (time - numbers.below(600_000_000) as i64, time)),
        }
    }

    fn row(&self) -> Row<'_> {
        Row {
            uid: Cow::Borrowed(&self.uid),
            time: self.time,
            latest: self.time,
            sequence: Some(u64::from(self.number) + 1),
            categories: std::array::from_fn(|at| match self.words[at].as_str() {
                "" => Cell::Absent,
                word => Cell::Is(Cow::Borrowed(word)),
            }),
            change: Some(u64::from(self.number / 6) + 1),
            version: Some(1),
            resource: Cell::Is(Cow::Borrowed(&self.resource)),
            opened_at: self.review.map(|review| review.0),
            decided_at: self.review.map(|review| review.1),
        }
    }
}
