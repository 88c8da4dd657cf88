//! OTLP/JSON: `resourceSpans` → `scopeSpans` → `spans`, as the JSON Protobuf encoding of the OpenTelemetry protocol
//! has them (ids in hexadecimal, 64-bit integers as strings, enums as numbers). What a span means is not read here.

use super::span::{Found, Span, Status, add, beneath, id};
use crate::formats::lax;
use crate::json::{Fault, MAX_INTEGER};
use crate::time::Instant;
use chrono::DateTime;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::rc::Rc;

/// The member that makes a document OTLP.
pub const SPANS: &str = "resourceSpans";
/// What spans of a resource are grouped under; the second is the name before 0.19 of the protocol.
const SCOPES: [&str; 2] = ["scopeSpans", "instrumentationLibrarySpans"];
/// What stands beside a list of spans, or of groups of them.
const BESIDE: [&str; 4] = ["resource", "scope", "instrumentationLibrary", "schemaUrl"];

type Members<'a> = [(String, &'a RawValue)];

/// Reads a document; what can't be read of it is rejected part by part.
pub fn read<'a>(found: &mut Found<'a>, document: &Members<'a>, text: &'a str, path: &str) {
    each(found, document, &[SPANS], text, path, |found, resource, path| {
        let Some(members) = object(found, resource, path) else { return };
        let of_resource = match part(&members, "resource") {
            Ok(part) => part,
            Err(fault) => return found.reject(beneath(path, fault), resource.as_bytes()),
        };
        let service = of_resource.as_ref().and_then(service);
        each(found, &members, &SCOPES, resource, path, |found, scope, path| {
            let Some(members) = object(found, scope, path) else { return };
            let of_scope = match scope_of(&members) {
                Ok(part) => part,
                Err(fault) => return found.reject(beneath(path, fault), scope.as_bytes()),
            };
            let parts = [("resource", of_resource.clone()), ("scope", of_scope)];
            let parts = parts.into_iter().filter_map(|(name, part)| Some((name.to_owned(), part?)));
            let around = Rc::new(parts.collect::<Map<String, Value>>());
            each(found, &members, &["spans"], scope, path, |found, text, path| {
                match span(text, path, &around, &service) {
                    Ok(mut span) => {
                        span.position = found.next();
                        span.recognise();
                        found.spans.push(span);
                    }
                    Err(fault) => found.reject(beneath(path, fault), text.as_bytes()),
                }
            });
        });
    });
}

/// Each element of the lists that `members` has under `names`. A list that is not there is empty, as the encoding
/// leaves empty lists out; unless something unknown is there, which may be the list by another name.
fn each<'a>(
    found: &mut Found<'a>,
    members: &Members<'a>,
    names: &[&str],
    text: &'a str,
    path: &str,
    mut with: impl FnMut(&mut Found<'a>, &'a str, &str),
) {
    let is_list = |name: &str| names.contains(&name);
    if !members.iter().any(|(name, _)| is_list(name))
        && let Some((unknown, _)) = members.iter().find(|(name, _)| !BESIDE.contains(&name.as_str()))
    {
        let reason = format!("missing, and {} is there, which is not known", lax::quoted(unknown));
        return found.reject(beneath(path, Fault::new(names[0], reason)), text.as_bytes());
    }
    for (name, list) in members.iter().filter(|(name, _)| is_list(name)) {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match lax::elements(list.get()) {
            Ok(Some(items)) => {
                for (index, item) in items.into_iter().enumerate() {
                    with(found, item.get(), &format!("{path}[{index}]"));
                }
            }
            Ok(None) if list.get() == "null" => {}
            Ok(None) => found.reject(Fault::new(path, "not a list"), text.as_bytes()),
            Err(fault) => found.reject(beneath(&path, fault), text.as_bytes()),
        }
    }
}

fn object<'a>(found: &mut Found<'a>, text: &'a str, path: &str) -> Option<Vec<(String, &'a RawValue)>> {
    match lax::members(text) {
        Ok(Some(members)) => return Some(members),
        Ok(None) => found.reject(Fault::new(path, "not an object"), text.as_bytes()),
        Err(fault) => found.reject(beneath(path, fault), text.as_bytes()),
    }
    None
}

fn part(members: &Members<'_>, name: &str) -> Result<Option<Value>, Fault> {
    let part = members.iter().find(|(known, _)| known == name);
    part.map(|(_, text)| lax::value(text.get()).map_err(|fault| fault.within(name))).transpose()
}

fn scope_of(members: &Members<'_>) -> Result<Option<Value>, Fault> {
    match part(members, "scope")? {
        None => part(members, "instrumentationLibrary"),
        found => Ok(found),
    }
}

fn service(resource: &Value) -> Option<String> {
    let (attributes, _) = attributes(resource.get("attributes")).ok()?;
    attributes.get("service.name").and_then(Value::as_str).map(str::to_owned)
}

fn span<'a>(
    text: &'a str,
    path: &str,
    around: &Rc<Map<String, Value>>,
    service: &Option<String>,
) -> Result<Span<'a>, Fault> {
    let json = lax::value(text)?;
    let Value::Object(given) = &json else { return Err(Fault::new("", "a span is an object")) };
    let parent = match given.get("parentSpanId") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) if text.bytes().all(|byte| byte == b'0') => None,
        some => Some(id(some, "parentSpanId", 16, false)?),
    };
    let (attributes, doubled) = attributes(given.get("attributes")).map_err(|fault| fault.within("attributes"))?;
    Ok(Span {
        format: "otlp",
        position: 0,
        path: path.to_owned(),
        text,
        around: Rc::clone(around),
        service: service.clone(),
        trace: id(given.get("traceId"), "traceId", 32, false)?,
        id: id(given.get("spanId"), "spanId", 16, false)?,
        parent,
        name: given.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        attributes,
        doubled,
        times: times(given),
        status: status(given.get("status")).map_err(|fault| fault.within("status"))?,
        operation: Ok(None),
        json,
    })
}

fn times(given: &Map<String, Value>) -> Result<(Instant, Option<Instant>), Fault> {
    let start = nanos(given, "startTimeUnixNano")?.ok_or_else(|| Fault::new("startTimeUnixNano", "missing"))?;
    let end = nanos(given, "endTimeUnixNano")?;
    match end {
        Some(end) if end < start => Err(Fault::new("endTimeUnixNano", "before the start")),
        end => Ok((start, end)),
    }
}

/// Nanoseconds since 1970; 0 stands for a time that is not set.
fn nanos(given: &Map<String, Value>, name: &str) -> Result<Option<Instant>, Fault> {
    let nanos = match given.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse::<u64>().ok(),
        Some(_) => None,
    };
    let nanos = nanos.ok_or_else(|| Fault::new(name, "not a whole number of nanoseconds since 1970"))?;
    if nanos == 0 {
        return Ok(None);
    }
    let moment = DateTime::from_timestamp((nanos / 1_000_000_000) as i64, (nanos % 1_000_000_000) as u32);
    let moment = moment.ok_or_else(|| Fault::new(name, "out of range"))?;
    Instant::new(moment).map(Some).map_err(|error| Fault::new(name, error.to_string()))
}

fn status(given: Option<&Value>) -> Result<Status, Fault> {
    let given = match given {
        None | Some(Value::Null) => return Ok(Status::Unset),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(Fault::new("", "not an object")),
    };
    let message = given.get("message").and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    match given.get("code") {
        None | Some(Value::Null) => Ok(Status::Unset),
        // Some writers spell the enum out.
        Some(code) if code == 0 || code == "STATUS_CODE_UNSET" => Ok(Status::Unset),
        Some(code) if code == 1 || code == "STATUS_CODE_OK" => Ok(Status::Done),
        Some(code) if code == 2 || code == "STATUS_CODE_ERROR" => Ok(Status::Failed(message.map(str::to_owned))),
        Some(_) => Err(Fault::new("code", "not 0 (unset), 1 (ok) or 2 (error)")),
    }
}

/// A list of `{"key", "value": {"stringValue": …}}` as a map, and the first that is read and given twice.
fn attributes(given: Option<&Value>) -> Result<(Map<String, Value>, Option<String>), Fault> {
    let (mut attributes, mut doubled) = (Map::new(), None);
    let list = match given {
        None | Some(Value::Null) => return Ok((attributes, doubled)),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Fault::new("", "not a list")),
    };
    for (index, item) in list.iter().enumerate() {
        let key = item.get("key").and_then(Value::as_str);
        let key = key.ok_or_else(|| Fault::new(format!("[{index}].key"), "missing, or not a string"))?;
        let value = any_value(item.get("value")).map_err(|fault| fault.within(&format!("[{index}].value")))?;
        add(&mut attributes, &mut doubled, key.to_owned(), value);
    }
    Ok((attributes, doubled))
}

/// An `AnyValue`: an object with one member that says its type, or with none.
fn any_value(given: Option<&Value>) -> Result<Value, Fault> {
    let given = match given {
        None | Some(Value::Null) => return Ok(Value::Null),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(Fault::new("", "not an object such as {\"stringValue\": \"…\"}")),
    };
    let Some((kind, value)) = given.iter().find(|(_, value)| !value.is_null()) else { return Ok(Value::Null) };
    if given.values().filter(|value| !value.is_null()).count() > 1 {
        return Err(Fault::new("", "has several types at once"));
    }
    let wrong = |expected: &str| Fault::new(kind.as_str(), format!("not {expected}"));
    match (kind.as_str(), value) {
        ("stringValue" | "bytesValue", Value::String(_)) | ("boolValue", Value::Bool(_)) => Ok(value.clone()),
        // NaN and the infinities are strings in JSON, and stay such.
        ("doubleValue", Value::Number(_) | Value::String(_)) => Ok(value.clone()),
        ("intValue", _) => match super::span::whole(value) {
            Some(number) if number.unsigned_abs() <= MAX_INTEGER => Ok(number.into()),
            Some(number) => Ok(number.to_string().into()),
            None => Err(wrong("a whole number of 64 bits")),
        },
        ("arrayValue", Value::Object(array)) => match array.get("values") {
            None | Some(Value::Null) => Ok(Value::Array(Vec::new())),
            Some(Value::Array(items)) => {
                items.iter().map(|item| any_value(Some(item))).collect::<Result<_, _>>().map(Value::Array)
            }
            Some(_) => Err(wrong("a list of values")),
        },
        ("kvlistValue", Value::Object(list)) => {
            let (members, _) = attributes(list.get("values")).map_err(|fault| fault.within("kvlistValue.values"))?;
            Ok(Value::Object(members))
        }
        ("stringValue" | "bytesValue", _) => Err(wrong("a string")),
        ("boolValue", _) => Err(wrong("true or false")),
        ("doubleValue", _) => Err(wrong("a number")),
        ("arrayValue" | "kvlistValue", _) => Err(wrong("an object with values")),
        _ => Err(Fault::new(kind.as_str(), "is no type of attribute")),
    }
}
