//! Questions of the page's views and their answers.

use crate::query::figures::{Figures, Ran};
use crate::query::{Edges, Filter, Histogram, Sorting, Span};
use crate::row::{Category, Cell, Row};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    Overview(OverviewQuestion),
    Rows(RowsQuestion),
    Facets(FacetsQuestion),
    Rejects(RejectsQuestion),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "one at a time, and boxed where it is carried")]
pub enum Answer {
    Overview(Overview),
    Rows(Rows),
    Facets(Facets),
    Rejects(Rejects),
}

/// Which records a question is about.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Scoped {
    pub filter: Filter,
    pub span: Span,
}

/// Everything that the overview draws, within one brush.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverviewQuestion {
    pub scoped: Scoped,
    /// Whether the figures are wanted of the period before too, as long as the brush.
    pub compare: bool,
    /// Bins of the timeline, which is of all records of the filter, whatever the brush.
    pub bins: u32,
    /// Categories to count by.
    pub categories: Vec<Category>,
    /// Bins of the brush, for what is shown over time.
    pub periods: u32,
    /// Classes of waits.
    pub waits: Edges,
    /// Classes of ages.
    pub ages: Edges,
    /// In microseconds: an approval decided in less after it was opened is a rubber stamp.
    pub rubber_stamp: i64,
    /// The present, in microseconds since 1970; none for the time of the last record.
    pub now: Option<i64>,
    /// Agents that are wanted by themselves.
    pub agents: u32,
    /// Whether the answer's hash is wanted, for comparing it with another engine's.
    pub hashed: bool,
}

/// Counts of one brush. `generation` grows with the records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// The question's.
    pub span: Span,
    /// Records within the brush and the filter.
    pub of: u32,
    /// Records held.
    pub all: u32,
    pub generation: u64,
    /// What the counts stand before; none where it is the one that was told last.
    pub backdrop: Option<Backdrop>,
    /// Records within the brush, of each of the backdrop's cells.
    pub cells: Vec<u32>,
    /// Records within the brush, in each of the backdrop's bins.
    pub timeline: Vec<u32>,
    /// In the order that was asked for.
    pub counts: Vec<Counts>,
    pub figures: Figures,
    /// Bins of what is shown over time.
    pub periods: Histogram,
    /// The present that ages are reckoned from.
    pub now: i64,
    /// The period before, and the same figures of it; none where it can't be told or no record is so old.
    pub before: Option<(Span, Figures)>,
    /// FNV-1a, 64 bits, as 16 hexadecimal digits, of the cells, the brushed part of the timeline and the counts.
    pub hash: Option<String>,
}

/// All records of a filter, whatever the brush: it stays as it is while only the brush moves, and is told once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backdrop {
    /// Of the timeline: equally wide, from the first record to the last.
    pub bins: Histogram,
    /// Records in each.
    pub records: Vec<u32>,
    /// What ran in each.
    pub ran: Vec<Ran>,
    /// Cells that have records: agent, service and access level by their places in the lists below.
    pub cells: Vec<CellCount>,
    pub agents: Vec<Cell<'static>>,
    pub services: Vec<Cell<'static>>,
    pub access_levels: Vec<Cell<'static>>,
}

impl Default for Backdrop {
    /// Of no records.
    fn default() -> Backdrop {
        Backdrop {
            bins: Histogram { from: 0, to: 0, bins: 0 },
            records: Vec::new(),
            ran: Vec::new(),
            cells: Vec::new(),
            agents: Vec::new(),
            services: Vec::new(),
            access_levels: Vec::new(),
        }
    }
}

/// `[agent, service, access level, records]`.
pub type CellCount = (u32, u32, u32, u32);

/// Records by the words of a category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    pub category: Category,
    /// Words and kinds of missing with how many records have them, most first; none that no record has.
    pub counts: Vec<(Cell<'static>, u32)>,
    /// Records that have a word beyond those.
    pub other: u32,
    /// How many words they have.
    pub other_words: u32,
}

/// A window of rows in an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowsQuestion {
    pub scoped: Scoped,
    /// Only these cells of the heatmap, each agent, service and access level.
    pub cell: Option<[Cell<'static>; 3]>,
    pub sorting: Sorting,
    /// Only rows that were held at this generation, so that what comes meanwhile moves nothing that is in sight.
    pub as_of: Option<u64>,
    /// Where no generation is given: only rows that were held when the record with this uid came, it included. All of
    /// them where there is no such record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<String>,
    pub offset: u32,
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// Rows in all.
    pub of: u32,
    /// Records held.
    pub all: u32,
    /// What the rows are as of; with the same question as of it they stay these, whatever comes.
    pub generation: u64,
    /// Rows that would be among them and came since.
    pub newer: u32,
    pub offset: u32,
    pub rows: Vec<RowAnswer>,
}

/// One row of the columns.
pub type RowAnswer = Row<'static>;

/// How many records each word would leave, each category counted under all of the filter's terms but its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FacetsQuestion {
    pub scoped: Scoped,
    pub categories: Vec<Category>,
    /// Words of each at most.
    pub most: u32,
    /// Only rows that were held at this generation are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<u64>,
    /// Of a category only words that hold this text, whatever the case of its letters; the others are in no count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub find: Vec<(Category, String)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facets {
    pub generation: u64,
    pub counts: Vec<Counts>,
}

/// What could not be read, in the order that it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectsQuestion {
    pub offset: u32,
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejects {
    pub of: u64,
    /// The first of all that are kept; how many are not kept is `of` less those.
    pub kept: u32,
    pub items: Vec<RejectAnswer>,
}

/// A line or an item that is no record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectAnswer {
    /// The file or address.
    pub source: String,
    /// Line or item, from 1.
    pub position: u64,
    /// Dotted path; empty for the whole.
    pub field: String,
    pub reason: String,
    /// Its first bytes, what is no UTF-8 replaced.
    pub text: String,
}
