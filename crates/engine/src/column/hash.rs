//! Finding what was numbered: a hash index from a hash to the numbers 0, 1, 2… in the order they were given. It holds
//! four bytes a slot and no keys; whoever holds the keys compares them.

/// Numbers by hash. A slot is 0, or a number + 1 in its low bits and, in the others, bits of the hash that save most
/// comparisons with another's key.
#[derive(Debug, Clone, Default)]
pub struct HashIndex {
    slots: Vec<u32>,
    len: u32,
}

const SMALLEST: usize = 16;

impl HashIndex {
    /// The number with this hash whose key is the `same`.
    #[inline]
    pub fn find(&self, hash: u64, mut same: impl FnMut(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let (tag, low) = self.tag(hash);
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            if slot & !low == tag && same((slot & low) - 1) {
                return Some((slot & low) - 1);
            }
            at = (at + 1) & mask;
        }
    }

    /// Gives the key with this hash the next number. `hash_of` gives the hashes of the numbers before, should the index
    /// have to grow.
    pub fn insert(&mut self, hash: u64, hash_of: impl Fn(u32) -> u64) {
        if (self.len as usize + 1) * 4 > self.slots.len() * 3 {
            self.slots = vec![0; (self.slots.len() * 2).max(SMALLEST)];
            for number in 0..self.len {
                self.place(hash_of(number), number);
            }
        }
        self.place(hash, self.len);
        self.len += 1;
    }

    /// Gives each number the one that stands at its place in `numbers`, which has every number once.
    pub fn renumber(&mut self, numbers: &[u32]) {
        let low = (self.slots.len() as u32).wrapping_sub(1);
        for slot in self.slots.iter_mut().filter(|slot| **slot != 0) {
            *slot = (*slot & !low) | (numbers[(*slot & low) as usize - 1] + 1);
        }
    }

    fn place(&mut self, hash: u64, number: u32) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = self.tag(hash).0 | (number + 1);
    }

    /// The hash's part in a slot, and the bits of a slot that are the number's.
    #[inline]
    fn tag(&self, hash: u64) -> (u32, u32) {
        let low = (self.slots.len() - 1) as u32;
        ((hash >> 32) as u32 & !low, low)
    }

    /// How many numbers were given.
    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }
}

/// Hash of a text. The seed keeps whoever writes the texts from choosing ones that collide.
#[inline]
pub fn hash_text(seed: u64, text: &str) -> u64 {
    let bytes = text.as_bytes();
    let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
    let half = |at: usize| u64::from(u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default()));
    // Both factors are unknown to whoever doesn't know the seed: a factor that is known can be made 0.
    let (mut hash, other) = (seed ^ MULTIPLIERS[0], seed.rotate_left(32) ^ MULTIPLIERS[1]);
    match bytes.len() {
        0 => {}
        // Short texts in one step: the reads overlap.
        1..4 => {
            let ends = [bytes[0], bytes[bytes.len() / 2], bytes[bytes.len() - 1]];
            hash = fold(hash ^ u64::from(u32::from_le_bytes([ends[0], ends[1], ends[2], 0])), other);
        }
        4..8 => hash = fold(hash ^ (half(0) << 32 | half(bytes.len() - 4)), other),
        len => {
            let mut at = 0;
            while at + 16 < len {
                hash = fold(hash ^ word(at), other ^ word(at + 8));
                at += 16;
            }
            let last = word(len - 8);
            let before = if at + 8 < len { word(at) } else { 0 };
            hash = fold(hash ^ before, other ^ last);
        }
    }
    fold(hash ^ bytes.len() as u64, MULTIPLIERS[2])
}

/// Hash of a few numbers.
#[inline]
pub fn hash_numbers(seed: u64, numbers: [u64; 3]) -> u64 {
    numbers.iter().fold(seed ^ MULTIPLIERS[0], |hash, &number| fold(hash ^ number, MULTIPLIERS[1])) ^ MULTIPLIERS[2]
}

/// Odd numbers without a pattern: digits of π, as hexadecimal.
const MULTIPLIERS: [u64; 3] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7345, 0xa409_3822_299f_31d1];

/// Both halves of the product, so that each bit of the result depends on each of what was multiplied.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_under_its_number_and_no_other_is() {
        for hash in [|key: u32| hash_numbers(1, [key.into(), 0, 0]), |key: u32| u64::from(key % 7) << 30, |_| 5] {
            let keys: Vec<u32> = (0..500).map(|at| at * 3).collect();
            let mut index = HashIndex::default();
            for &key in &keys {
                assert_eq!(index.find(hash(key), |number| keys[number as usize] == key), None);
                index.insert(hash(key), |number| hash(keys[number as usize]));
            }
            for key in 0..1_500 {
                let found = index.find(hash(key), |number| keys[number as usize] == key);
                assert_eq!(found, (key % 3 == 0).then_some(key / 3));
            }
        }
    }

    #[test]
    fn texts_that_differ_in_a_byte_or_a_length_have_other_hashes() {
        let mut texts: Vec<String> = (0..70).map(|len| "a".repeat(len)).collect();
        for len in 1..70 {
            for at in 0..len {
                let mut text = vec![b'a'; len];
                text[at] = b'b';
                texts.push(String::from_utf8(text).unwrap());
            }
        }
        for seed in [0, 1, u64::MAX] {
            let hashes: std::collections::HashSet<u64> = texts.iter().map(|text| hash_text(seed, text)).collect();
            assert_eq!(hashes.len(), texts.len());
        }
        assert_ne!(hash_text(1, "x"), hash_text(2, "x"));
    }

    /// As many slots as numbers, more or less: were the low bits alike, finding would be slow.
    #[test]
    fn numbered_uids_spread_over_the_low_bits() {
        let low: std::collections::HashSet<u64> =
            (0..10_000).map(|at| hash_text(0, &format!("018f3c1e-7b6a-7000-8000-{at:012}")) & 0x3fff).collect();
        assert!(low.len() > 7_000, "{}", low.len());
    }
}
