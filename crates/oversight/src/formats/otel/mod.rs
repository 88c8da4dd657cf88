//! OpenTelemetry spans of AI agents, as OTLP/JSON or Jaeger JSON, read into audit records. What a span is made into
//! is `action`, whose act it is `lineage`, the two encodings are `otlp` and `jaeger`. Attributes: the semantic
//! conventions for GenAI (open-telemetry/semantic-conventions, docs/gen-ai, to v1.41; semantic-conventions-genai after).

mod action;
mod attributes;
mod jaeger;
mod lineage;
mod otlp;
mod span;

use crate::formats::Reader;
use crate::formats::imported::{self, keep};
use crate::formats::lax;
use crate::formats::layout::{self, Layout};
use crate::id::RecordUid;
use crate::json::Fault;
use crate::missing::Field;
use crate::record::{AuditRecord, Outcome, Quarantined};
use crate::time::When;
use crate::vocabulary::OutcomeStatus;
use lineage::Lineage;
use span::{Found, Span, Status};

/// A span that becomes no record and is no fault: work beneath or around an agent's, or the same tool call seen from
/// its other end. A reader is told how many there are and which, since they are evidence that stays in the tracing
/// system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// Item of the file, from 1, as quarantined ones have it.
    pub position: u64,
    /// `service.name`; empty where the source does not say.
    pub service: String,
    pub name: String,
    pub why: Why,
    /// The record of the agent's act that it lies beneath, if any.
    pub beneath: Option<RecordUid>,
}

/// Why a span becomes no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    NotAnAgents,
    SameToolCall,
}

impl Why {
    /// A reader's words.
    pub fn words(self) -> &'static str {
        match self {
            Why::NotAnAgents => "not an AI agent's span",
            Why::SameToolCall => "the same tool call, seen from its MCP client or server",
        }
    }
}

/// What a file of spans holds.
#[derive(Debug, Default)]
pub struct Spans {
    pub records: Vec<AuditRecord>,
    pub rejects: Vec<Quarantined>,
    pub apart: Vec<Apart>,
}

impl Reader<'_> {
    /// Reads one file: OTLP/JSON `{"resourceSpans": […]}`, Jaeger JSON `{"data": [{"traceID", "spans", "processes"}]}`
    /// or one such trace; alone, in an array, or one a line.
    ///
    /// An agent that a span does not name is that of the span around it, as far as the file holds it. `source` names
    /// the file in what is quarantined; positions count spans, or are lines where the file has one document a line.
    /// A file that is not such JSON at all is quarantined whole, at position 1.
    pub fn otel(&self, source: &str, bytes: &[u8]) -> Spans {
        let mut found = Found::new(source);
        match layout::layout(bytes) {
            Ok(Layout::One(text)) => document(&mut found, text, ""),
            Ok(Layout::List(items)) => {
                for (index, item) in items.into_iter().enumerate() {
                    document(&mut found, item.get(), &format!("[{index}]"));
                }
            }
            Ok(Layout::Lines(bytes)) => {
                for (number, line) in layout::lines(bytes) {
                    found.line = Some(number);
                    match layout::text(line) {
                        Ok(text) => document(&mut found, text, ""),
                        Err(fault) => found.reject(fault, line),
                    }
                }
            }
            Err(unlaid) => found.reject(unlaid.into(), bytes),
        }
        let Found { spans, mut rejects, .. } = found;
        let lineage = Lineage::of(&spans);
        let (mut records, mut left) = (Vec::new(), Vec::new());
        let mut recorded = vec![false; spans.len()];
        for (index, span) in spans.iter().enumerate() {
            match &span.operation {
                Ok(None) => left.push((index, Why::NotAnAgents)),
                Ok(Some(_)) if lineage.is_seen_again(&spans, index) => left.push((index, Why::SameToolCall)),
                _ => match self.act(&spans, &lineage, index) {
                    Ok(record) => {
                        records.push(record);
                        recorded[index] = true;
                    }
                    Err(fault) => rejects.push(span.rejected(source, fault)),
                },
            }
        }
        let above = lineage.nearest(|index| recorded[index]);
        let apart = left.into_iter().map(|(index, why)| {
            let span = &spans[index];
            let (service, name) = (span.service.clone().unwrap_or_default(), span.name.clone());
            let beneath = above[index].and_then(|above| uid(&spans[above]).ok());
            Apart { position: span.position, service, name, why, beneath }
        });
        rejects.sort_by_key(|reject| reject.position);
        Spans { apart: apart.collect(), records, rejects }
    }

    /// The record of one GenAI span.
    fn act(&self, spans: &[Span<'_>], lineage: &Lineage, index: usize) -> Result<AuditRecord, Fault> {
        let span = &spans[index];
        let operation = span.operation.clone()?.ok_or_else(|| Fault::new("", "not a GenAI span"))?;
        if let Some(name) = &span.doubled {
            return Err(Fault::new(name.as_str(), "the attribute is given twice, with two values"));
        }
        let (start, end) = span.times.clone()?;
        let mut record = imported::record(uid(span)?, start);
        record.end_time = Field::recorded(end.map(When::At));
        let who = lineage.who(spans, index);
        record.agent = self.agent_of_span(&who)?;
        record.on_behalf_of = Field::recorded(who.behind());
        record.session = Field::recorded(who.session());
        let act = action::of(span, &operation, self.table);
        record.resources = self.resources(act.touched);
        record.action = Field::Is(act.action);
        record.outcome = Field::Is(outcome(span, end.is_some()));
        let around = span.around.iter().map(|(name, part)| (name.as_str(), part.clone()));
        keep(&mut record, span.format, around.chain([("span", span.json.clone())]));
        Ok(record)
    }
}

fn document<'a>(found: &mut Found<'a>, text: &'a str, path: &str) {
    let members = match lax::members(text) {
        Ok(Some(members)) => members,
        Ok(None) => {
            return found.reject(Fault::new(path, "neither OTLP/JSON nor Jaeger JSON: not an object"), text.as_bytes());
        }
        Err(fault) => return found.reject(span::beneath(path, fault), text.as_bytes()),
    };
    let has = |wanted: &str| members.iter().any(|(name, _)| name == wanted);
    match () {
        () if has(otlp::SPANS) => otlp::read(found, &members, text, path),
        () if has("data") => jaeger::read_answer(found, &members, text, path),
        () if has("spans") => jaeger::read_trace(found, text, path),
        () => {
            let known = ["resourceLogs", "resourceMetrics"].into_iter().find(|name| has(name));
            let fault = match known {
                Some(name) => Fault::new(name, "logs and metrics are not read, spans (resourceSpans) are"),
                None => {
                    Fault::new("", "neither OTLP/JSON (resourceSpans) nor Jaeger JSON (data, or traceID and spans)")
                }
            };
            found.reject(span::beneath(path, fault), text.as_bytes());
        }
    }
}

/// A span is one wherever it is sent to: by the ids of its trace and itself.
fn uid(span: &Span<'_>) -> Result<RecordUid, Fault> {
    RecordUid::new(format!("otel-{}-{}", span.trace, span.id)).map_err(|error| Fault::new("", error.to_string()))
}

/// The conventions require `error.type` of an operation that failed, and leave the status unset of one that did not
/// ("Recording errors"): a span that ended without either succeeded. One that has not ended is unknown.
fn outcome(span: &Span<'_>, ended: bool) -> Outcome {
    let kind = span.text("error.type").filter(|kind| !kind.trim().is_empty());
    let (failed, message) = match &span.status {
        Status::Failed(message) => (true, message.as_deref()),
        Status::Done | Status::Unset => (kind.is_some(), None),
    };
    let status = match (failed, ended) {
        (true, _) => OutcomeStatus::Failure,
        (false, true) => OutcomeStatus::Success,
        (false, false) if matches!(span.status, Status::Done) => OutcomeStatus::Success,
        (false, false) => OutcomeStatus::Unknown,
    };
    let error = match (failed, kind, message) {
        (false, ..) => Field::Absent,
        (true, Some(kind), Some(message)) if kind != message => Field::Is(format!("{kind}: {message}")),
        (true, Some(text), _) | (true, None, Some(text)) => Field::Is(text.to_owned()),
        (true, None, None) => Field::not_recorded(),
    };
    Outcome { status, error }
}

#[cfg(test)]
mod tests;
