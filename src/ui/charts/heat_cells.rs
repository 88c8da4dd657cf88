//! A map of counts as outlines: which fill each cell takes, the marks of what is not counted, and what a key or the
//! pointer leads to. Pure; drawing it, its legend and its focus are `heat`.

use super::outline::{block, dot, dots, hatch, square};
use super::scale::{FILLS, fill_of_edge, heat_edges, heat_fill};
use crate::ui::wording::{count, counted};

/// One cell. Four kinds of nothing are four marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Cell {
    /// None, and that is known.
    #[default]
    Absent,
    Is(u64),
    NotRecorded,
    /// Not observed for long enough.
    Unobserved,
    Redacted,
}

impl Cell {
    /// `214 records`, `no record`, `not recorded`.
    pub fn words(self, one: &str, many: &str) -> String {
        match self {
            Cell::Is(0) | Cell::Absent => format!("no {one}"),
            Cell::Is(n) => counted(n, one, many),
            Cell::NotRecorded => "not recorded".to_owned(),
            Cell::Unobserved => "not observed long enough".to_owned(),
            Cell::Redacted => "redacted".to_owned(),
        }
    }

    /// For a table's cell, under a head that says what is counted.
    pub fn short(self) -> String {
        match self {
            Cell::Is(n) => count(n),
            Cell::Absent => "0".to_owned(),
            other => other.words("", ""),
        }
    }

    fn counted(self) -> u64 {
        if let Cell::Is(n) = self { n } else { 0 }
    }
}

/// The marks that stand for something other than a count, in order of the legend.
pub const MARKS: [Cell; 4] = [Cell::Absent, Cell::NotRecorded, Cell::Unobserved, Cell::Redacted];

/// What a map or a key of its legend is drawn by: one path a fill, one for each kind of mark.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cells {
    /// By fill, the least first.
    pub fills: [String; FILLS],
    pub absent: String,
    pub unrecorded: String,
    pub unobserved: String,
    pub redacted: String,
}

impl Cells {
    /// Draws one cell: the only place where a cell's look is chosen, for the map and for its legend.
    pub fn draw(&mut self, cell: Cell, edges: &[u64], left: f64, row: usize) {
        match cell {
            Cell::Is(n) if n > 0 => square(&mut self.fills[heat_fill(n, edges).max(1) - 1], left, row),
            Cell::Is(_) | Cell::Absent => dot(&mut self.absent, left, row),
            Cell::NotRecorded => dots(&mut self.unrecorded, left, row),
            Cell::Unobserved => hatch(&mut self.unobserved, left, row),
            Cell::Redacted => block(&mut self.redacted, left, row),
        }
    }

    /// A whole map, row by row.
    pub fn of(cells: &[Cell], grid: &Grid, edges: &[u64]) -> Cells {
        let mut drawn = Cells::default();
        let columns = grid.columns.len().max(1);
        for (row, cells) in cells.chunks(columns).enumerate() {
            for (cell, left) in cells.iter().zip(&grid.columns) {
                drawn.draw(*cell, edges, *left, row);
            }
        }
        drawn
    }
}

/// Where the columns of a map stand, in widths of a cell.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Grid {
    /// The left edge of each.
    pub columns: Vec<f64>,
    pub wide: f64,
}

impl Grid {
    /// Between two groups of columns.
    const GAP: f64 = 0.5;

    /// By the group of each column, in order.
    pub fn of<G: PartialEq>(groups: impl Iterator<Item = G>) -> Grid {
        let mut grid = Grid::default();
        let mut last = None;
        for group in groups {
            if last.is_some_and(|last| last != group) {
                grid.wide += Grid::GAP;
            }
            grid.columns.push(grid.wide);
            grid.wide += 1.0;
            last = Some(group);
        }
        grid
    }

    /// The column nearest to a place, which is a part of the map; `None` where there are none.
    pub fn nearest(&self, part: f64) -> Option<usize> {
        let away = |left: f64| (left + 0.5 - part * self.wide).abs();
        let columns = self.columns.iter().enumerate();
        columns.min_by(|(_, a), (_, b)| away(**a).total_cmp(&away(**b))).map(|(column, _)| column)
    }

    /// Left edge and width of columns from one to another, as parts of the map.
    pub fn span(&self, first: usize, last: usize) -> (f64, f64) {
        let left = |column: usize| self.columns.get(column).copied().unwrap_or(0.0);
        let wide = self.wide.max(1.0);
        (left(first) / wide, (left(last) + 1.0 - left(first)) / wide)
    }
}

/// The edges of a map's fills: by the fullest of its cells, or by `top` where that is more, so that fills stay the same
/// while the window moves.
pub fn edges(cells: &[Cell], top: u64) -> Vec<u64> {
    heat_edges(cells.iter().map(|cell| cell.counted()).max().unwrap_or(0).max(top))
}

/// A legend's keys for counts: the least count of each fill, the fill, and its words: `5 to 19`, `20 or more`.
pub fn keys(edges: &[u64]) -> Vec<(u64, usize, String)> {
    let key = |(at, edge): (usize, &u64)| {
        let words = match edges.get(at + 1) {
            Some(next) if *next == edge + 1 => count(*edge),
            Some(next) => format!("{} to {}", count(*edge), count(next - 1)),
            None if *edge == at as u64 + 1 => count(*edge),
            None => format!("{} or more", count(*edge)),
        };
        (*edge, fill_of_edge(at, edges.len()), words)
    };
    edges.iter().enumerate().map(key).collect()
}

/// Where a key leads from a cell: column and row; `None` for a key that is none of the map's. With Ctrl, Home and End
/// lead to the first and last cell of all.
pub fn keyed(
    (column, row): (usize, usize),
    key: &str,
    ctrl: bool,
    columns: usize,
    rows: usize,
) -> Option<(usize, usize)> {
    /// Rows to a page.
    const PAGE: usize = 10;
    let (last_column, last_row) = (columns.checked_sub(1)?, rows.checked_sub(1)?);
    let (column, row) = (column.min(last_column), row.min(last_row));
    Some(match key {
        "ArrowLeft" => (column.saturating_sub(1), row),
        "ArrowRight" => ((column + 1).min(last_column), row),
        "ArrowUp" => (column, row.saturating_sub(1)),
        "ArrowDown" => (column, (row + 1).min(last_row)),
        "PageUp" => (column, row.saturating_sub(PAGE)),
        "PageDown" => (column, (row + PAGE).min(last_row)),
        "Home" if ctrl => (0, 0),
        "End" if ctrl => (last_column, last_row),
        "Home" => (0, row),
        "End" => (last_column, row),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_cell_has_a_path_of_its_own() {
        let cells = [Cell::Is(1), Cell::Absent, Cell::NotRecorded, Cell::Unobserved, Cell::Redacted, Cell::Is(0)];
        let drawn = Cells::of(&cells, &Grid::of([0; 3].iter()), &edges(&cells, 0));
        assert_eq!(drawn.fills[0], "M0 0h1v1h-1z");
        assert!(drawn.fills[1..].iter().all(String::is_empty));
        assert_eq!(drawn.absent, "M1.5 0.5h0M2.5 1.5h0");
        assert!(drawn.unrecorded.starts_with("M2.2 0.2h0") && drawn.unobserved.starts_with("M0.1 1.5L"));
        assert_eq!(drawn.redacted, "M1 1h1v1h-1zM1.2 1.4h.6v.2h-.6z");
        let many: Vec<Cell> = (0..=5_000).map(Cell::Is).collect();
        let drawn = Cells::of(&many, &Grid::of(0..100), &edges(&many, 0));
        let squares: usize = drawn.fills.iter().map(|path| path.matches('z').count()).sum();
        assert_eq!((squares, drawn.absent.matches("h0").count()), (5_000, 1));
        assert!(drawn.fills.iter().all(|path| !path.is_empty()));
        assert_eq!(Cells::of(&[], &Grid::default(), &[]), Cells::default());
    }

    #[test]
    fn the_legend_draws_what_the_map_draws() {
        for most in [1, 3, 7, 40, 5_000] {
            let edges = edges(&[Cell::Is(most)], 0);
            for (least, fill, _) in keys(&edges) {
                let mut key = Cells::default();
                key.draw(Cell::Is(least), &edges, 0.0, 0);
                assert_eq!(key.fills[fill - 1], "M0 0h1v1h-1z", "{most} {least}");
            }
        }
        let words = |most, top| keys(&edges(&[Cell::Is(most)], top)).into_iter().map(|key| key.2).collect::<Vec<_>>();
        assert_eq!(words(3, 0), ["1", "2", "3"]);
        assert_eq!(words(3, 60), ["1", "2 to 4", "5 to 9", "10 to 19", "20 to 49", "50 or more"]);
        assert!(words(0, 0).is_empty());
    }

    #[test]
    fn groups_stand_apart_and_every_place_leads_to_a_column() {
        let grid = Grid::of(["s3", "s3", "iam", "ec2", "ec2"].iter());
        assert_eq!((grid.columns.as_slice(), grid.wide), ([0.0, 1.0, 2.5, 4.0, 5.0].as_slice(), 6.0));
        for (part, column) in [(0.0, 0), (0.2, 1), (0.37, 1), (0.39, 2), (0.99, 4), (7.0, 4), (-1.0, 0)] {
            assert_eq!(grid.nearest(part), Some(column), "{part}");
        }
        assert_eq!(grid.span(3, 4), (4.0 / 6.0, 2.0 / 6.0));
        assert_eq!(Grid::of(std::iter::empty::<u8>()).nearest(0.5), None);
    }

    #[test]
    fn keys_lead_from_cell_to_cell_and_stop_at_the_edges() {
        for (from, key, ctrl, to) in [
            ((0, 0), "ArrowLeft", false, Some((0, 0))),
            ((0, 0), "ArrowRight", false, Some((1, 0))),
            ((4, 2), "ArrowRight", false, Some((4, 2))),
            ((4, 2), "ArrowDown", false, Some((4, 3))),
            ((4, 30), "ArrowDown", false, Some((4, 30))),
            ((4, 2), "ArrowUp", false, Some((4, 1))),
            ((4, 2), "PageDown", false, Some((4, 12))),
            ((4, 2), "PageUp", false, Some((4, 0))),
            ((4, 2), "Home", false, Some((0, 2))),
            ((0, 2), "End", false, Some((4, 2))),
            ((4, 2), "Home", true, Some((0, 0))),
            ((0, 2), "End", true, Some((4, 30))),
            ((9, 99), "ArrowLeft", false, Some((3, 30))),
            ((0, 0), "Enter", false, None),
        ] {
            assert_eq!(keyed(from, key, ctrl, 5, 31), to, "{from:?} {key}");
        }
        assert_eq!(keyed((0, 0), "Home", false, 0, 4), None);
    }

    #[test]
    fn no_kind_of_nothing_is_said_as_another() {
        let words = [Cell::Absent, Cell::Is(1), Cell::Is(1_200), Cell::NotRecorded, Cell::Unobserved, Cell::Redacted]
            .map(|cell| cell.words("record", "records"));
        assert_eq!(
            words,
            ["no record", "1 record", "1\u{202f}200 records", "not recorded", "not observed long enough", "redacted"]
        );
        assert_eq!([Cell::Absent, Cell::Is(7), Cell::Redacted].map(Cell::short), ["0", "7", "redacted"]);
    }
}
