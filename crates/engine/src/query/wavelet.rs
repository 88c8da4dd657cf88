//! A wavelet matrix (Claude, Navarro and Ordóñez 2015): a permutation, of which the k-th smallest of any run and how
//! many of a run are below a bound are found in as many steps as the numbers have bits. It makes quantiles under a brush
//! exact at no more than that. What the numbers stand for is `brush`'s.

use super::ranks::Ranks;
use std::ops::Range;

/// Numbers below their count, in their order.
#[derive(Debug, Clone, Default)]
pub struct Wavelet {
    /// From the highest bit to the lowest.
    levels: Vec<Level>,
}

#[derive(Debug, Clone, Default)]
struct Level {
    /// The numbers' bits at this level, after they were sorted by the bits before.
    bits: Ranks,
    zeros: u32,
}

impl Level {
    /// Ones before a place.
    #[inline]
    fn ones(&self, place: u32) -> u32 {
        self.bits.before(place)
    }

    fn one_side(&self, run: &Range<u32>) -> Range<u32> {
        self.zeros + self.ones(run.start)..self.zeros + self.ones(run.end)
    }

    fn zero_side(&self, run: &Range<u32>) -> Range<u32> {
        run.start - self.ones(run.start)..run.end - self.ones(run.end)
    }
}

impl Wavelet {
    pub fn of(mut numbers: Vec<u32>) -> Wavelet {
        let bits = u32::BITS - numbers.iter().copied().max().unwrap_or(0).leading_zeros();
        let (mut zeros, mut ones) = (vec![0; numbers.len()], vec![0; numbers.len()]);
        let levels = (0..bits).rev().map(|bit| {
            // Each number is written to both sides, and kept on its own: no branch is there to be foretold.
            let (mut zero, mut one) = (0, 0);
            let words = numbers.chunks(64).map(|part| {
                part.iter().zip(0..).fold(0, |word, (&number, at)| {
                    let set = number >> bit & 1;
                    zeros[zero] = number;
                    ones[one] = number;
                    zero += (set ^ 1) as usize;
                    one += set as usize;
                    word | u64::from(set) << at
                })
            });
            let bits = Ranks::of(words, numbers.len() as u32);
            // Zeros first, each side in the order that it had.
            numbers[..zero].copy_from_slice(&zeros[..zero]);
            numbers[zero..].copy_from_slice(&ones[..one]);
            Level { bits, zeros: zero as u32 }
        });
        Wavelet { levels: levels.collect() }
    }

    /// The `k`-th smallest, from 0, of a run that has as many.
    pub fn smallest(&self, mut run: Range<u32>, mut k: u32) -> u32 {
        let mut number = 0;
        for level in &self.levels {
            let zeros = level.zero_side(&run);
            let one = k >= zeros.len() as u32;
            number = number << 1 | u32::from(one);
            if one {
                k -= zeros.len() as u32;
                run = level.one_side(&run);
            } else {
                run = zeros;
            }
        }
        number
    }

    /// How many of a run are less than `bound`.
    pub fn below(&self, mut run: Range<u32>, bound: u32) -> u32 {
        if bound.checked_shr(self.levels.len() as u32).unwrap_or(0) > 0 {
            return run.len() as u32;
        }
        let mut below = 0;
        for (bit, level) in (0..self.levels.len()).rev().zip(&self.levels) {
            if bound >> bit & 1 == 1 {
                below += level.zero_side(&run).len() as u32;
                run = level.one_side(&run);
            } else {
                run = level.zero_side(&run);
            }
        }
        below
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.levels.iter().map(|level| level.bits.bytes()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_answers_as_if_it_were_sorted() {
        let mut generator = oversight::generated::Generator::new("wavelet", 1);
        for len in [0, 1, 2, 3, 63, 64, 65, 200] {
            let mut numbers: Vec<u32> = (0..len).collect();
            for at in (1..numbers.len()).rev() {
                numbers.swap(at, generator.below(at + 1));
            }
            let wavelet = Wavelet::of(numbers.clone());
            for _ in 0..300 {
                let end = generator.below(len as usize + 1);
                let start = generator.below(end + 1);
                let run = start as u32..end as u32;
                let mut sorted = numbers[start..end].to_vec();
                sorted.sort_unstable();
                for (k, &number) in sorted.iter().enumerate() {
                    assert_eq!(wavelet.smallest(run.clone(), k as u32), number);
                }
                for bound in [0, 1, generator.below(300) as u32, len, u32::MAX] {
                    let expected = sorted.iter().filter(|&&number| number < bound).count() as u32;
                    assert_eq!(wavelet.below(run.clone(), bound), expected, "{run:?} below {bound}");
                }
            }
        }
    }
}
