//! Where agents acted, as a grid: agents down, services with their access levels across, both with those that have most
//! records first. What stays while the brush moves is apart from the counts, which don't. Pure.

use crate::ui::wording::counted;
use engine::row::Cell;
use engine::talk::{Backdrop, CellCount};
use std::collections::BTreeMap;

/// Rows and columns at most; what is beyond them is said.
pub const MOST_AGENTS: usize = 40;
pub const MOST_COLUMNS: usize = 160;

/// Which rows and columns there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    pub agents: Vec<Cell<'static>>,
    /// Service and access level; those of a service stand together.
    pub columns: Vec<(Cell<'static>, Cell<'static>)>,
    /// What has no place, in words; empty where all has.
    pub beyond: String,
}

/// The letter of an access level, as in its legend.
pub fn letter(level: &Cell<'_>) -> &'static str {
    match level {
        Cell::Is(word) => match word.as_ref() {
            "list" => "L",
            "read" => "R",
            "write" => "W",
            "tagging" => "T",
            "permissions_management" => "P",
            _ => "?",
        },
        Cell::Absent => "\u{2013}",
        Cell::Missing(_) => "?",
    }
}

/// The order of access levels: what is more than the one before comes after it, what is not known last.
fn rank(level: &Cell<'_>) -> usize {
    "LRTWP?\u{2013}".chars().position(|place| letter(level).starts_with(place)).unwrap_or(7)
}

/// The names of all records of the filter, whatever the brush.
pub fn names(backdrop: &Backdrop) -> Names {
    let mut agents = vec![0_u64; backdrop.agents.len()];
    let mut services = vec![0_u64; backdrop.services.len()];
    let mut levels: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &(agent, service, level, records) in &backdrop.cells {
        agents[agent as usize] += u64::from(records);
        services[service as usize] += u64::from(records);
        let levels = levels.entry(service).or_default();
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    let by_count = |counts: &[u64], words: &[Cell<'static>]| {
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by(|&a, &b| counts[b].cmp(&counts[a]).then_with(|| words[a].in_order(&words[b])));
        order
    };
    let agents: Vec<Cell<'static>> =
        by_count(&agents, &backdrop.agents).into_iter().map(|at| backdrop.agents[at].clone()).collect();
    let mut columns = Vec::new();
    for service in by_count(&services, &backdrop.services) {
        let mut of: Vec<u32> = levels.remove(&(service as u32)).unwrap_or_default();
        of.sort_by_key(|&level| rank(&backdrop.access_levels[level as usize]));
        columns.extend(
            of.into_iter()
                .map(|level| (backdrop.services[service].clone(), backdrop.access_levels[level as usize].clone())),
        );
    }
    let mut beyond = Vec::new();
    if agents.len() > MOST_AGENTS {
        beyond.push(counted((agents.len() - MOST_AGENTS) as u64, "further agent", "further agents"));
    }
    if columns.len() > MOST_COLUMNS {
        beyond.push(counted((columns.len() - MOST_COLUMNS) as u64, "further column", "further columns"));
    }
    Names {
        agents: agents.into_iter().take(MOST_AGENTS).collect(),
        columns: columns.into_iter().take(MOST_COLUMNS).collect(),
        beyond: beyond.join(" and "),
    }
}

/// Where the backdrop's cells stand in the grid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Of each cell its place, row by row; none for what has no place.
    of: Vec<Option<usize>>,
    /// How many places there are.
    all: usize,
    /// The fullest cell whatever the brush.
    pub top: u64,
}

pub fn places(backdrop: &Backdrop, names: &Names) -> Places {
    let place = |words: &[Cell<'static>], of: &[Cell<'static>]| -> Vec<Option<usize>> {
        words.iter().map(|word| of.iter().position(|other| other == word)).collect()
    };
    let rows = place(&backdrop.agents, &names.agents);
    let columns: BTreeMap<(u32, u32), usize> = names
        .columns
        .iter()
        .enumerate()
        .filter_map(|(at, (service, level))| {
            let service = backdrop.services.iter().position(|other| other == service)? as u32;
            let level = backdrop.access_levels.iter().position(|other| other == level)? as u32;
            Some(((service, level), at))
        })
        .collect();
    let of = |&(agent, service, level, _): &CellCount| {
        Some(rows[agent as usize]? * names.columns.len() + columns.get(&(service, level))?)
    };
    Places {
        of: backdrop.cells.iter().map(of).collect(),
        all: names.agents.len() * names.columns.len(),
        top: backdrop.cells.iter().map(|cell| u64::from(cell.3)).max().unwrap_or(0),
    }
}

/// Records within the brush, row by row; 0 where there are none. `cells` are the answer's.
pub fn counts(cells: &[u32], places: &Places) -> Vec<u64> {
    let mut counts = vec![0; places.all];
    for (&count, place) in cells.iter().zip(&places.of) {
        if let Some(place) = *place {
            counts[place] = count.into();
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::host::Host;
    use engine::ingest::Check;
    use engine::query::Span;
    use engine::talk::{Answer, Overview, Question, Slot, Tell};

    fn overview(lines: &str, span: Span) -> Overview {
        let mut host = Host::new(1);
        host.begin(0, "test", Check::Off, false);
        host.feed(lines.as_bytes());
        host.end();
        let mut question = super::super::question::question(&Default::default(), None, false);
        question.scoped.span = span;
        host.ask(Slot::Overview, 1, false, Question::Overview(question));
        match host.answers().pop() {
            Some(Tell::Answer { answer, .. }) => match *answer {
                Answer::Overview(overview) => overview,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn line(at: u32, agent: &str, service: &str, level: &str) -> String {
        format!(
            "{{\"uid\":\"{at}\",\"time\":\"2026-01-01T00:00:{at:02}Z\",\"kind\":\"execution\",\"agent\":{{\"uid\":\"{agent}\",\
             \"name\":\"x\"}},\"action\":{{\"service\":\"{service}\",\"operation\":\"O\",\"access_level\":\"{level}\"}}}}\n"
        )
    }

    #[test]
    fn names_stay_while_the_brush_moves_and_counts_do_not() {
        let lines = [
            line(1, "a", "s3", "write"),
            line(2, "b", "s3", "read"),
            line(3, "b", "ec2", "list"),
            line(4, "b", "s3", "read"),
        ]
        .concat();
        let whole = overview(&lines, Span::ALL);
        let backdrop = whole.backdrop.expect("a first answer tells it");
        let all = names(&backdrop);
        let places = places(&backdrop, &all);
        let is = |word: &str| Cell::Is(word.to_owned().into());
        assert_eq!(all.agents, [is("b"), is("a")]);
        assert_eq!(all.columns, [(is("s3"), is("read")), (is("s3"), is("write")), (is("ec2"), is("list"))]);
        assert_eq!((counts(&whole.cells, &places), places.top), (vec![2, 0, 1, 0, 1, 0], 2));
        let second = 1_767_225_600_000_000;
        let part = overview(&lines, Span::of(second + 3_000_000, second + 4_000_000));
        assert_eq!(part.backdrop.as_ref(), Some(&backdrop));
        assert_eq!(counts(&part.cells, &places), vec![0, 0, 1, 0, 0, 0]);
    }
}
