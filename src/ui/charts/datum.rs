//! What stands at one place of a chart over time: a value, too few cases for one, or no case at all, which are different
//! things. Pure; drawing it is `columns` and `line`.

use super::civil::{East, TimeWindow, window_words};
use super::figures::LEAST;

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value {
    Is(f64),
    /// A share of so few that it says nothing.
    Withheld,
    /// There was no case. Whether something was not recorded is another question, which no share answers.
    NoCase,
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

/// A mark in the place of a value: how far along the chart, and which.
#[derive(Clone, PartialEq, Debug)]
pub struct Instead {
    pub at: f64,
    pub glyph: &'static str,
}

const WITHHELD: &str = "\u{2013}";
const NO_CASE: &str = "\u{b7}";

/// What stands where there is no value, and where `zeros` are not drawn, `0` in theirs.
pub fn instead(data: &[Datum], zeros: bool) -> Vec<Instead> {
    let count = data.len().max(1) as f64;
    let glyph = |value| match value {
        Value::Is(value) if value == 0.0 && zeros => Some("0"),
        Value::Is(value) if value.is_finite() => None,
        Value::Withheld => Some(WITHHELD),
        Value::Is(_) | Value::NoCase => Some(NO_CASE),
    };
    let place =
        |(at, datum): (usize, &Datum)| Some(Instead { at: (at as f64 + 0.5) / count, glyph: glyph(datum.value)? });
    data.iter().enumerate().filter_map(place).collect()
}

/// From the beginning of the first to the end of the last.
pub fn whole(data: &[Datum]) -> TimeWindow {
    match (data.first(), data.last()) {
        (Some(first), Some(last)) => TimeWindow::new(first.window.from, last.window.to),
        _ => TimeWindow::new(0, 0),
    }
}

/// What is not there, for the line under the chart, each with its mark; empty where all is there.
pub fn absences(data: &[Datum]) -> String {
    let some = |value: Value| data.iter().any(|datum| datum.value == value);
    let few = some(Value::Withheld).then(|| format!("{WITHHELD}\u{a0}fewer than {LEAST} cases, share withheld"));
    let gone = some(Value::NoCase).then(|| format!("{NO_CASE}\u{a0}no\u{a0}case"));
    few.into_iter().chain(gone).collect::<Vec<_>>().join("; ")
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
        let (is, few, gone) = (day(Value::Is(0.0)), day(Value::Withheld), day(Value::NoCase));
        let (few_words, gone_words) = ("\u{2013}\u{a0}fewer than 5 cases, share withheld", "\u{b7}\u{a0}no\u{a0}case");
        for (data, words) in [
            (vec![is.clone()], String::new()),
            (vec![is.clone(), few.clone()], few_words.to_owned()),
            (vec![is.clone(), gone.clone()], gone_words.to_owned()),
            (vec![gone.clone(), few.clone(), is.clone()], format!("{few_words}; {gone_words}")),
        ] {
            assert_eq!(absences(&data), words);
        }
        let marks = |zeros| instead(&[is.clone(), few.clone(), gone.clone(), day(Value::Is(3.0))], zeros);
        let glyphs = |zeros| marks(zeros).into_iter().map(|mark| (mark.at, mark.glyph)).collect::<Vec<_>>();
        assert_eq!(glyphs(true), [(0.125, "0"), (0.375, "\u{2013}"), (0.625, "\u{b7}")]);
        assert_eq!(glyphs(false), [(0.375, "\u{2013}"), (0.625, "\u{b7}")]);
        let numbers = [Value::Is(0.0), Value::Withheld, Value::NoCase, Value::Is(f64::NAN)].map(Value::number);
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
