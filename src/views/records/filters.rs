//! The filters of the trail in words: which are set and what the query is without each, spans of time by
//! name, and what a reader types into a field. Pure; the fields themselves are `filter_bar`.

use crate::paths::RecordQuery;
use crate::words::{self, Zone};
use oversight::id::ChangeId;
use oversight::time::Instant;

/// One filter that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    pub name: &'static str,
    /// What it is set to, as outside text.
    pub value: String,
    /// The same query without it.
    pub without: RecordQuery,
}

/// Every filter that is set, in the order of the fields.
pub fn active(query: &RecordQuery, zone: Zone) -> Vec<Active> {
    let time = |text: &str| match text.parse::<Instant>() {
        Ok(at) => words::date_time_zoned(at, zone),
        Err(_) => text.to_owned(),
    };
    let kinds = query.kind.split(',').map(|kind| kind.trim().replace('_', " ")).collect::<Vec<_>>().join(" or ");
    let all = [
        ("text", query.q.clone(), RecordQuery { q: String::new(), ..query.clone() }),
        ("agent", query.agent.clone(), RecordQuery { agent: String::new(), ..query.clone() }),
        ("service", query.service.clone(), RecordQuery { service: String::new(), ..query.clone() }),
        ("kind", kinds, RecordQuery { kind: String::new(), ..query.clone() }),
        ("change", query.change.clone(), RecordQuery { change: String::new(), ..query.clone() }),
        ("since", time(&query.since), RecordQuery { since: String::new(), ..query.clone() }),
        ("until", time(&query.until), RecordQuery { until: String::new(), ..query.clone() }),
    ];
    let set = |value: &str| !value.is_empty();
    all.into_iter()
        .filter(|(_, value, _)| set(value))
        .map(|(name, value, without)| Active { name, value, without })
        .collect()
}

/// Spans of time by name: what the address calls nothing, the reader's words, and how many seconds back.
pub const SPANS: [(&str, i64); 5] = [
    ("last hour", 3_600),
    ("last 24 hours", 86_400),
    ("last 7 days", 7 * 86_400),
    ("last 30 days", 30 * 86_400),
    ("last 365 days", 365 * 86_400),
];

/// Since when a span that ends `now` runs, for the address: cut to the minute, so that the link can be read.
pub fn since(seconds: i64, now: Instant) -> String {
    let micros = now.unix_micros();
    let cut = Instant::from_unix_micros(micros - micros.rem_euclid(60_000_000)).unwrap_or(now);
    cut.plus_seconds(-seconds).to_string()
}

/// An RFC 3339 time as a field of date and time takes it, in the zone that is shown; empty for anything else.
pub fn to_field(text: &str, zone: Zone) -> String {
    text.parse().map(|at| words::field(at, zone)).unwrap_or_default()
}

/// What stands in such a field, as RFC 3339 in UTC. Empty stays empty; what is no time is `None`.
pub fn from_field(text: &str, zone: Zone) -> Option<String> {
    let seconds = match text.len() {
        0 => return Some(String::new()),
        // To the minute, or to the second where a browser shows them.
        16 => ":00",
        19 => "",
        _ => return None,
    };
    let as_if_utc: Instant = format!("{text}{seconds}Z").parse().ok()?;
    Some(as_if_utc.plus_seconds(-i64::from(zone.seconds_east())).to_string())
}

/// The change that a reader means: `CH-12`, `ch-12` or `12`; empty for none.
pub fn change_typed(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let bare = text.strip_prefix("CH-").or_else(|| text.strip_prefix("ch-")).unwrap_or(text);
    let id: Result<ChangeId, _> = format!("CH-{bare}").parse();
    id.map(|id| id.to_string()).map_err(|_| "A change is CH- and a number, such as CH-12.")
}

/// How many are shown of how many, in words: `134 of 48 213 records`, `48 213 records`.
pub fn tally(matching: u64, in_log: u64, filtered: bool) -> String {
    if filtered && in_log >= matching {
        return format!("{} of {}", words::count(matching), words::counted(in_log, "record", "records"));
    }
    words::counted(matching, "record", "records")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_that_is_set_can_be_taken_away_alone() {
        let query = RecordQuery {
            since: "2026-10-01T00:00:00Z".into(),
            agent: "a\u{202e}b".into(),
            kind: "break_glass,review".into(),
            q: "dns".into(),
            quarantined: true,
            ..RecordQuery::default()
        };
        let chips = active(&query, Zone::Local(120));
        let shown: Vec<(&str, &str)> = chips.iter().map(|chip| (chip.name, chip.value.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("text", "dns"),
                ("agent", "a\u{202e}b"),
                ("kind", "break glass or review"),
                ("since", "2026-10-01 02:00:00 UTC+2"),
            ]
        );
        for chip in &chips {
            let left = active(&chip.without, Zone::Utc);
            assert_eq!(left.len(), 3);
            assert!(left.iter().all(|other| other.name != chip.name) && chip.without.quarantined);
        }
        assert_eq!(active(&RecordQuery { since: "soon".into(), ..Default::default() }, Zone::Utc)[0].value, "soon");
        assert!(active(&RecordQuery::default(), Zone::Utc).is_empty());
    }

    #[test]
    fn a_span_ends_now_and_is_cut_to_the_minute() {
        let now = "2026-03-14T09:26:53.589Z".parse().unwrap();
        assert_eq!(since(3_600, now), "2026-03-14T08:26:00Z");
        assert_eq!(since(SPANS[1].1, now), "2026-03-13T09:26:00Z");
    }

    #[test]
    fn a_field_of_time_reads_back_in_its_zone() {
        for (address, zone, field) in [
            ("2026-03-14T09:26:00Z", Zone::Utc, "2026-03-14T09:26"),
            ("2026-03-14T23:26:00Z", Zone::Local(120), "2026-03-15T01:26"),
            ("2026-03-14T01:00:00Z", Zone::Local(-210), "2026-03-13T21:30"),
            ("", Zone::Utc, ""),
        ] {
            assert_eq!(to_field(address, zone), field);
            assert_eq!(from_field(field, zone).as_deref(), Some(address));
        }
        assert_eq!(to_field("yesterday", Zone::Utc), "");
        assert_eq!(from_field("2026-02-30T00:00", Zone::Utc), None);
        assert_eq!(from_field("2026-03-14T09:26:30", Zone::Utc).as_deref(), Some("2026-03-14T09:26:30Z"));
    }

    #[test]
    fn a_change_may_be_typed_short() {
        for (typed, meant) in [("CH-12", "CH-12"), (" ch-12 ", "CH-12"), ("2041", "CH-2041"), ("", "")] {
            assert_eq!(change_typed(typed).as_deref(), Ok(meant));
        }
        for bad in ["CH-", "CH-0", "12a", "s3"] {
            assert!(change_typed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_count_says_what_it_is_of() {
        assert_eq!(tally(134, 48_213, true), "134 of 48\u{202f}213 records");
        assert_eq!(tally(1, 1, false), "1 record");
        // More matched than this page has heard of: it has not caught up, and claims nothing.
        assert_eq!(tally(12, 9, true), "12 records");
    }
}
