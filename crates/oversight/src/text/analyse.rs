//! Findings on one text: the rules, their severities and their words. What is looked for character by
//! character is in `sight`, scripts and confusables are in `lookalike`, padding in `padding`; `walk` goes
//! through a whole JSON value. Acknowledging findings is the review's.
//!
//! A finding is **high** where what is seen differs from what is there, **medium** where something is
//! seen but can't be told from something else or for what it is, **low** where honest writing has it at
//! times, **info** where honest writing has it as a matter of course and it is merely shown as an escape.
//! Targets (operations, identifiers, account names) are compared by eye, character by character, so there
//! whatever passes for something else is high.
//!
//! | rule | what | in a target | in prose |
//! | --- | --- | --- | --- |
//! | text-001 | bidi embeddings, overrides, isolates; LRM, RLM, ALM; right-to-left letters among Latin ones | high; letters medium | high; letters none; marks info beside right-to-left letters |
//! | text-002 | zero-width and other unseen characters | high; medium for joiners and selectors at work | high; info where scripts use them |
//! | text-003 | tag characters | high; medium in a nation's flag | high; info in a nation's flag |
//! | text-004 | control characters, line and paragraph separators | high | high; separators medium; CR before LF info |
//! | text-005 | terminal escape sequences | high | high |
//! | text-006 | scripts mixed in a word beyond UTS #39 "highly restrictive" | high | low beyond "moderately restrictive" |
//! | text-007 | confusable with ASCII (UTS #39 skeleton) | high; medium in a script whose letters look unlike Latin or that is in evident use, and for æ and the like | medium; low all in Latin; none where writing has it as a matter of course |
//! | text-008 | combining marks without a base or too many on one | high; medium without a base | medium; info without a base |
//! | text-009 | spaces other than U+0020, blanks | high | info; a blank outside braille medium |
//! | text-010 | padding that pushes text out of view | high | medium |
//! | text-011 | blanks before or after | medium | none |
//! | text-012 | private use, unassigned, noncharacters, object replacement | medium | low; noncharacters and objects medium |
//! | text-013 | letters not in normalization form C | medium | none |

use super::sight::{Class, Sighting, Standing, class_of, is_right_to_left, sightings};
use super::{escape, lookalike, padding};
use crate::finding::Finding;
use crate::vocabulary::Severity;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// What a text is for, which decides how grave a finding on it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Sentences, read for their meaning: rationale, comments, titles. Tabs and line feeds belong to it.
    Prose,
    /// A name compared by eye: operation, resource identifier, account, agent. One line.
    Identifier,
}

/// The findings on one text, at most one a rule, in the order of the rules. `field` is the dotted path that
/// the findings carry. A finding's severity is the gravest of what its rule met; position, code points and
/// count are those of the characters of that severity. Linear in the length of the text.
pub fn analyse(field: &str, text: &str, shape: Shape) -> Vec<Finding> {
    let place = match shape {
        Shape::Prose => "the text",
        Shape::Identifier => "a target",
    };
    analyse_at(field, text, shape, place)
}

/// [`analyse`] with the words for where: "a field name" for the keys of an object.
pub(super) fn analyse_at(field: &str, text: &str, shape: Shape, place: &'static str) -> Vec<Finding> {
    let chars: Vec<char> = text.chars().collect();
    let mut tally = Tally::default();
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        for sighting in sightings(&chars) {
            let c = chars[sighting.at];
            if let Some((rule, severity)) = judge(sighting, c, shape) {
                tally.add(rule, severity, sighting.at, c);
            }
        }
        for (at, &c) in chars.iter().enumerate() {
            if !c.is_ascii() && class_of(c).is_none() && c.general_category() == GeneralCategory::Unassigned {
                let severity = if shape == Shape::Identifier { Severity::Medium } else { Severity::Low };
                tally.add(Rule::Unknown, severity, at, c);
            }
        }
        lookalike::look(&chars, shape, &mut tally);
        if shape == Shape::Identifier {
            mixed_directions(&chars, &mut tally);
            unnormalized(text, &mut tally);
        }
    }
    padding::look(&chars, shape, &mut tally);
    tally.findings(field, place)
}

/// Right-to-left letters among Latin ones: without any control, the parts of a target change places.
fn mixed_directions(chars: &[char], tally: &mut Tally) {
    let Some(first) = chars.iter().position(|&c| is_right_to_left(c)) else { return };
    if chars.iter().any(char::is_ascii_alphabetic) {
        let letters: Vec<char> = chars[first..].iter().copied().filter(|&c| is_right_to_left(c)).take(LISTED).collect();
        tally.add_many(Rule::Bidi, Severity::Medium, first, &letters);
    }
}

/// A target that is not in normalization form C (UAX #15) looks like another that is.
fn unnormalized(text: &str, tally: &mut Tally) {
    if is_nfc(text) {
        return;
    }
    let differs = text.chars().zip(text.nfc().map(Some).chain(std::iter::repeat(None))).enumerate();
    if let Some((at, (c, _))) = differs.into_iter().find(|&(_, (given, normal))| Some(given) != normal) {
        tally.add(Rule::Unnormalized, Severity::Medium, at, c);
    }
}

/// The rules, in the order of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Bidi,
    Hidden,
    Tag,
    Control,
    Terminal,
    MixedScript,
    Confusable,
    Marks,
    Blank,
    Padding,
    Edge,
    Unknown,
    Unnormalized,
}

impl Rule {
    const ALL: [Rule; 13] = [
        Rule::Bidi,
        Rule::Hidden,
        Rule::Tag,
        Rule::Control,
        Rule::Terminal,
        Rule::MixedScript,
        Rule::Confusable,
        Rule::Marks,
        Rule::Blank,
        Rule::Padding,
        Rule::Edge,
        Rule::Unknown,
        Rule::Unnormalized,
    ];

    fn id(self) -> String {
        format!("text-{:03}", self as usize + 1)
    }

    /// What was found, in the singular.
    fn title(self) -> &'static str {
        match self {
            Rule::Bidi => "Bidirectional control",
            Rule::Hidden => "Hidden character",
            Rule::Tag => "Tag characters",
            Rule::Control => "Control character",
            Rule::Terminal => "Terminal escape sequence",
            Rule::MixedScript => "Mixed scripts",
            Rule::Confusable => "Look-alike letters",
            Rule::Marks => "Combining marks",
            Rule::Blank => "Unusual space",
            Rule::Padding => "Padding",
            Rule::Edge => "Blank at the edge",
            Rule::Unknown => "Unknown character",
            Rule::Unnormalized => "Decomposed letters",
        }
    }

    /// One sentence on what it means.
    fn detail(self, hits: &Hits, place: &str) -> String {
        let count = hits.count;
        // Endings of the noun and of its verb.
        let (s, v, are, have, es) =
            if count == 1 { ("", "s", "is", "has", "es") } else { ("s", "", "are", "have", "") };
        let customary = hits.severity == Severity::Info;
        match self {
            Rule::Bidi if customary => {
                format!(
                    "{count} invisible direction mark{s} {are} shown as escapes; writing from right to left uses such."
                )
            }
            Rule::Bidi if hits.severity == Severity::Medium => {
                format!(
                    "Letters written from right to left stand among Latin ones, so parts of {place} can change places."
                )
            }
            Rule::Bidi => {
                format!("{count} direction control{s} can make {place} read in another order than it is stored in.")
            }
            Rule::Hidden if customary => {
                format!("{count} invisible character{s} {are} shown as escapes; the script written here uses such.")
            }
            Rule::Hidden if hits.severity == Severity::Medium => {
                format!(
                    "{count} invisible character{s} shape{v} the letters or emoji here; another text may look the same."
                )
            }
            Rule::Hidden => format!("{count} character{s} in {place} can't be seen without escapes."),
            Rule::Tag if hits.severity < Severity::High => {
                format!("{count} tag character{s} spell{v} the flag of a nation and are shown as escapes.")
            }
            Rule::Tag => match hits.spelt {
                0 => format!("{count} tag character{s} in {place} can't be seen without escapes."),
                spelt => format!(
                    "{count} invisible tag character{s} spell{v} a hidden message of {spelt} ASCII characters in {place}."
                ),
            },
            Rule::Control if customary => {
                format!("{count} line{s} end{v} with a carriage return before the line feed.")
            }
            Rule::Control => {
                format!("{count} control character{s} in {place} can alter how logs and terminals show it.")
            }
            Rule::Terminal => {
                format!("{count} character{s} start{v} a sequence that a terminal obeys instead of showing.")
            }
            Rule::MixedScript => {
                format!("{count} word{s} in {place} mix{es} letters of scripts that are not written together.")
            }
            Rule::Confusable => {
                format!("{count} word{s} or sign{s} in {place} look{v} like plain ASCII and {are} something else.")
            }
            Rule::Marks if customary => {
                format!("{count} combining mark{s} without a letter below {are} shown as escapes.")
            }
            Rule::Marks => {
                format!("{count} combining mark{s} beyond what one letter carries can cover the text around them.")
            }
            Rule::Blank if customary => format!("{count} space{s} other than the ordinary one {are} shown as escapes."),
            Rule::Blank => format!("{count} blank{s} in {place} can't be told from an ordinary space or from nothing."),
            Rule::Edge => format!("Blanks before or after {place} can't be seen."),
            Rule::Padding => format!("A long run of blanks can push the rest of {place} out of view."),
            Rule::Unknown => format!("{count} character{s} in {place} {have} no agreed meaning or glyph."),
            Rule::Unnormalized => {
                format!(
                    "The letters of {place} can be stored in another way that looks the same, and differs to a machine."
                )
            }
        }
    }
}

/// Rule and severity of a sighting, or none where it is ordinary.
fn judge(sighting: Sighting, c: char, shape: Shape) -> Option<(Rule, Severity)> {
    use Severity::{High, Info, Low, Medium};
    use Standing::{Customary, Stray, Working};
    let target = shape == Shape::Identifier;
    // In a target, in prose.
    let pick = |in_target, in_prose| if target { in_target } else { in_prose };
    Some(match (sighting.class, sighting.standing) {
        (Class::Line, _) if !target => return None,
        (Class::Control, _) if starts_terminal_sequence(c) => (Rule::Terminal, High),
        (Class::Control, Customary) => (Rule::Control, pick(High, Info)),
        (Class::Line | Class::Control, _) => (Rule::Control, High),
        (Class::Break, _) => (Rule::Control, pick(High, Medium)),
        (Class::BidiMark, Customary) => (Rule::Bidi, pick(High, Info)),
        (Class::Bidi | Class::BidiMark, _) => (Rule::Bidi, High),
        (Class::Tag, Customary) => (Rule::Tag, pick(Medium, Info)),
        (Class::Tag, _) => (Rule::Tag, High),
        (Class::Joiner | Class::Selector | Class::Hidden, Stray) => (Rule::Hidden, High),
        (Class::Joiner | Class::Selector | Class::Hidden, Working) if target => (Rule::Hidden, Medium),
        (Class::Joiner | Class::Selector | Class::Hidden, Working) => return None,
        (Class::Selector, Customary) => (Rule::Hidden, pick(Medium, Info)),
        (Class::Joiner | Class::Hidden, Customary) => (Rule::Hidden, pick(High, Info)),
        (Class::Space, _) | (Class::Blank, Customary) => (Rule::Blank, pick(High, Info)),
        (Class::Blank, _) => (Rule::Blank, pick(High, Medium)),
        (Class::Mark, Stray) => (Rule::Marks, pick(High, Medium)),
        (Class::Mark, _) => (Rule::Marks, pick(Medium, Info)),
        (Class::PrivateUse, _) => (Rule::Unknown, pick(Medium, Low)),
        (Class::Object | Class::Noncharacter, _) => (Rule::Unknown, Medium),
    })
}

/// ESC, and the C1 controls that open a sequence by themselves: DCS, SOS, CSI, OSC, PM, APC (ECMA-48).
fn starts_terminal_sequence(c: char) -> bool {
    matches!(c, '\u{1B}' | '\u{90}' | '\u{98}' | '\u{9B}' | '\u{9D}' | '\u{9E}' | '\u{9F}')
}

/// What each rule has met so far in one text.
#[derive(Default)]
pub(super) struct Tally {
    hits: [Option<Hits>; Rule::ALL.len()],
}

struct Hits {
    severity: Severity,
    position: usize,
    code_points: Vec<String>,
    count: usize,
    /// How many of them are tags of printable ASCII.
    spelt: usize,
}

/// Code points that one finding lists.
const LISTED: usize = 16;

impl Tally {
    /// One character met.
    pub fn add(&mut self, rule: Rule, severity: Severity, at: usize, c: char) {
        self.add_many(rule, severity, at, &[c]);
    }

    /// One thing met, with the characters that make it up. What is less grave than what the rule has met
    /// already is left out, what is graver displaces it.
    pub fn add_many(&mut self, rule: Rule, severity: Severity, at: usize, offending: &[char]) {
        let slot = &mut self.hits[rule as usize];
        if slot.as_ref().is_none_or(|hits| hits.severity < severity) {
            let code_points = Vec::new();
            *slot = Some(Hits { severity, position: at, code_points, count: 0, spelt: 0 });
        }
        let Some(hits) = slot.as_mut().filter(|hits| hits.severity == severity) else { return };
        hits.count += 1;
        hits.spelt += offending.iter().filter(|c| matches!(c, '\u{E0020}'..='\u{E007E}')).count();
        let room = LISTED - hits.code_points.len();
        hits.code_points.extend(offending.iter().take(room).map(|&c| escape::code(c)));
    }

    fn findings(self, field: &str, place: &str) -> Vec<Finding> {
        let met = Rule::ALL.into_iter().zip(self.hits).filter_map(|(rule, hits)| Some((rule, hits?)));
        met.map(|(rule, hits)| Finding {
            rule: rule.id(),
            severity: hits.severity,
            title: format!("{} {} {place}", rule.title(), if rule == Rule::Edge { "of" } else { "in" }),
            field: field.to_owned(),
            position: Some(u32::try_from(hits.position).unwrap_or(u32::MAX)),
            detail: rule.detail(&hits, place),
            code_points: hits.code_points,
        })
        .collect()
    }
}
