//! Blanks that push text out of view, and blanks around a target. Which characters are blank is in
//! `sight`; a single unusual space is a rule of `analyse`.

use super::analyse::{Rule, Shape, Tally};
use super::sight::{Class, class_of, is_unseen};
use crate::vocabulary::Severity;

/// Blanks in a row on one line from which on text may be out of view: half of a terminal's 80 columns.
const BLANKS_IN_A_ROW: usize = 40;
/// Line breaks in a row from which on text may be below the visible part of a field.
const BREAKS_IN_A_ROW: usize = 10;
/// Blanks of a run that its finding lists.
const LISTED: usize = 4;

pub(super) fn look(chars: &[char], shape: Shape, tally: &mut Tally) {
    let mut run = Run::default();
    for (at, &c) in chars.iter().enumerate() {
        match blank(c) {
            // Unseen characters neither end a run nor lengthen it.
            None if is_unseen(c) => {}
            None => {
                if run.hides_what_follows() {
                    let severity = if shape == Shape::Identifier { Severity::High } else { Severity::Medium };
                    tally.add_many(Rule::Padding, severity, run.start, &chars[run.start..at][..LISTED]);
                }
                run = Run::default();
            }
            Some(kind) => run.take(at, kind),
        }
    }
    if shape == Shape::Identifier {
        let edges = [chars.first().map(|&c| (0, c)), chars.last().map(|&c| (chars.len() - 1, c))];
        // A text of one blank has one edge.
        let edges = edges.into_iter().flatten().take(chars.len());
        for (at, c) in edges.filter(|&(_, c)| blank(c).is_some()) {
            tally.add(Rule::Edge, Severity::Medium, at, c);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Blank {
    Space,
    Break,
}

fn blank(c: char) -> Option<Blank> {
    match c {
        ' ' | '\t' => Some(Blank::Space),
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' => Some(Blank::Break),
        ' '..='~' => None,
        _ => match class_of(c) {
            Some(Class::Space | Class::Blank) => Some(Blank::Space),
            Some(Class::Break) => Some(Blank::Break),
            // Hangul fillers are unseen, and as wide as a letter.
            _ if matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}') => Some(Blank::Space),
            _ => None,
        },
    }
}

#[derive(Default)]
struct Run {
    start: usize,
    length: usize,
    /// Blanks since the last line break of the run, and the most on any of its lines.
    on_line: usize,
    on_longest_line: usize,
    breaks: usize,
}

impl Run {
    fn take(&mut self, at: usize, kind: Blank) {
        if self.length == 0 {
            self.start = at;
        }
        self.length += 1;
        if kind == Blank::Break {
            self.breaks += 1;
            self.on_line = 0;
        } else {
            self.on_line += 1;
            self.on_longest_line = self.on_longest_line.max(self.on_line);
        }
    }

    fn hides_what_follows(&self) -> bool {
        self.on_longest_line >= BLANKS_IN_A_ROW || self.breaks >= BREAKS_IN_A_ROW
    }
}
