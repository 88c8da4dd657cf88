//! AWS CloudTrail log files, `{"Records": […]}` or an array, read into audit records of the kind
//! `execution`. Who is an agent is `agents`, what was touched `touched`, proposals made of them `replay`.
//! Field meanings: AWS's "CloudTrail record contents".

use crate::classify::{ActionTable, Estate, short_service};
use crate::formats::agents::{Attribution, Seen};
use crate::formats::touched::{self, Where};
use crate::id::{PersonUid, RecordUid};
use crate::json::{self, Fault, MAX_INTEGER};
use crate::missing::Field;
use crate::proposal::{Identity, ProposedResource, Session};
use crate::record::{Action, AuditRecord, Outcome, Quarantined, Resource};
use crate::time::Instant;
use crate::vocabulary::{Asserter, Environment, Kind, OutcomeStatus};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// The field of a record that holds the event as it came: `{"format": "cloudtrail", "event": {…}}`. In it,
/// integers beyond 2^53 are strings; nothing else is changed.
pub const SOURCE: &str = "source";

/// What CloudTrail writes in place of a value it withholds.
const WITHHELD: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// What a log is read with.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    pub table: &'a ActionTable,
    pub agents: &'a Attribution,
    pub estate: &'a Estate,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, rename = "Records")]
    records: Vec<&'a RawValue>,
}

impl Reader<'_> {
    /// Reads one file, unpacked. `source` names it in what is quarantined. The same event gives the same
    /// record each time. A file that is not such JSON at all is quarantined whole, at position 1.
    pub fn read(&self, source: &str, bytes: &[u8]) -> (Vec<AuditRecord>, Vec<Quarantined>) {
        let reject = |position: usize, fault: Fault, bytes: &[u8]| Quarantined {
            source: source.to_owned(),
            position: position as u64 + 1,
            field: fault.path,
            reason: fault.reason,
            bytes: bytes.to_vec(),
        };
        let events = match events(bytes) {
            Ok(events) => events,
            Err(fault) => return (Vec::new(), vec![reject(0, fault, bytes)]),
        };
        let mut records = Vec::new();
        let mut rejects = Vec::new();
        for (position, event) in events.into_iter().enumerate() {
            match self.event(event.get()) {
                Ok(record) => records.push(record),
                Err(fault) => rejects.push(reject(position, fault, event.get().as_bytes())),
            }
        }
        (records, rejects)
    }

    fn event(&self, text: &str) -> Result<AuditRecord, Fault> {
        let Value::Object(event) = value(text)? else { return Err(Fault::new("", "an event is a JSON object")) };
        let required = |name: &str| match event.get(name) {
            None | Some(Value::Null) => Err(Fault::new(name, "missing")),
            Some(Value::String(text)) if text.trim().is_empty() => Err(Fault::new(name, "empty")),
            Some(Value::String(text)) => Ok(text.as_str()),
            Some(_) => Err(Fault::new(name, "not a string")),
        };
        let event_id = required("eventID")?;
        let uid = RecordUid::new(format!("cloudtrail-{event_id}"))
            .map_err(|error| Fault::new("eventID", error.to_string()))?;
        let time: Instant = required("eventTime")?
            .parse()
            .map_err(|error: crate::time::BadInstant| Fault::new("eventTime", error.to_string()))?;
        let service = short_service(required("eventSource")?);
        let operation = required("eventName")?.to_owned();

        let who = Who::of(&event);
        let seen =
            Seen { user_agent: text_at(&event, &["userAgent"]), principals: &who.principals, sessions: &who.sessions };
        let place = place(&event, &service);
        let arguments = event.get("requestParameters").and_then(Value::as_object).map(|given| {
            given.iter().map(|(name, value)| (name.clone(), redacted(value))).collect::<Map<String, Value>>()
        });
        let touched = touched::by_event(&event, place);

        let mut record = AuditRecord::new(uid, time, Kind::Execution);
        record.agent = self.agents.agent(seen).map_or(Field::Absent, Field::Is);
        record.on_behalf_of = Field::recorded(who.identity());
        record.session = Field::recorded(who.session());
        record.action = Field::Is(Action {
            access_level: Field::Is(self.table.lookup(&service, &operation).access_level),
            arguments: Field::recorded(arguments),
            operation,
            service: service.clone(),
        });
        record.resources = if touched.is_empty() {
            Field::not_recorded()
        } else {
            Field::Is(touched.into_iter().map(|resource| self.resource(resource)).collect())
        };
        record.outcome = Field::Is(outcome(&event));
        record.end_time = Field::not_recorded();
        record.risk = Field::not_recorded();
        record.critical_paths = Field::not_recorded();
        record.reversibility = Field::not_recorded();
        record.blast_radius = Field::not_recorded();
        record.rationale = Field::not_recorded();
        record.evidence = Field::not_recorded();
        record.plan = Field::not_recorded();
        record.policy = Field::not_recorded();
        record.review = Field::not_recorded();
        record.asserted_by.insert("record".to_owned(), Asserter::Importer);
        record.extra.insert(SOURCE.to_owned(), json!({ "format": "cloudtrail", "event": event }));
        Ok(record)
    }

    fn resource(&self, touched: ProposedResource) -> Resource {
        let environment = match self.estate.standing(&touched.uid).environment {
            Environment::Unknown => Field::not_recorded(),
            known => Field::Is(known),
        };
        Resource {
            uid: touched.uid,
            kind: Field::recorded(touched.kind),
            account: Field::recorded(touched.account),
            region: Field::recorded(touched.region),
            environment,
        }
    }
}

/// The event as it came, out of an imported record.
pub fn source_event(record: &AuditRecord) -> Option<&Map<String, Value>> {
    let source = record.extra.get(SOURCE)?;
    (source.get("format")? == "cloudtrail").then(|| source.get("event")?.as_object())?
}

/// Where the event happened. `service` is the short name.
pub fn place<'a>(event: &'a Map<String, Value>, service: &'a str) -> Where<'a> {
    let account = text_at(event, &["recipientAccountId"]).or(text_at(event, &["userIdentity", "accountId"]));
    Where { service, account: account.unwrap_or_default(), region: text_at(event, &["awsRegion"]).unwrap_or_default() }
}

fn events(bytes: &[u8]) -> Result<Vec<&RawValue>, Fault> {
    let fault = |error: serde_json::Error| Fault::new("", error.to_string());
    let text = std::str::from_utf8(bytes).map_err(|error| Fault::new("", error.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('[') {
        return serde_json::from_str::<Vec<&RawValue>>(text).map_err(fault);
    }
    match serde_json::from_str::<File<'_>>(text) {
        Ok(file) => Ok(file.records),
        Err(error) if error.is_data() => {
            Err(Fault::new("Records", format!("expected {{\"Records\": […]}} or an array of events; {error}")))
        }
        Err(error) => Err(fault(error)),
    }
}

/// One event's JSON. A key given twice is refused, since one of the two would be lost; integers too large
/// for a JSON number in a native record become strings.
fn value(text: &str) -> Result<Value, Fault> {
    match json::parse(text.as_bytes()) {
        Ok(value) => Ok(value),
        Err(fault) if fault.reason.contains("given twice") => Err(fault),
        Err(_) => {
            let mut value: Value = serde_json::from_str(text).map_err(|error| Fault::new("", error.to_string()))?;
            portable(&mut value);
            // What is stored must read back strictly; this also finds a key given twice behind a large integer.
            if let Some(fault) = json::parse(value.to_string().as_bytes()).err() {
                return Err(fault);
            }
            if twice(text) { Err(Fault::new("", "a key is given twice")) } else { Ok(value) }
        }
    }
}

fn portable(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let large = number.as_u64().is_some_and(|n| n > MAX_INTEGER)
                || number.as_i64().is_some_and(|n| n.unsigned_abs() > MAX_INTEGER)
                || number.as_f64().is_some_and(|n| n.fract() == 0.0 && n.abs() > MAX_INTEGER as f64);
            if large {
                *value = Value::String(number.to_string());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(portable),
        Value::Object(object) => object.values_mut().for_each(portable),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Whether any object in `text`, which is JSON, gives a key twice.
fn twice(text: &str) -> bool {
    struct Keys;
    impl<'de> serde::de::DeserializeSeed<'de> for Keys {
        type Value = ();
        fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
            deserializer.deserialize_any(self)
        }
    }
    impl<'de> serde::de::Visitor<'de> for Keys {
        type Value = ();
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("JSON")
        }
        fn visit_unit<E>(self) -> Result<(), E> {
            Ok(())
        }
        fn visit_bool<E>(self, _: bool) -> Result<(), E> {
            Ok(())
        }
        fn visit_u64<E>(self, _: u64) -> Result<(), E> {
            Ok(())
        }
        fn visit_i64<E>(self, _: i64) -> Result<(), E> {
            Ok(())
        }
        fn visit_f64<E>(self, _: f64) -> Result<(), E> {
            Ok(())
        }
        fn visit_str<E>(self, _: &str) -> Result<(), E> {
            Ok(())
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
            while items.next_element_seed(Keys)?.is_some() {}
            Ok(())
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
            let mut seen = std::collections::BTreeSet::new();
            while let Some(key) = entries.next_key::<String>()? {
                if !seen.insert(key) {
                    return Err(serde::de::Error::custom("given twice"));
                }
                entries.next_value_seed(Keys)?;
            }
            Ok(())
        }
    }
    serde::de::DeserializeSeed::deserialize(Keys, &mut serde_json::Deserializer::from_str(text)).is_err()
}

/// The same value with what CloudTrail withheld marked as redacted.
fn redacted(value: &Value) -> Value {
    match value {
        Value::String(text) if text == WITHHELD => json!({ "missing": "redacted" }),
        Value::Array(items) => items.iter().map(redacted).collect(),
        Value::Object(object) => {
            object.iter().map(|(name, value)| (name.clone(), redacted(value))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

fn outcome(event: &Map<String, Value>) -> Outcome {
    if let Some(code) = text_at(event, &["errorCode"]).filter(|code| !code.is_empty()) {
        let error = match text_at(event, &["errorMessage"]).filter(|message| !message.is_empty()) {
            Some(message) => format!("{code}: {message}"),
            None => code.to_owned(),
        };
        return Outcome { status: OutcomeStatus::Failure, error: Field::Is(error) };
    }
    if let Some(sign_in) = text_at(event, &["responseElements", "ConsoleLogin"]) {
        let status = if sign_in == "Success" { OutcomeStatus::Success } else { OutcomeStatus::Failure };
        return Outcome { status, error: Field::Absent };
    }
    // An event that is not a call has no result to speak of.
    let status = match text_at(event, &["eventType"]) {
        Some("AwsApiCall" | "AwsConsoleAction" | "AwsVpceEvent") => OutcomeStatus::Success,
        _ => OutcomeStatus::Unknown,
    };
    Outcome { status, error: Field::Absent }
}

fn text_at<'a>(event: &'a Map<String, Value>, path: &[&str]) -> Option<&'a str> {
    let (last, above) = path.split_last()?;
    let mut object = event;
    for name in above {
        object = object.get(*name)?.as_object()?;
    }
    object.get(*last)?.as_str()
}

/// Who CloudTrail says called (`userIdentity`).
struct Who<'a> {
    uid: Option<&'a str>,
    name: Option<&'a str>,
    principals: Vec<&'a str>,
    sessions: Vec<&'a str>,
    session: Option<&'a str>,
    started_by: Option<&'a str>,
}

impl<'a> Who<'a> {
    fn of(event: &'a Map<String, Value>) -> Who<'a> {
        let at = |path: &[&str]| {
            let whole: Vec<&str> = std::iter::once("userIdentity").chain(path.iter().copied()).collect();
            text_at(event, &whole).filter(|text| !text.is_empty())
        };
        let (arn, principal, user) = (at(&["arn"]), at(&["principalId"]), at(&["userName"]));
        let (issuer, issuer_name) =
            (at(&["sessionContext", "sessionIssuer", "arn"]), at(&["sessionContext", "sessionIssuer", "userName"]));
        let key = at(&["accessKeyId"]);
        let role_session = principal.and_then(|id| id.split_once(':')).map(|(_, session)| session);
        // A long-lived key is no session; credentials with a date of creation are.
        let temporary = at(&["sessionContext", "attributes", "creationDate"]).and(key);
        let session = if role_session.is_some() { principal } else { temporary };
        let of_the_user = if role_session.is_none() { arn } else { None };
        Who {
            uid: arn.or(principal).or(at(&["onBehalfOf", "userId"])).or(at(&["invokedBy"])).or(at(&["accountId"])),
            name: user.or(issuer_name),
            principals: [arn, user, principal, issuer, issuer_name, at(&["invokedBy"])].into_iter().flatten().collect(),
            sessions: [role_session, principal, key].into_iter().flatten().collect(),
            session,
            started_by: at(&["sessionContext", "sourceIdentity"]).or(of_the_user),
        }
    }

    fn identity(&self) -> Option<Identity> {
        let uid = PersonUid::new(self.uid?).ok()?;
        Some(Identity { uid, name: self.name.map(str::to_owned) })
    }

    fn session(&self) -> Option<Session> {
        let started_by = self.started_by.and_then(|uid| PersonUid::new(uid).ok());
        Some(Session { uid: self.session?.to_owned(), started_by: Field::recorded(started_by) })
    }
}

#[cfg(test)]
mod tests;
