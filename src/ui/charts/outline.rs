//! The outlines that charts are drawn by, as the text of an SVG path: one path a series, however many bars there are,
//! so that a brush that moves changes a few attributes and nothing else. Pure. Across, a unit is one bar; downwards, a
//! hundred is the height of the chart. The page stretches both to the room there is.

use std::fmt::Write;

/// The height of a chart in its own units.
pub const TALL: f64 = 100.0;

/// What is not none is seen: no bar is lower than this.
const LEAST: f64 = 3.0;

/// Between two bars, and between two parts of one.
const GAP: f64 = 0.14;
const PARTS_GAP: f64 = 2.0;

/// The width of a chart whose bars are not equally wide, in its own units, and what is between two of them.
pub const ACROSS: f64 = 1_000.0;
const UNEVEN_GAP: f64 = 6.0;

/// How high a bar is.
pub fn height(value: f64, top: f64) -> f64 {
    if value > 0.0 && top > 0.0 { (value / top * TALL).clamp(LEAST, TALL) } else { 0.0 }
}

/// Adds a bar from `bottom` units above the baseline, so many units high.
fn bar(path: &mut String, at: usize, bottom: f64, height: f64) {
    if height <= 0.0 {
        return;
    }
    let (left, width) = (at as f64 + GAP / 2.0, 1.0 - GAP);
    let _ = write!(path, "M{left:.2} {:.1}h{width:.2}v-{height:.1}h-{width:.2}z", TALL - bottom);
}

/// One bin of two series that stand on each other; none where nothing was recorded, which is not zero.
pub type Bin = Option<[u64; 2]>;

#[derive(Clone, PartialEq, Debug, Default)]
pub struct Stack {
    pub lower: String,
    pub upper: String,
    /// Runs of bins of which nothing is recorded: the first, and how many.
    pub gaps: Vec<(usize, usize)>,
}

/// The most that a bin holds.
pub fn fullest(bins: &[Bin]) -> u64 {
    bins.iter().flatten().map(|[lower, upper]| lower.saturating_add(*upper)).max().unwrap_or(0)
}

/// Two series as stacked bars, the fullest bin as high as the chart.
pub fn stack(bins: &[Bin]) -> Stack {
    let top = fullest(bins) as f64;
    let mut stack = Stack::default();
    for (at, bin) in bins.iter().enumerate() {
        let Some([lower, upper]) = bin else {
            match stack.gaps.last_mut() {
                Some((first, many)) if *first + *many == at => *many += 1,
                _ => stack.gaps.push((at, 1)),
            }
            continue;
        };
        let (below, above) = (height(*lower as f64, top), height(*upper as f64, top));
        bar(&mut stack.lower, at, 0.0, below);
        // The gap is taken from the upper part, and only where enough of it is left.
        let gap = if below > 0.0 && above > PARTS_GAP + LEAST { PARTS_GAP } else { 0.0 };
        bar(&mut stack.upper, at, below + gap, (above - gap).min(TALL - below - gap));
    }
    stack
}

/// One value each, as bars; what is none has no bar, and what stands there instead is the chart's to say.
pub fn bars(values: impl Iterator<Item = Option<f64>>, top: f64) -> String {
    let mut path = String::new();
    for (at, value) in values.enumerate() {
        bar(&mut path, at, 0.0, height(value.unwrap_or(0.0), top));
    }
    path
}

/// Bars between edges that need not be equally far apart. Edges are parts of the chart, and across, a thousand units
/// are all of it.
pub fn uneven(edges: &[f64], values: &[u64], top: f64) -> String {
    let mut path = String::new();
    for (pair, value) in edges.windows(2).zip(values) {
        let (left, right) = (pair[0] * ACROSS, pair[1] * ACROSS);
        let (height, width) = (height(*value as f64, top), right - left - UNEVEN_GAP);
        if height > 0.0 && width > 0.0 {
            let left = left + UNEVEN_GAP / 2.0;
            let _ = write!(path, "M{left:.1} {TALL}h{width:.1}v-{height:.1}h-{width:.1}z");
        }
    }
    path
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    pub path: String,
    /// Points with no neighbour, which a line alone would not show.
    pub lone: String,
}

/// A line through the middles of the bins, broken where there is no value.
pub fn line(values: &[Option<f64>], low: f64, high: f64) -> Line {
    let mut line = Line::default();
    let place = |at: usize, value: f64| (at as f64 + 0.5, TALL - ((value - low) / (high - low)).clamp(0.0, 1.0) * TALL);
    let is = |at: usize| values.get(at).is_some_and(Option::is_some);
    for (at, value) in values.iter().enumerate() {
        let Some(value) = value else { continue };
        let (x, y) = place(at, *value);
        let begins = at == 0 || !is(at - 1);
        if begins && !is(at + 1) {
            let _ = write!(line.lone, "M{x:.1} {y:.1}h0");
        } else {
            let _ = write!(line.path, "{}{x:.1} {y:.1}", if begins { 'M' } else { 'L' });
        }
    }
    line
}

/// A square of a map, a unit wide and a unit high, so far from the left and so many rows down.
pub fn square(path: &mut String, left: f64, row: usize) {
    let _ = write!(path, "M{left} {row}h1v1h-1z");
}

/// One dot in the middle of such a square: nothing there, and that is known. Drawn by a round stroke.
pub fn dot(path: &mut String, left: f64, row: usize) {
    let _ = write!(path, "M{:.1} {row}.5h0", left + 0.5);
}

/// Nine dots: not recorded.
pub fn dots(path: &mut String, left: f64, row: usize) {
    for (x, y) in [2, 5, 8].into_iter().flat_map(|x| [2, 5, 8].map(|y| (x, y))) {
        let _ = write!(path, "M{:.1} {row}.{y}h0", left + f64::from(x) / 10.0);
    }
}

/// A block with a slot, drawn by the even-odd rule: redacted. The slot tells it from the darkest fills.
pub fn block(path: &mut String, left: f64, row: usize) {
    square(path, left, row);
    let _ = write!(path, "M{:.1} {row}.4h.6v.2h-.6z", left + 0.2);
}

/// Strokes from lower left to upper right: not observed for long enough.
pub fn hatch(path: &mut String, left: f64, row: usize) {
    let (near, middle, far) = (left + 0.1, left + 0.5, left + 0.9);
    let _ = write!(
        path,
        "M{near:.1} {row}.5L{middle:.1} {row}.1M{near:.1} {row}.9L{far:.1} {row}.1M{middle:.1} {row}.9L{far:.1} {row}.5"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_on_each_other_and_gaps_are_no_zeros() {
        let bins = [Some([0, 0]), None, None, Some([40, 10]), Some([0, 1]), Some([1, 999]), None];
        let stack = stack(&bins);
        assert_eq!(fullest(&bins), 1_000);
        assert_eq!(stack.gaps, [(1, 2), (6, 1)]);
        // Forty of a thousand are 4 units, one of a thousand is drawn as 3.
        assert_eq!(stack.lower, "M3.07 100.0h0.86v-4.0h-0.86zM5.07 100.0h0.86v-3.0h-0.86z");
        assert_eq!(stack.upper, "M3.07 96.0h0.86v-3.0h-0.86zM4.07 100.0h0.86v-3.0h-0.86zM5.07 95.0h0.86v-95.0h-0.86z");
        assert_eq!(super::stack(&[]), Stack::default());
        assert_eq!(super::stack(&[Some([0, 0])]).lower, "");
    }

    #[test]
    fn no_bar_is_higher_than_the_chart_or_lower_than_can_be_seen() {
        for (value, top, expected) in [
            (0.0, 10.0, 0.0),
            (-1.0, 10.0, 0.0),
            (5.0, 10.0, 50.0),
            (20.0, 10.0, 100.0),
            (0.001, 10.0, 3.0),
            (1.0, 0.0, 0.0),
            (f64::NAN, 10.0, 0.0),
        ] {
            assert_eq!(height(value, top), expected, "{value} of {top}");
        }
        assert_eq!(
            bars([Some(5.0), None, Some(0.0), Some(10.0)].into_iter(), 10.0),
            "M0.07 100.0h0.86v-50.0h-0.86zM3.07 100.0h0.86v-100.0h-0.86z"
        );
    }

    #[test]
    fn bars_between_uneven_edges_touch_neither_their_neighbours_nor_nothing() {
        let path = uneven(&[0.0, 0.1, 0.5, 0.505, 1.0], &[1, 0, 4, 2], 4.0);
        // The third is narrower than the gap.
        assert_eq!(path, "M3.0 100h94.0v-25.0h-94.0zM508.0 100h489.0v-50.0h-489.0z");
        assert_eq!(uneven(&[], &[1], 1.0), "");
    }

    #[test]
    fn a_line_breaks_where_nothing_is_known() {
        let values = [Some(80.0), Some(100.0), None, Some(90.0), None, Some(60.0), Some(90.0)];
        let line = line(&values, 80.0, 100.0);
        assert_eq!(line.path, "M0.5 100.0L1.5 0.0M5.5 100.0L6.5 50.0");
        assert_eq!(line.lone, "M3.5 50.0h0");
        assert_eq!(super::line(&[None], 0.0, 1.0), Line::default());
    }

    #[test]
    fn squares_and_marks_lie_within_their_square() {
        let mut path = String::new();
        square(&mut path, 3.5, 1);
        dot(&mut path, 0.0, 12);
        assert_eq!(path, "M3.5 1h1v1h-1zM0.5 12.5h0");
        path.clear();
        block(&mut path, 1.5, 3);
        assert_eq!(path, "M1.5 3h1v1h-1zM1.7 3.4h.6v.2h-.6z");
        for mark in [dots, hatch] {
            let mut path = String::new();
            mark(&mut path, 7.0, 2);
            let numbers = path.split(|c: char| !(c.is_ascii_digit() || c == '.')).filter(|text| text.contains('.'));
            for pair in numbers.collect::<Vec<_>>().chunks(2) {
                let at: Vec<f64> = pair.iter().map(|text| text.parse().unwrap()).collect();
                assert!((7.0..8.0).contains(&at[0]) && (2.0..3.0).contains(&at[1]), "{path}");
            }
        }
    }
}
