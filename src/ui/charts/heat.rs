//! A map of counts: names down, grouped columns across, more is further from the page. One cell has the focus and is
//! led about by the arrow keys; it is a link to the records behind it, as every cell under the pointer is. What cells
//! look like is `heat_cells`, for the map and for its legend.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;

use super::frame::{ChartFrame, TableData, said};
use super::heat_cells::{Cell, Cells, Grid, MARKS, edges, keyed, keys};
use super::tip::{Mark, Tip};
use crate::ui::erased::{live, memo, view};
use crate::ui::escaped::{Escaped, Segment};

/// How high a row is, in pixels; `style/charts.css` has the same.
const ROW: usize = 20;

/// How narrow a column may become, in pixels. Below, the map scrolls within itself.
const COLUMN: f64 = 16.0;
/// Up to so many columns names lie over them on a wide page; beyond, and on a narrow one, they stand (style/charts.css).
const ROOMY: f64 = 18.0;
/// How many times that wide where there is room: few columns are not drawn out over the whole page.
const WIDEST: f64 = 5.0;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeatColumn {
    /// What it is one of: a service. Names are hostile text.
    pub group: Vec<Segment>,
    /// `permissions management`.
    pub name: String,
    /// One letter for its head; the names of all letters stand in the legend.
    pub letter: &'static str,
}

/// The names, which stay while the window moves.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HeatNames {
    pub rows: Vec<Vec<Segment>>,
    pub columns: Vec<HeatColumn>,
}

/// The counts, row by row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HeatCounts {
    pub cells: Vec<Cell>,
    /// The fullest cell of any window, so that fills mean the same in each; zero where that is not known.
    pub top: u64,
}

#[component]
pub fn Heat(
    #[prop(into)] name: String,
    /// One sentence for those who can't see it.
    #[prop(into)]
    summary: Signal<String>,
    names: Signal<Arc<HeatNames>>,
    counts: Signal<Arc<HeatCounts>>,
    /// What a cell counts: `("record", "records")`.
    counted: (&'static str, &'static str),
    /// The address of the records of a cell, by column and row.
    #[prop(into)]
    records: Callback<(usize, usize), String>,
) -> impl IntoView {
    let grid = memo(move || names.with(|names| Arc::new(Grid::of(names.columns.iter().map(|column| &column.group)))));
    let edges = memo(move || counts.with(|counts| edges(&counts.cells, counts.top)));
    let drawn = memo(move || {
        let (grid, edges) = (grid.get(), edges.get());
        Arc::new(counts.with(|counts| Cells::of(&counts.cells, &grid, &edges)))
    });
    let rows = memo(move || names.with(|names| names.rows.len()));
    let wide = move |times: f64| format!("{}px", grid.with(|grid| grid.wide) * COLUMN * times);
    let cell = move |column: usize, row: usize| {
        let columns = names.with(|names| names.columns.len());
        counts.with(|counts| counts.cells.get(row * columns + column).copied().unwrap_or(Cell::NotRecorded))
    };
    let table = move |()| names.with(|names| table(names, &counts.get(), counted.1));
    let letters = memo(move || names.with(|names| letters(&names.columns)));
    let chart = name.clone();
    view! {
        <ChartFrame name table=table class="heat">
            <div class="scroll">
                <div class="map" class:narrow=move || grid.with(|grid| grid.wide > ROOMY)>
                    <RowNames names />
                    <div class="across" style:min-width=move || wide(1.0) style:max-width=move || wide(WIDEST)>
                    <ColumnNames names grid />
                    <Field name=chart.clone() summary names grid rows drawn cell=Callback::new(move |(column, row)| cell(column, row)) counted records />
                    </div>
                </div>
            </div>
            <HeatLegend edges counted />
            <p class="lacks xs t3">{move || letters.get()}</p>
        </ChartFrame>
    }
}

/// `L list, R read, W write`.
fn letters(columns: &[HeatColumn]) -> String {
    let mut said: Vec<String> = Vec::new();
    for column in columns {
        let words = format!("{} {}", column.letter, column.name);
        if !said.contains(&words) {
            said.push(words);
        }
    }
    said.join(", ")
}

fn table(names: &HeatNames, counts: &HeatCounts, many: &str) -> TableData {
    let column = |column: &HeatColumn| format!("{} {}", said(&column.group), column.name);
    let columns = names.columns.len();
    let row = |(at, name): (usize, &Vec<Segment>)| {
        let cells = counts.cells.iter().skip(at * columns).take(columns).map(|cell| cell.short());
        std::iter::once(said(name)).chain(cells).collect()
    };
    TableData {
        heads: std::iter::once(many.to_owned()).chain(names.columns.iter().map(column)).collect(),
        rows: names.rows.iter().enumerate().map(row).collect(),
    }
}

#[component]
fn RowNames(names: Signal<Arc<HeatNames>>) -> impl IntoView {
    let rows = live(move || {
        let name = |segments: &Vec<Segment>| {
            let title = said(segments);
            view! { <span title=title><Escaped segments=segments.clone() /></span> }
        };
        names.with(|names| names.rows.iter().map(name).collect_view())
    });
    view! {
        <div class="rows" aria-hidden="true">
            {rows}
        </div>
    }
}

#[component]
fn ColumnNames(names: Signal<Arc<HeatNames>>, grid: Memo<Arc<Grid>>) -> impl IntoView {
    let percent = |part: f64| format!("{:.3}%", part * 100.0);
    let heads = live(move || {
        let grid = grid.get();
        names.with(|names| {
            let mut heads = Vec::new();
            let mut first = 0;
            for group in names.columns.chunk_by(|a, b| a.group == b.group) {
                let (left, width) = grid.span(first, first + group.len() - 1);
                let name = group[0].group.clone();
                let title = said(&name);
                heads.push(view! {
                    <b title=title style:left=percent(left) style:width=percent(width)><Escaped segments=name /></b>
                });
                first += group.len();
            }
            let letter = |(at, column): (usize, &HeatColumn)| {
                let (left, width) = grid.span(at, at);
                view! { <span style:left=percent(left) style:width=percent(width)>{column.letter}</span> }
            };
            heads.extend(names.columns.iter().enumerate().map(letter));
            heads.into_iter().collect_view()
        })
    });
    view! {
        <div class="heads" aria-hidden="true">
            {heads}
        </div>
    }
}

/// The cells themselves, and the one that is picked.
#[component]
fn Field(
    name: String,
    summary: Signal<String>,
    names: Signal<Arc<HeatNames>>,
    grid: Memo<Arc<Grid>>,
    rows: Memo<usize>,
    drawn: Memo<Arc<Cells>>,
    cell: Callback<(usize, usize), Cell>,
    counted: (&'static str, &'static str),
    records: Callback<(usize, usize), String>,
) -> impl IntoView {
    let field = NodeRef::<html::Div>::new();
    let picked = RwSignal::new((0_usize, 0_usize));
    let pointed = RwSignal::new(false);
    let focused = RwSignal::new(false);
    // Rows and columns may have become fewer.
    let at = memo(move || {
        let columns = grid.with(|grid| grid.columns.len());
        let (column, row) = picked.get();
        (columns > 0 && rows.get() > 0).then(|| (column.min(columns - 1), row.min(rows.get() - 1)))
    });
    let says = memo(move || {
        let (column, row) = at.get()?;
        let head = names.with(|names| {
            let (row, column) = (names.rows.get(row)?, names.columns.get(column)?);
            Some(format!("{}, {} {}", said(row), said(&column.group), column.name))
        })?;
        Some((head, cell.run((column, row)).words(counted.0, counted.1)))
    });
    let point = move |event: PointerEvent| {
        let Some(field) = field.get_untracked() else { return };
        let rect = field.get_bounding_client_rect();
        let across = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        let down = (f64::from(event.client_y()) - rect.top()) / ROW as f64;
        if let Some(column) = grid.with_untracked(|grid| grid.nearest(across)) {
            picked.set((column, (down.max(0.0) as usize).min(rows.get_untracked().saturating_sub(1))));
            pointed.set(true);
        }
    };
    let key = move |event: KeyboardEvent| {
        let columns = grid.with_untracked(|grid| grid.columns.len());
        if event.alt_key() || event.meta_key() {
            return;
        }
        if let Some(to) = keyed(picked.get_untracked(), &event.key(), event.ctrl_key(), columns, rows.get_untracked()) {
            event.prevent_default();
            picked.set(to);
        }
    };
    let place = move || {
        let (column, row) = at.get().unwrap_or_default();
        let (left, width) = grid.with(|grid| grid.span(column, column));
        (left, width, row)
    };
    let tip = live(move || {
        let (head, says) = says.get().filter(|_| pointed.get() || focused.get())?;
        let (left, width, row) = place();
        Some(view! {
            <div class="over" style:top=format!("{}px", row * ROW)>
                <Tip mark=Mark { at: left + width / 2.0, head, says } />
            </div>
        })
    });
    let path = move |(fill, class): (usize, &'static str)| {
        view! { <path class=class d=move || drawn.with(|cells| cells.fills[fill].clone()) /> }
    };
    let paths = ["h1", "h2", "h3", "h4", "h5", "h6", "h7"].into_iter().enumerate().map(path).collect_view();
    let mark = move |of: fn(&Cells) -> &String| move || drawn.with(|cells| of(cells).clone());
    view! {
        <div
            class="cells"
            node_ref=field
            on:pointermove=point
            on:pointerdown=point
            on:pointerleave=move |_| pointed.set(false)
        >
            <svg
                role="img"
                aria-label=move || summary.get()
                viewBox=move || format!("0 0 {} {}", grid.with(|grid| grid.wide.max(1.0)), rows.get().max(1))
                preserveAspectRatio="none"
                style:height=move || format!("{}px", rows.get() * ROW)
            >
                {paths}
                <path class="m1" d=mark(|cells| &cells.absent) />
                <path class="m2" d=mark(|cells| &cells.unrecorded) />
                <path class="m3" d=mark(|cells| &cells.unobserved) />
                <path class="m4" d=mark(|cells| &cells.redacted) />
            </svg>
            <a
                class="cell"
                class:on=move || pointed.get() || focused.get()
                href=move || at.get().map(|at| records.run(at))
                aria-label=move || says.get().map(|(head, says)| format!("{head}: {says}. Show the records"))
                aria-description=format!("One cell of {name}; arrow keys lead to the others.")
                style:left=move || format!("{:.3}%", place().0 * 100.0)
                style:width=move || format!("{:.3}%", place().1 * 100.0)
                style:top=move || format!("{}px", place().2 * ROW)
                on:focus=move |_| focused.set(true)
                on:blur=move |_| focused.set(false)
                on:keydown=key
            ></a>
            {tip}
            // What the keys lead to is said, since the link stays the same element.
            <span class="vh" role="status">
                {move || says.get().filter(|_| focused.get()).map(|(head, says)| format!("{head}: {says}"))}
            </span>
        </div>
    }
}

/// The fills and the marks, drawn by what draws the cells.
#[component]
fn HeatLegend(edges: Memo<Vec<u64>>, counted: (&'static str, &'static str)) -> impl IntoView {
    let key = |cell: Cell, edges: &[u64], words: String| {
        let mut drawn = Cells::default();
        drawn.draw(cell, edges, 0.0, 0);
        let fills = drawn.fills.iter().position(|path| !path.is_empty()).map(|at| format!("h{}", at + 1));
        let marks = [("m1", drawn.absent), ("m2", drawn.unrecorded), ("m3", drawn.unobserved), ("m4", drawn.redacted)];
        let fill = fills.zip(drawn.fills.into_iter().find(|path| !path.is_empty()));
        let mark = marks.into_iter().find(|(_, path)| !path.is_empty()).map(|(class, path)| (class.to_owned(), path));
        let path = fill.or(mark).map(|(class, d)| view! { <path class=class d=d /> });
        view! {
            <span>
                <svg viewBox="0 0 1 1" preserveAspectRatio="none">{path}</svg>
                {words}
            </span>
        }
    };
    let legend = live(move || {
        let edges = edges.get();
        let counts = keys(&edges).into_iter().map(|(least, _, words)| key(Cell::Is(least), &edges, words));
        let marks = MARKS.map(|mark| key(mark, &edges, mark.words(counted.0, counted.1)));
        counts.chain(marks).collect_view()
    });
    view! {
        <p class="series" aria-hidden="true">
            <span>{counted.1}</span>
            {legend}
        </p>
    }
}
