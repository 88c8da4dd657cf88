//! What is not there, by its kind: mark and word, never a blank and never zero.

use leptos::prelude::*;
use oversight::missing::Missing;

/// `None` is absent: the thing has no such value.
#[component]
pub fn Gone(missing: Option<Missing>) -> impl IntoView {
    let (class, word) = match missing {
        None => ("gone absent", "absent"),
        Some(Missing::NotRecorded) => ("gone unrecorded", Missing::NotRecorded.words()),
        Some(Missing::Redacted) => ("gone redacted", Missing::Redacted.words()),
        Some(Missing::Unobserved) => ("gone unobserved", Missing::Unobserved.words()),
        Some(Missing::Unknown) => ("gone unknown", Missing::Unknown.words()),
    };
    view! { <span class=class>{word}</span> }
}
