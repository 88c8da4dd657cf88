//! What the figures say, as cards: the figure, what it counts, of how many, how many are unknown, how it was in the period
//! before, and which records are behind it. Pure; the charts in them are drawn by `page`.

use super::question::RUBBER_STAMP;
use crate::ui::charts::figures::{Change, Part};
use crate::ui::wording::{count, counted, span};
use engine::query::figures::{Figure, Figures, Share};

/// One card's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub title: &'static str,
    /// The figure, or why it is withheld or can't be known.
    pub figure: Said,
    /// What is counted.
    pub counts: String,
    /// n of the denominator.
    pub of: String,
    /// How many the records don't tell of; zero is said too.
    pub unknown: u32,
    /// The records that make it up.
    pub behind: Figure,
    /// Against the period before; none where nothing is compared.
    pub change: Option<Change>,
    pub meaning: Meaning,
}

/// What a figure means, for a person to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    pub counts: String,
    /// What it is a share of.
    pub of: Option<String>,
    /// What is unknown, and whether it is in the denominator.
    pub unknown: String,
    /// Where the term is from.
    pub source: &'static str,
}

impl Meaning {
    fn new(counts: impl Into<String>, of: Option<&str>, unknown: impl Into<String>, source: &'static str) -> Meaning {
        Meaning { counts: counts.into(), of: of.map(str::to_owned), unknown: unknown.into(), source }
    }
}

/// Of terms that nobody else defines.
const OURS: &str = "This product's own.";

/// A figure as it can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Is(String),
    /// There are too few for a share to say anything: how many.
    Withheld(u64),
    /// The source has no records that could tell.
    NotKnown(&'static str),
}

/// What is said where a source has no records of oversight.
const NO_OVERSIGHT: &str = "It can't be known from this source: it records what was executed, and not who was asked.";

/// What a window has to be compared with.
#[derive(Debug, Clone, Copy)]
pub enum Earlier<'a> {
    Figures(&'a Figures),
    /// Why there is nothing.
    None(&'static str),
}

fn part(share: Share) -> Part {
    Part::new(share.n.into(), share.of.into())
}

fn share_card(
    now: &Figures,
    earlier: Earlier<'_>,
    title: &'static str,
    (counts, of): (&str, &str),
    behind: Figure,
    share: impl Fn(&Figures) -> Share,
    meaning: Meaning,
) -> Card {
    let now_share = share(now);
    let known = now.known.tells(behind);
    let change = match earlier {
        _ if !known => None,
        Earlier::None(why) => Some(Change::None(why.to_owned())),
        Earlier::Figures(before) => Some(Change::of_shares(part(now_share), part(share(before)))),
    };
    let figure = match part(now_share).percent() {
        _ if !known => Said::NotKnown(NO_OVERSIGHT),
        Some(percent) => Said::Is(percent),
        None => Said::Withheld(now_share.of.into()),
    };
    Card {
        title,
        figure,
        counts: counts.to_owned(),
        of: format!("{} {of}", part(now_share).words()),
        unknown: now_share.unknown,
        behind,
        change,
        meaning,
    }
}

pub fn autonomy(now: &Figures, earlier: Earlier<'_>) -> Card {
    let share = |figures: &Figures| figures.ran.autonomy();
    let mut card = share_card(
        now,
        earlier,
        "Autonomy by tier",
        ("ran without a person", "actions that ran"),
        Figure::RanAlone,
        share,
        Meaning::new(
            Figure::RanAlone.definition(),
            Some(Figure::Ran.definition()),
            format!("{} They are in the denominator.", Figure::RanUnknown.definition()),
            OURS,
        ),
    );
    if now.ran.bypassed > 0 {
        card.of.push_str(&format!(", {} by break-glass", count(now.ran.bypassed.into())));
    }
    card
}

pub fn approved_before(now: &Figures, earlier: Earlier<'_>) -> Card {
    share_card(
        now,
        earlier,
        "Approved before it ran",
        ("of those that needed it", "that did not run alone"),
        Figure::RanApproved,
        |figures| figures.ran.approved_before(),
        Meaning::new(
            Figure::RanApproved.definition(),
            Some(
                "Actions that ran and that the policy did not let run alone: approved, by breaking glass, or unknown.",
            ),
            format!("{} They are in the denominator, as if not approved.", Figure::RanUnknown.definition()),
            "This product's own; AICPA's Trust Services Criterion CC8.1 asks that changes be authorized and approved.",
        ),
    )
}

pub fn rejection(now: &Figures, earlier: Earlier<'_>) -> Card {
    share_card(
        now,
        earlier,
        "Rejection rate",
        ("of what people decided", "decided by people"),
        Figure::Rejected,
        |figures| figures.decisions.rejection(),
        Meaning::new(
            Figure::Rejected.definition(),
            Some(Figure::Decided.definition()),
            format!("{} They are in neither.", Figure::Undetermined.definition()),
            OURS,
        ),
    )
}

pub fn rubber_stamps(now: &Figures, earlier: Earlier<'_>) -> Card {
    let seconds = RUBBER_STAMP / 1_000_000;
    share_card(
        now,
        earlier,
        "Rubber-stamp share",
        (&format!("approved in under {}", span(seconds)), "approvals"),
        Figure::RubberStamp(RUBBER_STAMP),
        |figures| figures.approvals.rubber_stamps(),
        Meaning::new(
            format!(
                "Reviews that approve and were decided in less than {} after the reviewer opened the change.",
                span(seconds)
            ),
            Some("Reviews that approve and say when the change was opened."),
            format!("{} They are in neither.", Figure::ApprovalsUntimed.definition()),
            "This product's own: in so little time nobody reads a change, its plan and its findings.",
        ),
    )
}

/// Time to decision: the median of the timed; pending and ended versions are counted apart, since their waits only began.
pub fn time_to_decision(now: &Figures, earlier: Earlier<'_>) -> Card {
    let median =
        |figures: &Figures| figures.decisions.time.quantiles.first().copied().flatten().map(|wait| wait / 1_000_000);
    let [timed, _, _, pending, ended, _] = now.decisions.time.outcomes;
    let figure = match median(now) {
        _ if !now.known.tells(Figure::Timed) => Said::NotKnown(NO_OVERSIGHT),
        Some(seconds) => Said::Is(span(seconds)),
        None => Said::Withheld(0),
    };
    let change = match earlier {
        _ if matches!(figure, Said::NotKnown(_)) => None,
        Earlier::None(why) => Some(Change::None(why.to_owned())),
        Earlier::Figures(before) => match (median(now), median(before)) {
            (Some(now), Some(before)) => Some(Change::of_spans(now, before)),
            (None, _) => Some(Change::None("nothing was decided now".to_owned())),
            (_, None) => Some(Change::None("nothing was decided before".to_owned())),
        },
    };
    let mut of = counted(timed.into(), "decision", "decisions");
    if pending > 0 || ended > 0 {
        of.push_str(&format!(", {} pending and {} ended undecided apart", count(pending.into()), count(ended.into())));
    }
    Card {
        title: "Time to decision",
        figure,
        counts: "median wait for people".to_owned(),
        of,
        unknown: now.decisions.untimed + now.decisions.undetermined,
        behind: Figure::Timed,
        change,
        meaning: Meaning::new(
            format!(
                "{} What waits still and what ended undecided is counted apart: its wait is censored, and says only that it \
                 took longer.",
                Figure::Timed.definition()
            ),
            None,
            Figure::Untimed.definition(),
            "This product's own; median and 90th percentile by nearest rank.",
        ),
    }
}

/// What waits; `now` is in microseconds.
pub fn pending(now: &Figures, at: i64) -> Card {
    let figure = if now.known.tells(Figure::Pending) {
        Said::Is(count(now.pending.n.into()))
    } else {
        Said::NotKnown(NO_OVERSIGHT)
    };
    let oldest = now.pending.oldest.map(|oldest| span((at - oldest.opened) / 1_000_000));
    Card {
        title: "Pending now",
        figure,
        counts: oldest.map_or("nothing waits".to_owned(), |oldest| format!("oldest {oldest}")),
        of: format!("{} put forward in this window", counted(now.pending.n.into(), "version", "versions")),
        unknown: now.decisions.undetermined,
        behind: Figure::Pending,
        change: None,
        meaning: Meaning::new(
            format!(
                "{} Its age is from the proposal to now; of a source that is not live, now is when its last record was made.",
                Figure::Pending.definition()
            ),
            None,
            Figure::Undetermined.definition(),
            OURS,
        ),
    }
}

/// One line of the ways around and stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    pub what: String,
    pub n: u32,
    pub behind: Figure,
    pub kind: WayKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayKind {
    Ratified,
    Unratified,
    Unknown,
    Paused,
    RolledBack,
}

pub fn around(now: &Figures, earlier: Earlier<'_>) -> (Card, Vec<Way>) {
    let around = &now.around;
    let known = now.known.tells(Figure::BreakGlass);
    let change = match earlier {
        _ if !known => None,
        Earlier::None(why) => Some(Change::None(why.to_owned())),
        Earlier::Figures(before) => {
            Some(Change::of_counts(around.break_glass().into(), before.around.break_glass().into()))
        }
    };
    let card = Card {
        title: "Ways around and stops",
        figure: if known { Said::Is(count(around.break_glass().into())) } else { Said::NotKnown(NO_OVERSIGHT) },
        counts: "by break-glass".to_owned(),
        of: format!("{} that ran", counted(now.ran.n().into(), "action", "actions")),
        unknown: around.ratification_unknown + around.pauses_unknown,
        behind: Figure::BreakGlass,
        change,
        meaning: Meaning::new(
            format!(
                "{} Unratified: {} Pauses: {} Rolled back: {}",
                Figure::BreakGlass.definition(),
                Figure::Unratified.definition(),
                Figure::Pauses.definition(),
                Figure::RolledBack.definition()
            ),
            None,
            format!("{} {}", Figure::RatificationUnknown.definition(), Figure::PausesUnknown.definition()),
            OURS,
        ),
    };
    if !known {
        return (card, Vec::new());
    }
    let resumed = match around.time_to_resume {
        Some(wait) => format!("pauses of agents, resumed after {} (median)", span(wait / 1_000_000)),
        None => "pauses of agents".to_owned(),
    };
    let way = |kind, what: &str, n, behind| Way { what: what.to_owned(), n, behind, kind };
    let mut ways = vec![
        way(WayKind::Ratified, "ratified by another person", around.ratified, Figure::Ratified),
        way(WayKind::Unratified, "never ratified", around.unratified, Figure::Unratified),
    ];
    if around.ratification_unknown > 0 {
        ways.push(way(
            WayKind::Unknown,
            "ratification unknown",
            around.ratification_unknown,
            Figure::RatificationUnknown,
        ));
    }
    ways.push(way(WayKind::Paused, &resumed, around.pauses(), Figure::Pauses));
    ways.push(way(WayKind::Paused, "agents still paused", around.paused, Figure::Paused));
    let rolled = format!("rolled back, of {} that ran", count(now.ran.n().into()));
    ways.push(way(WayKind::RolledBack, &rolled, around.rolled_back, Figure::RolledBack));
    (card, ways)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::query::figures::{Approvals, Known, Ran};
    use oversight::vocabulary::Kind;

    fn overseen(ran: Ran) -> Figures {
        let known = Known { kinds: vec![(Kind::PolicyDecision, 1)], unopened: 0 };
        Figures { known, ran, ..Figures::default() }
    }

    #[test]
    fn unknown_is_in_the_denominator_and_said() {
        let figures = overseen(Ran { alone: 760, approved: 331, bypassed: 2, unknown: 9 });
        let card = autonomy(&figures, Earlier::None("no records before"));
        assert_eq!(card.figure, Said::Is("69.0%".into()));
        assert_eq!(
            (card.of.replace('\u{202f}', " "), card.unknown),
            ("760 of 1 102 actions that ran, 2 by break-glass".into(), 9)
        );
        assert_eq!(card.change, Some(Change::None("no records before".into())));
        let card = approved_before(&figures, Earlier::None(""));
        assert_eq!((card.figure, card.of.as_str()), (Said::Is("96.8%".into()), "331 of 342 that did not run alone"));
    }

    #[test]
    fn below_five_a_share_is_withheld_and_from_a_log_it_is_not_known() {
        let few = overseen(Ran { alone: 1, approved: 2, ..Ran::default() });
        assert!(matches!(autonomy(&few, Earlier::None("")).figure, Said::Withheld(_)));
        let imported = Figures { ran: Ran { unknown: 500, ..Ran::default() }, ..Figures::default() };
        let cards = [
            autonomy(&imported, Earlier::None("")),
            approved_before(&imported, Earlier::None("")),
            rejection(&imported, Earlier::None("")),
            rubber_stamps(&imported, Earlier::None("")),
            time_to_decision(&imported, Earlier::None("")),
            pending(&imported, 0),
            around(&imported, Earlier::None("")).0,
        ];
        for card in cards {
            assert!(matches!(card.figure, Said::NotKnown(_)), "{}", card.title);
            assert_eq!(card.change, None, "{}", card.title);
        }
    }

    #[test]
    fn a_share_is_compared_with_the_period_before() {
        let approvals = |rubber_stamp, slower| Figures {
            approvals: Approvals { rubber_stamp, slower, untimed: 3 },
            ..overseen(Ran::default())
        };
        let (now, before) = (approvals(21, 336), approvals(10, 390));
        let card = rubber_stamps(&now, Earlier::Figures(&before));
        assert_eq!((card.figure, card.unknown), (Said::Is("5.9%".into()), 3));
        assert!(matches!(card.change, Some(Change::Moved(..))));
        assert_eq!(card.of, "21 of 357 approvals");
    }
}
