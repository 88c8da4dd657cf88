//! A chip: a label, a value, and who vouches for it. The glyph is never the only place that says who: its name is
//! read aloud, and `Legend`-like lines in the views spell it out.

use leptos::prelude::*;

use super::erased::view;
use super::escaped::{Escaped, Segment};
use super::icon::{Icon, IconName};

/// Who vouches for a chip's value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Assertion {
    /// Classified by the endpoint: shield.
    Endpoint,
    /// The agent's own claim, which counts for nothing: robot, dashed edge.
    Agent,
    /// Nobody knows, and so it counts as the dangerous case: violet, dashed, question mark.
    Unknown,
    /// A plain fact of the record itself.
    Fact,
}

/// `label` **value** and the glyph of who asserted it. The value comes in segments because names and targets are
/// hostile text too.
#[component]
pub fn Chip(#[prop(into)] label: String, value: Vec<Segment>, assertion: Assertion) -> impl IntoView {
    let (class, icon, said) = match assertion {
        Assertion::Endpoint => ("chip", Some(IconName::Shield), "classified by the endpoint"),
        Assertion::Agent => ("chip claimed", Some(IconName::Bot), "the agent’s own claim"),
        Assertion::Unknown => ("chip unknown", Some(IconName::Question), "counts as the dangerous case"),
        Assertion::Fact => ("chip", None, ""),
    };
    let glyph = icon.map(|name| view! { <Icon name label=said /> });
    let (before, after) = if assertion == Assertion::Agent { (glyph, None) } else { (None, glyph) };
    view! {
        <span class=class>
            {before} {label} " " <b>
                <Escaped segments=value />
            </b> {after}
        </span>
    }
}
