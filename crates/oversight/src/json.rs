//! JSON at the edge, strictly: duplicate keys, integers beyond 2^53 and nesting deeper than 128 are
//! refused with the place and the reason, where serde_json alone would let them pass or lose them.
//! The canonical form is in `canonical`; foreign formats, which may be lax, are read in `formats`.

use serde::de::{self, DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::RefCell;
use std::fmt;

#[cfg(test)]
mod hostile_json;
pub(crate) mod tree;

use tree::Tree;

/// The largest magnitude an integer may have as a JSON number (2^53); larger ones travel as strings.
pub const MAX_INTEGER: u64 = 1 << 53;

/// Where a text stopped being acceptable, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", if .path.is_empty() { String::new() } else { format!("{}: ", .path) })]
pub struct Fault {
    /// Dotted path with indices, `resources[0].uid`; empty for the whole text.
    pub path: String,
    pub reason: String,
}

impl Fault {
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Fault { path: path.into(), reason: reason.into() }
    }

    /// The same fault seen from one level further out.
    pub fn within(mut self, outer: &str) -> Self {
        self.path = match (self.path.is_empty(), self.path.starts_with('[')) {
            (true, _) => outer.to_owned(),
            (false, true) => format!("{outer}{}", self.path),
            (false, false) => format!("{outer}.{}", self.path),
        };
        self
    }
}

/// Reads one JSON text to its end.
pub fn parse(bytes: &[u8]) -> Result<Value, Fault> {
    let trail = RefCell::new(Trail::default());
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let outcome = Strict(&trail).deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    outcome.map_err(|error| {
        let trail = trail.into_inner();
        let path = trail.fault.clone().unwrap_or_else(|| trail.path());
        let (line, column) = (error.line(), error.column());
        let mut reason = error.to_string();
        if let Some(cut) = reason.rfind(" at line ") {
            reason.truncate(cut);
        }
        Fault { path, reason: format!("{reason} (line {line}, column {column})") }
    })
}

/// Turns a JSON value into a `T`, naming the field at fault.
#[cfg(feature = "field-paths")]
pub fn decode<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    serde_path_to_error::deserialize(Tree(value)).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        Fault { path, reason: error.into_inner().to_string() }
    })
}

/// Turns a JSON value into a `T`; the reason says what is wrong, the path is left empty.
#[cfg(not(feature = "field-paths"))]
pub fn decode<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    T::deserialize(Tree(value)).map_err(|error| Fault { path: String::new(), reason: error.to_string() })
}

/// Reads one JSON text strictly and turns it into a `T`.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    decode(parse(bytes)?)
}

#[derive(Default)]
struct Trail {
    steps: Vec<String>,
    fault: Option<String>,
}

impl Trail {
    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.steps {
            if !path.is_empty() && !step.starts_with('[') {
                path.push('.');
            }
            path.push_str(step);
        }
        path
    }
}

struct Strict<'a>(&'a RefCell<Trail>);

impl Strict<'_> {
    fn fail<E: de::Error>(&self, reason: impl fmt::Display) -> E {
        let mut trail = self.0.borrow_mut();
        let path = trail.path();
        trail.fault.get_or_insert(path);
        E::custom(reason)
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        if value > MAX_INTEGER {
            return Err(self.fail(format!("the integer {value} is beyond 2^53 and must travel as a string")));
        }
        Ok(Value::Number(value.into()))
    }
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() > MAX_INTEGER {
            return Err(self.fail(format!("the integer {value} is beyond 2^53 and must travel as a string")));
        }
        Ok(Value::Number(value.into()))
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        if value.fract() == 0.0 && value.abs() > MAX_INTEGER as f64 {
            return Err(self.fail("an integer beyond 2^53 must travel as a string"));
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| self.fail("a number out of range"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        loop {
            self.0.borrow_mut().steps.push(format!("[{}]", out.len()));
            let Some(item) = items.next_element_seed(Strict(self.0))? else { break };
            self.0.borrow_mut().steps.pop();
            out.push(item);
        }
        self.0.borrow_mut().steps.pop();
        Ok(Value::Array(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut out = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            self.0.borrow_mut().steps.push(key.chars().take(64).collect());
            if out.contains_key(&key) {
                return Err(self.fail("the key is given twice"));
            }
            let value = entries.next_value_seed(Strict(self.0))?;
            self.0.borrow_mut().steps.pop();
            out.insert(key, value);
        }
        Ok(Value::Object(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serde_json_would_let_pass_is_refused_with_its_place() {
        for (text, path, reason) in [
            (r#"{"a":1,"a":2}"#, "a", "given twice"),
            (r#"{"x":[{"b":1},{"c":{"d":1,"d":1}}]}"#, "x[1].c.d", "given twice"),
            (r#"{"n":9007199254740993}"#, "n", "beyond 2^53"),
            (r#"{"n":-9007199254740993}"#, "n", "beyond 2^53"),
            (r#"{"n":[1,99999999999999999999999]}"#, "n[1]", "beyond 2^53"),
            (r#"{"n":1e999}"#, "n", "out of range"),
            (r#"{"a":{"b":[1,2"#, "a.b", "EOF"),
            ("{} {}", "", "trailing"),
            ("", "", "EOF"),
        ] {
            let fault = parse(text.as_bytes()).unwrap_err();
            assert!(fault.path.starts_with(path), "{text}: {fault:?}");
            assert!(fault.reason.contains(reason), "{text}: {fault:?}");
        }
        assert!(parse(b"{\"a\":\"\xff\"}").unwrap_err().reason.contains("line 1"));
        assert!(parse("[".repeat(10_000).as_bytes()).unwrap_err().reason.contains("recursion limit"));
        assert_eq!(parse(b"[9007199254740992]").unwrap()[0], MAX_INTEGER);
    }

    #[test]
    fn decoding_names_the_field() {
        #[derive(Debug, serde::Deserialize)]
        struct Outer {
            #[allow(dead_code)]
            inner: Vec<u8>,
        }
        let fault = read::<Outer>(br#"{"inner":[1,300]}"#).unwrap_err();
        assert_eq!(fault.path, "inner[1]");
        assert_eq!(Fault::new("[1].b", "x").within("a").path, "a[1].b");
    }

    proptest::proptest! {
        #[test]
        fn any_value_reads_back(text in "\\PC*", n in -(1i64 << 53)..(1i64 << 53), f in -1e9f64..1e9) {
            let value = serde_json::json!({ "s": text, "n": n, "f": [f, null, true] });
            proptest::prop_assert_eq!(parse(value.to_string().as_bytes()).unwrap(), value);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..256)) {
            let _ = parse(&bytes);
        }
    }
}
