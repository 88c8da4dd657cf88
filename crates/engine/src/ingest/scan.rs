//! The schema-directed scanner: one pass over a line into a [`Row`] that borrows from it. It takes the common shape of
//! a record, its members in any order, and leaves everything else to `AuditRecord::read`, which it never contradicts:
//! what it takes, that takes, with an equal row. The shape is `shape`'s, texts and numbers are `token`'s.

use super::shape::{Empty, Member, Object, RECORD, Shape, Slot};
use super::token::{self, Found};
use crate::row::{Cell, Row};
use oversight::missing::Missing;
use std::borrow::Cow;

/// Deepest nesting that is read.
const DEEPEST: u8 = 32;
/// Most keys of an object that are compared each with each, where they are not in order.
const MOST_KEYS: usize = 64;

/// Reads lines; what it allocates it uses again for the next.
#[derive(Debug, Default)]
pub struct Scanner {
    /// Start and end of each key of the objects that are open and whose keys the table doesn't know, outermost first.
    keys: Vec<(u32, u32)>,
}

impl Scanner {
    /// The row of `line`; `None` where the line is not for the scanner to judge.
    pub fn scan<'l>(&mut self, line: &'l [u8]) -> Option<Row<'l>> {
        let text = std::str::from_utf8(line).ok()?;
        if u32::try_from(text.len()).is_err() {
            return None;
        }
        self.keys.clear();
        let mut walk =
            Walk { text, bytes: line, at: 0, keys: &mut self.keys, row: Row::default(), kept: true, depth: 0 };
        walk.space();
        walk.object(&RECORD)?;
        walk.space();
        (walk.at == line.len()).then_some(walk.row)
    }
}

/// One line being read. Every method gives `None` where the line is for the decoder.
struct Walk<'s, 'l> {
    text: &'l str,
    /// The same.
    bytes: &'l [u8],
    at: usize,
    keys: &'s mut Vec<(u32, u32)>,
    row: Row<'l>,
    /// False within all but the first item of a list.
    kept: bool,
    depth: u8,
}

impl<'l> Walk<'_, 'l> {
    #[inline]
    fn peek(&self) -> u8 {
        // No JSON holds a NUL outside of its texts.
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\r') {
            self.at += 1;
        }
    }

    #[inline]
    fn sign(&mut self, byte: u8) -> Option<()> {
        (self.peek() == byte).then(|| self.at += 1)
    }

    /// After an item: true where another follows, false past `close`.
    #[inline]
    fn more(&mut self, close: u8) -> Option<bool> {
        self.space();
        let byte = self.peek();
        self.at += 1;
        match byte {
            b',' => {
                self.space();
                Some(true)
            }
            byte if byte == close => Some(false),
            _ => None,
        }
    }

    /// Past the opening sign: false past `close`, where nothing is within.
    #[inline]
    fn any_within(&mut self, close: u8) -> bool {
        self.space();
        if self.peek() == close {
            self.at += 1;
            return false;
        }
        true
    }

    fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())
    }

    /// A text without escapes, from and to between its quotes.
    #[inline]
    fn plain(&mut self) -> Option<(usize, usize)> {
        self.sign(b'"')?;
        let from = self.at;
        match token::text_until(self.bytes, from)? {
            (to, Found::Quote) => {
                self.at = to + 1;
                Some((from, to))
            }
            _ => None,
        }
    }

    #[inline]
    fn text(&mut self) -> Option<&'l str> {
        let (from, to) = self.plain()?;
        self.text.get(from..to)
    }

    fn skip_text(&mut self) -> Option<()> {
        self.sign(b'"')?;
        loop {
            match token::text_until(self.bytes, self.at)? {
                (to, Found::Quote) => {
                    self.at = to + 1;
                    return Some(());
                }
                (to, Found::Escape) => self.at = token::escape(self.bytes, to)?,
            }
        }
    }

    fn key(&mut self) -> Option<(usize, usize)> {
        let key = self.plain()?;
        self.space();
        self.sign(b':')?;
        self.space();
        Some(key)
    }

    fn object(&mut self, object: &'static Object) -> Option<()> {
        self.sign(b'{')?;
        self.deeper()?;
        let base = self.keys.len();
        let (mut seen, mut next, mut sorted) = (0u32, 0, true);
        let mut going = self.any_within(b'}');
        while going {
            let key = self.key()?;
            match object.position(next, &self.bytes[key.0..key.1]) {
                Some(at) => {
                    let bit = 1 << at;
                    if seen & bit != 0 {
                        return None;
                    }
                    seen |= bit;
                    next = at + 1;
                    self.member(&object.members[at])?;
                }
                None if object.closed => return None,
                None => {
                    self.unknown_key(base, key, &mut sorted)?;
                    self.any()?;
                }
            }
            going = self.more(b'}')?;
        }
        self.keys.truncate(base);
        self.depth -= 1;
        (seen & object.required == object.required).then_some(())
    }

    /// An object whose keys are anything.
    fn keyed(&mut self, inner: &'static Shape) -> Option<()> {
        self.sign(b'{')?;
        self.deeper()?;
        let base = self.keys.len();
        let mut sorted = true;
        let mut going = self.any_within(b'}');
        while going {
            let key = self.key()?;
            self.unknown_key(base, key, &mut sorted)?;
            self.value(inner, Slot::None)?;
            going = self.more(b'}')?;
        }
        self.keys.truncate(base);
        self.depth -= 1;
        Some(())
    }

    /// Rules out that the object whose keys start at `base` has this one already.
    fn unknown_key(&mut self, base: usize, key: (usize, usize), sorted: &mut bool) -> Option<()> {
        let text = &self.bytes[key.0..key.1];
        // serde_json gives some keys that start so a meaning of its own.
        if text.first() == Some(&b'$') {
            return None;
        }
        let before = &self.keys[base..];
        let at = |&(from, to): &(u32, u32)| &self.bytes[from as usize..to as usize];
        if *sorted && before.last().is_some_and(|last| at(last) >= text) {
            *sorted = false;
        }
        if !*sorted && (before.len() > MOST_KEYS || before.iter().any(|other| at(other) == text)) {
            return None;
        }
        self.keys.push((key.0 as u32, key.1 as u32));
        Some(())
    }

    #[inline]
    fn member(&mut self, member: &'static Member) -> Option<()> {
        match (self.peek(), member.empty) {
            (b'n', Empty::Null | Empty::Missing) => self.literal(b"null"),
            (b'{', Empty::Missing) => match self.missing()? {
                Some(why) => {
                    self.set_missing(&member.shape, member.slot, why);
                    Some(())
                }
                None => self.value(&member.shape, member.slot),
            },
            _ => self.value(&member.shape, member.slot),
        }
    }

    /// Past a `{"missing": why}`, if it is one; where it is not, nothing is read.
    fn missing(&mut self) -> Option<Option<Missing>> {
        let start = self.at;
        self.sign(b'{')?;
        self.space();
        if !self.bytes[self.at..].starts_with(b"\"missing\"") {
            self.at = start;
            return Some(None);
        }
        self.key()?;
        let why = match self.text()? {
            "not_recorded" => Missing::NotRecorded,
            "redacted" => Missing::Redacted,
            "unobserved" => Missing::Unobserved,
            "unknown" => Missing::Unknown,
            _ => return None,
        };
        self.space();
        self.sign(b'}')?;
        Some(Some(why))
    }

    /// Whatever would be kept of a value of this shape is missing.
    fn set_missing(&mut self, shape: &'static Shape, slot: Slot, why: Missing) {
        self.set(slot, || Cell::Missing(why));
        match shape {
            Shape::Object(object) => {
                for member in object.members {
                    self.set_missing(&member.shape, member.slot, why);
                }
            }
            Shape::List(inner) => self.set_missing(inner, Slot::None, why),
            _ => {}
        }
    }

    /// Puts a cell where cells go.
    #[inline]
    fn set(&mut self, slot: Slot, cell: impl FnOnce() -> Cell<'l>) {
        match slot {
            Slot::Category(category) if self.kept => self.row.categories[category as usize] = cell(),
            Slot::Resource if self.kept => self.row.resource = cell(),
            _ => {}
        }
    }

    #[inline]
    fn keep(&mut self, slot: Slot, text: &'l str) {
        match slot {
            Slot::Uid => self.row.uid = Cow::Borrowed(text),
            _ => self.set(slot, || Cell::Is(Cow::Borrowed(text))),
        }
    }

    fn value(&mut self, shape: &'static Shape, slot: Slot) -> Option<()> {
        match shape {
            Shape::Any => self.any(),
            Shape::Text if slot == Slot::None || !self.kept => self.skip_text(),
            Shape::Text => {
                let text = self.text()?;
                self.keep(slot, text);
                Some(())
            }
            Shape::Identifier => {
                let text = self.text()?;
                self.keep(slot, text);
                token::is_identifier(text).then_some(())
            }
            Shape::Word(words) => {
                let text = self.text()?;
                self.keep(slot, text);
                words.iter().any(|word| token::same(word.as_bytes(), text.as_bytes())).then_some(())
            }
            Shape::Count { most } => {
                let (number, to) = token::count(self.bytes, self.at)?;
                self.at = to;
                match slot {
                    Slot::Sequence => self.row.sequence = Some(number),
                    Slot::Version => self.row.version = u32::try_from(number).ok(),
                    _ => {}
                }
                (number <= *most).then_some(())
            }
            Shape::Instant => {
                let (from, to) = self.plain()?;
                let micros = token::instant(&self.bytes[from..to])?;
                match slot {
                    Slot::Time => (self.row.time, self.row.latest) = (micros, micros),
                    Slot::OpenedAt => self.row.opened_at = Some(micros),
                    Slot::DecidedAt => self.row.decided_at = Some(micros),
                    _ => {}
                }
                Some(())
            }
            Shape::Digest => {
                let (from, to) = self.plain()?;
                token::is_digest(&self.bytes[from..to]).then_some(())
            }
            Shape::Change => {
                let (from, to) = self.plain()?;
                self.row.change = Some(token::change(&self.bytes[from..to])?);
                Some(())
            }
            Shape::List(inner) => self.list(inner),
            Shape::Keyed(inner) => self.keyed(inner),
            Shape::Object(object) => self.object(object),
            Shape::Either(one, other) => self.either(one, other),
        }
    }

    fn list(&mut self, inner: &'static Shape) -> Option<()> {
        self.sign(b'[')?;
        self.deeper()?;
        let kept = self.kept;
        let mut going = self.any_within(b']');
        while going {
            self.value(inner, Slot::None)?;
            self.kept = false;
            going = self.more(b']')?;
        }
        self.kept = kept;
        self.depth -= 1;
        Some(())
    }

    fn either(&mut self, one: &'static Object, other: &'static Object) -> Option<()> {
        let (at, depth, kept, keys) = (self.at, self.depth, self.kept, self.keys.len());
        if self.object(one).is_none() {
            (self.at, self.depth, self.kept) = (at, depth, kept);
            self.keys.truncate(keys);
            return self.object(other);
        }
        Some(())
    }

    fn any(&mut self) -> Option<()> {
        match self.peek() {
            b'"' => self.skip_text(),
            b'{' => self.keyed(&Shape::Any),
            b'[' => self.list(&Shape::Any),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => {
                self.at = token::number(self.bytes, self.at)?;
                Some(())
            }
        }
    }

    fn literal(&mut self, word: &[u8]) -> Option<()> {
        self.bytes[self.at..].starts_with(word).then(|| self.at += word.len())
    }
}

impl Object {
    /// Which member has this name; `next` is where it is likely, as names come in order.
    #[inline]
    fn position(&self, next: usize, name: &[u8]) -> Option<usize> {
        let is = |member: &Member| token::same(member.name.as_bytes(), name);
        let (before, after) = self.members.split_at(next.min(self.members.len()));
        after.iter().position(is).map(|at| before.len() + at).or_else(|| before.iter().position(is))
    }
}
