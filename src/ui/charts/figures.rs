//! A figure: what a card shows of it, a share with its withholding, and how it changed against the period before. Pure:
//! numbers in, text out. What is counted is the caller's to say; how counts and lengths of time are written is `wording`.

use crate::ui::wording::{THIN_SPACE, count, span};

/// Below how many cases a share says nothing and is withheld.
pub const LEAST: u64 = 5;

/// So many of so many.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Part {
    pub n: u64,
    pub of: u64,
}

impl Part {
    pub const fn new(n: u64, of: u64) -> Part {
        Part { n, of }
    }

    pub fn is_withheld(self) -> bool {
        self.of < LEAST
    }

    /// Per cent; `None` where it is withheld.
    pub fn value(self) -> Option<f64> {
        (!self.is_withheld()).then(|| self.n as f64 * 100.0 / self.of as f64)
    }

    /// `69.0%`; `None` where it is withheld. What is not all is never written as all, nor what is some as none.
    pub fn percent(self) -> Option<String> {
        let value = self.value()?;
        Some(match value {
            _ if self.n > 0 && value < 0.05 => "< 0.1%".to_owned(),
            _ if self.n < self.of && value >= 99.95 => "> 99.9%".to_owned(),
            _ => format!("{value:.1}%"),
        })
    }

    /// `760 of 1 102`.
    pub fn words(self) -> String {
        format!("{} of {}", count(self.n), count(self.of))
    }
}

/// Why a share is withheld: `n = 3, below 5`.
pub fn withheld(of: u64) -> String {
    format!("n{THIN_SPACE}= {}, below {LEAST}", count(of))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    Up,
    Down,
    Level,
}

impl Direction {
    fn of<T: PartialOrd>(now: T, before: T) -> Direction {
        if now > before {
            Direction::Up
        } else if now < before {
            Direction::Down
        } else {
            Direction::Level
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
            Direction::Level => "unchanged",
        }
    }
}

/// How a figure changed against the period before. Whether that is good is for the reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// The direction, and what follows its word: `2.1 points from 94.7%`.
    Moved(Direction, String),
    /// Why there is nothing to compare with: `no records before 24 Aug`.
    None(String),
}

impl Change {
    /// Of a share, in points of a per cent. What is withheld is not compared.
    pub fn of_shares(now: Part, before: Part) -> Change {
        let (Some(value), Some(was)) = (now.value(), before.value()) else {
            let (when, of) = if now.is_withheld() { ("now", now.of) } else { ("before", before.of) };
            return Change::None(format!("{} {when}", withheld(of)));
        };
        // As they are written, so that the reader who subtracts gets the same.
        let tenths = |value: f64| (value * 10.0).round() as i64;
        let by = (tenths(value) - tenths(was)).unsigned_abs();
        let direction = Direction::of(tenths(value), tenths(was));
        let from = before.percent().unwrap_or_default();
        Change::Moved(
            direction,
            match direction {
                Direction::Level => format!("at {from}"),
                _ => format!("{}.{} points from {from}", by / 10, by % 10),
            },
        )
    }

    pub fn of_counts(now: u64, before: u64) -> Change {
        let direction = Direction::of(now, before);
        Change::Moved(
            direction,
            match direction {
                Direction::Level => format!("at {}", count(before)),
                _ => format!("{} from {}", count(now.abs_diff(before)), count(before)),
            },
        )
    }

    /// Of lengths of time, in seconds. Two that are written alike are unchanged.
    pub fn of_spans(now: i64, before: i64) -> Change {
        let direction = if span(now) == span(before) { Direction::Level } else { Direction::of(now, before) };
        Change::Moved(
            direction,
            match direction {
                Direction::Level => format!("at {}", span(before)),
                _ => format!("{} from {}", span((now - before).abs()), span(before)),
            },
        )
    }

    /// The whole sentence, for those who can't see the glyph.
    pub fn words(&self, period: &str) -> String {
        match self {
            Change::Moved(direction, rest) => format!("{} {rest} {period}", direction.word()),
            Change::None(why) => format!("no comparison: {why}"),
        }
    }
}

/// What a card shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Figure {
    /// Before the first answer. Later ones leave the old figure where it is (`stale`).
    #[default]
    Loading,
    Is {
        /// As it is written: `69.0%`, `11 min`.
        value: String,
        /// What it counts: `ran without a person`.
        counts: String,
        /// None where it is a state rather than something of a period.
        change: Option<Change>,
    },
    /// Too few cases: how many there are.
    Withheld { of: u64, counts: String },
    /// The records that are here can't tell, whatever they say: why.
    Unknowable(String),
}

impl Figure {
    /// As it is written; empty where it is none.
    pub fn value(&self) -> &str {
        if let Figure::Is { value, .. } = self { value } else { "" }
    }

    pub fn counts(&self) -> &str {
        match self {
            Figure::Is { counts, .. } | Figure::Withheld { counts, .. } => counts,
            Figure::Loading | Figure::Unknowable(_) => "",
        }
    }

    pub fn change(&self) -> Option<&Change> {
        if let Figure::Is { change, .. } = self { change.as_ref() } else { None }
    }
}

/// Below the chart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Foot {
    /// n of the denominator and what else belongs to it: `760 of 1 102 executed changes, 2 break-glass`.
    pub of: String,
    /// How many can't be counted either way; none where the figure has no such cases.
    pub unknown: Option<u64>,
    /// The address of the records that make it up.
    pub records: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_withheld_and_never_rounded_to_all_or_none() {
        for (n, of, percent) in [
            (0, 0, None),
            (4, 4, None),
            (0, 5, Some("0.0%")),
            (5, 5, Some("100.0%")),
            (760, 1_102, Some("69.0%")),
            (1, 5_000, Some("< 0.1%")),
            (1, 2_000, Some("0.1%")),
            (4_999, 5_000, Some("> 99.9%")),
            (1_999, 2_000, Some("> 99.9%")),
            (1_998, 2_000, Some("99.9%")),
            (u64::MAX, u64::MAX, Some("100.0%")),
        ] {
            assert_eq!(Part::new(n, of).percent().as_deref(), percent, "{n} of {of}");
        }
        assert_eq!(Part::new(760, 1_102).words(), "760 of 1\u{202f}102");
        assert_eq!(withheld(3), "n\u{202f}= 3, below 5");
    }

    #[test]
    fn a_change_is_said_as_the_figures_are_written() {
        let share = |now: (u64, u64), before: (u64, u64)| {
            Change::of_shares(Part::new(now.0, now.1), Part::new(before.0, before.1)).words("before")
        };
        for (now, before, words) in [
            ((968, 1_000), (947, 1_000), "up 2.1 points from 94.7% before"),
            ((50, 1_000), (59, 1_000), "down 0.9 points from 5.9% before"),
            ((1, 2), (3, 10), "no comparison: n\u{202f}= 2, below 5 now"),
            ((9, 10), (3, 4), "no comparison: n\u{202f}= 4, below 5 before"),
            // 33.33 and 33.34 are both written 33.3%.
            ((3_333, 10_000), (3_334, 10_000), "unchanged at 33.3% before"),
        ] {
            assert_eq!(share(now, before), words);
        }
        for (now, before, words) in [
            (48_213, 1_902, "up 46\u{202f}311 from 1\u{202f}902 b"),
            (0, 3, "down 3 from 3 b"),
            (4, 4, "unchanged at 4 b"),
        ] {
            assert_eq!(Change::of_counts(now, before).words("b"), words);
        }
        for (now, before, words) in [
            (660, 900, "down 4 min from 15 min b"),
            (7_200, 60, "up 1 h 59 from 1 min b"),
            (3_601, 3_605, "unchanged at 1 h 00 b"),
        ] {
            assert_eq!(Change::of_spans(now, before).words("b"), words);
        }
        assert_eq!(
            Change::None("no records before 24 Aug".into()).words("b"),
            "no comparison: no records before 24 Aug"
        );
    }
}
