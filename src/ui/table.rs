//! A table of any length that draws only the rows in sight: a real `<table>` of the role `grid`, each row exactly
//! `ROW_PX` high, or as high as the view's style makes them all; two blank rows stand for all that is above and below.
//! What a row shows, and where rows come from, is the view's; how high is too high for a browser, `heights`'.

use std::sync::Arc;
use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::button::fresh_id;
use super::erased::{For, effect, memo, view};
use super::heights::{Heights, Place};
use super::icon::{Icon, IconName};

/// `--row` of `style/tokens.css`.
const ROW_PX: f64 = 28.0;
/// The header's height, by `style/ui.css`.
const HEAD_PX: f64 = 32.0;
/// Rows drawn beyond each edge, so that a fast wheel does not meet blanks.
const BEYOND: usize = 12;
/// How long nobody may have scrolled to count as at rest.
const REST: Duration = Duration::from_millis(160);

/// A head of a column: its word, and what rows are sorted by when it is pressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    pub text: &'static str,
    pub sorts: Option<&'static str>,
}

/// A column: its class (`c-time`, `num`), its heads, one for each part that its cells have, and its width as CSS.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub class: &'static str,
    pub heads: &'static [Head],
    pub width: &'static str,
}

/// Draws the cells of row `n`, one a column.
pub type Cells = Arc<dyn Fn(usize) -> Vec<AnyView> + Send + Sync>;

/// Arrow keys, Page Up and Down, Home and End move `at`; Enter or a click opens. Focus stays on the table, which
/// names the row it is at, so a row that scrolls away takes no focus with it.
#[component]
pub fn VirtualTable(
    #[prop(into)] label: Signal<String>,
    columns: Vec<Column>,
    cells: Cells,
    /// Rows that can be scrolled to.
    #[prop(into)]
    rows: Signal<usize>,
    /// Rows there are in all; `None` while that is unknown.
    #[prop(into)]
    total: Signal<Option<u64>>,
    /// Stays the same for the same row, wherever it moves. Its change redraws the row.
    #[prop(into)]
    key: Callback<usize, String>,
    /// What rows are sorted by, and whether the last stands first.
    #[prop(optional, into)]
    sorted: Signal<Option<(&'static str, bool)>>,
    #[prop(optional, into)] on_sort: Option<Callback<&'static str>>,
    /// The row the keys are at.
    at: RwSignal<usize>,
    /// The row that is open, if one is.
    #[prop(optional, into)]
    open: Signal<Option<usize>>,
    #[prop(into)] on_open: Callback<usize>,
    /// Told which rows are drawn: the first, and the one after the last.
    #[prop(optional, into)]
    on_sight: Option<Callback<(usize, usize)>>,
    /// Scrolls to the first row whenever it changes.
    #[prop(optional, into)]
    to_top: Signal<u64>,
    /// How high the view's style makes every row, in pixels, where that is not `--row`.
    #[prop(optional, into)]
    row_px: Option<Signal<f64>>,
) -> impl IntoView {
    let tall = move || row_px.map_or(ROW_PX, |px| px.get());
    let scroller = NodeRef::<html::Div>::new();
    // Where the rows' part of the view is, and how high it is.
    let seen = RwSignal::new((Place::default(), 0.0_f64));
    let heights = move || Heights::of(rows.get(), tall(), seen.with(|(_, view)| *view));
    let put = move |node: &web_sys::HtmlDivElement, heights: Heights, place: Place, view: f64| {
        node.set_scroll_top(place.scrolled as i32);
        seen.set((heights.settled(place, f64::from(node.scroll_top())), view));
    };
    let resting = StoredValue::new(None::<TimeoutHandle>);
    let stop_resting = move || {
        if let Some(Some(handle)) = resting.try_update_value(Option::take) {
            handle.clear();
        }
    };
    on_cleanup(stop_resting);
    let rest = move || {
        let Some(node) = scroller.try_get_untracked().flatten() else { return };
        let (heights, (place, view)) = (untrack(heights), seen.get_untracked());
        if let Some(mended) = heights.mended(place, true) {
            put(&node, heights, mended, view);
        }
    };
    let measure = move || {
        let Some(node) = scroller.try_get_untracked().flatten() else { return };
        let view = (f64::from(node.client_height()) - HEAD_PX).max(0.0);
        let heights = Heights::of(rows.get_untracked(), untrack(tall), view);
        let place = heights.moved(seen.get_untracked().0, f64::from(node.scroll_top()));
        match heights.mended(place, false) {
            Some(mended) => put(&node, heights, mended, view),
            None => seen.set((place, view)),
        }
        if place.shift != 0.0 {
            stop_resting();
            resting.set_value(set_timeout_with_handle(rest, REST).ok());
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
        let ((place, height), tall) = (seen.get(), tall());
        // Before the first measurement a screenful is drawn, so that the first paint has rows.
        let height = if height > 0.0 { height } else { 30.0 * tall };
        let first = (place.top() / tall) as usize;
        let last = ((place.top() + height) / tall) as usize + 1;
        (first.saturating_sub(BEYOND).min(rows), (last + BEYOND).min(rows))
    });
    effect(move || {
        let sight = window.get();
        if let Some(on_sight) = on_sight {
            on_sight.run(sight);
        }
    });
    Effect::new(move |before: Option<u64>| {
        let now = to_top.get();
        if before.is_some_and(|before| before != now)
            && let Some(node) = scroller.get_untracked()
        {
            put(&node, untrack(heights), Place::default(), seen.get_untracked().1);
        }
        now
    });

    // The row at the keys is brought into sight, never centred: the eye keeps its place.
    let reveal = move |row: usize| {
        let Some(node) = scroller.get_untracked() else { return };
        let (heights, tall, (place, view)) = (untrack(heights), untrack(tall), seen.get_untracked());
        let (from, top) = (row as f64 * tall, place.top());
        let to = if from < top {
            from
        } else if from + tall > top + view {
            from + tall - view
        } else {
            return;
        };
        put(&node, heights, heights.place_for(to), view);
    };
    let page = move || (seen.get_untracked().1 / untrack(tall)).max(1.0) as usize;
    let on_key = move |event: KeyboardEvent| {
        // A head that is pressed is not the table's.
        if event.target() != event.current_target() {
            return;
        }
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
    let heads = columns.iter().map(|column| heads(column, sorted, on_sort)).collect_view();
    let widths =
        columns.iter().map(|column| view! { <col class=column.class style:width=column.width /> }).collect_view();
    let classes: Arc<[&'static str]> = columns.iter().map(|column| column.class).collect();
    let draw = move |row: usize| {
        let cells = cells(row).into_iter().zip(&*classes).map(|(cell, class)| view! { <td class=*class>{cell}</td> });
        view! {
            <tr
                class="r"
                class:at=move || at.get() == row
                role="row"
                id=format!("{id}-{row}")
                aria-rowindex=(row + 2).to_string()
                aria-selected=move || if open.get() == Some(row) { "true" } else { "false" }
                on:click=move |_| {
                    at.set(row);
                    on_open.run(row);
                }
            >
                {cells.collect_view()}
            </tr>
        }
    };
    let in_sight = move || {
        let (first, last) = window.get();
        (first..last).map(|row| (row, key.run(row))).collect::<Vec<_>>()
    };
    let above = move || (window.get().0 as f64 * tall() - seen.with(|(place, _)| place.shift)).max(0.0);
    let below = move || {
        let (first, last) = window.get();
        (heights().element() - above() - (last - first) as f64 * tall()).max(0.0)
    };
    view! {
        <div class="vt" data-scroll="" node_ref=scroller on:scroll=move |_| measure()>
            <table
                role="grid"
                tabindex="0"
                aria-label=move || label.get()
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
                        <td style:height=move || format!("{}px", above())></td>
                    </tr>
                    <For each=in_sight key=|(row, key)| format!("{row} {key}") children=move |(row, _)| draw(row) />
                    <tr class="gap" aria-hidden="true">
                        <td style:height=move || format!("{}px", below())></td>
                    </tr>
                </tbody>
            </table>
        </div>
    }
}

/// The heads of a column; one that sorts is a button.
fn heads(
    column: &Column,
    sorted: Signal<Option<(&'static str, bool)>>,
    on_sort: Option<Callback<&'static str>>,
) -> AnyView {
    let heads = column.heads;
    let way = move |head: &Head| {
        let (by, descending) = sorted.get()?;
        (head.sorts == Some(by)).then_some(descending)
    };
    let aria_sort = move || {
        let way = heads.iter().find_map(way);
        way.map(|descending| if descending { "descending" } else { "ascending" })
    };
    let parts = heads.iter().map(|head| match (head.sorts, on_sort) {
        (Some(by), Some(on_sort)) => {
            let glyph = move || {
                way(head).map(|descending| {
                    let label = if descending { "sorted, last first" } else { "sorted, first first" };
                    view! { <Icon name=IconName::Down small=true label /> }
                })
            };
            view! {
                <button
                    type="button"
                    class="sorts"
                    class:up=move || way(head) == Some(false)
                    title="Sort"
                    on:click=move |_| on_sort.run(by)
                >
                    <span>{head.text}</span>
                    {glyph}
                </button>
            }
        }
        _ => view! { <span>{head.text}</span> },
    });
    view! {
        <th scope="col" class=column.class aria-sort=aria_sort>
            {parts.collect_view()}
        </th>
    }
}
