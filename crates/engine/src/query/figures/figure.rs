//! The figures by name: the word of each for an address, the sentence that defines it for a person, and which things it
//! counts. What the things are is `thing`'s, how many there are is the index's, which rows they stand in `behind`'s.

use super::thing::{How, Stop, Thing};
use crate::query::Span;
use crate::query::decision::{Outcome, Verdict};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A figure that has records behind it. A filter with it keeps one row for each thing that is counted, so that the rows
/// of a filter, a span and a figure are as many as the figure says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Figure {
    Ran,
    RanAlone,
    RanApproved,
    RanBypassed,
    RanUnknown,
    RolledBack,
    Opened,
    Decided,
    Approved,
    Rejected,
    Timed,
    /// Timed with a wait within a span of microseconds, as it is between two edges.
    Waited(Span),
    Untimed,
    ByPolicy,
    WentAhead,
    Pending,
    Ended,
    Undetermined,
    Approvals,
    /// Approvals given in less than so many microseconds.
    RubberStamp(i64),
    ApprovalsUntimed,
    BreakGlass,
    Ratified,
    Unratified,
    RatificationUnknown,
    Pauses,
    Resumed,
    Paused,
    PausedAgain,
    PausesUnknown,
    Rollbacks,
}

impl Figure {
    /// Every figure without a number of its own.
    pub const PLAIN: [Figure; 29] = [
        Figure::Ran,
        Figure::RanAlone,
        Figure::RanApproved,
        Figure::RanBypassed,
        Figure::RanUnknown,
        Figure::RolledBack,
        Figure::Opened,
        Figure::Decided,
        Figure::Approved,
        Figure::Rejected,
        Figure::Timed,
        Figure::Untimed,
        Figure::ByPolicy,
        Figure::WentAhead,
        Figure::Pending,
        Figure::Ended,
        Figure::Undetermined,
        Figure::Approvals,
        Figure::ApprovalsUntimed,
        Figure::BreakGlass,
        Figure::Ratified,
        Figure::Unratified,
        Figure::RatificationUnknown,
        Figure::Pauses,
        Figure::Resumed,
        Figure::Paused,
        Figure::PausedAgain,
        Figure::PausesUnknown,
        Figure::Rollbacks,
    ];

    /// Its word, without a number.
    pub fn word(self) -> &'static str {
        self.said().0
    }

    /// What is counted, at which record, and what is not: for a person to read.
    pub fn definition(self) -> &'static str {
        self.said().1
    }

    fn said(self) -> (&'static str, &'static str) {
        match self {
            Figure::Ran => (
                "ran",
                "Actions that ran: versions of changes that were redeemed, executed, verified or rolled back, each at the \
                 first record that says so, and executions that were recorded without a change.",
            ),
            Figure::RanAlone => (
                "ran-alone",
                "Actions that ran without a person: the policy allowed the version, and nobody reviewed it.",
            ),
            Figure::RanApproved => (
                "ran-approved",
                "Actions that people approved before they ran: the version's last approval was decided no later than its \
                 first record of having run, and nobody rejected it.",
            ),
            Figure::RanBypassed => {
                ("ran-bypassed", "Actions that ran by breaking glass, whatever else was decided about the version.")
            }
            Figure::RanUnknown => (
                "ran-unknown",
                "Actions that ran, and the records don't tell how they came to: there is neither a policy decision that \
                 allowed the version nor an approval from before it ran, or the version was rejected or denied.",
            ),
            Figure::RolledBack => (
                "rolled-back",
                "Actions that ran and were rolled back since: the version has a rollback record, whenever it came. Each at \
                 the first record of having run.",
            ),
            Figure::Opened => (
                "opened",
                "Versions of changes that were put forward: a proposal or an amendment, each at the first record of it.",
            ),
            Figure::Decided => (
                "decided",
                "Versions that people decided: one rejection, or the last approval of a version that could be used \
                 afterwards. Each at the record that put it forward.",
            ),
            Figure::Approved => {
                ("approved", "Versions that people decided and did not reject, each at the record that put it forward.")
            }
            Figure::Rejected => {
                ("rejected", "Versions that a person rejected, each at the record that put it forward.")
            }
            Figure::Timed => (
                "timed",
                "Versions that people decided, with a known time to decision: from the record that put it forward to the \
                 decision.",
            ),
            Figure::Waited(_) => (
                "waited",
                "Versions that people decided after a wait between two bounds, each at the record that put it forward.",
            ),
            Figure::Untimed => (
                "untimed",
                "Versions that people decided, by the records before they were put forward, so that no time to decision \
                 is known. Each at the record that put it forward.",
            ),
            Figure::ByPolicy => (
                "by-policy",
                "Versions that the policy allowed or denied, so that nobody was asked. Each at the record that put it \
                 forward.",
            ),
            Figure::WentAhead => (
                "went-ahead",
                "Versions that went ahead by breaking glass, without their quorum and without a rejection. Each at the \
                 record that put it forward.",
            ),
            Figure::Pending => (
                "pending",
                "Versions that wait: put forward, without a decision and without an end among the records held. Each at the \
                 record that put it forward.",
            ),
            Figure::Ended => (
                "ended",
                "Versions that expired, were withdrawn or were superseded before anybody decided. Each at the record that \
                 put it forward.",
            ),
            Figure::Undetermined => (
                "undetermined",
                "Versions of which the records don't tell whether people decided: approved by some and not used yet, \
                 superseded after an approval, or used with no approval among the records.",
            ),
            Figure::Approvals => ("approvals", "Reviews that approve, each by itself, at the record of the review."),
            Figure::RubberStamp(_) => (
                "rubber-stamp",
                "Reviews that approve and were decided in less than a given time after the reviewer opened the change.",
            ),
            Figure::ApprovalsUntimed => (
                "approvals-untimed",
                "Reviews that approve and don't say when the change was opened, or were decided before it was.",
            ),
            Figure::BreakGlass => ("break-glass", "Records of breaking glass: going ahead without the quorum."),
            Figure::Ratified => {
                ("ratified", "Records of breaking glass with a ratification of the same version of the same change.")
            }
            Figure::Unratified => (
                "unratified",
                "Records of breaking glass without a ratification of the same version of the same change.",
            ),
            Figure::RatificationUnknown => (
                "ratification-unknown",
                "Records of breaking glass that name no change, so that no ratification can be found.",
            ),
            Figure::Pauses => ("pauses", "Records of an agent being paused."),
            Figure::Resumed => (
                "resumed",
                "Pauses of an agent that was not paused, and was resumed afterwards. The time to resume is from the one \
                 record to the other.",
            ),
            Figure::Paused => {
                ("paused", "Agents that are still paused at the last record held, each at the record that paused it.")
            }
            Figure::PausedAgain => ("paused-again", "Pauses of an agent that was paused already."),
            Figure::PausesUnknown => ("pauses-unknown", "Pauses that don't say of which agent."),
            Figure::Rollbacks => ("rollbacks", "Records of a rollback, each by itself."),
        }
    }

    /// Whether a thing is one that it counts.
    pub(super) fn counts(self, thing: &Thing) -> bool {
        match (self, thing) {
            (Figure::Ran, Thing::Ran { .. }) => true,
            (Figure::RanAlone, Thing::Ran { how, .. }) => *how == How::Alone,
            (Figure::RanApproved, Thing::Ran { how, .. }) => *how == How::Approved,
            (Figure::RanBypassed, Thing::Ran { how, .. }) => *how == How::Bypassed,
            (Figure::RanUnknown, Thing::Ran { how, .. }) => *how == How::Unknown,
            (Figure::RolledBack, Thing::Ran { rolled_back, .. }) => *rolled_back,
            (Figure::Opened, Thing::Opened { .. }) => true,
            (Figure::Decided, Thing::Opened { verdict, .. }) => verdict.is_some(),
            (Figure::Approved, Thing::Opened { verdict, .. }) => *verdict == Some(Verdict::Approved),
            (Figure::Rejected, Thing::Opened { verdict, .. }) => *verdict == Some(Verdict::Rejected),
            (Figure::Timed, Thing::Opened { outcome, .. }) => matches!(outcome, Outcome::Decided(_)),
            (Figure::Waited(span), Thing::Opened { outcome: Outcome::Decided(wait), .. }) => span.holds(*wait),
            (Figure::Untimed, Thing::Opened { outcome, verdict }) => *outcome == Outcome::Unknown && verdict.is_some(),
            (Figure::ByPolicy, Thing::Opened { outcome, .. }) => *outcome == Outcome::ByPolicy,
            (Figure::WentAhead, Thing::Opened { outcome, .. }) => *outcome == Outcome::Bypassed,
            (Figure::Pending, Thing::Opened { outcome, .. }) => *outcome == Outcome::Pending,
            (Figure::Ended, Thing::Opened { outcome, .. }) => *outcome == Outcome::Ended,
            (Figure::Undetermined, Thing::Opened { outcome, verdict }) => {
                *outcome == Outcome::Unknown && verdict.is_none()
            }
            (Figure::Approvals, Thing::Approval(_)) => true,
            (Figure::RubberStamp(within), Thing::Approval(took)) => took.is_some_and(|took| took < within),
            (Figure::ApprovalsUntimed, Thing::Approval(took)) => took.is_none(),
            (Figure::BreakGlass, Thing::BreakGlass(_)) => true,
            (Figure::Ratified, Thing::BreakGlass(ratified)) => *ratified == Some(true),
            (Figure::Unratified, Thing::BreakGlass(ratified)) => *ratified == Some(false),
            (Figure::RatificationUnknown, Thing::BreakGlass(ratified)) => ratified.is_none(),
            (Figure::Pauses, Thing::Pause(_)) => true,
            (Figure::Resumed, Thing::Pause(stop)) => matches!(stop, Stop::Resumed(_)),
            (Figure::Paused, Thing::Pause(stop)) => *stop == Stop::Lasts,
            (Figure::PausedAgain, Thing::Pause(stop)) => *stop == Stop::Again,
            (Figure::PausesUnknown, Thing::Pause(stop)) => *stop == Stop::Unknown,
            (Figure::Rollbacks, Thing::Rollback) => true,
            _ => false,
        }
    }
}

/// Its word; a colon and its number or its span of numbers, where it has one: `rubber-stamp:10000000`,
/// `waited:60000000..`.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Figure::RubberStamp(within) => write!(f, ":{within}"),
            Figure::Waited(span) => {
                let bound = |bound: Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
                write!(f, ":{}..{}", bound(span.from), bound(span.to))
            }
            _ => Ok(()),
        }
    }
}

/// A text that names no figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFigure {
    /// The text as given, cut to 64 characters.
    pub given: String,
}

impl fmt::Display for UnknownFigure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a figure", self.given)
    }
}

impl std::error::Error for UnknownFigure {}

impl FromStr for Figure {
    type Err = UnknownFigure;

    fn from_str(text: &str) -> Result<Figure, UnknownFigure> {
        let numbered = || {
            let (word, number) = text.split_once(':')?;
            match word {
                "rubber-stamp" => number.parse().ok().map(Figure::RubberStamp),
                "waited" => {
                    let (from, to) = number.split_once("..")?;
                    let bound = |text: &str| match text {
                        "" => Some(None),
                        text => text.parse().ok().map(Some),
                    };
                    Some(Figure::Waited(Span { from: bound(from)?, to: bound(to)? }))
                }
                _ => None,
            }
        };
        let plain = Figure::PLAIN.into_iter().find(|figure| figure.word() == text);
        plain.or_else(numbered).ok_or_else(|| UnknownFigure { given: text.chars().take(64).collect() })
    }
}

impl TryFrom<String> for Figure {
    type Error = UnknownFigure;

    fn try_from(text: String) -> Result<Figure, UnknownFigure> {
        text.parse()
    }
}

impl From<Figure> for String {
    fn from(figure: Figure) -> String {
        figure.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_reads_back_and_no_two_have_a_word() {
        let numbered = [
            Figure::RubberStamp(10_000_000),
            Figure::RubberStamp(-1),
            Figure::Waited(Span::ALL),
            Figure::Waited(Span::of(0, 60_000_000)),
            Figure::Waited(Span { from: Some(5), to: None }),
            Figure::Waited(Span { from: None, to: Some(i64::MIN) }),
        ];
        let mut words = std::collections::BTreeSet::new();
        for figure in Figure::PLAIN.into_iter().chain(numbered) {
            assert_eq!(figure.to_string().parse(), Ok(figure));
            assert!(words.insert(figure.to_string()) && figure.definition().ends_with('.'), "{figure}");
        }
        assert_eq!(Figure::RubberStamp(10_000_000).to_string(), "rubber-stamp:10000000");
        assert_eq!(Figure::Waited(Span { from: None, to: Some(9) }).to_string(), "waited:..9");
        for text in ["", "Ran", "ran ", "ran:1", "rubber-stamp", "rubber-stamp:", "waited:1", "waited:1..x", "waited"] {
            assert!(text.parse::<Figure>().is_err(), "{text:?}");
        }
        let error = format!("{}x", "é".repeat(70)).parse::<Figure>().unwrap_err();
        assert_eq!(error.given, "é".repeat(64));
    }
}
