//! Numbers onto lengths and fills: where an axis ends and is marked, how far along a logarithmic one something is, and
//! which of the seven fills a count takes. Pure; instants are `ticks`, the outlines of what is drawn `outline`.

use super::civil::{DAY, HOUR, MINUTE, SECOND};

/// How many fills `style/tokens.css` has for counts.
pub const FILLS: usize = 7;

/// The least of 1, 2, 2½ or 5 times a power of ten that holds `max`, so that an axis ends on a number that can be read.
/// 1 where nothing is above zero.
pub fn nice_top(max: f64) -> f64 {
    if !(max.is_finite() && max > 0.0) {
        return 1.0;
    }
    let power = 10_f64.powf(max.log10().floor());
    // The quotient is off by a rounding: 0.3 / 0.1 is more than 3.
    let tops = [1.0, 2.0, 2.5, 5.0, 10.0].map(|times| times * power);
    tops.into_iter().find(|top| max <= top * (1.0 + 1e-9)).unwrap_or(10.0 * power)
}

/// The lines of an axis of shares, per cent, from the lowest up: three, ten points apart or more, that hold all
/// `values`. It need not begin at zero, since a line is read by its slope; bars are.
pub fn share_lines(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|value| value.is_finite()) {
        (low, high) = (low.min(value.clamp(0.0, 100.0)), high.max(value.clamp(0.0, 100.0)));
    }
    if low > high {
        return [0.0, 50.0, 100.0];
    }
    let held = [10.0, 20.0, 50.0].into_iter().find_map(|step: f64| {
        let lowest = ((low / step).floor() * step).min(100.0 - 2.0 * step);
        (lowest >= 0.0 && lowest + 2.0 * step >= high).then_some([lowest, lowest + step, lowest + 2.0 * step])
    });
    held.unwrap_or([0.0, 50.0, 100.0])
}

/// How far along a logarithmic axis from `low` to `high` a value is, 0 to 1; beyond its ends it is at them.
pub fn log_part(value: f64, low: f64, high: f64) -> f64 {
    if !(low > 0.0 && high > low && value > low) {
        return 0.0;
    }
    ((value / low).ln() / (high / low).ln()).min(1.0)
}

/// Lengths of time that an axis of waits may be marked at, in microseconds, with their words.
const WAITS: [(i64, &str); 12] = [
    (SECOND, "1 s"),
    (10 * SECOND, "10 s"),
    (MINUTE, "1 min"),
    (10 * MINUTE, "10 min"),
    (HOUR, "1 h"),
    (8 * HOUR, "8 h"),
    (DAY, "1 d"),
    (7 * DAY, "7 d"),
    (30 * DAY, "30 d"),
    (90 * DAY, "90 d"),
    (365 * DAY, "1 y"),
    (3_650 * DAY, "10 y"),
];

/// The marks of a logarithmic axis of waits, as parts of it; those nearer to the one before than an eighth of the axis
/// are left out.
pub fn wait_ticks(low: f64, high: f64) -> Vec<(f64, &'static str)> {
    let mut marks: Vec<(f64, &'static str)> = Vec::new();
    for (wait, word) in WAITS {
        let part = log_part(wait as f64, low, high);
        let on_axis = low > 0.0 && wait as f64 >= low && wait as f64 <= high;
        if on_axis && marks.last().is_none_or(|(last, _)| part - last >= 0.125) {
            marks.push((part, word));
        }
    }
    marks
}

/// From which count on each fill is taken, the least first: every count where there are few, round numbers that grow
/// by about the same factor where there are many. At most seven; empty where `most` is zero.
pub fn heat_edges(most: u64) -> Vec<u64> {
    if most <= FILLS as u64 {
        return (1..=most).collect();
    }
    let mut round = vec![1_u64];
    let mut power = 1_u64;
    'up: loop {
        for times in [2, 5, 10] {
            match power.checked_mul(times) {
                Some(next) if next <= most => round.push(next),
                _ => break 'up,
            }
        }
        power *= 10;
    }
    let last = round.len() - 1;
    if last < FILLS {
        return round;
    }
    (0..FILLS).map(|at| round[(at * last + (FILLS - 1) / 2) / (FILLS - 1)]).collect()
}

/// Which fill a count takes, 1 to 7; 0 for none. Few edges are spread over all fills.
pub fn heat_fill(count: u64, edges: &[u64]) -> usize {
    match edges.iter().filter(|edge| count >= **edge).count() {
        0 => 0,
        reached => fill_of_edge(reached - 1, edges.len()),
    }
}

/// The fill of the edge at this place among so many.
pub fn fill_of_edge(at: usize, edges: usize) -> usize {
    1 + at * (FILLS - 1) / edges.saturating_sub(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_on_a_number_that_can_be_read() {
        for (max, top) in [
            (0.0, 1.0),
            (-3.0, 1.0),
            (f64::NAN, 1.0),
            (0.3, 0.5),
            (1.0, 1.0),
            (1.01, 2.0),
            (2.2, 2.5),
            (17.0, 20.0),
            (20.0, 20.0),
            (21.0, 25.0),
            (100.0, 100.0),
            (612.0, 1_000.0),
        ] {
            assert!((nice_top(max) - top).abs() < 1e-9, "{max}: {}", nice_top(max));
        }
    }

    #[test]
    fn an_axis_of_shares_holds_them_in_three_lines() {
        for (values, lines) in [
            (vec![90.0, 97.0], [80.0, 90.0, 100.0]),
            (vec![61.0, 77.0], [60.0, 70.0, 80.0]),
            (vec![5.9], [0.0, 10.0, 20.0]),
            (vec![100.0], [80.0, 90.0, 100.0]),
            (vec![12.0, 55.0], [0.0, 50.0, 100.0]),
            (vec![41.0, 79.0], [40.0, 60.0, 80.0]),
            (vec![0.0, 100.0], [0.0, 50.0, 100.0]),
            (vec![], [0.0, 50.0, 100.0]),
            (vec![f64::NAN], [0.0, 50.0, 100.0]),
        ] {
            assert_eq!(share_lines(values.iter().copied()), lines, "{values:?}");
        }
        for (low, high) in (0..=100).flat_map(|low| (low..=100).map(move |high| (f64::from(low), f64::from(high)))) {
            let [bottom, middle, top] = share_lines([low, high].into_iter());
            assert!(bottom >= 0.0 && bottom <= low && top >= high && top <= 100.0, "{low} {high}");
            assert_eq!(middle - bottom, top - middle);
        }
    }

    #[test]
    fn waits_are_marked_where_there_is_room() {
        let words = |low: i64, high: i64| wait_ticks(low as f64, high as f64).into_iter().map(|(_, word)| word);
        for (low, high, expected) in [
            (SECOND, DAY, "1 s 10 s 1 min 10 min 1 h 8 h"),
            (10 * SECOND, 30 * DAY, "10 s 1 min 10 min 1 h 8 h 7 d"),
            (MINUTE, HOUR, "1 min 10 min 1 h"),
            (0, DAY, ""),
        ] {
            assert_eq!(words(low, high).collect::<Vec<_>>().join(" "), expected, "{low} {high}");
        }
        assert_eq!((log_part(10.0, 1.0, 100.0), log_part(0.5, 1.0, 100.0), log_part(1e9, 1.0, 100.0)), (0.5, 0.0, 1.0));
    }

    #[test]
    fn counts_take_fills_in_order() {
        for (most, edges) in [
            (0, vec![]),
            (1, vec![1]),
            (4, vec![1, 2, 3, 4]),
            (7, vec![1, 2, 3, 4, 5, 6, 7]),
            (60, vec![1, 2, 5, 10, 20, 50]),
            (100, vec![1, 2, 5, 10, 20, 50, 100]),
            (5_000, vec![1, 5, 20, 100, 200, 1_000, 5_000]),
        ] {
            assert_eq!(heat_edges(most), edges, "{most}");
        }
        for most in [1, 2, 5, 8, 19, 250, 7_300, 48_213, 10_000_000, u64::MAX] {
            let edges = heat_edges(most);
            assert!(edges.windows(2).all(|pair| pair[0] < pair[1]) && edges.len() <= FILLS, "{edges:?}");
            assert_eq!((edges[0], heat_fill(0, &edges), heat_fill(1, &edges)), (1, 0, 1));
            assert!(most == 1 || heat_fill(most, &edges) == FILLS);
            // The fills of the edges are those that the counts on them take.
            for (at, edge) in edges.iter().enumerate() {
                assert_eq!(heat_fill(*edge, &edges), fill_of_edge(at, edges.len()));
            }
        }
        assert_eq!(heat_fill(3, &[]), 0);
    }
}
