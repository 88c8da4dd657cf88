//! What stands at one place of a chart over time: a value, too few cases for one, or nothing recorded, which are
//! different things. Pure; drawing it is `columns` and `line`.

use super::civil::{East, TimeWindow, window_words};

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value {
    Is(f64),
    /// A share of so few that it says nothing.
    Withheld,
    NotRecorded,
}

impl Value {
    pub fn number(self) -> Option<f64> {
        match self {
            Value::Is(value) if value.is_finite() => Some(value),
            _ => None,
        }
    }
}

#[derive(Clone, PartialEq, Debug)]
pub struct Datum {
    pub window: TimeWindow,
    pub value: Value,
    /// Value, n and unknowns in words: `5.9%, 21 of 357 approvals, 3 unknown`.
    pub says: String,
}

/// From the beginning of the first to the end of the last.
pub fn whole(data: &[Datum]) -> TimeWindow {
    match (data.first(), data.last()) {
        (Some(first), Some(last)) => TimeWindow::new(first.window.from, last.window.to),
        _ => TimeWindow::new(0, 0),
    }
}

/// What is not there, for the line under the chart; empty where all is there.
pub fn absences(data: &[Datum]) -> String {
    let some = |value: Value| data.iter().any(|datum| datum.value == value);
    match (some(Value::Withheld), some(Value::NotRecorded)) {
        (false, false) => "",
        (true, false) => "\u{2013} fewer than 5 cases, share withheld",
        (false, true) => "\u{22ee} not recorded",
        (true, true) => "\u{2013} fewer than 5 cases, share withheld; \u{22ee} not recorded",
    }
    .to_owned()
}

/// Rows of a table: when, and what is said.
pub fn rows(data: &[Datum], east: East) -> Vec<Vec<String>> {
    data.iter().map(|datum| vec![window_words(datum.window, east), datum.says.clone()]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::civil::tests::window;
    use super::super::civil::utc;
    use super::*;

    fn datum(from: &str, to: &str, value: Value) -> Datum {
        Datum { window: window(from, to), value, says: format!("{value:?}") }
    }

    #[test]
    fn what_is_missing_is_named_by_its_kind() {
        let day = |value| datum("2026-11-21T00:00", "2026-11-22T00:00", value);
        let (is, few, gone) = (day(Value::Is(0.0)), day(Value::Withheld), day(Value::NotRecorded));
        for (data, words) in [
            (vec![is.clone()], ""),
            (vec![is.clone(), few.clone()], "\u{2013} fewer than 5 cases, share withheld"),
            (vec![gone.clone()], "\u{22ee} not recorded"),
            (vec![gone, few, is], "\u{2013} fewer than 5 cases, share withheld; \u{22ee} not recorded"),
        ] {
            assert_eq!(absences(&data), words);
        }
        let numbers = [Value::Is(0.0), Value::Withheld, Value::NotRecorded, Value::Is(f64::NAN)].map(Value::number);
        assert_eq!(numbers, [Some(0.0), None, None, None]);
    }

    #[test]
    fn rows_say_when_and_what() {
        let data = [
            datum("2026-11-02T00:00", "2026-11-09T00:00", Value::Is(5.9)),
            datum("2026-11-09T00:00", "2026-11-10T00:00", Value::Withheld),
        ];
        assert_eq!(rows(&data, utc), [["2 Nov to 8 Nov 2026", "Is(5.9)"], ["9 Nov 2026", "Withheld"]]);
        assert_eq!(whole(&data), window("2026-11-02T00:00", "2026-11-10T00:00"));
        assert_eq!(whole(&[]).width(), 0);
    }
}
