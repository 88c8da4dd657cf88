//! Where the marks of an axis of time stand and what they say: whole minutes, hours, days, Mondays, months or years of
//! the zone, whichever are as many as fit. Pure; drawing them is `axis`.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, Timelike};

use super::civil::{DAY, East, HOUR, MINUTE, SECOND, TimeWindow, clock, day_month, instant, local, month};

/// The most labels that an axis may have.
pub const MOST: usize = 8;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tick {
    pub at: i64,
    /// `06:00`; `3 Oct` where a day begins; `Oct`; `2027` where a year does.
    pub label: String,
}

/// What is between two marks, on the zone's clocks.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Microseconds, a divisor of a day.
    Clock(i64),
    Days(i64),
    Weeks(i64),
    Months(i32),
    Years(i32),
}

const STEPS: [Step; 29] = [
    Step::Clock(SECOND),
    Step::Clock(2 * SECOND),
    Step::Clock(5 * SECOND),
    Step::Clock(15 * SECOND),
    Step::Clock(30 * SECOND),
    Step::Clock(MINUTE),
    Step::Clock(2 * MINUTE),
    Step::Clock(5 * MINUTE),
    Step::Clock(15 * MINUTE),
    Step::Clock(30 * MINUTE),
    Step::Clock(HOUR),
    Step::Clock(2 * HOUR),
    Step::Clock(3 * HOUR),
    Step::Clock(6 * HOUR),
    Step::Clock(12 * HOUR),
    Step::Days(1),
    Step::Days(2),
    Step::Weeks(1),
    Step::Weeks(2),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(20),
    Step::Years(50),
    Step::Years(100),
];

impl Step {
    /// About how long it is.
    fn width(self) -> i64 {
        match self {
            Step::Clock(width) => width,
            Step::Days(days) => days * DAY,
            Step::Weeks(weeks) => weeks * 7 * DAY,
            Step::Months(months) => i64::from(months) * 30 * DAY,
            Step::Years(years) => i64::from(years) * 365 * DAY,
        }
    }

    /// The last of its marks that is not after what clocks show.
    fn before(self, shown: NaiveDateTime) -> Option<NaiveDateTime> {
        let date = shown.date();
        match self {
            Step::Clock(width) => {
                let since = i64::from(shown.num_seconds_from_midnight()) * SECOND;
                date.and_hms_opt(0, 0, 0)?.checked_add_signed(Duration::microseconds(since - since % width))
            }
            // From a fixed day on, so that marks stay where they are while the window moves.
            Step::Days(days) => midnight(date - Duration::days(i64::from(date.num_days_from_ce()).rem_euclid(days))),
            Step::Weeks(weeks) => {
                // Day 1 was a Monday.
                let since = (i64::from(date.num_days_from_ce()) - 1).rem_euclid(7 * weeks);
                midnight(date - Duration::days(since))
            }
            Step::Months(months) => first_of(date.year(), date.month0() as i32 / months * months),
            Step::Years(years) => first_of(date.year().div_euclid(years) * years, 0),
        }
    }

    fn next(self, mark: NaiveDateTime) -> Option<NaiveDateTime> {
        let date = mark.date();
        match self {
            Step::Clock(width) => mark.checked_add_signed(Duration::microseconds(width)),
            Step::Days(days) => mark.checked_add_signed(Duration::days(days)),
            Step::Weeks(weeks) => mark.checked_add_signed(Duration::days(7 * weeks)),
            Step::Months(months) => first_of(date.year(), date.month0() as i32 + months),
            Step::Years(years) => first_of(date.year() + years, 0),
        }
    }
}

fn midnight(date: NaiveDate) -> Option<NaiveDateTime> {
    date.and_hms_opt(0, 0, 0)
}

/// The first day of a month, counted from 0 and on into the years that follow.
fn first_of(year: i32, month0: i32) -> Option<NaiveDateTime> {
    midnight(NaiveDate::from_ymd_opt(year + month0.div_euclid(12), month0.rem_euclid(12) as u32 + 1, 1)?)
}

/// The marks of a window, at most `most` and at most [`MOST`]: those of the shortest step that has no more. None where
/// the window has no width, or is longer than centuries.
pub fn ticks(window: TimeWindow, most: usize, east: East) -> Vec<Tick> {
    let most = most.clamp(1, MOST);
    // A step that is far too short is not walked through; one that is about right is, and its marks are counted.
    let fits = |step: &&Step| window.width() / step.width() <= most as i64 + 1;
    for step in STEPS.iter().filter(fits) {
        let marks = marks(window, *step, most, east);
        if let Some(marks) = marks {
            return labelled(&marks, *step);
        }
    }
    Vec::new()
}

/// The instants of a step's marks, with what clocks show at each; `None` where they are too many.
fn marks(window: TimeWindow, step: Step, most: usize, east: East) -> Option<Vec<(i64, NaiveDateTime)>> {
    let mut marks: Vec<(i64, NaiveDateTime)> = Vec::new();
    let mut mark = step.before(local(window.from, east));
    while let Some(shown) = mark {
        let at = instant(shown, east);
        if at >= window.to {
            break;
        }
        // A mark within an hour that clocks skip is where they go on, and says what they show there.
        let is_new = marks.last().is_none_or(|(last, _)| *last < at);
        if at >= window.from && is_new {
            if marks.len() == most {
                return None;
            }
            marks.push((at, local(at, east)));
        }
        mark = step.next(shown);
    }
    Some(marks)
}

fn labelled(marks: &[(i64, NaiveDateTime)], step: Step) -> Vec<Tick> {
    let mut last: Option<NaiveDateTime> = None;
    let label = |(at, shown): &(i64, NaiveDateTime)| {
        let date = shown.date();
        let new_year = last.is_some_and(|last| last.year() != date.year());
        last = Some(*shown);
        let label = match step {
            Step::Clock(_) if shown.num_seconds_from_midnight() != 0 => clock(*shown),
            Step::Months(_) if date.month() == 1 => date.year().to_string(),
            Step::Months(_) => month(date).to_owned(),
            Step::Years(_) => date.year().to_string(),
            _ if new_year => format!("{} {}", day_month(date), date.year()),
            _ => day_month(date),
        };
        Tick { at: *at, label }
    };
    marks.iter().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::super::civil::tests::{at, berlin, newfoundland, window};
    use super::super::civil::utc;
    use super::*;

    fn labels(from: &str, to: &str, most: usize, east: East) -> String {
        ticks(window(from, to), most, east).into_iter().map(|tick| tick.label).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn marks_are_whole_units_of_the_zone() {
        for (from, to, most, east, expected) in [
            ("2026-11-21T14:00", "2026-11-21T14:01", 8, utc as East, "14:00 | 14:00:15 | 14:00:30 | 14:00:45"),
            ("2026-11-21T14:03", "2026-11-21T15:00", 8, utc, "14:15 | 14:30 | 14:45"),
            ("2026-11-21T20:10", "2026-11-22T07:00", 8, utc, "22:00 | 22 Nov | 02:00 | 04:00 | 06:00"),
            ("2026-11-21T20:10", "2026-11-22T07:00", 4, utc, "21:00 | 22 Nov | 03:00 | 06:00"),
            (
                "2026-11-15T00:00",
                "2026-11-22T00:00",
                8,
                utc,
                "15 Nov | 16 Nov | 17 Nov | 18 Nov | 19 Nov | 20 Nov | 21 Nov",
            ),
            ("2026-11-15T00:00", "2026-11-22T00:00", 4, utc, "16 Nov | 18 Nov | 20 Nov"),
            // Mondays.
            ("2026-10-23T00:00", "2026-11-22T00:00", 8, utc, "26 Oct | 2 Nov | 9 Nov | 16 Nov"),
            ("2026-08-24T00:00", "2026-11-22T00:00", 8, utc, "31 Aug | 14 Sep | 28 Sep | 12 Oct | 26 Oct | 9 Nov"),
            ("2026-08-24T00:00", "2026-11-22T00:00", 3, utc, "Sep | Oct | Nov"),
            ("2026-06-15T00:00", "2027-03-15T00:00", 4, utc, "Jul | Oct | 2027"),
            ("2026-12-20T00:00", "2027-01-20T00:00", 8, utc, "21 Dec | 28 Dec | 4 Jan 2027 | 11 Jan | 18 Jan"),
            ("2019-06-01T00:00", "2027-01-20T00:00", 8, utc, "2020 | 2021 | 2022 | 2023 | 2024 | 2025 | 2026 | 2027"),
            ("1999-06-01T00:00", "2027-01-20T00:00", 4, utc, "2000 | 2010 | 2020"),
            ("2026-11-21T00:00", "2026-11-21T06:00", 4, newfoundland, "22:00 | 21 Nov | 02:00"),
            // Clocks go from 02:00 to 03:00 and back from 03:00 to 02:00.
            ("2026-03-28T23:00", "2026-03-29T05:00", 8, berlin, "29 Mar | 01:00 | 03:00 | 04:00 | 05:00 | 06:00"),
            ("2026-10-24T22:00", "2026-10-25T05:00", 8, berlin, "25 Oct | 01:00 | 02:00 | 03:00 | 04:00 | 05:00"),
            ("2026-11-21T00:00", "2026-11-21T00:00", 8, utc, ""),
        ] {
            assert_eq!(labels(from, to, most, east), expected, "{from} {to} {most}");
        }
    }

    #[test]
    fn marks_are_in_order_within_the_window_and_few_enough() {
        for minutes in [1, 3, 7, 20, 59, 90, 300, 1_000, 3_000, 10_000, 40_000, 130_000, 600_000, 3_000_000, 40_000_000]
        {
            for start in ["2026-03-28T11:07", "2026-10-24T23:59", "2027-01-01T00:00", "1999-12-31T23:59:59"] {
                let window = TimeWindow::new(at(start), at(start) + minutes * MINUTE);
                for (most, east) in [(8, utc as East), (8, berlin), (4, newfoundland), (2, berlin), (99, utc)] {
                    let ticks = ticks(window, most, east);
                    assert!(ticks.len() <= most.min(MOST) && !ticks.is_empty(), "{start} {minutes} {most}: {ticks:?}");
                    assert!(ticks.iter().all(|tick| (window.from..window.to).contains(&tick.at)));
                    assert!(ticks.windows(2).all(|pair| pair[0].at < pair[1].at));
                }
            }
        }
        assert_eq!(ticks(TimeWindow::new(i64::MIN, i64::MAX), 8, utc), []);
    }
}
