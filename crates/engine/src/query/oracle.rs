//! The questions answered the plainest way, over whole records in a vector: what the answers in columns are held to. And
//! the histories, numbered, that they are tried on.

use super::decision::TimeToDecision;
use super::{Choice, Column, Edges, Filter, Histogram, Keep, Sorting, Span, Term};
use crate::row::{Category, Cell, Row};
use crate::store::{Appended, Place, RowId, Store};
use oversight::generated::Generator;
use oversight::missing::Missing;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Records with their ids, in order of time.
#[derive(Debug, Clone, Default)]
pub struct Oracle {
    pub rows: Vec<(RowId, Row<'static>)>,
}

pub type CellWords = [Cell<'static>; 3];

impl Oracle {
    /// What of a history is kept.
    pub fn of(history: &[Row<'static>]) -> Oracle {
        let mut rows: Vec<(RowId, Row<'static>)> = Vec::new();
        for row in history {
            if rows.iter().all(|(_, other)| other.uid != row.uid) {
                rows.push((rows.len() as u32, row.clone()));
            }
        }
        rows.sort_by_key(|(_, row)| (row.time, row.sequence.is_none(), row.sequence));
        Oracle { rows }
    }

    pub fn within(&self, filter: &Filter, span: Span, cell: Option<&CellWords>) -> Oracle {
        let keeps = |(_, row): &&(RowId, Row<'static>)| {
            span.from.is_none_or(|from| row.time >= from)
                && span.to.is_none_or(|to| row.time < to)
                && lets_through(filter, row)
                && cell.is_none_or(|cell| cell_of(row) == *cell)
        };
        Oracle { rows: self.rows.iter().filter(keeps).cloned().collect() }
    }

    pub fn ids(&self) -> Vec<RowId> {
        self.rows.iter().map(|(id, _)| *id).collect()
    }

    pub fn counts(&self, category: Category) -> BTreeMap<String, u32> {
        let mut counts = BTreeMap::new();
        for (_, row) in &self.rows {
            *counts.entry(format!("{:?}", row.categories[category as usize])).or_default() += 1;
        }
        counts
    }

    pub fn cells(&self) -> BTreeMap<String, u32> {
        let mut counts = BTreeMap::new();
        for (_, row) in &self.rows {
            *counts.entry(format!("{:?}", cell_of(row))).or_default() += 1;
        }
        counts
    }

    pub fn histogram(&self, histogram: &Histogram) -> Vec<u32> {
        bins(self.rows.iter().map(|(_, row)| row.time), histogram)
    }

    /// By uid.
    pub fn page(&self, sorting: Sorting, offset: usize, limit: usize) -> Vec<String> {
        let mut rows = self.rows.clone();
        if sorting.by == Column::Time {
            if sorting.descending {
                rows.reverse();
            }
        } else {
            rows.sort_by(|(_, a), (_, b)| by_column(a, b, sorting));
        }
        rows.iter().skip(offset).take(limit).map(|(_, row)| row.uid.to_string()).collect()
    }

    /// `all` has every record, this one those of the scope.
    pub fn time_to_decision(&self, all: &Oracle, probabilities: &[f64], edges: &Edges) -> TimeToDecision {
        let mut answer = TimeToDecision::default();
        let mut waits = Vec::new();
        let mut versions: Vec<(u64, Option<u32>)> =
            all.rows.iter().filter_map(|(_, row)| Some((row.change?, row.version))).collect();
        versions.sort_unstable();
        versions.dedup();
        for version in versions {
            let of = |rows: &Oracle, kinds: &[&str], decision: &str| -> Vec<Row<'static>> {
                let is = |row: &&Row<'static>| {
                    row.change == Some(version.0)
                        && row.version == version.1
                        && kinds.contains(&word(row, Category::Kind))
                        && (decision.is_empty() || word(row, Category::ReviewDecision) == decision)
                };
                rows.rows.iter().map(|(_, row)| row).filter(is).cloned().collect()
            };
            let openings = of(all, &["proposal", "amendment"], "");
            let Some(opening) = openings.first() else { continue };
            if self.rows.iter().all(|(_, row)| row.uid != opening.uid) {
                continue;
            }
            let decided = |review: &Row<'_>| review.decided_at.unwrap_or(review.time);
            let rejection = of(all, &["review"], "reject").iter().map(decided).min();
            let approval = of(all, &["review"], "approve").iter().map(decided).max();
            let has = |kinds: &[&str]| !of(all, kinds, "").is_empty();
            let used = has(&["redemption", "lapse", "revocation", "execution", "verification", "rollback"]);
            let policy = of(all, &["policy_decision"], "");
            let policy = policy.first().map_or("", |row| word(row, Category::PolicyDecision));
            let decision = match (rejection, approval) {
                (Some(at), _) => Some(at),
                (None, _) if has(&["break_glass"]) => None,
                (None, at) => at.filter(|_| used),
            };
            let kind = if let Some(at) = decision {
                let wait = i128::from(at) - i128::from(opening.time);
                if (0..=i128::from(i64::MAX)).contains(&wait) {
                    waits.push(wait as i64);
                    0
                } else {
                    5
                }
            } else if has(&["break_glass"]) {
                2
            } else if approval.is_none() && ["allow", "deny"].contains(&policy) {
                1
            } else if used {
                5
            } else if has(&["expiry", "cancellation"]) || (has(&["supersession"]) && approval.is_none()) {
                4
            } else if approval.is_some() {
                5
            } else {
                3
            };
            answer.outcomes[kind] += 1;
        }
        waits.sort_unstable();
        answer.quantiles = probabilities
            .iter()
            .map(|probability| {
                let enough = |at: &&i64| {
                    waits.iter().filter(|wait| wait <= at).count() as f64 >= probability * waits.len() as f64
                };
                waits.iter().find(enough).copied()
            })
            .collect();
        let within = |low: Option<&i64>, high: Option<&i64>| {
            waits
                .iter()
                .filter(|&wait| low.is_none_or(|low| low <= wait) && high.is_none_or(|high| wait < high))
                .count()
        };
        let edges = edges.as_slice();
        let lows = std::iter::once(None).chain(edges.iter().map(Some));
        let highs = edges.iter().map(Some).chain([None]);
        answer.histogram = lows.zip(highs).map(|(low, high)| within(low, high) as u32).collect();
        answer
    }
}

/// Whether terms and text let a record through.
pub fn lets_through(filter: &Filter, row: &Row<'static>) -> bool {
    let text = filter.text.to_lowercase();
    let word = |cell: &Cell<'_>| if let Cell::Is(word) = cell { word.to_lowercase() } else { String::new() };
    let texts = [
        row.uid.to_lowercase(),
        word(&row.resource),
        word(&row.categories[Category::Service as usize]),
        word(&row.categories[Category::Operation as usize]),
        word(&row.categories[Category::Agent as usize]),
        word(&row.categories[Category::Actor as usize]),
    ];
    let chosen = |choice: &Choice| choice.values.contains(&row.resource) == (choice.keep == Keep::Only);
    filter
        .terms
        .iter()
        .all(|term| term.values.contains(&row.categories[term.category as usize]) == (term.keep == Keep::Only))
        && filter.change.is_none_or(|change| row.change == Some(change))
        && filter.resource.as_ref().is_none_or(chosen)
        && (text.is_empty() || texts.iter().any(|hay| hay.contains(&text)))
}

pub fn word<'a>(row: &'a Row<'_>, category: Category) -> &'a str {
    if let Cell::Is(word) = &row.categories[category as usize] { word } else { "" }
}

pub fn cell_of(row: &Row<'static>) -> CellWords {
    [Category::Agent, Category::Service, Category::AccessLevel]
        .map(|category| row.categories[category as usize].clone())
}

/// By the formula as it stands in the definition, for each value by itself.
fn bins(values: impl Iterator<Item = i64>, histogram: &Histogram) -> Vec<u32> {
    let mut counts = vec![0; histogram.bins as usize];
    for value in values.filter(|&value| histogram.from <= value && value < histogram.to) {
        let whole = i128::from(histogram.to) - i128::from(histogram.from);
        let at = (i128::from(value) - i128::from(histogram.from)) * i128::from(histogram.bins) / whole;
        if let Some(count) = counts.get_mut(at as usize) {
            *count += 1;
        }
    }
    counts
}

fn by_column(a: &Row<'_>, b: &Row<'_>, sorting: Sorting) -> Ordering {
    fn missing(cell: &Cell<'_>) -> u8 {
        match cell {
            Cell::Absent => 1,
            Cell::Missing(Missing::NotRecorded) => 2,
            Cell::Missing(Missing::Redacted) => 3,
            Cell::Missing(Missing::Unobserved) => 4,
            Cell::Missing(Missing::Unknown) => 5,
            Cell::Is(_) => 0,
        }
    }
    let directed = |order: Ordering| if sorting.descending { order.reverse() } else { order };
    let cells = |a: &Cell<'_>, b: &Cell<'_>| match (a, b) {
        (Cell::Is(a), Cell::Is(b)) => directed(a.cmp(b)),
        _ => missing(a).cmp(&missing(b)),
    };
    fn numbers<T: Ord>(a: Option<T>, b: Option<T>, directed: impl Fn(Ordering) -> Ordering) -> Ordering {
        match (&a, &b) {
            (Some(a), Some(b)) => directed(a.cmp(b)),
            _ => a.is_none().cmp(&b.is_none()),
        }
    }
    match sorting.by {
        Column::Time => directed(a.time.cmp(&b.time)),
        Column::Latest => directed(a.latest.cmp(&b.latest)),
        Column::Uid => directed(a.uid.cmp(&b.uid)),
        Column::Sequence => numbers(a.sequence, b.sequence, directed),
        Column::Change => numbers(a.change, b.change, directed),
        Column::Version => numbers(a.version, b.version, directed),
        Column::OpenedAt => numbers(a.opened_at, b.opened_at, directed),
        Column::DecidedAt => numbers(a.decided_at, b.decided_at, directed),
        Column::Resource => cells(&a.resource, &b.resource),
        Column::Category(category) => cells(&a.categories[category as usize], &b.categories[category as usize]),
    }
}

const MISSING: [Missing; 4] = [Missing::NotRecorded, Missing::Redacted, Missing::Unobserved, Missing::Unknown];

fn any_cell(generator: &mut Generator, prefix: &str, words: usize) -> Cell<'static> {
    match generator.below(12) {
        0 => Cell::Absent,
        1 => Cell::Missing(*generator.pick(&MISSING)),
        _ => Cell::Is(format!("{prefix}{}", generator.below(words)).into()),
    }
}

/// How times follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coming {
    InOrder,
    Reversed,
    Anyhow,
    MostlyInOrder,
    OverAllTime,
}

/// Records as they might come: with ties, repeats, late ones, missing values of each kind, and changes that go all ways.
pub fn history(generator: &mut Generator, len: usize) -> Vec<Row<'static>> {
    use Coming::{Anyhow, InOrder, MostlyInOrder, OverAllTime, Reversed};
    let coming = *generator.pick(&[InOrder, Reversed, Anyhow, MostlyInOrder, OverAllTime]);
    let operations = *generator.pick(&[3, 40, 600]);
    let mut rows: Vec<Row<'static>> = Vec::new();
    for at in 0..len {
        if !rows.is_empty() && generator.one_in(25) {
            let again = Row { uid: generator.pick(&rows).uid.clone(), ..rows[rows.len() - 1].clone() };
            rows.push(again);
            continue;
        }
        let step = at as i64 / 2;
        let time = match coming {
            InOrder => step,
            Reversed => len as i64 - step,
            Anyhow => generator.below(len) as i64,
            MostlyInOrder => step - if generator.one_in(20) { generator.below(len) as i64 } else { 0 },
            OverAllTime => *generator.pick(&[i64::MIN, i64::MAX, 0, -1, generator.clone().number() as i64]),
        };
        let mut row = Row {
            uid: format!("{}-{at:05}", generator.pick(&["evt", "évt", "EVT-00000000"])).into(),
            time,
            latest: if generator.one_in(8) { time.saturating_add(generator.below(90) as i64) } else { time },
            sequence: (!generator.one_in(4)).then(|| generator.below(len) as u64),
            categories: std::array::from_fn(|_| any_cell(generator, "word", 4)),
            change: (!generator.one_in(5)).then(|| 1 + generator.below(len / 6 + 1) as u64),
            version: (!generator.one_in(30)).then(|| 1 + generator.below(2) as u32),
            resource: any_cell(generator, "arn:aws:s3:::Bucket-", 30),
            opened_at: generator.one_in(5).then(|| time.saturating_sub(generator.below(20) as i64)),
            decided_at: generator.one_in(3).then(|| time.saturating_add(generator.below(9) as i64 - 4)),
        };
        let kinds = [
            ["proposal", "proposal", "proposal", "amendment", "policy_decision", "review", "review", "review"],
            ["proposal", "redemption", "execution", "expiry", "supersession", "break_glass", "cancellation", "lapse"],
            ["execution", "verification", "rollback", "ratification", "pause", "resume", "break_glass", "revocation"],
        ];
        let kinds = kinds[*generator.pick(&[0, 0, 0, 0, 1, 2])];
        fn word(word: &&'static str) -> Cell<'static> {
            Cell::Is((*word).into())
        }
        row.categories[Category::Kind as usize] = word(generator.pick(&kinds));
        row.categories[Category::Operation as usize] = any_cell(generator, "Op", operations);
        if generator.one_in(2) {
            row.categories[Category::Tier as usize] = word(generator.pick(&["low", "moderate", "critical", "unknown"]));
        }
        if !generator.one_in(5) {
            row.categories[Category::ReviewDecision as usize] = word(generator.pick(&["approve", "approve", "reject"]));
            row.categories[Category::PolicyDecision as usize] =
                word(generator.pick(&["allow", "deny", "needs_review", "needs_review"]));
        }
        rows.push(row);
    }
    rows
}

pub fn filter(generator: &mut Generator) -> Filter {
    let terms = (0..generator.below(3)).map(|_| {
        let category = *generator.pick(&Category::ALL);
        let mut value = || match (category, generator.below(4)) {
            (_, 0) => any_cell(generator, "nowhere", 2),
            (Category::Kind, _) => Cell::Is((*generator.pick(&["proposal", "review", "amendment"])).into()),
            (Category::Operation, _) => any_cell(generator, "Op", 40),
            _ => any_cell(generator, "word", 4),
        };
        let values = (0..3).map(|_| value()).collect();
        Term { category, values, keep: *generator.pick(&[Keep::Only, Keep::Without]) }
    });
    let terms = terms.collect();
    let texts = ["", "", "", "BUCKET-1", "op2", "evt-0000", "ÉVT", "word3", "nowhere", "-"];
    let resource = generator.one_in(4).then(|| Choice {
        values: (0..3).map(|_| any_cell(generator, "arn:aws:s3:::Bucket-", 30)).collect(),
        keep: *generator.pick(&[Keep::Only, Keep::Without]),
    });
    Filter {
        terms,
        text: (*generator.pick(&texts)).to_owned(),
        change: generator.one_in(5).then(|| 1 + generator.below(12) as u64),
        resource,
        figure: None,
    }
}

pub fn span(generator: &mut Generator, oracle: &Oracle) -> Span {
    let mut edge = || match generator.below(6) {
        0 => None,
        1 => Some(generator.below(400) as i64 - 20),
        _ if oracle.rows.is_empty() => Some(0),
        _ => Some(generator.pick(&oracle.rows).1.time.saturating_add(generator.below(3) as i64 - 1)),
    };
    Span { from: edge(), to: edge() }
}

/// Edges between waits as histories have them.
pub fn edges_of(generator: &mut Generator) -> Edges {
    let mut edges: Vec<i64> = (0..generator.below(6)).map(|_| generator.below(300) as i64 - 10).collect();
    edges.sort_unstable();
    edges.dedup();
    Edges::try_from(edges).unwrap()
}

pub fn bins_of(generator: &mut Generator, oracle: &Oracle) -> Histogram {
    let span = span(generator, oracle);
    let bins = *generator.pick(&[0, 1, 7, 60]);
    Histogram { from: span.from.unwrap_or(i64::MIN), to: span.to.unwrap_or(i64::MAX), bins }
}

/// Where the record of the `at`-th row of a history stands.
pub fn place(at: usize) -> Place {
    Place { offset: at as u64 * 359, length: at as u32 % 700 }
}

/// Appends rows as they come; gives how many were repeats.
pub fn append(store: &mut Store, history: &[Row<'static>]) -> u64 {
    let mut repeated = 0;
    for row in history {
        match store.append(row, place(store.len() as usize)) {
            Appended::Added(id) => assert_eq!(id + 1, store.len()),
            Appended::Repeated(_) => repeated += 1,
            Appended::Full => panic!("a small store is full"),
        }
    }
    repeated
}
