//! What is said to those who can't see a change happen: two live regions for the whole page, one polite and one that
//! interrupts. What stays readable afterwards is in `notices`.

use leptos::prelude::*;

use super::erased::view;

/// Hands sentences to the page's live regions. Made once, at the root, and shared as context.
#[derive(Clone, Copy)]
pub struct Announcer {
    polite: RwSignal<(u32, String)>,
    urgent: RwSignal<(u32, String)>,
}

impl Announcer {
    /// Said when the reader pauses.
    pub fn say(self, text: impl Into<String>) {
        push(self.polite, text.into());
    }

    /// Said at once: for what disarms a control or changes what is being read.
    pub fn interrupt(self, text: impl Into<String>) {
        push(self.urgent, text.into());
    }
}

fn push(region: RwSignal<(u32, String)>, text: String) {
    region.try_update(|(turn, last)| {
        *turn = turn.wrapping_add(1);
        *last = text;
    });
}

/// Call once at the root, where the signals live as long as the page.
pub fn provide_announcer() -> Announcer {
    let announcer = Announcer { polite: RwSignal::default(), urgent: RwSignal::default() };
    provide_context(announcer);
    announcer
}

/// The regions themselves; draw them once, at the root. The same sentence twice is read twice: each turn ends in a
/// different number of no-break spaces.
#[component]
pub fn LiveRegions(announcer: Announcer) -> impl IntoView {
    let text = |region: RwSignal<(u32, String)>| {
        move || region.with(|(turn, text)| if turn % 2 == 0 { text.clone() } else { format!("{text}\u{a0}") })
    };
    view! {
        <div class="vh" role="status" aria-live="polite">
            {text(announcer.polite)}
        </div>
        <div class="vh" role="alert" aria-live="assertive">
            {text(announcer.urgent)}
        </div>
    }
}
