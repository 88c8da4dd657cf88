//! What the figures' answers hold. Each count names the [`Figure`] whose rows are as many; what a figure counts is said
//! there once, in [`Figure::definition`].

use super::Figure;
use crate::query::{Edges, Histogram, TimeToDecision};
use crate::row::Cell;
use oversight::vocabulary::Kind;
use serde::{Deserialize, Serialize};

/// What is asked, beside the filter and the span.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Bins of time, for what ran and for approvals.
    pub bins: Histogram,
    /// Quantiles of the time to decision that are wanted, from 0 to 1.
    pub probabilities: Vec<f64>,
    /// Classes of waits.
    pub waits: Edges,
    /// An approval decided in less than so many microseconds is a rubber stamp.
    pub rubber_stamp: i64,
    /// In microseconds since 1970, for the ages of what is pending.
    pub now: i64,
    /// Classes of ages.
    pub ages: Edges,
    /// How many agents are wanted by themselves.
    pub agents: u32,
}

/// The figures of one filter within one span of time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Figures {
    pub known: Known,
    pub ran: Ran,
    /// Those that ran in order of the tiers, words that are none after them, then the kinds of missing; no tier twice and
    /// none without an action. They sum to `ran`.
    pub tiers: Vec<(Cell<'static>, Ran)>,
    /// By bin. What ran within the span and outside of the bins is in `ran` alone.
    pub bins: Vec<Ran>,
    pub decisions: Decisions,
    pub approvals: Approvals,
    /// By bin, as for what ran.
    pub approval_bins: Vec<Approvals>,
    pub pending: Pending,
    pub around: Around,
    pub agents: Agents,
}

/// A part and what it is of. `of` 0 is no share at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub n: u32,
    pub of: u32,
    /// Things of which the records don't tell. Each share says whether they are in `of`.
    pub unknown: u32,
}

/// What the source can tell at all, by all records that are held, whatever the filter and the span.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Known {
    /// How many records there are of each kind, in the order of [`Kind::ALL`]; none without a record. A record whose kind
    /// is no word of that list is in none.
    pub kinds: Vec<(Kind, u32)>,
    /// Versions of changes whose proposal or amendment is not among the records, so that no wait is known of them.
    pub unopened: u32,
}

impl Known {
    pub fn of(&self, kind: Kind) -> u32 {
        self.kinds.iter().find(|known| known.0 == kind).map_or(0, |known| known.1)
    }

    /// Whether a figure can be known from this source: what ran can be from any, everything else from one that records
    /// oversight alone. From an imported log of what was executed it can't: that there is none of it means nothing.
    pub fn tells(&self, figure: Figure) -> bool {
        matches!(figure, Figure::Ran | Figure::RanUnknown) || self.has_oversight()
    }

    /// Whether there is a record that only a source which records oversight has.
    pub fn has_oversight(&self) -> bool {
        self.kinds.iter().any(|(kind, _)| {
            matches!(
                kind,
                Kind::Proposal
                    | Kind::Amendment
                    | Kind::PolicyDecision
                    | Kind::Review
                    | Kind::Expiry
                    | Kind::Supersession
                    | Kind::Cancellation
                    | Kind::Redemption
                    | Kind::Lapse
                    | Kind::Revocation
                    | Kind::Pause
                    | Kind::Resume
                    | Kind::BreakGlass
                    | Kind::Ratification
                    | Kind::PolicyLoad
                    | Kind::Enrolment
            )
        })
    }
}

/// Actions that ran ([`Figure::Ran`]), by how they came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ran {
    /// [`Figure::RanAlone`].
    pub alone: u32,
    /// [`Figure::RanApproved`].
    pub approved: u32,
    /// [`Figure::RanBypassed`].
    pub bypassed: u32,
    /// [`Figure::RanUnknown`].
    pub unknown: u32,
}

impl Ran {
    pub fn n(&self) -> u32 {
        self.alone + self.approved + self.bypassed + self.unknown
    }

    /// Autonomy: ran without a person, of all that ran. The unknown are in `of`.
    pub fn autonomy(&self) -> Share {
        Share { n: self.alone, of: self.n(), unknown: self.unknown }
    }

    /// Approved before it ran, of those that did not run alone. The unknown are in `of`, as if none of them was.
    pub fn approved_before(&self) -> Share {
        Share { n: self.approved, of: self.approved + self.bypassed + self.unknown, unknown: self.unknown }
    }
}

/// What became of versions that were put forward within the span ([`Figure::Opened`]).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Decisions {
    /// How long people took ([`Figure::Timed`]; a class of waits: [`Figure::Waited`]), and what became of the others:
    /// [`Figure::ByPolicy`], [`Figure::WentAhead`], [`Figure::Pending`], [`Figure::Ended`], and as unknown those that are
    /// `undetermined` or `untimed`.
    pub time: TimeToDecision,
    /// [`Figure::Approved`].
    pub approved: u32,
    /// [`Figure::Rejected`].
    pub rejected: u32,
    /// [`Figure::Untimed`]: of the approved and the rejected.
    pub untimed: u32,
    /// [`Figure::Undetermined`].
    pub undetermined: u32,
}

impl Decisions {
    /// Rejections, of what people decided ([`Figure::Decided`]), whether the time is known or not. Those of which the
    /// records don't tell whether they were decided are not in `of`.
    pub fn rejection(&self) -> Share {
        Share { n: self.rejected, of: self.approved + self.rejected, unknown: self.undetermined }
    }
}

/// Reviews that approve ([`Figure::Approvals`]), by how long the change had been open before the reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Approvals {
    /// In less than the question's bound: [`Figure::RubberStamp`].
    pub rubber_stamp: u32,
    pub slower: u32,
    /// [`Figure::ApprovalsUntimed`].
    pub untimed: u32,
}

impl Approvals {
    pub fn n(&self) -> u32 {
        self.rubber_stamp + self.slower + self.untimed
    }

    /// Rubber stamps, of the approvals whose time is known. The unknown are not in `of`.
    pub fn rubber_stamps(&self) -> Share {
        Share { n: self.rubber_stamp, of: self.rubber_stamp + self.slower, unknown: self.untimed }
    }
}

/// Versions put forward within the span that wait ([`Figure::Pending`]).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pending {
    /// By tier, ordered as those that ran, and class of age. Those of a class are behind the same figure within
    /// [`Edges::begun`].
    pub tiers: Vec<(Cell<'static>, Vec<u32>)>,
    pub n: u32,
    pub oldest: Option<Oldest>,
}

/// The version that waits longest; of several the one whose record comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oldest {
    /// When it was put forward, in microseconds since 1970.
    pub opened: i64,
    /// 12 of `CH-12`.
    pub change: u64,
    pub version: Option<u32>,
}

/// Ways around oversight, and stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Around {
    /// [`Figure::Ratified`].
    pub ratified: u32,
    /// [`Figure::Unratified`].
    pub unratified: u32,
    /// [`Figure::RatificationUnknown`].
    pub ratification_unknown: u32,
    /// [`Figure::Resumed`].
    pub resumed: u32,
    /// [`Figure::Paused`].
    pub paused: u32,
    /// [`Figure::PausedAgain`].
    pub paused_again: u32,
    /// [`Figure::PausesUnknown`].
    pub pauses_unknown: u32,
    /// Median of the microseconds from a pause to its resume (nearest rank), of the `resumed`.
    pub time_to_resume: Option<i64>,
    /// [`Figure::Rollbacks`].
    pub rollbacks: u32,
    /// [`Figure::RolledBack`], of all that ran.
    pub rolled_back: u32,
}

impl Around {
    /// [`Figure::BreakGlass`].
    pub fn break_glass(&self) -> u32 {
        self.ratified + self.unratified + self.ratification_unknown
    }

    /// [`Figure::Pauses`].
    pub fn pauses(&self) -> u32 {
        self.resumed + self.paused + self.paused_again + self.pauses_unknown
    }
}

/// The figures by agent. An agent is in them where an action of its ran within the span, or a version that people
/// decided was put forward within it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Agents {
    /// As many as were asked for, those with most actions first, of as many in the order of the alphabet.
    pub top: Vec<ByAgent>,
    /// The kinds of missing in an agent's place, where there are any.
    pub unnamed: Vec<ByAgent>,
    /// Agents that are not among the top.
    pub others: u32,
    /// What ran of those.
    pub others_ran: Ran,
}

/// One agent's figures: each is that of the same filter with the agent as a further term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByAgent {
    pub agent: Cell<'static>,
    pub ran: Ran,
    /// [`Figure::RolledBack`].
    pub rolled_back: u32,
    /// [`Figure::Decided`].
    pub decided: u32,
    /// [`Figure::Rejected`].
    pub rejected: u32,
    /// [`Figure::Timed`]: the median's n.
    pub timed: u32,
    /// Median time to decision in microseconds (nearest rank).
    pub median: Option<i64>,
    /// Time of its last record within the filter and the span, in microseconds since 1970.
    pub last: Option<i64>,
}
