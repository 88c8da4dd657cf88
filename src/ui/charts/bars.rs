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
    let drawn = move || {
        let (top, fills) = (top.get(), fills.clone());
        rows.with(|rows| rows.iter().map(|row| bar_row(row, top, &fills)).collect_view())
    };
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

fn bar_row(row: &BarRow, top: u64, fills: &[&'static str]) -> AnyView {
    let parts = row.parts.iter().zip(fills).filter(|(n, _)| **n > 0);
    let bars = parts
        .map(|(n, fill)| {
            // Of what the words beside it leave (style/charts.css).
            let width = format!("calc({:.4} * (100% - var(--beside)))", *n as f64 / top as f64);
            view! { <i class=format!("fill {fill}") style:width=width></i> }
        })
        .collect_view();
    let tier = row.tier.map(|(level, tone)| view! { <TierBars level tone /> });
    let label = view! { <Escaped segments=row.label.clone() /> };
    let label = match row.records.clone() {
        Some(href) => view! { <a href=href>{label}</a> },
        None => label,
    };
    view! {
        <li>
            <span class="lab">{tier} {label}</span>
            <span class="run">
                {bars}
                <span class="words">{row.words.clone()}</span>
            </span>
        </li>
    }
}
