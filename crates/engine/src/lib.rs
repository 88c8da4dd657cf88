//! Records in columns, for a Web Worker to hold a million of them: NDJSON in as it arrives, exact answers out. Pure:
//! it reads no clock, does no I/O and knows no DOM. What a record means is `oversight`'s; how answers are drawn is the
//! app's.

#![forbid(unsafe_code)]

pub mod column;
pub mod host;
pub mod ingest;
pub mod query;
pub mod row;
pub mod store;
pub mod talk;
