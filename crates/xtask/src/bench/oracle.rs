//! What every engine has to answer: counted here one record after the other, from what the records were made of. The
//! text that an answer is hashed as is defined here, and again for the pages in `crates/xtask/bench/pages/hash.mjs`.

use std::fmt::Write;

use super::records::{Fact, Records};
use super::spans::{Span, spans};
use super::words::{AGENTS, KINDS, LEVELS, SERVICES, TIERS};

/// Bins of the timeline.
pub const BINS: usize = 180;

/// An answer as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Records within the span.
    pub rows: u64,
    /// [`fnv`] of the answer's text, 16 hexadecimal digits.
    pub hash: String,
}

/// The questions and their answers.
#[derive(Debug)]
pub struct Oracle {
    /// Of all records.
    pub whole: Expected,
    pub spans: Vec<Span>,
    /// Of each span.
    pub brushed: Vec<Expected>,
}

impl Oracle {
    pub fn new(rows: u32) -> Oracle {
        let facts: Vec<Fact> = Records::new(rows).map(|record| record.fact).collect();
        let first = facts.first().map_or(0, |fact| fact.time);
        let whole = Span { from: first, to: facts.last().map_or(first, |fact| fact.time) };
        let spans = spans(Span { from: whole.from, to: whole.to + 1 });
        let brushed = spans
            .iter()
            .map(|span| {
                let place = |time: i64| facts.partition_point(|fact| fact.time < time);
                answer(&facts[place(span.from)..place(span.to)], whole)
            })
            .collect();
        Oracle { whole: answer(&facts, whole), spans, brushed }
    }

    /// Of all brushes together: the hash of `rows`, tab, hash, line feed of each.
    pub fn brushed_hash(answers: &[Expected]) -> String {
        let lines = answers.iter().fold(String::new(), |mut lines, answer| {
            let _ = writeln!(lines, "{}\t{}", answer.rows, answer.hash);
            lines
        });
        hex(fnv(lines.as_bytes()))
    }
}

fn answer(facts: &[Fact], whole: Span) -> Expected {
    Expected { rows: facts.len() as u64, hash: hex(fnv(text(facts, whole).as_bytes())) }
}

/// The linked views as text: the heatmap's cells that have records, every bin of the timeline, and the words that have
/// records, each view under its name. The timeline's bins are of equal width over the whole span, from the first
/// record's microsecond to the one after the last's: an instant is in bin ⌊(instant − first) × bins / width⌋.
fn text(facts: &[Fact], whole: Span) -> String {
    let mut cells = vec![0_u32; AGENTS.len() * SERVICES.len() * LEVELS.len()];
    let mut bins = [0_u32; BINS];
    let mut agents = [0_u32; AGENTS.len()];
    let mut services = [0_u32; SERVICES.len()];
    let mut tiers = [0_u32; TIERS.len()];
    let mut kinds = [0_u32; KINDS.len()];
    let width = (whole.to - whole.from) * 1_000 + 1;
    for fact in facts {
        let [agent, service, level] = [fact.agent, fact.service, fact.level].map(usize::from);
        cells[(agent * SERVICES.len() + service) * LEVELS.len() + level] += 1;
        bins[((fact.time - whole.from) * 1_000 * BINS as i64 / width) as usize] += 1;
        agents[agent] += 1;
        services[service] += 1;
        tiers[usize::from(fact.tier)] += 1;
        kinds[usize::from(fact.kind)] += 1;
    }
    let mut heatmap = Vec::new();
    for (at, count) in cells.iter().enumerate().filter(|(_, count)| **count > 0) {
        let (pair, level) = (at / LEVELS.len(), LEVELS[at % LEVELS.len()].0);
        let (agent, service) = (AGENTS[pair / SERVICES.len()].0, SERVICES[pair % SERVICES.len()].0);
        heatmap.push(format!("{agent}\t{service}\t{level}\t{count}\n"));
    }
    heatmap.sort_unstable();
    let histogram: Vec<String> = bins.iter().enumerate().map(|(at, count)| format!("{at}\t{count}\n")).collect();
    let views = [
        ("heatmap", heatmap),
        ("histogram", histogram),
        ("agent", category(&AGENTS.map(|agent| agent.0), &agents)),
        ("service", category(&SERVICES.map(|service| service.0), &services)),
        ("tier", category(&TIERS.map(|tier| tier.0), &tiers)),
        ("kind", category(&KINDS, &kinds)),
    ];
    views.into_iter().map(|(name, lines)| format!("{name}\n{}", lines.concat())).collect()
}

fn category(words: &[&str], counts: &[u32]) -> Vec<String> {
    let with_records = words.iter().zip(counts).filter(|(_, count)| **count > 0);
    let mut lines: Vec<String> = with_records.map(|(word, count)| format!("{word}\t{count}\n")).collect();
    lines.sort_unstable();
    lines
}

/// FNV-1a of 64 bits (Fowler, Noll and Vo; RFC 9923).
pub fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

pub fn hex(hash: u64) -> String {
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use engine::ingest::{Check, Ingest, Place, Reject, Sink};
    use engine::query::{self, Histogram, Scope, Selection};
    use engine::row::{Category, Row};
    use engine::store::{self, Store};

    use super::*;
    use crate::bench::records;

    #[test]
    fn the_hash_is_the_published_one() {
        for (text, expected) in [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")] {
            assert_eq!(hex(fnv(text.as_bytes())), expected);
        }
    }

    #[test]
    fn an_answer_is_written_line_by_line() {
        let fact = |time, agent, level| Fact { time, agent, service: 1, level, tier: 0, kind: 0 };
        let whole = Span { from: 1_000, to: 1_179 };
        let text = text(&[fact(1_000, 1, 0), fact(1_001, 0, 0), fact(1_179, 1, 0)], whole);
        let bins: String = (0..BINS).map(|at| format!("{at}\t{}\n", u32::from([0, 1, 179].contains(&at)))).collect();
        assert_eq!(
            text,
            format!(
                "heatmap\ncost-saver\ts3\tread\t2\ndeployer\ts3\tread\t1\nhistogram\n{bins}\
                 agent\ncost-saver\t2\ndeployer\t1\nservice\ns3\t3\ntier\nlow\t3\nkind\nexecution\t3\n"
            )
        );
    }

    struct Into(Store);

    impl Sink for Into {
        fn row(&mut self, row: Row<'_>, place: Place) {
            self.0.append(&row, store::Place { offset: place.offset, length: 359 });
        }
        fn quarantined(&mut self, reject: Reject) {
            panic!("{}", reject.fault);
        }
    }

    /// The engine that the app asks, from the bytes, against what they were made of.
    #[test]
    fn the_engine_answers_the_same() {
        let rows = 20_000;
        let oracle = Oracle::new(rows);
        let mut bytes = Vec::new();
        records::write(records::Records::new(rows), &mut bytes).expect("written");
        let (mut ingest, mut into) = (Ingest::new(Check::Off), Into(Store::seeded(1)));
        ingest.feed(&bytes, &mut into);
        ingest.finish(&mut into);
        let view = into.0.view();
        let selection = Selection::of(&view, query::Filter::default());
        let (first, last) = (view.time(view.at(0)), view.time(view.at(view.len() - 1)));
        let bins = Histogram { from: first, to: last + 1, bins: BINS as u32 };
        let ask = |span: query::Span| {
            let scope = Scope::new(&selection, span);
            let word = |category: Category, code: u32| view.words(category).word(code).expect("a word").to_owned();
            let cells = query::cells(&view, &scope);
            let mut heatmap: Vec<String> = cells
                .value
                .iter()
                .map(|cell| {
                    let [agent, service, level] = [
                        word(Category::Agent, cell.key.agent),
                        word(Category::Service, cell.key.service),
                        word(Category::AccessLevel, cell.key.access_level),
                    ];
                    format!("{agent}\t{service}\t{level}\t{}\n", cell.count)
                })
                .collect();
            heatmap.sort();
            let timeline = query::histogram(&view, &scope, &bins).value;
            let mut text = format!("heatmap\n{}histogram\n", heatmap.concat());
            timeline.iter().enumerate().for_each(|(at, count)| text += &format!("{at}\t{count}\n"));
            for (name, category) in [
                ("agent", Category::Agent),
                ("service", Category::Service),
                ("tier", Category::Tier),
                ("kind", Category::Kind),
            ] {
                let counts = query::top(&view, &scope, category, usize::MAX).value.words;
                let mut lines: Vec<String> =
                    counts.iter().map(|(code, count)| format!("{}\t{count}\n", word(category, *code))).collect();
                lines.sort();
                text += &format!("{name}\n{}", lines.concat());
            }
            Expected { rows: cells.of.into(), hash: hex(fnv(text.as_bytes())) }
        };
        assert_eq!(ask(query::Span::ALL), oracle.whole);
        for (span, expected) in oracle.spans.iter().zip(&oracle.brushed) {
            assert_eq!(&ask(query::Span::of(span.from * 1_000, span.to * 1_000)), expected, "{span:?}");
        }
        assert!(oracle.brushed.iter().all(|answer| answer.rows > 0 && answer.rows < u64::from(rows)));
    }
}
