//! OCSF "API Activity" events (class_uid 6003), schema 1.1 and later of 1, read into audit records of the kind
//! `execution`. Who acted is `who`; events of other classes are quarantined. Field meanings: schema.ocsf.io, class
//! `api_activity`, its objects and the profiles `cloud`, `datetime` and `ai_operation`. What a record has no field
//! for (`src_endpoint`, `actor.idp`, `unmapped`, …) stays in the event that is kept with it.

mod who;

use crate::classify::short_service;
use crate::digest::Digest;
use crate::formats::Reader;
use crate::formats::cloudtrail;
use crate::formats::imported::{self, NOT_SAID};
use crate::formats::lax::{self, at, quoted, text_at};
use crate::formats::layout::{self, Events};
use crate::formats::touched::{self, Where};
use crate::id::RecordUid;
use crate::json::Fault;
use crate::missing::Field;
use crate::proposal::ProposedResource;
use crate::record::{Action, AuditRecord, Outcome, Quarantined};
use crate::time::{Instant, When};
use crate::vocabulary::{AccessLevel, OutcomeStatus};
use serde_json::{Map, Value};

/// API Activity.
const CLASS: i64 = 6003;

/// The members of an object that may hold the list of events. OCSF itself names none; these are what exporters use.
const WRAPPERS: [&str; 4] = ["events", "records", "Records", "data"];

/// How far `time` and `time_dt` may be apart, which say the same in two forms, in milliseconds: one of them is often
/// cut to the second.
const SAME_TIME: i64 = 1_000;

impl Reader<'_> {
    /// Reads one file of events: an array, an object that holds one under `events`, `records`, `Records` or `data`,
    /// a single event, or one event a line. An event may be wrapped as `{"event": {…}}`, as collectors send it.
    ///
    /// `source` names the file in what is quarantined. The same event gives the same record each time. A file that is
    /// not such JSON at all is quarantined whole, at position 1.
    pub fn ocsf(&self, source: &str, bytes: &[u8]) -> (Vec<AuditRecord>, Vec<Quarantined>) {
        let events = match layout::events(bytes, &WRAPPERS) {
            Ok(Events::Many(events)) => events,
            Ok(Events::One(one)) => vec![(1, one.as_bytes())],
            Err(fault) => return (Vec::new(), vec![imported::reject(source, 1, fault, bytes)]),
        };
        let mut records = Vec::new();
        let mut rejects = Vec::new();
        for (position, event) in events {
            match layout::text(event).and_then(|text| self.ocsf_event(text)) {
                Ok(record) => records.push(record),
                Err(fault) => rejects.push(imported::reject(source, position, fault, event)),
            }
        }
        (records, rejects)
    }

    fn ocsf_event(&self, text: &str) -> Result<AuditRecord, Fault> {
        let Value::Object(whole) = lax::value(text)? else { return Err(Fault::new("", "an event is a JSON object")) };
        let record = match whole.get("event") {
            Some(Value::Object(event)) if !whole.contains_key("class_uid") => {
                self.api_activity(event).map_err(|fault| fault.within("event"))
            }
            _ => self.api_activity(&whole),
        };
        let mut record = record?;
        imported::keep(&mut record, "ocsf", [("event", Value::Object(whole))]);
        Ok(record)
    }

    fn api_activity(&self, event: &Map<String, Value>) -> Result<AuditRecord, Fault> {
        check_class(event)?;
        check_version(event)?;
        let operation = match at(event, &["api", "operation"]) {
            None | Some(Value::Null) => return Err(Fault::new("api.operation", "missing")),
            Some(Value::String(name)) if name.trim().is_empty() => return Err(Fault::new("api.operation", "empty")),
            Some(Value::String(name)) => name.clone(),
            Some(_) => return Err(Fault::new("api.operation", "not a string")),
        };
        let start = time(event, "time")?.ok_or_else(|| Fault::new("time", "missing"))?;
        let end_time = time(event, "end_time")?;
        let agent = self.agent_of(event)?;

        let mut record = imported::record(uid(event)?, start);
        record.end_time = Field::recorded(end_time.map(When::At));
        record.agent = agent;
        record.on_behalf_of = Field::recorded(who::identity(event));
        record.session = Field::recorded(who::session(event));
        record.resources = self.resources(touched(event));
        record.outcome = Field::Is(outcome(event));
        let service = service(event);
        let arguments = cloudtrail::passed(at(event, &["api", "request", "data"]), "data");
        record.action = Field::Is(Action {
            access_level: Field::Is(self.access_level(event, &service, &operation)),
            arguments,
            service,
            operation,
        });
        Ok(record)
    }

    /// What the action table says of an operation of AWS that it lists, since it tells permissions from other writes;
    /// otherwise what the event's activity says. Unknown where neither does.
    fn access_level(&self, event: &Map<String, Value>, service: &str, operation: &str) -> AccessLevel {
        let facts = self.table.lookup(service, operation);
        if facts.listed && of_aws(event) {
            return facts.access_level;
        }
        match event.get("activity_id").and_then(Value::as_i64) {
            // Create, Update, Delete.
            Some(1 | 3 | 4) => AccessLevel::Write,
            Some(2) => AccessLevel::Read,
            _ => AccessLevel::Unknown,
        }
    }
}

fn check_class(event: &Map<String, Value>) -> Result<(), Fault> {
    match event.get("class_uid") {
        None | Some(Value::Null) => Err(Fault::new("class_uid", "missing: every OCSF event has one")),
        Some(class) if class.as_i64() == Some(CLASS) => Ok(()),
        Some(Value::Number(class)) => {
            let named = text_at(event, &["class_name"]).map_or(String::new(), |name| format!(" ({})", quoted(name)));
            Err(Fault::new("class_uid", format!("the class is {class}{named}; API Activity ({CLASS}) alone is read")))
        }
        Some(_) => Err(Fault::new("class_uid", "not a number")),
    }
}

/// Versions of 1 only add (OCSF follows SemVer), so a later one than is known here is read as far as it is known.
fn check_version(event: &Map<String, Value>) -> Result<(), Fault> {
    const PATH: &str = "metadata.version";
    let version = text_at(event, &["metadata", "version"]).ok_or_else(|| Fault::new(PATH, "missing"))?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>());
    match (parts.next(), parts.next()) {
        (Some(Ok(1)), Some(Ok(1..))) => Ok(()),
        _ => Err(Fault::new(PATH, format!("the schema version is {}; 1.1 and later of 1 are read", quoted(version)))),
    }
}

/// `metadata.uid`, which is optional; an event without one is known by what it says.
fn uid(event: &Map<String, Value>) -> Result<RecordUid, Fault> {
    let (uid, path) = match at(event, &["metadata", "uid"]) {
        Some(Value::String(uid)) if !uid.trim().is_empty() => (uid.clone(), "metadata.uid"),
        None | Some(Value::Null | Value::String(_)) => {
            let bytes = crate::canonical::canonical(event).map_err(|error| Fault::new("", error.to_string()))?;
            (Digest::of(&bytes).to_string(), "")
        }
        Some(_) => return Err(Fault::new("metadata.uid", "not a string")),
    };
    RecordUid::new(format!("ocsf-{uid}")).map_err(|error| Fault::new(path, error.to_string()))
}

/// An instant that the schema gives in milliseconds since 1970 under `name`, and with the profile `datetime` as
/// RFC 3339 under `name_dt`. The latter is finer, where both are there and agree.
fn time(event: &Map<String, Value>, name: &str) -> Result<Option<Instant>, Fault> {
    let text_name = format!("{name}_dt");
    let text = text_at(event, &[&text_name]).map(str::parse::<Instant>);
    let counted = match event.get(name) {
        None | Some(Value::Null) => None,
        Some(value) => {
            let millis =
                value.as_i64().ok_or_else(|| Fault::new(name, "not a whole number of milliseconds since 1970"))?;
            let micros = millis.checked_mul(1_000).ok_or_else(|| Fault::new(name, "out of range"))?;
            Some(Instant::from_unix_micros(micros).map_err(|error| Fault::new(name, error.to_string()))?)
        }
    };
    match (counted, text) {
        (Some(counted), Some(Ok(text))) if counted.millis_since(text).abs() < SAME_TIME => Ok(Some(text)),
        (Some(counted), Some(Ok(text))) => {
            Err(Fault::new(name, format!("it says {counted}, and {text_name} says {text}")))
        }
        // A form of its own beside a time that can be read is kept in the source.
        (Some(counted), _) => Ok(Some(counted)),
        (None, Some(Ok(text))) => Ok(Some(text)),
        (None, Some(Err(error))) => Err(Fault::new(text_name, error.to_string())),
        (None, None) => Ok(None),
    }
}

/// `api.service` is optional.
fn service(event: &Map<String, Value>) -> String {
    let named = ["name", "uid"].iter().find_map(|name| said(event, &["api", "service", name]));
    named.map_or(NOT_SAID.to_owned(), short_service)
}

/// Whether the event is of AWS, whose operations the action table lists: by its cloud, or by its service's name.
fn of_aws(event: &Map<String, Value>) -> bool {
    let provider = said(event, &["cloud", "provider"]).map(str::to_lowercase);
    let service = said(event, &["api", "service", "name"]).unwrap_or_default().to_lowercase();
    provider.map_or(service.ends_with(".amazonaws.com"), |name| name.contains("aws") || name.contains("amazon"))
}

fn touched(event: &Map<String, Value>) -> Vec<ProposedResource> {
    let cloud = |part: &[&str]| said(event, part);
    let (account, region) = (cloud(&["cloud", "account", "uid"]), cloud(&["cloud", "region"]));
    let mut touched: Vec<ProposedResource> = Vec::new();
    for resource in event.get("resources").and_then(Value::as_array).into_iter().flatten() {
        let Some(resource) = resource.as_object() else { continue };
        let text = |path: &[&str]| said(resource, path);
        let uid = text(&["uid"]).or(text(&["name"])).unwrap_or(NOT_SAID).to_owned();
        let found = imported::listed(
            uid,
            text(&["type"]).map(str::to_owned),
            [text(&["owner", "account", "uid"]), account],
            [text(&["region"]), region],
        );
        if !touched.contains(&found) {
            touched.push(found);
        }
    }
    // What AWS names in a request follows from it as it does from a CloudTrail event.
    let data = at(event, &["api", "request", "data"]).and_then(|data| lax::arguments(data, "data"));
    if let Some(data) = data.filter(|_| of_aws(event)) {
        let service = service(event);
        let place =
            Where { service: &service, account: account.unwrap_or_default(), region: region.unwrap_or_default() };
        let request = Map::from_iter([("requestParameters".to_owned(), Value::Object(data))]);
        for found in touched::by_request(&request, place) {
            if touched.iter().all(|known| known.uid != found.uid) {
                touched.push(found);
            }
        }
    }
    touched
}

/// `status_id`, or what the answer says where it is not there. A code and a sentence make the error.
fn outcome(event: &Map<String, Value>) -> Outcome {
    let answer = |name: &str| said(event, &["api", "response", name]);
    let failed = answer("error").or(answer("error_message")).is_some();
    let status = match event.get("status_id").and_then(Value::as_i64) {
        Some(1) => OutcomeStatus::Success,
        Some(2) => OutcomeStatus::Failure,
        None if failed => OutcomeStatus::Failure,
        // 0 is unknown, 99 something else, which `status` names in words of the source's own.
        _ => OutcomeStatus::Unknown,
    };
    if status == OutcomeStatus::Success {
        return Outcome { status, error: Field::Absent };
    }
    let code = said(event, &["status_code"]).or(answer("error"));
    let detail = said(event, &["status_detail"]).or(answer("error_message")).or(answer("message"));
    let error = match (code, detail) {
        (Some(code), Some(detail)) if code != detail => Field::Is(format!("{code}: {detail}")),
        (Some(text), _) | (None, Some(text)) => Field::Is(text.to_owned()),
        (None, None) if status == OutcomeStatus::Failure => Field::not_recorded(),
        (None, None) => Field::Absent,
    };
    Outcome { status, error }
}

/// A text that says something.
fn said<'a>(object: &'a Map<String, Value>, path: &[&str]) -> Option<&'a str> {
    text_at(object, path).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests;
