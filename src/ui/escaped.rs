//! Text of an agent, or any text nobody has vouched for: drawn as text only, its invisible characters as boxed
//! escapes. Finding what is to be escaped is the domain's (`oversight`, text safety); this room only draws segments.

use leptos::prelude::*;

use super::erased::view;

/// A run of text, as the text-safety analysis has split it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Segment {
    Plain(String),
    /// A character that would not be seen: what stands for it (`U+200B`) and its name (`ZERO WIDTH SPACE`).
    Escape {
        shown: String,
        name: String,
    },
}

impl Segment {
    pub fn plain(text: impl Into<String>) -> Vec<Segment> {
        vec![Segment::Plain(text.into())]
    }
}

impl<N: Into<String>> From<(bool, String, N)> for Segment {
    fn from((is_escape, text, name): (bool, String, N)) -> Self {
        if is_escape { Segment::Escape { shown: text, name: name.into() } } else { Segment::Plain(text) }
    }
}

/// The segments in a direction-isolated run, so that right-to-left text can't reorder what stands beside it.
#[component]
pub fn Escaped(
    segments: Vec<Segment>,
    /// Keeps line breaks and runs of spaces.
    #[prop(optional)]
    lines: bool,
) -> impl IntoView {
    view! { <bdi class=if lines { "txt lines" } else { "txt" }>{draw(segments)}</bdi> }
}

pub(super) fn draw(segments: Vec<Segment>) -> Vec<AnyView> {
    segments
        .into_iter()
        .map(|segment| match segment {
            Segment::Plain(text) => text.into_any(),
            Segment::Escape { shown, name } => view! {
                <span class="esc" title=name>
                    {shown}
                </span>
            }
            .into_any(),
        })
        .collect()
}
