//! Things in order of time with a code each, and how many of a run have each code: small columns of the figures' own. The
//! cumulative counts themselves are `cumulative`'s.

use crate::column::Codes;
use crate::query::cumulative::{Cumulative, Rows, steps};
use std::ops::Range;

/// Bytes that the cumulative counts of one column may take: four a thing, within these bounds.
const BUDGET: Range<usize> = 256 << 10..8 << 20;

/// A column of codes below a bound.
#[derive(Debug, Clone)]
pub struct Coded {
    codes: Codes,
    cumulative: Cumulative,
}

impl Coded {
    /// `count` codes below `bound`.
    pub fn of(codes: impl Iterator<Item = u32>, count: u32, bound: u32) -> Coded {
        let mut column = Codes::default();
        codes.for_each(|code| column.push(code));
        let mut cumulative = Cumulative::new(steps(BUDGET, count, &[bound])[0], bound, count);
        cumulative.extend(&column, bound, Rows::PLAIN, 0..count);
        Coded { codes: column, cumulative }
    }

    /// How many of a run have each code.
    pub fn between(&self, run: Range<u32>, counts: &mut Vec<u32>) {
        self.cumulative.between(&self.codes, Rows::PLAIN, run, counts);
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.codes.bytes() + self.cumulative.bytes()
    }
}
