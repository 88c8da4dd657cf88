//! The figures by agent: what ran, what people decided and how long it took, and when each was heard of last. What ran is
//! counted by `ran`, waits are put in order by `waits`.

use super::coded::Coded;
use super::ran::{Actions, KEYS, ran};
use super::waits::{Opened, Ordered, quantile};
use super::{Agents, ByAgent, Ran};
use crate::column::FIRST_WORD;
use crate::query::Conditions;
use crate::query::decision::{Outcome, Verdict};
use crate::query::ranks::Sorted;
use crate::query::wavelet::Wavelet;
use crate::row::Category;
use crate::store::View;
use std::ops::Range;

/// What people decided, by agent.
#[derive(Debug, Clone)]
pub struct Decided {
    at: Sorted,
    /// By agent's code and whether it was rejected.
    rejected: Coded,
    /// Where each agent's begin in the following, which have the timed by agent and then by time.
    starts: Vec<u32>,
    places: Vec<u32>,
    numbers: Wavelet,
    last: Last,
}

impl Decided {
    /// Of versions in order of time, and their waits in order.
    pub fn of(view: &View<'_>, conditions: &Conditions<'_>, opened: &[Opened], ordered: &Ordered) -> Decided {
        let agents = view.codes(Category::Agent);
        let codes = view.words(Category::Agent).codes();
        let agent = |version: &Opened| agents.get(view.at(version.place));
        let decided = || opened.iter().filter(|version| version.verdict.is_some());
        let count = decided().count();
        let rejected =
            decided().map(|version| agent(version) * 2 + u32::from(version.verdict == Some(Verdict::Rejected)));

        // Sorted by agent, by how many each has; those of an agent stay in order of time.
        let timed = || opened.iter().filter(|version| matches!(version.outcome, Outcome::Decided(_)));
        let mut starts = vec![0; codes as usize + 1];
        timed().for_each(|version| starts[agent(version) as usize + 1] += 1);
        (1..starts.len()).for_each(|code| starts[code] += starts[code - 1]);
        let mut next = starts.clone();
        let (mut places, mut numbers) = (vec![0; ordered.numbers.len()], vec![0; ordered.numbers.len()]);
        for (version, &number) in timed().zip(&ordered.numbers) {
            let at = &mut next[agent(version) as usize];
            (places[*at as usize], numbers[*at as usize]) = (version.place, number);
            *at += 1;
        }
        Decided {
            at: Sorted::of(decided().map(|version| version.place), count, view.len()),
            rejected: Coded::of(rejected, count as u32, codes * 2),
            starts,
            places,
            numbers: Wavelet::of(numbers),
            last: Last::of(view, conditions),
        }
    }

    /// Those of a run of places, `k` agents by themselves; `waits` are those that `ordered` had.
    pub fn within(
        &self,
        view: &View<'_>,
        conditions: &Conditions<'_>,
        actions: &Actions,
        waits: &[i64],
        run: &Range<u32>,
        k: u32,
    ) -> Agents {
        let words = view.words(Category::Agent);
        let (mut acted, mut decided) = (Vec::new(), Vec::new());
        actions.by_agent(run, &mut acted);
        self.rejected.between(self.at.within(run), &mut decided);
        let ran_of = |code: u32| ran(&acted[(code * KEYS) as usize..][..KEYS as usize]);
        let decided_of = |code: u32| (decided[code as usize * 2], decided[code as usize * 2 + 1]);

        let mut named: Vec<(u32, u32)> = Vec::new();
        let mut unnamed: Vec<u32> = Vec::new();
        for code in 0..words.codes() {
            let (n, (approved, rejected)) = (ran_of(code).0.n(), decided_of(code));
            match () {
                () if n + approved + rejected == 0 => {}
                () if code < FIRST_WORD => unnamed.push(code),
                () => named.push((code, n)),
            }
        }
        let by_most =
            |a: &(u32, u32), b: &(u32, u32)| b.1.cmp(&a.1).then_with(|| words.word(a.0).cmp(&words.word(b.0)));
        let k = (k as usize).min(named.len());
        if k < named.len() {
            named.select_nth_unstable_by(k, by_most);
        }
        let others_ran = named[k..].iter().fold(Ran::default(), |sum, &(code, _)| sum + ran_of(code).0);
        let others = (named.len() - k) as u32;
        named.truncate(k);
        named.sort_unstable_by(by_most);

        let last = self.last.before(view, conditions, run.end);
        let by_agent = |code: u32| {
            let (ran, rolled_back) = ran_of(code);
            let (approved, rejected) = decided_of(code);
            let own = self.starts[code as usize]..self.starts[code as usize + 1];
            let places = &self.places[own.start as usize..own.end as usize];
            let at = |place: u32| own.start + places.partition_point(|&one| one < place) as u32;
            let timed = at(run.start)..at(run.end);
            let last = last[code as usize].checked_sub(1).filter(|&place| place >= run.start);
            ByAgent {
                agent: words.cell(code).into_owned(),
                ran,
                rolled_back,
                decided: approved + rejected,
                rejected,
                timed: timed.len() as u32,
                median: quantile(&self.numbers, waits, &timed, 0.5),
                last: last.map(|place| view.time(view.at(place))),
            }
        };
        Agents {
            top: named.iter().map(|&(code, _)| by_agent(code)).collect(),
            unnamed: unnamed.into_iter().map(by_agent).collect(),
            others,
            others_ran,
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let numbers = (self.starts.capacity() + self.places.capacity()) * size_of::<u32>();
        self.at.bytes() + self.rejected.bytes() + numbers + self.numbers.bytes() + self.last.bytes()
    }
}

/// Each agent's last row before every so many rows.
#[derive(Debug, Clone)]
struct Last {
    step: u32,
    /// One after the other, by agent's code: the row's place + 1, or 0. Codes that came after a step are not in it.
    places: Vec<u32>,
    /// Where each step's begin in `places`.
    starts: Vec<usize>,
}

/// Bytes that they may take, if the steps need not be shorter than [`SHORTEST`].
const BUDGET: u64 = 1 << 20;
const SHORTEST: u64 = if cfg!(test) { 8 } else { 2_048 };

impl Last {
    fn of(view: &View<'_>, conditions: &Conditions<'_>) -> Last {
        let codes = view.words(Category::Agent).codes();
        let whole = u64::from(view.len()) * u64::from(codes) * size_of::<u32>() as u64;
        let step = (whole / BUDGET).clamp(SHORTEST, 1 << 30).next_power_of_two() as u32;
        let mut last = Last { step, places: Vec::new(), starts: Vec::new() };
        let mut latest = vec![0; codes as usize];
        let mut place = 0;
        while place < view.len() {
            last.starts.push(last.places.len());
            last.places.extend_from_slice(&latest);
            let end = place.saturating_add(step).min(view.len());
            note(view, conditions, place..end, &mut latest);
            place = end;
        }
        last
    }

    /// By agent's code, the place + 1 of its last row before a place, or 0.
    fn before(&self, view: &View<'_>, conditions: &Conditions<'_>, place: u32) -> Vec<u32> {
        let codes = view.words(Category::Agent).codes() as usize;
        // The step that the last of the rows is in.
        let Some(step) = place.checked_sub(1).map(|last| last / self.step) else { return vec![0; codes] };
        let start = self.starts[step as usize];
        let mut latest = self.places[start..start + codes].to_vec();
        note(view, conditions, step * self.step..place, &mut latest);
        latest
    }

    fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<u32>() + self.starts.capacity() * size_of::<usize>()
    }
}

fn note(view: &View<'_>, conditions: &Conditions<'_>, places: Range<u32>, latest: &mut [u32]) {
    let agents = view.codes(Category::Agent);
    for place in places {
        let id = view.at(place);
        if conditions.hold(id) {
            latest[agents.get(id) as usize] = place + 1;
        }
    }
}
