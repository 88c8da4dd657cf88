//! The figures counted the plainest way, over whole records in a vector: what the index and the rows behind a figure are
//! held to. Each figure's things are listed by its definition alone; the answers are counts of the lists.

use super::*;
use crate::query::oracle::{Oracle, lets_through, word};
use crate::query::{Edges, Filter, Histogram, Outcome, Span, TimeToDecision};
use crate::row::{Category, Cell, Row};
use crate::store::RowId;
use oversight::vocabulary::{Kind, Tier};

/// Something counted: its row, the record whose words it has, its wait, where it has one, and the figures that it is in.
#[derive(Debug, Clone)]
pub struct Item {
    pub uid: String,
    pub time: i64,
    words: Row<'static>,
    wait: Option<i64>,
    version: Option<(u64, Option<u32>)>,
    figures: Vec<Figure>,
}

impl Item {
    fn is(&self, category: Category) -> &Cell<'static> {
        &self.words.categories[category as usize]
    }

    pub fn is_in(&self, figure: Figure) -> bool {
        let has = |figure: Figure| self.figures.contains(&figure);
        match figure {
            Figure::Waited(span) => has(Figure::Timed) && span.holds(self.wait.unwrap()),
            Figure::RubberStamp(bound) => has(Figure::Approvals) && self.wait.is_some_and(|wait| wait < bound),
            plain => has(plain),
        }
    }
}

/// The records of one version, in order of time.
struct Version<'a> {
    key: (u64, Option<u32>),
    records: Vec<&'a (RowId, Row<'static>)>,
}

const RUNS: [&str; 4] = ["redemption", "execution", "verification", "rollback"];

impl<'a> Version<'a> {
    fn all(oracle: &'a Oracle) -> Vec<Version<'a>> {
        let mut keys: Vec<(u64, Option<u32>)> =
            oracle.rows.iter().filter_map(|(_, row)| Some((row.change?, row.version))).collect();
        keys.sort_unstable();
        keys.dedup();
        let of = |key: (u64, Option<u32>)| {
            oracle.rows.iter().filter(move |(_, row)| row.change == Some(key.0) && row.version == key.1)
        };
        keys.into_iter().map(|key| Version { key, records: of(key).collect() }).collect()
    }

    fn first(&self, kinds: &[&str]) -> Option<&'a (RowId, Row<'static>)> {
        self.records.iter().copied().find(|(_, row)| kinds.contains(&word(row, Category::Kind)))
    }

    fn has(&self, kinds: &[&str]) -> bool {
        self.first(kinds).is_some()
    }

    fn opening(&self) -> Option<&'a (RowId, Row<'static>)> {
        self.first(&["proposal", "amendment"])
    }

    /// When its reviews with this decision were decided.
    fn decided(&self, decision: &str) -> Vec<i64> {
        let is =
            |row: &Row<'_>| word(row, Category::Kind) == "review" && word(row, Category::ReviewDecision) == decision;
        self.records.iter().filter(|(_, row)| is(row)).map(|(_, row)| row.decided_at.unwrap_or(row.time)).collect()
    }

    fn policy(&self) -> &str {
        self.first(&["policy_decision"]).map_or("", |(_, row)| word(row, Category::PolicyDecision))
    }

    fn how(&self, ran: i64) -> Figure {
        let (approvals, rejections) = (self.decided("approve"), self.decided("reject"));
        match () {
            () if self.has(&["break_glass"]) => Figure::RanBypassed,
            () if !rejections.is_empty() => Figure::RanUnknown,
            () if !approvals.is_empty() && approvals.iter().all(|&at| at <= ran) => Figure::RanApproved,
            () if approvals.is_empty() && self.policy() == "allow" => Figure::RanAlone,
            () => Figure::RanUnknown,
        }
    }

    /// The figures that it is in since it was put forward, and its wait.
    fn ended(&self, opened: i64) -> (Vec<Figure>, Option<i64>) {
        let (approval, rejection) =
            (self.decided("approve").into_iter().max(), self.decided("reject").into_iter().min());
        let was_approved = self.has(&RUNS) || self.has(&["lapse", "revocation"]);
        let glass = self.has(&["break_glass"]);
        let (verdict, at) = match (rejection, approval) {
            (Some(at), _) => (Some(Figure::Rejected), at),
            (None, Some(at)) if was_approved && !glass => (Some(Figure::Approved), at),
            _ => (None, 0),
        };
        let wait = i64::try_from(i128::from(at) - i128::from(opened)).ok().filter(|&wait| wait >= 0);
        let other = || match () {
            () if glass => Figure::WentAhead,
            () if approval.is_none() && ["allow", "deny"].contains(&self.policy()) => Figure::ByPolicy,
            () if was_approved => Figure::Undetermined,
            () if self.has(&["expiry", "cancellation"]) => Figure::Ended,
            () if approval.is_some() => Figure::Undetermined,
            () if self.has(&["supersession"]) => Figure::Ended,
            () => Figure::Pending,
        };
        match (verdict, wait) {
            (Some(verdict), Some(_)) => (vec![Figure::Decided, verdict, Figure::Timed], wait),
            (Some(verdict), None) => (vec![Figure::Decided, verdict, Figure::Untimed], None),
            (None, _) => (vec![other()], None),
        }
    }
}

/// The things that are counted of the records that the filter's terms and text let through, in order of time.
pub fn items(all: &Oracle, filter: &Filter) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let versions = Version::all(all);
    let key = |row: &Row<'_>| row.change.map(|change| (change, row.version));
    let version_of = |row: &Row<'_>| versions.iter().find(|version| Some(version.key) == key(row));
    let mut add = |(_, row): &(RowId, Row<'static>), figures: Vec<Figure>, wait: Option<i64>| {
        let opening = version_of(row).and_then(Version::opening);
        // A pause is no part of a version, though it may name one.
        let own = figures.contains(&Figure::Pauses) || opening.is_none();
        let words = if own { row.clone() } else { opening.unwrap().1.clone() };
        if lets_through(filter, &words) {
            items.push(Item { uid: row.uid.to_string(), time: row.time, words, wait, version: key(row), figures });
        }
    };
    for version in &versions {
        if let Some(opening) = version.opening() {
            let (mut figures, wait) = version.ended(opening.1.time);
            figures.push(Figure::Opened);
            add(opening, figures, wait);
        }
        if let Some(ran) = version.first(&RUNS) {
            let mut figures = vec![Figure::Ran, version.how(ran.1.time)];
            figures.extend(version.has(&["rollback"]).then_some(Figure::RolledBack));
            add(ran, figures, None);
        }
    }
    for (at, record) in all.rows.iter().enumerate() {
        let row = &record.1;
        match word(row, Category::Kind) {
            "execution" if row.change.is_none() => add(record, vec![Figure::Ran, Figure::RanUnknown], None),
            "review" if word(row, Category::ReviewDecision) == "approve" => {
                let decided = i128::from(row.decided_at.unwrap_or(row.time));
                let took = row.opened_at.and_then(|opened| i64::try_from(decided - i128::from(opened)).ok());
                match took.filter(|&took| took >= 0) {
                    Some(took) => add(record, vec![Figure::Approvals], Some(took)),
                    None => add(record, vec![Figure::Approvals, Figure::ApprovalsUntimed], None),
                }
            }
            "break_glass" => {
                let figure = match version_of(row) {
                    None => Figure::RatificationUnknown,
                    Some(version) if version.has(&["ratification"]) => Figure::Ratified,
                    Some(_) => Figure::Unratified,
                };
                add(record, vec![Figure::BreakGlass, figure], None);
            }
            "rollback" => add(record, vec![Figure::Rollbacks], None),
            "pause" => {
                let (figure, after) = paused(all, at);
                add(record, vec![Figure::Pauses, figure], after);
            }
            _ => {}
        }
    }
    items.sort_by_key(|item| all.rows.iter().position(|(_, row)| row.uid == item.uid));
    items
}

/// What became of the pause at a place, and how long it took.
fn paused(all: &Oracle, at: usize) -> (Figure, Option<i64>) {
    let pause = &all.rows[at].1;
    let agent = &pause.categories[Category::Agent as usize];
    if !matches!(agent, Cell::Is(_)) {
        return (Figure::PausesUnknown, None);
    }
    let is = |row: &Row<'_>, kind: &str| word(row, Category::Kind) == kind;
    let stops = |(_, row): &&(RowId, Row<'static>)| {
        row.categories[Category::Agent as usize] == *agent && (is(row, "pause") || is(row, "resume"))
    };
    let before = all.rows[..at].iter().rfind(stops);
    let resume = all.rows[at + 1..].iter().filter(stops).find(|(_, row)| is(row, "resume"));
    match resume {
        _ if before.is_some_and(|(_, row)| is(row, "pause")) => (Figure::PausedAgain, None),
        Some((_, resume)) => (Figure::Resumed, Some(resume.time.saturating_sub(pause.time))),
        None => (Figure::Paused, None),
    }
}

/// Everything that is asked, within a span.
pub fn figures(all: &Oracle, items: &[Item], filter: &Filter, span: Span, question: &Question) -> Figures {
    let list = |figure: Figure| -> Vec<&Item> {
        items.iter().filter(|item| item.is_in(figure) && span.holds(item.time)).collect()
    };
    let n = |figure: Figure| list(figure).len() as u32;
    let ran = |is: &dyn Fn(&Item) -> bool| {
        let n = |figure: Figure| list(figure).iter().filter(|item| is(item)).count() as u32;
        Ran {
            alone: n(Figure::RanAlone),
            approved: n(Figure::RanApproved),
            bypassed: n(Figure::RanBypassed),
            unknown: n(Figure::RanUnknown),
        }
    };
    let approvals = |is: &dyn Fn(&Item) -> bool| {
        let n = |figure: Figure| list(figure).iter().filter(|item| is(item)).count() as u32;
        let (rubber_stamp, untimed) = (n(Figure::RubberStamp(question.rubber_stamp)), n(Figure::ApprovalsUntimed));
        Approvals { rubber_stamp, slower: n(Figure::Approvals) - rubber_stamp - untimed, untimed }
    };
    let in_bin = |bin: u32| {
        let (from, to) = (question.bins.edge(bin), question.bins.edge(bin + 1));
        move |item: &Item| from <= item.time && item.time < to
    };
    let pending = list(Figure::Pending);
    let tiers = tiers_of(&pending);
    let mut agents: Vec<Cell<'static>> = Vec::new();
    for item in list(Figure::Ran).iter().chain(&list(Figure::Decided)) {
        if !agents.contains(item.is(Category::Agent)) {
            agents.push(item.is(Category::Agent).clone());
        }
    }
    let by_agent = |agent: &Cell<'static>| {
        let own = |item: &Item| item.is(Category::Agent) == agent;
        let n = |figure: Figure| list(figure).iter().filter(|item| own(item)).count() as u32;
        let waits = list(Figure::Timed).iter().filter(|item| own(item)).filter_map(|item| item.wait).collect();
        let last = all.within(filter, span, None).rows;
        let last = last.iter().rev().find(|(_, row)| row.categories[Category::Agent as usize] == *agent);
        ByAgent {
            agent: agent.clone(),
            ran: ran(&own),
            rolled_back: n(Figure::RolledBack),
            decided: n(Figure::Decided),
            rejected: n(Figure::Rejected),
            timed: n(Figure::Timed),
            median: nearest_rank(waits, 0.5),
            last: last.map(|(_, row)| row.time),
        }
    };
    let (mut named, mut unnamed): (Vec<ByAgent>, Vec<ByAgent>) =
        agents.iter().map(by_agent).partition(|agent| matches!(agent.agent, Cell::Is(_)));
    named.sort_by_key(|agent| (std::cmp::Reverse(agent.ran.n()), said(&agent.agent)));
    unnamed.sort_by_key(|agent| said(&agent.agent));
    let others = named.split_off((question.agents as usize).min(named.len()));
    let sum = |agents: &[ByAgent], of: fn(&Ran) -> u32| agents.iter().map(|agent| of(&agent.ran)).sum();

    let waits: Vec<i64> = list(Figure::Timed).iter().filter_map(|item| item.wait).collect();
    let mut outcomes = [0; Outcome::COUNT];
    for (kind, figure) in
        [Figure::Timed, Figure::ByPolicy, Figure::WentAhead, Figure::Pending, Figure::Ended].into_iter().enumerate()
    {
        outcomes[kind] = n(figure);
    }
    outcomes[5] = n(Figure::Untimed) + n(Figure::Undetermined);
    Figures {
        known: known(all),
        ran: ran(&|_| true),
        tiers: tiers_of(&list(Figure::Ran))
            .into_iter()
            .map(|tier| (tier.clone(), ran(&|item| *item.is(Category::Tier) == tier)))
            .collect(),
        bins: (0..question.bins.bins).map(|bin| ran(&in_bin(bin))).collect(),
        decisions: Decisions {
            time: TimeToDecision {
                outcomes,
                quantiles: question.probabilities.iter().map(|&p| nearest_rank(waits.clone(), p)).collect(),
                histogram: classes(&waits, &question.waits),
            },
            approved: n(Figure::Approved),
            rejected: n(Figure::Rejected),
            untimed: n(Figure::Untimed),
            undetermined: n(Figure::Undetermined),
        },
        approvals: approvals(&|_| true),
        approval_bins: (0..question.bins.bins).map(|bin| approvals(&in_bin(bin))).collect(),
        pending: Pending {
            tiers: tiers
                .into_iter()
                .map(|tier| {
                    let age = |item: &&Item| question.now.saturating_sub(item.time);
                    let own = pending.iter().filter(|item| *item.is(Category::Tier) == tier);
                    let ages: Vec<i64> = own.map(age).collect();
                    (tier, classes(&ages, &question.ages))
                })
                .collect(),
            n: pending.len() as u32,
            oldest: pending.first().map(|item| {
                let (change, version) = item.version.unwrap();
                Oldest { opened: item.time, change, version }
            }),
        },
        around: Around {
            ratified: n(Figure::Ratified),
            unratified: n(Figure::Unratified),
            ratification_unknown: n(Figure::RatificationUnknown),
            resumed: n(Figure::Resumed),
            paused: n(Figure::Paused),
            paused_again: n(Figure::PausedAgain),
            pauses_unknown: n(Figure::PausesUnknown),
            time_to_resume: nearest_rank(list(Figure::Resumed).iter().filter_map(|item| item.wait).collect(), 0.5),
            rollbacks: n(Figure::Rollbacks),
            rolled_back: n(Figure::RolledBack),
        },
        agents: Agents {
            others: others.len() as u32,
            others_ran: Ran {
                alone: sum(&others, |ran| ran.alone),
                approved: sum(&others, |ran| ran.approved),
                bypassed: sum(&others, |ran| ran.bypassed),
                unknown: sum(&others, |ran| ran.unknown),
            },
            top: named,
            unnamed,
        },
    }
}

fn known(all: &Oracle) -> Known {
    let of = |kind: Kind| all.rows.iter().filter(|(_, row)| word(row, Category::Kind) == kind.as_str()).count() as u32;
    let lives = [
        "policy_decision",
        "redemption",
        "lapse",
        "revocation",
        "execution",
        "verification",
        "rollback",
        "expiry",
        "cancellation",
        "supersession",
        "break_glass",
        "ratification",
    ];
    let told = |version: &&Version<'_>| {
        version.has(&lives) || !version.decided("approve").is_empty() || !version.decided("reject").is_empty()
    };
    Known {
        kinds: Kind::ALL.iter().map(|&kind| (kind, of(kind))).filter(|known| known.1 > 0).collect(),
        unopened: Version::all(all).iter().filter(|version| version.opening().is_none()).filter(told).count() as u32,
    }
}

/// The tiers of things, each once, in their order.
fn tiers_of(items: &[&Item]) -> Vec<Cell<'static>> {
    let mut tiers: Vec<Cell<'static>> = Vec::new();
    for item in items {
        if !tiers.contains(item.is(Category::Tier)) {
            tiers.push(item.is(Category::Tier).clone());
        }
    }
    let place = |tier: &Cell<'static>| match tier {
        Cell::Is(word) => Tier::WORDS.iter().position(|tier| tier == word).unwrap_or(100),
        _ => 200,
    };
    tiers.sort_by_key(|tier| (place(tier), said(tier)));
    tiers
}

/// In the order of words, or of the kinds of missing.
fn said(cell: &Cell<'_>) -> String {
    use oversight::missing::Missing;
    let missing = [Missing::NotRecorded, Missing::Redacted, Missing::Unobserved, Missing::Unknown];
    match cell {
        Cell::Is(word) => word.to_string(),
        Cell::Absent => "0".to_owned(),
        Cell::Missing(why) => format!("{}", 1 + missing.iter().position(|missing| missing == why).unwrap()),
    }
}

fn nearest_rank(mut waits: Vec<i64>, probability: f64) -> Option<i64> {
    waits.sort_unstable();
    let enough = |at: &&i64| waits.iter().filter(|wait| wait <= at).count() as f64 >= probability * waits.len() as f64;
    waits.iter().find(enough).copied()
}

fn classes(values: &[i64], edges: &Edges) -> Vec<u32> {
    let mut classes = vec![0; edges.classes()];
    for value in values {
        classes[edges.as_slice().iter().filter(|edge| *edge <= value).count()] += 1;
    }
    classes
}

/// The whole time by so many bins.
pub fn bins(all: &Oracle, bins: u32) -> Histogram {
    let times = || all.rows.iter().map(|(_, row)| row.time);
    Histogram { from: times().min().unwrap_or(0), to: times().max().unwrap_or(0).saturating_add(1), bins }
}
