//! The filters of the trail in words: which are set and what the query is without each, values of a column, spans of
//! time by name, and what a reader types into a field. Pure; the fields themselves are `filter_bar` and `facets`.

use super::asked::{parameter, with_more, with_parameter};
use super::sorting;
use crate::choice;
use crate::paths::RecordQuery;
use crate::words::{self, Zone};
use engine::query::{Choice, Keep};
use engine::row::{Category, Cell};
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

/// The reader's word for a category.
pub fn category_words(category: Category) -> &'static str {
    sorting::label(category.name()).unwrap_or_default()
}

/// Whether its words are those of one of the domain's lists, not a source's own.
fn has_list(category: Category) -> bool {
    use Category::{AccessLevel, Environment, Kind, Outcome, PolicyDecision, Reversibility, ReviewDecision, Tier};
    matches!(
        category,
        AccessLevel | Environment | Kind | Outcome | PolicyDecision | Reversibility | ReviewDecision | Tier
    )
}

/// A value as outside text; a kind of missing says that it is one, since a list may have the same word.
pub fn value_words(category: Option<Category>, cell: &Cell<'_>) -> String {
    match cell {
        Cell::Is(word) if word.is_empty() => "an empty word".to_owned(),
        Cell::Is(word) if category.is_some_and(has_list) => word.replace('_', " "),
        Cell::Is(word) => word.to_string(),
        Cell::Absent => "absent".to_owned(),
        Cell::Missing(why) => format!("missing: {}", why.words()),
    }
}

fn choice_words(category: Option<Category>, choice: &Choice) -> String {
    let values: Vec<String> = choice.values.iter().map(|cell| value_words(category, cell)).collect();
    let not = if choice.keep == Keep::Without { "all but " } else { "" };
    format!("{not}{}", values.join(" or "))
}

/// Every filter that is set, in the order of the fields; the order of the rows last.
pub fn active(query: &RecordQuery, zone: Zone) -> Vec<Active> {
    let time = |text: &str| match text.parse::<Instant>() {
        Ok(at) => words::date_time_zoned(at, zone),
        Err(_) => text.to_owned(),
    };
    let more = |name: &str| query.more.get(name).cloned().unwrap_or_default();
    let without = |name: &'static str| with_more(query.clone(), name, String::new());
    let mut all = vec![("text", query.q.clone(), RecordQuery { q: String::new(), ..without("search") })];
    all.extend(Category::ALL.into_iter().map(|category| {
        let choice = choice::read(parameter(query, category));
        let value = choice.map(|choice| choice_words(Some(category), &choice)).unwrap_or_default();
        (category_words(category), value, with_parameter(query.clone(), category, String::new()))
    }));
    let resource = choice::read(&more("resource"));
    let order = more("sort");
    all.extend([
        ("target", resource.map(|choice| choice_words(None, &choice)).unwrap_or_default(), without("resource")),
        ("change", query.change.clone(), RecordQuery { change: String::new(), ..query.clone() }),
        ("behind the figure", more("figure"), without("figure")),
        ("since", time(&query.since), RecordQuery { since: String::new(), ..query.clone() }),
        ("until", time(&query.until), RecordQuery { until: String::new(), ..query.clone() }),
        ("order", sorting::read(&order).map_or(order, sorting::words), without("sort")),
    ]);
    all.into_iter()
        .filter(|(_, value, _)| !value.is_empty())
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
                ("kind", "break glass or review"),
                ("agent", "a\u{202e}b"),
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
    fn values_are_said_with_what_kind_of_nothing_they_are() {
        for (name, parameter, said) in [
            ("tier", "unknown", ("risk tier", "unknown")),
            ("tier", "!unknown", ("risk tier", "missing: unknown")),
            ("access_level", "permissions_management", ("access level", "permissions management")),
            ("operation", "a_b", ("operation", "a_b")),
            ("account", "~!absent,12", ("account", "all but absent or 12")),
            ("region", "\\0", ("region", "an empty word")),
            ("resource", "!redacted", ("target", "missing: redacted")),
            ("figure", "ran-alone", ("behind the figure", "ran-alone")),
            ("sort", "-operation", ("order", "by operation, Z first")),
            ("sort", "weather", ("order", "weather")),
        ] {
            let query = with_more(RecordQuery::default(), name, parameter.to_owned());
            let chips = active(&query, Zone::Utc);
            let chip = chips.first().unwrap();
            assert_eq!(((chip.name, chip.value.as_str()), chips.len()), (said, 1));
            assert_eq!(chip.without, RecordQuery::default());
        }
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
