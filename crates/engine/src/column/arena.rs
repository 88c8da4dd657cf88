//! Strings end to end: one text a chunk and where each string in it ends. Whether a string is there already is
//! `dictionary`'s to know, or the store's.

use super::{CHUNK, room};

#[derive(Debug, Clone, Default)]
struct Chunk {
    text: String,
    ends: Vec<u32>,
}

/// A column of strings.
#[derive(Debug, Clone, Default)]
pub struct Arena {
    chunks: Vec<Chunk>,
    len: u32,
}

impl Arena {
    /// Whether a string of so many bytes can be pushed: a chunk's text stays below 4 GiB.
    pub fn has_room_for(&self, bytes: usize) -> bool {
        let held = match self.chunks.last() {
            Some(last) if last.ends.len() < CHUNK => last.text.len(),
            _ => 0,
        };
        self.len < u32::MAX && held.checked_add(bytes).is_some_and(|end| u32::try_from(end).is_ok())
    }

    /// # Panics
    /// Where there is no room for it.
    pub fn push(&mut self, text: &str) {
        assert!(self.has_room_for(text.len()), "an arena's chunk is full");
        if self.len > 0 && (self.len as usize).is_multiple_of(CHUNK) {
            // Full: what was kept for growth is given back.
            let full = &mut self.chunks[self.len as usize / CHUNK - 1];
            full.text.shrink_to_fit();
            full.ends.shrink_to_fit();
        }
        let chunk = room(&mut self.chunks, self.len, |_| Chunk::default());
        chunk.text.push_str(text);
        chunk.ends.push(chunk.text.len() as u32);
        self.len += 1;
    }

    #[inline]
    pub fn get(&self, at: u32) -> &str {
        let chunk = &self.chunks[at as usize / CHUNK];
        let at = at as usize % CHUNK;
        let start = if at == 0 { 0 } else { chunk.ends[at - 1] as usize };
        &chunk.text[start..chunk.ends[at] as usize]
    }

    /// The strings at places, in the order of these. None where those of one chunk would have 4 GiB.
    pub fn arranged(&self, places: impl Iterator<Item = u32>) -> Option<Arena> {
        let mut arranged = Arena::default();
        for at in places {
            let text = self.get(at);
            if !arranged.has_room_for(text.len()) {
                return None;
            }
            arranged.push(text);
        }
        Some(arranged)
    }

    /// Whether the string at a place is this one.
    #[inline]
    pub fn is(&self, at: u32, text: &str) -> bool {
        let chunk = &self.chunks[at as usize / CHUNK];
        let at = at as usize % CHUNK;
        let start = if at == 0 { 0 } else { chunk.ends[at - 1] as usize };
        chunk.text.as_bytes()[start..chunk.ends[at] as usize] == *text.as_bytes()
    }

    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes held, spare room included.
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.text.capacity() + chunk.ends.capacity() * size_of::<u32>()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_read_back_empty_ones_too() {
        let given: Vec<String> = (0..300).map(|at| "ä€😀x".chars().cycle().take(at % 7).collect()).collect();
        let mut arena = Arena::default();
        given.iter().for_each(|text| arena.push(text));
        assert_eq!((0..arena.len()).map(|at| arena.get(at)).collect::<Vec<_>>(), given);
        assert!(arena.has_room_for(u32::MAX as usize - 1_000) && !arena.has_room_for(u32::MAX as usize));
    }
}
