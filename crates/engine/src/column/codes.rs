//! Dictionary codes, a byte each where they are small: a chunk holds u8 until a code doesn't fit, then u16, then u32,
//! each chunk for itself. What a code stands for is `dictionary`'s.

use super::{CHUNK, chunk_vec, room};
use std::ops::Range;

/// Rows to go over: a run of neighbours, or any.
#[derive(Debug, Clone)]
pub enum Ids<'a> {
    Run(Range<u32>),
    List(&'a [u32]),
}

#[derive(Debug, Clone)]
enum Chunk {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
}

/// Runs `$body` with `$codes` bound to the chunk's vector, whichever its width.
macro_rules! at_width {
    ($chunk:expr, $codes:ident => $body:expr) => {
        match $chunk {
            Chunk::U8($codes) => $body,
            Chunk::U16($codes) => $body,
            Chunk::U32($codes) => $body,
        }
    };
}

/// A column of codes.
#[derive(Debug, Clone, Default)]
pub struct Codes {
    chunks: Vec<Chunk>,
    len: u32,
}

impl Codes {
    #[inline]
    pub fn push(&mut self, code: u32) {
        let chunk = room(&mut self.chunks, self.len, |full| Chunk::U8(chunk_vec(full)));
        self.len += 1;
        loop {
            match chunk {
                Chunk::U8(codes) => match u8::try_from(code) {
                    Ok(code) => return codes.push(code),
                    Err(_) => *chunk = Chunk::U16(widened(codes)),
                },
                Chunk::U16(codes) => match u16::try_from(code) {
                    Ok(code) => return codes.push(code),
                    Err(_) => *chunk = Chunk::U32(widened(codes)),
                },
                Chunk::U32(codes) => return codes.push(code),
            }
        }
    }

    #[inline]
    pub fn get(&self, id: u32) -> u32 {
        let at = id as usize % CHUNK;
        match &self.chunks[id as usize / CHUNK] {
            Chunk::U8(codes) => u32::from(codes[at]),
            Chunk::U16(codes) => u32::from(codes[at]),
            Chunk::U32(codes) => codes[at],
        }
    }

    /// The codes of rows, in the order of these.
    pub fn arranged(&self, ids: impl Iterator<Item = u32>) -> Codes {
        let mut arranged = Codes::default();
        ids.for_each(|id| arranged.push(self.get(id)));
        arranged
    }

    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Gives `f` each row of a run with its code, in order.
    #[inline]
    pub fn for_each(&self, rows: Range<u32>, mut f: impl FnMut(u32, u32)) {
        let mut id = rows.start;
        while id < rows.end {
            let start = id as usize % CHUNK;
            let count = (rows.end - id).min((CHUNK - start) as u32);
            let run = start..start + count as usize;
            at_width!(&self.chunks[id as usize / CHUNK], codes => each(&codes[run], id, &mut f));
            id += count;
        }
    }

    /// Adds `by` to the count of each row's code, wrapping, so that `u32::MAX` takes one away.
    ///
    /// # Panics
    /// Where `counts` is not as long as the codes are many.
    pub fn tally(&self, rows: Ids<'_>, by: u32, counts: &mut [u32]) {
        match rows {
            Ids::Run(rows) => self.for_each(rows, |_, code| add(counts, code as usize, by)),
            Ids::List(mut ids) => {
                // Neighbours in the list mostly share a chunk: its width is asked for once a stretch.
                while let Some(&first) = ids.first() {
                    let chunk = first as usize / CHUNK;
                    let stretch = ids.iter().position(|&id| id as usize / CHUNK != chunk).unwrap_or(ids.len());
                    let (these, rest) = ids.split_at(stretch);
                    at_width!(&self.chunks[chunk], codes => tally_these(codes, these, by, counts));
                    ids = rest;
                }
            }
        }
    }

    /// Bytes held, spare room included.
    pub fn bytes(&self) -> usize {
        let chunks = self.chunks.iter();
        chunks.map(|chunk| at_width!(chunk, codes => held(codes))).sum()
    }
}

#[inline]
fn each<T: Copy + Into<u32>>(codes: &[T], first: u32, f: &mut impl FnMut(u32, u32)) {
    for (&code, id) in codes.iter().zip(first..) {
        f(id, code.into());
    }
}

fn tally_these<T: Copy + Into<u32>>(codes: &[T], ids: &[u32], by: u32, counts: &mut [u32]) {
    for &id in ids {
        add(counts, codes[id as usize % CHUNK].into() as usize, by);
    }
}

fn held<T>(codes: &Vec<T>) -> usize {
    codes.capacity() * size_of::<T>()
}

#[inline]
fn add(counts: &mut [u32], code: usize, by: u32) {
    counts[code] = counts[code].wrapping_add(by);
}

fn widened<A: Copy, B: From<A>>(narrow: &[A]) -> Vec<B> {
    let mut wide = Vec::with_capacity((narrow.len() + 1).next_power_of_two().min(CHUNK));
    wide.extend(narrow.iter().map(|&code| B::from(code)));
    wide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_widen_where_they_must_and_only_there() {
        let given: Vec<u32> = (0..CHUNK as u32)
            .map(|_| 7)
            .chain((0..CHUNK as u32).map(|at| at + 250))
            .chain([0, 255, 256, 65_535, 65_536, u32::MAX - 1, 1])
            .collect();
        let mut codes = Codes::default();
        given.iter().for_each(|&code| codes.push(code));
        let read: Vec<u32> = (0..codes.len()).map(|id| codes.get(id)).collect();
        assert_eq!(read, given);
        let widths: Vec<&str> = codes
            .chunks
            .iter()
            .map(|chunk| match chunk {
                Chunk::U8(_) => "u8",
                Chunk::U16(_) => "u16",
                Chunk::U32(_) => "u32",
            })
            .collect();
        assert_eq!(widths, ["u8", "u16", "u32"]);
        for range in [0..0, 0..5, 60..70, 3..given.len() as u32] {
            let mut seen = Vec::new();
            codes.for_each(range.clone(), |id, code| seen.push((id, code)));
            let expected: Vec<(u32, u32)> = range.map(|id| (id, given[id as usize])).collect();
            assert_eq!(seen, expected);
        }
    }

    #[test]
    fn a_tally_of_a_run_is_that_of_its_list_and_can_be_taken_back() {
        let mut codes = Codes::default();
        (0..500_u32).for_each(|at| codes.push(at * at % 300));
        let (mut run, mut list) = (vec![0; 300], vec![0; 300]);
        codes.tally(Ids::Run(10..400), 1, &mut run);
        let mut ids: Vec<u32> = (10..400).collect();
        ids.reverse();
        codes.tally(Ids::List(&ids), 1, &mut list);
        assert_eq!(run, list);
        assert_eq!(run.iter().sum::<u32>(), 390);
        codes.tally(Ids::List(&ids), u32::MAX, &mut run);
        assert!(run.iter().all(|&count| count == 0));
    }
}
