//! How lengths of time, counts and digests are put into words. Pure: numbers in, text out, no clock and no locale.
//! Instants and their zones are the domain's and the state's; this room never learns what time it is.

/// What groups the digits of a count: `48 213`. It is the thin space that does not break (U+202F), because a figure
/// must not be torn over two lines.
pub const THIN_SPACE: char = '\u{202f}';

/// A count with its thousands apart, from five digits on a reader can't lose a digit: `1 902`, `48 213`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(THIN_SPACE);
        }
        out.push(digit);
    }
    out
}

/// A noun with its count: `1 finding`, `3 findings`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A span of whole seconds, in at most two units, rounded down: `8 s`, `2 min 10 s`, `38 min`, `1 h 04`, `2 d 3 h`.
/// Seconds are named below ten minutes only; a negative span counts as none.
pub fn span(seconds: i64) -> String {
    let s = seconds.max(0);
    let (days, hours, minutes) = (s / 86_400, s / 3_600 % 24, s / 60 % 60);
    match s {
        0..60 => format!("{s} s"),
        60..600 if s % 60 > 0 => format!("{minutes} min {} s", s % 60),
        60..3_600 => format!("{minutes} min"),
        3_600..86_400 => format!("{hours} h {minutes:02}"),
        _ if hours == 0 => format!("{days} d"),
        _ => format!("{days} d {hours} h"),
    }
}

/// What is left of a span, for a list: `38 min left`, `due now`. Seconds are not shown before the last minute, so
/// that a list does not flicker.
pub fn left(seconds: i64) -> String {
    match seconds {
        ..=0 => "due now".to_owned(),
        1..60 => format!("{} left", span(seconds)),
        _ => format!("{} left", span(seconds - seconds % 60)),
    }
}

/// The first and the last eight characters of a digest, without its `sha256:`: `9f3c81e2 … 77b4a1d0`. One of at most
/// twenty characters is shown whole.
pub fn short_digest(digest: &str) -> String {
    let bare = digest.split_once(':').map_or(digest, |(_, bare)| bare);
    let chars: Vec<char> = bare.chars().collect();
    if chars.len() <= 20 {
        return bare.to_owned();
    }
    let (head, tail) = (&chars[..8], &chars[chars.len() - 8..]);
    format!("{} … {}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

/// A share in words with its denominator, or why there is none: below five cases a share says nothing.
pub fn share(part: u64, of: u64) -> String {
    if of < 5 {
        return format!("share withheld, n = {of}, below 5");
    }
    format!("{:.0}%, {} of {}", part as f64 * 100.0 / of as f64, count(part), count(of))
}

/// Two letters for the square beside a name: `billing-owner` is `BO`, `engineer-2` is `E2`, `manager` is `M`.
pub fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_three() {
        for (n, text) in [(0, "0"), (999, "999"), (1_902, "1\u{202f}902"), (48_213, "48\u{202f}213")] {
            assert_eq!(count(n), text);
        }
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        for n in [0, 7, 1_000, 65_536, u64::MAX] {
            assert_eq!(count(n).replace(THIN_SPACE, ""), n.to_string());
        }
        assert_eq!((counted(1, "step", "steps"), counted(0, "step", "steps")), ("1 step".into(), "0 steps".into()));
    }

    #[test]
    fn spans_name_at_most_two_units() {
        let cases = [
            (-3, "0 s"),
            (8, "8 s"),
            (60, "1 min"),
            (130, "2 min 10 s"),
            (599, "9 min 59 s"),
            (600, "10 min"),
            (2_299, "38 min"),
            (3_600, "1 h 00"),
            (3_840, "1 h 04"),
            (86_400, "1 d"),
            (183_600, "2 d 3 h"),
        ];
        for (seconds, text) in cases {
            assert_eq!(span(seconds), text, "{seconds}");
        }
    }

    #[test]
    fn what_is_left_hides_seconds_until_the_last_minute() {
        for (seconds, text) in
            [(0, "due now"), (-1, "due now"), (59, "59 s left"), (130, "2 min left"), (3_840, "1 h 04 left")]
        {
            assert_eq!(left(seconds), text, "{seconds}");
        }
    }

    #[test]
    fn digests_keep_both_ends() {
        let digest = "9f3c81e2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa77b4a1d0";
        for (given, text) in [
            (digest.to_owned(), "9f3c81e2 … 77b4a1d0"),
            (format!("sha256:{digest}"), "9f3c81e2 … 77b4a1d0"),
            ("abc".into(), "abc"),
            (String::new(), ""),
        ] {
            assert_eq!(short_digest(&given), text);
        }
    }

    #[test]
    fn small_denominators_carry_no_share() {
        for (part, of, text) in [
            (1, 4, "share withheld, n = 4, below 5"),
            (0, 0, "share withheld, n = 0, below 5"),
            (61, 214, "29%, 61 of 214"),
        ] {
            assert_eq!(share(part, of), text);
        }
    }

    #[test]
    fn initials_take_the_first_and_the_last_word() {
        for (name, text) in
            [("billing-owner", "BO"), ("engineer-2", "E2"), ("manager", "M"), ("", ""), ("a b c", "AC"), ("ß", "SS")]
        {
            assert_eq!(initials(name), text, "{name:?}");
        }
    }
}
