//! What happened: notices that pass at the corner of the page, and the list that keeps them. Never the place of a
//! decision's result, which stands on the change itself.

use std::time::Duration;

use leptos::prelude::*;

use super::erased::{For, Show, view};
use super::icon::{Icon, IconName};
use super::tone::Tone;

/// How many notices the list keeps.
const KEPT: usize = 200;
/// How long a notice that needs nothing stays at the corner.
const SHOWN_FOR: Duration = Duration::from_secs(8);

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    pub id: u32,
    pub tone: Tone,
    pub icon: IconName,
    pub text: String,
    /// The time of day with its zone, in words: `14:11:32 UTC`.
    pub at: String,
}

/// The page's notices, newest first. Made once, at the root, and shared as context.
#[derive(Clone, Copy)]
pub struct Notices {
    kept: RwSignal<Vec<Notice>>,
    shown: RwSignal<Vec<u32>>,
    unread: RwSignal<usize>,
}

impl Notices {
    /// Shows and keeps a notice. One that `stays` has to be dismissed: for what failed, or needs something done.
    pub fn tell(self, tone: Tone, icon: IconName, text: impl Into<String>, at: impl Into<String>, stays: bool) {
        let id = self.kept.with_untracked(|kept| kept.first().map_or(0, |newest| newest.id.wrapping_add(1)));
        self.kept.update(|kept| {
            kept.insert(0, Notice { id, tone, icon, text: text.into(), at: at.into() });
            kept.truncate(KEPT);
        });
        self.unread.update(|unread| *unread += 1);
        self.shown.update(|shown| shown.push(id));
        if !stays {
            set_timeout(move || self.dismiss(id), SHOWN_FOR);
        }
    }

    /// Takes a notice from the corner; the list keeps it.
    pub fn dismiss(self, id: u32) {
        self.shown.try_update(|shown| shown.retain(|shown| *shown != id));
    }

    /// How many came since `mark_read`.
    pub fn unread(self) -> usize {
        self.unread.get()
    }

    pub fn mark_read(self) {
        self.unread.set(0);
    }
}

/// Call once at the root.
pub fn provide_notices() -> Notices {
    let notices = Notices { kept: RwSignal::default(), shown: RwSignal::default(), unread: RwSignal::default() };
    provide_context(notices);
    notices
}

/// The corner. Each notice is read politely once and can be dismissed.
#[component]
pub fn Toasts(notices: Notices) -> impl IntoView {
    let shown = move || {
        let shown = notices.shown.get();
        notices.kept.with(|kept| kept.iter().filter(|notice| shown.contains(&notice.id)).cloned().collect::<Vec<_>>())
    };
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-relevant="additions">
            <For each=shown key=|notice| notice.id let:notice>
                <div class=format!("toast {}", notice.tone.class())>
                    <Icon name=notice.icon />
                    <p>{notice.text} <span class="at">{notice.at}</span></p>
                    <button type="button" class="btn s link" on:click=move |_| notices.dismiss(notice.id)>
                        "Dismiss"
                    </button>
                </div>
            </For>
        </div>
    }
}

/// All that was kept, newest first.
#[component]
pub fn NoticeLog(notices: Notices) -> impl IntoView {
    view! {
        <ol class="log" role="log" aria-label="What happened" aria-live="off">
            <For each=move || notices.kept.get() key=|notice| notice.id let:notice>
                <li class=notice.tone.class()>
                    <Icon name=notice.icon />
                    <span>{notice.text}</span>
                    <span class="at">{notice.at}</span>
                </li>
            </For>
        </ol>
        <Show when=move || notices.kept.with(Vec::is_empty)>
            <p class="sm t2">"Nothing has happened since this page was opened."</p>
        </Show>
    }
}
