//! Round every chart: its summary for those who can't see it, and the same figures as a real table, in place of the
//! drawing. On a figure card the button that changes between the two is the card's; elsewhere it is here.

use leptos::prelude::*;

use crate::ui::button::{Button, ButtonLook};
use crate::ui::erased::{Show, live, view};
use crate::ui::escaped::Segment;

/// What a chart draws, as a table. The first cell of a row is its head.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TableData {
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Whether a chart stands as a table, where what is round it has the button for that.
#[derive(Clone, Copy)]
pub(super) struct AsTable {
    pub on: RwSignal<bool>,
    /// There is a chart that has a table.
    pub offered: RwSignal<bool>,
}

impl AsTable {
    pub fn new() -> AsTable {
        AsTable { on: RwSignal::new(false), offered: RwSignal::new(false) }
    }
}

/// The button, in the words of the chart's name.
#[component]
pub(super) fn TableButton(name: String, table: AsTable) -> impl IntoView {
    view! {
        <Button
            look=ButtonLook::Link
            class="totable"
            label=format!("{name} as a table")
            pressed=Signal::derive(move || table.on.get())
            on_press=move |()| table.on.update(|on| *on = !*on)
        >
            "Table"
        </Button>
    }
}

/// `children` draw the chart and what floats over it.
#[component]
pub fn ChartFrame(
    /// What the chart shows; the table's caption.
    #[prop(into)]
    name: String,
    #[prop(into)] table: Callback<(), TableData>,
    #[prop(optional)] class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let card = use_context::<AsTable>();
    let shown = card.unwrap_or_else(AsTable::new);
    shown.offered.set(true);
    let own = card.is_none().then(|| view! { <TableButton name=name.clone() table=shown /> });
    let tabled = move || {
        let name = name.clone();
        live(move || view! { <DataTable caption=name.clone() data=table.run(()) /> })
    };
    let children = StoredValue::new(children);
    view! {
        <div class=format!("chart {class}")>
            {own}
            <Show when=move || !shown.on.get() fallback=tabled>
                {children.with_value(|children| children())}
            </Show>
        </div>
    }
}

/// A name as text alone, where it can't be drawn: its escapes are what stands for them, in brackets.
pub(super) fn said(name: &[Segment]) -> String {
    let text = |segment: &Segment| match segment {
        Segment::Plain(text) => text.clone(),
        Segment::Escape { shown, .. } => format!("[{shown}]"),
    };
    name.iter().map(text).collect()
}

/// Figures in a table, numbers at the right.
#[component]
fn DataTable(caption: String, data: TableData) -> impl IntoView {
    let number = |at: usize| if at > 0 { "num" } else { "" };
    let heads = data
        .heads
        .into_iter()
        .enumerate()
        .map(|(at, head)| view! { <th scope="col" class=number(at)>{head}</th> })
        .collect_view();
    let rows = data
        .rows
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let head = cells.next().unwrap_or_default();
            let cells = cells.map(|cell| view! { <td class="num">{cell}</td> }).collect_view();
            view! {
                <tr>
                    <th scope="row">{head}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let label = format!("{caption}, as a table");
    view! {
        <div class="tabled" role="region" aria-label=label tabindex="0">
            <table class="tb">
                <caption class="vh">{caption}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
