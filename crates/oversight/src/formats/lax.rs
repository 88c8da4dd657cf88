//! JSON as other programs write it, made fit to be kept in a native record: large integers become strings, and
//! what would lose something is refused. The parts of a file are taken as they stand, so that one bad part
//! spoils no other. Native JSON is read in `crate::json`, how a file is laid out in `layout`.

use crate::json::{self, Fault, MAX_INTEGER};
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Deserializer, Map, Value};
use std::collections::BTreeSet;
use std::fmt;

/// How deep an event may be nested. A record holds it a few levels down, and is read to 128.
pub const MAX_DEPTH: usize = 100;

/// One event's JSON. A key given twice is refused, since one of the two would be lost; integers too large
/// for a JSON number in a native record become strings.
pub fn value(text: &str) -> Result<Value, Fault> {
    let value = match json::parse(text.as_bytes()) {
        Ok(value) => value,
        Err(fault) if fault.reason.contains("given twice") => return Err(fault),
        Err(_) => {
            let mut value: Value = serde_json::from_str(text).map_err(|error| Fault::new("", error.to_string()))?;
            portable(&mut value);
            // What is stored must read back strictly; this also finds a key given twice behind a large integer.
            if let Some(fault) = json::parse(value.to_string().as_bytes()).err() {
                return Err(fault);
            }
            if twice(text) {
                return Err(Fault::new("", "a key is given twice"));
            }
            value
        }
    };
    if deeper_than(&value, MAX_DEPTH) {
        return Err(Fault::new("", format!("nested deeper than {MAX_DEPTH} levels")));
    }
    Ok(value)
}

/// The members of an object, in order, each as its text stands. `None` where it is no object; a key given
/// twice is an error, as is what is no JSON.
pub fn members(text: &str) -> Result<Option<Vec<(String, &RawValue)>>, Fault> {
    let found = match read(text, Members) {
        Ok(found) => found,
        Err(error) if error.is_data() => return Ok(None),
        Err(error) => return Err(fault(&error)),
    };
    let mut seen = BTreeSet::new();
    match found.iter().find(|(name, _)| !seen.insert(name)) {
        Some((name, _)) => Err(Fault::new(name.as_str(), format!("the key {} is given twice", quoted(name)))),
        None => Ok(Some(found)),
    }
}

/// The elements of an array, each as its text stands; `None` where it is no array.
pub fn elements(text: &str) -> Result<Option<Vec<&RawValue>>, Fault> {
    match serde_json::from_str::<Vec<&RawValue>>(text) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_data() => Ok(None),
        Err(error) => Err(fault(&error)),
    }
}

/// What was passed to an operation, as a map: an object, or a text that holds one. Anything else stands
/// under `name`; so does an object that a record would read as the marker of a missing field.
pub fn arguments(given: &Value, name: &str) -> Option<Map<String, Value>> {
    let plain = |object: &Map<String, Value>| object.len() != 1 || !object.contains_key("missing");
    let under_name = || Some(Map::from_iter([(name.to_owned(), given.clone())]));
    match given {
        Value::Null => None,
        Value::Object(object) if plain(object) => Some(object.clone()),
        Value::String(text) => match value(text) {
            Ok(Value::Object(object)) if plain(&object) => Some(object),
            _ => under_name(),
        },
        _ => under_name(),
    }
}

/// The text at a path of members.
pub fn text_at<'a>(object: &'a Map<String, Value>, path: &[&str]) -> Option<&'a str> {
    at(object, path)?.as_str()
}

/// The value at a path of members.
pub fn at<'a>(object: &'a Map<String, Value>, path: &[&str]) -> Option<&'a Value> {
    let (last, above) = path.split_last()?;
    let mut object = object;
    for name in above {
        object = object.get(*name)?.as_object()?;
    }
    object.get(*last)
}

/// A text for a sentence: quoted, control characters escaped, at most 64 characters of it.
pub fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(64).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}

/// What serde_json says of a text that is no JSON, with line and column.
pub fn fault(error: &serde_json::Error) -> Fault {
    Fault::new("", error.to_string())
}

fn portable(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let large = number.as_u64().is_some_and(|n| n > MAX_INTEGER)
                || number.as_i64().is_some_and(|n| n.unsigned_abs() > MAX_INTEGER)
                || number.as_f64().is_some_and(|n| n.fract() == 0.0 && n.abs() > MAX_INTEGER as f64);
            if large {
                *value = Value::String(number.to_string());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(portable),
        Value::Object(object) => object.values_mut().for_each(portable),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Recursion is bounded: the parser refuses more than 128 levels.
fn deeper_than(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels == 0 || items.iter().any(|inner| deeper_than(inner, levels - 1)),
        Value::Object(object) => levels == 0 || object.values().any(|inner| deeper_than(inner, levels - 1)),
        _ => false,
    }
}

fn read<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> serde_json::Result<S::Value> {
    let mut deserializer = Deserializer::from_str(text);
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end().map(|()| value)
}

struct Members;

impl<'de> DeserializeSeed<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;
    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            found.push(entry);
        }
        Ok(found)
    }
}

/// Whether any object in `text`, which is JSON, gives a key twice.
fn twice(text: &str) -> bool {
    read(text, Keys).is_err()
}

struct Keys;

impl<'de> DeserializeSeed<'de> for Keys {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Keys {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Keys)?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            if !seen.insert(key) {
                return Err(A::Error::custom("given twice"));
            }
            entries.next_value_seed(Keys)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_kept_reads_back_and_what_would_be_lost_is_refused() {
        for (text, kept) in [
            (r#"{"n":9007199254740993,"f":1.5}"#, json!({"n": "9007199254740993", "f": 1.5})),
            (r#"[18446744073709551616,1e16]"#, json!(["18446744073709551616", "1e+16"])),
            (r#"{"a":9007199254740992}"#, json!({"a": 9007199254740992u64})),
        ] {
            let read = value(text);
            assert!(read.is_ok(), "{text}: {read:?}");
            assert!(json::parse(read.unwrap().to_string().as_bytes()).is_ok(), "{kept}");
        }
        let deep = |levels| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(value(&deep(MAX_DEPTH)).is_ok());
        for (text, reason) in [
            (r#"{"a":1,"a":2}"#.to_owned(), "given twice"),
            (r#"{"n":9007199254740993,"a":{"b":1,"b":2}}"#.to_owned(), "given twice"),
            (deep(MAX_DEPTH + 1), "deeper than 100"),
            (deep(100_000), "recursion limit"),
            ("1e999".to_owned(), "out of range"),
        ] {
            let fault = value(&text).unwrap_err();
            assert!(fault.reason.contains(reason), "{fault:?}");
        }
    }

    #[test]
    fn parts_are_taken_as_they_stand() {
        let found = members(r#" {"a": [1, 2 ], "b":{"c":1,"c":2}} "#).unwrap().unwrap();
        let found: Vec<(&str, &str)> = found.iter().map(|(name, text)| (name.as_str(), text.get())).collect();
        assert_eq!(found, [("a", "[1, 2 ]"), ("b", r#"{"c":1,"c":2}"#)]);
        assert_eq!(elements(r#"[1 , {"a":"]"}]"#).unwrap().unwrap()[1].get(), r#"{"a":"]"}"#);
        assert!(members("[1]").unwrap().is_none() && members("7").unwrap().is_none());
        assert!(elements("{}").unwrap().is_none() && elements("7").unwrap().is_none());
        for (text, path, reason) in [
            (r#"{"a":1,"a":2}"#, "a", "given twice"),
            (r#"{"a":1"#, "", "EOF"),
            (r#"{"a":1} x"#, "", "trailing"),
            ("", "", "EOF"),
            ("[1", "", "EOF"),
        ] {
            let fault = members(text).err().or_else(|| elements(text).err()).unwrap();
            assert_eq!(fault.path, path, "{text}");
            assert!(fault.reason.contains(reason), "{fault:?}");
        }
    }

    #[test]
    fn arguments_are_an_object_or_stand_under_a_name() {
        for (given, expected) in [
            (json!({"a": 1}), json!({"a": 1})),
            (json!("{\"a\":9007199254740993}"), json!({"a": "9007199254740993"})),
            (json!("ls -l"), json!({"x": "ls -l"})),
            (json!("[1]"), json!({"x": "[1]"})),
            (json!([1]), json!({"x": [1]})),
            (json!({"missing": "redacted"}), json!({"x": {"missing": "redacted"}})),
            (json!("{\"missing\": 7}"), json!({"x": "{\"missing\": 7}"})),
            (json!({"missing": 1, "a": 2}), json!({"missing": 1, "a": 2})),
            (json!(null), json!(null)),
        ] {
            assert_eq!(arguments(&given, "x").map_or(Value::Null, Value::Object), expected);
        }
    }
}
