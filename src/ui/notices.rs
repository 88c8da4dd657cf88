//! What happened: notices that pass at the corner of the page, and the list that keeps them. Never the place of a
//! decision's result, which stands on the change itself.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::erased::{For, Show, effect, view};
use super::icon::{Icon, IconName};
use super::tone::Tone;

/// How many notices the list keeps.
const KEPT: usize = 200;
/// How many stand at the corner at once.
const AT_ONCE: usize = 2;
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

/// The corner, at the lower left. Each notice is read politely once and can be dismissed; the newest few are shown.
/// How high they stand is told to the page as `--told`, so that whatever scrolls there ends above them and no control
/// is ever covered.
#[component]
pub fn Toasts(notices: Notices) -> impl IntoView {
    let shown = move || {
        let shown = notices.shown.get();
        let kept = notices.kept.get();
        kept.into_iter().filter(|notice| shown.contains(&notice.id)).take(AT_ONCE).collect::<Vec<_>>()
    };
    let corner = NodeRef::<html::Div>::new();
    effect(move || {
        notices.shown.track();
        request_animation_frame(move || {
            if let Some(corner) = corner.get_untracked() {
                make_room(corner.offset_height());
            }
        });
    });
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-relevant="additions" node_ref=corner>
            <For each=shown key=|notice| notice.id let:notice>
                <div class=format!("toast {}", notice.tone.class())>
                    <Icon name=notice.icon />
                    <p>{notice.text}</p>
                    <span class="at">{notice.at}</span>
                    <button type="button" class="btn s link" on:click=move |_| notices.dismiss(notice.id)>
                        "Dismiss"
                    </button>
                </div>
            </For>
        </div>
    }
}

/// Tells the page how many pixels of its lower edge the notices take.
fn make_room(px: i32) {
    let root = document().document_element().and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(root) = root {
        let _ = root.style().set_property("--told", &format!("{px}px"));
    }
}

/// All that was kept, newest first.
#[component]
pub fn NoticeLog(notices: Notices) -> impl IntoView {
    view! {
        <ol class="log" aria-label="What happened">
            <For each=move || notices.kept.get() key=|notice| notice.id let:notice>
                <li class=notice.tone.class()>
                    <Icon name=notice.icon />
                    <p>{notice.text} <span class="at">{notice.at}</span></p>
                </li>
            </For>
        </ol>
        <Show when=move || notices.kept.with(Vec::is_empty)>
            <p class="sm t2">"Nothing has happened since this page was opened."</p>
        </Show>
    }
}
