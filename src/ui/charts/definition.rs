//! What a figure means, opened in place beside it; on paper it stands under the figure.

use leptos::prelude::*;

use super::float::Float;
use crate::ui::erased::view;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Definition {
    /// What the figure counts.
    pub counts: String,
    /// What it is a share of; none where it is no share.
    pub denominator: Option<String>,
    /// What is in neither, and why.
    pub unknowns: String,
    /// Where the term comes from, or that it is this product's own.
    pub source: String,
}

#[component]
pub(super) fn DefinitionOf(title: String, definition: Definition) -> impl IntoView {
    let Definition { counts, denominator, unknowns, source } = definition;
    let lines =
        [("Counts", Some(counts)), ("Out of", denominator), ("Unknown", Some(unknowns)), ("Term", Some(source))];
    let lines = lines
        .into_iter()
        .filter_map(|(word, text)| Some(view! { <div><dt>{word}</dt><dd>{text?}</dd></div> }))
        .collect_view();
    view! {
        <Float word="Definition" label=format!("Definition of {title}") class="link">
            <h3>{title.clone()}</h3>
            <dl class="kv lines">{lines}</dl>
        </Float>
    }
}
