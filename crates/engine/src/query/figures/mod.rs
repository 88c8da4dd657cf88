//! The managers' figures: what ran and how it came to, how long decisions took, approvals that were rubber stamps, what
//! is pending, ways around and stops, and all that by agent. Every count has its definition and the very rows that make
//! it up ([`Figure`]); what the records don't tell is counted apart, never as zero and never as success.

mod agents;
mod answer;
mod approvals;
mod around;
mod coded;
mod figure;
mod index;
mod ran;
mod thing;
mod waits;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

pub use answer::{
    Agents, Approvals, Around, ByAgent, Decisions, Figures, Known, Oldest, Pending, Question, Ran, Share,
};
pub use figure::{Figure, UnknownFigure};
pub use index::Index;
pub use thing::{How, Stop, Thing};

pub(crate) use thing::each_behind;
