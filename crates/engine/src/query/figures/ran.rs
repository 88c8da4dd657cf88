//! What ran, and how it came to: by tier, by bin of time and, for `agents`, by agent. What it is that ran is `thing`'s.

use super::coded::Coded;
use super::{How, Ran};
use crate::query::ranks::Sorted;
use crate::row::{Category, Cell};
use crate::store::{RowId, View};
use oversight::vocabulary::Tier;
use std::ops::Range;

/// One action that ran.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    pub place: u32,
    /// The row whose words it has.
    pub words: RowId,
    pub how: How,
    pub rolled_back: bool,
}

impl Action {
    fn key(&self) -> u32 {
        self.how as u32 * 2 + u32::from(self.rolled_back)
    }
}

/// Ways to run, each with what was rolled back and what was not.
pub const KEYS: u32 = 8;

/// Everything that ran, in order of time.
#[derive(Debug, Clone)]
pub struct Actions {
    pub at: Sorted,
    tiers: Coded,
    agents: Coded,
}

impl Actions {
    /// Of those that `known` has in order of time, and of those that stand at `lone` places, likewise in order, of which
    /// nothing is known but that they ran; there may be very many of the latter.
    pub fn of(view: &View<'_>, known: &[Action], lone: &[u32]) -> Actions {
        let count = known.len() + lone.len();
        let all = || Merged { view, known, lone };
        let column = |category: Category| {
            let codes = view.codes(category);
            let keyed = all().map(|action| codes.get(action.words) * KEYS + action.key());
            Coded::of(keyed, count as u32, view.words(category).codes() * KEYS)
        };
        Actions {
            at: Sorted::of(all().map(|action| action.place), count, view.len()),
            tiers: column(Category::Tier),
            agents: column(Category::Agent),
        }
    }

    /// Those of a run of places: all, how many of them were rolled back, and by tier.
    pub fn within(&self, view: &View<'_>, run: &Range<u32>) -> (Ran, u32, Vec<(Cell<'static>, Ran)>) {
        let mut counts = Vec::new();
        self.tiers.between(self.at.within(run), &mut counts);
        let mut all = (Ran::default(), 0);
        let mut tiers = Vec::new();
        for (code, keys) in (0..).zip(counts.chunks_exact(KEYS as usize)) {
            let (ran, rolled_back) = ran(keys);
            all = (all.0 + ran, all.1 + rolled_back);
            if ran.n() > 0 {
                tiers.push((code, ran));
            }
        }
        (all.0, all.1, in_order(view, tiers))
    }

    /// By bins between places.
    pub fn bins(&self, edges: &[u32]) -> Vec<Ran> {
        let mut counts = Vec::new();
        let bin = |pair: &[u32]| {
            self.tiers.between(self.at.within(&(pair[0]..pair[1])), &mut counts);
            counts.chunks_exact(KEYS as usize).fold(Ran::default(), |sum, keys| sum + ran(keys).0)
        };
        edges.windows(2).map(bin).collect()
    }

    /// By agent's code and key.
    pub fn by_agent(&self, run: &Range<u32>, counts: &mut Vec<u32>) {
        self.agents.between(self.at.within(run), counts);
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.at.bytes() + self.tiers.bytes() + self.agents.bytes()
    }
}

/// Both lists in order of time.
struct Merged<'a> {
    view: &'a View<'a>,
    known: &'a [Action],
    lone: &'a [u32],
}

impl Iterator for Merged<'_> {
    type Item = Action;

    #[inline]
    fn next(&mut self) -> Option<Action> {
        match (self.known.split_first(), self.lone.split_first()) {
            (Some((first, rest)), lone) if lone.is_none_or(|(place, _)| first.place < *place) => {
                self.known = rest;
                Some(*first)
            }
            (_, Some((&place, rest))) => {
                self.lone = rest;
                Some(Action { place, words: self.view.at(place), how: How::Unknown, rolled_back: false })
            }
            (_, None) => None,
        }
    }
}

/// From the counts by key: how many ran which way, and how many of them were rolled back.
pub fn ran(keys: &[u32]) -> (Ran, u32) {
    let of = |how: How| keys[how as usize * 2] + keys[how as usize * 2 + 1];
    let ran = Ran {
        alone: of(How::Alone),
        approved: of(How::Approved),
        bypassed: of(How::Bypassed),
        unknown: of(How::Unknown),
    };
    (ran, keys.iter().skip(1).step_by(2).sum())
}

impl std::ops::Add for Ran {
    type Output = Ran;

    fn add(self, other: Ran) -> Ran {
        Ran {
            alone: self.alone + other.alone,
            approved: self.approved + other.approved,
            bypassed: self.bypassed + other.bypassed,
            unknown: self.unknown + other.unknown,
        }
    }
}

/// By code of a tier, said in words and ordered: the tiers, other words, the kinds of missing.
pub fn in_order<T>(view: &View<'_>, by_code: Vec<(u32, T)>) -> Vec<(Cell<'static>, T)> {
    let words = view.words(Category::Tier);
    let rank = |cell: &Cell<'_>| match cell {
        Cell::Is(word) => {
            let tier = Tier::WORDS.iter().position(|tier| tier == word);
            (tier.unwrap_or(Tier::WORDS.len()), word.clone().into_owned())
        }
        Cell::Absent | Cell::Missing(_) => (usize::MAX, String::new()),
    };
    let mut said: Vec<(Cell<'static>, T)> =
        by_code.into_iter().map(|(code, value)| (words.cell(code).into_owned(), value)).collect();
    // Stable: the kinds of missing stay in the order of their codes.
    said.sort_by_cached_key(|(cell, _)| rank(cell));
    said
}
