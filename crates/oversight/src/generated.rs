//! Inputs for the tests of decoders: real samples altered in a few places, so that most come near to being accepted.
//! Numbered, not random: a number makes the same input on every machine. What a decoder has to do with them is said
//! in the decoder's own tests.

use std::io::Write;
use std::ops::Range;

/// A text that a decoder accepts, and the parts by which it is altered.
#[derive(Debug, Clone)]
pub struct Sample {
    bytes: Vec<u8>,
    parts: Vec<Range<usize>>,
    /// What stands between a part and its copy.
    separator: &'static str,
}

impl Sample {
    /// JSON without white space, as serde_json writes it. Its parts are values, keys, and members with their keys.
    pub fn json(text: impl Into<String>) -> Sample {
        let bytes = text.into().into_bytes();
        let mut parts = Vec::new();
        json_parts(&bytes, 0, &mut parts);
        Sample { bytes, parts, separator: "," }
    }

    /// Any other text. Its parts are lines, words, and what stands between quotes; a copy follows `separator`.
    pub fn text(text: impl Into<String>, separator: &'static str) -> Sample {
        let bytes = text.into().into_bytes();
        let mut parts = Vec::new();
        let (mut line, mut word, mut quote) = (0, None, None);
        for (at, byte) in bytes.iter().enumerate() {
            let in_word = byte.is_ascii_alphanumeric() || !byte.is_ascii();
            match (in_word, word) {
                (true, None) => word = Some(at),
                (false, Some(start)) => {
                    parts.push(start..at);
                    word = None;
                }
                _ => {}
            }
            if *byte == b'"' {
                match quote.take() {
                    Some(start) => parts.push(start..at + 1),
                    None => quote = Some(at),
                }
            }
            if *byte == b'\n' {
                parts.push(line..at + 1);
                line = at + 1;
            }
        }
        parts.extend(word.map(|start| start..bytes.len()));
        parts.push(line..bytes.len());
        parts.retain(|part| !part.is_empty());
        Sample { bytes, parts, separator }
    }
}

fn json_parts(bytes: &[u8], start: usize, parts: &mut Vec<Range<usize>>) -> usize {
    let mut at = start;
    match bytes[at] {
        b'{' | b'[' => {
            at += 1;
            while !matches!(bytes[at], b'}' | b']') {
                let member = at;
                at = json_parts(bytes, at, parts);
                if bytes[at] == b':' {
                    at = json_parts(bytes, at + 1, parts);
                    parts.push(member..at);
                }
                at += usize::from(bytes[at] == b',');
            }
            at += 1;
        }
        b'"' => {
            at += 1;
            while bytes[at] != b'"' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            at += 1;
        }
        _ => at += bytes[at..].iter().position(|byte| b",:}]".contains(byte)).unwrap_or(bytes.len() - at),
    }
    parts.push(start..at);
    at
}

/// Values that JSON decoders are apt to get wrong; also good in the place of any other word.
pub const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.5",
    "0.1",
    "1e400",
    "-1e-400",
    "9007199254740992",
    "9007199254740993",
    "-9007199254740993",
    "18446744073709551616",
    "1e16",
    "99999999999999999999999999999999",
    "0.30000000000000004",
    "123456789.12345678901234567890",
    "2.2250738585072011e-308",
    "01",
    "+1",
    ".5",
    "NaN",
    "Infinity",
    "{}",
    "[]",
    "[[]]",
    "[null]",
    "\"\"",
    "\" \"",
    "\"x\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\\uDC00x\"",
    "\"\u{202e}gnp\"",
    "\"a\u{200b}b\"",
    "\"\u{feff}\"",
    "\"\u{10ffff}\"",
    "{\"missing\":\"redacted\"}",
    "{\"missing\":\"unknown\"}",
    "{\"missing\":7}",
    "{\"a\":1,\"a\":2}",
    "\"CH-1\"",
    "\"CH-0\"",
    "\"2026-01-01T00:00:00Z\"",
    "\"2016-12-31T23:59:60.5Z\"",
    "\"9999-12-31T23:59:59-23:59\"",
    "\"0001-01-01T00:00:00+23:59\"",
    "{\"type\":\"action\"}",
    "'x'",
    "\"unterminated",
];

/// Texts that are put into the middle of others: signs of the grammars, what can't be seen, what is not UTF-8.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"=",
    b"\n",
    b"\r",
    b"\0",
    b"\t",
    b" ",
    b"#",
    b"%",
    b"%00",
    b"%F",
    b"&",
    b";",
    b"*",
    b"?",
    b"/",
    b"\\u0",
    b"e",
    b"-",
    b".",
    b"0",
    b"9",
    b"\x7f",
    b"\x80",
    b"\xff",
    b"\xc3",
    b"\xc3\xa9",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\xe2\x80\x8b",
    b"\xf0\x9f\x98\x80",
    b"\xcc\x81\xcc\x81",
    b"\xe2\x80\xa8",
    b"\xef\xbc\x9a",
];

/// Makes one input; numbers decide everything.
#[derive(Debug, Clone)]
pub struct Generator(u64);

impl Generator {
    /// For the input of this number, by a test of this name.
    pub fn new(name: &str, number: u64) -> Generator {
        // FNV-1a: tests don't share their inputs.
        let seed = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Generator(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The next number (SplitMix64; Steele, Lea and Flood 2014).
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to less than `end`; 0 where `end` is.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end.max(1) as u64) as usize
    }

    /// True once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One of `samples`, as it is or altered in up to three parts, some of which become one of `words`; now and then
    /// cut short or followed by something.
    pub fn altered(&mut self, samples: &[Sample], words: &[&str]) -> Vec<u8> {
        let sample = self.pick(samples);
        let mut bytes = sample.bytes.clone();
        let count = *self.pick(&[0, 1, 1, 1, 1, 2, 2, 3]);
        let mut parts: Vec<Range<usize>> = (0..count).map(|_| self.pick(&sample.parts).clone()).collect();
        // From the back, and no part within another: those still to come stay where they are.
        parts.sort_by_key(|part| std::cmp::Reverse((part.start, part.end)));
        let mut untouched = bytes.len();
        for part in parts {
            if part.end <= untouched {
                // Deleting a part may take the separator before it along.
                untouched = part.start.saturating_sub(sample.separator.len());
                self.alter(&mut bytes, part, sample.separator, samples, words);
            }
        }
        match self.below(48) {
            0 => bytes.truncate(self.below(bytes.len())),
            1 => bytes.extend(self.pick(PIECES).iter()),
            2 => drop(bytes.splice(0..0, self.pick(PIECES).iter().copied())),
            3 => self.overwrite(&mut bytes),
            _ => {}
        }
        bytes
    }

    /// As `altered`; what is not UTF-8 becomes U+FFFD.
    pub fn altered_text(&mut self, samples: &[Sample], words: &[&str]) -> String {
        String::from_utf8(self.altered(samples, words))
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn alter(&mut self, bytes: &mut Vec<u8>, part: Range<usize>, separator: &str, all: &[Sample], words: &[&str]) {
        match self.below(16) {
            0..=3 => drop(bytes.splice(part, self.pick(words).bytes())),
            4 | 5 => {
                let after = bytes[part.end..].starts_with(separator.as_bytes());
                let before = bytes[..part.start].ends_with(separator.as_bytes());
                let (start, end) = match (after, before) {
                    (true, _) => (part.start, part.end + separator.len()),
                    (_, true) => (part.start - separator.len(), part.end),
                    _ => (part.start, part.end),
                };
                drop(bytes.drain(start..end));
            }
            6 => {
                let copy = [separator.as_bytes(), &bytes[part.clone()]].concat();
                drop(bytes.splice(part.end..part.end, copy));
            }
            7 => {
                let other = self.pick(all);
                let other = &other.bytes[self.pick(&other.parts).clone()];
                drop(bytes.splice(part, other.iter().copied()));
            }
            8 => {
                let depth = *self.pick(&[1, 1, 2, 2, 3, 100, 129, 300]);
                let (open, close) = *self.pick(&[("[", "]"), ("[", "]"), ("{\"a\":", "}"), ("{", "}"), ("[", "")]);
                let nested =
                    [open.repeat(depth).as_bytes(), &bytes[part.clone()], close.repeat(depth).as_bytes()].concat();
                drop(bytes.splice(part, nested));
            }
            9 | 10 => {
                let at = part.start + self.below(part.len() + 1);
                drop(bytes.splice(at..at, self.pick(PIECES).iter().copied()));
            }
            // A letter or digit for another: what is near a word, a number, a key.
            11..=13 => {
                let at = part.start + self.below(part.len());
                if bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                    bytes[at] = *self.pick(b"0159aAfFxXzZ-_.");
                }
            }
            14 if self.one_in(64) => {
                let at = part.start + self.below(part.len() + 1);
                let times = *self.pick(&[255, 257, 4_097, 16_385]);
                drop(bytes.splice(at..at, std::iter::repeat_n(b'a', times)));
            }
            _ => self.overwrite(bytes),
        }
    }

    fn overwrite(&mut self, bytes: &mut [u8]) {
        let at = self.below(bytes.len());
        let byte = self.number() as u8;
        if let Some(slot) = bytes.get_mut(at) {
            *slot = byte;
        }
    }
}

/// How many inputs a test makes: `COUNTERSIGN_CASES`, or `reduced`.
pub fn cases(reduced: u64) -> u64 {
    std::env::var("COUNTERSIGN_CASES").map_or(reduced, |cases| cases.parse().expect("COUNTERSIGN_CASES is a number"))
}

/// Gives `accepts` the inputs that `make` makes, as many as `cases` says. Of each it must say whether it was accepted,
/// and panic where that was wrong. Prints how many were; fails where fewer than one in a hundred were, or were not:
/// then one side was hardly tried.
pub fn try_inputs<I: AsRef<[u8]>>(
    name: &str,
    cases: u64,
    mut make: impl FnMut(&mut Generator) -> I,
    mut accepts: impl FnMut(&I) -> bool,
) {
    let mut accepted = 0;
    for number in 0..cases {
        let input = make(&mut Generator::new(name, number));
        let shown_on_panic = Shown { name, number, input: input.as_ref() };
        accepted += u64::from(accepts(&input));
        drop(shown_on_panic);
    }
    let refused = cases - accepted;
    let line = format!("{name}: {cases} inputs, {accepted} accepted, {refused} refused");
    if std::env::var_os("COUNTERSIGN_CASES").is_some() {
        // What a test prints is kept from view where it passes; a full run is to show its figures.
        let _ = writeln!(std::io::stderr(), "{line}");
    } else {
        println!("{line}");
    }
    if cases >= 1_000 {
        assert!(accepted.min(refused) * 100 >= cases, "{line}: hardly tried on one side");
    }
}

struct Shown<'a> {
    name: &'a str,
    number: u64,
    input: &'a [u8],
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let (name, number, input) = (self.name, self.number, self.input.escape_ascii());
            println!("{name}: input {number}, {} bytes: {input}", self.input.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_sample_are_those_of_its_grammar() {
        let parts = |sample: &Sample| {
            let mut parts: Vec<String> =
                sample.parts.iter().map(|part| String::from_utf8_lossy(&sample.bytes[part.clone()]).into()).collect();
            parts.sort();
            parts
        };
        let json = Sample::json(r#"{"a":[1,"x\"y"],"b":null}"#);
        assert_eq!(
            parts(&json),
            [
                r#""a""#,
                r#""a":[1,"x\"y"]"#,
                r#""b""#,
                r#""b":null"#,
                r#""x\"y""#,
                "1",
                r#"[1,"x\"y"]"#,
                "null",
                r#"{"a":[1,"x\"y"],"b":null}"#,
            ]
        );
        assert_eq!(parts(&Sample::text("a = \"b c\"\nd", "\n")), ["\"b c\"", "a", "a = \"b c\"\n", "b", "c", "d", "d"]);
    }

    #[test]
    fn a_number_makes_one_input_and_another_another() {
        let samples = [Sample::json(r#"{"a":[1,2,3],"b":"some text"}"#)];
        let make = |name: &str, number| Generator::new(name, number).altered(&samples, VALUES);
        let all: std::collections::BTreeSet<_> = (0..1_000).map(|number| make("x", number)).collect();
        assert_eq!(make("x", 7), make("x", 7));
        assert!(all.len() > 500 && (0..100).any(|number| make("x", number) != make("y", number)), "{}", all.len());
    }
}
