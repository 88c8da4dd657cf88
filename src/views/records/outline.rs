//! A whole record as lines to read: every field it has, in the words of `fields`; what is missing by its
//! kind; what it does not have by name; what this version does not know, as it came. Works on the JSON, so
//! that a record this version can't decode is readable all the same. Pure; drawing is `lines`.

use super::fields::{Known, SECTIONS, Shape, VOUCHERS};
use super::summary::Absence;
use oversight::id::ChangeId;
use oversight::missing::Missing;
use oversight::time::When;
use serde_json::{Map, Value};

/// A value as it is shown. All text is outside text.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    Gone(Absence),
    Text(String),
    Code(String),
    Quote(String),
    /// A word of a closed list, underscores as spaces.
    Word(String),
    Count(u64),
    Time(When),
    Change(ChangeId),
    Agent(String),
    Digest(String),
    /// An http or https address; any other is text.
    Link(String),
    /// There is a list, and it is empty.
    EmptyList,
}

/// A label and what stands beside it, one or several.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub label: String,
    pub values: Vec<Shown>,
}

/// Lines under one heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub title: &'static str,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outline {
    pub parts: Vec<Part>,
    /// Fields that a record may have and this one has not, by the reader's words.
    pub absent: Vec<&'static str>,
    /// Fields that this version does not know, by their paths.
    pub unknown: Vec<Line>,
    /// Who vouches for which part; `None` where the record does not say.
    pub vouched: Option<Vec<(String, String)>>,
}

/// How many lines a value of any shape may take; the rest is in the JSON.
const MOST_LINES: usize = 120;

impl Outline {
    pub fn of(record: &Value) -> Outline {
        let nothing = Map::new();
        let record = record.as_object().unwrap_or(&nothing);
        let mut outline = Outline::default();
        for section in SECTIONS {
            let mut walk = Walk::default();
            for field in section.fields {
                match record.get(field.name) {
                    None | Some(Value::Null) => outline.absent.push(field.label),
                    Some(value) => walk.field(field, value, field.name),
                }
            }
            for field in section.added {
                if let Some(value) = record.get(field.name).filter(|value| !value.is_null()) {
                    walk.field(field, value, field.name);
                }
            }
            outline.unknown.append(&mut walk.unknown);
            if !walk.lines.is_empty() {
                outline.parts.push(Part { title: section.title, lines: walk.lines });
            }
        }
        let is_known = |name: &str| {
            let mut fields = SECTIONS.iter().flat_map(|section| section.fields.iter().chain(section.added));
            name == VOUCHERS || fields.any(|field| field.name == name)
        };
        for (name, value) in record.iter().filter(|(name, _)| !is_known(name)) {
            flatten(name, value, &mut outline.unknown);
        }
        outline.vouched = record.get(VOUCHERS).and_then(Value::as_object).map(|vouchers| {
            let words = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            vouchers.iter().map(|(part, who)| (part.replace('_', " "), words(who))).collect()
        });
        outline
    }
}

/// The kind of missing that a value marks, if it does: `{"missing": "redacted"}`.
fn missing(value: &Value) -> Option<Missing> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    oversight::json::decode(object.get("missing")?.clone()).ok()
}

#[derive(Default)]
struct Walk {
    lines: Vec<Line>,
    unknown: Vec<Line>,
}

impl Walk {
    fn line(&mut self, label: &str, value: Shown) {
        self.lines.push(Line { label: label.to_owned(), values: vec![value] });
    }

    fn field(&mut self, field: &Known, value: &Value, path: &str) {
        if let Some(missing) = missing(value) {
            return self.line(field.label, Shown::Gone(Some(missing)));
        }
        match (field.shape, value) {
            (Shape::Object(fields), Value::Object(object)) => self.object(fields, object, path),
            (Shape::List(_), Value::Array(items)) if items.is_empty() => self.line(field.label, Shown::EmptyList),
            (Shape::List(Shape::Object(fields)), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    match item {
                        Value::Object(object) => self.object(fields, object, &path),
                        other => flatten(&path, other, &mut self.lines),
                    }
                }
            }
            (Shape::List(Shape::Step), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.step(&format!("{} {}", field.label, index + 1), item);
                }
            }
            (Shape::List(shape), Value::Array(items)) => {
                let values = items.iter().map(|item| leaf(*shape, item)).collect();
                self.lines.push(Line { label: field.label.to_owned(), values });
            }
            (Shape::Any, value) => flatten(field.label, value, &mut self.lines),
            (shape, Value::Object(_) | Value::Array(_)) if !matches!(shape, Shape::Time) => {
                flatten(field.label, value, &mut self.lines)
            }
            (shape, value) => self.line(field.label, leaf(shape, value)),
        }
    }

    fn object(&mut self, fields: &[Known], object: &Map<String, Value>, path: &str) {
        for field in fields {
            match object.get(field.name) {
                None | Some(Value::Null) => self.line(field.label, Shown::Gone(None)),
                Some(value) => self.field(field, value, &format!("{path}.{}", field.name)),
            }
        }
        for (name, value) in object.iter().filter(|(name, _)| fields.iter().all(|field| field.name != *name)) {
            flatten(&format!("{path}.{name}"), value, &mut self.unknown);
        }
    }

    /// `s3:PutObject`, its note and its arguments, or what is checked.
    fn step(&mut self, label: &str, step: &Value) {
        let word = |name: &str| step[name].as_str().map(str::to_owned);
        let mut values = Vec::new();
        if let (Some(service), Some(operation)) = (word("service"), word("operation")) {
            values.push(Shown::Code(format!("{service}:{operation}")));
        }
        if let Some(note) = word("note") {
            values.push(Shown::Quote(note));
        }
        if values.is_empty() {
            return flatten(label, step, &mut self.lines);
        }
        self.lines.push(Line { label: label.to_owned(), values });
        for (name, value) in step.as_object().into_iter().flatten() {
            if !matches!(name.as_str(), "type" | "service" | "operation" | "note") {
                flatten(&name.replace('_', " "), value, &mut self.lines);
            }
        }
    }
}

/// One value as its shape says; what does not fit the shape, as it came.
fn leaf(shape: Shape, value: &Value) -> Shown {
    if let Some(missing) = missing(value) {
        return Shown::Gone(Some(missing));
    }
    let raw = || Shown::Code(value.to_string());
    if let Shape::Time = shape {
        return oversight::json::decode(value.clone()).map_or_else(|_| raw(), Shown::Time);
    }
    if let (Shape::Count, Some(count)) = (shape, value.as_u64()) {
        return Shown::Count(count);
    }
    let Some(text) = value.as_str() else { return raw() };
    let text = text.to_owned();
    match shape {
        Shape::Word => Shown::Word(text.replace('_', " ")),
        Shape::Quote => Shown::Quote(text),
        Shape::Code => Shown::Code(text),
        Shape::Agent => Shown::Agent(text),
        Shape::Digest => Shown::Digest(text),
        Shape::Change => text.parse().map_or(Shown::Code(text), Shown::Change),
        Shape::Link if text.starts_with("https://") || text.starts_with("http://") => Shown::Link(text),
        _ => Shown::Text(text),
    }
}

/// Any JSON, one line a value, labelled by its path from `label`.
fn flatten(label: &str, value: &Value, lines: &mut Vec<Line>) {
    let start = lines.len();
    spread(label, value, lines, start + MOST_LINES);
}

fn spread(label: &str, value: &Value, lines: &mut Vec<Line>, end: usize) {
    if lines.len() >= end {
        if lines.len() == end {
            let more = Shown::Text("more values are in the JSON below".to_owned());
            lines.push(Line { label: "…".to_owned(), values: vec![more] });
        }
        return;
    }
    let shown = match value {
        _ if missing(value).is_some() => Shown::Gone(missing(value)),
        Value::Object(object) if !object.is_empty() => {
            return object.iter().for_each(|(name, value)| spread(&format!("{label}.{name}"), value, lines, end));
        }
        Value::Array(items) if !items.is_empty() => {
            let each = items.iter().enumerate();
            return each.for_each(|(index, value)| spread(&format!("{label}[{index}]"), value, lines, end));
        }
        scalar => Shown::Code(scalar.to_string()),
    };
    lines.push(Line { label: label.to_owned(), values: vec![shown] });
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::record::AuditRecord;
    use oversight::time::Instant;
    use oversight::vocabulary::Kind;
    use serde_json::json;

    fn line<'a>(outline: &'a Outline, title: &str, label: &str) -> &'a [Shown] {
        let part = outline.parts.iter().find(|part| part.title == title).unwrap_or_else(|| panic!("no {title}"));
        let line = part.lines.iter().find(|line| line.label == label);
        &line.unwrap_or_else(|| panic!("no {label} in {part:?}")).values
    }

    #[test]
    fn the_four_absences_stay_apart() {
        let outline = Outline::of(&json!({
            "uid": "r-1", "kind": "execution", "time": "2026-01-01T00:00:00Z", "rationale": {"missing": "redacted"},
            "agent": {"uid": "a", "name": "A", "owner": {"missing": "not_recorded"}},
            "blast_radius": {"resources": 0, "accounts": {"missing": "unobserved"}, "customers": {"missing": "unknown"}},
        }));
        assert_eq!(line(&outline, "Agent", "owner"), [Shown::Gone(Some(Missing::NotRecorded))]);
        assert_eq!(line(&outline, "Agent", "model"), [Shown::Gone(None)]);
        assert_eq!(line(&outline, "Why", "rationale"), [Shown::Gone(Some(Missing::Redacted))]);
        assert_eq!(line(&outline, "Classification", "accounts"), [Shown::Gone(Some(Missing::Unobserved))]);
        assert_eq!(line(&outline, "Classification", "customers"), [Shown::Gone(Some(Missing::Unknown))]);
        assert_eq!(line(&outline, "Classification", "resources"), [Shown::Count(0)]);
        assert_eq!(line(&outline, "Classification", "regions"), [Shown::Gone(None)]);
        assert!(outline.absent.contains(&"outcome") && !outline.absent.contains(&"rationale"));
        assert_eq!(outline.vouched, None);
    }

    #[test]
    fn what_this_version_does_not_know_is_shown_wherever_it_stands() {
        let outline = Outline::of(&json!({
            "uid": "r", "kind": "execution", "time": "2026-01-01T00:00:00Z",
            "x_vendor": {"kept": [1, {"a": "b\u{200b}"}], "empty": {}},
            "agent": {"uid": "a", "name": "A", "mood": "good"},
            "resources": [{"uid": "t", "colour": "red"}],
        }));
        // In what order a JSON object's fields come is not ours to say.
        let mut unknown: Vec<(&str, &Shown)> =
            outline.unknown.iter().map(|line| (line.label.as_str(), &line.values[0])).collect();
        unknown.sort_by_key(|(path, _)| *path);
        let code = |text: &str| Shown::Code(text.to_owned());
        assert_eq!(
            unknown,
            [
                ("agent.mood", &code("\"good\"")),
                ("resources[0].colour", &code("\"red\"")),
                ("x_vendor.empty", &code("{}")),
                ("x_vendor.kept[0]", &code("1")),
                ("x_vendor.kept[1].a", &code("\"b\u{200b}\"")),
            ]
        );
    }

    #[test]
    fn values_are_read_by_their_shape_and_kept_where_they_do_not_fit() {
        let outline = Outline::of(&json!({
            "uid": "r", "kind": "policy_decision", "time": {"earliest": "2026-01-01T00:00:00Z", "latest": "2026-01-02T00:00:00Z"},
            "change_id": "CH-4", "version": "two", "critical_paths": [], "step": 3,
            "evidence": [{"title": "counts", "uri": "https://example.org/a"}, {"title": "x", "uri": "javascript:alert(1)"}],
            "plan": {"steps": [{"type": "action", "service": "s3", "operation": "PutObject", "arguments": {"a": 1}, "note": "do"},
                               {"type": "check", "note": "one moved", "within_seconds": 60}], "rollback": []},
            "asserted_by": {"action": "executor", "critical_paths": "endpoint"},
        }));
        assert!(matches!(line(&outline, "Record", "time"), [Shown::Time(When::Between { .. })]));
        assert_eq!(line(&outline, "Record", "kind"), [Shown::Word("policy decision".into())]);
        assert_eq!(line(&outline, "Record", "change"), [Shown::Change(ChangeId(4))]);
        assert_eq!(line(&outline, "Record", "version"), [Shown::Text("two".into())]);
        assert_eq!(line(&outline, "Classification", "critical paths"), [Shown::EmptyList]);
        let links: Vec<&Line> =
            outline.parts.iter().flat_map(|part| &part.lines).filter(|line| line.label == "at").collect();
        assert_eq!(links[0].values, [Shown::Link("https://example.org/a".into())]);
        assert_eq!(links[1].values, [Shown::Text("javascript:alert(1)".into())]);
        assert_eq!(line(&outline, "Plan", "step 1"), [Shown::Code("s3:PutObject".into()), Shown::Quote("do".into())]);
        assert_eq!(line(&outline, "Plan", "arguments.a"), [Shown::Code("1".into())]);
        assert_eq!(line(&outline, "Plan", "within seconds"), [Shown::Code("60".into())]);
        assert_eq!(line(&outline, "Plan", "rollback"), [Shown::EmptyList]);
        let vouched = outline.vouched.unwrap();
        assert!(vouched.contains(&("critical paths".into(), "endpoint".into())));
    }

    #[test]
    fn a_long_value_is_cut_with_a_word_where_the_rest_is() {
        let outline = Outline::of(
            &json!({"action": {"service": "s", "operation": "o", "arguments": (0..500).collect::<Vec<u32>>()}}),
        );
        let lines = &outline.parts.iter().find(|part| part.title == "Action").unwrap().lines;
        // Service, operation and access stand before it.
        assert_eq!(lines.len(), 3 + MOST_LINES + 1);
        assert_eq!(lines.last().unwrap().label, "…");
    }

    /// A field added to the record and forgotten here would be called unknown.
    #[test]
    fn every_field_of_the_domains_record_has_its_place() {
        let mut value = serde_json::to_value(AuditRecord::new(
            "r".parse().unwrap(),
            Instant::from_unix_micros(0).unwrap(),
            Kind::Claim,
        ))
        .unwrap();
        let names = [
            "end_time",
            "agent",
            "actor",
            "on_behalf_of",
            "session",
            "action",
            "resources",
            "risk",
            "critical_paths",
            "reversibility",
            "blast_radius",
            "rationale",
            "evidence",
            "plan",
            "policy",
            "review",
            "outcome",
            "comment",
            "reason",
        ];
        for name in names {
            value[name] = json!({"missing": "unknown"});
        }
        let record = AuditRecord::decode(value.clone()).unwrap();
        assert!(record.extra.is_empty(), "{:?}", record.extra);
        let outline = Outline::of(&value);
        assert_eq!(outline.unknown, []);
        let lines = outline.parts.iter().flat_map(|part| &part.lines);
        assert_eq!(lines.filter(|line| line.values == [Shown::Gone(Some(Missing::Unknown))]).count(), names.len());
    }
}
