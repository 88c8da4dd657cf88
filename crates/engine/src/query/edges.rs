//! Classes of a quantity between edges that the caller chooses, so that waits and ages can be shown on logarithmic ones.
//! Bins of equal width over a span of time are [`Histogram`]'s.
//!
//! [`Histogram`]: super::Histogram

use super::Span;
use serde::{Deserialize, Serialize};

/// Edges in rising order, of microseconds. `n` edges make `n` + 1 classes: below the first; from each edge up to but
/// without the next; from the last on. So nothing is in no class.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<i64>", into = "Vec<i64>")]
pub struct Edges(Vec<i64>);

/// Edges that don't rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRising {
    /// The place, from 0, of the first edge that is not greater than the one before it.
    pub at: usize,
}

impl std::fmt::Display for NotRising {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "edge {} is not greater than the one before it", self.at)
    }
}

impl std::error::Error for NotRising {}

impl TryFrom<Vec<i64>> for Edges {
    type Error = NotRising;

    fn try_from(edges: Vec<i64>) -> Result<Edges, NotRising> {
        match edges.windows(2).position(|pair| pair[0] >= pair[1]) {
            Some(before) => Err(NotRising { at: before + 1 }),
            None => Ok(Edges(edges)),
        }
    }
}

impl From<Edges> for Vec<i64> {
    fn from(edges: Edges) -> Vec<i64> {
        edges.0
    }
}

impl Edges {
    pub fn as_slice(&self) -> &[i64] {
        &self.0
    }

    /// How many classes they make, at least 1.
    pub fn classes(&self) -> usize {
        self.0.len() + 1
    }

    /// The class that a value is in.
    pub fn class(&self, value: i64) -> usize {
        self.0.partition_point(|&edge| edge <= value)
    }

    /// How many of `n` values are in each class, by how many are less than an edge.
    pub(super) fn counts(&self, n: u32, less: impl Fn(i64) -> u32) -> Vec<u32> {
        let mut before = 0;
        let upto = self.0.iter().map(|&edge| less(edge)).chain([n]);
        upto.map(|upto| upto - std::mem::replace(&mut before, upto)).collect()
    }

    /// When that was begun whose age at `now` is in a class. What began after `now` has a negative age. Ages are
    /// reckoned without bounds, so that every instant is in the span of exactly one class.
    pub fn begun(&self, class: usize, now: i64) -> Span {
        // Begun before `begun(edge)` + 1 is as old as the edge or older.
        let after = |edge: i64| i128::from(now) - i128::from(edge) + 1;
        let bound = |edge: Option<&i64>| edge.map(|&edge| after(edge));
        let (from, to) = (bound(self.0.get(class)), bound(class.checked_sub(1).and_then(|at| self.0.get(at))));
        // A bound outside of all instants is none, or leaves nothing.
        let from = match from {
            Some(from) if from > i128::from(i64::MAX) => return Span::of(i64::MAX, i64::MAX),
            from => from.and_then(|from| i64::try_from(from).ok()),
        };
        let to = match to {
            Some(to) if to < i128::from(i64::MIN) => return Span::of(i64::MIN, i64::MIN),
            to => to.and_then(|to| i64::try_from(to).ok()),
        };
        Span { from, to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_rise_or_are_refused() {
        for (edges, at) in [(vec![], None), (vec![5], None), (vec![-1, 0, 9], None)] {
            assert_eq!(Edges::try_from(edges).err().map(|error: NotRising| error.at), at);
        }
        for (edges, at) in [(vec![1, 1], 1), (vec![0, 2, 1, 3], 2)] {
            let error = Edges::try_from(edges).unwrap_err();
            assert_eq!(error.at, at);
            assert!(error.to_string().contains(&at.to_string()));
        }
        let read: Edges = serde_json::from_str("[1,2,4]").unwrap();
        assert_eq!((serde_json::to_string(&read).unwrap().as_str(), read.classes()), ("[1,2,4]", 4));
        assert!(serde_json::from_str::<Edges>("[2,1]").unwrap_err().to_string().contains("edge 1"));
    }

    #[test]
    fn every_value_is_in_one_class_and_every_beginning_in_one_span() {
        let values = [i64::MIN, i64::MIN + 1, -6, -1, 0, 1, 4, 5, 6, 100, i64::MAX - 1, i64::MAX];
        for edges in [&[][..], &[5], &[0, 5, 100], &[i64::MIN, -1, 0, i64::MAX]] {
            let edges = Edges::try_from(edges.to_vec()).unwrap();
            for value in values {
                let class = edges.class(value);
                let low = class == 0 || edges.as_slice()[class - 1] <= value;
                assert!(low && edges.as_slice().get(class).is_none_or(|&edge| value < edge), "{value} in {edges:?}");
                for now in values {
                    let spans: Vec<usize> =
                        (0..edges.classes()).filter(|&class| edges.begun(class, now).holds(value)).collect();
                    // Where the age fits, it is in the class of that span.
                    let expected = now.checked_sub(value).map(|age| vec![edges.class(age)]);
                    assert_eq!((spans.len(), expected.unwrap_or(spans.clone())), (1, spans), "{value} at {now}");
                }
            }
            let sorted = |edge: i64| values.iter().filter(|&&value| value < edge).count() as u32;
            let mut counts = vec![0; edges.classes()];
            values.iter().for_each(|&value| counts[edges.class(value)] += 1);
            assert_eq!(edges.counts(values.len() as u32, sorted), counts);
        }
    }
}
