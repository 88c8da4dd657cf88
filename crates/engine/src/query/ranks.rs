//! Bits of which those that are set are counted up to any place at once: a count beside each word of 64 bits (Jacobson
//! 1989). And numbers of which as much is asked, kept as they are where they are few.

/// Bits in their order.
#[derive(Debug, Clone, Default)]
pub struct Ranks {
    /// Each 64 bits, and how many are set before them; one word more than the bits need, so that the place after the last
    /// has one.
    words: Vec<(u64, u32)>,
}

impl Ranks {
    /// Of `len` bits in words, the lowest bit first. Bits beyond `len` are 0.
    pub fn of(words: impl Iterator<Item = u64>, len: u32) -> Ranks {
        let mut before = 0;
        let count = |word: u64| {
            let counted = (word, before);
            before += word.count_ones();
            counted
        };
        let words = words.chain(std::iter::repeat(0)).take(len as usize / 64 + 1).map(count);
        Ranks { words: words.collect() }
    }

    /// How many are set before a place, which is at most their number.
    #[inline]
    pub fn before(&self, place: u32) -> u32 {
        let (bits, before) = self.words[place as usize / 64];
        before + (bits & ((1 << (place % 64)) - 1)).count_ones()
    }

    /// The first that is set, at a place or after it.
    pub fn next(&self, place: u32) -> Option<u32> {
        let from = place as usize / 64;
        let first = self.words.get(from)?.0 & (u64::MAX << (place % 64));
        let rest = self.words[from + 1..].iter().map(|word| word.0);
        let (at, bits) = (from..).zip(std::iter::once(first).chain(rest)).find(|&(_, bits)| bits != 0)?;
        Some(at as u32 * 64 + bits.trailing_zeros())
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<(u64, u32)>()
    }
}

/// Numbers below a bound, none twice, in rising order.
#[derive(Debug, Clone)]
pub enum Sorted {
    Few(Vec<u32>),
    Many(Ranks),
}

impl Default for Sorted {
    fn default() -> Self {
        Sorted::Few(Vec::new())
    }
}

impl Sorted {
    /// Numbers below `bound` in rising order, which need not be in a vector: how many they are is said before.
    pub fn of(numbers: impl Iterator<Item = u32>, count: usize, bound: u32) -> Sorted {
        // Whichever takes less room.
        if count * size_of::<u32>() < bound as usize / 64 * size_of::<(u64, u32)>() {
            let mut few = Vec::with_capacity(count);
            few.extend(numbers);
            return Sorted::Few(few);
        }
        let mut words = vec![0_u64; (bound as usize).div_ceil(64)];
        numbers.for_each(|number| words[number as usize / 64] |= 1 << (number % 64));
        Sorted::Many(Ranks::of(words.into_iter(), bound))
    }

    /// How many are less than `number`, which is at most the bound.
    #[inline]
    pub fn below(&self, number: u32) -> u32 {
        match self {
            Sorted::Few(few) => few.partition_point(|&one| one < number) as u32,
            Sorted::Many(ranks) => ranks.before(number),
        }
    }

    /// Which of them, by their places among themselves, are within a run.
    #[inline]
    pub fn within(&self, run: &std::ops::Range<u32>) -> std::ops::Range<u32> {
        self.below(run.start)..self.below(run.end)
    }

    /// The first that is not less than `number`.
    pub fn next(&self, number: u32) -> Option<u32> {
        match self {
            Sorted::Few(few) => few.get(few.partition_point(|&one| one < number)).copied(),
            Sorted::Many(ranks) => ranks.next(number),
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        match self {
            Sorted::Few(few) => few.capacity() * size_of::<u32>(),
            Sorted::Many(ranks) => ranks.bytes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_answer_as_a_list_does() {
        let mut generator = oversight::generated::Generator::new("sorted", 1);
        let mut kinds = [0; 2];
        for bound in [0, 1, 63, 64, 65, 128, 1_000] {
            for one_in in [1, 2, 3, 90, 5_000] {
                let numbers: Vec<u32> = (0..bound).filter(|_| generator.one_in(one_in)).collect();
                let sorted = Sorted::of(numbers.iter().copied(), numbers.len(), bound);
                kinds[usize::from(matches!(sorted, Sorted::Many(_)))] += 1;
                for number in 0..=bound {
                    let below = numbers.iter().filter(|&&one| one < number).count() as u32;
                    assert_eq!(sorted.below(number), below, "{number} of {bound}, one in {one_in}");
                    let next = numbers.iter().copied().find(|&one| one >= number);
                    assert_eq!(sorted.next(number), next, "{number} of {bound}, one in {one_in}");
                }
                let run = bound / 3..bound / 2;
                let within = sorted.within(&run);
                let expected: Vec<u32> = numbers.iter().copied().filter(|number| run.contains(number)).collect();
                assert_eq!(numbers[within.start as usize..within.end as usize], expected[..]);
            }
        }
        assert!(kinds.iter().all(|&count| count > 3), "{kinds:?}");
    }
}
