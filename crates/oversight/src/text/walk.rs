//! Findings on every string and every object key of a JSON value. What a finding says is `analyse`'s;
//! which fields are prose and which are targets is the caller's to say.

use super::analyse::{Shape, analyse, analyse_at};
use super::escape::visible;
use crate::finding::Finding;
use serde_json::Value;

/// Characters of an unusual key that a path repeats.
const KEY_IN_PATH: usize = 64;

/// The findings on `value`, whose own path is `path` (may be empty), in document order with the keys of an
/// object in code point order. Paths are dotted with indices, `resources[0].uid`; a key that is no plain
/// word stands escaped in brackets, `tags["cost centre"]`, cut to 64 characters. `shape_of` is asked once a
/// string, with its path; keys count as identifiers. Depth is bounded by memory alone.
pub fn analyse_json(path: &str, value: &Value, shape_of: impl Fn(&str) -> Shape) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut path = path.to_owned();
    // What is left to visit, last first: length of the parent's path, the step from there, the value.
    let mut left = vec![(path.len(), Step::None, value)];
    while let Some((parent, step, value)) = left.pop() {
        path.truncate(parent);
        match step {
            Step::None => {}
            Step::Index(index) => path.push_str(&format!("[{index}]")),
            Step::Key(key) => {
                push_key(&mut path, key);
                findings.extend(analyse_at(&path, key, Shape::Identifier, "a field name"));
            }
        }
        let here = path.len();
        match value {
            Value::String(text) => findings.extend(analyse(&path, text, shape_of(&path))),
            Value::Array(items) => {
                left.extend(items.iter().enumerate().rev().map(|(index, item)| (here, Step::Index(index), item)));
            }
            Value::Object(fields) => {
                let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
                // The map's own order depends on a feature of serde_json that any crate may switch on.
                fields.sort_unstable_by_key(|&(key, _)| std::cmp::Reverse(key));
                left.extend(fields.into_iter().map(|(key, value)| (here, Step::Key(key), value)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    findings
}

enum Step<'a> {
    None,
    Index(usize),
    Key(&'a str),
}

fn push_key(path: &mut String, key: &str) {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !key.is_empty() && key.len() <= KEY_IN_PATH && key.bytes().all(word) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
        return;
    }
    let shown: String = key.chars().take(KEY_IN_PATH).collect();
    path.push_str("[\"");
    path.push_str(&visible(&shown).replace('\\', "\\\\").replace('"', "\\\""));
    if shown.len() < key.len() {
        path.push('…');
    }
    path.push_str("\"]");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: &Value) -> Vec<(String, String)> {
        let findings = analyse_json("", value, |_| Shape::Identifier);
        findings.into_iter().map(|finding| (finding.field, finding.title)).collect()
    }

    #[test]
    fn paths_reach_every_string_and_key() {
        let value = json!({
            "resources": [{"uid": "plain"}, {"uid": "a\u{200B}b", "tags": {"x": ["\u{202E}"]}}],
            "a\u{200B}": 1,
            "cost \"centre\"": {"k": "\u{1B}["},
        });
        let expected = [
            ("[\"a[U+200B]\"]", "Hidden character in a field name"),
            ("[\"cost \\\"centre\\\"\"].k", "Terminal escape sequence in a target"),
            ("resources[1].tags.x[0]", "Bidirectional control in a target"),
            ("resources[1].uid", "Hidden character in a target"),
        ];
        assert_eq!(fields(&value), expected.map(|(field, title)| (field.to_owned(), title.to_owned())));
    }

    #[test]
    fn the_given_path_comes_first_and_decides_the_shape() {
        let value = json!({"rationale": "a\u{A0}b", "uid": "a\u{A0}b"});
        let shape_of = |path: &str| if path == "change.rationale" { Shape::Prose } else { Shape::Identifier };
        let findings = analyse_json("change", &value, shape_of);
        let found: Vec<_> = findings.iter().map(|f| (f.field.as_str(), f.severity.as_str())).collect();
        assert_eq!(found, [("change.rationale", "info"), ("change.uid", "high")]);
    }

    #[test]
    fn a_deep_value_is_walked_without_recursion() {
        let mut value = json!("\u{202E}");
        for _ in 0..10_000 {
            value = Value::Array(vec![value]);
        }
        assert_eq!(analyse_json("", &value, |_| Shape::Prose).len(), 1);
        // Dropping it would recurse.
        std::mem::forget(value);
    }

    #[test]
    fn an_enormous_key_does_not_fill_the_path() {
        let findings = fields(&json!({ "\u{200B}".repeat(100_000): "\u{202E}" }));
        assert!(findings.iter().all(|(field, _)| field.len() < 1_000));
        assert_eq!(findings.len(), 2);
    }
}
