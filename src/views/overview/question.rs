//! What the overview asks: the address's window and filters as the engine's question. Pure. What the answer looks like is `cards`.

use crate::choice;
use crate::paths::{OverviewQuery, Window};
use engine::query::{Choice, Edges, Filter, Span, Term};
use engine::row::Category;
use engine::talk::{OverviewQuestion, Scoped};
use oversight::time::Instant;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// An approval that was decided sooner after the change was opened counts as a rubber stamp: nobody reads a change, its
/// plan and its findings in ten seconds. The figure's definition says it.
pub const RUBBER_STAMP: i64 = 10 * SECOND;

/// Edges between classes of time to decision, about twice as long each time.
pub const WAITS: [i64; 13] = [
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    20 * MINUTE,
    40 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    24 * HOUR,
];

/// Edges between the ages of what is pending.
pub const AGES: [i64; 3] = [15 * MINUTE, HOUR, 4 * HOUR];

/// Bins of the timeline.
pub const BINS: u32 = 180;

/// Bins of the small charts over time.
pub const PERIODS: u32 = 12;

/// Agents in the table.
pub const AGENTS: u32 = 8;

/// What is counted by beside the figures.
pub const CATEGORIES: [Category; 4] = [Category::Agent, Category::Service, Category::Tier, Category::Kind];

/// The instants of a window; what is no time is open.
pub fn span(window: &Window) -> Span {
    let instant = |text: &str| text.parse::<Instant>().ok().map(Instant::unix_micros);
    Span { from: instant(&window.since), to: instant(&window.until) }
}

/// The window of a span, for an address.
pub fn window(span: Span) -> Window {
    let text = |at: Option<i64>| at.and_then(|at| Instant::from_unix_micros(at).ok());
    let text = |at| text(at).map(|at| at.to_string()).unwrap_or_default();
    Window { since: text(span.from), until: text(span.to) }
}

/// The filters of an address.
pub fn filter(query: &OverviewQuery) -> Filter {
    let named = [(Category::Agent, &query.agent), (Category::Environment, &query.environment)];
    let terms = named
        .into_iter()
        .filter_map(|(category, parameter)| choice::read(parameter).map(|choice| (category, choice)))
        .map(|(category, Choice { values, keep })| Term { category, values, keep })
        .collect();
    Filter { terms, ..Filter::default() }
}

/// The whole question. `now` is the present in microseconds, none where the source is not live.
pub fn question(query: &OverviewQuery, now: Option<i64>, hashed: bool) -> OverviewQuestion {
    OverviewQuestion {
        scoped: Scoped { filter: filter(query), span: span(&query.window) },
        compare: true,
        bins: BINS,
        categories: CATEGORIES.to_vec(),
        periods: PERIODS,
        waits: edges(&WAITS),
        ages: edges(&AGES),
        rubber_stamp: RUBBER_STAMP,
        now,
        agents: AGENTS,
        hashed,
    }
}

fn edges(edges: &[i64]) -> Edges {
    Edges::try_from(edges.to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_reads_back() {
        let there = span(&Window { since: "2026-10-01T00:00:00Z".into(), until: "2026-11-01T00:00:00.5Z".into() });
        assert_eq!(span(&window(there)), there);
        assert_eq!(span(&Window { since: "yesterday".into(), until: String::new() }), Span::ALL);
        assert_eq!(window(Span::ALL), Window::default());
    }

    #[test]
    fn edges_rise() {
        assert!(Edges::try_from(WAITS.to_vec()).is_ok() && Edges::try_from(AGES.to_vec()).is_ok());
    }
}
