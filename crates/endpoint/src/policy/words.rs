//! Literals that can never match: `resource.tier == "hihg"` is valid Cedar and silently false, and a rule
//! that never applies is worse than one that doesn't load. Types are the validator's; here are the words.

use cedar_policy::Policy;
use oversight::vocabulary::{AccessLevel, CriticalPath, Environment, Reversibility, Tier};
use serde_json::Value;

/// What an attribute can hold.
enum Range {
    /// One of these words.
    Words(Vec<&'static str>),
    /// Text in lower case.
    LowerCase,
}

fn range(attribute: &str) -> Option<Range> {
    // The effective tier and reversibility are never "unknown": unknown has become the dangerous word.
    let known = |words: &[&'static str]| words.iter().copied().filter(|word| *word != "unknown").collect();
    match attribute {
        "access_level" => Some(Range::Words(AccessLevel::WORDS.to_vec())),
        "environment" => Some(Range::Words(Environment::WORDS.to_vec())),
        "critical_paths" => Some(Range::Words(CriticalPath::WORDS.to_vec())),
        "tier" => Some(Range::Words(known(Tier::WORDS))),
        "reversibility" => Some(Range::Words(known(Reversibility::WORDS))),
        "service" | "operation" => Some(Range::LowerCase),
        _ => None,
    }
}

/// A sentence for each literal of `policy` that stands against an attribute that can't hold it.
pub fn check(policy: &Policy) -> Vec<String> {
    let mut faults = Vec::new();
    match policy.to_json() {
        Ok(json) => walk(&json, &mut faults),
        Err(error) => faults.push(format!("it can't be read back: {error}")),
    }
    faults
}

fn walk(node: &Value, faults: &mut Vec<String>) {
    match node {
        Value::Array(items) => items.iter().for_each(|item| walk(item, faults)),
        Value::Object(fields) => {
            if let Some(left) = fields.get("left") {
                let right = fields.get("right").or_else(|| fields.get("pattern"));
                compare(left, right, faults);
                if let Some(right) = right {
                    compare(right, Some(left), faults);
                }
            }
            fields.values().for_each(|value| walk(value, faults));
        }
        _ => {}
    }
}

/// Holds the literals of `other` against the attribute that `side` is, if it is one of the resource's.
fn compare(side: &Value, other: Option<&Value>, faults: &mut Vec<String>) {
    let access = &side["."];
    let attribute = access["attr"].as_str().filter(|_| access["left"]["Var"] == "resource");
    let (Some(attribute), Some(other)) = (attribute, other) else { return };
    let Some(range) = range(attribute) else { return };
    for literal in literals(other) {
        match &range {
            Range::Words(words) if !words.contains(&literal) => {
                faults.push(format!("resource.{attribute} is never {literal:?}; it is one of {}", words.join(", ")));
            }
            Range::LowerCase if literal.chars().any(char::is_uppercase) => {
                faults.push(format!("resource.{attribute} is in lower case and never {literal:?}"));
            }
            _ => {}
        }
    }
}

fn literals(node: &Value) -> Vec<&str> {
    if let Some(text) = node["Value"].as_str().or_else(|| node["Literal"].as_str()) {
        return vec![text];
    }
    let items = node["Set"].as_array().or_else(|| node["Value"].as_array()).or_else(|| node.as_array());
    items.map_or(Vec::new(), |items| {
        items
            .iter()
            .flat_map(|item| {
                item.as_str().filter(|text| *text != "Wildcard").map_or_else(|| literals(item), |text| vec![text])
            })
            .collect()
    })
}
