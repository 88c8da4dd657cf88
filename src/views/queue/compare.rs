//! What changed between the version the reader saw last and the one shown: which fields count, and which run
//! of each value differs. Pure; the walk over the JSON is `oversight::diff`, the drawing `diff`.

use oversight::change::Version;
use oversight::diff::{Difference, differences};
use serde_json::Value;

/// Fields that differ between any two versions and say nothing to a reader: numbers, times and digests.
const OF_EVERY_VERSION: [&str; 6] = ["change", "version", "nonce", "action_digest", "proposed_at", "expires_at"];

/// The order a change is read in: what the agent proposes, what the endpoint made of it. Others come last.
const ORDER: [&str; 15] = [
    "title",
    "action",
    "resources",
    "plan",
    "step",
    "agent",
    "on_behalf_of",
    "session",
    "rationale",
    "evidence",
    "claims",
    "classification",
    "blast_radius",
    "policy",
    "findings",
];

/// Every meaningful difference from `before` to `after`, in the order the change is read.
pub fn changed(before: &Version, after: &Version) -> Vec<Difference> {
    let rank = |path: &str| ORDER.iter().position(|name| path.starts_with(name)).unwrap_or(ORDER.len());
    let mut found = differences(&meaningful(before), &meaningful(after));
    found.sort_by_key(|difference| rank(&difference.path));
    found
        .into_iter()
        .map(|difference| Difference {
            path: difference.path.trim_start_matches("action.arguments.").to_owned(),
            ..difference
        })
        .collect()
}

fn meaningful(version: &Version) -> Value {
    let mut value = serde_json::to_value(version).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        OF_EVERY_VERSION.iter().for_each(|name| drop(object.remove(*name)));
        // The sentences why, which shift by one whenever a step comes or goes; what they give reasons for is compared.
        if let Some(class) = object.get_mut("classification").and_then(Value::as_object_mut) {
            class.remove("reasons");
        }
    }
    value
}

/// A value as one line: JSON, strings in their quotes.
pub fn line(value: &Value) -> String {
    value.to_string()
}

/// A text cut in three: what both share in front, what differs, what both share behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub front: String,
    pub middle: String,
    pub back: String,
}

/// Cuts both texts where they begin and end to differ, at whole characters.
pub fn cut(before: &str, after: &str) -> (Cut, Cut) {
    let (old, new): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    let front = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - front;
    let back = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let part = |chars: &[char]| Cut {
        front: chars[..front].iter().collect(),
        middle: chars[front..chars.len() - back].iter().collect(),
        back: chars[chars.len() - back..].iter().collect(),
    };
    (part(&old), part(&new))
}

/// Every scalar of a JSON object with its path, in order: the arguments of an action, none left out.
pub fn leaves(object: &serde_json::Map<String, Value>) -> Vec<(String, String)> {
    fn walk(path: String, value: &Value, out: &mut Vec<(String, String)>) {
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                inner.iter().for_each(|(key, value)| walk(format!("{path}.{key}"), value, out))
            }
            Value::Array(items) if !items.is_empty() => {
                items.iter().enumerate().for_each(|(i, value)| walk(format!("{path}[{i}]"), value, out))
            }
            other => out.push((path, line(other))),
        }
    }
    let mut out = Vec::new();
    object.iter().for_each(|(key, value)| walk(key.clone(), value, &mut out));
    out
}

/// The text of the field that a finding names by its dotted path, where it is a string.
pub fn field_text(version: &Version, path: &str) -> Option<String> {
    let whole = serde_json::to_value(version).ok()?;
    let mut value = &whole;
    for step in path.split('.') {
        let (name, indices) = step.split_once('[').map_or((step, ""), |(name, rest)| (name, rest));
        if !name.is_empty() {
            value = value.get(name)?;
        }
        for index in indices.split('[').filter(|index| !index.is_empty()) {
            value = value.get(index.trim_end_matches(']').parse::<usize>().ok()?)?;
        }
    }
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::view;
    use serde_json::json;

    #[test]
    fn what_every_version_changes_is_left_out() {
        let before = view(41).reviewed;
        let mut after = before.clone();
        after.version = 4;
        after.nonce = "f".repeat(32);
        after.expires_at = after.expires_at.plus_seconds(60);
        assert_eq!(changed(&before, &after), []);
        after.action.arguments["rules"][0]["days"] = json!(60);
        after.rationale = None;
        after.resources[0].uid.push('\u{200b}');
        after.classification.returns_credentials = true;
        after.classification.reasons.insert(0, "Another sentence.".into());
        after.claims.clear();
        let paths: Vec<String> = changed(&before, &after).into_iter().map(|difference| difference.path).collect();
        let claims: Vec<String> = (0..before.claims.len()).map(|index| format!("claims[{index}]")).collect();
        let mut read = vec!["rules[0].days", "resources[0].uid", "rationale"];
        read.extend(claims.iter().map(String::as_str));
        read.push("classification.returns_credentials");
        assert_eq!(paths, read);
    }

    #[test]
    fn the_two_cuts_put_together_are_the_texts_again() {
        for (before, after, middles) in [
            ("\"exports/cur/\"", "\"exports/cur\u{200b}/\"", ("", "\u{200b}")),
            ("60", "30", ("6", "3")),
            ("aa", "aaa", ("", "a")),
            ("", "new", ("", "new")),
            ("é1", "é2", ("1", "2")),
            ("same", "same", ("", "")),
        ] {
            let (old, new) = cut(before, after);
            assert_eq!((old.middle.as_str(), new.middle.as_str()), middles, "{before} {after}");
            assert_eq!(format!("{}{}{}", old.front, old.middle, old.back), before);
            assert_eq!(format!("{}{}{}", new.front, new.middle, new.back), after);
            assert_eq!((old.front, old.back), (new.front, new.back));
        }
    }

    #[test]
    fn no_argument_is_left_out() {
        let arguments = json!({"rules": [{"prefix": "a", "days": 30}, {}], "dry": false, "none": null});
        let leaves = leaves(arguments.as_object().unwrap());
        let shown: Vec<String> = leaves.into_iter().map(|(path, value)| format!("{path} = {value}")).collect();
        let mut expected =
            ["dry = false", "none = null", "rules[0].days = 30", "rules[0].prefix = \"a\"", "rules[1] = {}"];
        let mut sorted = shown.clone();
        sorted.sort();
        expected.sort();
        assert_eq!(sorted, expected);
    }

    #[test]
    fn a_finding_finds_its_field() {
        let version = view(41).reviewed;
        for (path, text) in [
            ("title", Some("Move billing exports to cold storage")),
            ("resources[0].uid", Some("arn:aws:s3:::billing-export-eu1")),
            ("action.arguments.rules[0].prefix", Some("exports/cur/")),
            ("action.arguments.rules[0].days", None),
            ("resources[7].uid", None),
            ("", None),
        ] {
            assert_eq!(field_text(&version, path).as_deref(), text, "{path}");
        }
    }
}
