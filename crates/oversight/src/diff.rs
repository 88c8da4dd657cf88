//! What changed between two versions, field by field: the reader's "changed since you last looked". Works
//! on the JSON of any two values; how a difference is painted is the app's.

use serde_json::Value;

/// One place where two values differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Dotted path with indices, `plan.rollback[1]`.
    pub path: String,
    /// Absent: it was not there before.
    pub before: Option<Value>,
    /// Absent: it is no longer there.
    pub after: Option<Value>,
}

/// Every place where `after` differs from `before`, in the order of `after`'s fields, removed ones last.
/// Arrays are compared index by index.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut out = Vec::new();
    walk(String::new(), Some(before), Some(after), &mut out);
    out
}

fn walk(path: String, before: Option<&Value>, after: Option<&Value>, out: &mut Vec<Difference>) {
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            new.iter().for_each(|(key, value)| walk(join(key), old.get(key), Some(value), out));
            old.iter()
                .filter(|(key, _)| !new.contains_key(*key))
                .for_each(|(key, value)| walk(join(key), Some(value), None, out));
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            for index in 0..old.len().max(new.len()) {
                walk(format!("{path}[{index}]"), old.get(index), new.get(index), out);
            }
        }
        (before, after) if before != after => {
            out.push(Difference { path, before: before.cloned(), after: after.cloned() })
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_difference_has_its_path() {
        let before = json!({"a": {"b": 1, "gone": true}, "list": [1, {"c": 2}], "same": [1]});
        let after = json!({"a": {"b": 2}, "list": [1, {"c": 3}, 4], "same": [1], "new": null});
        let shown: Vec<String> = differences(&before, &after)
            .into_iter()
            .map(|d| {
                format!(
                    "{} {} {}",
                    d.path,
                    d.before.map_or("absent".into(), |v| v.to_string()),
                    d.after.map_or("absent".into(), |v| v.to_string())
                )
            })
            .collect();
        assert_eq!(shown, ["a.b 1 2", "a.gone true absent", "list[1].c 2 3", "list[2] absent 4", "new absent null"]);
        assert!(differences(&before, &before).is_empty());
    }
}
