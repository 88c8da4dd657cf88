//! Walking the arguments of an action: names and texts at any depth. What a finding in them means is said
//! by who asks: `action_table`, `estate`, `principals`. Depth is bounded by the JSON reader.

use serde_json::{Map, Value};

/// Whether any argument, at any depth, satisfies `test`, which is given its name in lower case.
pub fn any_named(arguments: &Map<String, Value>, test: &dyn Fn(&str, &Value) -> bool) -> bool {
    arguments.iter().any(|(name, value)| test(&name.to_lowercase(), value) || any_within(value, test))
}

fn any_within(value: &Value, test: &dyn Fn(&str, &Value) -> bool) -> bool {
    match value {
        Value::Object(inner) => any_named(inner, test),
        Value::Array(items) => items.iter().any(|item| any_within(item, test)),
        _ => false,
    }
}

/// A text found in arguments, with the name it stands under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// The nearest name above it; empty in a bare list.
    pub name: &'a str,
    pub text: &'a str,
}

/// Every text in the arguments, at any depth, in order.
pub fn texts(arguments: &Map<String, Value>) -> Vec<Text<'_>> {
    let mut found = Vec::new();
    for (name, value) in arguments {
        collect(name, value, &mut found);
    }
    found
}

fn collect<'a>(name: &'a str, value: &'a Value, found: &mut Vec<Text<'a>>) {
    match value {
        Value::String(text) => found.push(Text { name, text }),
        Value::Array(items) => items.iter().for_each(|item| collect(name, item, found)),
        Value::Object(inner) => inner.iter().for_each(|(name, value)| collect(name, value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Prefixes of identifiers that the provider gives: `i-`, `vol-`, `subnet-`. A thing that has one exists already.
const GIVEN_BY_THE_PROVIDER: [&str; 22] = [
    "acl", "ami", "cgw", "eipalloc", "eni", "fs", "i", "igw", "lt", "nat", "pcx", "pl", "r", "rtb", "sg", "snap",
    "subnet", "tgw", "vgw", "vol", "vpc", "vpce",
];

/// Every identifier of a thing that exists, as the provider gave it (`i-0d3f571c2a9e04aa1`), that stands in the
/// arguments by itself or in a list of words; each once.
pub fn provider_ids(arguments: &Map<String, Value>) -> Vec<&str> {
    let given = |word: &&str| {
        word.split_once('-').is_some_and(|(prefix, rest)| {
            GIVEN_BY_THE_PROVIDER.contains(&prefix)
                && matches!(rest.len(), 8 | 17)
                && rest.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    let mut found = Vec::new();
    for text in texts(arguments) {
        for word in text.text.split([',', ';', ' ', '\t', '\n']).filter(given) {
            if !found.contains(&word) {
                found.push(word);
            }
        }
    }
    found
}

/// Every `key` and `value` pair that looks like a tag (`{"key": "env", "value": "prod"}`, in any case).
pub fn tags(arguments: &Map<String, Value>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for value in arguments.values() {
        collect_tags(value, &mut found);
    }
    found
}

fn collect_tags(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_tags(item, found)),
        Value::Object(inner) => {
            let named = |wanted: &str| {
                inner.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).and_then(|(_, value)| value.as_str())
            };
            if let (Some(key), Some(value)) = (named("key").or(named("tagKey")), named("value").or(named("tagValue"))) {
                found.push((key.to_owned(), value.to_owned()));
            }
            inner.values().for_each(|value| collect_tags(value, found));
        }
        _ => {}
    }
}

/// A truth value, number or text as one lower-case word.
pub fn word(value: &Value) -> Option<String> {
    match value {
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.trim().to_lowercase()),
        // CloudTrail wraps single settings: {"value": false}.
        Value::Object(inner) if inner.len() == 1 => inner.get("value").and_then(word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_texts_and_tags_are_found_at_any_depth() {
        let given = json!({"a": [{"Deep": {"Key": "env", "Value": "prod"}}, "x"], "flag": {"value": false}});
        let given = given.as_object().unwrap();
        assert!(any_named(given, &|name, value| name == "value" && value == "prod"));
        assert!(!any_named(given, &|name, _| name == "env"));
        assert_eq!(
            texts(given).iter().map(|text| (text.name, text.text)).collect::<Vec<_>>(),
            [("Key", "env"), ("Value", "prod"), ("a", "x")]
        );
        assert_eq!(tags(given), [("env".to_owned(), "prod".to_owned())]);
        assert_eq!(word(&given["flag"]).as_deref(), Some("false"));
    }
}
