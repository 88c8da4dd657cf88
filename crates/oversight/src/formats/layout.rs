//! How the JSON of a file is laid out: one value, a list of them, or one a line. What the values are is
//! `document`'s to tell and each format's to read.

use crate::formats::lax;
use crate::json::Fault;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// How many lines or elements are looked at to tell what a file holds.
pub const LOOKED_AT: usize = 100;

/// A file's JSON, its parts as they stand.
pub enum Layout<'a> {
    /// An object, or a value that is no event at all.
    One(&'a str),
    /// The elements of an array.
    List(Vec<&'a RawValue>),
    /// The text, one value a line (NDJSON, JSON lines), some of which may be broken.
    Lines(&'a str),
}

/// The text of a file, without the byte order mark that some programs begin it with.
pub fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| Fault::new("", error.to_string()))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// How `text` is laid out. It is lines where it is more than one JSON value and most of its first lines are
/// whole objects; a single broken value stays an error of its own.
pub fn layout(text: &str) -> Result<Layout<'_>, serde_json::Error> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map(Layout::List);
    }
    match serde_json::from_str::<&RawValue>(text) {
        Ok(_) => Ok(Layout::One(text)),
        Err(error) => {
            let first: Vec<&str> = lines(text).take(LOOKED_AT).map(|(_, line)| line).collect();
            let whole = first.iter().filter(|line| is_object(line)).count();
            if whole * 2 > first.len() { Ok(Layout::Lines(text)) } else { Err(error) }
        }
    }
}

/// The lines that are not blank, with their numbers from 1.
pub fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let numbered = text.split('\n').enumerate().map(|(index, line)| (index as u64 + 1, line.trim()));
    numbered.filter(|(_, line)| !line.is_empty())
}

fn is_object(line: &str) -> bool {
    line.starts_with('{') && serde_json::from_str::<IgnoredAny>(line).is_ok()
}

/// The events of a file.
pub enum Events<'a> {
    /// Each with its position (line, or item of a list) and its text.
    Many(Vec<(u64, &'a str)>),
    /// A value that is no list of them: an event, if anything.
    One(&'a str),
}

/// The events of a file. An object holds a list of them in the first of `wrappers` that it has.
pub fn events<'a>(text: &'a str, wrappers: &[&str]) -> Result<Events<'a>, Fault> {
    let whole = match layout(text).map_err(|error| lax::fault(&error))? {
        Layout::List(items) => return Ok(numbered(items)),
        Layout::Lines(text) => return Ok(Events::Many(lines(text).collect())),
        Layout::One(whole) => whole,
    };
    if let Some(members) = lax::members(whole)? {
        for wrapper in wrappers {
            let Some((name, inner)) = members.iter().find(|(name, _)| name == wrapper) else { continue };
            if let Some(items) = lax::elements(inner.get()).map_err(|fault| fault.within(name))? {
                return Ok(numbered(items));
            }
        }
    }
    Ok(Events::One(whole.trim()))
}

fn numbered(items: Vec<&RawValue>) -> Events<'_> {
    Events::Many((1..).zip(items.into_iter().map(RawValue::get)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        match layout(text) {
            Ok(Layout::One(_)) => "one".to_owned(),
            Ok(Layout::List(items)) => format!("list of {}", items.len()),
            Ok(Layout::Lines(text)) => format!("{} lines", lines(text).count()),
            Err(error) if error.is_eof() => "cut short".to_owned(),
            Err(_) => "no JSON".to_owned(),
        }
    }

    #[test]
    fn a_file_is_one_value_a_list_or_lines() {
        for (text, expected) in [
            ("{}", "one"),
            (" {\n \"a\": 1\n}\n", "one"),
            ("7", "one"),
            ("[]", "list of 0"),
            ("[{\"a\":1},\n2]", "list of 2"),
            ("{\"a\":1}\n{\"a\":2}\n", "2 lines"),
            ("{\"a\":1}\r\n\r\n{\"a\":2}\r\n", "2 lines"),
            ("{\"a\":1}\n{\"a\":2}\n{\"a\":", "3 lines"),
            ("{\"a\n{\"a\":2}\n{\"a\":3}", "3 lines"),
            ("{\"a\":1} {\"a\":2}", "no JSON"),
            ("{\n \"a\": [\n {\"b\": 1},\n {\"b\": 2}\n", "cut short"),
            ("[{\"a\":1},", "cut short"),
            ("{\"a\":1", "cut short"),
            ("", "cut short"),
            ("a,b\n1,2", "no JSON"),
        ] {
            assert_eq!(shape(text), expected, "{text:?}");
        }
    }

    #[test]
    fn events_have_their_line_or_their_place_in_the_list() {
        for (text, expected) in [
            ("{\"events\":[1,{}]}", vec![(1, "1"), (2, "{}")]),
            ("[{}, 7]", vec![(1, "{}"), (2, "7")]),
            ("\n{\"a\":1}\n\n{\"a\":2}", vec![(2, "{\"a\":1}"), (4, "{\"a\":2}")]),
            (" {\"events\":7}", vec![(0, "{\"events\":7}")]),
        ] {
            let found = match events(text, &["logs", "events"]).unwrap() {
                Events::Many(items) => items,
                Events::One(one) => vec![(0, one)],
            };
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(events("{\"events\":[],\"events\":[]}", &["events"]).err().unwrap().path, "events");
    }
}
