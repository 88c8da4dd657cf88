//! Bars lying on their side, a row each, with their figures written beside them: a label, stacked parts in the order of
//! their series, and the words. What is unknown is dotted and never coloured.

use std::sync::Arc;

use leptos::prelude::*;

use super::frame::{ChartFrame, TableData, said};
use super::legend::{Legend, Series};
use crate::ui::badge::TierBars;
use crate::ui::erased::{live, memo, view};
use crate::ui::escaped::{Escaped, Segment};
use crate::ui::tone::Tone;
use crate::ui::wording::count;

#[derive(Clone, PartialEq, Debug)]
pub struct BarRow {
    /// Names are hostile text.
    pub label: Vec<Segment>,
    /// One to four bars before the label, for a tier.
    pub tier: Option<(u8, Tone)>,
    /// As many as there are series.
    pub parts: Vec<u64>,
    /// The figures: `612 alone, 40 approved`.
    pub words: String,
    /// The address of the records behind the row.
    pub records: Option<String>,
}

impl BarRow {
    fn total(&self) -> u64 {
        self.parts.iter().fold(0, |sum, part| sum.saturating_add(*part))
    }
}

#[component]
pub fn Bars(
    #[prop(into)] name: String,
    /// One sentence for those who can't see it.
    #[prop(into)]
    summary: Signal<String>,
    series: Vec<Series>,
    rows: Signal<Arc<Vec<BarRow>>>,
    /// What the labels are: `Tier`. The head of the table's first column.
    of: &'static str,
    /// The words beside the bars are a number alone.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let names: Vec<&'static str> = series.iter().map(|series| series.name).collect();
    // A single series is named by the chart.
    let legend = (series.len() > 1).then(|| series.clone());
    let fills: Arc<Vec<&'static str>> = Arc::new(series.iter().map(|series| series.fill.class()).collect());
    let top = memo(move || rows.with(|rows| rows.iter().map(BarRow::total).max().unwrap_or(0).max(1)));
    // What moves moves within its row: a row is built once for its place.
    let places = memo(move || rows.with(|rows| rows.len()));
    let drawn = move || (0..places.get()).map(|place| bar_row(rows, place, top, &fills)).collect_view();
    let table = move |()| {
        let heads = std::iter::once(of.to_owned()).chain(names.iter().map(|name| (*name).to_owned())).collect();
        let row = |row: &BarRow| std::iter::once(said(&row.label)).chain(row.parts.iter().map(|n| count(*n))).collect();
        TableData { heads, rows: rows.with(|rows| rows.iter().map(row).collect()) }
    };
    let class = if short { "lying short" } else { "lying" };
    view! {
        <ChartFrame name table=table class=class>
            {legend.clone().map(|series| view! { <Legend series /> })}
            <p class="vh">{move || summary.get()}</p>
            <ul>{live(drawn.clone())}</ul>
        </ChartFrame>
    }
}

fn bar_row(rows: Signal<Arc<Vec<BarRow>>>, place: usize, top: Memo<u64>, fills: &[&'static str]) -> AnyView {
    let row = memo(move || rows.with(|rows| rows.get(place).cloned()));
    let bars = fills
        .iter()
        .enumerate()
        .map(|(part, fill)| {
            let n =
                memo(move || row.with(|row| row.as_ref().and_then(|row| row.parts.get(part).copied()).unwrap_or(0)));
            // Of what the words beside it leave (style/charts.css).
            let width = move || format!("calc({:.4} * (100% - var(--beside)))", n.get() as f64 / top.get() as f64);
            let display = move || (n.get() == 0).then_some("none");
            view! { <i class=format!("fill {fill}") style:width=width style:display=display></i> }
        })
        .collect_view();
    let tier = memo(move || row.with(|row| row.as_ref().and_then(|row| row.tier)));
    let label = memo(move || row.with(|row| row.as_ref().map(|row| row.label.clone()).unwrap_or_default()));
    let is_linked = memo(move || row.with(|row| row.as_ref().is_some_and(|row| row.records.is_some())));
    let records = move || row.with(|row| row.as_ref().and_then(|row| row.records.clone()));
    let named = live(move || {
        let label = live(move || view! { <Escaped segments=label.get() /> });
        if is_linked.get() {
            view! { <a href=records>{label}</a> }
        } else {
            label
        }
    });
    view! {
        <li>
            <span class="lab">{live(move || tier.get().map(|(level, tone)| view! { <TierBars level tone /> }))} {named}</span>
            <span class="run">
                {bars}
                <span class="words">{move || row.with(|row| row.as_ref().map(|row| row.words.clone()).unwrap_or_default())}</span>
            </span>
        </li>
    }
}
