//! A finding: something about a change that a reviewer must see before deciding. What produces findings
//! (text safety, policy, later the lint) lives with its subject; how they look is the app's.

use crate::vocabulary::Severity;
use serde::{Deserialize, Serialize};

/// One finding on one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// Rule id, stable: `text-002`.
    pub rule: String,
    pub severity: Severity,
    /// What is wrong, in a few words: "Hidden character in a target".
    pub title: String,
    /// Where: a dotted path with indices, `resources[0].uid`.
    pub field: String,
    /// Position of the first offending character, in Unicode scalar values from the start of the field. Absent where the finding is about the whole field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// The offending code points as `U+200B`, at most 16, in order of appearance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code_points: Vec<String>,
    /// One sentence: what it means here. Holds no raw text of the field.
    pub detail: String,
}
