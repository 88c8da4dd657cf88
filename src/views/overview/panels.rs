//! The cards with their charts. What they say is `cards`, what they show `series`; here both are put together, with the
//! records behind each.

use super::cards::{self, Card, Earlier, Meaning, Said as Says, Way, WayKind};
use super::desk::Desk;
use super::question::WAITS;
use super::series;
use crate::paths::Route;
use crate::ui::charts::civil::TimeWindow;
use crate::ui::charts::datum::Datum;
use crate::ui::charts::figures::{Figure as Shown, Foot};
use crate::ui::charts::waits::Waits;
use crate::ui::charts::{
    BarRow, BarTable, Bars, Columns, Definition, FigureCard, Fill, NumberCell, NumberRow, Series, ShareLine, Spread,
};
use crate::ui::wording::{count, counted, span};
use crate::ui::{Icon, IconName, Segment, live, memo, places, view};
use crate::views::parts::{tier_mark, ui_segments};
use engine::query::figures::{ByAgent, Figure, Figures};
use engine::row::Cell;
use engine::talk::Overview;
use leptos::prelude::*;
use std::sync::Arc;

/// The figures of the period before, or why there are none.
fn earlier(answer: &Overview) -> Earlier<'_> {
    match &answer.before {
        Some((_, figures)) => Earlier::Figures(figures),
        None if answer.span.from.is_none() => Earlier::None("the window is everything"),
        None => Earlier::None("no records are so old"),
    }
}

/// How the period before is called after a change: `in the 30 d before`.
fn before(answer: &Overview) -> String {
    match &answer.before {
        Some((before, _)) => {
            let length = before.to.zip(before.from).map_or(0, |(to, from)| to.saturating_sub(from) / 1_000_000);
            format!("in the {} before", span(length))
        }
        None => String::new(),
    }
}

fn definition(meaning: Meaning) -> Definition {
    let Meaning { counts, of, unknown, source } = meaning;
    Definition { counts, denominator: of, unknowns: unknown, source: source.to_owned() }
}

/// A card of the newest answer, with the chart that belongs to it.
fn card(of: fn(&Overview) -> Card, wide: bool, chart: ChildrenFn) -> AnyView {
    let desk = Desk::get();
    let said = memo(move || desk.answer.get().map(|answer| of(&answer)));
    let figure = memo(move || match said.get() {
        None => Shown::Loading,
        Some(Card { figure: Says::Is(value), counts, change, .. }) => Shown::Is { value, counts, change },
        Some(Card { figure: Says::Withheld(of), counts, .. }) => Shown::Withheld { of, counts },
        Some(Card { figure: Says::NotKnown(why), .. }) => Shown::Unknowable(why.to_owned()),
    });
    let foot = memo(move || match said.get() {
        None => Foot::default(),
        Some(card) if matches!(card.figure, Says::NotKnown(_)) => Foot::default(),
        Some(card) => {
            Foot { of: card.of, unknown: Some(card.unknown.into()), records: Some(desk.behind(card.behind, &[])) }
        }
    });
    // Neither changes with the answer.
    let empty = of(&nothing());
    let before = Signal::derive(move || {
        desk.answer.with(|answer| answer.as_deref().map(|answer| before(answer)).unwrap_or_default())
    });
    view! {
        <FigureCard
            title=empty.title
            figure=figure
            before=before
            foot=foot
            definition=definition(empty.meaning)
            stale=Signal::derive(move || desk.stale())
            wide=wide
        >
            {chart()}
        </FigureCard>
    }
    .into_any()
}

/// An answer about nothing: for what cards say whatever the answer.
fn nothing() -> Overview {
    use engine::query::{Histogram, Span};
    Overview {
        span: Span::ALL,
        of: 0,
        all: 0,
        generation: 0,
        backdrop: None,
        cells: Vec::new(),
        timeline: Vec::new(),
        counts: Vec::new(),
        figures: Figures::default(),
        periods: Histogram { from: 0, to: 0, bins: 0 },
        now: 0,
        before: None,
        hash: None,
    }
}

/// Something of the newest answer.
fn of<T: PartialEq + Clone + Send + Sync + Default + 'static>(
    f: impl Fn(&Overview) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let desk = Desk::get();
    memo(move || desk.answer.with(|answer| answer.as_deref().map(|answer| f(answer)).unwrap_or_default()))
}

/// A label in a sentence, its escapes as they are shown.
fn plain(label: &[Segment]) -> String {
    let text = |segment: &Segment| match segment {
        Segment::Plain(text) => text.clone(),
        Segment::Escape { shown, .. } => shown.clone(),
    };
    label.iter().map(text).collect()
}

#[component]
pub fn Autonomy() -> impl IntoView {
    let desk = Desk::get();
    let rows = of(|answer| Arc::new(series::ran_by_tier(&answer.figures)));
    let rows = memo(move || {
        let row = |(cell, row): &(Cell<'static>, series::Row)| {
            let (label, tier) = match &row.tier {
                Ok(tier) => (tier.to_string(), Some(tier_mark(*tier))),
                Err(words) => (words.clone(), None),
            };
            let records = Some(desk.behind(Figure::Ran, &[("tier", cell)]));
            BarRow { label: ui_segments(&label), tier, parts: row.parts.clone(), words: row.words.clone(), records }
        };
        Arc::new(rows.with(|rows| rows.iter().map(row).collect::<Vec<_>>()))
    });
    let summary = Signal::derive(move || {
        let says = |row: &BarRow| format!("{}: {}", plain(&row.label), row.words);
        rows.with(|rows| rows.iter().map(says).collect::<Vec<_>>().join("; "))
    });
    card(
        |answer| cards::autonomy(&answer.figures, earlier(answer)),
        true,
        Arc::new(move || {
            view! {
                <Bars
                    name="Actions that ran, by tier"
                    of="tier"
                    summary=summary
                    series=vec![
                        Series::new("autonomous", Fill::Category(2)),
                        Series::new("approved first", Fill::Category(1)),
                        Series::new("break-glass", Fill::Category(3)),
                        Series::new("unknown", Fill::Dots),
                    ]
                    rows=rows.into()
                />
            }
            .into_any()
        }),
    )
}

#[component]
pub fn ApprovedBefore() -> impl IntoView {
    let data = of(|answer| Arc::new(series::approved_before(&answer.periods, &answer.figures.bins)));
    card(
        |answer| cards::approved_before(&answer.figures, earlier(answer)),
        false,
        over_time("Approved before it ran, over the window", data, true),
    )
}

#[component]
pub fn RubberStamps() -> impl IntoView {
    let data = of(|answer| Arc::new(series::rubber_stamps(&answer.periods, &answer.figures.approval_bins)));
    card(
        |answer| cards::rubber_stamps(&answer.figures, earlier(answer)),
        false,
        over_time("Rubber-stamp share, over the window", data, false),
    )
}

fn over_time(name: &'static str, data: Memo<Arc<Vec<Datum>>>, line: bool) -> ChildrenFn {
    let desk = Desk::get();
    let summary = Signal::derive(move || {
        data.with(|data| match (data.first(), data.last()) {
            (Some(first), Some(last)) => {
                format!("{name}: at first {}; at last {}. As a table it has every period.", first.says, last.says)
            }
            _ => format!("{name}: nothing."),
        })
    });
    let window = Signal::derive(|| None::<TimeWindow>);
    let data = Signal::derive(move || data.get());
    Arc::new(move || {
        if line {
            view! { <ShareLine name summary data window east=desk.east() /> }.into_any()
        } else {
            view! { <Columns name summary data window east=desk.east() unit="%" /> }.into_any()
        }
    })
}

#[component]
pub fn TimeToDecision() -> impl IntoView {
    let waits = of(|answer| {
        let (counts, below, beyond) = series::waits(&answer.figures);
        let quantile = |at: usize| answer.figures.decisions.time.quantiles.get(at).copied().flatten();
        let marker =
            |at, words: &str| quantile(at).map(|wait| (wait, format!("{words} by {}", span(wait / 1_000_000))));
        let markers = [marker(0, "half"), marker(1, "90%")].into_iter().flatten().collect();
        Arc::new(Waits { edges: WAITS.to_vec(), counts, markers, below, beyond })
    });
    let summary = Signal::derive(move || {
        waits.with(|waits| {
            let all = waits.counts.iter().sum::<u64>() + waits.below + waits.beyond;
            let markers: Vec<&str> = waits.markers.iter().map(|(_, words)| words.as_str()).collect();
            format!("Waits of {}: {}.", counted(all, "decision", "decisions"), markers.join(", "))
        })
    });
    card(
        |answer| cards::time_to_decision(&answer.figures, earlier(answer)),
        false,
        Arc::new(move || {
            view! {
                <Spread
                    name="How long decisions took"
                    summary=summary
                    waits=Signal::derive(move || waits.get())
                    counts="decisions"
                />
            }
            .into_any()
        }),
    )
}

#[component]
pub fn Rejections() -> impl IntoView {
    let desk = Desk::get();
    let outcomes = of(|answer| {
        let decisions = &answer.figures.decisions;
        let [_, by_policy, bypassed, pending, ended, _] = decisions.time.outcomes;
        vec![
            ("approved", Figure::Approved.to_string(), decisions.approved),
            ("rejected", Figure::Rejected.to_string(), decisions.rejected),
            ("by policy alone", Figure::ByPolicy.to_string(), by_policy),
            ("went ahead", Figure::WentAhead.to_string(), bypassed),
            ("waits", Figure::Pending.to_string(), pending),
            ("ended undecided", Figure::Ended.to_string(), ended),
        ]
    });
    let rows = memo(move || {
        let row = |(label, figure, n): &(&'static str, String, u32)| BarRow {
            label: ui_segments(label),
            tier: None,
            parts: vec![(*n).into()],
            words: count((*n).into()),
            records: figure.parse().ok().map(|figure| desk.behind(figure, &[])),
        };
        Arc::new(outcomes.with(|outcomes| outcomes.iter().map(row).collect::<Vec<_>>()))
    });
    let summary = Signal::derive(move || {
        let says = |row: &BarRow| format!("{} {}", row.words, plain(&row.label));
        rows.with(|rows| format!("Of what was put forward: {}.", rows.iter().map(says).collect::<Vec<_>>().join(", ")))
    });
    card(
        |answer| cards::rejection(&answer.figures, earlier(answer)),
        false,
        Arc::new(move || {
            view! {
                <Bars
                    name="What became of what was put forward"
                    of="outcome"
                    summary=summary
                    series=vec![Series::new("versions", Fill::Ink)]
                    short=true
                    rows=rows.into()
                />
            }
            .into_any()
        }),
    )
}

#[component]
pub fn Pending() -> impl IntoView {
    let rows = of(|answer| Arc::new(series::pending_by_age(&answer.figures)));
    let rows = memo(move || {
        let row = |(label, parts, words): &(String, Vec<u64>, String)| BarRow {
            label: ui_segments(label),
            tier: None,
            parts: parts.clone(),
            words: words.clone(),
            records: None,
        };
        Arc::new(rows.with(|rows| rows.iter().map(row).collect::<Vec<_>>()))
    });
    let summary = Signal::derive(move || {
        let says = |row: &BarRow| format!("{}: {}", plain(&row.label), row.words);
        rows.with(|rows| rows.iter().map(says).collect::<Vec<_>>().join("; "))
    });
    card(
        |answer| cards::pending(&answer.figures, answer.now),
        false,
        Arc::new(move || {
            view! {
                <Bars
                    name="What waits, by age and tier"
                    of="age"
                    summary=summary
                    series=vec![
                        Series::new("low", Fill::Category(1)),
                        Series::new("moderate", Fill::Category(2)),
                        Series::new("high", Fill::Category(3)),
                        Series::new("critical", Fill::Category(4)),
                        Series::new("unknown", Fill::Dots),
                    ]
                    rows=rows.into()
                />
            }
            .into_any()
        }),
    )
}

#[component]
pub fn Around() -> impl IntoView {
    let desk = Desk::get();
    let ways = memo(move || {
        desk.answer.with(|answer| {
            answer.as_deref().map(|answer| cards::around(&answer.figures, earlier(answer)).1).unwrap_or_default()
        })
    });
    let row = move |_, way: Memo<Option<Way>>| {
        let kind = memo(move || way.with(|way| way.as_ref().map(|way| way.kind)));
        let tone = move || match kind.get() {
            Some(WayKind::Ratified) => "tone-approved",
            Some(WayKind::Unratified) => "tone-failed",
            Some(WayKind::Unknown) | None => "tone-unknown",
            Some(WayKind::Paused) => "tone-pending",
            Some(WayKind::RolledBack) => "tone-rolled-back",
        };
        let icon = live(move || {
            let name = match kind.get() {
                Some(WayKind::Ratified) => IconName::Check,
                Some(WayKind::Unratified) => IconName::Warn,
                Some(WayKind::Unknown) | None => IconName::Question,
                Some(WayKind::Paused) => IconName::Pause,
                Some(WayKind::RolledBack) => IconName::RolledBack,
            };
            view! { <Icon name /> }
        });
        let behind = memo(move || way.with(|way| way.as_ref().map(|way| way.behind)));
        let href = move || behind.get().map(|behind| desk.behind(behind, &[]));
        let what = move || way.with(|way| way.as_ref().map(|way| way.what.clone()).unwrap_or_default());
        let n = move || way.with(|way| way.as_ref().map(|way| count(way.n.into())).unwrap_or_default());
        view! {
            <li class=tone>
                {icon}
                <a href=href>{what}</a>
                <b>{n}</b>
            </li>
        }
    };
    card(
        |answer| cards::around(&answer.figures, earlier(answer)).0,
        false,
        Arc::new(move || {
            view! { <ul class="ways">{places(ways, row)}</ul> }
        }),
    )
}

/// The most active agents.
#[component]
pub fn ByAgents() -> impl IntoView {
    let desk = Desk::get();
    let agents = of(|answer| answer.figures.agents.clone());
    let rows = memo(move || {
        agents.with(|agents| {
            Arc::new(agents.top.iter().chain(&agents.unnamed).map(|agent| row(desk, agent)).collect::<Vec<_>>())
        })
    });
    let which = move || {
        agents.with(|agents| {
            let shown = agents.top.len() as u64;
            let all = shown + u64::from(agents.others);
            match agents.others {
                0 => format!("{}, most executed first", counted(all, "agent", "agents")),
                _ => format!(
                    "{} of {}, most executed first; the others ran {}",
                    count(shown),
                    counted(all, "agent", "agents"),
                    counted(agents.others_ran.n().into(), "action", "actions")
                ),
            }
        })
    };
    view! {
        <section class="panel by-agent w4" aria-labelledby="by-agent">
            <header>
                <h2 id="by-agent">"By agent"</h2>
                <span class="t2 sm">{which}</span>
            </header>
            <BarTable
                label="Figures by agent"
                heads=vec!["Agent", "Executed", "Alone", "Approved", "Rolled back", "Unknown", "Median to decide"]
                rows=rows.into()
            />
        </section>
    }
}

fn row(desk: Desk, agent: &ByAgent) -> NumberRow {
    let number = |n: u32| NumberCell::new(count(n.into()), n.into());
    let name = match &agent.agent {
        Cell::Is(word) => ui_segments(word),
        Cell::Absent => ui_segments("no agent"),
        Cell::Missing(why) => ui_segments(&format!("agent {}", why.words())),
    };
    let median = match agent.median {
        Some(wait) => NumberCell::new(span(wait / 1_000_000), wait as f64),
        None => NumberCell { text: "none decided".to_owned(), value: None, unknown: false },
    };
    let unknown = NumberCell { unknown: agent.ran.unknown > 0, ..number(agent.ran.unknown) };
    let href = match &agent.agent {
        Cell::Is(word) if desk.app.reads_changes() => Route::agent(word).href(),
        cell => desk.behind(Figure::Ran, &[("agent", cell)]),
    };
    NumberRow {
        name,
        href,
        cells: vec![
            number(agent.ran.n()),
            number(agent.ran.alone),
            number(agent.ran.approved),
            number(agent.rolled_back),
            unknown,
            median,
        ],
    }
}
