//! Foreign formats, read into audit records: CloudTrail, OCSF, OpenTelemetry spans; which of them a file is in
//! is `document`'s to tell. What a source does not say is `not_recorded`; what cannot be decoded is quarantined
//! with its bytes. Native records are decoded in `crate::record`, and who may append what is the endpoint's to say.

pub mod agents;
pub mod cloudtrail;
pub mod document;
#[cfg(test)]
mod hostile_files;
#[cfg(test)]
mod hostile_logs;
mod imported;
mod lax;
mod layout;
pub mod native;
pub mod ocsf;
pub mod otel;
pub mod replay;
pub mod touched;

pub use agents::{AgentsError, Attribution};
pub use imported::{NOT_SAID, SOURCE};

use crate::classify::{ActionTable, Estate};

/// What logs are read with. Each format adds the method that reads it: `cloudtrail`, `ocsf`, `otel`, and
/// `document` for whichever it is.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    pub table: &'a ActionTable,
    pub agents: &'a Attribution,
    pub estate: &'a Estate,
}
