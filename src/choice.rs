//! Which values of a column an address asks for, as one parameter: `high,critical` for two words, `~low` for all others,
//! `!redacted` for a kind of missing. What columns there are is the engine's; which parameter is whose, `paths`'.

use engine::query::{Choice, Keep};
use engine::row::Cell;
use oversight::missing::Missing;

/// The kinds of missing as they are spelled after `!`; absent is none of the record's own.
static MISSING: [(&str, Cell<'static>); 5] = [
    ("absent", Cell::Absent),
    ("not_recorded", Cell::Missing(Missing::NotRecorded)),
    ("redacted", Cell::Missing(Missing::Redacted)),
    ("unobserved", Cell::Missing(Missing::Unobserved)),
    ("unknown", Cell::Missing(Missing::Unknown)),
];

/// The parameter of a choice; empty where it asks for nothing. Within a word a backslash takes the meaning of the comma
/// and of itself, before it that of `!` and `~`; `\0` is the empty word.
pub fn write(choice: &Choice) -> String {
    let values: Vec<String> = choice.values.iter().map(value).collect();
    let not = if choice.keep == Keep::Without && !values.is_empty() { "~" } else { "" };
    format!("{not}{}", values.join(","))
}

/// One word, for a link from elsewhere.
pub fn word(word: &str) -> String {
    value(&Cell::Is(word.into()))
}

/// One value, for a link from elsewhere.
pub fn value(cell: &Cell<'_>) -> String {
    let Cell::Is(word) = cell else {
        let kind = MISSING.iter().find(|(_, kind)| kind == cell);
        return format!("!{}", kind.map_or("absent", |(name, _)| name));
    };
    if word.is_empty() {
        return "\\0".to_owned();
    }
    let escaped = word.replace('\\', "\\\\").replace(',', "\\,");
    if word.starts_with(['!', '~']) { format!("\\{escaped}") } else { escaped }
}

/// The choice that a parameter asks for; none where it asks for nothing. Whatever is no kind of missing is a word.
pub fn read(parameter: &str) -> Option<Choice> {
    let (keep, values) = match parameter.strip_prefix('~') {
        Some(rest) => (Keep::Without, rest),
        None => (Keep::Only, parameter),
    };
    if values.is_empty() {
        return None;
    }
    let (mut read, mut word, mut rest) = (Vec::new(), Word::default(), values.chars());
    while let Some(c) = rest.next() {
        match c {
            ',' => read.push(std::mem::take(&mut word).cell()),
            '\\' => word.escaped(rest.next()),
            c => word.text.push(c),
        }
    }
    read.push(word.cell());
    Some(Choice { values: read, keep })
}

#[derive(Default)]
struct Word {
    text: String,
    /// It begins with an escape, so that it is no kind of missing.
    is_word: bool,
}

impl Word {
    fn escaped(&mut self, c: Option<char>) {
        self.is_word |= self.text.is_empty();
        match c {
            Some('0') => {}
            Some(c) => self.text.push(c),
            None => self.text.push('\\'),
        }
    }

    fn cell(self) -> Cell<'static> {
        let kind = self.text.strip_prefix('!').filter(|_| !self.is_word);
        let kind = kind.and_then(|kind| MISSING.iter().find(|(name, _)| *name == kind));
        kind.map_or_else(|| Cell::Is(self.text.into()), |(_, cell)| cell.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, cases};

    fn is(word: &str) -> Cell<'static> {
        Cell::Is(word.to_owned().into())
    }

    #[test]
    fn choices_read_back_from_their_parameter() {
        for (parameter, keep, values) in [
            ("high", Keep::Only, vec![is("high")]),
            ("high,critical", Keep::Only, vec![is("high"), is("critical")]),
            ("~low,!unknown", Keep::Without, vec![is("low"), Cell::Missing(Missing::Unknown)]),
            ("!absent", Keep::Only, vec![Cell::Absent]),
            (
                "!not_recorded,!redacted,!unobserved",
                Keep::Only,
                MISSING[1..4].iter().map(|kind| kind.1.clone()).collect(),
            ),
            ("\\!absent,\\~a,a!b~c", Keep::Only, vec![is("!absent"), is("~a"), is("a!b~c")]),
            ("a\\,b,c\\\\", Keep::Only, vec![is("a,b"), is("c\\")]),
            ("\\0,0", Keep::Only, vec![is(""), is("0")]),
            ("absent", Keep::Only, vec![is("absent")]),
        ] {
            let choice = Choice { values, keep };
            assert_eq!(write(&choice), parameter);
            assert_eq!(read(parameter), Some(choice), "{parameter}");
        }
        assert_eq!(word("a,b"), "a\\,b");
    }

    #[test]
    fn what_nobody_writes_is_read_all_the_same() {
        assert_eq!((read(""), read("~")), (None, None));
        assert_eq!(write(&Choice { values: vec![], keep: Keep::Without }), "");
        for (parameter, values) in [
            ("!lost", vec![is("!lost")]),
            ("!", vec![is("!")]),
            ("a\\", vec![is("a\\")]),
            (",", vec![is(""), is("")]),
            ("a\\b", vec![is("ab")]),
        ] {
            assert_eq!(read(parameter), Some(Choice { values, keep: Keep::Only }), "{parameter}");
        }
    }

    #[test]
    fn any_choice_reads_back() {
        let pieces = ["a", "!", "~", "\\", ",", "0", "absent", "\u{202e}", "&", "%", "=", " ", "\u{e9}"];
        for number in 0..cases(5_000) {
            let mut generator = Generator::new("choices", number);
            let values = (0..=generator.below(4)).map(|_| match generator.below(4) {
                0 => generator.pick(&MISSING).1.clone(),
                _ => is(&(0..generator.below(5)).map(|_| *generator.pick(&pieces)).collect::<String>()),
            });
            let choice = Choice { values: values.collect(), keep: Keep::Only };
            let choice = Choice { keep: if generator.one_in(2) { Keep::Without } else { Keep::Only }, ..choice };
            assert_eq!(read(&write(&choice)), Some(choice.clone()), "{choice:?}");
        }
    }
}
