//! Visible escapes: what a reader could not see, or what would reorder or alter what they see, becomes a
//! `U+…` with a name; nothing is ever removed. Compiled into the page, so with small tables alone. Which
//! characters those are is in `sight`; whether they are suspicious is `analyse`'s.

use super::sight::{Class, Standing, class_of, sightings};

/// A stretch of text as a reader may be shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Shown as it is.
    Plain(String),
    /// One character, shown as its code.
    Escape {
        /// `U+200B`: at least four hexadecimal digits, upper case.
        code: String,
        /// The character's Unicode name, or what kind of character it is: "ZERO WIDTH SPACE", "PRIVATE USE".
        name: &'static str,
    },
}

impl Segment {
    /// The text that the segment stands for, exactly.
    pub fn source(&self) -> String {
        match self {
            Segment::Plain(text) => text.clone(),
            Segment::Escape { code, .. } => u32::from_str_radix(code.trim_start_matches("U+"), 16)
                .ok()
                .and_then(char::from_u32)
                .map(String::from)
                .unwrap_or_default(),
        }
    }
}

/// The text of a one-line field: tabs and line feeds are escaped too. The sources of the segments, put
/// together, are the text again.
pub fn segments(text: &str) -> Vec<Segment> {
    split(text, false)
}

/// The text of a field of several lines: tabs and line feeds stay as they are, all else as in [`segments`].
pub fn segments_of_lines(text: &str) -> Vec<Segment> {
    split(text, true)
}

/// Whether a one-line field needs no escapes: [`segments`] would give one plain segment, or none.
pub fn is_plain(text: &str) -> bool {
    is_printable_ascii(text) || {
        let chars: Vec<char> = text.chars().collect();
        sightings(&chars).all(|sighting| sighting.standing == Standing::Working)
    }
}

/// The text with escapes written out, `[U+200B]`, for logs, page titles and accessible names. One line;
/// meant for eyes: it can't be told from a text that holds such brackets itself.
pub fn visible(text: &str) -> String {
    if is_printable_ascii(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for segment in segments(text) {
        match segment {
            Segment::Plain(text) => out.push_str(&text),
            Segment::Escape { code, .. } => {
                out.push('[');
                out.push_str(&code);
                out.push(']');
            }
        }
    }
    out
}

/// `U+200B`.
pub(super) fn code(c: char) -> String {
    format!("U+{:04X}", c as u32)
}

fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn split(text: &str, several_lines: bool) -> Vec<Segment> {
    if text.is_empty() {
        return Vec::new();
    }
    if is_printable_ascii(text) {
        return vec![Segment::Plain(text.to_owned())];
    }
    let chars: Vec<char> = text.chars().collect();
    let mut segments = Vec::new();
    let mut shown = 0;
    for sighting in sightings(&chars) {
        if sighting.standing == Standing::Working || (several_lines && sighting.class == Class::Line) {
            continue;
        }
        if shown < sighting.at {
            segments.push(Segment::Plain(chars[shown..sighting.at].iter().collect()));
        }
        let c = chars[sighting.at];
        segments.push(Segment::Escape { code: code(c), name: name(c) });
        shown = sighting.at + 1;
    }
    if shown < chars.len() {
        segments.push(Segment::Plain(chars[shown..].iter().collect()));
    }
    segments
}

/// The Unicode name of what is met often, the kind of character for the rest.
fn name(c: char) -> &'static str {
    match c as u32 {
        0x00 => "NULL",
        0x07 => "BELL",
        0x08 => "BACKSPACE",
        0x09 => "TAB",
        0x0A => "LINE FEED",
        0x0B => "LINE TABULATION",
        0x0C => "FORM FEED",
        0x0D => "CARRIAGE RETURN",
        0x1B => "ESCAPE",
        0x7F => "DELETE",
        0x85 => "NEXT LINE",
        0x9B => "CONTROL SEQUENCE INTRODUCER",
        0xA0 => "NO-BREAK SPACE",
        0xAD => "SOFT HYPHEN",
        0x034F => "COMBINING GRAPHEME JOINER",
        0x061C => "ARABIC LETTER MARK",
        0x115F | 0x1160 | 0x3164 | 0xFFA0 => "HANGUL FILLER",
        0x200B => "ZERO WIDTH SPACE",
        0x200C => "ZERO WIDTH NON-JOINER",
        0x200D => "ZERO WIDTH JOINER",
        0x200E => "LEFT-TO-RIGHT MARK",
        0x200F => "RIGHT-TO-LEFT MARK",
        0x2028 => "LINE SEPARATOR",
        0x2029 => "PARAGRAPH SEPARATOR",
        0x202A => "LEFT-TO-RIGHT EMBEDDING",
        0x202B => "RIGHT-TO-LEFT EMBEDDING",
        0x202C => "POP DIRECTIONAL FORMATTING",
        0x202D => "LEFT-TO-RIGHT OVERRIDE",
        0x202E => "RIGHT-TO-LEFT OVERRIDE",
        0x202F => "NARROW NO-BREAK SPACE",
        0x2060 => "WORD JOINER",
        0x2061..=0x2064 => "INVISIBLE OPERATOR",
        0x2066 => "LEFT-TO-RIGHT ISOLATE",
        0x2067 => "RIGHT-TO-LEFT ISOLATE",
        0x2068 => "FIRST STRONG ISOLATE",
        0x2069 => "POP DIRECTIONAL ISOLATE",
        0x2800 => "BRAILLE PATTERN BLANK",
        0x3000 => "IDEOGRAPHIC SPACE",
        0xFEFF => "ZERO WIDTH NO-BREAK SPACE (BOM)",
        0xFFF9..=0xFFFB => "INTERLINEAR ANNOTATION",
        0xFFFC => "OBJECT REPLACEMENT CHARACTER",
        0xE0001 => "LANGUAGE TAG",
        0xE007F => "CANCEL TAG",
        _ => match class_of(c) {
            Some(Class::Line | Class::Control) => "CONTROL CHARACTER",
            Some(Class::Bidi | Class::BidiMark) => "BIDIRECTIONAL CONTROL",
            Some(Class::Tag) => "TAG CHARACTER",
            Some(Class::Selector) => "VARIATION SELECTOR",
            Some(Class::Joiner | Class::Hidden) => "INVISIBLE CHARACTER",
            Some(Class::Space | Class::Blank) => "SPACE",
            Some(Class::Break) => "LINE BREAK",
            Some(Class::Object) => "OBJECT",
            Some(Class::PrivateUse) => "PRIVATE USE",
            Some(Class::Noncharacter) => "NONCHARACTER",
            Some(Class::Mark) | None => "COMBINING MARK",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escapes(text: &str) -> Vec<String> {
        let escape = |segment| match segment {
            Segment::Escape { code, .. } => Some(code),
            Segment::Plain(_) => None,
        };
        segments(text).into_iter().filter_map(escape).collect()
    }

    #[test]
    fn one_character_one_escape_with_its_name() {
        assert_eq!(
            segments("role/ad\u{200B}min"),
            [
                Segment::Plain("role/ad".into()),
                Segment::Escape { code: "U+200B".into(), name: "ZERO WIDTH SPACE" },
                Segment::Plain("min".into()),
            ]
        );
        assert_eq!(segments(""), []);
        assert_eq!(segments("plain, ASCII"), [Segment::Plain("plain, ASCII".into())]);
        assert_eq!(visible("a\u{202E}b\nc"), "a[U+202E]b[U+000A]c");
    }

    #[test]
    fn several_lines_keep_tab_and_line_feed_alone() {
        assert_eq!(segments_of_lines("a\n\tb"), [Segment::Plain("a\n\tb".into())]);
        assert_eq!(escapes("a\n\tb"), ["U+000A", "U+0009"]);
        let carriage_return = Segment::Escape { code: "U+000D".into(), name: "CARRIAGE RETURN" };
        assert_eq!(
            segments_of_lines("a\r\n"),
            [Segment::Plain("a".into()), carriage_return, Segment::Plain("\n".into())]
        );
    }

    #[test]
    fn context_decides_for_joiners_selectors_and_marks() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("family", "👨‍👩‍👧‍👦", &[]),
            ("skin tone and profession", "👩🏽‍💻", &[]),
            ("rainbow flag", "🏳️‍🌈", &[]),
            ("heart on fire", "❤️‍🔥", &[]),
            ("keycap", "1️⃣", &[]),
            ("regional flag", "🇯🇵", &[]),
            ("Persian ZWNJ", "می‌خواهم", &[]),
            ("Hindi half form", "क्‍ष", &[]),
            ("Malayalam chillu at the end", "അവന്‍", &[]),
            ("Bengali ya-phalaa", "র‍্যাব", &[]),
            ("ZWJ between Latin letters", "a\u{200D}b", &["U+200D"]),
            ("ZWNJ twice", "می\u{200C}\u{200C}خ", &["U+200C", "U+200C"]),
            ("ZWJ after an emoji, before a letter", "👩\u{200D}a", &["U+200D"]),
            ("ZWJ at the start", "\u{200D}👩", &["U+200D"]),
            ("selector after a letter", "a\u{FE0F}", &["U+FE0F"]),
            ("selector after a digit without its keycap", "1\u{FE0F}2", &["U+FE0F"]),
            ("second selector", "❤\u{FE0F}\u{FE0F}", &["U+FE0F"]),
            ("bytes in selectors", "😀\u{E0101}\u{E0132}", &["U+E0101", "U+E0132"]),
            ("selector at the start", "\u{FE0F}", &["U+FE0F"]),
            ("four marks on one base", "a\u{301}\u{302}\u{303}\u{304}", &[]),
            ("the fifth", "a\u{301}\u{302}\u{303}\u{304}\u{305}b", &["U+0305"]),
            ("a mark without a base", "\u{301}a", &["U+0301"]),
            ("a mark on what is escaped", "a\u{200B}\u{301}", &["U+200B", "U+0301"]),
            (
                "Welsh flag",
                "🏴\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
                &["U+E0067", "U+E0062", "U+E0077", "U+E006C", "U+E0073", "U+E007F"],
            ),
        ];
        for (what, text, expected) in cases {
            assert_eq!(escapes(text), *expected, "{what}");
            assert_eq!(is_plain(text), expected.is_empty(), "{what}");
        }
    }
}
