//! What an agent proposes: an action, what it touches, why, and how it would be undone. Everything here is
//! the agent's word; what the endpoint makes of it is `change::Version`.

use crate::id::PersonUid;
use crate::json::tree::Tree;
use crate::missing::Field;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

/// Longest text field, in bytes.
pub const MAX_TEXT: usize = 16 * 1024;
/// Most resources, plan steps or evidence links in one proposal.
pub const MAX_ITEMS: usize = 500;

/// The operation asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedAction {
    /// Short service name, `s3`.
    pub service: String,
    /// API operation, `PutLifecycleConfiguration`.
    pub operation: String,
    #[serde(default)]
    pub arguments: Map<String, Value>,
}

/// A resource as the agent names it; its environment is the endpoint's to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedResource {
    /// ARN or name.
    pub uid: String,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// One typed step of a plan or of its rollback.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PlanStep {
    /// An operation.
    Action {
        service: String,
        operation: String,
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        arguments: Map<String, Value>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Something looked at before going on.
    Check {
        note: String,
        /// Within how many seconds it must hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within_seconds: Option<u64>,
    },
}

impl<'de> Deserialize<'de> for PlanStep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Derived alone, a tagged enum would be taken from a sequence too, its fields by their position.
        let object = Map::deserialize(deserializer)?;
        PlanStep::deserialize(Tree(Value::Object(object))).map_err(de::Error::custom)
    }
}

impl Serialize for PlanStep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        PlanStep::serialize(self, serializer)
    }
}

/// Typed steps, and a typed rollback that is approved together with them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    #[serde(default)]
    pub steps: Vec<PlanStep>,
    /// Empty: the agent offers no way back.
    #[serde(default)]
    pub rollback: Vec<PlanStep>,
}

/// Something the agent points at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    pub title: String,
    /// Shown as text; a link only when it is http or https.
    pub uri: String,
}

/// Something the agent says of its own proposal; counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Claim {
    /// "saves"
    pub label: String,
    /// "310 USD a month"
    pub value: String,
}

/// A person or service by its uid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identity {
    pub uid: PersonUid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The session the agent acts in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    pub uid: String,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub started_by: Field<PersonUid>,
}

/// The body of `POST /v1/changes` and of `POST /v1/changes/{id}/versions`. A field it does not know is an
/// error: an agent can't say who owns it or how risky it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// One line of the agent's words; without it the reader sees operation and target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub action: ProposedAction,
    #[serde(default)]
    pub resources: Vec<ProposedResource>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    #[serde(default)]
    pub plan: Plan,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Identity>))]
    pub on_behalf_of: Field<Identity>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Session>))]
    pub session: Field<Session>,
    /// Seconds until it expires, 10 to 604,800; the policy may shorten it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
}

impl Proposal {
    /// Refuses what is empty, enormous or out of range, naming the field.
    pub fn check(&self) -> Result<(), crate::json::Fault> {
        use crate::json::Fault;
        let text = |field: &str, text: &str, most: usize, may_be_empty: bool| {
            if text.len() > most {
                return Err(Fault::new(field, format!("longer than {most} bytes")));
            }
            if text.trim().is_empty() && !may_be_empty {
                return Err(Fault::new(field, "empty"));
            }
            Ok(())
        };
        let many = |field: &str, count: usize| {
            if count > MAX_ITEMS { Err(Fault::new(field, format!("more than {MAX_ITEMS} items"))) } else { Ok(()) }
        };
        text("action.service", &self.action.service, 128, false)?;
        text("action.operation", &self.action.operation, 128, false)?;
        if let Some(title) = &self.title {
            text("title", title, 512, false)?;
        }
        if let Some(rationale) = &self.rationale {
            text("rationale", rationale, MAX_TEXT, false)?;
        }
        many("resources", self.resources.len())?;
        for (i, resource) in self.resources.iter().enumerate() {
            text(&format!("resources[{i}].uid"), &resource.uid, 2_048, false)?;
            for (name, value) in
                [("type", &resource.kind), ("account", &resource.account), ("region", &resource.region)]
            {
                if let Some(value) = value {
                    text(&format!("resources[{i}].{name}"), value, 256, false)?;
                }
            }
        }
        many("evidence", self.evidence.len())?;
        for (i, evidence) in self.evidence.iter().enumerate() {
            text(&format!("evidence[{i}].title"), &evidence.title, 512, false)?;
            text(&format!("evidence[{i}].uri"), &evidence.uri, 2_048, false)?;
        }
        many("claims", self.claims.len())?;
        for (i, claim) in self.claims.iter().enumerate() {
            text(&format!("claims[{i}].label"), &claim.label, 128, false)?;
            text(&format!("claims[{i}].value"), &claim.value, 512, false)?;
        }
        for (part, steps) in [("plan.steps", &self.plan.steps), ("plan.rollback", &self.plan.rollback)] {
            many(part, steps.len())?;
            for (i, step) in steps.iter().enumerate() {
                match step {
                    PlanStep::Action { service, operation, note, .. } => {
                        text(&format!("{part}[{i}].service"), service, 128, false)?;
                        text(&format!("{part}[{i}].operation"), operation, 128, false)?;
                        if let Some(note) = note {
                            text(&format!("{part}[{i}].note"), note, 2_048, true)?;
                        }
                    }
                    PlanStep::Check { note, .. } => text(&format!("{part}[{i}].note"), note, 2_048, false)?,
                }
            }
        }
        if let Some(seconds) = self.expires_in
            && !(10..=604_800).contains(&seconds)
        {
            return Err(Fault::new("expires_in", "outside 10 to 604,800 seconds"));
        }
        Ok(())
    }
}
