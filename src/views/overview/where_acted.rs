//! Where agents acted: each agent's records by service and access level within the brush, and the records behind each
//! cell. Which permissions they have is another view's.

use super::desk::Desk;
use super::heat::{counts, letter, names, places};
use crate::ui::charts::heat_cells::Cell as Shade;
use crate::ui::charts::{Heat, HeatColumn, HeatCounts, HeatNames};
use crate::ui::wording::counted;
use crate::ui::{memo, view};
use crate::views::parts::ui_segments;
use engine::row::Cell;
use leptos::prelude::*;
use std::sync::Arc;

fn said(cell: &Cell<'_>, none: &str) -> String {
    match cell {
        Cell::Is(word) => word.replace('_', " "),
        Cell::Absent => none.to_owned(),
        Cell::Missing(why) => why.words().to_owned(),
    }
}

#[component]
pub fn WhereActed() -> impl IntoView {
    let desk = Desk::get();
    let grid = memo(move || desk.backdrop.with(|backdrop| Arc::new(names(backdrop))));
    let places = memo(move || grid.with(|grid| desk.backdrop.with(|backdrop| Arc::new(places(backdrop, grid)))));
    let shown = memo(move || {
        let grid = grid.get();
        Arc::new(HeatNames {
            rows: grid
                .agents
                .iter()
                .map(|agent| match agent {
                    Cell::Is(word) => ui_segments(word),
                    other => ui_segments(&said(other, "no agent")),
                })
                .collect(),
            columns: grid
                .columns
                .iter()
                .map(|(service, level)| HeatColumn {
                    group: ui_segments(&said(service, "no service")),
                    name: said(level, "no level"),
                    letter: letter(level),
                })
                .collect(),
        })
    });
    let cells = memo(move || {
        let places = places.get();
        let counts = desk.answer.with(|answer| answer.as_ref().map(|answer| counts(&answer.cells, &places)));
        let shade = |n| if n > 0 { Shade::Is(n) } else { Shade::Absent };
        let cells = counts.unwrap_or_default().into_iter().map(shade).collect();
        Arc::new(HeatCounts { cells, top: places.top })
    });
    let summary = Signal::derive(move || {
        let all = cells.with(|cells| cells.cells.iter().filter(|cell| matches!(cell, Shade::Is(_))).count());
        grid.with(|grid| {
            format!(
                "{} by {}: {} of the brush.",
                counted(grid.agents.len() as u64, "agent", "agents"),
                counted(grid.columns.len() as u64, "service and access level", "services and access levels"),
                counted(all as u64, "cell has records", "cells have records")
            )
        })
    });
    let beyond = move || {
        let beyond = grid.with(|grid| grid.beyond.clone());
        (!beyond.is_empty()).then(|| format!("Not shown: {beyond}, those with fewest records. The records have them."))
    };
    let records = Callback::new(move |(column, row): (usize, usize)| {
        grid.with_untracked(|grid| match (grid.agents.get(row), grid.columns.get(column)) {
            (Some(agent), Some((service, level))) => {
                desk.records(None, &[("agent", agent), ("service", service), ("access_level", level)])
            }
            _ => desk.records(None, &[]),
        })
    });
    view! {
        <section class="panel where w4" aria-labelledby="where-acted">
            <header>
                <h2 id="where-acted">"Where agents acted"</h2>
                <span class="t2 sm">"records of the brush, by service and access level"</span>
            </header>
            <div class="body">
                <Heat
                    name="Where agents acted"
                    summary=summary
                    names=shown.into()
                    counts=cells.into()
                    counted=("record", "records")
                    records=records
                />
                <p class="xs t3 beyond">{beyond}</p>
            </div>
        </section>
    }
}
