//! The comparison's records: native audit records as NDJSON, the same bytes on every machine, written as the endpoint
//! writes them. Their words are in `words`; what is to come out when they are counted, in `oracle`.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::words::{AGENTS, ENVIRONMENTS, KINDS, LEVELS, OUTCOMES, REGIONS, SERVICES, TIERS};

/// 2026-01-01T00:00:00Z, in milliseconds since 1970.
pub const START: i64 = 1_767_225_600_000;
const HOUR: u64 = 3_600_000;
const HOURS: usize = 90 * 24;
const SEED: u64 = 0x0c0f_fee5;
/// Steps within an hour that a record may stand at, for each unit of the hour's weight.
const FINE: u64 = 1_000;

/// What the linked views count of a record: its instant, and its words as places in the lists of `words`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Milliseconds since 1970.
    pub time: i64,
    pub agent: u8,
    pub service: u8,
    pub level: u8,
    pub tier: u8,
    pub kind: u8,
}

/// The records in order of time.
pub struct Records {
    rows: u32,
    next: u32,
    numbers: Numbers,
    clock: Clock,
}

impl Records {
    pub fn new(rows: u32) -> Records {
        Records { rows, next: 0, numbers: Numbers(SEED), clock: Clock::new() }
    }
}

impl Iterator for Records {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.next == self.rows {
            return None;
        }
        let numbers = &mut self.numbers;
        let time = self.clock.time(self.next, self.rows, numbers.below(FINE));
        let agent = numbers.skewed(AGENTS.len());
        // Each agent has services of its own that it mostly works on.
        let service = (agent * 7 + numbers.skewed(SERVICES.len())) % SERVICES.len();
        let level = numbers.weighted(&LEVELS.map(|level| level.2));
        let tier = numbers.weighted(&TIERS.map(|tier| tier.1));
        let kind = match numbers.below(100) {
            other @ 0..50 => 1 + other as usize / 2,
            _ => 0,
        };
        let fact = Fact {
            time,
            agent: agent as u8,
            service: service as u8,
            level: level as u8,
            tier: tier as u8,
            kind: kind as u8,
        };
        let record = Record {
            number: self.next,
            fact,
            environment: numbers.weighted(&ENVIRONMENTS.map(|environment| environment.1)),
            outcome: numbers.weighted(&OUTCOMES.map(|outcome| outcome.1)),
            region: numbers.below(REGIONS.len() as u64) as usize,
            account: numbers.below(12),
            resource: numbers.below(20_000),
        };
        self.next += 1;
        Some(record)
    }
}

pub struct Record {
    number: u32,
    pub fact: Fact,
    environment: usize,
    outcome: usize,
    region: usize,
    account: u64,
    resource: u64,
}

impl Record {
    /// Its line, with the line feed: every object's members in the order of their names, no white space.
    ///
    /// # Errors
    /// The writer's.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let fact = self.fact;
        let (level, verb, _) = LEVELS[usize::from(fact.level)];
        let (service, noun) = SERVICES[usize::from(fact.service)];
        let (agent, name) = AGENTS[usize::from(fact.agent)];
        write!(
            out,
            concat!(
                r#"{{"action":{{"access_level":"{}","operation":"{}{}","service":"{}"}},"agent":{{"name":"{}","uid":"{}"}},"#,
                r#""change_id":"CH-{}","kind":"{}","outcome":{{"status":"{}"}},"#,
            ),
            level,
            verb,
            noun,
            service,
            name,
            agent,
            self.number / 6 + 1,
            KINDS[usize::from(fact.kind)],
            OUTCOMES[self.outcome].0,
        )?;
        writeln!(
            out,
            concat!(
                r#""resources":[{{"account":"4417209388{:02}","environment":"{}","region":"{}","uid":"r-{:05}"}}],"#,
                r#""risk":{{"reasons":[],"tier":"{}"}},"sequence":{},"time":"{}","uid":"{:08x}","version":1}}"#,
            ),
            self.account,
            ENVIRONMENTS[self.environment].0,
            REGIONS[self.region],
            self.resource,
            TIERS[usize::from(fact.tier)].0,
            self.number + 1,
            Stamp(fact.time),
            // An odd factor: no two numbers have the same.
            self.number.wrapping_mul(0x9e37_79b1),
        )
    }
}

/// Writes all records and the trailer, and says how many bytes that were.
///
/// # Errors
/// The writer's.
pub fn write(records: Records, out: &mut impl Write) -> io::Result<u64> {
    let rows = records.rows;
    let (mut line, mut hash, mut bytes) = (Vec::new(), Sha256::new(), 0);
    for record in records {
        line.clear();
        record.write(&mut line)?;
        hash.update(&line);
        bytes += line.len() as u64;
        out.write_all(&line)?;
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let trailer = format!("{{\"trailer\":{{\"rows\":{rows},\"sha256\":\"{digest}\"}}}}\n");
    out.write_all(trailer.as_bytes())?;
    Ok(bytes + trailer.len() as u64)
}

/// Milliseconds since 1970 as RFC 3339 in UTC, with a fraction where there is one.
pub struct Stamp(pub i64);

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (days, of_day) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        // Days by years that begin in March, so that the leap day is the last (Hinnant, chrono-compatible algorithms).
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let (hour, minute, second) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1_000 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match of_day % 1_000 {
            0 => write!(f, "Z"),
            millis => write!(f, ".{millis:03}Z"),
        }
    }
}

/// Spreads the records over the hours: more by day than by night, fewer at the end of a week.
struct Clock {
    /// Weight of all hours before each, and of all at the end.
    before: Vec<u64>,
    hour: usize,
}

impl Clock {
    fn new() -> Clock {
        let mut before = vec![0];
        for hour in 0..HOURS {
            let by_day = match hour % 24 {
                0..6 => 2,
                6..9 | 19..24 => 5,
                _ => 9,
            };
            // The first of January 2026 is a Thursday.
            let weekend = matches!(hour / 24 % 7, 2 | 3);
            before.push(before[hour] + if weekend { by_day / 2 } else { by_day });
        }
        Clock { before, hour: 0 }
    }

    /// When record `number` of `rows` is, where `fine` of [`FINE`] is its place between its neighbours. Asked in order.
    fn time(&mut self, number: u32, rows: u32, fine: u64) -> i64 {
        let all = self.before[HOURS] * FINE;
        let place = (u64::from(number) * all + fine * all / FINE) / u64::from(rows);
        while self.before[self.hour + 1] * FINE <= place {
            self.hour += 1;
        }
        let start = self.before[self.hour];
        let within = (place - start * FINE) * HOUR / ((self.before[self.hour + 1] - start) * FINE);
        START + (self.hour as u64 * HOUR + within) as i64
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Numbers(pub u64);

impl Numbers {
    /// From 0, below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    /// A place of a list in which the first are the most frequent: the smaller of two.
    fn skewed(&mut self, len: usize) -> usize {
        let len = len as u64;
        self.below(len).min(self.below(len)) as usize
    }

    fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().map(|weight| u64::from(*weight)).sum());
        let within = |weight: &u32| {
            let weight = u64::from(*weight);
            let here = left < weight;
            left = left.wrapping_sub(weight);
            here
        };
        weights.iter().position(within).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use engine::ingest::{Check, Ending, Ingest, Place, Reject, Sink};
    use engine::row::{Category, Cell, Row};

    use super::*;

    const ROWS: u32 = 20_000;

    #[derive(Default)]
    struct Rows {
        last: i64,
        facts: Vec<Fact>,
    }

    impl Sink for Rows {
        fn row(&mut self, row: Row<'_>, _: Place) {
            assert!(self.last <= row.time, "out of order: {}", row.uid);
            self.last = row.time;
            let place = |category: Category, words: &[&str]| match &row.categories[category as usize] {
                Cell::Is(word) => words.iter().position(|known| known == word).expect("a word of the list") as u8,
                other => panic!("{category:?} of {} is {other:?}", row.uid),
            };
            self.facts.push(Fact {
                time: row.time / 1_000,
                agent: place(Category::Agent, &AGENTS.map(|agent| agent.0)),
                service: place(Category::Service, &SERVICES.map(|service| service.0)),
                level: place(Category::AccessLevel, &LEVELS.map(|level| level.0)),
                tier: place(Category::Tier, &TIERS.map(|tier| tier.0)),
                kind: place(Category::Kind, &KINDS),
            });
        }
        fn quarantined(&mut self, reject: Reject) {
            panic!("line {}: {}: {}", reject.place.line, reject.fault, reject.bytes.escape_ascii());
        }
    }

    #[test]
    fn the_scanner_takes_every_record_and_reads_what_was_meant() {
        let mut text = Vec::new();
        let bytes = write(Records::new(ROWS), &mut text).expect("written");
        assert_eq!(bytes, text.len() as u64);
        let (mut ingest, mut rows) = (Ingest::new(Check::Trailer), Rows::default());
        text.chunks(65_521).for_each(|chunk| ingest.feed(chunk, &mut rows));
        let summary = ingest.finish(&mut rows);
        assert_eq!(summary.ending, Ending::Whole);
        assert_eq!((summary.counts.rows, summary.counts.fast), (u64::from(ROWS), u64::from(ROWS)));
        assert!(rows.facts.iter().copied().eq(Records::new(ROWS).map(|record| record.fact)));
    }

    #[test]
    fn the_decoder_takes_every_kind_and_keeps_the_order_of_names() {
        let mut kinds = [false; KINDS.len()];
        for record in Records::new(2_000) {
            let mut line = Vec::new();
            record.write(&mut line).expect("written");
            let text = line.trim_ascii_end();
            let read = oversight::record::AuditRecord::read(text).expect("a record");
            assert_eq!(
                oversight::canonical::canonical(&read).expect("canonical").escape_ascii().to_string(),
                text.escape_ascii().to_string()
            );
            kinds[usize::from(record.fact.kind)] = true;
        }
        assert!(kinds.iter().all(|seen| *seen), "{kinds:?}");
    }

    #[test]
    fn they_are_as_many_and_as_long_as_was_said() {
        let mut text = Vec::new();
        let bytes = write(Records::new(ROWS), &mut text).expect("written");
        assert!((410 * u64::from(ROWS)..425 * u64::from(ROWS)).contains(&bytes), "{} a line", bytes / u64::from(ROWS));
        let facts: Vec<Fact> = Records::new(ROWS).map(|record| record.fact).collect();
        let days = (facts[facts.len() - 1].time - facts[0].time) as f64 / 86_400_000.0;
        assert!((89.9..=90.0).contains(&days), "{days} days");
        let share =
            |holds: &dyn Fn(&Fact) -> bool| facts.iter().filter(|fact| holds(fact)).count() as f64 / facts.len() as f64;
        assert!((0.47..0.53).contains(&share(&|fact| fact.kind == 0)));
        for kind in 1..KINDS.len() as u8 {
            assert!((0.01..0.03).contains(&share(&|fact| fact.kind == kind)), "{}", KINDS[usize::from(kind)]);
        }
        for agent in 0..AGENTS.len() as u8 {
            assert!(share(&|fact| fact.agent == agent) > 0.001);
        }
    }

    #[test]
    fn stamps_are_read_back_by_the_domain() {
        let mut numbers = Numbers(3);
        for number in 0..5_000 {
            let millis = if number % 3 == 0 { number * 86_400_000 } else { numbers.below(4_000_000_000_000) as i64 };
            let text = Stamp(millis).to_string();
            let read: oversight::time::Instant = text.parse().expect("a time");
            assert_eq!((read.unix_micros(), read.to_string()), (millis * 1_000, text));
        }
    }

    /// The comparison is of the same bytes on every machine, so they may not change unnoticed.
    #[test]
    fn the_bytes_are_known() {
        let mut text = Vec::new();
        write(Records::new(1_000), &mut text).expect("written");
        let trailer = text.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().expect("a last line");
        let expected = concat!(
            r#"{"trailer":{"rows":1000,"sha256":"#,
            r#""51159efdb597df1f0ab4d7813d444ddc0dab10f043c1e0a936ae82d9d2db48c8"}}"#
        );
        assert_eq!(String::from_utf8_lossy(trailer), expected);
    }
}
