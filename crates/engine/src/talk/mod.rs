//! What the page and the worker say to each other, as plain data that travels as JSON. The page asks; the worker hosts
//! the records ([`crate::host`]) and tells. What a question means is `query`'s; how words are carried is the app's.

mod cell;
mod question;
mod source;

pub use question::{
    Answer, Backdrop, CellCount, Counts, Facets, FacetsQuestion, Overview, OverviewQuestion, Question, RejectAnswer,
    Rejects, RejectsQuestion, RowAnswer, Rows, RowsQuestion, Scoped,
};
pub use source::{Finished, Hashed, Progress, Source, Trouble};

use serde::{Deserialize, Serialize};

/// Of the sources that page and worker were built from; they check it when they meet.
pub const BUILD: &str = env!("COUNTERSIGN_BUILD");

/// Which load something is about, a larger number for each; words about an older one are late.
pub type Load = u32;

/// Who on the page asks. Only its newest question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    Overview,
    /// The window of rows that is in sight.
    Rows,
    /// The rows of the open record's change.
    Near,
    Facets,
    Rejects,
}

impl Slot {
    pub const ALL: [Slot; 5] = [Slot::Overview, Slot::Rows, Slot::Near, Slot::Facets, Slot::Rejects];
}

/// The page to the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    Hello {
        build: String,
    },
    /// Forget what is held and read this. Files travel beside the words.
    Open {
        load: Load,
        source: Source,
    },
    /// Stop reading; what was read stays, and is told to be a part.
    Cancel {
        load: Load,
    },
    /// Records that came since, one a line.
    Append {
        load: Load,
        lines: String,
    },
    /// Answer now and, if it is `standing`, again whenever there are more records.
    Question {
        slot: Slot,
        /// Larger than that of any question before.
        id: u32,
        standing: bool,
        question: Question,
    },
    /// Nobody waits for this slot's answers any more.
    Silence {
        slot: Slot,
    },
    /// The whole record of a row, as it came.
    Record {
        id: u32,
        uid: String,
    },
    /// The rows of a question, whole, as a file.
    Export {
        id: u32,
        rows: RowsQuestion,
        format: Export,
    },
}

/// The form of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Export {
    /// The columns, RFC 4180, in UTF-8; a value that a spreadsheet would take for a formula is marked as text.
    Csv,
    /// The records as they came, one a line.
    Ndjson,
}

/// The worker to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tell {
    Hello {
        build: String,
    },
    Progress(Progress),
    /// Nothing more will come of this load.
    Failed {
        load: Load,
        trouble: Trouble,
    },
    Answer {
        slot: Slot,
        id: u32,
        answer: Box<Answer>,
    },
    /// To [`Ask::Record`]: its JSON, or why it can't be had.
    Record {
        id: u32,
        json: Result<String, Trouble>,
    },
    /// To [`Ask::Export`]: the file travels beside the words, or why there is none.
    Exported {
        id: u32,
        file: Result<String, Trouble>,
    },
}
