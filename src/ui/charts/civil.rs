//! Instants as days and clock times of a zone, and back: for axes, for the words of a window, and for the browser's
//! own date and time fields. Pure: how far a zone is from UTC at an instant is an argument, so that a day on which
//! clocks change is right. Where ticks stand is `ticks`.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};

/// How far east of UTC clocks are at an instant of so many microseconds since 1970, in seconds; negative west of it.
pub type East = fn(i64) -> i32;

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// UTC itself.
pub fn utc(_at: i64) -> i32 {
    0
}

/// From one instant up to but without another, in microseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimeWindow {
    pub from: i64,
    pub to: i64,
}

impl TimeWindow {
    pub const fn new(from: i64, to: i64) -> TimeWindow {
        TimeWindow { from, to }
    }

    /// In microseconds; none where it ends before it begins.
    pub fn width(self) -> i64 {
        self.to.saturating_sub(self.from).max(0)
    }

    /// As words say it: whole seconds, rounded up, so that what lasted is never "0 s".
    pub fn seconds(self) -> i64 {
        (self.width().cast_unsigned().div_ceil(SECOND.cast_unsigned())).cast_signed()
    }

    /// Where an instant is within it, 0 to 1; beyond its ends it is at them.
    pub fn part(self, at: i64) -> f64 {
        match self.width() {
            0 => 0.0,
            width => (at.saturating_sub(self.from) as f64 / width as f64).clamp(0.0, 1.0),
        }
    }
}

/// What a clock and a calendar of the zone show. An instant beyond what calendars reach is at their end.
pub fn local(at: i64, east: East) -> NaiveDateTime {
    let shown = at.saturating_add(i64::from(east(at)) * SECOND);
    DateTime::from_timestamp_micros(shown).map_or(NaiveDateTime::MAX, |shown| shown.naive_utc())
}

/// The instant at which clocks of the zone show this: the earlier one where they show it twice, and where they skip it
/// the first instant after.
pub fn instant(shown: NaiveDateTime, east: East) -> i64 {
    let bare = shown.and_utc().timestamp_micros();
    // The zone is never further from UTC than a day, so one of these two is the offset in force.
    let before = i64::from(east(bare.saturating_sub(DAY))) * SECOND;
    let after = i64::from(east(bare.saturating_add(DAY))) * SECOND;
    let (early, late) = (bare.saturating_sub(before.max(after)), bare.saturating_sub(before.min(after)));
    if local(early, east) == shown {
        return early;
    }
    if local(late, east) == shown {
        return late;
    }
    // Skipped: the change lies between the two.
    let (mut low, mut high) = (early, late);
    let skipped = east(low);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if east(middle) == skipped { low = middle } else { high = middle }
    }
    high
}

/// `UTC`, `UTC+2`, `UTC−3:30`.
pub fn zone_name(at: i64, east: East) -> String {
    let minutes = east(at) / 60;
    let sign = if minutes < 0 { '\u{2212}' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// `3 Oct`.
pub fn day_month(date: NaiveDate) -> String {
    format!("{} {}", date.day(), month(date))
}

/// `Oct`.
pub fn month(date: NaiveDate) -> &'static str {
    MONTHS[date.month0() as usize]
}

/// `14:11`, and the seconds where there are any: `14:11:32`.
pub fn clock(shown: NaiveDateTime) -> String {
    let minutes = format!("{:02}:{:02}", shown.hour(), shown.minute());
    if shown.second() == 0 { minutes } else { format!("{minutes}:{:02}", shown.second()) }
}

/// One instant: `3 Oct 2026, 14:11`.
pub fn instant_words(at: i64, east: East) -> String {
    let shown = local(at, east);
    format!("{} {}, {}", day_month(shown.date()), shown.year(), clock(shown))
}

/// A window in words, without its zone. Whole days are named by the first and the last that are in it: `23 Oct to
/// 21 Nov 2026`, `21 Nov 2026`; otherwise by their clock times: `21 Nov 2026, 14:00 to 15:30`.
pub fn window_words(window: TimeWindow, east: East) -> String {
    let (from, to) = (local(window.from, east), local(window.to, east));
    let midnight = |shown: NaiveDateTime| shown.num_seconds_from_midnight() == 0 && shown.nanosecond() == 0;
    let dated = |date: NaiveDate, last: NaiveDate| match date.year() == last.year() {
        true => day_month(date),
        false => format!("{} {}", day_month(date), date.year()),
    };
    if midnight(from) && midnight(to) && window.width() > 0 {
        let last = to.date().pred_opt().unwrap_or(to.date());
        let end = format!("{} {}", day_month(last), last.year());
        return if last == from.date() { end } else { format!("{} to {end}", dated(from.date(), last)) };
    }
    let end = format!("{} {}", day_month(to.date()), to.year());
    if from.date() == to.date() {
        return format!("{end}, {} to {}", clock(from), clock(to));
    }
    format!("{}, {} to {end}, {}", dated(from.date(), to.date()), clock(from), clock(to))
}

/// As a field of the type `datetime-local` takes it, to the minute, rounded down: `2026-10-02T14:11`.
pub fn field(at: i64, east: East) -> String {
    let shown = local(at, east);
    let (date, hour, minute) = (shown.date(), shown.hour(), shown.minute());
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}", date.year(), date.month(), date.day())
}

/// Why a field's text is no instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldFault {
    Empty,
    /// The browser hands it over only where there is no such field, and text is typed.
    Form,
    /// On that day clocks skip it.
    Skipped,
}

impl FieldFault {
    pub fn words(self) -> &'static str {
        match self {
            FieldFault::Empty => "A date and a time are needed.",
            FieldFault::Form => "Not a date and time as in 2026-10-02T14:11.",
            FieldFault::Skipped => "Clocks are put forward over this time on that day; it does not exist.",
        }
    }
}

/// Reads such a field back; seconds are taken where there are any.
///
/// # Errors
/// Where the text is no date and time, or one that clocks of the zone skip.
pub fn read_field(text: &str, east: East) -> Result<i64, FieldFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldFault::Empty);
    }
    let shown = parsed(text).ok_or(FieldFault::Form)?;
    let at = instant(shown, east);
    if local(at, east) == shown { Ok(at) } else { Err(FieldFault::Skipped) }
}

fn parsed(text: &str) -> Option<NaiveDateTime> {
    let (date, time) = text.split_once(['T', ' '])?;
    let mut date = date.split('-').map(number);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    // Fractions of a second are below what a field offers.
    let mut time = time.split_once('.').map_or(time, |(whole, _)| whole).split(':').map(number);
    let (hour, minute) = (time.next()??, time.next()??);
    let second = time.next().unwrap_or(Some(0))?;
    if date.next().is_some() || time.next().is_some() || year > 9999 {
        return None;
    }
    NaiveDate::from_ymd_opt(year as i32, month, day)?.and_hms_opt(hour, minute, second)
}

fn number(digits: &str) -> Option<u32> {
    // A sign would be read as part of the number.
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The instant of `2026-10-02T14:11[:32]` in UTC.
    pub fn at(text: &str) -> i64 {
        read_field(text, utc).unwrap()
    }

    pub fn window(from: &str, to: &str) -> TimeWindow {
        TimeWindow::new(at(from), at(to))
    }

    /// Clocks as in Berlin in 2026: an hour east, two from 29 March 01:00 to 25 October 01:00 UTC.
    pub fn berlin(when: i64) -> i32 {
        let summer = window("2026-03-29T01:00", "2026-10-25T01:00");
        if (summer.from..summer.to).contains(&when) { 7_200 } else { 3_600 }
    }

    /// Half hours, and west.
    pub fn newfoundland(_: i64) -> i32 {
        -12_600
    }

    #[test]
    fn what_clocks_show_leads_back_to_the_instant() {
        let from = at("2026-03-27T00:00");
        for quarter in 0..(24 * 4 * 300) {
            let moment = from + quarter * 15 * MINUTE;
            for east in [utc as East, berlin, newfoundland] {
                let shown = local(moment, east);
                let back = instant(shown, east);
                assert_eq!(local(back, east), shown);
                // In the hour that is shown twice, the earlier of the two.
                assert!(back == moment || (back == moment - HOUR && east(back) != east(moment)), "{shown}");
            }
        }
    }

    #[test]
    fn a_field_reads_back_and_says_what_is_wrong_with_it() {
        for (text, east, read) in [
            ("2026-10-02T14:11", utc as East, Ok("2026-10-02T14:11")),
            (" 2026-10-02 14:11:32.5", utc, Ok("2026-10-02T14:11:32")),
            ("2026-10-02T14:11", berlin, Ok("2026-10-02T12:11")),
            ("2026-03-29T01:59", berlin, Ok("2026-03-29T00:59")),
            ("2026-03-29T02:30", berlin, Err(FieldFault::Skipped)),
            ("2026-03-29T03:00", berlin, Ok("2026-03-29T01:00")),
            ("2026-10-25T02:30", berlin, Ok("2026-10-25T00:30")),
            ("2026-10-02T14:11", newfoundland, Ok("2026-10-02T17:41")),
            ("", utc, Err(FieldFault::Empty)),
            ("2026-10-02", utc, Err(FieldFault::Form)),
            ("2026-02-30T00:00", utc, Err(FieldFault::Form)),
            ("2026-+1-30T00:00", utc, Err(FieldFault::Form)),
            ("2026-10-02T24:00", utc, Err(FieldFault::Form)),
            ("12026-10-02T14:00", utc, Err(FieldFault::Form)),
            ("2026-10-02T14:00:00:00", utc, Err(FieldFault::Form)),
        ] {
            assert_eq!(read_field(text, east), read.map(at), "{text}");
        }
        assert_eq!(field(at("2026-10-02T23:41:59"), berlin), "2026-10-03T01:41");
        assert_eq!(field(at("0933-01-02T00:00"), utc), "0933-01-02T00:00");
    }

    #[test]
    fn a_window_is_named_by_its_days_or_its_clock_times() {
        for (from, to, east, words) in [
            ("2026-10-23T00:00", "2026-11-22T00:00", utc as East, "23 Oct to 21 Nov 2026"),
            ("2026-11-21T00:00", "2026-11-22T00:00", utc, "21 Nov 2026"),
            ("2026-12-30T00:00", "2027-01-02T00:00", utc, "30 Dec 2026 to 1 Jan 2027"),
            ("2026-11-21T14:00", "2026-11-21T15:30", utc, "21 Nov 2026, 14:00 to 15:30"),
            ("2026-11-21T14:00:07", "2026-11-22T00:00", utc, "21 Nov, 14:00:07 to 22 Nov 2026, 00:00"),
            ("2026-10-22T22:00", "2026-11-21T23:00", berlin, "23 Oct to 21 Nov 2026"),
            ("2026-11-21T00:00", "2026-11-21T00:00", utc, "21 Nov 2026, 00:00 to 00:00"),
        ] {
            assert_eq!(window_words(window(from, to), east), words);
        }
        assert_eq!(instant_words(at("2026-10-02T14:11:32"), berlin), "2 Oct 2026, 16:11:32");
        let names = [utc as East, berlin, newfoundland].map(|east| zone_name(at("2026-11-21T00:00"), east));
        assert_eq!(names, ["UTC", "UTC+1", "UTC\u{2212}3:30"]);
    }

    #[test]
    fn an_instant_has_its_place_in_a_window() {
        let day = window("2026-11-21T00:00", "2026-11-22T00:00");
        for (moment, part) in [("2026-11-20T00:00", 0.0), ("2026-11-21T06:00", 0.25), ("2026-11-23T00:00", 1.0)] {
            assert_eq!(day.part(at(moment)), part);
        }
        let empty = TimeWindow::new(5, 5);
        assert_eq!((empty.part(9), empty.width(), empty.seconds()), (0.0, 0, 0));
        let odd = [TimeWindow::new(9, 5), TimeWindow::new(i64::MIN, i64::MAX), TimeWindow::new(0, 1)];
        assert_eq!(odd.map(TimeWindow::width), [0, i64::MAX, 1]);
        assert_eq!(odd[2].seconds(), 1);
        // What no calendar reaches is no panic.
        assert_eq!(local(i64::MAX, utc), NaiveDateTime::MAX);
        window_words(odd[1], utc);
    }
}
