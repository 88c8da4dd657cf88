//! Decoding from a JSON value into domain types, with little code: what serde derives for a type is compiled for each
//! deserializer again, and this one asks it for no more than JSON has (an object is never read as a sequence).
//! Reading text, and naming the field at fault where that is wanted, is the parent's.

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde_json::{Value, map, value};
use std::fmt;
use std::vec;

/// Why a value is not what was asked for, in words.
#[derive(Debug)]
pub struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl de::Error for Unfit {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Unfit(reason.to_string())
    }

    // Numbers are called by their kind: their digits would bring in all of the printing of floats.
    fn invalid_type(given: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Unfit(format!("invalid type: {}, expected {expected}", kind(given)))
    }

    fn invalid_value(given: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Unfit(format!("invalid value: {}, expected {expected}", kind(given)))
    }
}

fn kind(given: Unexpected<'_>) -> String {
    match given {
        Unexpected::Str(text) => format!("string {text:?}"),
        Unexpected::Bool(_) => "boolean".to_owned(),
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "integer".to_owned(),
        Unexpected::Float(_) => "number".to_owned(),
        Unexpected::Unit | Unexpected::Option => "null".to_owned(),
        Unexpected::Seq => "sequence".to_owned(),
        Unexpected::Map => "map".to_owned(),
        Unexpected::Other(what) => what.to_owned(),
        _ => "something else".to_owned(),
    }
}

#[inline(never)]
fn unfit(value: &Value, expected: &dyn Expected) -> Unfit {
    let given = match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(flag) => Unexpected::Bool(*flag),
        Value::Number(_) => Unexpected::Other("number"),
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    };
    de::Error::invalid_type(given, expected)
}

/// A JSON value to decode from.
pub struct Tree(pub Value);

macro_rules! as_any {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            self.deserialize_any(visitor)
        })*
    };
}

macro_rules! as_number {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            number(self.0, visitor)
        })*
    };
}

macro_rules! as_text {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            match self.0 {
                Value::String(text) => visitor.visit_string(text),
                other => Err(unfit(&other, &visitor)),
            }
        })*
    };
}

fn number<'de, V: Visitor<'de>>(value: Value, visitor: V) -> Result<V::Value, Unfit> {
    if let Value::Number(number) = &value {
        if let Some(n) = number.as_u64() {
            return visitor.visit_u64(n);
        }
        if let Some(n) = number.as_i64() {
            return visitor.visit_i64(n);
        }
        if let Some(n) = number.as_f64() {
            return visitor.visit_f64(n);
        }
    }
    Err(unfit(&value, &visitor))
}

fn items<'de, V: Visitor<'de>>(list: Vec<Value>, visitor: V) -> Result<V::Value, Unfit> {
    let mut items = Items(list.into_iter());
    let read = visitor.visit_seq(&mut items)?;
    match items.0.len() {
        0 => Ok(read),
        more => Err(de::Error::custom(format_args!("{more} more elements than expected"))),
    }
}

fn entries<'de, V: Visitor<'de>>(object: map::Map<String, Value>, visitor: V) -> Result<V::Value, Unfit> {
    visitor.visit_map(Entries { rest: object.into_iter(), value: None })
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(flag),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(list) => items(list, visitor),
            Value::Object(object) => entries(object, visitor),
            other => number(other, visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            Value::Bool(flag) => visitor.visit_bool(flag),
            other => Err(unfit(&other, &visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            Value::Array(list) => items(list, visitor),
            other => Err(unfit(&other, &visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            Value::Object(object) => entries(object, visitor),
            other => Err(unfit(&other, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        let (variant, content) = match self.0 {
            Value::String(variant) => (variant, None),
            Value::Object(object) if object.len() == 1 => match object.into_iter().next() {
                Some((variant, content)) => (variant, Some(content)),
                None => return Err(de::Error::custom("no variant")),
            },
            other => return Err(unfit(&other, &visitor)),
        };
        visitor.visit_enum(Choice { variant, content })
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }

    as_text! { deserialize_str deserialize_string deserialize_char deserialize_identifier }
    as_number! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
    }
    as_any! { deserialize_unit deserialize_bytes deserialize_byte_buf }
}

impl IntoDeserializer<'_, Unfit> for Tree {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

struct Items(vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for &mut Items {
    type Error = Unfit;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        self.0.next().map(|value| seed.deserialize(Tree(value))).transpose()
    }
    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Entries {
    rest: map::IntoIter,
    value: Option<Value>,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Unfit;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        // As a value again, so that keys are read by the same code as texts.
        seed.deserialize(Tree(Value::String(key))).map(Some)
    }
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(Tree(self.value.take().unwrap_or(value::Value::Null)))
    }
}

struct Choice {
    variant: String,
    content: Option<Value>,
}

impl<'de> EnumAccess<'de> for Choice {
    type Error = Unfit;
    type Variant = Content;
    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Content), Unfit> {
        let name: StrDeserializer<'_, Unfit> = self.variant.as_str().into_deserializer();
        Ok((seed.deserialize(name)?, Content(self.content)))
    }
}

struct Content(Option<Value>);

impl<'de> VariantAccess<'de> for Content {
    type Error = Unfit;
    fn unit_variant(self) -> Result<(), Unfit> {
        match self.0 {
            None | Some(Value::Null) => Ok(()),
            Some(other) => Err(unfit(&other, &"unit variant")),
        }
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(Tree(self.0.unwrap_or(Value::Null)))
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        Tree(self.0.unwrap_or(Value::Null)).deserialize_seq(visitor)
    }
    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unfit> {
        Tree(self.0.unwrap_or(Value::Null)).deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Version, sample};
    use serde::{Deserialize, de::DeserializeOwned};
    use serde_json::json;
    use std::collections::BTreeMap;

    /// What serde_json's own deserializer makes of it is the oracle.
    fn alike<T: DeserializeOwned + std::fmt::Debug>(value: &Value) {
        let (own, other) = (T::deserialize(Tree(value.clone())), T::deserialize(value.clone()));
        match (own, other) {
            (Ok(own), Ok(other)) => assert_eq!(format!("{own:?}"), format!("{other:?}")),
            (Err(_), Err(_)) => {}
            (own, other) => panic!("{value}: {own:?} against {other:?}"),
        }
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    enum Shape {
        Unit,
        New(u8),
        Pair(u8, String),
        Named { a: Option<i64>, b: Vec<f64> },
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Holder {
        #[serde(default)]
        shape: Option<Shape>,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }

    #[test]
    fn it_decodes_as_serde_json_does() {
        for value in [
            json!("Unit"),
            json!("Other"),
            json!({"New": 7}),
            json!({"New": 300}),
            json!({"New": "x"}),
            json!({"Pair": [1, "x"]}),
            json!({"Pair": [1, "x", 2]}),
            json!({"Named": {"a": -4, "b": [1.5, 2]}}),
            json!({"Named": {"a": null, "b": [], "c": 1}}),
            json!({"Named": {"b": [true]}}),
            json!({"Named": {}}),
            json!({"Unit": null, "New": 1}),
            json!(null),
            json!(4),
        ] {
            alike::<Shape>(&value);
            alike::<Option<Shape>>(&value);
            alike::<Holder>(&json!({ "shape": value, "more": [1, {"x": null}] }));
            alike::<Value>(&value);
        }
    }

    /// Every field of a whole version, one at a time: gone, null, or of another kind.
    #[test]
    fn a_version_with_one_field_broken_is_taken_or_refused_alike() {
        fn every(value: &Value, put: &dyn Fn(Value)) {
            let others = [json!(null), json!("x"), json!(17), json!(-1.5), json!(true), json!([]), json!({})];
            others.into_iter().for_each(put);
            match value {
                Value::Object(object) => {
                    for (key, inner) in object {
                        let mut without = object.clone();
                        without.remove(key);
                        put(Value::Object(without));
                        every(inner, &|changed| {
                            let mut object = object.clone();
                            object.insert(key.clone(), changed);
                            put(Value::Object(object));
                        });
                    }
                }
                Value::Array(list) => {
                    for (i, inner) in list.iter().enumerate() {
                        every(inner, &|changed| {
                            let mut list = list.clone();
                            list[i] = changed;
                            put(Value::Array(list));
                        });
                    }
                }
                _ => {}
            }
        }
        let whole = serde_json::to_value(sample()).expect("it serializes");
        let read = Version::deserialize(Tree(whole.clone())).expect("it decodes");
        assert_eq!(read, sample());
        every(&whole, &|changed| {
            // An empty sequence for an object without required fields is the one thing serde_json takes beyond JSON.
            let (own, other) = (Version::deserialize(Tree(changed.clone())), Version::deserialize(changed.clone()));
            if own.is_ok() != other.is_ok() {
                assert!(own.is_err() && changed.to_string().contains("[]"), "{changed}: {own:?} against {other:?}");
            }
        });
    }

    #[test]
    fn a_refusal_says_what_was_there_and_what_was_wanted() {
        let error = Vec::<u8>::deserialize(Tree(json!({"a": 1}))).unwrap_err();
        assert_eq!(error.to_string(), "invalid type: map, expected a sequence");
        let error = u8::deserialize(Tree(json!(300))).unwrap_err();
        assert_eq!(error.to_string(), "invalid value: integer, expected u8");
        assert!(Version::deserialize(Tree(json!({}))).unwrap_err().to_string().contains("missing field"));
    }
}
