//! A difference as rows of path, before and after; stacked where it is narrow. Which values differ, and where in
//! them, is worked out by the domain.

use leptos::prelude::*;

use super::erased::view;
use super::escaped::{Segment, draw};

/// A run of one side: its text, and whether it is what changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    pub changed: bool,
    pub text: Vec<Segment>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DiffSide {
    /// Nothing stood there; the sentence says so: `absent in v2`.
    Absent(String),
    Text(Vec<Piece>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DiffRow {
    pub path: Vec<Segment>,
    pub before: DiffSide,
    pub after: DiffSide,
}

/// The rows. `before` and `after` name the two sides for those who can't see the columns: `version 2`, `version 3`.
#[component]
pub fn Diff(rows: Vec<DiffRow>, #[prop(into)] before: String, #[prop(into)] after: String) -> impl IntoView {
    let label = format!("Differences between {before} and {after}");
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <div role="row">
                    <span class="p" role="rowheader">
                        {draw(row.path)}
                    </span>
                    {side(row.before, "d")}
                    {side(row.after, "a")}
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="diff" role="table" aria-label=label>
            <div role="row" class="vh">
                <span role="columnheader">"Field"</span>
                <span role="columnheader">{before}</span>
                <span role="columnheader">{after}</span>
            </div>
            {rows}
        </div>
    }
}

fn side(side: DiffSide, class: &'static str) -> AnyView {
    match side {
        DiffSide::Absent(said) => view! {
            <span class="nil" role="cell">
                {said}
            </span>
        }
        .into_any(),
        DiffSide::Text(pieces) => {
            let pieces = pieces
                .into_iter()
                .map(|piece| {
                    let text = draw(piece.text);
                    if piece.changed { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
                })
                .collect_view();
            view! {
                <span class=class role="cell">
                    <bdi>{pieces}</bdi>
                </span>
            }
            .into_any()
        }
    }
}
