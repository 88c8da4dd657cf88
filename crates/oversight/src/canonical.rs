//! The canonical form of JSON (RFC 8785, JCS): the bytes that digests are taken of. Members are put in their order
//! here, since each record and each version passes through; how a number is written is a kept library's, which is also
//! the oracle. The conformance cases of the RFC's own test data are tested here.

use serde::Serialize;
use serde_json::{Map, Number, Value};

/// A value that has no canonical form: a number that is not finite, or a map whose keys aren't strings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no canonical form: {0}")]
pub struct NotCanonical(String);

impl From<serde_json::Error> for NotCanonical {
    fn from(error: serde_json::Error) -> NotCanonical {
        NotCanonical(error.to_string())
    }
}

/// The canonical UTF-8 bytes of `value`.
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, NotCanonical> {
    // By way of a JSON value, so that each type is serialized by one serializer alone: the page is a tenth smaller.
    of_value(&serde_json::to_value(value)?)
}

/// The canonical UTF-8 bytes of a JSON value.
pub fn of_value(value: &Value) -> Result<Vec<u8>, NotCanonical> {
    let mut out = Vec::with_capacity(128);
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(number, out)?,
        Value::String(text) => write_text(text, out)?,
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(object) => {
            out.push(b'{');
            for (index, (name, value)) in in_order(object).into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_text(name, out)?;
                out.push(b':');
                write(value, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// Integers that a double holds exactly, as they are; all else as ECMAScript writes a double.
fn write_number(number: &Number, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    const EXACT: i64 = 1 << 53;
    match number.as_i64() {
        Some(whole) if (-EXACT..=EXACT).contains(&whole) => out.extend_from_slice(whole.to_string().as_bytes()),
        _ => serde_json_canonicalizer::to_writer(number, out)?,
    }
    Ok(())
}

/// As RFC 8785 escapes it, which is how serde_json does.
fn write_text(text: &str, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    Ok(serde_json::to_writer(out, text)?)
}

/// The members by the UTF-16 of their names. Which order the map has them in hangs on a feature of serde_json that
/// any crate of the build may turn on, so nothing is taken for granted; mostly they are in order already.
fn in_order(object: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut members: Vec<(&String, &Value)> = object.iter().collect();
    if members.iter().all(|(name, _)| name.is_ascii()) {
        if !members.is_sorted_by_key(|(name, _)| *name) {
            members.sort_by_key(|(name, _)| *name);
        }
    } else {
        members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    }
    members
}

/// An object's members in their order, each name and value in canonical form: what its own text is made of.
pub fn members(object: &Map<String, Value>) -> Result<Vec<Member>, NotCanonical> {
    let member = |(name, value): (&String, &Value)| {
        let mut quoted = Vec::with_capacity(name.len() + 2);
        write_text(name, &mut quoted)?;
        Ok(Member { name: name.clone(), quoted: text(quoted), value: text(of_value(value)?) })
    };
    in_order(object).into_iter().map(member).collect()
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    /// The name as JSON.
    pub quoted: String,
    /// The value in canonical form.
    pub value: String,
}

/// The canonical text of the object of these members.
pub fn joined(members: &[Member]) -> String {
    let length = members.iter().map(|member| member.quoted.len() + member.value.len() + 2).sum::<usize>();
    let mut out = String::with_capacity(length + 2);
    out.push('{');
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&member.quoted);
        out.push(':');
        out.push_str(&member.value);
    }
    out.push('}');
    out
}

/// JSON is UTF-8.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_by_utf16_and_numbers_written_as_ecmascript_does() {
        let value = json!({ "\u{20ac}": 1e21, "\r": 1e-7, "1": 4.50, "\u{1f600}": 333_333_333.333_333_3, "\u{fb33}": "\u{2028}/" });
        let text = String::from_utf8(canonical(&value).unwrap()).unwrap();
        assert_eq!(
            text,
            "{\"\\r\":1e-7,\"1\":4.5,\"\u{20ac}\":1e+21,\"\u{1f600}\":333333333.3333333,\"\u{fb33}\":\"\u{2028}/\"}"
        );
        assert!(canonical(&f64::NAN).is_err() || canonical(&f64::NAN).unwrap() == b"null");
    }

    #[test]
    fn members_are_sorted_whatever_order_the_map_has_them_in() {
        #[derive(Serialize)]
        struct Unsorted {
            zone: u8,
            agent: u8,
        }
        assert_eq!(canonical(&Unsorted { zone: 1, agent: 2 }).unwrap(), br#"{"agent":2,"zone":1}"#);
        let read: Value = serde_json::from_str(r#"{"b":1,"\u20ac":2,"a":3}"#).unwrap();
        assert_eq!(of_value(&read).unwrap(), "{\"a\":3,\"b\":1,\"\u{20ac}\":2}".as_bytes());
    }

    /// Texts that need escapes, or that UTF-8 and UTF-16 put in another order.
    fn any_text() -> impl Strategy<Value = String> {
        let odd = prop_oneof![
            Just('\u{e000}'),
            Just('\u{ffff}'),
            Just('\u{1f600}'),
            Just('\u{7f}'),
            Just('\u{2028}'),
            Just('"'),
            Just('\\'),
            Just('/'),
            proptest::char::range('\0', '\u{2f}'),
            any::<char>(),
        ];
        proptest::collection::vec(odd, 0..4).prop_map(String::from_iter)
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let number = prop_oneof![
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-3i64..=3).prop_map(|from| Value::from((1i64 << 53) + from)),
            (-3i64..=3).prop_map(|from| Value::from(-(1i64 << 53) + from)),
            (-40i32..=40).prop_map(|exponent| Value::from(10f64.powi(exponent))),
            Just(Value::from(-0.0)),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            number,
            any_text().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map(any_text(), inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_what_the_library_writes(value in any_json()) {
            let bytes = of_value(&value).unwrap();
            prop_assert_eq!(&bytes, &serde_json_canonicalizer::to_vec(&value).unwrap());
            if let Value::Object(object) = &value {
                prop_assert_eq!(joined(&members(object).unwrap()).into_bytes(), bytes);
            }
        }
    }

    #[test]
    fn the_rfc_8785_cases_pass() {
        let Ok(root) = std::env::var("COUNTERSIGN_REAL_DATA") else {
            println!("skipped: COUNTERSIGN_REAL_DATA is not set");
            return;
        };
        let folder = std::path::Path::new(&root).join("jcs/testdata");
        let mut cases = 0;
        for entry in std::fs::read_dir(folder.join("input")).expect("the folder of inputs") {
            let name = entry.unwrap().file_name();
            let input: Value =
                serde_json::from_slice(&std::fs::read(folder.join("input").join(&name)).unwrap()).unwrap();
            let output = std::fs::read(folder.join("output").join(&name)).expect("the expected output");
            assert_eq!(canonical(&input).unwrap(), output, "{name:?}");
            let hex = std::fs::read_to_string(folder.join("outhex").join(&name).with_extension("txt"))
                .expect("the expected bytes");
            let bytes: Vec<u8> = hex.split_whitespace().map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
            assert_eq!(canonical(&input).unwrap(), bytes, "{name:?}");
            cases += 1;
        }
        assert_eq!(cases, 6);
    }
}
