//! What the benchmarks share: synthetic records that are the same on every machine, stores of them in different orders of
//! coming, and time on the processor instead of the clock's, so that what else the machine does is not measured.

#![allow(dead_code, reason = "no benchmark needs all of it")]

use criterion::Criterion;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use engine::query::figures::Question;
use engine::query::{Edges, Histogram, Span};
use engine::row::{Category, Cell, Row};
use engine::store::{Place, Store};
use std::borrow::Cow;
use std::time::Duration;

pub const ROWS: u32 = 1_000_000;
pub const DAY: i64 = 86_400_000_000;
/// 2026-01-01T00:00:00Z, in microseconds.
pub const START: i64 = 1_767_225_600_000_000;
pub const DAYS: i64 = 90;

/// Time that the thread was run.
pub struct ProcessorTime;

impl Measurement for ProcessorTime {
    type Intermediate = cpu_time::ThreadTime;
    type Value = Duration;

    fn start(&self) -> Self::Intermediate {
        cpu_time::ThreadTime::now()
    }

    fn end(&self, began: Self::Intermediate) -> Duration {
        began.elapsed()
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

/// Few samples, since a sample of what is built takes long.
pub fn criterion() -> Criterion<ProcessorTime> {
    Criterion::default().with_measurement(ProcessorTime).sample_size(20).configure_from_args()
}

/// In which order records come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coming {
    InOrder,
    Shuffled,
    /// Shuffled, and laid out in order of time since.
    LaidOut,
}

impl Coming {
    pub const ALL: [Coming; 3] = [Coming::InOrder, Coming::Shuffled, Coming::LaidOut];

    pub fn name(self) -> &'static str {
        match self {
            Coming::InOrder => "in order",
            Coming::Shuffled => "shuffled",
            Coming::LaidOut => "laid out",
        }
    }
}

/// A store of so many records.
pub fn store(rows: u32, coming: Coming) -> Store {
    let mut store = Store::seeded(7);
    for at in 0..rows {
        let number = match coming {
            Coming::InOrder => at,
            // Odd, so that each number comes once where they are a power of two; the others repeat some.
            Coming::Shuffled | Coming::LaidOut => {
                (u64::from(at) * 0x9e37_79b1 % u64::from(rows.next_power_of_two()) % u64::from(rows)) as u32
            }
        };
        store.append(&Record::of(number, rows).row(), Place { offset: u64::from(number) * 359, length: 359 });
    }
    store.view();
    if coming == Coming::LaidOut {
        assert!(store.lay_out(), "it came in order");
    }
    store
}

/// Spans of all lengths, the same for everybody.
pub fn spans() -> impl Iterator<Item = Span> {
    let mut numbers = Numbers(1);
    std::iter::repeat_with(move || {
        let [a, b] = [(); 2].map(|()| START + numbers.below((DAYS * DAY) as u64) as i64);
        Span::of(a.min(b), a.max(b))
    })
}

pub fn timeline() -> Histogram {
    Histogram { from: START, to: START + DAYS * DAY, bins: 180 }
}

/// Everything that the overview asks.
pub fn question() -> Question {
    let edges = |edges: &[i64]| Edges::try_from(edges.to_vec()).expect("they rise");
    Question {
        bins: timeline(),
        probabilities: vec![0.5, 0.9, 0.99],
        waits: edges(&[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000].map(|tens| tens * 10_000_000)),
        rubber_stamp: 10_000_000,
        now: START + DAYS * DAY,
        ages: edges(&[15, 60, 240].map(|minutes| minutes * 60_000_000)),
        agents: 20,
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// Five records make the life of one change; what becomes of it, its number says.
const LIVES: [[&str; 5]; 10] = [
    ["proposal", "needs_review", "approve", "redemption", "verification"],
    ["proposal", "needs_review", "approve", "redemption", "verification"],
    ["proposal", "needs_review", "approve", "redemption", "rollback"],
    ["proposal", "allow", "redemption", "verification", "comment"],
    ["proposal", "allow", "redemption", "verification", "comment"],
    ["proposal", "allow", "redemption", "execution", "pause"],
    ["proposal", "needs_review", "reject", "comment", "resume"],
    ["proposal", "needs_review", "break_glass", "redemption", "ratification"],
    ["proposal", "needs_review", "comment", "comment", "expiry"],
    ["proposal", "needs_review", "comment", "comment", "comment"],
];

/// One record's words, which its row borrows.
pub struct Record {
    number: u32,
    pub time: i64,
    uid: String,
    words: [String; Category::COUNT],
    resource: String,
    review: Option<(i64, i64)>,
}

impl Record {
    pub fn of(number: u32, rows: u32) -> Record {
        let mut numbers = Numbers(number.into());
        let mut change = Numbers(u64::from(number / 5) + (1 << 40));
        let step = LIVES[change.below(10) as usize][number as usize % 5];
        let (kind, policy, review) = match step {
            "allow" | "needs_review" => ("policy_decision", step, ""),
            "approve" | "reject" => ("review", "", step),
            kind => (kind, "", ""),
        };
        let time = START + (i128::from(DAYS * DAY) * i128::from(number) / i128::from(rows)) as i64;
        let mut named = |what: &str, many: u64| format!("{what}-{}", change.below(many));
        let agent = named("agent", 40);
        let service = named("service", 25);
        let operation = format!("{service}:Operation{}", named("", 24));
        let pick = |words: &[&str], at: u64| words[at as usize % words.len()].to_owned();
        let (level, tier, environment) = (change.below(5), change.below(5), change.below(5));
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
                policy.to_owned(),
                review.to_owned(),
                if kind == "verification" { "success".to_owned() } else { String::new() },
                pick(&["production", "staging", "development", "sandbox", "unknown"], environment),
                format!("{:012}", 100_000_000_000 + change.below(30)),
                pick(&["eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-south-1"], change.below(5)),
            ],
            resource: format!("arn:aws:s3:::bucket-{}", change.below(20_000)),
            review: (kind == "review").then(|| (time - numbers.below(60_000_000) as i64, time)),
        }
    }

    pub fn row(&self) -> Row<'_> {
        Row {
            uid: Cow::Borrowed(&self.uid),
            time: self.time,
            latest: self.time,
            sequence: Some(u64::from(self.number) + 1),
            categories: std::array::from_fn(|at| match self.words[at].as_str() {
                "" => Cell::Absent,
                word => Cell::Is(Cow::Borrowed(word)),
            }),
            change: Some(u64::from(self.number / 5) + 1),
            version: Some(1),
            resource: Cell::Is(Cow::Borrowed(&self.resource)),
            opened_at: self.review.map(|review| review.0),
            decided_at: self.review.map(|review| review.1),
        }
    }
}
