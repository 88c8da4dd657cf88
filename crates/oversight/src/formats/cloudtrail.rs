//! AWS CloudTrail log files, `{"Records": […]}`, an array or one event a line, read into audit records of the
//! kind `execution`. Who is an agent is `agents`, what was touched `touched`, proposals made of them `replay`.
//! Field meanings: AWS's "CloudTrail record contents".

use crate::classify::short_service;
use crate::formats::Reader;
use crate::formats::agents::Seen;
use crate::formats::imported::{self, SOURCE};
use crate::formats::lax::{self, text_at};
use crate::formats::layout::{self, Events};
use crate::formats::touched::{self, Where};
use crate::id::{PersonUid, RecordUid};
use crate::json::Fault;
use crate::missing::{Field, Missing};
use crate::proposal::{Identity, Session};
use crate::record::{Action, AuditRecord, Outcome, Quarantined};
use crate::time::Instant;
use crate::vocabulary::OutcomeStatus;
use serde_json::{Map, Value, json};

/// What CloudTrail writes in place of a value it withholds.
const WITHHELD: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

impl Reader<'_> {
    /// Reads one CloudTrail file, unpacked. `source` names it in what is quarantined. The same event gives the
    /// same record each time. A file that is not such JSON at all is quarantined whole, at position 1.
    pub fn cloudtrail(&self, source: &str, bytes: &[u8]) -> (Vec<AuditRecord>, Vec<Quarantined>) {
        let events = match events(bytes) {
            Ok(events) => events,
            Err(fault) => return (Vec::new(), vec![imported::reject(source, 1, fault, bytes)]),
        };
        let mut records = Vec::new();
        let mut rejects = Vec::new();
        for (position, event) in events {
            match layout::text(event).and_then(|text| self.cloudtrail_event(text)) {
                Ok(record) => records.push(record),
                Err(fault) => rejects.push(imported::reject(source, position, fault, event)),
            }
        }
        (records, rejects)
    }

    fn cloudtrail_event(&self, text: &str) -> Result<AuditRecord, Fault> {
        let Value::Object(event) = lax::value(text)? else { return Err(Fault::new("", "an event is a JSON object")) };
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
        let arguments = passed(event.get("requestParameters"), "requestParameters");
        let touched = touched::by_event(&event, place);

        let agent = self.agents.agent(seen).map_or(Field::Absent, Field::Is);
        let (behind, session, outcome) = (who.identity(), who.session(), outcome(&event));
        let mut record = imported::record(uid, time);
        imported::keep(&mut record, "cloudtrail", [("event", Value::Object(event))]);
        record.agent = agent;
        record.on_behalf_of = Field::recorded(behind);
        record.session = Field::recorded(session);
        record.action = Field::Is(Action {
            access_level: Field::Is(self.table.lookup(&service, &operation).access_level),
            arguments,
            operation,
            service,
        });
        record.resources = self.resources(touched);
        record.outcome = Field::Is(outcome);
        Ok(record)
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

fn events(bytes: &[u8]) -> Result<Vec<(u64, &[u8])>, Fault> {
    match layout::events(bytes, &["Records"])? {
        Events::Many(events) => Ok(events),
        Events::One(one) if lax::members(one)?.is_some_and(|of| of.iter().any(|(name, _)| name == "eventID")) => {
            Ok(vec![(1, one.as_bytes())])
        }
        Events::One(_) => {
            let reason = "expected {\"Records\": […]}, an array of events, or one event a line";
            Err(Fault::new("Records", reason))
        }
    }
}

/// What was passed to the operation, with what CloudTrail withheld marked as redacted. What is no object stands
/// under `name`.
pub(super) fn passed(given: Option<&Value>, name: &str) -> Field<Map<String, Value>> {
    match given {
        None => Field::not_recorded(),
        Some(Value::String(text)) if text == WITHHELD => Field::Missing(Missing::Redacted),
        Some(given) => Field::recorded(lax::arguments(given, name).map(|arguments| {
            arguments.into_iter().map(|(name, value)| (name, redacted(&value))).collect::<Map<String, Value>>()
        })),
    }
}

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
