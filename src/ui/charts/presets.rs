//! Windows of time that one press chooses, and what the brush tells of any choice. Pure; drags and keys are `brushing`,
//! the buttons `time_brush`.

use super::civil::{DAY, TimeWindow};

/// What was chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Brushed {
    /// None is everything.
    pub window: Option<TimeWindow>,
    /// By which preset, so that it can go on with the clock.
    pub preset: Option<Preset>,
    /// A drag or a held key has ended: what belongs into the address.
    pub settled: bool,
}

/// Where presets end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PresetEnd {
    Now(i64),
    /// The records are of the past.
    LastRecord(i64),
}

impl PresetEnd {
    pub fn at(self) -> i64 {
        match self {
            PresetEnd::Now(at) | PresetEnd::LastRecord(at) => at,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            PresetEnd::Now(_) => "now",
            PresetEnd::LastRecord(_) => "the last record",
        }
    }
}

/// A length of time back from the end, by one press.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Preset {
    Day,
    Week,
    Month,
    Quarter,
    All,
}

impl Preset {
    pub const ALL: [Preset; 5] = [Preset::Day, Preset::Week, Preset::Month, Preset::Quarter, Preset::All];

    pub fn word(self) -> &'static str {
        match self {
            Preset::Day => "24 h",
            Preset::Week => "7 d",
            Preset::Month => "30 d",
            Preset::Quarter => "90 d",
            Preset::All => "All",
        }
    }

    /// In microseconds; `None` for everything.
    pub fn width(self) -> Option<i64> {
        match self {
            Preset::Day => Some(DAY),
            Preset::Week => Some(7 * DAY),
            Preset::Month => Some(30 * DAY),
            Preset::Quarter => Some(90 * DAY),
            Preset::All => None,
        }
    }

    /// The window that ends at `end`; `None` is everything. It may begin before the first record: a reader who asks for
    /// 30 days is told about 30 days.
    pub fn window(self, end: i64) -> Option<TimeWindow> {
        self.width().map(|width| TimeWindow::new(end.saturating_sub(width), end))
    }

    /// Which one a window is, if any.
    pub fn of(window: Option<TimeWindow>, end: i64) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.window(end) == window)
    }
}

#[cfg(test)]
mod tests {
    use super::super::civil::tests::{at, window};
    use super::*;

    #[test]
    fn presets_end_where_they_are_told_to() {
        let end = at("2026-11-22T09:10");
        for (end, said) in [(PresetEnd::Now(7), "now"), (PresetEnd::LastRecord(7), "the last record")] {
            assert_eq!((end.at(), end.word()), (7, said));
        }
        assert_eq!(Preset::Week.window(end), Some(window("2026-11-15T09:10", "2026-11-22T09:10")));
        for preset in Preset::ALL {
            assert_eq!(Preset::of(preset.window(end), end), Some(preset));
            assert_eq!(Preset::of(preset.window(end), end + 1), (preset == Preset::All).then_some(preset));
        }
        assert_eq!(Preset::of(Some(window("2026-11-15T09:11", "2026-11-22T09:10")), end), None);
    }
}
