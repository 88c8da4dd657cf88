//! Words that mix scripts, and words and signs that pass for ASCII, by UTS #39: resolved script sets and
//! skeletons. Characters that can't be seen are in `sight`; severities stand in the table of `analyse`.

use super::analyse::{Rule, Shape, Tally};
use super::sight::{class_of, is_unseen};
use crate::vocabulary::Severity;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_script::{Script, ScriptExtension, UnicodeScript};
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::skeleton;

pub(super) fn look(chars: &[char], shape: Shape, tally: &mut Tally) {
    let words = words(chars, shape);
    let in_use = scripts_in_use(&words);
    let latin_around = chars.iter().any(char::is_ascii_alphabetic);
    for word in &words {
        if let Some(severity) = mixed(word, shape) {
            let offending = word.offending(chars, |c| !c.is_ascii());
            tally.add_many(Rule::MixedScript, severity, offending.0, &offending.1);
        }
        if let Some(severity) = confusable(word, shape, &in_use, latin_around) {
            let offending = word.offending(chars, passes_for_ascii);
            tally.add_many(Rule::Confusable, severity, offending.0, &offending.1);
        }
    }
    if shape == Shape::Identifier {
        for (at, &c) in chars.iter().enumerate() {
            if !c.is_ascii() && class_of(c).is_none() && !is_word(c) && passes_for_ascii(c) {
                tally.add(Rule::Confusable, Severity::High, at, c);
            }
        }
    }
}

/// A word that is not all ASCII: letters, marks and digits, over unseen characters.
struct Word {
    /// Where it starts and ends in the text.
    start: usize,
    end: usize,
    scripts: AugmentedScriptSet,
    /// The scripts of those characters that are not Latin.
    beside_latin: AugmentedScriptSet,
    has_latin: bool,
    /// Whether its skeleton is all ASCII.
    passes_for_ascii: bool,
    /// Whether every character outside ASCII is one that honest prose has, and that does not deceive.
    familiar: bool,
    /// Whether every character outside ASCII is a letter for two, which nobody takes for the two.
    digraphs: bool,
}

impl Word {
    fn offending(&self, chars: &[char], offends: impl Fn(char) -> bool) -> (usize, Vec<char>) {
        let span = || (self.start..self.end).map(|at| (at, chars[at])).filter(|&(_, c)| !c.is_ascii() && is_word(c));
        let first = span().find(|&(_, c)| offends(c)).or_else(|| span().next());
        // As many as a finding can list.
        (first.map_or(self.start, |(at, _)| at), span().map(|(_, c)| c).filter(|&c| offends(c)).take(16).collect())
    }
}

fn words(chars: &[char], shape: Shape) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let mut letters = String::new();
        while let Some(&c) = chars.get(at) {
            if is_word(c) && !(shape == Shape::Prose && is_unspaced(c)) {
                letters.push(c);
            } else if letters.is_empty() || !is_unseen(c) {
                break;
            }
            at += 1;
        }
        if !letters.is_ascii() {
            words.push(word(&letters, start, at));
        }
        if at == start {
            at += 1;
        }
    }
    words
}

fn word(letters: &str, start: usize, end: usize) -> Word {
    let mut scripts = AugmentedScriptSet::default();
    let mut beside_latin = AugmentedScriptSet::default();
    let mut has_latin = false;
    for c in letters.chars() {
        let of_c = AugmentedScriptSet::from(c);
        scripts.intersect_with(of_c);
        if of_c.base.contains_script(Script::Latin) && !of_c.is_all() {
            has_latin = true;
        } else {
            beside_latin.intersect_with(of_c);
        }
    }
    let familiar = letters.chars().all(|c| c.is_ascii() || is_familiar(c));
    let digraphs = letters.chars().all(|c| c.is_ascii() || is_digraph(c));
    let passes_for_ascii = skeleton(letters).all(|c| c.is_ascii());
    Word { start, end, scripts, beside_latin, has_latin, passes_for_ascii, familiar, digraphs }
}

/// Scripts of which the text holds a word that can't be taken for ASCII: it really is written in them.
fn scripts_in_use(words: &[Word]) -> Vec<Script> {
    let mut in_use = Vec::new();
    for word in words.iter().filter(|word| !word.passes_for_ascii && !word.scripts.is_all()) {
        if let Ok(script) = Script::try_from(word.scripts.base)
            && !in_use.contains(&script)
        {
            in_use.push(script);
        }
    }
    in_use
}

/// UTS #39 "highly restrictive" allows one script, or Latin with those of Japanese, Chinese or Korean.
fn is_mixed(word: &Word) -> bool {
    let rest = word.beside_latin;
    word.scripts.is_empty() && !(rest.jpan || rest.hanb || rest.kore)
}

/// "Moderately restrictive": Latin with one other script in use, whose letters are not taken for Latin ones.
fn is_mixed_visibly(word: &Word) -> bool {
    let mut rest = word.beside_latin.base.iter();
    word.has_latin
        && !word.beside_latin.is_empty()
        && rest.all(|script| script.is_recommended() && !looks_like_latin(script))
}

fn mixed(word: &Word, shape: Shape) -> Option<Severity> {
    match shape {
        _ if !is_mixed(word) => None,
        Shape::Identifier => Some(Severity::High),
        Shape::Prose => (!is_mixed_visibly(word)).then_some(Severity::Low),
    }
}

fn confusable(word: &Word, shape: Shape, in_use: &[Script], latin_around: bool) -> Option<Severity> {
    if !word.passes_for_ascii {
        return None;
    }
    if word.scripts.is_empty() {
        return match shape {
            Shape::Identifier => Some(Severity::High),
            Shape::Prose => (!word.familiar && !is_mixed_visibly(word)).then_some(Severity::Medium),
        };
    }
    let scripts = word.scripts.base;
    let common = word.scripts.is_all();
    let latin = !common && scripts.contains_script(Script::Latin);
    let evident = !common && !latin && in_use.iter().any(|&script| scripts.contains_script(script));
    let like_latin = common || scripts.iter().any(looks_like_latin);
    if shape == Shape::Identifier {
        let ordinary = evident || !like_latin || word.digraphs;
        return Some(if ordinary { Severity::Medium } else { Severity::High });
    }
    if word.familiar || evident || !like_latin {
        return None;
    }
    if latin {
        return Some(Severity::Low);
    }
    // One Greek letter alone is a symbol of mathematics.
    let symbol = !common && scripts.contains_script(Script::Greek) && word.end - word.start == 1;
    // With no Latin around, a word of another script has nothing to pass for a part of.
    let alone = !common && !latin_around;
    (!symbol && !alone).then_some(Severity::Medium)
}

/// Scripts with letters drawn like Latin ones, the mathematical letters of Common among them.
fn looks_like_latin(script: Script) -> bool {
    matches!(
        script,
        Script::Latin
            | Script::Common
            | Script::Inherited
            | Script::Cyrillic
            | Script::Greek
            | Script::Armenian
            | Script::Cherokee
            | Script::Coptic
            | Script::Georgian
            | Script::Lisu
            | Script::Osage
            | Script::Deseret
            | Script::Gothic
            | Script::Old_Italic
            | Script::Carian
            | Script::Lycian
            | Script::Lydian
            | Script::Elbasan
            | Script::Canadian_Aboriginal
            | Script::Vai
            | Script::Bamum
            | Script::Miao
            | Script::Warang_Citi
    )
}

/// Letters that pass for ASCII in skeletons, that honest prose has, and that are seen to be what they are:
/// fullwidth forms, ligatures, roman numerals, the Turkish dotless i, thorn, the apostrophes of
/// romanizations, ordinals.
fn is_familiar(c: char) -> bool {
    matches!(c as u32, 0xFF01..=0xFF5E | 0xFB00..=0xFB06 | 0x2160..=0x217F | 0x0131 | 0x00FE | 0x02B9..=0x02BE | 0x02EE | 0xAA | 0xBA)
        || is_digraph(c)
}

/// The letters of Danish, Norwegian, Icelandic, French and the Slavic languages that are spelt as two in ASCII.
fn is_digraph(c: char) -> bool {
    matches!(c, 'Æ' | 'æ' | 'Œ' | 'œ' | 'Ĳ' | 'ĳ' | 'Ǆ'..='ǌ' | 'Ǳ'..='ǳ')
}

/// Letters, marks, decimal digits and numerals made of letters.
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    if class_of(c).is_some() {
        return false;
    }
    let category = c.general_category();
    matches!(category, GeneralCategory::DecimalNumber | GeneralCategory::LetterNumber)
        || matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
}

/// Letters of scripts written without spaces, where a run of letters is no word.
fn is_unspaced(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    let extension: ScriptExtension = c.script_extension();
    !extension.is_common()
        && !extension.is_inherited()
        && [
            Script::Han,
            Script::Hiragana,
            Script::Katakana,
            Script::Bopomofo,
            Script::Hangul,
            Script::Thai,
            Script::Lao,
            Script::Khmer,
            Script::Myanmar,
            Script::Tibetan,
        ]
        .into_iter()
        .any(|script| extension.contains_script(script))
}

fn passes_for_ascii(c: char) -> bool {
    skeleton(c.encode_utf8(&mut [0; 4])).all(|c| c.is_ascii())
}
