//! Instants and imprecise times. An instant is RFC 3339 in UTC; an imprecise time is the span in which
//! the event must have happened. Nothing here reads a clock, and how a time is shown is the app's.

use crate::json::tree::Tree;
use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;
use std::fmt;

/// A point in time, UTC, to the nanosecond; years 1 to 9999 (RFC 3339).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
pub struct Instant(DateTime<Utc>);

/// A text that is no instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadInstant {
    #[error("{0:?} is not an RFC 3339 time such as 2026-03-14T09:26:53Z")]
    Format(String),
    #[error("the year {0} is outside 1 to 9999")]
    OutOfRange(i32),
}

impl Instant {
    /// Takes a moment whose year is 1 to 9999.
    pub fn new(moment: DateTime<Utc>) -> Result<Self, BadInstant> {
        // Counted in seconds, a leap second is the one after it: that must be within the range as well.
        let counted = DateTime::from_timestamp_micros(moment.timestamp_micros()).unwrap_or(moment);
        match (moment.year(), counted.year()) {
            (1..=9999, 1..=9999) => Ok(Self(moment)),
            (1..=9999, year) | (year, _) => Err(BadInstant::OutOfRange(year)),
        }
    }

    /// From microseconds since 1970-01-01T00:00:00Z.
    pub fn from_unix_micros(micros: i64) -> Result<Self, BadInstant> {
        let moment = DateTime::from_timestamp_micros(micros).ok_or(BadInstant::OutOfRange(if micros < 0 {
            i32::MIN
        } else {
            i32::MAX
        }))?;
        Self::new(moment)
    }

    /// Microseconds since 1970-01-01T00:00:00Z; finer parts are cut.
    pub fn unix_micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// This instant cut to the millisecond, the endpoint's resolution.
    pub fn to_millis(self) -> Self {
        Self(DateTime::from_timestamp_millis(self.0.timestamp_millis()).unwrap_or(self.0))
    }

    /// This instant moved by `seconds`, held within the range.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let moved = TimeDelta::try_seconds(seconds).and_then(|by| self.0.checked_add_signed(by));
        moved.and_then(|moment| Self::new(moment).ok()).unwrap_or(self)
    }

    /// Whole seconds from `earlier` to this; negative when this is before it.
    pub fn seconds_since(self, earlier: Instant) -> i64 {
        self.0.signed_duration_since(earlier.0).num_seconds()
    }

    /// Milliseconds from `earlier` to this; negative when this is before it.
    pub fn millis_since(self, earlier: Instant) -> i64 {
        self.0.signed_duration_since(earlier.0).num_milliseconds()
    }

    /// The calendar form, for formatting.
    pub fn moment(self) -> DateTime<Utc> {
        self.0
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl std::str::FromStr for Instant {
    type Err = BadInstant;
    fn from_str(text: &str) -> Result<Self, BadInstant> {
        let bad = || BadInstant::Format(text.chars().take(64).collect());
        if text.len() > 64 {
            return Err(bad());
        }
        let moment = DateTime::parse_from_rfc3339(text).map_err(|_| bad())?;
        Self::new(moment.with_timezone(&Utc))
    }
}

impl TryFrom<String> for Instant {
    type Error = BadInstant;
    fn try_from(text: String) -> Result<Self, BadInstant> {
        text.parse()
    }
}

impl From<Instant> for String {
    fn from(instant: Instant) -> String {
        instant.to_string()
    }
}

/// When something happened, as exactly as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WhenWire", into = "WhenWire")]
pub enum When {
    At(Instant),
    /// Somewhere in the closed span; `earliest` is not after `latest`.
    Between {
        earliest: Instant,
        latest: Instant,
    },
}

impl When {
    /// The earliest it can have been: what records are ordered by.
    pub fn earliest(self) -> Instant {
        match self {
            When::At(at) => at,
            When::Between { earliest, .. } => earliest,
        }
    }

    /// The latest it can have been.
    pub fn latest(self) -> Instant {
        match self {
            When::At(at) => at,
            When::Between { latest, .. } => latest,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Self", untagged, expecting = "a time is an RFC 3339 string or {\"earliest\", \"latest\"} of two")]
enum WhenWire {
    At(String),
    Between { earliest: String, latest: String },
}

impl<'de> Deserialize<'de> for WhenWire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Derived alone, the span would be taken from a sequence of two as well.
        let value = match Value::deserialize(deserializer)? {
            Value::Array(_) => Value::Null,
            other => other,
        };
        WhenWire::deserialize(Tree(value)).map_err(de::Error::custom)
    }
}

impl Serialize for WhenWire {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WhenWire::serialize(self, serializer)
    }
}

impl TryFrom<WhenWire> for When {
    type Error = String;
    fn try_from(wire: WhenWire) -> Result<Self, String> {
        let instant = |text: String| text.parse::<Instant>().map_err(|error| error.to_string());
        match wire {
            WhenWire::At(at) => Ok(When::At(instant(at)?)),
            WhenWire::Between { earliest, latest } => {
                let (earliest, latest) = (instant(earliest)?, instant(latest)?);
                if earliest > latest {
                    return Err(format!("earliest {earliest} is after latest {latest}"));
                }
                Ok(When::Between { earliest, latest })
            }
        }
    }
}

impl From<When> for WhenWire {
    fn from(when: When) -> Self {
        match when {
            When::At(at) => WhenWire::At(at.to_string()),
            When::Between { earliest, latest } => {
                WhenWire::Between { earliest: earliest.to_string(), latest: latest.to_string() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::{Generator, Sample, cases, try_inputs};

    #[test]
    fn instants_read_back_and_bad_ones_are_refused() {
        for (given, shown) in [
            ("2026-03-14T09:26:53Z", "2026-03-14T09:26:53Z"),
            ("2026-03-14T09:26:53.589Z", "2026-03-14T09:26:53.589Z"),
            ("2026-03-14T11:26:53+02:00", "2026-03-14T09:26:53Z"),
            ("1969-07-20T20:17:40Z", "1969-07-20T20:17:40Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(given.parse::<Instant>().unwrap().to_string(), shown);
        }
        for bad in [
            "",
            "yesterday",
            "2026-03-14",
            "2026-13-14T09:26:53Z",
            "2026-03-14T25:00:00Z",
            "0000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "9999-12-31T23:59:60Z",
            "2026-03-14T09:26:53",
        ] {
            assert!(bad.parse::<Instant>().is_err(), "{bad}");
        }
        assert!(Instant::from_unix_micros(i64::MAX).is_err());
    }

    #[test]
    fn what_is_taken_for_a_time_is_one_and_reads_back() {
        let samples = [
            "2026-03-14T09:26:53Z",
            "2026-03-14T11:26:53.589123456+02:00",
            "0001-01-01T00:00:00-00:01",
            "9999-12-31T23:59:59.999Z",
            "2024-02-29t23:59:59z",
        ]
        .map(|text| Sample::text(text, ":"));
        let words = [
            "00",
            "24",
            "60",
            "61",
            "99",
            "31",
            "12",
            "13",
            "02",
            "29",
            "0000",
            "10000",
            "-0001",
            "Z",
            "+23:59",
            "\u{2212}01:00",
            "",
            " ",
        ];
        let make = |made: &mut Generator| made.altered_text(&samples, &words);
        try_inputs("times", cases(5_000), make, |text| match text.parse::<Instant>() {
            Ok(at) => {
                let shown = at.to_string();
                assert_eq!(shown.parse::<Instant>(), Ok(at));
                assert!(shown.ends_with('Z') && shown.as_bytes()[4] == b'-', "{shown}");
                let counted = Instant::from_unix_micros(at.unix_micros()).unwrap();
                assert_eq!(counted.unix_micros(), at.unix_micros());
                let cut = at.to_millis();
                assert!((0..1_000).contains(&(at.unix_micros() - cut.unix_micros())), "{cut}");
                assert_eq!(cut.to_string().parse(), Ok(cut));
                assert_eq!(at.plus_seconds(i64::MAX), at);
                let span = serde_json::json!({ "earliest": text, "latest": shown });
                assert_eq!(serde_json::from_value::<When>(span).unwrap(), When::Between { earliest: at, latest: at });
                true
            }
            Err(error) => {
                assert!(error.to_string().len() < 1_000);
                assert!(serde_json::from_value::<When>(Value::from(text.as_str())).is_err());
                false
            }
        });
    }

    #[test]
    fn an_imprecise_time_is_a_span_in_order() {
        let when: When =
            serde_json::from_str(r#"{"earliest":"2025-12-10T00:00:00Z","latest":"2025-12-20T00:00:00Z"}"#).unwrap();
        assert_eq!(when.earliest().to_string(), "2025-12-10T00:00:00Z");
        assert_eq!(serde_json::from_value::<When>(serde_json::to_value(when).unwrap()).unwrap(), when);
        let error =
            serde_json::from_str::<When>(r#"{"earliest":"2025-12-21T00:00:00Z","latest":"2025-12-20T00:00:00Z"}"#)
                .unwrap_err();
        assert!(error.to_string().contains("is after latest"), "{error}");
        let error = serde_json::from_str::<When>(r#"["2025-12-10T00:00:00Z","2025-12-20T00:00:00Z"]"#).unwrap_err();
        assert!(error.to_string().contains("RFC 3339"), "{error}");
        assert!(serde_json::from_str::<When>("17").unwrap_err().to_string().contains("RFC 3339"));
    }
}
