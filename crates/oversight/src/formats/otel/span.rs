//! A span as both encodings give it, and what was found in a file so far. What its attributes mean is `attributes`
//! and `action`; where it stands among others is `lineage`.

use super::attributes::{Operation, operation};
use crate::formats::imported;
use crate::json::Fault;
use crate::record::Quarantined;
use crate::time::Instant;
use serde_json::{Map, Value};
use std::rc::Rc;

/// How a span ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    Unset,
    Done,
    /// With the reason, if one is given.
    Failed(Option<String>),
}

pub struct Span<'a> {
    /// In which form it came: `otlp` or `jaeger`.
    pub format: &'static str,
    /// Line, or number of the span in the file, from 1.
    pub position: u64,
    /// Where it stands in its document, `resourceSpans[0].scopeSpans[0].spans[3]`.
    pub path: String,
    pub text: &'a str,
    /// The span as it came, which is kept with its record; null of one that becomes none.
    pub json: Value,
    /// What stands around it and is kept with it: resource and scope, or process.
    pub around: Rc<Map<String, Value>>,
    pub service: Option<String>,
    /// 32 lowercase hexadecimal digits.
    pub trace: String,
    /// 16 lowercase hexadecimal digits.
    pub id: String,
    pub parent: Option<String>,
    pub name: String,
    pub attributes: Map<String, Value>,
    /// An attribute that is read and is given twice, with two values.
    pub doubled: Option<String>,
    /// Start and, of a span that has ended, end.
    pub times: Result<(Instant, Option<Instant>), Fault>,
    pub status: Status,
    /// The GenAI operation it is, if it is one.
    pub operation: Result<Option<Operation>, Fault>,
}

impl Span<'_> {
    /// The text of an attribute.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)?.as_str()
    }

    /// The first of several attributes that says something.
    pub fn said(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.text(name).filter(|text| !text.trim().is_empty()))
    }

    pub fn rejected(&self, source: &str, fault: Fault) -> Quarantined {
        imported::reject(source, self.position, beneath(&self.path, fault), self.text.as_bytes())
    }

    /// Finds out which operation it is, from its name and attributes.
    pub fn recognise(&mut self) {
        self.operation = operation(self);
        if self.operation == Ok(None) {
            self.json = Value::Null;
        }
    }
}

/// The fault as seen from the document.
pub fn beneath(path: &str, fault: Fault) -> Fault {
    if path.is_empty() { fault } else { fault.within(path) }
}

/// Whether an attribute is one that is read.
pub fn is_read(name: &str) -> bool {
    name.starts_with("gen_ai.") || ["error.type", "user.id", "enduser.id", "mcp.method.name"].contains(&name)
}

/// What was found so far.
pub struct Found<'a> {
    pub spans: Vec<Span<'a>>,
    pub rejects: Vec<Quarantined>,
    /// The line that is read, where the file has one document a line.
    pub line: Option<u64>,
    source: &'a str,
    count: u64,
}

impl<'a> Found<'a> {
    pub fn new(source: &'a str) -> Found<'a> {
        Found { spans: Vec::new(), rejects: Vec::new(), line: None, source, count: 0 }
    }

    /// Something that is no span, or no span that can be read; it counts as one item.
    pub fn reject(&mut self, fault: Fault, bytes: &[u8]) {
        let position = self.next();
        self.rejects.push(imported::reject(self.source, position, fault, bytes));
    }

    /// The position of the next item.
    pub fn next(&mut self) -> u64 {
        self.count += 1;
        self.line.unwrap_or(self.count)
    }
}

/// A trace or span id: `digits` hexadecimal digits, not all zero. Shorter ones are `padded` where the encoding cuts
/// leading zeros.
pub fn id(given: Option<&Value>, name: &str, digits: usize, padded: bool) -> Result<String, Fault> {
    let text = match given {
        None | Some(Value::Null) => return Err(Fault::new(name, "missing")),
        Some(Value::String(text)) => text.to_lowercase(),
        Some(_) => return Err(Fault::new(name, "not a string")),
    };
    let length = if padded { 1..=digits } else { digits..=digits };
    if !length.contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Fault::new(name, format!("not {digits} hexadecimal digits")));
    }
    if text.bytes().all(|byte| byte == b'0') {
        return Err(Fault::new(name, "all zeros, which is no id"));
    }
    Ok(format!("{text:0>digits$}"))
}

/// A whole number, as a JSON number or as the digits of one.
pub fn whole(given: &Value) -> Option<i64> {
    match given {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Adds an attribute; says so where it is there already with another value, of which the first counts.
pub fn add(attributes: &mut Map<String, Value>, doubled: &mut Option<String>, name: String, value: Value) {
    match attributes.get(&name) {
        None => drop(attributes.insert(name, value)),
        Some(known) if *known != value && is_read(&name) => drop(doubled.get_or_insert(name)),
        Some(_) => {}
    }
}
