//! What the overview's charts show, as data: bars by tier and age, shares over time, waits, agents. Pure.

use super::question::{AGES, WAITS};
use crate::ui::charts::civil::TimeWindow;
use crate::ui::charts::datum::{Datum, Value};
use crate::ui::charts::figures::Part;
use crate::ui::wording::{count, span};
use engine::query::Histogram;
use engine::query::figures::{Approvals, Figures, Ran, Share};
use engine::row::Cell;
use oversight::vocabulary::Tier;

/// A row of bars, without its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The tier, if it is one; a missing one is in words.
    pub tier: Result<Tier, String>,
    pub parts: Vec<u64>,
    pub words: String,
}

/// The tier that a cell names, or the words for what stands there instead.
pub fn tier(cell: &Cell<'_>) -> Result<Tier, String> {
    match cell {
        Cell::Is(word) => word.parse().map_err(|_| oversight::text::escape::visible(word)),
        Cell::Absent => Err("no tier".to_owned()),
        Cell::Missing(why) => Err(format!("tier {}", why.words())),
    }
}

/// `612 alone, 40 approved`: what there is none of is not said.
fn parts(all: &[(u64, &str)]) -> String {
    let said: Vec<String> =
        all.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", count(*n))).collect();
    said.join(", ")
}

/// Actions that ran by tier: alone, approved first, by break-glass, unknown.
pub fn ran_by_tier(figures: &Figures) -> Vec<(Cell<'static>, Row)> {
    let row = |(cell, ran): &(Cell<'static>, Ran)| {
        let all: [u64; 4] = [ran.alone, ran.approved, ran.bypassed, ran.unknown].map(u64::from);
        let words = ["alone", "approved", "break-glass", "unknown"];
        let said: Vec<(u64, &str)> = all.into_iter().zip(words).collect();
        (cell.clone(), Row { tier: tier(cell), parts: all.to_vec(), words: parts(&said) })
    };
    figures.tiers.iter().map(row).collect()
}

/// What waits by class of age, each by tier: low, moderate, high, critical, any other.
pub fn pending_by_age(figures: &Figures) -> Vec<(String, Vec<u64>, String)> {
    (0..=AGES.len())
        .map(|class| {
            let mut by_tier = [0_u64; 5];
            for (cell, ages) in &figures.pending.tiers {
                let place = match tier(cell) {
                    Ok(Tier::Low) => 0,
                    Ok(Tier::Moderate) => 1,
                    Ok(Tier::High) => 2,
                    Ok(Tier::Critical) => 3,
                    _ => 4,
                };
                by_tier[place] += u64::from(ages.get(class).copied().unwrap_or(0));
            }
            let said: Vec<(u64, &str)> =
                by_tier.into_iter().zip(["low", "moderate", "high", "critical", "of unknown tier"]).collect();
            let total: u64 = by_tier.iter().sum();
            let words = if total == 0 { "0".to_owned() } else { parts(&said) };
            (age(class), by_tier.to_vec(), words)
        })
        .collect()
}

/// The words of a class of ages: `under 15 min`, `15 min to 1 h`, `over 4 h`.
fn age(class: usize) -> String {
    let words = |edge: i64| {
        let seconds = edge / 1_000_000;
        if seconds % 3_600 == 0 { format!("{} h", seconds / 3_600) } else { span(seconds) }
    };
    match (class.checked_sub(1).map(|before| AGES[before]), AGES.get(class)) {
        (None, Some(&to)) => format!("under {}", words(to)),
        (Some(from), Some(&to)) => format!("{} to {}", words(from), words(to)),
        (Some(from), None) => format!("over {}", words(from)),
        (None, None) => String::new(),
    }
}

fn window(bins: &Histogram, at: usize) -> TimeWindow {
    TimeWindow::new(bins.edge(at as u32), bins.edge(at as u32 + 1))
}

fn datum(bins: &Histogram, at: usize, share: Share, of: &str) -> Datum {
    let part = Part::new(share.n.into(), share.of.into());
    let value = match part.value() {
        Some(value) => Value::Is(value),
        None if share.of == 0 && share.unknown == 0 => Value::NoCase,
        None => Value::Withheld,
    };
    let percent = part.percent().map(|percent| format!("{percent}, ")).unwrap_or_default();
    let says = format!("{percent}{} {of}, {} unknown", part.words(), count(share.unknown.into()));
    Datum { window: window(bins, at), value, says }
}

/// Approved before it ran, in per cent of those that needed it.
pub fn approved_before(bins: &Histogram, ran: &[Ran]) -> Vec<Datum> {
    let one = |(at, ran): (usize, &Ran)| datum(bins, at, ran.approved_before(), "that needed it");
    ran.iter().enumerate().map(one).collect()
}

/// Rubber stamps, in per cent of approvals.
pub fn rubber_stamps(bins: &Histogram, approvals: &[Approvals]) -> Vec<Datum> {
    let one = |(at, approvals): (usize, &Approvals)| datum(bins, at, approvals.rubber_stamps(), "approvals");
    approvals.iter().enumerate().map(one).collect()
}

/// The bins of waits between the first edge and the last, and what is beyond them.
pub fn waits(figures: &Figures) -> (Vec<u64>, u64, u64) {
    let all: Vec<u64> = figures.decisions.time.histogram.iter().map(|&n| n.into()).collect();
    match all.as_slice() {
        [below, between @ .., beyond] if between.len() + 1 == WAITS.len() => (between.to_vec(), *below, *beyond),
        _ => (vec![0; WAITS.len() - 1], 0, 0),
    }
}

/// The timeline's bins: actions that people approved, and those that ran alone; none where no record is at all.
pub fn timeline(ran: &[Ran], records: &[u32]) -> Vec<Option<[u64; 2]>> {
    let bin = |(ran, &records): (&Ran, &u32)| (records > 0).then(|| [ran.approved.into(), ran.alone.into()]);
    ran.iter().zip(records).map(bin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_said_as_they_are_cut() {
        let words: Vec<String> = (0..=AGES.len()).map(age).collect();
        assert_eq!(words, ["under 15 min", "15 min to 1 h", "1 h to 4 h", "over 4 h"]);
    }

    #[test]
    fn a_bin_with_nothing_is_not_zero() {
        let bins = Histogram { from: 0, to: 30, bins: 3 };
        let ran = |approved, unknown| Ran { approved, unknown, ..Ran::default() };
        let data = approved_before(&bins, &[ran(9, 1), ran(2, 0), ran(0, 0)]);
        assert_eq!(
            data.iter().map(|datum| datum.value).collect::<Vec<_>>(),
            [Value::Is(90.0), Value::Withheld, Value::NoCase]
        );
        assert_eq!(data[0].says, "90.0%, 9 of 10 that needed it, 1 unknown");
        assert_eq!(timeline(&[ran(9, 1), ran(0, 0)], &[10, 0]), [Some([9, 0]), None]);
    }

    #[test]
    fn what_has_no_tier_is_named() {
        use oversight::missing::Missing;
        use std::borrow::Cow;
        assert_eq!(tier(&Cell::Is(Cow::Borrowed("high"))), Ok(Tier::High));
        assert_eq!(tier(&Cell::Is(Cow::Borrowed("extreme"))), Err("extreme".into()));
        assert_eq!(tier(&Cell::Missing(Missing::NotRecorded)), Err("tier not recorded".into()));
    }
}
