//! A compact table of numbers, a row each agent or service: its name leads to it, numbers stand at the right, the
//! longest of one column is a bar. A head sorts by its column.

use std::sync::Arc;

use leptos::prelude::*;

use super::sorting::{Sort, order};
use crate::ui::erased::{live, memo, view};
use crate::ui::escaped::{Escaped, Segment};

#[derive(Clone, PartialEq, Debug)]
pub struct NumberCell {
    /// As it is written: `1 102`, `14 min`, `not recorded`.
    pub text: String,
    /// What it is sorted by; none where there is no number.
    pub value: Option<f64>,
    /// The colour of what is unknown; the word is the column's.
    pub unknown: bool,
}

impl NumberCell {
    pub fn new(text: impl Into<String>, value: f64) -> NumberCell {
        NumberCell { text: text.into(), value: Some(value), unknown: false }
    }
}

#[derive(Clone, PartialEq, Debug)]
pub struct NumberRow {
    /// Names are hostile text too.
    pub name: Vec<Segment>,
    pub href: String,
    /// As many as there are heads after the first.
    pub cells: Vec<NumberCell>,
}

#[component]
pub fn BarTable(
    #[prop(into)] label: String,
    /// Of the names, then of the numbers.
    heads: Vec<&'static str>,
    rows: Signal<Arc<Vec<NumberRow>>>,
    /// The column of numbers that is also drawn as a bar, and by which rows stand at first; counted from 0.
    #[prop(optional)]
    bar: usize,
    /// The most rows shown; what is beyond it is for the view to say.
    #[prop(default = usize::MAX)]
    most: usize,
) -> impl IntoView {
    let sort = RwSignal::new(Sort { column: bar, descending: true });
    let shown = memo(move || {
        let Sort { column, descending } = sort.get();
        rows.with(|rows| {
            let values: Vec<_> = rows.iter().map(|row| row.cells.get(column).and_then(|cell| cell.value)).collect();
            order(&values, descending).into_iter().take(most).map(|at| rows[at].clone()).collect::<Vec<_>>()
        })
    });
    let top = memo(move || {
        let value = |row: &NumberRow| row.cells.get(bar).and_then(|cell| cell.value);
        rows.with(|rows| rows.iter().filter_map(value).fold(0.0, f64::max))
    });
    let head = |(column, word): (usize, &&'static str)| {
        let word = *word;
        view! {
            <th scope="col" class="num" aria-sort=move || sort.get().word(column)>
                <button type="button" class="sort" on:click=move |_| sort.update(|sort| *sort = sort.pressed(column))>
                    {word}
                    <i aria-hidden="true">
                        {move || match sort.get().word(column) {
                            Some("descending") => "▾",
                            Some(_) => "▴",
                            None => "",
                        }}
                    </i>
                </button>
            </th>
        }
    };
    let first = heads.first().copied().unwrap_or_default();
    let numbers = heads.iter().skip(1).enumerate().map(head).collect_view();
    let heads: Arc<Vec<&'static str>> = Arc::new(heads);
    // What moves moves within its row: a row is built once for its place.
    let places = memo(move || shown.with(Vec::len));
    let body = live(move || (0..places.get()).map(|place| number_row(shown, place, &heads, bar, top)).collect_view());
    view! {
        <table class="numbers" aria-label=label>
            <thead>
                <tr>
                    <th scope="col">{first}</th>
                    {numbers}
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    }
}

fn number_row(
    shown: Memo<Vec<NumberRow>>,
    place: usize,
    heads: &[&'static str],
    bar: usize,
    top: Memo<f64>,
) -> AnyView {
    let row = memo(move || shown.with(|rows| rows.get(place).cloned()));
    let cell = move |at: usize| row.with(|row| row.as_ref().and_then(|row| row.cells.get(at).cloned()));
    let cells = heads
        .iter()
        .skip(1)
        .enumerate()
        .map(|(at, head)| {
            let class = move || if cell(at).is_some_and(|cell| cell.unknown) { "num unknown" } else { "num" };
            let drawn = (at == bar).then(|| {
                let width = move || {
                    let (value, top) = (cell(at).and_then(|cell| cell.value).unwrap_or(0.0), top.get());
                    format!("{:.2}%", if top > 0.0 { value * 100.0 / top } else { 0.0 })
                };
                view! { <span class="gauge" aria-hidden="true"><i class="fill fi" style:width=width></i></span> }
            });
            // The head again, for where the table stands in blocks.
            view! {
                <td class=class data-head=*head>
                    {drawn}
                    {move || cell(at).map(|cell| cell.text).unwrap_or_default()}
                </td>
            }
        })
        .collect_view();
    let name = memo(move || row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default()));
    view! {
        <tr>
            <th scope="row">
                <a href=move || row.with(|row| row.as_ref().map(|row| row.href.clone()).unwrap_or_default())>
                    {live(move || view! { <Escaped segments=name.get() /> })}
                </a>
            </th>
            {cells}
        </tr>
    }
}
