//! How long things took, by bins on a logarithmic axis, with where half and nine tenths are done. Pure; drawing it is
//! `spread`.

use super::civil::SECOND;
use super::scale::log_part;
use crate::ui::wording::{count, span};

/// In microseconds. Bins go from each edge up to but without the next; edges are above zero and increase.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Waits {
    pub edges: Vec<i64>,
    pub counts: Vec<u64>,
    /// Where so much is done, and in which words: `half by 11 min`.
    pub markers: Vec<(i64, String)>,
    /// Shorter than the first edge, and as long as the last or longer: drawn nowhere, said below.
    pub below: u64,
    pub beyond: u64,
}

impl Waits {
    /// The ends of the axis.
    pub fn ends(&self) -> (f64, f64) {
        match (self.edges.first(), self.edges.last()) {
            (Some(first), Some(last)) => (*first as f64, *last as f64),
            _ => (0.0, 0.0),
        }
    }

    /// Where the edges are, as parts of the axis.
    pub fn parts(&self) -> Vec<f64> {
        let (low, high) = self.ends();
        self.edges.iter().map(|edge| log_part(*edge as f64, low, high)).collect()
    }

    /// `10 s to 30 s` and its count, bin by bin.
    pub fn bins(&self) -> impl Iterator<Item = (String, u64)> {
        let words = |micros: i64| span(micros / SECOND);
        let pairs = self.edges.windows(2).zip(&self.counts);
        pairs.map(move |(pair, count)| (format!("{} to {}", words(pair[0]), words(pair[1])), *count))
    }

    /// Where the markers are, as parts of the axis, and their words.
    pub fn marked(&self) -> Vec<(f64, String)> {
        let (low, high) = self.ends();
        self.markers.iter().map(|(at, words)| (log_part(*at as f64, low, high), words.clone())).collect()
    }

    /// What lies off the axis; empty where nothing does.
    pub fn off_axis(&self) -> String {
        let (low, high) = self.ends();
        let words = |micros: f64| span(micros as i64 / SECOND);
        let below = (self.below > 0).then(|| format!("{} under {}", count(self.below), words(low)));
        let beyond = (self.beyond > 0).then(|| format!("{} of {} or longer", count(self.beyond), words(high)));
        below.into_iter().chain(beyond).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::civil::{HOUR, MINUTE};
    use super::*;

    fn waits() -> Waits {
        Waits {
            edges: vec![10 * SECOND, 100 * SECOND, 1_000 * SECOND, 10_000 * SECOND],
            counts: vec![3, 1_200, 0],
            markers: vec![(11 * MINUTE, "half by 11 min".into()), (9 * HOUR, "90% by 9 h".into())],
            below: 4,
            beyond: 2,
        }
    }

    #[test]
    fn edges_and_markers_have_their_places_on_the_axis() {
        let parts = waits().parts();
        let thirds = [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0];
        assert!(parts.iter().zip(thirds).all(|(part, third)| (part - third).abs() < 1e-9), "{parts:?}");
        let marked = waits().marked();
        // 660 of 10 to 10 000 seconds: the logarithm of 66 to the base of 1 000.
        assert!((marked[0].0 - 66_f64.log(1_000.0)).abs() < 1e-9 && marked[0].1 == "half by 11 min");
        // Off the axis: at its end.
        assert_eq!(marked[1].0, 1.0);
        assert_eq!((Waits::default().parts(), Waits::default().marked()), (vec![], vec![]));
    }

    #[test]
    fn bins_are_said_by_their_edges_and_nothing_off_the_axis_is_lost() {
        let bins: Vec<_> = waits().bins().collect();
        let said = [("10 s to 1 min 40 s", 3), ("1 min 40 s to 16 min", 1_200), ("16 min to 2 h 46", 0)];
        assert_eq!(bins, said.map(|(words, n)| (words.to_owned(), n)));
        for (below, beyond, words) in [
            (0, 0, ""),
            (4, 0, "4 under 10 s"),
            (0, 1_200, "1\u{202f}200 of 2 h 46 or longer"),
            (4, 2, "4 under 10 s, 2 of 2 h 46 or longer"),
        ] {
            assert_eq!(Waits { below, beyond, ..waits() }.off_axis(), words);
        }
    }
}
