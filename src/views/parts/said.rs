//! Text from outside, agents' above all: always as text, with whatever would not be seen as a visible
//! escape. Which characters those are is `oversight::text`.

use crate::ui::{Escaped, Segment, view};
use leptos::prelude::*;
use oversight::text::escape;

/// The domain's segments as the building block takes them.
pub fn ui_segments(text: &str) -> Vec<Segment> {
    converted(escape::segments(text))
}

fn converted(segments: Vec<escape::Segment>) -> Vec<Segment> {
    segments
        .into_iter()
        .map(|segment| match segment {
            escape::Segment::Plain(text) => Segment::Plain(text),
            escape::Segment::Escape { code, name } => Segment::Escape { shown: code, name: name.to_owned() },
        })
        .collect()
}

/// One line of it.
#[component]
pub fn Said(#[prop(into)] text: String) -> impl IntoView {
    view! { <Escaped segments=ui_segments(&text) /> }
}

/// Several lines of it; line breaks and tabs stay.
#[component]
pub fn SaidLines(#[prop(into)] text: String) -> impl IntoView {
    view! { <Escaped segments=converted(escape::segments_of_lines(&text)) lines=true /> }
}
