//! The words of a column and their codes. The first codes stand for the kinds of missing, so that none of them is ever
//! counted as a word; which row has which code is `codes`'s.

use super::{Arena, HashIndex, hash_text};
use crate::row::Cell;
use oversight::missing::Missing;
use std::borrow::Cow;

/// The code of the first word. Before it: absent, not recorded, redacted, unobserved, unknown.
pub const FIRST_WORD: u32 = 5;

/// The code of each kind of missing is its place.
const MISSING: [Missing; 4] = [Missing::NotRecorded, Missing::Redacted, Missing::Unobserved, Missing::Unknown];

/// Words by code and codes by word; codes are given in the order that the words come.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    words: Arena,
    index: HashIndex,
    seed: u64,
    /// Words that came lately, each in the slot that its bytes say; none before the first.
    recent: Vec<Recent>,
}

/// A word of up to 32 bytes, wholly in its length and four numbers, so that it is compared without being fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Recent {
    short: Short,
    /// 0 in an empty slot: no word has it.
    code: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Short {
    bytes: [u64; 4],
    length: u32,
}

/// Slots for recent words, a power of two.
const RECENT: usize = 64;

impl Short {
    #[inline]
    fn of(word: &str) -> Option<Short> {
        let text = word.as_bytes();
        let eight = |at: usize| u64::from_le_bytes(text[at..at + 8].try_into().unwrap_or_default());
        let four = |at: usize| u64::from(u32::from_le_bytes(text[at..at + 4].try_into().unwrap_or_default()));
        // The reads overlap, and together have every byte.
        let bytes = match text.len() {
            0 => [0; 4],
            length @ 1..4 => [u64::from(text[0]), u64::from(text[length / 2]), u64::from(text[length - 1]), 0],
            length @ 4..8 => [four(0), four(length - 4), 0, 0],
            length @ 8..17 => [eight(0), eight(length - 8), 0, 0],
            length @ 17..33 => [eight(0), eight(8), eight(length - 16), eight(length - 8)],
            _ => return None,
        };
        Some(Short { bytes, length: text.len() as u32 })
    }

    #[inline]
    fn slot(&self) -> usize {
        let [a, b, c, d] = self.bytes;
        let mixed = (a ^ b.rotate_left(23) ^ c.rotate_left(41) ^ d.rotate_left(11)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize % RECENT
    }
}

impl Dictionary {
    /// An empty one whose hashes can't be foretold without the seed.
    pub fn seeded(seed: u64) -> Dictionary {
        Dictionary { seed, ..Dictionary::default() }
    }

    /// The code of what stands in a cell; a word that wasn't there is given the next.
    #[inline]
    pub fn code_or_insert(&mut self, cell: &Cell<'_>) -> u32 {
        let Cell::Is(word) = cell else { return missing_code(cell) };
        let Some(short) = Short::of(word) else { return self.find_or_insert(word) };
        let slot = short.slot();
        if let Some(recent) = self.recent.get(slot)
            && recent.short == short
            && recent.code != 0
        {
            return recent.code;
        }
        let code = self.find_or_insert(word);
        self.recent.resize(RECENT, Recent::default());
        self.recent[slot] = Recent { short, code };
        code
    }

    fn find_or_insert(&mut self, word: &str) -> u32 {
        let hash = hash_text(self.seed, word);
        if let Some(number) = self.index.find(hash, |number| self.words.is(number, word)) {
            return number + FIRST_WORD;
        }
        self.insert(hash, word)
    }

    #[cold]
    fn insert(&mut self, hash: u64, word: &str) -> u32 {
        self.index.insert(hash, |number| hash_text(self.seed, self.words.get(number)));
        self.words.push(word);
        self.words.len() - 1 + FIRST_WORD
    }

    /// The code of what stands in a cell; none for a word that no record has.
    pub fn code(&self, cell: &Cell<'_>) -> Option<u32> {
        let Cell::Is(word) = cell else { return Some(missing_code(cell)) };
        let found = self.index.find(hash_text(self.seed, word), |number| self.words.is(number, word));
        found.map(|number| number + FIRST_WORD)
    }

    /// What a code stands for.
    ///
    /// # Panics
    /// Where the code was never given.
    pub fn cell(&self, code: u32) -> Cell<'_> {
        match self.word(code) {
            Some(word) => Cell::Is(Cow::Borrowed(word)),
            None if code == 0 => Cell::Absent,
            None => Cell::Missing(MISSING[code as usize - 1]),
        }
    }

    /// The word of a code; none for a kind of missing.
    pub fn word(&self, code: u32) -> Option<&str> {
        code.checked_sub(FIRST_WORD).map(|number| self.words.get(number))
    }

    /// How many codes there are, those of the kinds of missing included.
    pub fn codes(&self) -> u32 {
        self.words.len() + FIRST_WORD
    }

    /// Whether a word of so many bytes can be taken in.
    pub fn has_room_for(&self, bytes: usize) -> bool {
        self.words.len() < u32::MAX - FIRST_WORD && self.words.has_room_for(bytes)
    }

    /// Bytes held, spare room included.
    pub fn bytes(&self) -> usize {
        self.words.bytes() + self.index.bytes() + self.recent.capacity() * size_of::<Recent>()
    }
}

fn missing_code(cell: &Cell<'_>) -> u32 {
    match cell {
        Cell::Missing(Missing::NotRecorded) => 1,
        Cell::Missing(Missing::Redacted) => 2,
        Cell::Missing(Missing::Unobserved) => 3,
        Cell::Missing(Missing::Unknown) => 4,
        Cell::Absent | Cell::Is(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_of_missing_have_codes_of_their_own_and_words_others() {
        let mut dictionary = Dictionary::seeded(3);
        let cells: Vec<Cell> = [Cell::Absent]
            .into_iter()
            .chain(MISSING.map(Cell::Missing))
            .chain(["unknown", "absent", "", "ä", "unknown "].map(|word| Cell::Is(word.into())))
            .collect();
        for (code, cell) in cells.iter().enumerate() {
            assert_eq!(dictionary.code(cell), (code < 5).then_some(code as u32), "{cell:?}");
            assert_eq!(dictionary.code_or_insert(cell), code as u32);
        }
        for (code, cell) in cells.iter().enumerate() {
            assert_eq!(dictionary.code_or_insert(cell), code as u32);
            assert_eq!(dictionary.code(cell), Some(code as u32));
            assert_eq!(dictionary.cell(code as u32), *cell);
        }
        assert_eq!(dictionary.codes(), 10);
    }

    /// Words that differ in one byte or in length alone, often enough that each slot is taken by many in turn.
    #[test]
    fn recent_words_are_never_taken_for_one_another() {
        let mut generator = oversight::generated::Generator::new("recent", 1);
        let mut dictionary = Dictionary::default();
        let mut codes = std::collections::HashMap::new();
        for _ in 0..50_000 {
            let mut word = vec![b'a'; generator.below(36)];
            if let Some(last) = word.len().checked_sub(1) {
                word[generator.below(last + 1)] = *generator.pick(b"ab\0");
            }
            let word = String::from_utf8(word).unwrap();
            let next = codes.len() as u32 + FIRST_WORD;
            let expected = *codes.entry(word.clone()).or_insert(next);
            assert_eq!(dictionary.code_or_insert(&Cell::Is(word.as_str().into())), expected, "{word:?}");
            assert_eq!(dictionary.word(expected), Some(word.as_str()));
        }
    }

    #[test]
    fn more_words_than_two_bytes_count() {
        let mut dictionary = Dictionary::default();
        let words: Vec<String> = (0..70_000).map(|at| format!("w{at}")).collect();
        for _ in 0..2 {
            for (at, word) in words.iter().enumerate() {
                assert_eq!(dictionary.code_or_insert(&Cell::Is(word.as_str().into())), at as u32 + FIRST_WORD);
            }
        }
        assert_eq!(dictionary.word(69_999 + FIRST_WORD), Some("w69999"));
    }
}
