//! The scanner against the decoder that it stands in for: whatever it takes, that takes, with an equal row.

use super::records::{each_kind, line, line_in_declared_order, whole};
use super::scan::Scanner;
use super::shape::{Object, RECORD, Shape};
use super::*;
use oversight::generated::{Generator, Sample, VALUES, cases};
use serde_json::{Map, json};
use std::io::Write;

fn by_decoder(text: &[u8]) -> Result<Row<'static>, Fault> {
    AuditRecord::read(text).map(|record| Row::of(&record))
}

/// Whether the scanner took it; panics where it should not have, or made something else of it.
#[track_caller]
fn taken(scanner: &mut Scanner, text: &[u8]) -> bool {
    let Some(row) = scanner.scan(text) else { return false };
    match by_decoder(text) {
        Ok(expected) => assert_eq!(row, expected, "{}", text.escape_ascii()),
        Err(fault) => panic!("taken and refused, {fault}: {}", text.escape_ascii()),
    }
    true
}

#[test]
fn every_kind_that_the_endpoint_writes_is_taken() {
    let (mut scanner, mut order) = (Scanner::default(), Generator::new("order", 1));
    for record in each_kind() {
        for text in [line(&record), line_in_declared_order(&record)] {
            assert!(taken(&mut scanner, text.as_bytes()), "{text}");
        }
        let mixed = mixed(&serde_json::to_value(&record).unwrap(), &mut order);
        assert!(taken(&mut scanner, mixed.as_bytes()), "{mixed}");
        let spaced = serde_json::to_string_pretty(&record).unwrap().replace('\n', " \t\r ");
        assert!(taken(&mut scanner, spaced.as_bytes()), "{spaced}");
    }
}

#[test]
fn the_table_names_every_field_that_a_record_knows() {
    fn check(value: &Value, shape: &Shape, path: &str) {
        match (value, shape) {
            (_, Shape::Object(object)) => members(value, object, path),
            (Value::Array(items), Shape::List(inner)) => items.iter().for_each(|item| check(item, inner, path)),
            (_, Shape::Either(one, other)) => {
                members(value, if value["type"] == "check" { other } else { one }, path);
            }
            (_, Shape::Any | Shape::Keyed(_)) => {}
            (value, _) => assert!(!value.is_object() && !value.is_array(), "{path}: {shape:?}"),
        }
    }
    fn members(value: &Value, object: &Object, path: &str) {
        for (name, inner) in value.as_object().expect(path) {
            if inner.get("missing").is_some() {
                continue;
            }
            let member = object.members.iter().find(|member| member.name == name);
            let member = member.unwrap_or_else(|| panic!("{path}.{name} is not in the table"));
            check(inner, &member.shape, &format!("{path}.{name}"));
        }
    }
    let mut record = whole();
    record.extra = Map::new();
    let value = serde_json::to_value(&record).unwrap();
    // Every field is there, so that the table has no more than the record.
    assert_eq!(value.as_object().unwrap().len(), RECORD.members.len());
    members(&value, &RECORD, "");
}

/// One change at every place of a record: each value, gone, twice, or with another beside it.
#[test]
fn one_thing_wrong_at_any_place_is_never_taken_for_right() {
    fn every(value: &Value, put: &mut dyn FnMut(String)) {
        for other in VALUES.iter().chain(&WORDS) {
            put((*other).to_owned());
        }
        match value {
            Value::Object(object) => {
                let text = |name: &str, inner: &str| format!("{}:{inner}", Value::from(name));
                let joined = |members: Vec<String>| format!("{{{}}}", members.join(","));
                let all = || object.iter().map(|(name, inner)| text(name, &inner.to_string()));
                for beside in
                    [r#""x":1"#, r#""missing":"unknown""#, r#""$x":1"#, r#""\u0078":1"#, r#""x":{"a":1,"a":1}"#]
                {
                    put(joined(all().chain([beside.to_owned()]).collect()));
                    put(joined([beside.to_owned()].into_iter().chain(all()).collect()));
                }
                for (at, (name, inner)) in object.iter().enumerate() {
                    put(joined(all().enumerate().filter(|(i, _)| *i != at).map(|(_, member)| member).collect()));
                    put(joined(all().chain([text(name, &inner.to_string())]).collect()));
                    put(joined(all().rev().collect()));
                    every(inner, &mut |changed| {
                        let with = |(i, member)| if i == at { text(name, &changed) } else { member };
                        put(joined(all().enumerate().map(with).collect()));
                    });
                }
            }
            Value::Array(items) => {
                for (at, inner) in items.iter().enumerate() {
                    every(inner, &mut |changed| {
                        let with =
                            |(i, item): (usize, &Value)| if i == at { changed.clone() } else { item.to_string() };
                        put(format!("[{}]", items.iter().enumerate().map(with).collect::<Vec<_>>().join(",")));
                    });
                }
            }
            _ => {}
        }
    }
    let (mut scanner, mut count, mut fast) = (Scanner::default(), 0, 0);
    every(&serde_json::to_value(whole()).unwrap(), &mut |text| {
        count += 1;
        fast += u64::from(taken(&mut scanner, text.as_bytes()));
    });
    println!("one thing wrong: {count} inputs, {fast} taken");
    assert!(count > 5_000 && fast * 20 > count && fast * 20 < count * 19, "{fast} of {count}");
}

/// Values and members that are near to being right at some place or other of a record.
const WORDS: [&str; 62] = [
    "\"execution\"",
    "\"review\"",
    "\"write\"",
    "\"production\"",
    "\"unknown\"",
    "\"high\"",
    "\"agent\"",
    "\"allow\"",
    "\"approve\"",
    "\"success\"",
    "\"check\"",
    "\"action\"",
    "{\"write\":null}",
    "{\"production\":null}",
    "{\"missing\":\"not_recorded\"}",
    "{\"missing\":\"unobserved\"}",
    "{\"missing\":null}",
    "{\"missing\":\"unknown\",\"x\":1}",
    "{\"missing\":\"unknown\",\"missing\":\"unknown\"}",
    "{ \"missing\" : \"redacted\" }",
    "{\"x\":1,\"missing\":\"unknown\"}",
    "{\"\\u006dissing\":\"unknown\"}",
    "{\"uid\":\"a\"}",
    "{\"uid\":\"a\",\"name\":\"b\"}",
    "{\"uid\":\"a\",\"role\":\"agent\",\"role2\":1}",
    "{\"service\":\"s3\",\"operation\":\"Get\"}",
    "{\"type\":\"check\",\"note\":\"n\"}",
    "{\"type\":\"check\",\"note\":null}",
    "{\"type\":\"action\",\"service\":\"s\",\"operation\":\"o\",\"note\":null}",
    "{\"earliest\":\"2025-12-10T00:00:00Z\",\"latest\":\"2025-12-20T00:00:00Z\"}",
    "\"2026-03-14T09:26:53.123456789Z\"",
    "\"2026-03-14T09:26:53.1234567891Z\"",
    "\"2026-03-14T09:26:53+00:00\"",
    "\"2026-03-14t09:26:53z\"",
    "\"2026-02-29T09:26:53Z\"",
    "\"0000-12-31T00:00:00Z\"",
    "\"CH-999999999999999\"",
    "\"CH-9999999999999999\"",
    "\"9f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e2\"",
    "\"9F3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e2\"",
    "4294967295",
    "4294967296",
    "999999999999999",
    "1000000000000000",
    "1.0",
    "1e2",
    "[\"a\"]",
    "[\"billing\"]",
    "[{\"uid\":\"a\"},{\"uid\":\"b\",\"region\":\"r\"}]",
    "[{\"uid\":\"a\"},{}]",
    "[{},{\"uid\":\"a\"}]",
    "[1,2,]",
    "{\"a\":1,}",
    "{\"b\":1,\"a\":{\"d\":1,\"c\":2,\"d\":3}}",
    "{\"b\":1,\"a\":2,\"c\":3,\"a\":4}",
    // What serde_json gives a meaning of its own, where raw values are compiled in.
    "{\"$serde_json::private::RawValue\":\"x\"}",
    "{\"$serde_json::private::RawValue\":\"{}\"}",
    "\"\\n\\t\\\"\\\\\\/\\u00e9\"",
    "\"\\udc00\"",
    "\"\u{85}\"",
    "\"\u{2003}\"",
    "\"\u{7f}\"",
];

/// The same JSON with the members of every object in another order.
fn mixed(value: &Value, order: &mut Generator) -> String {
    match value {
        Value::Object(object) => {
            let mut left: Vec<_> = object.iter().collect();
            let mut members = Vec::new();
            while !left.is_empty() {
                let (name, value) = left.swap_remove(order.below(left.len()));
                members.push(format!("{}:{}", Value::from(name.as_str()), mixed(value, order)));
            }
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| mixed(item, order)).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

/// Altered records: cut, doubled, spliced, with members in another order or with a part of another record.
#[test]
fn scanner_and_decoder_never_differ() {
    let records = each_kind();
    let mut order = Generator::new("order", 0);
    let samples: Vec<Sample> = records
        .iter()
        .flat_map(|record| {
            let mixed = mixed(&serde_json::to_value(record).unwrap(), &mut order);
            [line(record), line_in_declared_order(record), mixed]
        })
        .map(Sample::json)
        .collect();
    let members: Vec<String> = records
        .iter()
        .flat_map(|record| match serde_json::to_value(record).unwrap() {
            Value::Object(object) => object,
            _ => Map::new(),
        })
        .map(|(name, value)| format!("{}:{value}", Value::from(name)))
        .collect();
    let words: Vec<&str> = VALUES.iter().chain(&WORDS).copied().chain(members.iter().map(String::as_str)).collect();
    let cases = cases(20_000);
    // (accepted, taken) of every `threads`th input from `first` on.
    let try_some = &|first: u64, threads: u64| {
        let (mut scanner, mut accepted, mut fast) = (Scanner::default(), 0u64, 0u64);
        for number in (first..cases).step_by(threads as usize) {
            let text = Generator::new("scanner", number).altered(&samples, &words);
            let scanned = scanner.scan(&text);
            let decoded = by_decoder(&text);
            match (&scanned, &decoded) {
                (Some(row), Ok(expected)) => assert!(row == expected, "input {number}: {}", text.escape_ascii()),
                (Some(_), Err(fault)) => {
                    panic!("input {number} is taken, and refused: {fault}: {}", text.escape_ascii())
                }
                (None, _) => {}
            }
            accepted += u64::from(decoded.is_ok());
            fast += u64::from(scanned.is_some());
        }
        (accepted, fast)
    };
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let (accepted, fast) = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(move || try_some(first, threads))).collect();
        let done = running.into_iter().map(|thread| thread.join().expect("the scanner and the decoder differ"));
        done.fold((0, 0), |sum, (accepted, fast)| (sum.0 + accepted, sum.1 + fast))
    });
    let line = format!(
        "scanner: {cases} inputs, {accepted} accepted, {} refused; {fast} taken by the scanner, no difference",
        cases - accepted
    );
    if std::env::var_os("COUNTERSIGN_CASES").is_some() {
        let _ = writeln!(std::io::stderr(), "{line}");
    } else {
        println!("{line}");
    }
    if cases >= 1_000 {
        assert!(fast * 20 > cases && fast * 20 < cases * 19, "{line}");
        assert!(fast < accepted, "{line}: the scanner left nothing to the decoder");
    }
}

#[test]
fn what_is_uncommon_is_left_to_the_decoder() {
    let mut scanner = Scanner::default();
    let good = json!({"uid": "r", "time": "2026-01-01T00:00:00Z", "kind": "claim"});
    let with = |name: &str, value: Value| {
        let mut object = good.clone();
        object[name] = value;
        object.to_string()
    };
    let mut nested = json!(1);
    (0..40).for_each(|_| nested = json!([nested]));
    let keys: Map<String, Value> = (0..200).map(|n| (format!("k{n:03}"), json!(n))).collect();
    let backwards: Vec<String> = keys.iter().rev().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    for (text, fast) in [
        (good.to_string(), true),
        (with("x", json!(keys)), true),
        (format!("{{\"x\":{{{}}},{}", backwards.join(","), &good.to_string()[1..]), false),
        (with("x", nested), false),
        (with("uid", json!("a\"b")), false),
        (with("x", json!("a\"b")), true),
        (with("agent", json!({"uid": "\u{e9}", "name": "a\"b"})), true),
        (with("actor", json!({"uid": "a\u{1}", "role": "agent"})), false),
        (with("time", json!({"earliest": "2026-01-01T00:00:00Z", "latest": "2026-01-01T00:00:00Z"})), false),
        (with("sequence", json!(1u64 << 53)), false),
        (with("x", json!(1e-7)), false),
        (with("\u{e9}", json!(1)), true),
        (with("a\"", json!(1)), false),
    ] {
        assert!(by_decoder(text.as_bytes()).is_ok(), "{text}");
        assert_eq!(taken(&mut scanner, text.as_bytes()), fast, "{text}");
    }
}
