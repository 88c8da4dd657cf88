//! The words of JSON as the scanner reads them: the end of a text, its escapes, common numbers, times, digests and
//! identifiers. Each takes a part of what the strict decoders of `oversight` take, never more. Objects and lists are
//! `scan`'s.

/// What ends a run of plain characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Quote,
    Escape,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Where the first quote or backslash from `at` is. `None` at a control character, or where the line ends before.
#[inline]
pub fn text_until(bytes: &[u8], mut at: usize) -> Option<(usize, Found)> {
    // Eight bytes at a time. The lowest bit that is set is right whatever stands above it: a borrow goes upwards.
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*eight);
        let zero_where = |byte: u8| {
            let differs = word ^ (ONES * byte as u64);
            differs.wrapping_sub(ONES) & !differs
        };
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (zero_where(b'"') | zero_where(b'\\') | control) & HIGHS;
        if found != 0 {
            return what(bytes, at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | ..0x20)) {
        at += 1;
    }
    what(bytes, at)
}

#[inline]
fn what(bytes: &[u8], at: usize) -> Option<(usize, Found)> {
    match bytes.get(at)? {
        b'"' => Some((at, Found::Quote)),
        b'\\' => Some((at, Found::Escape)),
        _ => None,
    }
}

/// Past the escape whose backslash stands at `at`. Surrogates are left to the decoder.
pub fn escape(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 2),
        b'u' => {
            let digits = bytes.get(at + 2..at + 6)?;
            let surrogate = matches!(digits[0], b'd' | b'D') && !digits[1].is_ascii_digit()
                || matches!(digits[0], b'd' | b'D') && digits[1] >= b'8';
            (digits.iter().all(u8::is_ascii_hexdigit) && !surrogate).then_some(at + 6)
        }
        _ => None,
    }
}

/// How many digits stand at `at`, and what they say; at most fifteen, so that it is below 2^53.
#[inline]
fn digits(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let (mut value, mut to) = (0, at);
    while let Some(digit) = bytes.get(to).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        if to - at == 15 {
            return None;
        }
        value = value * 10 + u64::from(digit);
        to += 1;
    }
    let leading_zero = to - at > 1 && bytes[at] == b'0';
    (to > at && !leading_zero).then_some((value, to))
}

/// An integer from 0, and where it ends. The caller sees to it that nothing of a number follows.
#[inline]
pub fn count(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    digits(bytes, at)
}

/// Past a number of few digits and without an exponent.
pub fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let start = at + usize::from(bytes.get(at) == Some(&b'-'));
    let (_, to) = digits(bytes, start)?;
    if bytes.get(to) != Some(&b'.') {
        return Some(to);
    }
    let fraction = bytes[to + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    (1..=20).contains(&fraction).then_some(to + 1 + fraction)
}

/// Whether two short texts are the same. Names and words are so short that calling for a comparison takes longer than
/// comparing: the first and last eight or four bytes, which may overlap, are what there is of most.
#[inline]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    fn ends<const N: usize>(of: &[u8]) -> Option<(&[u8; N], &[u8; N])> {
        of.first_chunk::<N>().zip(of.last_chunk::<N>())
    }
    if a.len() != b.len() {
        return false;
    }
    match a.len() {
        0 => true,
        // The outer and the middle one of up to three are all.
        len @ 1..=3 => a[0] == b[0] && a[len / 2] == b[len / 2] && a[len - 1] == b[len - 1],
        4..=7 => ends::<4>(a) == ends::<4>(b),
        8..=16 => ends::<8>(a) == ends::<8>(b),
        _ => a == b,
    }
}

/// Whether `oversight::id` takes it.
pub fn is_identifier(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() > oversight::id::MAX_ID {
        return false;
    }
    if bytes.iter().all(|byte| (0x21..0x7f).contains(byte)) {
        return !bytes.is_empty();
    }
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}

/// Whether it is a digest's wire form.
pub fn is_digest(text: &[u8]) -> bool {
    text.len() == 64 && text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The number of a `CH-<number>`.
pub fn change(text: &[u8]) -> Option<u64> {
    let number = text.strip_prefix(b"CH-")?;
    let (value, to) = digits(number, 0)?;
    (to == number.len() && value > 0).then_some(value)
}

/// Microseconds since 1970-01-01T00:00:00Z of `YYYY-MM-DDThh:mm:ss[.fraction]Z`, finer parts cut; leap seconds, offsets
/// and other spellings are left to the decoder.
pub fn instant(text: &[u8]) -> Option<i64> {
    let (head, tail) = text.split_first_chunk::<19>()?;
    let signs = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if signs.iter().any(|&(at, sign)| head[at] != sign) {
        return None;
    }
    let mut bad = false;
    let mut two = |at: usize| {
        let (tens, ones) = (head[at].wrapping_sub(b'0'), head[at + 1].wrapping_sub(b'0'));
        bad |= tens > 9 || ones > 9;
        i64::from(tens) * 10 + i64::from(ones)
    };
    let year = two(0) * 100 + two(2);
    let (month, day) = (two(5), two(8));
    let (hour, minute, second) = (two(11), two(14), two(17));
    if bad || year == 0 || !(1..=12).contains(&month) || day < 1 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if day > longest {
        return None;
    }
    let micros = match tail {
        [b'Z'] => 0,
        [b'.', fraction @ .., b'Z'] => micros(fraction)?,
        _ => return None,
    };
    // Days by years that start in March, so that the leap day is the last.
    let year = if month > 2 { year } else { year - 1 };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + of_year - TO_1970;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + micros)
}

/// Days from 0000-03-01 to 1970-01-01.
const TO_1970: i64 = 719_468;

/// A fraction of a second of one to nine digits.
fn micros(fraction: &[u8]) -> Option<i64> {
    if !(1..=9).contains(&fraction.len()) || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let six = fraction.iter().chain(std::iter::repeat(&b'0')).take(6);
    Some(six.fold(0, |micros, digit| micros * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::digest::Digest;
    use oversight::generated::{Generator, Sample, VALUES, cases, try_inputs};
    use oversight::id::{ChangeId, RecordUid};
    use oversight::time::Instant;

    #[test]
    fn a_text_ends_where_it_ends_wherever_it_starts() {
        for length in 0..40 {
            for (sign, found) in
                [(b'"', Some(Found::Quote)), (b'\\', Some(Found::Escape)), (0x1f, None), (0, None), (b'\n', None)]
            {
                // What is next to a sign by one bit or one step, and bytes of characters beyond ASCII.
                for filling in [b'a', b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa2, 0xdc, 0x9f, 0xff] {
                    for behind in [0, 3, 9] {
                        let mut bytes = vec![filling; length];
                        bytes.push(sign);
                        bytes.extend(std::iter::repeat_n(b'"', behind));
                        assert_eq!(text_until(&bytes, 0), found.map(|found| (length, found)), "{bytes:?}");
                    }
                }
            }
            assert_eq!(text_until(&vec![b'x'; length], 0), None);
        }
    }

    #[test]
    fn escapes_and_numbers_are_those_of_json() {
        let samples = [r#""a\"\\\/\b\f\n\r\t\u00e9\uD7ff\ue000z""#, "-12.5", "999999999999999", "0", "1234.0625"];
        let samples = samples.map(|text| Sample::text(text, ""));
        let words: Vec<&str> =
            VALUES.iter().copied().chain(["\\ud800", "\\uDBFF", "\\u+0ff", "\\x", "e5", "00", "-"]).collect();
        let make = |made: &mut Generator| made.altered_text(&samples, &words);
        try_inputs("tokens", cases(20_000), make, |text| {
            let bytes = text.as_bytes();
            let end = if bytes.first() == Some(&b'"') {
                let mut at = 1;
                loop {
                    match text_until(bytes, at) {
                        Some((to, Found::Quote)) => break Some(to + 1),
                        Some((to, Found::Escape)) => match escape(bytes, to) {
                            Some(to) => at = to,
                            None => break None,
                        },
                        None => break None,
                    }
                }
            } else {
                number(bytes, 0)
            };
            let taken = end == Some(bytes.len());
            let strict = oversight::json::parse(bytes);
            assert!(!taken || strict.is_ok(), "{strict:?}");
            if let Some((value, to)) = count(bytes, 0)
                && to == bytes.len()
            {
                assert_eq!(strict.unwrap().as_u64(), Some(value));
            }
            taken
        });
    }

    #[test]
    fn times_identifiers_and_digests_are_those_of_the_domain() {
        let samples = [
            "2026-03-14T09:26:53Z",
            "2024-02-29T23:59:59.123456789Z",
            "0001-01-01T00:00:00.1Z",
            "9999-12-31T23:59:59.999Z",
            "1969-12-31T23:59:59.9999999Z",
            "1900-02-28T00:00:00.000001Z",
            "CH-2041",
            "9f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e2",
            "rec-\u{e9}\u{4e2d} x",
        ];
        let samples = samples.map(|text| Sample::text(text, "-"));
        let words = [
            "00",
            "01",
            "02",
            "04",
            "12",
            "13",
            "23",
            "24",
            "28",
            "29",
            "30",
            "31",
            "32",
            "59",
            "60",
            "61",
            "0000",
            "1600",
            "1700",
            "2000",
            "53.5Z",
            "53.0000000001Z",
            "53+00:00",
            "999999999999999",
            "9999999999999999",
            "",
            " ",
            "\u{85}",
            "\u{7f}",
            "\u{2003}",
        ];
        let make = |made: &mut Generator| made.altered_text(&samples, &words);
        try_inputs("domain tokens", cases(50_000), make, |text| {
            let bytes = text.as_bytes();
            let (time, number) = (instant(bytes), change(bytes));
            if let Some(micros) = time {
                assert_eq!(text.parse::<Instant>().map(Instant::unix_micros), Ok(micros));
            }
            if let Some(number) = number {
                assert_eq!(text.parse(), Ok(ChangeId(number)));
            }
            assert_eq!(is_digest(bytes), text.parse::<Digest>().is_ok());
            assert_eq!(is_identifier(text), RecordUid::new(text.as_str()).is_ok());
            time.is_some() || number.is_some() || is_digest(bytes)
        });
    }

    #[test]
    fn texts_are_the_same_or_differ_at_any_byte() {
        for length in 0..40 {
            let text: Vec<u8> = (0..length).map(|n| b'a' + n % 23).collect();
            assert!(same(&text, &text.clone()));
            assert!(!same(&text, &[&text[..], b"x"].concat()));
            for at in 0..text.len() {
                let mut other = text.clone();
                other[at] ^= 1;
                assert!(!same(&text, &other), "{length} bytes, the difference at {at}");
            }
        }
    }

    #[test]
    fn every_day_is_counted() {
        let mut expected = Instant::from_unix_micros(instant(b"0001-01-01T00:00:00Z").unwrap()).unwrap();
        assert_eq!(expected.to_string(), "0001-01-01T00:00:00Z");
        let mut days = 1;
        loop {
            let text = expected.to_string();
            assert_eq!(instant(text.as_bytes()), Some(expected.unix_micros()), "{text}");
            let next = expected.plus_seconds(86_400);
            if next == expected {
                break;
            }
            expected = next;
            days += 1;
        }
        assert_eq!(days, 3_652_059);
    }
}
