//! Columns that grow by chunks, so that growth never moves what is there: plain values here, dictionary codes, numbers
//! that may be missing, and strings in the files beside. A column is indexed by a record's [`RowId`]. What the columns
//! of a store are is `store`'s.
//!
//! [`RowId`]: crate::store::RowId

mod arena;
mod codes;
mod dictionary;
mod hash;
mod numbers;
mod sparse;

pub use arena::Arena;
pub use codes::{Codes, Ids};
pub use dictionary::{Dictionary, FIRST_WORD};
pub use hash::{HashIndex, hash_numbers, hash_text};
pub use numbers::Numbers;
pub use sparse::Sparse;

/// Rows of a chunk, a power of two. Tests use small chunks, so that few rows make many.
pub const CHUNK: usize = if cfg!(test) { 64 } else { 65_536 };

/// Values of one size, in chunks.
#[derive(Debug, Clone)]
pub struct Chunks<T> {
    chunks: Vec<Vec<T>>,
    len: u32,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Chunks { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Copy> Chunks<T> {
    #[inline]
    pub fn push(&mut self, value: T) {
        room(&mut self.chunks, self.len, chunk_vec).push(value);
        self.len += 1;
    }

    /// # Panics
    /// Where `at` is not less than [`Chunks::len`], as the other methods that take a place do.
    #[inline]
    pub fn get(&self, at: u32) -> T {
        self.chunks[at as usize / CHUNK][at as usize % CHUNK]
    }

    #[inline]
    pub fn set(&mut self, at: u32, value: T) {
        self.chunks[at as usize / CHUNK][at as usize % CHUNK] = value;
    }

    /// The values at places, in the order of these.
    pub fn arranged(&self, places: impl Iterator<Item = u32>) -> Chunks<T> {
        let mut arranged = Chunks::default();
        places.for_each(|at| arranged.push(self.get(at)));
        arranged
    }

    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes held, spare room included.
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.capacity() * size_of::<T>()).sum()
    }
}

/// The chunk that takes the value at `len`: the last one, or a new one where that is full.
#[inline]
fn room<C>(chunks: &mut Vec<C>, len: u32, new: impl FnOnce(bool) -> C) -> &mut C {
    let at = len as usize / CHUNK;
    if at == chunks.len() {
        chunks.push(new(at > 0));
    }
    &mut chunks[at]
}

/// A chunk's vector: of its full size where chunks before it were full, else growing, so that a small store stays small.
fn chunk_vec<T>(full: bool) -> Vec<T> {
    if full { Vec::with_capacity(CHUNK) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_places_over_chunks() {
        let mut chunks = Chunks::default();
        for value in 0..1_000_i64 {
            chunks.push(value * 3);
        }
        chunks.set(70, -1);
        assert_eq!(chunks.len(), 1_000);
        for at in 0..1_000_u32 {
            assert_eq!(chunks.get(at), if at == 70 { -1 } else { i64::from(at) * 3 });
        }
        assert!(chunks.bytes() >= 8_000 && chunks.bytes() <= 8 * (1_000 + CHUNK));
    }
}
