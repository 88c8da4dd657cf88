//! Instants in words: which zone, how exactly, how long until. Pure: the zone's offset and the present are
//! arguments. Counts and lengths of time as such are `ui::wording`.

use chrono::{DateTime, Datelike, FixedOffset, Offset, Timelike, Utc};
use oversight::time::{Instant, When};

pub use crate::ui::wording::{count, counted, initials, left, span};

/// Which zone times are shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    #[default]
    Utc,
    /// Minutes east of UTC, as the browser says at that moment.
    Local(i32),
}

impl Zone {
    fn offset(self) -> FixedOffset {
        match self {
            Zone::Utc => Utc.fix(),
            Zone::Local(minutes) => FixedOffset::east_opt(minutes * 60).unwrap_or(Utc.fix()),
        }
    }

    /// How far east of UTC; negative west of it.
    pub fn seconds_east(self) -> i32 {
        self.offset().local_minus_utc()
    }

    /// `UTC`, `UTC+2`, `UTC−3:30`.
    pub fn name(self) -> String {
        let minutes = self.seconds_east() / 60;
        if minutes == 0 {
            return "UTC".to_owned();
        }
        let sign = if minutes < 0 { '\u{2212}' } else { '+' };
        match (minutes.abs() / 60, minutes.abs() % 60) {
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
        }
    }
}

// From the numbers: chrono's format strings would bring a parser of them and the names of months into the page.

fn shown(at: Instant, zone: Zone) -> DateTime<FixedOffset> {
    at.moment().with_timezone(&zone.offset())
}

fn month_day(at: DateTime<FixedOffset>) -> String {
    format!("{:02}-{:02}", at.month(), at.day())
}

fn day(at: DateTime<FixedOffset>) -> String {
    format!("{:04}-{}", at.year(), month_day(at))
}

fn minutes(at: DateTime<FixedOffset>) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `14:11:32`.
pub fn clock(at: Instant, zone: Zone) -> String {
    let at = shown(at, zone);
    format!("{}:{:02}", minutes(at), at.second())
}

/// `14:11`.
pub fn clock_minutes(at: Instant, zone: Zone) -> String {
    minutes(shown(at, zone))
}

/// `14:11:32 UTC`.
pub fn clock_zoned(at: Instant, zone: Zone) -> String {
    format!("{} {}", clock(at, zone), zone.name())
}

/// `2026-10-02 14:11:32`.
pub fn date_time(at: Instant, zone: Zone) -> String {
    format!("{} {}", day(shown(at, zone)), clock(at, zone))
}

/// `2026-10-02 14:11:32 UTC`.
pub fn date_time_zoned(at: Instant, zone: Zone) -> String {
    format!("{} {}", date_time(at, zone), zone.name())
}

/// An instant as above, an imprecise time as `between … and …`.
pub fn when(at: When, zone: Zone) -> String {
    match at {
        When::At(at) => date_time(at, zone),
        When::Between { earliest, latest } => {
            format!("between {} and {}", date_time(earliest, zone), date_time(latest, zone))
        }
    }
}

/// The two ends of an imprecise time, for a table: the days, the second without a year that is the
/// first's, or day and times where both ends are on one day.
pub fn ends(earliest: Instant, latest: Instant, zone: Zone) -> String {
    let (from, to) = (shown(earliest, zone), shown(latest, zone));
    if from.date_naive() == to.date_naive() {
        return format!("{} {} … {}", day(from), minutes(from), minutes(to));
    }
    let end = if from.year() == to.year() { month_day(to) } else { day(to) };
    format!("{} … {end}", day(from))
}

/// `2026-10-02T14:11`, as a field of date and time takes it.
pub fn field(at: Instant, zone: Zone) -> String {
    let at = shown(at, zone);
    format!("{}T{}", day(at), minutes(at))
}

/// `14:11` today, `2026-10-02 14:11` on another day.
pub fn near(at: Instant, now: Instant, zone: Zone) -> String {
    let (at, today) = (shown(at, zone), shown(now, zone));
    if at.date_naive() == today.date_naive() { minutes(at) } else { format!("{} {}", day(at), minutes(at)) }
}

/// `just now`, `38 min ago`.
pub fn ago(at: Instant, now: Instant) -> String {
    match now.seconds_since(at) {
        ..5 => "just now".to_owned(),
        seconds if seconds < 60 => format!("{} ago", span(seconds)),
        seconds => format!("{} ago", span(seconds - seconds % 60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn times_say_their_zone() {
        let moment = at("2026-10-02T23:11:32.5Z");
        assert_eq!(clock_zoned(moment, Zone::Utc), "23:11:32 UTC");
        assert_eq!(date_time_zoned(moment, Zone::Local(120)), "2026-10-03 01:11:32 UTC+2");
        assert_eq!(Zone::Local(-210).name(), "UTC\u{2212}3:30");
        assert_eq!(near(moment, at("2026-10-03T00:00:00Z"), Zone::Local(120)), "01:11");
        assert_eq!(near(moment, at("2026-10-03T00:00:00Z"), Zone::Utc), "2026-10-02 23:11");
    }

    #[test]
    fn an_imprecise_time_stays_imprecise() {
        let span = When::Between { earliest: at("2025-12-10T00:00:00Z"), latest: at("2025-12-20T00:00:00Z") };
        assert_eq!(when(span, Zone::Utc), "between 2025-12-10 00:00:00 and 2025-12-20 00:00:00");
        assert_eq!(ends(span.earliest(), span.latest(), Zone::Utc), "2025-12-10 … 12-20");
        assert_eq!(ends(span.earliest(), at("2026-01-02T00:00:00Z"), Zone::Utc), "2025-12-10 … 2026-01-02");
        let hours = (at("2025-12-10T10:00:00Z"), at("2025-12-10T12:30:00Z"));
        assert_eq!(ends(hours.0, hours.1, Zone::Local(60)), "2025-12-10 11:00 … 13:30");
        assert_eq!(ago(at("2026-10-02T00:00:00Z"), at("2026-10-02T00:38:30Z")), "38 min ago");
        assert_eq!(ago(at("2026-10-02T00:00:10Z"), at("2026-10-02T00:00:00Z")), "just now");
    }
}
