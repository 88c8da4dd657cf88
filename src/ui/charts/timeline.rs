//! What the time brush is drawn over: two series in bins of equal width, some of which nothing is recorded of. Pure;
//! the window that is chosen on it is `brushing`, its outlines `outline`.

use super::civil::{East, TimeWindow, window_words};
use super::outline::Bin;
use crate::ui::wording::{count, span};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Timeline {
    pub from: i64,
    pub to: i64,
    /// The lower series first.
    pub bins: Vec<Bin>,
    /// Only some of the records are in it: where a bin has none, others may well be recorded.
    pub filtered: bool,
}

impl Timeline {
    pub fn whole(&self) -> TimeWindow {
        TimeWindow::new(self.from, self.to)
    }

    /// From when to when a bin is.
    pub fn bin(&self, at: usize) -> TimeWindow {
        let edge = |at: usize| {
            // Bin `at` of `n` begins at `at` n-ths of the whole, rounded up; beyond 64 bits on the way there.
            let (width, n) = (i128::from(self.whole().width()), self.bins.len().max(1) as i128);
            let offset = (width * at as i128 + n - 1) / n;
            self.from.saturating_add(offset as i64)
        };
        TimeWindow::new(edge(at), edge(at + 1))
    }

    /// The bin at a part of the whole; `None` where there is none.
    pub fn at(&self, part: f64) -> Option<usize> {
        let last = self.bins.len().checked_sub(1)?;
        Some(((part.max(0.0) * self.bins.len() as f64) as usize).min(last))
    }

    /// Of how much time nothing is recorded: `not recorded, 1 d`; `None` where all is, or where it can't be told.
    pub fn unrecorded(&self) -> Option<String> {
        if self.filtered {
            return None;
        }
        let gaps = self.bins.iter().enumerate().filter(|(_, bin)| bin.is_none());
        let width: i64 = gaps.map(|(at, _)| self.bin(at).width()).sum();
        (width > 0).then(|| format!("not recorded, {}", span(TimeWindow::new(0, width).seconds())))
    }

    /// A bin in words: when, and how many of each series.
    pub fn says(&self, at: usize, series: [&str; 2], east: East) -> (String, String) {
        let says = match self.bins.get(at).copied().flatten() {
            Some([lower, upper]) => format!("{} {}, {} {}", count(lower), series[0], count(upper), series[1]),
            None if self.filtered => "no such record".to_owned(),
            None => "not recorded".to_owned(),
        };
        (window_words(self.bin(at), east), says)
    }

    /// All of it in a sentence.
    pub fn summary(&self, series: [&str; 2], east: East) -> String {
        let total = |place: usize| self.bins.iter().flatten().fold(0_u64, |sum, bin| sum.saturating_add(bin[place]));
        let gaps = self.unrecorded().map(|gap| format!("; {gap}")).unwrap_or_default();
        format!(
            "{}: {} {}, {} {}{gaps}",
            window_words(self.whole(), east),
            count(total(0)),
            series[0],
            count(total(1)),
            series[1]
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::civil::tests::{at, window};
    use super::super::civil::{DAY, utc};
    use super::*;

    const SERIES: [&str; 2] = ["approved", "autonomous"];

    fn week() -> Timeline {
        let bins = vec![Some([3, 1]), None, Some([0, 0]), Some([1_200, 7]), None, None, Some([5, 5])];
        Timeline { from: at("2026-11-15T00:00"), to: at("2026-11-22T00:00"), bins, filtered: false }
    }

    #[test]
    fn bins_are_adjacent_and_cover_the_whole() {
        for (width, bins) in [(7 * DAY, 7), (10, 3), (2, 5), (0, 4), (i64::MAX, 960)] {
            let timeline =
                Timeline { from: 5, to: 5_i64.saturating_add(width), bins: vec![None; bins], filtered: false };
            assert_eq!(timeline.bin(0).from, 5);
            assert_eq!(timeline.bin(bins - 1).to, timeline.to);
            assert!((1..bins).all(|at| timeline.bin(at - 1).to == timeline.bin(at).from));
        }
        assert_eq!(week().bin(3), window("2026-11-18T00:00", "2026-11-19T00:00"));
        for (part, bin) in [(-1.0, 0), (0.0, 0), (0.5, 3), (0.999, 6), (1.0, 6), (9.0, 6)] {
            assert_eq!(week().at(part), Some(bin));
        }
        assert_eq!(Timeline::default().at(0.5), None);
    }

    #[test]
    fn what_is_not_recorded_is_said_and_is_not_zero() {
        assert_eq!(week().unrecorded().as_deref(), Some("not recorded, 3 d"));
        assert_eq!(week().says(1, SERIES, utc), ("16 Nov 2026".into(), "not recorded".into()));
        assert_eq!(week().says(2, SERIES, utc), ("17 Nov 2026".into(), "0 approved, 0 autonomous".into()));
        assert_eq!(
            week().summary(SERIES, utc),
            "15 Nov to 21 Nov 2026: 1\u{202f}208 approved, 13 autonomous; not recorded, 3 d"
        );
        let full = Timeline { bins: vec![Some([1, 2])], ..week() };
        assert_eq!(full.unrecorded(), None);
        // Of some of the records it can't be told.
        let filtered = Timeline { filtered: true, ..week() };
        assert_eq!((filtered.unrecorded(), filtered.says(1, SERIES, utc).1.as_str()), (None, "no such record"));
    }
}
