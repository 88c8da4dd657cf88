//! Foreign formats, read into audit records: CloudTrail so far. What a source does not say is
//! `not_recorded`; what cannot be decoded is quarantined with its bytes. Native records are decoded in
//! `crate::record`, and who may append what is the endpoint's to say.

pub mod agents;
pub mod cloudtrail;
#[cfg(test)]
mod hostile_files;
pub mod replay;
pub mod touched;

pub use agents::{AgentsError, Attribution};
