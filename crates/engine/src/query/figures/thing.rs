//! What figures count: things that records tell of, each at one row and under the words of one. Which of them a figure
//! counts is `figure`'s. A thing is concluded from all records of a version that are held, whatever their order, so that
//! a record that comes later may make another of it.
//!
//! A version has the words of the record that put it forward, where that is held, and so has every record of it; a
//! thing is let through by those words, and within a span by the time of its own row.

use crate::query::decision::{Outcome, Policy, Verdict, decided_at, outcome, verdict};
use crate::query::{Conditions, Figure};
use crate::row::Category;
use crate::store::{NONE, RowId, Version, View};
use oversight::vocabulary::{Decision, Effect, Kind};
use std::collections::HashMap;

/// Something that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// An action that ran: at the version's first record of it, or at the execution that names no change.
    Ran {
        how: How,
        rolled_back: bool,
    },
    /// A version that was put forward, at the record that did.
    Opened {
        outcome: Outcome,
        verdict: Option<Verdict>,
    },
    /// A review that approves, and the microseconds from its opening of the change to its decision, if they are known.
    Approval(Option<i64>),
    /// A record of breaking glass, and whether that was ratified, if it says of what.
    BreakGlass(Option<bool>),
    Pause(Stop),
    Rollback,
}

/// How an action came to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum How {
    Alone,
    Approved,
    Bypassed,
    /// The records don't tell, or contradict each other.
    Unknown,
}

/// What became of a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// After so many microseconds.
    Resumed(i64),
    Lasts,
    /// The agent was paused already.
    Again,
    /// It doesn't say of which agent.
    Unknown,
}

/// How a version that ran came to.
pub fn how(view: &View<'_>, policy: &Policy<'_>, version: &Version) -> How {
    let reviewed = version.approval != NONE || version.rejection != NONE;
    if version.broke_glass {
        How::Bypassed
    } else if version.rejection != NONE {
        How::Unknown
    } else if version.approval != NONE && decided_at(view, version.approval) <= view.time(version.ran) {
        How::Approved
    } else if !reviewed && policy.settled(version) == Some(Effect::Allow) {
        How::Alone
    } else {
        How::Unknown
    }
}

/// Gives `f` each thing that the conditions let through: what it is, its row, and the row whose words it has.
pub fn each(view: &View<'_>, conditions: &Conditions<'_>, mut f: impl FnMut(Thing, RowId, RowId)) {
    let policy = Policy::of(view);
    for version in view.versions() {
        if version.opening != NONE && conditions.hold(version.opening) {
            let thing = Thing::Opened { outcome: outcome(view, &policy, &version), verdict: verdict(&version) };
            f(thing, version.opening, version.opening);
        }
        let words = if version.opening == NONE { version.ran } else { version.opening };
        if version.ran != NONE && conditions.hold(words) {
            let thing = Thing::Ran { how: how(view, &policy, &version), rolled_back: version.rolled_back };
            f(thing, version.ran, words);
        }
    }
    each_record(view, conditions, &mut f);
}

/// The things that are a record each.
fn each_record(view: &View<'_>, conditions: &Conditions<'_>, f: &mut impl FnMut(Thing, RowId, RowId)) {
    let kinds = view.words(Category::Kind);
    let roles: Vec<Option<Kind>> = (0..kinds.codes()).map(|code| kinds.word(code).and_then(role)).collect();
    let decisions = view.words(Category::ReviewDecision);
    let approves: Vec<bool> =
        (0..decisions.codes()).map(|code| decisions.word(code) == Some(Decision::Approve.as_str())).collect();
    let mut stops = Vec::new();
    view.codes(Category::Kind).for_each(0..view.len(), |id, code| {
        let Some(kind) = roles[code as usize] else { return };
        let version = || view.change(id).and_then(|change| view.version_of(change, view.version(id)));
        let opening = || version().map(|version| version.opening).filter(|&opening| opening != NONE).unwrap_or(id);
        let mut found = |thing: Thing| {
            // Where everything is let through, nobody asks for the words of a record that is part of a version.
            let words = if conditions.are_none() { id } else { opening() };
            if conditions.hold(words) {
                f(thing, id, words);
            }
        };
        match kind {
            Kind::Execution if view.change(id).is_some() => {}
            Kind::Execution => found(Thing::Ran { how: How::Unknown, rolled_back: false }),
            Kind::Review if !approves[view.codes(Category::ReviewDecision).get(id) as usize] => {}
            Kind::Review => {
                let opened = view.opened_at(id);
                let took = opened.and_then(|opened| decided_at(view, id).checked_sub(opened)).filter(|&took| took >= 0);
                found(Thing::Approval(took));
            }
            Kind::BreakGlass => found(Thing::BreakGlass(version().map(|version| version.ratified))),
            Kind::Rollback => found(Thing::Rollback),
            _ => stops.push((id, kind == Kind::Pause)),
        }
    });
    each_pause(view, stops, |stop, id| {
        if conditions.hold(id) {
            f(Thing::Pause(stop), id, id);
        }
    });
}

/// The kinds whose records are looked at.
fn role(word: &str) -> Option<Kind> {
    let kind = word.parse().ok()?;
    let looked_at =
        matches!(kind, Kind::Execution | Kind::Review | Kind::BreakGlass | Kind::Rollback | Kind::Pause | Kind::Resume);
    looked_at.then_some(kind)
}

/// Pairs pauses with resumes. `stops` are the rows of both, and which of them pause.
fn each_pause(view: &View<'_>, mut stops: Vec<(RowId, bool)>, mut f: impl FnMut(Stop, RowId)) {
    stops.sort_unstable_by(|a, b| view.in_time(a.0, b.0));
    let (agents, words) = (view.codes(Category::Agent), view.words(Category::Agent));
    let mut paused: HashMap<u32, RowId> = HashMap::new();
    for (id, pauses) in stops {
        let agent = agents.get(id);
        if words.word(agent).is_none() {
            if pauses {
                f(Stop::Unknown, id);
            }
        } else if !pauses {
            if let Some(since) = paused.remove(&agent) {
                // In order of time, so that it is no less than 0; the longest of all times is no wait that anybody had.
                f(Stop::Resumed(view.time(id).saturating_sub(view.time(since))), since);
            }
        } else if let std::collections::hash_map::Entry::Vacant(free) = paused.entry(agent) {
            free.insert(id);
        } else {
            f(Stop::Again, id);
        }
    }
    paused.into_values().for_each(|id| f(Stop::Lasts, id));
}

/// The rows of a figure: the things that it counts, one row each. A row is of one thing of a figure at most.
pub fn each_behind(view: &View<'_>, conditions: &Conditions<'_>, figure: Figure, mut f: impl FnMut(RowId)) {
    each(view, conditions, |thing, row, _| {
        if figure.counts(&thing) {
            f(row);
        }
    });
}
