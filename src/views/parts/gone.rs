//! What is not there, by its kind: mark and word, never a blank and never zero.

use crate::ui::view;
use leptos::prelude::*;
use oversight::missing::Missing;

/// `None` is absent: the thing has no such value.
#[component]
pub fn Gone(
    missing: Option<Missing>,
    /// In a table's cell: absent is its mark alone, the word is read to those who can't see it.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let (class, word) = match missing {
        None => ("gone absent", "absent"),
        Some(Missing::NotRecorded) => ("gone unrecorded", Missing::NotRecorded.words()),
        Some(Missing::Redacted) => ("gone redacted", Missing::Redacted.words()),
        Some(Missing::Unobserved) => ("gone unobserved", Missing::Unobserved.words()),
        Some(Missing::Unknown) => ("gone unknown", Missing::Unknown.words()),
    };
    let hidden = (quiet && missing.is_none()).then_some("vh");
    view! { <span class=class><span class=hidden>{word}</span></span> }
}
