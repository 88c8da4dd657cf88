//! Jaeger JSON, as its query service answers and its interface downloads: traces with `spans` and `processes`, times in
//! microseconds, typed tags. Which tag stands for what of OpenTelemetry: "OpenTelemetry to Jaeger Transformation" of the
//! OpenTelemetry specification. What a span means is not read here.

use super::span::{Found, Span, Status, add, beneath, id, whole};
use crate::formats::lax;
use crate::json::{Fault, MAX_INTEGER};
use crate::time::Instant;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::rc::Rc;

/// Reads an answer of the query service, `{"data": [trace, …]}`.
pub fn read_answer<'a>(found: &mut Found<'a>, document: &[(String, &'a RawValue)], text: &'a str, path: &str) {
    let data = document.iter().find(|(name, _)| name == "data").map_or("null", |(_, data)| data.get());
    let path = if path.is_empty() { "data".to_owned() } else { format!("{path}.data") };
    match lax::elements(data) {
        Ok(Some(traces)) => {
            for (index, trace) in traces.into_iter().enumerate() {
                read_trace(found, trace.get(), &format!("{path}[{index}]"));
            }
        }
        Ok(None) => found.reject(Fault::new(path, "not a list of traces"), text.as_bytes()),
        Err(fault) => found.reject(beneath(&path, fault), text.as_bytes()),
    }
}

/// Reads one trace.
pub fn read_trace<'a>(found: &mut Found<'a>, text: &'a str, path: &str) {
    let (spans, processes) = match parts(text) {
        Ok(parts) => parts,
        Err(fault) => return found.reject(beneath(path, fault), text.as_bytes()),
    };
    for (index, text) in spans.into_iter().enumerate() {
        let text = text.get();
        let path = beneath(path, Fault::new(format!("spans[{index}]"), "")).path;
        match span(text, &path, &processes) {
            Ok(mut span) => {
                span.position = found.next();
                span.recognise();
                found.spans.push(span);
            }
            Err(fault) => found.reject(beneath(&path, fault), text.as_bytes()),
        }
    }
}

type Parts<'a> = (Vec<&'a RawValue>, Map<String, Value>);

fn parts(text: &str) -> Result<Parts<'_>, Fault> {
    let members = lax::members(text)?.ok_or_else(|| Fault::new("", "a trace is an object"))?;
    let of = |wanted: &str| members.iter().find(|(name, _)| name == wanted).map(|(_, part)| part.get());
    let spans = of("spans").ok_or_else(|| Fault::new("spans", "missing"))?;
    let spans = lax::elements(spans).map_err(|fault| fault.within("spans"))?;
    let processes = match of("processes").map(lax::value).transpose().map_err(|fault| fault.within("processes"))? {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(processes)) => processes,
        Some(_) => return Err(Fault::new("processes", "not an object")),
    };
    Ok((spans.ok_or_else(|| Fault::new("spans", "not a list"))?, processes))
}

fn span<'a>(text: &'a str, path: &str, processes: &Map<String, Value>) -> Result<Span<'a>, Fault> {
    let json = lax::value(text)?;
    let Value::Object(given) = &json else { return Err(Fault::new("", "a span is an object")) };
    let trace = id(given.get("traceID"), "traceID", 32, true)?;
    let (attributes, doubled) = tags(given.get("tags")).map_err(|fault| fault.within("tags"))?;
    let named = given.get("processID").and_then(Value::as_str).and_then(|name| processes.get(name));
    let process = named.or(given.get("process"));
    let service = process.and_then(|process| process.get("serviceName")).and_then(Value::as_str);
    let around = process.map(|process| ("process".to_owned(), process.clone()));
    Ok(Span {
        format: "jaeger",
        position: 0,
        path: path.to_owned(),
        text,
        around: Rc::new(around.into_iter().collect()),
        service: service.map(str::to_owned),
        id: id(given.get("spanID"), "spanID", 16, true)?,
        parent: parent(given, &trace)?,
        trace,
        name: given.get("operationName").and_then(Value::as_str).unwrap_or_default().to_owned(),
        times: times(given),
        status: status(&attributes),
        attributes,
        doubled,
        operation: Ok(None),
        json,
    })
}

/// The span that this one is a child of, in the same trace; what it merely follows from does not enclose it.
fn parent(given: &Map<String, Value>, trace: &str) -> Result<Option<String>, Fault> {
    let references = match given.get("references") {
        None | Some(Value::Null) => &Vec::new(),
        Some(Value::Array(references)) => references,
        Some(_) => return Err(Fault::new("references", "not a list")),
    };
    for (index, reference) in references.iter().enumerate() {
        let within = |fault: Fault| fault.within(&format!("references[{index}]"));
        if reference.get("refType").and_then(Value::as_str) == Some("CHILD_OF")
            && id(reference.get("traceID"), "traceID", 32, true).map_err(within)? == trace
        {
            return id(reference.get("spanID"), "spanID", 16, true).map(Some).map_err(within);
        }
    }
    // Before it had references, a span named its parent itself.
    match given.get("parentSpanID") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.bytes().all(|byte| byte == b'0') => Ok(None),
        some => id(some, "parentSpanID", 16, true).map(Some),
    }
}

/// `startTime` and `duration`, microseconds.
fn times(given: &Map<String, Value>) -> Result<(Instant, Option<Instant>), Fault> {
    let micros = |name: &str| match given.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_i64().filter(|micros| *micros >= 0) {
            Some(micros) => Ok(Some(micros)),
            None => Err(Fault::new(name, "not a whole number of microseconds")),
        },
    };
    let instant = |name: &str, micros: i64| {
        Instant::from_unix_micros(micros).map_err(|error| Fault::new(name, error.to_string()))
    };
    let start = micros("startTime")?.ok_or_else(|| Fault::new("startTime", "missing"))?;
    let end = micros("duration")?.map(|duration| instant("duration", start.saturating_add(duration))).transpose()?;
    Ok((instant("startTime", start)?, end))
}

/// `otel.status_code`, or the older `error`, which OpenTelemetry sets beside it.
fn status(tags: &Map<String, Value>) -> Status {
    let text = |name: &str| tags.get(name).and_then(Value::as_str);
    let failed = tags.get("error").is_some_and(|error| error == true || error == "true");
    match text("otel.status_code") {
        Some("OK") => Status::Done,
        Some("ERROR") => Status::Failed(text("otel.status_description").map(str::to_owned)),
        _ if failed => Status::Failed(text("otel.status_description").map(str::to_owned)),
        _ => Status::Unset,
    }
}

/// A list of `{"key", "type", "value"}` as a map, and the first that is read and given twice.
fn tags(given: Option<&Value>) -> Result<(Map<String, Value>, Option<String>), Fault> {
    let (mut tags, mut doubled) = (Map::new(), None);
    let list = match given {
        None | Some(Value::Null) => return Ok((tags, doubled)),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Fault::new("", "not a list")),
    };
    for (index, tag) in list.iter().enumerate() {
        let key = tag.get("key").and_then(Value::as_str);
        let key = key.ok_or_else(|| Fault::new(format!("[{index}].key"), "missing, or not a string"))?;
        let value = tag.get("value").cloned().unwrap_or_default();
        // A large integer travels as its digits.
        let value = match tag.get("type").and_then(Value::as_str) {
            Some("int64") => match whole(&value) {
                Some(number) if number.unsigned_abs() <= MAX_INTEGER => number.into(),
                _ => value,
            },
            _ => value,
        };
        add(&mut tags, &mut doubled, key.to_owned(), value);
    }
    Ok((tags, doubled))
}
