//! A cell on the wire: a word as a string, absent as null, missing as `{"missing": why}`, as in a record.

use crate::row::Cell;
use oversight::missing::Missing;
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Absent => serializer.serialize_unit(),
            Cell::Is(word) => serializer.serialize_str(word),
            Cell::Missing(why) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("missing", why)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Cell<'static> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Cells)
    }
}

struct Cells;

impl<'de> Visitor<'de> for Cells {
    type Value = Cell<'static>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word, null or {\"missing\": …}")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Cell::Absent)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Cell::Absent)
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Self::Value, E> {
        Ok(Cell::Is(Cow::Owned(word.to_owned())))
    }

    fn visit_string<E: de::Error>(self, word: String) -> Result<Self::Value, E> {
        Ok(Cell::Is(Cow::Owned(word)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        match map.next_entry::<String, Missing>()? {
            Some((name, why)) if name == "missing" => Ok(Cell::Missing(why)),
            _ => Err(de::Error::custom("a cell's object has the member `missing`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_reads_back() {
        let word = |text: &str| Cell::Is(Cow::Owned(text.to_owned()));
        for (cell, json) in [
            (Cell::Absent, "null"),
            (word(""), "\"\""),
            (word("missing"), "\"missing\""),
            (word("a\"\u{202e}"), "\"a\\\"\u{202e}\""),
            (Cell::Missing(Missing::NotRecorded), r#"{"missing":"not_recorded"}"#),
            (Cell::Missing(Missing::Redacted), r#"{"missing":"redacted"}"#),
        ] {
            assert_eq!(serde_json::to_string(&cell).unwrap(), json);
            assert_eq!(serde_json::from_str::<Cell<'static>>(json).unwrap(), cell);
        }
        for json in ["1", "[]", "{}", r#"{"other":"redacted"}"#, r#"{"missing":"lost"}"#] {
            assert!(serde_json::from_str::<Cell<'static>>(json).is_err(), "{json}");
        }
    }
}
