//! A byte stream that arrives in chunks, cut into its lines with their numbers and places. A chunk may end anywhere,
//! within a character or between CR and LF too; a line that lies within one chunk is not copied. What a line holds is
//! `scan`'s and the parent's to say.

use memchr::memchr;

/// Longest line that is read, in bytes without its end (CR counted): 8 MiB.
pub const LONGEST: usize = 8 << 20;
/// How much is kept of a line that isn't read, in bytes.
pub const KEPT: usize = 4 << 10;
/// How much room the start of an unfinished line may hold on to once it is read.
const ROOM: usize = 256 << 10;
/// U+FEFF, which some tools put before the first character of a file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Where a line stands in its stream: enough to read it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// From 1, empty lines counted.
    pub line: u64,
    /// Bytes of the stream before it.
    pub offset: u64,
    /// Its bytes, without the LF or CRLF that ends it.
    pub length: u64,
}

/// A part of the stream. All parts, each with its end, are the stream, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// A line that holds something.
    Line {
        /// Without its end.
        text: &'a [u8],
        /// As it came: with its end, and on the first line with a byte order mark.
        raw: &'a [u8],
        place: Place,
        /// False for the last line of a stream that doesn't end in LF.
        ended: bool,
    },
    /// Bytes that are no line to read: an empty line, or some of a line that is too long.
    Passed(&'a [u8]),
    /// A line of more than [`LONGEST`] bytes is over; all of it was passed. `head` is its first [`KEPT`] bytes.
    TooLong { head: &'a [u8], place: Place },
}

/// Cuts one stream.
#[derive(Debug)]
pub struct Lines {
    /// The start of a line whose end has not come; of one that is too long, its head.
    held: Vec<u8>,
    /// Bytes so far of the line that is too long, if it is; some of it is held then.
    overlong: Option<u64>,
    /// Number of the line that comes next or is held.
    line: u64,
    /// Where it starts.
    offset: u64,
    longest: usize,
}

impl Default for Lines {
    fn default() -> Self {
        Self::up_to(LONGEST)
    }
}

impl Lines {
    /// With a bound of its own on a line's length, in bytes.
    pub fn up_to(longest: usize) -> Self {
        Lines { held: Vec::new(), overlong: None, line: 1, offset: 0, longest }
    }

    /// Gives `take` every part that ends in `chunk`.
    pub fn feed(&mut self, chunk: &[u8], mut take: impl FnMut(Part<'_>)) {
        let mut rest = chunk;
        while let Some(at) = memchr(b'\n', rest) {
            let (raw, after) = rest.split_at(at + 1);
            rest = after;
            if self.held.is_empty() && at <= self.longest {
                self.give(raw, true, &mut take);
            } else {
                self.hold(&raw[..at], &mut take);
                self.end(true, &mut take);
            }
        }
        if !rest.is_empty() {
            self.hold(rest, &mut take);
        }
    }

    /// Bytes that came, without those of a line that has not ended and is not yet too long.
    pub fn settled(&self) -> u64 {
        self.offset + self.overlong.unwrap_or(0)
    }

    /// The stream is over: gives what is held of a last line.
    pub fn finish(&mut self, mut take: impl FnMut(Part<'_>)) {
        if !self.held.is_empty() {
            self.end(false, &mut take);
        }
    }

    /// Keeps more of the line that has not ended; `more` has no LF.
    fn hold(&mut self, more: &[u8], take: &mut impl FnMut(Part<'_>)) {
        if let Some(length) = &mut self.overlong {
            *length += more.len() as u64;
            let lacking = KEPT.saturating_sub(self.held.len());
            self.held.extend_from_slice(&more[..more.len().min(lacking)]);
            take(Part::Passed(more));
        } else if self.held.len() + more.len() > self.longest {
            self.overlong = Some(self.held.len() as u64);
            take(Part::Passed(&self.held));
            self.held.truncate(KEPT);
            self.held.shrink_to(ROOM);
            self.hold(more, take);
        } else {
            self.held.extend_from_slice(more);
        }
    }

    /// The held line is over, at an LF or with the stream.
    fn end(&mut self, ended: bool, take: &mut impl FnMut(Part<'_>)) {
        let mut held = std::mem::take(&mut self.held);
        if let Some(length) = self.overlong.take() {
            if ended {
                take(Part::Passed(b"\n"));
            }
            take(Part::TooLong { head: &held, place: Place { line: self.line, offset: self.offset, length } });
            self.line += 1;
            self.offset += length + u64::from(ended);
        } else {
            if ended {
                held.push(b'\n');
            }
            self.give(&held, ended, take);
        }
        held.clear();
        held.shrink_to(ROOM);
        self.held = held;
    }

    fn give(&mut self, raw: &[u8], ended: bool, take: &mut impl FnMut(Part<'_>)) {
        let text = raw.strip_suffix(b"\n").unwrap_or(raw);
        let text = if ended { text.strip_suffix(b"\r").unwrap_or(text) } else { text };
        let from = if self.offset == 0 && text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let text = &text[from..];
        if text.iter().all(u8::is_ascii_whitespace) {
            take(Part::Passed(raw));
        } else {
            let place = Place { line: self.line, offset: self.offset + from as u64, length: text.len() as u64 };
            take(Part::Line { text, raw, place, ended });
        }
        self.line += 1;
        self.offset += raw.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the lines of `chunks`: text, number, offset, length and whether it ended; a line too long with `…`.
    fn cut(longest: usize, chunks: &[&[u8]]) -> Vec<(Vec<u8>, Place, bool)> {
        let mut lines = Lines::up_to(longest);
        let (mut found, mut whole) = (Vec::new(), Vec::new());
        let mut take = |part: Part<'_>| match part {
            Part::Line { text, raw, place, ended } => {
                found.push((text.to_vec(), place, ended));
                whole.extend_from_slice(raw);
            }
            Part::Passed(raw) => whole.extend_from_slice(raw),
            Part::TooLong { head, place } => found.push(([head, "…".as_bytes()].concat(), place, true)),
        };
        for chunk in chunks {
            lines.feed(chunk, &mut take);
        }
        lines.finish(&mut take);
        assert_eq!(whole, chunks.concat(), "the parts are not the stream");
        for (text, place, _) in &found {
            let at = place.offset as usize;
            let again = &whole[at..at + place.length as usize];
            assert!(text == again || text.starts_with(&again[..again.len().min(KEPT)]), "{place:?}");
        }
        found
    }

    #[test]
    fn lines_have_their_numbers_and_places() {
        let seen = |text: &str| {
            let lines = cut(LONGEST, &[text.as_bytes()]).into_iter();
            lines.map(|(text, at, ended)| (String::from_utf8(text).unwrap(), at.line, at.offset, ended)).collect()
        };
        let line = |text: &str, line, offset, ended| (text.to_owned(), line, offset, ended);
        for (text, expected) in [
            ("", vec![]),
            ("\n", vec![]),
            ("\r\n \t\n", vec![]),
            ("a", vec![line("a", 1, 0, false)]),
            ("a\n", vec![line("a", 1, 0, true)]),
            ("a\r\nb\r\n", vec![line("a", 1, 0, true), line("b", 2, 3, true)]),
            ("\n\na\n\r\nb", vec![line("a", 3, 2, true), line("b", 5, 6, false)]),
            // A CR that no LF follows ends nothing.
            ("a\rb\nc\r", vec![line("a\rb", 1, 0, true), line("c\r", 2, 4, false)]),
            ("a\r\r\n", vec![line("a\r", 1, 0, true)]),
            ("\u{feff}a\n\u{feff}b\n", vec![line("a", 1, 3, true), line("\u{feff}b", 2, 5, true)]),
        ] {
            let found: Vec<(String, u64, u64, bool)> = seen(text);
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn chunks_may_end_at_every_byte() {
        let text = "\u{feff}a\u{e9}\u{4e2d}\u{1f600}\r\n\r\n\"\u{10ffff}\u{800}\u{7f}\"\n\nlong enough to be cut\r\nx\r\u{fffd}\r\n\u{e9}".as_bytes();
        for longest in [4, 20, 21, 22, 23, LONGEST] {
            let whole = cut(longest, &[text]);
            assert!(whole.len() == 5);
            for a in 0..=text.len() {
                assert_eq!(cut(longest, &[&text[..a], &text[a..]]), whole, "cut at {a}, up to {longest}");
                for b in a..=text.len() {
                    assert_eq!(cut(longest, &[&text[..a], &text[a..b], &text[b..]]), whole, "cut at {a} and {b}");
                }
            }
            let single: Vec<&[u8]> = text.chunks(1).collect();
            assert_eq!(cut(longest, &single), whole, "byte by byte, up to {longest}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_told_and_not_held() {
        let long = vec![b'x'; 3 * KEPT];
        let text = [b"a\n", long.as_slice(), b"\nb\n", long.as_slice()].concat();
        for size in [1, 7, KEPT - 1, KEPT, KEPT + 1, text.len()] {
            let chunks: Vec<&[u8]> = text.chunks(size).collect();
            let found = cut(2 * KEPT, &chunks);
            let heads: Vec<(usize, u64, u64, u64)> =
                found.iter().map(|(text, at, _)| (text.len(), at.line, at.offset, at.length)).collect();
            let (kept, length) = (KEPT + "…".len(), long.len() as u64);
            let expected = [(1, 1, 0, 1), (kept, 2, 2, length), (1, 3, length + 3, 1), (kept, 4, length + 5, length)];
            assert_eq!(heads, expected, "chunks of {size}");
        }
        let mut lines = Lines::up_to(2 * KEPT);
        for _ in 0..1_000 {
            lines.feed(&long, |_| {});
        }
        assert!(lines.held.capacity() <= ROOM, "{}", lines.held.capacity());
    }

    #[test]
    fn a_line_within_one_chunk_is_not_copied() {
        let chunk = b"first\nsecond\nthird";
        let within = |part: &[u8]| chunk.as_ptr_range().contains(&part.as_ptr());
        let (mut lines, mut count) = (Lines::default(), 0);
        lines.feed(chunk, |part| match part {
            Part::Line { text, raw, .. } => {
                assert!(within(text) && within(raw));
                count += 1;
            }
            other => panic!("{other:?}"),
        });
        assert_eq!(count, 2);
    }
}
