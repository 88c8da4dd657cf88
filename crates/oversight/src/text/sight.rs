//! Which characters a reader could not see or would be misled by, and whether each does its ordinary work
//! where it stands: one walk over the text that both `escape` and `analyse` build on, so that they agree.
//! Severities are `analyse`'s, names of code points `escape`'s.

use super::tables;

/// One character that calls for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sighting {
    /// Position in Unicode scalar values.
    pub at: usize,
    pub class: Class,
    pub standing: Standing,
}

/// Why a character calls for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Tab or line feed: ordinary in text of several lines, not elsewhere.
    Line,
    /// Every other C0 or C1 control, and delete.
    Control,
    /// Embeddings, overrides and isolates: they reorder what is shown.
    Bidi,
    /// The implicit marks LRM, RLM and ALM.
    BidiMark,
    /// The tag block, a full invisible ASCII.
    Tag,
    /// ZWJ and ZWNJ.
    Joiner,
    /// Variation selectors.
    Selector,
    /// Every other character without a glyph.
    Hidden,
    /// A space other than U+0020.
    Space,
    /// A blank that is no space: the empty braille cell.
    Blank,
    /// Line and paragraph separator.
    Break,
    /// The object replacement character.
    Object,
    PrivateUse,
    Noncharacter,
    /// A combining mark without a base, or beyond what one base carries.
    Mark,
}

/// What business the character has where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It shapes what is seen, as its script or emoji sequence asks: shown as it is.
    Working,
    /// Written by honest people here, but unseen: escaped, and no alarm in prose.
    Customary,
    /// None: escaped.
    Stray,
}

use Standing::{Customary, Stray, Working};

/// Marks that one base may carry; those beyond climb over the neighbouring lines.
const MARKS_ON_ONE_BASE: usize = 4;
/// The same where orthography stacks: Hebrew with accents, Tibetan, Myanmar, Tai Tham.
const MARKS_WHERE_SCRIPTS_STACK: usize = 6;

/// How far back a base is looked for over its marks. Longer runs are no ordinary writing.
const LOOK_BACK: usize = 8;

/// Every character of `chars` that calls for attention, in order. Linear in the length.
pub(super) fn sightings(chars: &[char]) -> Sightings<'_> {
    Sightings { chars, at: 0, marks: None, after_escape: false, right_to_left: None }
}

pub(super) struct Sightings<'a> {
    chars: &'a [char],
    at: usize,
    /// Marks on the base so far; none while there is no base.
    marks: Option<usize>,
    /// Whether the character before is one that gets escaped.
    after_escape: bool,
    /// Whether the text holds a right-to-left letter; worked out when first asked.
    right_to_left: Option<bool>,
}

impl Iterator for Sightings<'_> {
    type Item = Sighting;

    fn next(&mut self) -> Option<Sighting> {
        while let Some(&c) = self.chars.get(self.at) {
            let at = self.at;
            self.at += 1;
            let found = if matches!(c, ' '..='~') {
                self.marks = Some(0);
                None
            } else if let Some(class) = class_of(c) {
                Some((class, self.standing(at, c, class)))
            } else if is_mark(c) {
                self.mark(c).map(|standing| (Class::Mark, standing))
            } else {
                self.marks = Some(0);
                None
            };
            self.after_escape = found.is_some_and(|(_, standing)| standing != Working);
            if let Some((class, standing)) = found {
                if self.after_escape && class != Class::Mark {
                    // What is escaped is no longer there to carry a mark.
                    self.marks = None;
                }
                return Some(Sighting { at, class, standing });
            }
        }
        None
    }
}

impl Sightings<'_> {
    /// The standing of a mark that needs an escape.
    fn mark(&mut self, c: char) -> Option<Standing> {
        let Some(before) = self.marks else { return Some(Customary) };
        self.marks = Some(before + 1);
        (before >= marks_allowed(c)).then_some(Stray)
    }

    /// Nothing works on a character before it that is escaped.
    fn beside_what_is_shown(&self, standing: Standing) -> Standing {
        if self.after_escape && standing == Working { Customary } else { standing }
    }

    fn standing(&mut self, at: usize, c: char, class: Class) -> Standing {
        let (before, after) = neighbours(self.chars, at);
        match class {
            Class::Joiner => self.beside_what_is_shown(joiner(self.chars, at, c)),
            Class::Selector => self.beside_what_is_shown(selector(before, c, after)),
            Class::Tag if in_nation_flag(self.chars, at) => Customary,
            Class::BidiMark => {
                let chars = self.chars;
                if *self.right_to_left.get_or_insert_with(|| chars.iter().any(|&c| is_right_to_left(c))) {
                    Customary
                } else {
                    Stray
                }
            }
            Class::Control if c == '\r' && after == Some('\n') => Customary,
            // Line breaking in scripts without spaces between words.
            Class::Hidden
                if c == '\u{200B}'
                    && (before.is_some_and(is_unspaced_alphabet) || after.is_some_and(is_unspaced_alphabet))
                    && !before.is_some_and(is_unseen)
                    && !after.is_some_and(is_unseen) =>
            {
                Customary
            }
            Class::Space => Customary,
            Class::Blank if before.is_some_and(is_braille) || after.is_some_and(is_braille) => Customary,
            _ => Stray,
        }
    }
}

/// The class of a character taken alone; marks depend on what stands before them and are not classed here.
pub(super) fn class_of(c: char) -> Option<Class> {
    Some(match c as u32 {
        0x20..=0x7E => return None,
        0x09 | 0x0A => Class::Line,
        0x00..=0x1F | 0x7F..=0x9F => Class::Control,
        0xA0 | 0x1680 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => Class::Space,
        0x061C | 0x200E | 0x200F => Class::BidiMark,
        0x202A..=0x202E | 0x2066..=0x2069 => Class::Bidi,
        0x200C | 0x200D => Class::Joiner,
        0x180B..=0x180F | 0xFE00..=0xFE0F | 0xE0100..=0xE01EF => Class::Selector,
        0x2028 | 0x2029 => Class::Break,
        0x2800 => Class::Blank,
        0xFFFC => Class::Object,
        0xE0000..=0xE007F => Class::Tag,
        // Default_Ignorable_Code_Point, interlinear annotation, hieroglyph and Khitan format characters,
        // and glyphs that fonts draw as nothing.
        0x00AD
        | 0x034F
        | 0x115F..=0x1160
        | 0x17B4..=0x17B5
        | 0x200B
        | 0x2060..=0x2065
        | 0x206A..=0x206F
        | 0x3164
        | 0xFEFF
        | 0xFFA0
        | 0xFFF0..=0xFFFB
        | 0x13430..=0x1343F
        | 0x13441..=0x13442
        | 0x16FE4
        | 0x1BCA0..=0x1BCA3
        | 0x1D159
        | 0x1D173..=0x1D17A
        | 0xE0080..=0xE00FF
        | 0xE01F0..=0xE0FFF => Class::Hidden,
        code if code & 0xFFFE == 0xFFFE || matches!(code, 0xFDD0..=0xFDEF) => Class::Noncharacter,
        0xE000..=0xF8FF | 0xF0000.. => Class::PrivateUse,
        _ => return None,
    })
}

/// Whether the character has no glyph and no width of its own.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(
        class_of(c),
        Some(Class::Bidi | Class::BidiMark | Class::Tag | Class::Joiner | Class::Selector | Class::Hidden)
    )
}

/// General category Mn or Me.
pub(super) fn is_mark(c: char) -> bool {
    c >= '\u{300}' && tables::holds(tables::MARKS_0, tables::MARKS_1, c)
}

/// Whether the character can be an element of an emoji sequence by itself.
pub(super) fn is_pictograph(c: char) -> bool {
    c >= '\u{A9}' && tables::holds(tables::EMOJI_0, tables::EMOJI_1, c)
}

fn is_virama(c: char) -> bool {
    c >= '\u{94D}' && tables::holds(tables::VIRAMAS_0, tables::VIRAMAS_1, c)
}

fn neighbours(chars: &[char], at: usize) -> (Option<char>, Option<char>) {
    (at.checked_sub(1).map(|before| chars[before]), chars.get(at + 1).copied())
}

fn marks_allowed(mark: char) -> usize {
    match mark as u32 {
        0x0591..=0x05C7 | 0x0F18..=0x0FC6 | 0x102D..=0x109D | 0x1A55..=0x1A7F => MARKS_WHERE_SCRIPTS_STACK,
        _ => MARKS_ON_ONE_BASE,
    }
}

/// ZWJ joins emoji (UTS #51); ZWJ and ZWNJ choose forms of cursive letters and, after a virama, of Indic
/// consonants (the CONTEXTJ rules of RFC 5892, appendix A, without joining types).
fn joiner(chars: &[char], at: usize, c: char) -> Standing {
    let (before, after) = neighbours(chars, at);
    if before.is_some_and(is_unseen_joiner) || after.is_some_and(is_unseen_joiner) {
        return Stray;
    }
    if c == '\u{200D}' && after.is_some_and(is_pictograph) {
        let element = match before {
            Some('\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}') => at.checked_sub(2).map(|i| chars[i]),
            other => other,
        };
        if element.is_some_and(is_pictograph) {
            return Working;
        }
    }
    let base = chars[at.saturating_sub(LOOK_BACK)..at].iter().rev().copied().find(|&c| !is_mark(c));
    let indic = |c: char| matches!(c as u32, 0x0900..=0x0DFF | 0x1000..=0x109F | 0x1780..=0x17FF);
    if before.is_some_and(is_virama) || (base.is_some_and(indic) && after.is_some_and(is_virama)) {
        return Working;
    }
    match (base.is_some_and(is_cursive), after.is_some_and(is_cursive)) {
        (true, true) => Working,
        (true, _) | (_, true) => Customary,
        _ if base.is_some_and(indic) || after.is_some_and(indic) => Customary,
        _ => Stray,
    }
}

/// Unseen neighbours beside which a joiner joins nothing. An emoji's own selector is not one of them.
fn is_unseen_joiner(c: char) -> bool {
    is_unseen(c) && c != '\u{FE0F}'
}

fn selector(before: Option<char>, c: char, after: Option<char>) -> Standing {
    let Some(before) = before else { return Stray };
    match c as u32 {
        0xFE0E | 0xFE0F if is_pictograph(before) => Working,
        // Keycaps: `1`, U+FE0F, U+20E3.
        0xFE0F if matches!(before, '0'..='9' | '#' | '*') && after == Some('\u{20E3}') => Working,
        0x180B..=0x180F if matches!(before as u32, 0x1820..=0x18AA) => Working,
        0xFE00..=0xFE02 | 0xE0100..=0xE01EF if is_han(before) => Customary,
        // Standardized variants of signs, and of punctuation in East Asian type.
        0xFE00..=0xFE01 if matches!(before as u32, 0x1000..=0x109F | 0x2018..=0x201D | 0x2200..=0x22FF | 0x3001..=0x303F | 0xA840..=0xA877 | 0xFF01..=0xFFEF) => {
            Customary
        }
        _ => Stray,
    }
}

/// Whether the tag character belongs to one of the three flags in general use that are spelt with tags:
/// England, Scotland and Wales. Nothing can be hidden in those.
fn in_nation_flag(chars: &[char], at: usize) -> bool {
    const FLAGS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];
    let Some(flag) = (at.saturating_sub(6)..at).rev().find(|&i| class_of(chars[i]) != Some(Class::Tag)) else {
        return false;
    };
    if chars[flag] != '\u{1F3F4}' {
        return false;
    }
    let tags = chars[flag + 1..].iter().take(7).take_while(|&&c| class_of(c) == Some(Class::Tag));
    let spelt: String = tags.filter_map(|&c| char::from_u32(c as u32 - 0xE0000)).collect();
    spelt.strip_suffix('\u{7F}').is_some_and(|name| FLAGS.contains(&name))
}

/// Letters that take another form before or after a letter: Arabic, Syriac, N'Ko, Mandaic, Mongolian, Adlam.
fn is_cursive(c: char) -> bool {
    matches!(
        c as u32,
        0x0620..=0x064A
            | 0x066E..=0x066F
            | 0x0671..=0x06D3
            | 0x06D5
            | 0x06EE..=0x06EF
            | 0x06FA..=0x06FF
            | 0x0710..=0x072F
            | 0x074D..=0x077F
            | 0x07CA..=0x07EA
            | 0x0840..=0x0858
            | 0x0870..=0x0887
            | 0x0889..=0x088E
            | 0x08A0..=0x08C9
            | 0x1820..=0x18AA
            | 0x1E900..=0x1E943
    )
}

/// Blocks of right-to-left scripts.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(c as u32, 0x05BE..=0x0600 | 0x0606..=0x061B | 0x061D..=0x08FF | 0xFB1D..=0xFDCF | 0xFDF0..=0xFDFF | 0xFE70..=0xFEFC | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
        && !is_mark(c)
}

fn is_han(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFD)
}

/// Thai, Lao, Myanmar, Khmer, New Tai Lue, Tai Tham.
fn is_unspaced_alphabet(c: char) -> bool {
    matches!(c as u32, 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x1980..=0x19FF | 0x1A20..=0x1AAF | 0xA9E0..=0xA9FF | 0xAA60..=0xAA7F)
        && class_of(c).is_none()
}

fn is_braille(c: char) -> bool {
    matches!(c, '\u{2801}'..='\u{28FF}')
}

#[cfg(all(test, feature = "text-analysis"))]
mod tests {
    use super::*;
    use unicode_normalization::char::canonical_combining_class;
    use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

    #[test]
    fn the_small_tables_equal_the_unicode_crates() {
        for c in '\0'..=char::MAX {
            let category = c.general_category();
            if (c as u32) < 0x20000 {
                let mark = matches!(category, GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark);
                assert_eq!(is_mark(c), mark, "mark {:04X}", c as u32);
                let emoji = c.is_emoji_char() && !c.is_ascii() && !matches!(c, '\u{1F1E6}'..='\u{1F1FF}');
                assert_eq!(is_pictograph(c), emoji, "emoji {:04X}", c as u32);
                assert_eq!(is_virama(c), canonical_combining_class(c) == 9, "virama {:04X}", c as u32);
            }
            let class = class_of(c);
            match category {
                GeneralCategory::Control => assert!(matches!(class, Some(Class::Line | Class::Control)), "{c:?}"),
                GeneralCategory::PrivateUse => assert_eq!(class, Some(Class::PrivateUse), "{c:?}"),
                GeneralCategory::SpaceSeparator if c != ' ' => assert_eq!(class, Some(Class::Space), "{c:?}"),
                GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => {
                    assert_eq!(class, Some(Class::Break), "{c:?}");
                }
                // Prepended concatenation marks and the Kaithi and Syriac signs are drawn.
                GeneralCategory::Format if !matches!(c as u32, 0x0600..=0x0605 | 0x06DD | 0x070F | 0x0890..=0x0891 | 0x08E2 | 0x110BD | 0x110CD) =>
                {
                    assert!(is_unseen(c), "{c:?}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn every_default_ignorable_character_is_unseen() {
        // A skeleton drops exactly the default-ignorable characters (UTS #39, section 4).
        for c in '\0'..=char::MAX {
            if unicode_security::skeleton(c.encode_utf8(&mut [0; 4])).next().is_none() {
                assert!(is_unseen(c), "{:04X}", c as u32);
            }
        }
    }
}
