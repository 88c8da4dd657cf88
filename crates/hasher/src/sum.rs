//! The SHA-256 of a stream's settled part. A stream's last line may turn out to be its trailer, which the hash does not
//! cover; so of what came only as much is hashed as whoever reads it says.

use sha2::{Digest, Sha256};

/// The hash so far, and the bytes that came and are not settled.
#[derive(Default)]
pub struct Sum {
    hash: Sha256,
    hashed: u64,
    held: Vec<u8>,
}

impl Sum {
    /// The stream's next bytes, and how many from its start are settled by now. A number below one said before changes
    /// nothing; one beyond what came settles what came.
    pub fn take(&mut self, chunk: &[u8], settled: u64) {
        let due = settled.saturating_sub(self.hashed);
        let of_held = self.held.len().min(usize::try_from(due).unwrap_or(usize::MAX));
        self.hash.update(&self.held[..of_held]);
        self.held.drain(..of_held);
        let of_chunk = chunk.len().min(usize::try_from(due - of_held as u64).unwrap_or(usize::MAX));
        // What is held comes before the chunk.
        let of_chunk = if self.held.is_empty() { of_chunk } else { 0 };
        self.hash.update(&chunk[..of_chunk]);
        self.held.extend_from_slice(&chunk[of_chunk..]);
        self.hashed += (of_held + of_chunk) as u64;
    }

    /// The hash of what was settled, as 64 hexadecimal digits.
    pub fn hex(self) -> String {
        self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Sum;

    /// FIPS 180-2, appendix B.1.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn only_what_is_settled_is_hashed_however_it_is_cut() {
        let stream = b"abctrailer";
        for first in 0..=stream.len() {
            for second in first..=stream.len() {
                for early in 0..=3 {
                    let mut sum = Sum::default();
                    sum.take(&stream[..first], early);
                    sum.take(&stream[first..second], early);
                    sum.take(&stream[second..], 2);
                    sum.take(b"", 3);
                    assert_eq!(sum.hex(), ABC, "cut at {first} and {second}, {early} settled early");
                }
            }
        }
    }

    #[test]
    fn more_than_came_settles_what_came() {
        let mut sum = Sum::default();
        sum.take(b"ab", u64::MAX);
        sum.take(b"c", u64::MAX);
        assert_eq!(sum.hex(), ABC);
    }
}
