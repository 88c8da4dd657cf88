//! A table of any length that draws only the rows in sight: a real `<table>` of the role `grid`, each row exactly
//! `ROW_PX` high, or as high as the view's style makes them all; two blank rows stand for all that is above and below.
//! What a row shows, and where rows come from, is the view's.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::button::fresh_id;
use super::erased::{For, effect, memo, view};

/// `--row` of `style/tokens.css`.
const ROW_PX: f64 = 28.0;
/// The header's height, by `style/ui.css`.
const HEAD_PX: f64 = 32.0;
/// Rows drawn beyond each edge, so that a fast wheel does not meet blanks.
const BEYOND: usize = 12;
/// How near the end of what is loaded more is asked for.
const NEAR_END: usize = 60;

/// A column: its class (`c-time`, `num`), its head, its width as CSS, and what stands in the cell of row `n`. A cell of
/// several parts has a head for each.
#[derive(Clone)]
pub struct Column {
    pub class: &'static str,
    pub heads: &'static [&'static str],
    pub width: &'static str,
    pub cell: Arc<dyn Fn(usize) -> AnyView + Send + Sync>,
}

impl Column {
    pub fn new(
        class: &'static str,
        heads: &'static [&'static str],
        width: &'static str,
        cell: impl Fn(usize) -> AnyView + Send + Sync + 'static,
    ) -> Self {
        Column { class, heads, width, cell: Arc::new(cell) }
    }
}

/// Arrow keys, Page Up and Down, Home and End move `at`; Enter or a click opens. Focus stays on the table, which
/// names the row it is at, so a row that scrolls away takes no focus with it.
#[component]
pub fn VirtualTable(
    #[prop(into)] label: String,
    columns: Vec<Column>,
    /// Rows loaded so far.
    #[prop(into)]
    rows: Signal<usize>,
    /// Rows there are in all; `None` while that is unknown.
    #[prop(into)]
    total: Signal<Option<u64>>,
    /// Stays the same for the same row, wherever it moves. Its change redraws the row.
    #[prop(into)]
    key: Callback<usize, String>,
    /// The row the keys are at.
    at: RwSignal<usize>,
    /// The row that is open, if one is.
    #[prop(optional, into)]
    open: Signal<Option<usize>>,
    #[prop(into)] on_open: Callback<usize>,
    /// Asked once for each length when the end of what is loaded comes near.
    #[prop(optional, into)]
    on_near_end: Option<Callback<()>>,
    /// How high the view's style makes every row, in pixels, where that is not `--row`.
    #[prop(optional, into)]
    row_px: Option<Signal<f64>>,
) -> impl IntoView {
    let tall = move || row_px.map_or(ROW_PX, |px| px.get());
    let tall_now = move || row_px.map_or(ROW_PX, |px| px.get_untracked());
    let scroller = NodeRef::<html::Div>::new();
    let seen = RwSignal::new((0.0_f64, 0.0_f64));
    let measure = move || {
        if let Some(node) = scroller.get_untracked() {
            let (top, height) = (f64::from(node.scroll_top()), f64::from(node.client_height()));
            seen.try_update(|seen| *seen = (top, height));
        }
    };
    effect(move || {
        if scroller.get().is_some() {
            request_animation_frame(measure);
        }
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());

    let window = memo(move || {
        let rows = rows.get();
        let ((top, height), tall) = (seen.get(), tall());
        // Before the first measurement a screenful is drawn, so that the first paint has rows.
        let height = if height > 0.0 { height } else { 30.0 * tall };
        let first = (top / tall) as usize;
        let last = ((top + height) / tall) as usize + 1;
        (first.saturating_sub(BEYOND).min(rows), (last + BEYOND).min(rows))
    });
    let asked = StoredValue::new(0_usize);
    effect(move || {
        let (rows, (_, end)) = (rows.get(), window.get());
        if rows > 0 && end + NEAR_END >= rows && asked.get_value() != rows {
            asked.set_value(rows);
            if let Some(more) = on_near_end {
                more.run(());
            }
        }
    });

    // The row at the keys is brought into sight, never centred: the eye keeps its place.
    let reveal = move |row: usize| {
        let Some(node) = scroller.get_untracked() else { return };
        let (top, height) = (f64::from(node.scroll_top()), f64::from(node.client_height()) - HEAD_PX);
        let tall = tall_now();
        let from = row as f64 * tall;
        let to = if from < top {
            from
        } else if from + tall > top + height {
            from + tall - height
        } else {
            return;
        };
        node.set_scroll_top(to as i32);
        measure();
    };
    let page = move || ((seen.get_untracked().1 - HEAD_PX) / tall_now()).max(1.0) as usize;
    let on_key = move |event: KeyboardEvent| {
        let Some(last) = rows.get_untracked().checked_sub(1) else { return };
        let here = at.get_untracked().min(last);
        let to = match event.key().as_str() {
            "ArrowDown" => here + 1,
            "ArrowUp" => here.saturating_sub(1),
            "PageDown" => here + page(),
            "PageUp" => here.saturating_sub(page()),
            "Home" => 0,
            "End" => last,
            "Enter" if !event.repeat() => {
                on_open.run(here);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        at.set(to.min(last));
    };
    // Moves from elsewhere (the page's j and k) reveal the row as well; the first run must not scroll.
    Effect::new(move |before: Option<usize>| {
        let now = at.get();
        if before.is_some_and(|before| before != now) {
            reveal(now);
        }
        now
    });

    let id = fresh_id("row");
    let active = {
        let id = id.clone();
        move || (at.get() < rows.get()).then(|| format!("{id}-{}", at.get()))
    };
    let count = columns.len();
    let heads = columns
        .iter()
        .map(|column| {
            let parts = column.heads.iter().map(|head| view! { <span>{*head}</span> }).collect_view();
            view! {
                <th scope="col" class=column.class>
                    {parts}
                </th>
            }
        })
        .collect_view();
    let widths =
        columns.iter().map(|column| view! { <col class=column.class style:width=column.width /> }).collect_view();
    let columns = Arc::new(columns);
    let draw = move |row: usize| {
        let cells =
            columns.iter().map(|column| view! { <td class=column.class>{(column.cell)(row)}</td> }).collect_view();
        view! {
            <tr
                class="r"
                class:at=move || at.get() == row
                id=format!("{id}-{row}")
                aria-rowindex=(row + 2).to_string()
                aria-selected=move || if open.get() == Some(row) { "true" } else { "false" }
                on:click=move |_| {
                    at.set(row);
                    on_open.run(row);
                }
            >
                {cells}
            </tr>
        }
    };
    let in_sight = move || {
        let (first, last) = window.get();
        (first..last).map(|row| (row, key.run(row))).collect::<Vec<_>>()
    };
    view! {
        <div class="vt" node_ref=scroller on:scroll=move |_| measure()>
            <table
                role="grid"
                tabindex="0"
                aria-label=label
                aria-colcount=count.to_string()
                aria-rowcount=move || total.get().map_or("-1".to_owned(), |total| (total + 1).to_string())
                aria-activedescendant=active
                on:keydown=on_key
            >
                <colgroup>{widths}</colgroup>
                <thead>
                    <tr aria-rowindex="1">{heads}</tr>
                </thead>
                <tbody>
                    <tr class="gap" aria-hidden="true">
                        <td style:height=move || format!("{}px", window.get().0 as f64 * tall())></td>
                    </tr>
                    <For each=in_sight key=|(row, key)| format!("{row} {key}") children=move |(row, _)| draw(row) />
                    <tr class="gap" aria-hidden="true">
                        <td
                            style:height=move || {
                                format!("{}px", rows.get().saturating_sub(window.get().1) as f64 * tall())
                            }
                        ></td>
                    </tr>
                </tbody>
            </table>
        </div>
    }
}
