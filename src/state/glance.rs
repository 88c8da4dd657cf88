//! What the queue's list says of a change, read from the endpoint's answer by itself: the list is drawn from this
//! alone, and the whole change is decoded when it is opened, with code that comes after the first paint. Pure.

use oversight::contract::ChangeView;
use oversight::id::ChangeId;
use oversight::json::Fault;
use oversight::state::State;
use oversight::time::Instant;
use oversight::vocabulary::{Environment, Severity, Tier};
use serde_json::Value;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

/// A change as the list shows it. Texts are raw: escape them before they are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    pub id: ChangeId,
    pub version: u32,
    pub state: State,
    /// Position of the last record that changed anything of it.
    pub sequence: u64,
    /// Whether the reader's approval would fill an open seat.
    pub mine: bool,
    /// The agent's title, or operation and first target.
    pub title: String,
    pub agent: String,
    pub agent_name: String,
    /// `service:operation`.
    pub operation: String,
    pub tier: Tier,
    pub environment: Environment,
    pub slots: Vec<Slot>,
    pub proposed_at: Instant,
    pub expires_at: Instant,
    pub settled_at: Option<Instant>,
    /// Findings above information.
    pub grave: Grave,
}

/// One group's seats.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    pub group: String,
    pub count: u32,
    /// How many of them are filled.
    pub filled: u32,
    /// Who could still fill one.
    pub could: Vec<String>,
}

/// The findings above information, together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Grave {
    pub n: usize,
    pub worst: Option<Severity>,
    /// Whether one is about characters that can't be seen.
    pub hidden: bool,
}

impl Grave {
    fn add(&mut self, severity: Severity, hidden: bool) {
        if severity > Severity::Info {
            self.n += 1;
            self.worst = self.worst.max(Some(severity));
            self.hidden |= hidden;
        }
    }
}

impl Glance {
    /// Reads it from a change as the endpoint sends it.
    ///
    /// # Errors
    /// The first field that isn't there or isn't what it should be.
    pub fn read(change: &Value) -> Result<Glance, Fault> {
        let reviewed = &change["reviewed"];
        let (action, agent) = (&reviewed["action"], &reviewed["agent"]);
        let classification = &reviewed["classification"];
        let operation = format!("{}:{}", text(action, "service")?, text(action, "operation")?);
        let mut slots = Vec::new();
        for slot in list(change, "slots") {
            slots.push(Slot {
                group: text(slot, "group")?.to_owned(),
                count: small(number(slot, "count")?),
                filled: list(slot, "filled_by").len() as u32,
                could: list(slot, "could").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            });
        }
        let mut grave = Grave::default();
        for finding in list(reviewed, "findings") {
            grave.add(word(finding, "severity")?, !list(finding, "code_points").is_empty());
        }
        let title = match reviewed["title"].as_str() {
            Some(title) => title.to_owned(),
            None => {
                let targets = list(reviewed, "resources");
                headline(&operation, targets.first().map(|target| text(target, "uid")).transpose()?, targets.len())
            }
        };
        Ok(Glance {
            id: word(change, "id")?,
            version: small(number(change, "version")?),
            state: word(change, "state")?,
            sequence: number(change, "sequence")?,
            mine: change["mine"].as_bool().ok_or_else(|| missing("mine"))?,
            title,
            agent: text(agent, "uid")?.to_owned(),
            agent_name: text(agent, "name")?.to_owned(),
            operation,
            tier: word(classification, "tier")?,
            environment: word(classification, "environment")?,
            slots,
            proposed_at: word(reviewed, "proposed_at")?,
            expires_at: word(reviewed, "expires_at")?,
            settled_at: match &change["settled"] {
                Value::Null => None,
                settled => Some(word(settled, "at")?),
            },
            grave,
        })
    }

    /// The same of a change that is decoded.
    pub fn of(view: &ChangeView) -> Glance {
        let version = &view.reviewed;
        let mut grave = Grave::default();
        for finding in &version.findings {
            grave.add(finding.severity, !finding.code_points.is_empty());
        }
        let slots = view.slots.iter().map(|slot| Slot {
            group: slot.group.to_string(),
            count: slot.count,
            filled: slot.filled_by.len() as u32,
            could: slot.could.iter().map(ToString::to_string).collect(),
        });
        Glance {
            id: view.id,
            version: view.version,
            state: view.state,
            sequence: view.sequence,
            mine: view.mine,
            title: version.headline(),
            agent: version.agent.uid.to_string(),
            agent_name: version.agent.name.clone(),
            operation: format!("{}:{}", version.action.service, version.action.operation),
            tier: version.classification.tier,
            environment: version.classification.environment,
            slots: slots.collect(),
            proposed_at: version.proposed_at,
            expires_at: version.expires_at,
            settled_at: view.settled.as_ref().map(|settlement| settlement.at),
            grave,
        }
    }
}

/// A change as it came: a glance of it, and the whole on demand.
#[derive(Debug)]
pub struct Known {
    pub glance: Glance,
    json: Value,
    whole: OnceLock<Result<Arc<ChangeView>, String>>,
}

impl Known {
    /// # Errors
    /// What [`Glance::read`] finds.
    pub fn read(json: Value) -> Result<Known, Fault> {
        Ok(Known { glance: Glance::read(&json)?, json, whole: OnceLock::new() })
    }

    /// The whole change, or what of it can't be read.
    pub fn whole(&self) -> Result<Arc<ChangeView>, String> {
        let decode = || oversight::json::decode(self.json.clone()).map(Arc::new).map_err(|fault| fault.to_string());
        self.whole.get_or_init(decode).clone()
    }

    /// Whether the endpoint said the same of it.
    pub fn same(&self, other: &Known) -> bool {
        self.json == other.json
    }
}

fn headline(operation: &str, first: Option<&str>, n: usize) -> String {
    match (first, n) {
        (None, _) => operation.to_owned(),
        (Some(first), 1) => format!("{operation} on {first}"),
        (Some(first), n) => format!("{operation} on {first} and {} more", n - 1),
    }
}

fn missing(name: &str) -> Fault {
    Fault::new(name, "is not there, or not what it should be")
}

fn text<'a>(of: &'a Value, name: &str) -> Result<&'a str, Fault> {
    of[name].as_str().ok_or_else(|| missing(name))
}

fn number(of: &Value, name: &str) -> Result<u64, Fault> {
    of[name].as_u64().ok_or_else(|| missing(name))
}

/// Counts and versions are far below this; one that isn't is not to be mistaken for a small one.
fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn word<T: FromStr>(of: &Value, name: &str) -> Result<T, Fault> {
    text(of, name)?.parse().map_err(|_| missing(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::view;
    use oversight::contract::Settlement;
    use serde_json::json;

    fn both(view: &ChangeView) {
        assert_eq!(Glance::read(&view.to_json()).unwrap(), Glance::of(view));
    }

    #[test]
    fn a_glance_is_what_the_whole_says() {
        both(&view(41));
        let mut untitled = view(41);
        untitled.reviewed.title = None;
        both(&untitled);
        let target = untitled.reviewed.resources[0].clone();
        untitled.reviewed.resources.push(target);
        both(&untitled);
        untitled.reviewed.resources.clear();
        both(&untitled);
        let mut over = view(7);
        over.state = State::Verified;
        over.mine = false;
        over.slots.clear();
        over.settled = Some(Settlement { at: over.reviewed.proposed_at, by: "executor-1".into(), reason: None });
        both(&over);
    }

    #[test]
    fn findings_are_counted_as_the_whole_counts_them() {
        let mut json = view(41).to_json();
        let finding = |severity: &str, points: Value| json!({"rule": "text-002", "severity": severity, "title": "Hidden character", "field": "title", "detail": "d", "code_points": points});
        json["reviewed"]["findings"] = json!([
            finding("info", json!(["U+200B"])),
            finding("medium", json!([])),
            finding("high", json!(["U+202E"]))
        ]);
        let glance = Glance::read(&json).unwrap();
        assert_eq!(glance.grave, Grave { n: 2, worst: Some(Severity::High), hidden: true });
        assert_eq!(Glance::of(&Known::read(json).unwrap().whole().unwrap()), glance);
    }

    #[test]
    fn what_is_missing_is_named() {
        for path in ["/id", "/state", "/mine", "/reviewed/agent/uid", "/reviewed/expires_at", "/slots/0/group"] {
            let mut json = view(41).to_json();
            *json.pointer_mut(path).unwrap() = json!({"not": "this"});
            let fault = Glance::read(&json).unwrap_err();
            assert!(path.ends_with(&fault.path), "{path}: {fault}");
        }
        assert!(Glance::read(&json!(null)).is_err() && Glance::read(&json!([])).is_err());
    }

    #[test]
    fn the_whole_is_the_whole_or_says_what_is_wrong() {
        let whole = view(41);
        let known = Known::read(whole.to_json()).unwrap();
        assert_eq!(*known.whole().unwrap(), whole);
        assert!(known.same(&Known::read(whole.to_json()).unwrap()));
        let mut json = whole.to_json();
        json["reviews"] = json!("none");
        let known = Known::read(json).unwrap();
        assert!(known.whole().is_err() && !known.same(&Known::read(whole.to_json()).unwrap()));
    }
}
