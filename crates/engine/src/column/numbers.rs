//! Unsigned numbers that may be missing: positions in the log, places in a file, a change's number. Neighbours lie
//! close together, so that a chunk holds their distance to a base in as few bytes as that needs. Instants that few rows
//! have are `sparse`'s.

use super::{CHUNK, Codes, room};

#[derive(Debug, Clone)]
enum Chunk {
    /// 0 is missing, n is `base + n - 1`.
    Near {
        span: Option<Span>,
        distances: Codes,
    },
    Far(Vec<Option<u64>>),
}

/// What the numbers of a chunk lie within; `base` may be less than the least of them.
#[derive(Debug, Clone, Copy)]
struct Span {
    base: u64,
    top: u64,
}

/// A column of numbers.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    chunks: Vec<Chunk>,
    len: u32,
}

/// The greatest distance that [`Chunk::Near`] can hold.
const FARTHEST: u64 = u32::MAX as u64 - 1;

impl Numbers {
    pub fn push(&mut self, value: Option<u64>) {
        let chunk = room(&mut self.chunks, self.len, |_| Chunk::Near { span: None, distances: Codes::default() });
        self.len += 1;
        if let (Chunk::Near { span, distances }, Some(value)) = (&mut *chunk, value) {
            let Span { base, top } = span.unwrap_or(Span { base: value, top: value });
            let top = top.max(value);
            if top - base.min(value) > FARTHEST {
                let moved = (0..distances.len()).map(|at| near(*span, distances.get(at))).collect();
                *chunk = Chunk::Far(moved);
            } else {
                // Numbers that fall are given twice the room that they need, so that a chunk is seldom written anew.
                let least = value.saturating_sub(top - value).max(top.saturating_sub(FARTHEST));
                let least = if value < base { least } else { base };
                if least < base {
                    let by = (base - least) as u32;
                    let mut moved = Codes::default();
                    distances.for_each(0..distances.len(), |_, code| moved.push(if code == 0 { 0 } else { code + by }));
                    *distances = moved;
                }
                *span = Some(Span { base: least, top });
            }
        }
        match chunk {
            Chunk::Near { span, distances } => {
                let base = span.map_or(0, |span| span.base);
                distances.push(value.map_or(0, |value| (value - base) as u32 + 1));
            }
            Chunk::Far(values) => values.push(value),
        }
    }

    #[inline]
    pub fn get(&self, id: u32) -> Option<u64> {
        let at = id as usize % CHUNK;
        match &self.chunks[id as usize / CHUNK] {
            Chunk::Near { span, distances } => near(*span, distances.get(at as u32)),
            Chunk::Far(values) => values[at],
        }
    }

    /// The numbers of rows, in the order of these.
    pub fn arranged(&self, ids: impl Iterator<Item = u32>) -> Numbers {
        let mut arranged = Numbers::default();
        ids.for_each(|id| arranged.push(self.get(id)));
        arranged
    }

    /// Bytes held, spare room included.
    pub fn bytes(&self) -> usize {
        let chunks = self.chunks.iter().map(|chunk| match chunk {
            Chunk::Near { distances, .. } => distances.bytes() + size_of::<Chunk>(),
            Chunk::Far(values) => values.capacity() * size_of::<Option<u64>>(),
        });
        chunks.sum()
    }
}

fn near(span: Option<Span>, code: u32) -> Option<u64> {
    let base = span?.base;
    (code > 0).then(|| base + u64::from(code) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_wherever_they_lie() {
        let n = CHUNK as u64;
        let rising: Vec<Option<u64>> = (0..2 * n).map(|at| Some(1_000_000_000_000 + at * 359)).collect();
        let falling: Vec<Option<u64>> = rising.iter().rev().copied().collect();
        let to_zero: Vec<Option<u64>> = (0..n).rev().map(Some).collect();
        let far = vec![None, Some(5), Some(u64::MAX), None, Some(0), Some(u64::MAX - 1)];
        let edge = vec![Some(7), Some(7 + FARTHEST), Some(8)];
        let beyond = vec![Some(7), Some(8 + FARTHEST), Some(6)];
        let below = vec![None, Some(FARTHEST + 9), Some(9), Some(8), Some(0)];
        let late = [vec![None; CHUNK - 1], vec![Some(9), Some(3)]].concat();
        for given in [rising, falling, to_zero, far, edge, beyond, below, late, vec![None, None], vec![Some(0), None]] {
            let mut numbers = Numbers::default();
            given.iter().for_each(|&value| numbers.push(value));
            let read: Vec<Option<u64>> = (0..given.len() as u32).map(|id| numbers.get(id)).collect();
            assert_eq!(read, given);
        }
    }

    #[test]
    fn numbers_that_lie_close_take_little_room() {
        let mut numbers = Numbers::default();
        (0..100 * CHUNK as u64).for_each(|at| numbers.push(Some(1 << (40 + at % 2))));
        assert!(numbers.bytes() >= 1_600 * CHUNK, "far ones take their room");
        let mut numbers = Numbers::default();
        (0..100 * CHUNK as u64).for_each(|at| numbers.push(Some((1 << 40) + at)));
        assert!(numbers.bytes() <= 100 * (2 * CHUNK + size_of::<Chunk>()), "{}", numbers.bytes());
    }
}
