//! The domain of Countersign: what a record, a change, a review and a decision are, and what follows
//! from them. Pure: no I/O, no DOM, no clock (`now` is an argument); compiles natively and to wasm32.
//! Transport and storage are the endpoint's, painting is the app's.

#![forbid(unsafe_code)]

pub mod canonical;
pub mod capability;
pub mod change;
#[cfg(feature = "formats")]
pub mod classify;
pub mod contract;
pub mod diff;
pub mod digest;
pub mod finding;
#[cfg(feature = "formats")]
pub mod formats;
#[cfg(any(test, feature = "samples"))]
pub mod generated;
pub mod id;
pub mod json;
pub mod log_entry;
pub mod missing;
pub mod policy;
pub mod proposal;
pub mod record;
pub mod review;
pub mod state;
pub mod text;
pub mod time;
pub mod vocabulary;
