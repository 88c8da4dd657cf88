//! The order of a table's rows by one of its columns. Pure; the table itself is `bar_table`.

use std::cmp::Ordering;

/// By which column rows stand, and whether the greatest is first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sort {
    pub column: usize,
    pub descending: bool,
}

impl Sort {
    /// What a press on a column's head makes of it: the greatest first, then the other way round.
    pub fn pressed(self, column: usize) -> Sort {
        Sort { column, descending: self.column != column || !self.descending }
    }

    /// What `aria-sort` of a column's head says.
    pub fn word(self, column: usize) -> Option<&'static str> {
        (self.column == column).then_some(if self.descending { "descending" } else { "ascending" })
    }
}

/// The places of the rows in their new order. What has no value stands last either way, and rows that are alike keep
/// the order they came in.
pub fn order(values: &[Option<f64>], descending: bool) -> Vec<usize> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    let value = |place: usize| values[place].filter(|value| !value.is_nan());
    places.sort_by(|a, b| match (value(*a), value(*b)) {
        (Some(a), Some(b)) if descending => b.total_cmp(&a),
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_value_are_last_and_equals_keep_their_order() {
        let values = [Some(2.0), None, Some(9.0), Some(2.0), Some(f64::NAN), Some(-1.0)];
        for (descending, expected) in [(true, [2, 0, 3, 5, 1, 4]), (false, [5, 0, 3, 2, 1, 4])] {
            assert_eq!(order(&values, descending), expected);
        }
        assert!(order(&[], true).is_empty());
    }

    #[test]
    fn a_press_puts_the_greatest_first_and_then_turns_it_round() {
        let first = Sort { column: 1, descending: true };
        for (column, then) in [(1, (1, false)), (2, (2, true))] {
            let pressed = first.pressed(column);
            assert_eq!((pressed.column, pressed.descending), then);
        }
        assert_eq!(first.pressed(1).pressed(1), first);
        assert_eq!((first.word(1), first.word(0)), (Some("descending"), None));
        assert_eq!(first.pressed(1).word(1), Some("ascending"));
    }
}
