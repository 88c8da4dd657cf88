//! The arithmetic of the time brush: what a drag or a key makes of its window. Pure; the whole, the window and the
//! pointer's place are arguments. Drawing and listening are `brush_plot`, windows by one press `presets`.

use super::civil::{DAY, East, HOUR, MINUTE, SECOND, TimeWindow};

/// What the brush moves over.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    pub whole: TimeWindow,
    /// Whole multiples of this on the zone's clocks are what ends come to lie on, in microseconds.
    pub grain: i64,
    pub east: East,
}

/// Lengths of time that an end moves by and lies on.
const GRAINS: [i64; 16] = [
    1,
    1_000,
    10_000,
    100_000,
    SECOND,
    5 * SECOND,
    15 * SECOND,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
];

/// A press of a key moves by about so many parts of the whole.
const KEYED_PARTS: i64 = 100;
/// Page Up and Page Down move an end by so many presses.
const PAGE: i64 = 10;

/// The shortest of the lengths above that is no shorter than this one; a day where none is.
fn grain_of(least: i64) -> i64 {
    GRAINS.into_iter().find(|grain| *grain >= least).unwrap_or(DAY)
}

/// What is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grip {
    From,
    To,
    /// The frame between the two.
    Frame,
}

/// A drag from where it began.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Drag {
    /// None draws a new window.
    pub grip: Option<Grip>,
    /// Where the pointer went down, as a part of the whole.
    pub start: f64,
    /// The window at that moment.
    pub before: TimeWindow,
}

impl Stage {
    /// A stage drawn so many pixels wide: ends lie on what a pixel can tell apart.
    pub fn new(whole: TimeWindow, pixels: f64, east: East) -> Stage {
        let pixels = pixels.max(1.0) as i64;
        Stage { whole, grain: grain_of(whole.width() / pixels), east }
    }

    /// The instant at a part of the whole, on a whole grain; exact at both ends.
    pub fn at(&self, part: f64) -> i64 {
        let part = if part.is_nan() { 0.0 } else { part.clamp(0.0, 1.0) };
        self.snapped(self.whole.from.saturating_add((part * self.whole.width() as f64) as i64))
    }

    /// The nearest whole grain of the zone's clocks within the whole; its ends are always reachable.
    fn snapped(&self, at: i64) -> i64 {
        let TimeWindow { from, to } = self.whole;
        if at <= from || at >= to {
            return at.clamp(from, to.max(from));
        }
        let east = i64::from((self.east)(at)) * SECOND;
        let shown = at.saturating_add(east);
        let below = shown - shown.rem_euclid(self.grain);
        let nearest = if shown - below >= self.grain - self.grain / 2 { below + self.grain } else { below };
        // Where clocks changed within the grain it is off by that, and still an instant that can be chosen.
        let snapped = nearest.saturating_sub(east).clamp(from, to);
        // An end of the whole that is nearer than any grain.
        let ends = [from, to, snapped];
        ends.into_iter().min_by_key(|end| (end - at).abs()).unwrap_or(snapped)
    }

    /// No window is shorter than this; the whole itself may be.
    fn least(&self) -> i64 {
        self.grain.min(self.whole.width())
    }

    fn with_from(&self, window: TimeWindow, from: i64) -> TimeWindow {
        let latest = window.to.min(self.whole.to).saturating_sub(self.least());
        TimeWindow::new(from.min(latest).max(self.whole.from), window.to)
    }

    fn with_to(&self, window: TimeWindow, to: i64) -> TimeWindow {
        let earliest = window.from.max(self.whole.from).saturating_add(self.least());
        TimeWindow::new(window.from, to.max(earliest).min(self.whole.to))
    }

    /// As wide as it is, beginning where it is told to, or as near to that as the whole allows.
    fn placed(&self, window: TimeWindow, from: i64) -> TimeWindow {
        // One that only just reached onto the stage may be shorter than any may be.
        let width = window.width().clamp(self.least(), self.whole.width());
        let from = from.min(self.whole.to.saturating_sub(width)).max(self.whole.from);
        TimeWindow::new(from, from + width)
    }

    /// The part of a window that is on the stage; `None` where there is none.
    pub fn clipped(&self, window: TimeWindow) -> Option<TimeWindow> {
        let (from, to) = (window.from.max(self.whole.from), window.to.min(self.whole.to));
        (from < to).then_some(TimeWindow::new(from, to))
    }

    /// What there is to hold of a window: its part of the stage, or the whole.
    fn held(&self, window: TimeWindow) -> TimeWindow {
        let held = self.clipped(window).unwrap_or(self.whole);
        self.placed(held, held.from)
    }

    /// What a drag has made of the window, with the pointer at a part of the whole.
    pub fn dragged(&self, drag: Drag, part: f64) -> TimeWindow {
        let held = self.held(drag.before);
        let moved = ((part - drag.start) * self.whole.width() as f64) as i64;
        match drag.grip {
            // By how far the pointer went, not to where it is: a handle is wider than its line.
            Some(Grip::From) => self.with_from(held, self.snapped(held.from.saturating_add(moved))),
            Some(Grip::To) => self.with_to(held, self.snapped(held.to.saturating_add(moved))),
            Some(Grip::Frame) => self.placed(held, self.snapped(held.from.saturating_add(moved))),
            None => {
                let (a, b) = (self.at(drag.start), self.at(part));
                let width = (a - b).abs().max(self.least());
                let from = if b < a || part < drag.start { a.max(b) - width } else { a.min(b) };
                self.placed(TimeWindow::new(from, from + width), from)
            }
        }
    }

    /// What a key makes of the window; `None` for a key that is none of the brush's. Arrows move what is held, and with
    /// Shift they grow or shrink the frame at its end; Page Up and Down move an end by ten steps and the frame by its
    /// own width; Home and End go as far as it can.
    pub fn keyed(&self, grip: Grip, key: &str, shift: bool, window: TimeWindow) -> Option<TimeWindow> {
        let held = self.held(window);
        let stride = grain_of(self.whole.width() / KEYED_PARTS).max(self.grain);
        // A step that lands on a whole stride, so that presses lead through whole hours and days.
        let on = Stage { grain: stride, ..*self };
        let by = |at: i64, steps: i64| on.snapped(at.saturating_add(steps * stride));
        let (direction, whole_way) = match key {
            "ArrowLeft" | "ArrowDown" | "PageDown" => (-1, false),
            "ArrowRight" | "ArrowUp" | "PageUp" => (1, false),
            "Home" => (-1, true),
            "End" => (1, true),
            _ => return None,
        };
        let steps = direction * if key.starts_with("Page") { PAGE } else { 1 };
        let to_end = if direction < 0 { self.whole.from } else { self.whole.to };
        Some(match grip {
            Grip::From if whole_way => self.with_from(held, to_end),
            Grip::To if whole_way => self.with_to(held, to_end),
            Grip::From => self.with_from(held, by(held.from, steps)),
            Grip::To => self.with_to(held, by(held.to, steps)),
            Grip::Frame if whole_way => self.placed(held, to_end),
            Grip::Frame if key.starts_with("Page") => self.placed(held, held.from + direction * held.width()),
            Grip::Frame if shift => self.with_to(held, by(held.to, steps)),
            Grip::Frame => self.placed(held, by(held.from, steps)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::civil::tests::{at, berlin, window};
    use super::super::civil::utc;
    use super::*;

    fn stage() -> Stage {
        Stage::new(window("2026-08-24T07:30", "2026-11-22T09:10"), 960.0, utc)
    }

    #[test]
    fn ends_lie_on_what_a_pixel_can_tell_apart() {
        for (minutes, pixels, grain) in [
            (90 * 24 * 60, 960.0, 3 * HOUR),
            (90 * 24 * 60, 300.0, 12 * HOUR),
            (24 * 60, 960.0, 5 * MINUTE),
            (60, 960.0, 5 * SECOND),
            (5_000 * 24 * 60, 960.0, DAY),
            (0, 960.0, 1),
            (60, 0.0, HOUR),
        ] {
            assert_eq!(Stage::new(TimeWindow::new(0, minutes * MINUTE), pixels, utc).grain, grain, "{minutes}");
        }
        let stage = stage();
        assert_eq!((stage.at(0.0), stage.at(1.0)), (stage.whole.from, stage.whole.to));
        assert_eq!((stage.at(-3.0), stage.at(f64::NAN)), (stage.whole.from, stage.whole.from));
        assert_eq!(stage.at(0.5), at("2026-10-08T09:00"));
        // Whole hours of the zone, not of UTC.
        let days = Stage { grain: DAY, east: berlin, ..stage };
        assert_eq!(days.at(0.5), at("2026-10-07T22:00"));
    }

    #[test]
    fn drags_move_ends_and_frame_and_draw_anew() {
        let before = window("2026-10-01T00:00", "2026-10-08T00:00");
        let stage = Stage { grain: HOUR, ..stage() };
        let (start, week) = (stage.whole.part(at("2026-10-03T12:00")), stage.whole.part(at("2026-08-31T07:30")));
        for (grip, by, expected) in [
            (Some(Grip::From), week, ("2026-10-07T23:00", "2026-10-08T00:00")),
            (Some(Grip::From), -week, ("2026-09-24T00:00", "2026-10-08T00:00")),
            (Some(Grip::From), -1.0, ("2026-08-24T07:30", "2026-10-08T00:00")),
            (Some(Grip::To), week, ("2026-10-01T00:00", "2026-10-15T00:00")),
            (Some(Grip::To), -2.0 * week, ("2026-10-01T00:00", "2026-10-01T01:00")),
            (Some(Grip::To), 1.0, ("2026-10-01T00:00", "2026-11-22T09:10")),
            (Some(Grip::Frame), week, ("2026-10-08T00:00", "2026-10-15T00:00")),
            (Some(Grip::Frame), -1.0, ("2026-08-24T07:30", "2026-08-31T07:30")),
            (Some(Grip::Frame), 1.0, ("2026-11-15T09:10", "2026-11-22T09:10")),
            (None, week, ("2026-10-03T12:00", "2026-10-10T12:00")),
            (None, -week, ("2026-09-26T12:00", "2026-10-03T12:00")),
            (None, 0.0, ("2026-10-03T12:00", "2026-10-03T13:00")),
            (None, -1.0, ("2026-08-24T07:30", "2026-10-03T12:00")),
        ] {
            let drag = Drag { grip, start, before };
            assert_eq!(stage.dragged(drag, start + by), window(expected.0, expected.1), "{grip:?} {by}");
        }
        // Drawn leftwards from the very beginning, it opens to the right.
        let drag = Drag { grip: None, start: 0.0, before };
        assert_eq!(stage.dragged(drag, -0.5).from, stage.whole.from);
    }

    #[test]
    fn keys_do_what_their_table_says() {
        let before = window("2026-10-01T00:00", "2026-10-08T00:00");
        // 90 days in a hundred parts: a day.
        for (grip, key, shift, expected) in [
            (Grip::From, "ArrowRight", false, ("2026-10-02T00:00", "2026-10-08T00:00")),
            (Grip::From, "ArrowDown", false, ("2026-09-30T00:00", "2026-10-08T00:00")),
            (Grip::From, "PageDown", false, ("2026-09-21T00:00", "2026-10-08T00:00")),
            (Grip::From, "PageUp", false, ("2026-10-07T21:00", "2026-10-08T00:00")),
            (Grip::From, "Home", false, ("2026-08-24T07:30", "2026-10-08T00:00")),
            (Grip::From, "End", false, ("2026-10-07T21:00", "2026-10-08T00:00")),
            (Grip::To, "ArrowUp", false, ("2026-10-01T00:00", "2026-10-09T00:00")),
            (Grip::To, "End", false, ("2026-10-01T00:00", "2026-11-22T09:10")),
            (Grip::To, "Home", false, ("2026-10-01T00:00", "2026-10-01T03:00")),
            (Grip::Frame, "ArrowLeft", false, ("2026-09-30T00:00", "2026-10-07T00:00")),
            (Grip::Frame, "ArrowRight", true, ("2026-10-01T00:00", "2026-10-09T00:00")),
            (Grip::Frame, "ArrowLeft", true, ("2026-10-01T00:00", "2026-10-07T00:00")),
            (Grip::Frame, "PageUp", false, ("2026-10-08T00:00", "2026-10-15T00:00")),
            (Grip::Frame, "PageDown", false, ("2026-09-24T00:00", "2026-10-01T00:00")),
            (Grip::Frame, "Home", false, ("2026-08-24T07:30", "2026-08-31T07:30")),
            (Grip::Frame, "End", false, ("2026-11-15T09:10", "2026-11-22T09:10")),
        ] {
            let given = stage().keyed(grip, key, shift, before);
            assert_eq!(given, Some(window(expected.0, expected.1)), "{grip:?} {key} {shift}");
        }
        for key in ["Enter", "a", "Tab", "Escape", " "] {
            assert_eq!(stage().keyed(Grip::Frame, key, false, before), None);
        }
        // Off the whole days, the first press leads onto them.
        let odd = TimeWindow::new(before.from + 40 * MINUTE, before.to);
        let given = stage().keyed(Grip::From, "ArrowRight", false, odd).unwrap();
        assert_eq!(given.from, at("2026-10-02T00:00"));
    }

    #[test]
    fn whatever_is_done_the_window_stays_on_the_stage_and_never_vanishes() {
        let keys = ["ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"];
        let wholes = [
            stage().whole,
            window("2026-10-24T00:00", "2026-10-26T00:00"),
            TimeWindow::new(7, 8),
            TimeWindow::new(7, 7),
            TimeWindow::new(0, 90 * SECOND + 1),
        ];
        for whole in wholes {
            let stage = Stage::new(whole, 333.0, berlin);
            let holds = |given: TimeWindow, what: &str| {
                assert!(given.from >= whole.from && given.to <= whole.to, "{what} {whole:?} {given:?}");
                assert!(given.width() >= stage.least(), "{what} {whole:?} {given:?}");
            };
            let befores = [
                whole,
                TimeWindow::new(whole.from - 5 * DAY, whole.from + 1),
                TimeWindow::new(whole.to - 1, whole.to + DAY),
                TimeWindow::new(whole.to + DAY, whole.to + 2 * DAY),
            ];
            for before in befores {
                for grip in [Some(Grip::From), Some(Grip::To), Some(Grip::Frame), None] {
                    for (start, part) in [(0.5, 0.1), (0.5, 0.9), (0.2, 0.2), (0.0, -3.0), (1.0, 4.0), (1.0, 0.0)] {
                        let drag = Drag { grip, start, before };
                        holds(stage.dragged(drag, part), &format!("{grip:?} {start} {part}"));
                    }
                }
                for (key, shift) in keys.into_iter().flat_map(|key| [(key, false), (key, true)]) {
                    for grip in [Grip::From, Grip::To, Grip::Frame] {
                        holds(stage.keyed(grip, key, shift, before).unwrap(), key);
                    }
                }
            }
        }
    }
}
