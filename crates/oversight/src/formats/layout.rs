//! How the JSON of a file is laid out: one value, a list of them, or one a line. What the values are is
//! `document`'s to tell and each format's to read.

use crate::formats::lax;
use crate::json::Fault;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use std::str::Utf8Error;

/// How many lines or elements are looked at to tell what a file holds.
pub const LOOKED_AT: usize = 100;

/// A file's JSON, its parts as they stand.
pub enum Layout<'a> {
    /// An object, or a value that is no event at all.
    One(&'a str),
    /// The elements of an array.
    List(Vec<&'a RawValue>),
    /// The file, one value a line (NDJSON, JSON lines), some of which may be broken or no text.
    Lines(&'a [u8]),
}

/// Why a file has no layout.
pub enum Unlaid {
    NotText(Utf8Error),
    NotJson(serde_json::Error),
}

impl From<Unlaid> for Fault {
    fn from(unlaid: Unlaid) -> Fault {
        match unlaid {
            Unlaid::NotText(error) => Fault::new("", error.to_string()),
            Unlaid::NotJson(error) => lax::fault(&error),
        }
    }
}

/// The file without the byte order mark that some programs begin it with.
pub fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// How a file is laid out. It is lines where it is no JSON value as a whole and most of its first lines are whole
/// objects; a single broken value stays an error of its own.
pub fn layout(bytes: &[u8]) -> Result<Layout<'_>, Unlaid> {
    let bytes = unmarked(bytes);
    let unlaid = match std::str::from_utf8(bytes) {
        Ok(text) if text.trim_start().starts_with('[') => {
            return serde_json::from_str(text).map(Layout::List).map_err(Unlaid::NotJson);
        }
        Ok(text) => match serde_json::from_str::<&RawValue>(text) {
            Ok(one) => return Ok(Layout::One(one.get())),
            Err(error) => Unlaid::NotJson(error),
        },
        Err(error) => Unlaid::NotText(error),
    };
    let (mut looked_at, mut whole) = (0, 0);
    for (_, line) in lines(bytes).take(LOOKED_AT) {
        looked_at += 1;
        whole += usize::from(text(line).is_ok_and(is_object));
    }
    if whole * 2 > looked_at { Ok(Layout::Lines(bytes)) } else { Err(unlaid) }
}

fn is_object(line: &str) -> bool {
    line.starts_with('{') && serde_json::from_str::<IgnoredAny>(line).is_ok()
}

/// The lines that are not blank, with their numbers from 1.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let numbered = bytes.split(|byte| *byte == b'\n').enumerate();
    numbered.map(|(index, line)| (index as u64 + 1, line.trim_ascii())).filter(|(_, line)| !line.is_empty())
}

/// A line's text.
pub fn text(line: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(line).map_err(|error| Fault::new("", error.to_string()))
}

/// The events of a file.
pub enum Events<'a> {
    /// Each with its position (line, or item of a list) and its bytes.
    Many(Vec<(u64, &'a [u8])>),
    /// A value that is no list of them: an event, if anything.
    One(&'a str),
}

/// The events of a file. An object holds a list of them in the first of `wrappers` that it has.
pub fn events<'a>(bytes: &'a [u8], wrappers: &[&str]) -> Result<Events<'a>, Fault> {
    let whole = match layout(bytes)? {
        Layout::List(items) => return Ok(numbered(items)),
        Layout::Lines(bytes) => return Ok(Events::Many(lines(bytes).collect())),
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
    Ok(Events::One(whole))
}

fn numbered(items: Vec<&RawValue>) -> Events<'_> {
    Events::Many((1..).zip(items.into_iter().map(|item| item.get().as_bytes())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(file: &[u8]) -> String {
        match layout(file) {
            Ok(Layout::One(_)) => "one".to_owned(),
            Ok(Layout::List(items)) => format!("list of {}", items.len()),
            Ok(Layout::Lines(bytes)) => format!("{} lines", lines(bytes).count()),
            Err(Unlaid::NotJson(error)) if error.is_eof() => "cut short".to_owned(),
            Err(Unlaid::NotJson(_)) => "no JSON".to_owned(),
            Err(Unlaid::NotText(_)) => "no text".to_owned(),
        }
    }

    #[test]
    fn a_file_is_one_value_a_list_or_lines() {
        for (file, expected) in [
            (&b"{}"[..], "one"),
            (b"\xef\xbb\xbf {}", "one"),
            (b"{\"a\":1}\n{\"a\":2}\n{\"a\":\"\xff\"}", "3 lines"),
            (b"{\"a\":\"\xff\"}", "no text"),
            (b"[\"\xff\"]", "no text"),
            (b" {\n \"a\": 1\n}\n", "one"),
            (b"7", "one"),
            (b"[]", "list of 0"),
            (b"[{\"a\":1},\n2]", "list of 2"),
            (b"{\"a\":1}\n{\"a\":2}\n", "2 lines"),
            (b"{\"a\":1}\r\n\r\n{\"a\":2}\r\n", "2 lines"),
            (b"{\"a\":1}\n{\"a\":2}\n{\"a\":", "3 lines"),
            (b"{\"a\n{\"a\":2}\n{\"a\":3}", "3 lines"),
            (b"{\"a\":1} {\"a\":2}", "no JSON"),
            (b"{\n \"a\": [\n {\"b\": 1},\n {\"b\": 2}\n", "cut short"),
            (b"[{\"a\":1},", "cut short"),
            (b"{\"a\":1", "cut short"),
            (b"", "cut short"),
            (b"a,b\n1,2", "no JSON"),
        ] {
            assert_eq!(shape(file), expected, "{}", file.escape_ascii());
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
            let found: Vec<(u64, &str)> = match events(text.as_bytes(), &["logs", "events"]).unwrap() {
                Events::Many(items) => items.iter().map(|(at, item)| (*at, super::text(item).unwrap())).collect(),
                Events::One(one) => vec![(0, one)],
            };
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(events(b"{\"events\":[],\"events\":[]}", &["events"]).err().unwrap().path, "events");
    }
}
