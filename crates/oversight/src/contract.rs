//! The shapes that endpoint and browser exchange over HTTP, both ways. Requests from agents are in
//! `proposal`, records in `record`; what the fields mean is said where they are defined.

use crate::capability::Refusal;
use crate::change::Version;
use crate::digest::Digest;
use crate::id::{AgentUid, ChangeId, Group, PersonUid};
use crate::missing::Field;
use crate::record::Model;
use crate::review::{NeverCounted, Review, ReviewEvidence, SlotStanding};
use crate::state::State;
use crate::time::Instant;
use crate::vocabulary::{Decision, Role};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Opaque; absent on the last page (`null` on the wire).
    pub next: Option<String>,
}

/// `GET /v1/session`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    pub uid: String,
    pub role: Role,
    pub groups: Vec<Group>,
    /// The fleet and its records are made up; every view says so.
    pub demonstration: bool,
    /// Position of the newest record in the log; 0 when there is none.
    pub sequence: u64,
    /// How many changes were ever proposed here.
    #[serde(default)]
    pub proposed: u64,
    /// The endpoint's clock.
    pub now: Instant,
    /// Version of the endpoint.
    pub version: String,
}

/// `{allowed, reason}` for the signed-in person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct May {
    pub allowed: bool,
    /// Stable rule of the refusal; absent when allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// A sentence; absent when allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<Result<(), Refusal>> for May {
    fn from(outcome: Result<(), Refusal>) -> Self {
        match outcome {
            Ok(()) => May { allowed: true, rule: None, reason: None },
            Err(refusal) => May { allowed: false, rule: Some(refusal.rule), reason: Some(refusal.reason) },
        }
    }
}

/// What somebody said about a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentView {
    pub sequence: u64,
    pub time: Instant,
    pub author: String,
    pub role: Role,
    pub text: String,
}

/// How a settled version ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settlement {
    pub at: Instant,
    /// Who brought it about: a person, an agent, an executor, "the endpoint".
    pub by: String,
    /// The reason given, or the executor's detail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A change as one signed-in party sees it. On the wire it also carries, at its top level, copies of what
/// the contract promises there (`to_json`); readers take everything from `reviewed`, which is what the
/// digest is of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeView {
    pub id: ChangeId,
    pub version: u32,
    pub state: State,
    /// Position of the last record that changed anything shown here.
    pub sequence: u64,
    pub digest: Digest,
    /// The whole current version.
    pub reviewed: Version,
    /// Every review of every version, oldest first.
    pub reviews: Vec<Review>,
    pub may_review: May,
    /// Whether my approval would fill an open seat.
    pub mine: bool,
    pub slots: Vec<SlotStanding>,
    pub never_counted: Vec<NeverCounted>,
    /// Why nobody present can complete the quorum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmeetable: Option<String>,
    /// Why an approval can't be taken until the agent amends: a rollback plan that the policy requires is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_blocked: Option<String>,
    pub agent_paused: bool,
    pub comments: Vec<CommentView>,
    /// When and by whom it reached a state other than pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Settlement>,
}

impl ChangeView {
    /// The wire form, with the contract's top-level copies.
    pub fn to_json(&self) -> Value {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        let reviewed = serde_json::to_value(&self.reviewed).unwrap_or_default();
        for name in ["action_digest", "agent", "action", "resources", "findings", "expires_at"] {
            value[name] = reviewed[name].clone();
        }
        value["risk"] = serde_json::json!({
            "tier": self.reviewed.classification.tier,
            "reasons": self.reviewed.classification.reasons,
        });
        value["requirement"] = reviewed["policy"]["requirement"].clone();
        value
    }

    /// The `ETag` of this change: id and version, quoted.
    pub fn etag(&self) -> String {
        etag(self.id, self.version)
    }
}

/// The entity tag that a review's `If-Match` must carry.
pub fn etag(id: ChangeId, version: u32) -> String {
    format!("\"{id}.{version}\"")
}

/// The body of `POST /v1/changes/{id}/reviews`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewRequest {
    pub decision: Decision,
    /// Required to reject; at most 4,096 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of the version as rendered.
    pub digest: Digest,
    #[serde(default)]
    pub evidence: ReviewEvidence,
}

/// Longest reason or comment, in bytes.
pub const MAX_REASON: usize = 4_096;

/// What the endpoint answers to a review: the only thing that makes a decision one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    pub change: ChangeId,
    pub version: u32,
    pub digest: Digest,
    pub decision: Decision,
    pub reviewer: PersonUid,
    /// Position of the review's record in the log.
    pub sequence: u64,
    pub time: Instant,
    /// The change's state after it.
    pub state: State,
}

/// The body of a route that takes a reason alone: pause, resume, revocation, cancellation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReasonRequest {
    /// 1 to 4,096 bytes.
    pub reason: String,
}

/// The body of `POST /v1/changes/{id}/comments`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentRequest {
    /// 1 to 4,096 bytes.
    pub text: String,
}

/// The body of `POST /v1/changes/{id}/redemption`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RedemptionRequest {
    pub action_digest: Digest,
}

/// How an executed change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ResultOfChange {
    /// It was done and it holds.
    Verified,
    /// It was undone by its rollback plan.
    RolledBack,
    /// It failed and was not undone.
    Failed,
}

/// The body of `POST /v1/changes/{id}/outcome`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutcomeRequest {
    pub result: ResultOfChange,
    /// At most 4,096 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What the endpoint answers to every other write on a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeReceipt {
    pub change: ChangeId,
    pub version: u32,
    pub state: State,
    pub digest: Digest,
    pub action_digest: Digest,
    pub sequence: u64,
    pub time: Instant,
}

/// That an agent is stopped, by whom and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PauseView {
    pub by: String,
    pub at: Instant,
    pub reason: String,
}

/// One operation that an agent was seen to use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsedOperation {
    pub service: String,
    pub operation: String,
    /// As recorded; `unknown` where no record says.
    pub access_level: crate::vocabulary::AccessLevel,
    pub count: u64,
    pub failed: u64,
    pub last: Instant,
}

/// A share with what it is of. Withheld below `denominator` 5.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    pub n: u64,
    pub denominator: u64,
    /// Events that could be in neither, for want of what they don't say.
    pub unknown: u64,
}

/// `GET /v1/agents`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentView {
    pub uid: AgentUid,
    pub name: String,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub version: Field<String>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub owner: Field<PersonUid>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub model: Field<Model>,
    /// Registered with a token here; otherwise known from imported records alone, and nothing can stop it from here.
    pub registered: bool,
    /// What it may do. Not recorded until grants are imported.
    pub grants: Field<Vec<String>>,
    /// Most used first, at most 200.
    pub used: Vec<UsedOperation>,
    /// Executions that nobody was asked about, of all executions of its changes here.
    pub autonomy: Share,
    /// Pending and approved changes, oldest first.
    pub open_changes: Vec<ChangeId>,
    pub proposed: u64,
    pub approved: u64,
    pub rejected: u64,
    pub rolled_back: u64,
    pub failed: u64,
    pub last_seen: Field<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<PauseView>,
    /// Position of the last record that changed anything shown here.
    pub sequence: u64,
}

/// A record that could not be decoded, as shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuarantineView {
    pub id: u64,
    pub source: String,
    pub position: u64,
    pub field: String,
    pub reason: String,
    /// The bytes as text, invalid UTF-8 replaced; at most 4,096 characters.
    pub excerpt: String,
    pub bytes: u64,
    pub imported_at: Instant,
}

/// `GET /v1/records` beside its page: what the filter leaves out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordsPage {
    pub items: Vec<Value>,
    pub next: Option<String>,
    /// Records that the filter matches, all pages together.
    pub total: u64,
    /// Imported items that could not be decoded, whatever the filter.
    pub quarantined: u64,
}

/// An error as RFC 9457 has it, with our extensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Resolves to a page of the endpoint: `/problems/stale-version`.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What happened here, a sentence or two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The field at fault, dotted path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The rule that refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Each fault of a batch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<LineFault>,
}

/// One fault of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineFault {
    /// From 1.
    pub line: u64,
    pub field: String,
    pub reason: String,
}

impl Problem {
    /// The last part of the type: `stale-version`.
    pub fn slug(&self) -> &str {
        self.kind.rsplit('/').next().unwrap_or("")
    }
}

/// An event of `GET /v1/stream`, by its `event:` name.
#[derive(Debug, Clone, PartialEq)]
pub enum StreamEvent {
    /// A record was appended.
    Record(Box<crate::record::AuditRecord>),
    /// A change is new or not as it was.
    Change(Box<ChangeView>),
    /// What was missed can't be replayed: load everything again.
    Reset,
}
