//! Where records are read from, and how reading goes.

use super::Load;
use serde::{Deserialize, Serialize};

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The records of an endpoint, as one snapshot with its trailer; whole records are asked for by their uid.
    Endpoint {
        /// Of `/v1/records`, absolute.
        address: String,
    },
    /// Anything else that can be fetched; what it is shows when it is read.
    Address {
        address: String,
        /// Addresses of `agents.toml` and `estate.toml`, where foreign formats are read with them.
        beside: Vec<String>,
    },
    /// Files of the reader's own, which travel beside the words in this order; `agents.toml` and `estate.toml` among them
    /// are what the others are read with.
    Files { names: Vec<String> },
}

/// How reading goes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Progress {
    pub load: Load,
    /// Records held.
    pub rows: u32,
    /// Records that were there already.
    pub repeated: u64,
    /// Lines or items that could not be read.
    pub quarantined: u64,
    /// Items that are what they should be and no record of an agent's action: other spans of a trace.
    pub passed: u64,
    /// Bytes read, as they came out of any compression.
    pub bytes: u64,
    /// Bytes there are, where the source says so and they aren't compressed on the way.
    pub of_bytes: Option<u64>,
    /// What it turned out to be: "NDJSON", "CloudTrail".
    pub format: String,
    /// Times of the first record and of the last, in microseconds since 1970.
    pub span: Option<(i64, i64)>,
    /// None while more is on its way.
    pub finished: Option<Finished>,
}

/// How reading ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finished {
    /// The trailer is there and says what was read.
    Whole {
        hash: Hashed,
    },
    /// The trailer says something else, in words.
    Differs {
        what: String,
    },
    /// It broke off: within a line, or without the trailer that an endpoint's snapshot has.
    Incomplete,
    /// It ended where such a source ends. Nothing tells whether that is all.
    NoTrailer,
    Cancelled,
}

/// What became of the trailer's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hashed {
    /// It is being computed, beside the reading.
    Checking,
    Agrees,
    /// This browser could not compute it.
    Unchecked,
}

/// Why something could not be had, for a person to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What happened.
    pub what: String,
    /// What may be done about it.
    pub next: String,
}

impl Trouble {
    pub fn new(what: impl Into<String>, next: impl Into<String>) -> Trouble {
        Trouble { what: what.into(), next: next.into() }
    }
}
