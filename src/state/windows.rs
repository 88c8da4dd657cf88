//! What has come of a question's rows: windows of them, kept while they are near what is in sight. Pure; asking for what
//! is missing is `tasks::rows`, drawing it the views'.

use engine::row::Row;
use engine::talk::Rows;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Rows of a window, all of which come together.
pub const WINDOW: usize = 200;
/// Windows that are kept, those nearest to what was last in sight.
const KEPT: usize = 40;
/// Rows on each side of what is in sight that are fetched before they are.
const AHEAD: usize = 100;

/// One row as the table has it.
pub type HeldRow = Arc<Row<'static>>;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Windows {
    /// Rows in all.
    pub of: usize,
    /// Records that were held when the rows were put in order; the rows are as of then.
    pub generation: u64,
    /// Rows that would be among them and came since.
    pub newer: u64,
    /// By their number; none where nothing has come yet.
    kept: Option<BTreeMap<usize, Vec<HeldRow>>>,
}

impl Windows {
    /// Whether anything has come, be it that there is nothing.
    pub fn are_here(&self) -> bool {
        self.kept.is_some()
    }

    pub fn row(&self, at: usize) -> Option<&HeldRow> {
        self.kept.as_ref()?.get(&(at / WINDOW))?.get(at % WINDOW)
    }

    /// Where the row with this uid stands, if it is among those that are here.
    pub fn position(&self, uid: &str) -> Option<usize> {
        self.kept
            .iter()
            .flatten()
            .find_map(|(number, rows)| Some(number * WINDOW + rows.iter().position(|row| row.uid == uid)?))
    }

    /// The offset and the limit that bring these rows and those around them, however many there are.
    pub fn around(sight: &Range<usize>) -> (u32, u32) {
        let first = sight.start.saturating_sub(AHEAD) / WINDOW;
        let last = (sight.end + AHEAD) / WINDOW;
        ((first * WINDOW) as u32, ((last + 1 - first) * WINDOW) as u32)
    }

    /// The offset and the limit that bring what is missing of these rows and of those around them, whole windows from the
    /// first to the last that are; none where all are here.
    pub fn missing(&self, sight: &Range<usize>) -> Option<(u32, u32)> {
        let last = self.of.saturating_sub(1);
        let first_window = sight.start.saturating_sub(AHEAD).min(last) / WINDOW;
        let last_window = (sight.end + AHEAD).min(last) / WINDOW;
        let is_here = |number: &usize| self.kept.as_ref().is_some_and(|kept| kept.contains_key(number));
        let mut missing = (first_window..=last_window).filter(|number| !is_here(number));
        let first = missing.next().filter(|_| self.of > 0)?;
        let last = missing.next_back().unwrap_or(first);
        Some(((first * WINDOW) as u32, ((last + 1 - first) * WINDOW) as u32))
    }

    /// Takes in what came. Rows of another generation than those that are here take their place.
    pub fn take(&mut self, rows: Rows, sight: &Range<usize>) {
        if self.generation != rows.generation || self.of != rows.of as usize {
            self.kept = None;
        }
        self.of = rows.of as usize;
        self.generation = rows.generation;
        self.newer = rows.newer.into();
        let kept = self.kept.get_or_insert_default();
        let mut number = rows.offset as usize / WINDOW;
        let mut coming = rows.rows.into_iter().map(Arc::new).peekable();
        while coming.peek().is_some() {
            let window: Vec<HeldRow> = coming.by_ref().take(WINDOW).collect();
            // A row that is here stays the same one, so that nobody draws it anew.
            if kept.get(&number) != Some(&window) {
                kept.insert(number, window);
            }
            number += 1;
        }
        let middle = (sight.start + sight.end) / 2 / WINDOW;
        while kept.len() > KEPT {
            let furthest = kept.keys().copied().max_by_key(|number| number.abs_diff(middle));
            furthest.map(|number| kept.remove(&number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(of: usize, generation: u64, offset: usize, limit: usize) -> Rows {
        let end = (offset + limit).min(of);
        let row = |at: usize| Row { uid: format!("r{at}").into(), ..Row::default() };
        Rows {
            of: of as u32,
            all: of as u32,
            generation,
            newer: 0,
            offset: offset as u32,
            rows: (offset.min(end)..end).map(row).collect(),
        }
    }

    #[test]
    fn what_is_in_sight_and_around_it_is_asked_for_by_whole_windows() {
        let mut windows = Windows::default();
        assert!(!windows.are_here());
        assert_eq!((Windows::around(&(0..30)), Windows::around(&(310..350))), ((0, 200), (200, 400)));
        windows.take(rows(1_000, 9, 0, 200), &(0..30));
        for (sight, missing) in [
            (0..30, None),
            (0..99, None),
            (0..101, Some((200, 200))),
            (90..130, Some((200, 200))),
            (380..420, Some((200, 400))),
            (150..900, Some((200, 800))),
            (980..1_000, Some((800, 200))),
            (2_000..3_000, Some((800, 200))),
        ] {
            assert_eq!(windows.missing(&sight), missing, "{sight:?}");
        }
        windows.take(rows(1_000, 9, 400, 200), &(420..450));
        assert_eq!(windows.missing(&(150..700)), Some((200, 800)), "what is between is asked for again");
        windows.take(rows(1_000, 9, 200, 200), &(420..450));
        assert_eq!(windows.missing(&(150..480)), None);
        assert_eq!(windows.row(399).map(|row| &*row.uid), Some("r399"));
        assert_eq!((windows.row(600), windows.row(5_000)), (None, None));
        assert_eq!((windows.position("r450"), windows.position("r700")), (Some(450), None));
    }

    #[test]
    fn nothing_is_missing_of_no_rows() {
        let mut windows = Windows::default();
        assert_eq!(windows.missing(&(0..30)), None);
        windows.take(rows(0, 5, 0, 200), &(0..30));
        assert_eq!((windows.are_here(), windows.missing(&(0..30)), windows.of), (true, None, 0));
    }

    #[test]
    fn rows_as_of_another_time_take_the_place_of_all() {
        let mut windows = Windows::default();
        windows.take(rows(600, 600, 0, 400), &(0..30));
        let before = Arc::clone(windows.row(0).unwrap());
        windows.take(rows(600, 600, 0, 200), &(0..30));
        assert!(Arc::ptr_eq(&before, windows.row(0).unwrap()));
        windows.take(Rows { newer: 3, ..rows(600, 600, 400, 200) }, &(0..30));
        assert_eq!((windows.newer, windows.missing(&(0..600))), (3, None));
        windows.take(rows(603, 603, 0, 200), &(0..30));
        assert_eq!((windows.newer, windows.row(300), windows.of), (0, None, 603));
    }

    #[test]
    fn what_is_far_from_sight_is_let_go() {
        let mut windows = Windows::default();
        let all = 100 * WINDOW;
        for number in 0..100 {
            let at = number * WINDOW;
            windows.take(rows(all, 1, at, WINDOW), &(at..at + 30));
        }
        assert_eq!((windows.row(0), windows.missing(&(all - 30..all))), (None, None));
        assert!(windows.row(all - KEPT * WINDOW).is_some());
        assert!(windows.row(all - KEPT * WINDOW - 1).is_none());
    }
}
