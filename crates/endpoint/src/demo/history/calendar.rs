//! The days of the demonstration's past: 90 of them and the one that is under way, in UTC, with working hours, week-ends,
//! one quiet week and one day without records. Times are milliseconds since 1970. What happens when is `chapters` and
//! `course`.

use oversight::time::Instant;
use rand::Rng;
use serde::Deserialize;
use std::ops::Range;

/// Whole days before the last one.
pub const DAYS: i64 = 90;
/// The first day on which the quiet week may begin, and the first that may have no records.
const QUIET_FROM: i64 = 14;
const GAP_FROM: i64 = 71;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// When people work, in hours of the day.
const WORK: Range<i64> = 7..17;

/// At which hours something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    Work,
    Night,
    Always,
}

impl Hours {
    /// How much of what happens on an ordinary working day happens in each hour of it.
    const fn weights(self) -> [u32; 24] {
        match self {
            Hours::Work => [0, 0, 0, 0, 0, 0, 1, 6, 12, 14, 13, 10, 7, 12, 13, 11, 8, 3, 0, 0, 0, 0, 0, 0],
            Hours::Night => [10, 12, 12, 10, 8, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 6, 8],
            Hours::Always => [3, 2, 2, 2, 2, 3, 4, 7, 9, 10, 9, 8, 7, 8, 9, 8, 7, 6, 6, 6, 6, 5, 4, 3],
        }
    }

    /// Of an ordinary working day, how much happens on a day of the week-end, in percent.
    const fn at_the_week_end(self) -> i64 {
        match self {
            Hours::Work => 4,
            Hours::Night => 35,
            Hours::Always => 55,
        }
    }
}

/// The days, counted from the first.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The midnight that the first day begins with.
    first: i64,
    end: i64,
    quiet: Range<i64>,
    gap: i64,
}

impl Calendar {
    /// The past that ends at `until`.
    pub fn ending(until: Instant) -> Calendar {
        let end = until.unix_micros().div_euclid(1_000);
        let first = end.div_euclid(DAY) * DAY - DAYS * DAY;
        let mut calendar = Calendar { first, end, quiet: 0..0, gap: 0 };
        let monday = (QUIET_FROM..QUIET_FROM + 7).find(|day| calendar.weekday(*day) == 0).unwrap_or(QUIET_FROM);
        calendar.quiet = monday..monday + 7;
        calendar.gap = calendar.working_day(GAP_FROM);
        calendar
    }

    /// 0 for Monday.
    pub fn weekday(&self, day: i64) -> i64 {
        // 1970 began on a Thursday.
        (self.first / DAY + day + 3).rem_euclid(7)
    }

    /// The first day from `day` on that is no day of a week-end.
    pub fn working_day(&self, day: i64) -> i64 {
        (day..day + 3).find(|day| self.weekday(*day) < 5).unwrap_or(day)
    }

    /// The first Saturday from `day` on.
    pub fn saturday(&self, day: i64) -> i64 {
        (day..day + 7).find(|day| self.weekday(*day) == 5).unwrap_or(day)
    }

    /// The day that a time is of.
    pub fn day(&self, at: i64) -> i64 {
        (at - self.first).div_euclid(DAY)
    }

    /// A time of a day.
    pub fn at(&self, day: i64, hour: i64, minute: i64) -> i64 {
        self.first + day * DAY + hour * HOUR + minute * 60 * SECOND
    }

    /// Whether anything is recorded at that time: it is within the past, and not on the day without records.
    pub fn is_recorded(&self, at: i64) -> bool {
        (self.first..self.end).contains(&at) && self.day(at) != self.gap
    }

    /// How often something happens on that day which happens `a_week` tenths of times in a working week.
    pub fn times(&self, day: i64, a_week: i64, hours: Hours, chance: &mut impl Rng) -> i64 {
        let share = if self.weekday(day) < 5 { 100 } else { hours.at_the_week_end() };
        let share = if self.quiet.contains(&day) { share * 30 / 100 } else { share };
        // Tenths, of five days, percent and percent.
        let parts = a_week * share * chance.random_range(70..=130);
        let whole = 10 * 5 * 100 * 100;
        parts / whole + i64::from(chance.random_range(0..whole) < parts % whole)
    }

    /// Some time of that day.
    pub fn some_time(&self, day: i64, hours: Hours, chance: &mut impl Rng) -> i64 {
        let weights = hours.weights();
        let mut left = chance.random_range(0..weights.iter().sum::<u32>());
        let hour = weights.iter().position(|weight| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        self.at(day, hour.unwrap_or_default() as i64, 0) + chance.random_range(0..HOUR)
    }

    /// When somebody who works by day gets to what is there at that time: at once, or in the morning.
    pub fn at_work(&self, at: i64, chance: &mut impl Rng) -> i64 {
        let day = self.day(at);
        let of_day = at - self.at(day, 0, 0);
        let starts = self.at(0, WORK.start, 0) - self.first;
        let ends = self.at(0, WORK.end, 40) - self.first;
        let works = |day: i64| self.weekday(day) < 5;
        let morning = |from: i64| {
            let day = (from..from + 4).find(|day| works(*day)).unwrap_or(from);
            self.first + day * DAY + starts
        };
        match of_day {
            _ if works(day) && (starts..ends).contains(&of_day) => at,
            _ if works(day) && of_day < starts => morning(day) + chance.random_range(0..40 * 60 * SECOND),
            _ => morning(day + 1) + chance.random_range(0..40 * 60 * SECOND),
        }
    }
}

/// As records have it.
pub fn instant(at: i64) -> Instant {
    // Within a quarter of a year of the clock that the past ends at.
    Instant::from_unix_micros(at * 1_000).or_else(|_| Instant::from_unix_micros(0)).unwrap_or_else(|_| unreachable!())
}

/// A time between two in a table of parts in a hundred and seconds, drawn so that as many parts stay below: in
/// milliseconds.
pub fn drawn(table: &[(u32, i64)], chance: &mut impl Rng) -> i64 {
    let part = chance.random_range(0..100);
    let above = table.iter().position(|(up_to, _)| part < *up_to).unwrap_or(table.len().saturating_sub(1));
    let (_, most) = table[above];
    let (_, least) = if above == 0 { (0, 0) } else { table[above - 1] };
    chance.random_range(least * SECOND..=most.max(least) * SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn whatever_the_day_of_the_week_there_are_ninety_days_a_quiet_week_and_a_gap() {
        for ahead in 0..7 {
            let until: Instant = "2026-11-25T13:26:53Z".parse().unwrap();
            let until = until.plus_seconds(ahead * 86_400);
            let calendar = Calendar::ending(until);
            assert_eq!(calendar.day(calendar.end), DAYS);
            assert_eq!(instant(calendar.end), until);
            assert_eq!(calendar.weekday(DAYS), (2 + ahead) % 7, "the 25th is a Wednesday");
            assert_eq!(calendar.weekday(calendar.quiet.start), 0);
            assert!(calendar.weekday(calendar.gap) < 5 && calendar.weekday(calendar.saturday(80)) == 5);
            let noon = |day| calendar.at(day, 12, 0);
            let recorded: Vec<i64> = (-1..=DAYS + 1).filter(|day| calendar.is_recorded(noon(*day))).collect();
            assert_eq!(recorded.len() as i64, DAYS, "all but one: {recorded:?}");
        }
    }

    #[test]
    fn people_work_by_day_and_draws_keep_to_their_tables() {
        let calendar = Calendar::ending("2026-11-25T13:26:53Z".parse().unwrap());
        let chance = &mut StdRng::seed_from_u64(3);
        for day in 0..=DAYS {
            for hours in [Hours::Work, Hours::Night, Hours::Always] {
                let at = calendar.some_time(day, hours, chance);
                assert_eq!(calendar.day(at), day);
                let worked = calendar.at_work(at, chance);
                assert!(worked >= at && calendar.weekday(calendar.day(worked)) < 5, "{}", instant(worked));
                let moment = instant(worked).to_string();
                assert!(("07:00".."17:40").contains(&&moment[11..16]), "{moment}");
            }
        }
        let table = [(50, 10), (90, 100), (100, 1_000)];
        let mut waits: Vec<i64> = (0..2_000).map(|_| drawn(&table, chance)).collect();
        waits.sort_unstable();
        assert!((8_000..=20_000).contains(&waits[1_000]) && waits[1_900] > 100_000 && waits[1_999] <= 1_000_000);
        let weekly =
            |chance: &mut StdRng| (28..63).map(|day| calendar.times(day, 50, Hours::Work, chance)).sum::<i64>();
        let total: i64 = (0..40).map(|_| weekly(chance)).sum();
        assert!((900..1_150).contains(&total), "{total} in 200 weeks of five each");
    }
}
