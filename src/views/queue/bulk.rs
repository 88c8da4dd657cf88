//! One decision on several changes: each with its digest, one reason, and a result of its own. Which may be
//! decided together is `picking`; each is signed as it stood when the dialog opened.

use super::arming::{ARM_DELAY_MS, Rest};
use super::desk::Desk;
use super::fate::summary;
use super::focus::focus_id_soon;
use super::picking::{Sorted, sorted};
use crate::state::tasks;
use crate::ui::{Button, ButtonLook, Dialog, For, Icon, IconName, Show, TextArea, effect, memo, view};
use crate::views::parts::{Said, TierMark};
use leptos::prelude::*;
use oversight::contract::{ChangeView, MAX_REASON};
use oversight::id::ChangeId;
use oversight::review::ReviewEvidence;
use oversight::time::Instant;
use oversight::vocabulary::Decision;
use std::sync::Arc;
use std::time::Duration;

const RESULTS: &str = "bulk-results";

#[derive(Clone, Copy)]
struct Bulk {
    desk: Desk,
    /// The selected changes as they stood when the dialog opened: what is signed.
    held: RwSignal<Vec<Arc<ChangeView>>>,
    opened_at: StoredValue<Option<Instant>>,
    heaps: Memo<Sorted>,
    reason: RwSignal<String>,
    rest: RwSignal<Rest>,
    /// What was signed here; empty until then.
    signed: RwSignal<Vec<ChangeId>>,
}

impl Bulk {
    fn new(desk: Desk) -> Bulk {
        let held = RwSignal::new(Vec::<Arc<ChangeView>>::new());
        let heaps = memo(move || {
            let Some(decision) = desk.bulk.get() else { return Sorted::default() };
            let mut heaps = Sorted::default();
            for view in held.get() {
                let now = desk.app.changes.get(view.id).and_then(|row| row.get().whole().ok());
                match now {
                    Some(now) if now.digest == view.digest && now.version == view.version => {
                        let one = sorted([now.as_ref()], decision);
                        heaps.together.extend(one.together);
                        heaps.apart.extend(one.apart);
                    }
                    _ => {
                        heaps.apart.push((view.id, "It was amended while this was open; look at it again.".to_owned()))
                    }
                }
            }
            heaps
        });
        let bulk = Bulk {
            desk,
            held,
            opened_at: StoredValue::new(None),
            heaps,
            reason: RwSignal::default(),
            rest: RwSignal::default(),
            signed: RwSignal::default(),
        };
        effect(move || {
            if desk.bulk.get().is_some() {
                held.set(untrack(|| desk.picked_views()));
                bulk.opened_at.set_value(Some(desk.app.now_exact()));
                bulk.signed.set(Vec::new());
                bulk.reason.set(String::new());
            }
        });
        effect(move || {
            heaps.track();
            desk.bulk.track();
            let Some(turn) = bulk.rest.try_update(Rest::touch) else { return };
            let end = move || {
                bulk.rest.try_update(|rest| rest.end(turn));
            };
            set_timeout(end, Duration::from_millis(ARM_DELAY_MS));
        });
        bulk
    }

    fn view_of(self, id: ChangeId) -> Option<Arc<ChangeView>> {
        self.held.with_untracked(|held| held.iter().find(|view| view.id == id).cloned())
    }

    fn blocked(self) -> Option<String> {
        if let Some(reason) = self.desk.app.read_only() {
            return Some(reason);
        }
        if self.heaps.with(|heaps| heaps.together.is_empty()) {
            return Some("None of the selected changes can be decided here.".to_owned());
        }
        if !self.rest.with(|rest| rest.rested()) {
            return Some("What you decide on has just changed; ready in a second.".to_owned());
        }
        let bytes = self.reason.with(|reason| reason.trim().len());
        if bytes > MAX_REASON {
            return Some(format!("The reason has {bytes} bytes; at most {MAX_REASON} are kept. Shorten it."));
        }
        (self.desk.bulk.get() == Some(Decision::Reject) && bytes == 0)
            .then(|| "A rejection needs a reason; the agents are told it.".to_owned())
    }

    fn commit(self) {
        if let Some(why) = untrack(|| self.blocked()) {
            return self.desk.app.announce(why);
        }
        let Some(decision) = self.desk.bulk.get_untracked() else { return };
        if !self.signed.with_untracked(Vec::is_empty) {
            return;
        }
        let ids = self.heaps.with_untracked(|heaps| heaps.together.clone());
        let reason = self.reason.with_untracked(|reason| reason.trim().to_owned());
        // Honest evidence: the list was seen, for so long, and no section of any of them.
        let now = self.desk.app.now_exact();
        let opened_at = self.opened_at.get_value();
        let visible_ms = opened_at.map(|opened| now.millis_since(opened).max(0) as u64);
        for view in ids.iter().filter_map(|id| self.view_of(*id)) {
            let evidence = ReviewEvidence { opened_at, visible_ms, ..ReviewEvidence::default() };
            tasks::decide(self.desk.app, &view, decision, (!reason.is_empty()).then(|| reason.clone()), evidence);
        }
        self.desk.picked.update(|picked| picked.retain(|id| !ids.contains(id)));
        self.signed.set(ids);
        focus_id_soon(RESULTS);
    }
}

#[component]
pub fn BulkDialog() -> impl IntoView {
    let desk = Desk::get();
    let bulk = Bulk::new(desk);
    let title = Signal::derive(move || match desk.bulk.get() {
        Some(Decision::Reject) => "Reject several changes".to_owned(),
        _ => "Approve several changes".to_owned(),
    });
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if desk.bulk.get_untracked().is_none() || event.key() != "Enter" {
            return;
        }
        let commits = event.ctrl_key() || event.meta_key();
        // A held key never decides; the browser would press the focused button again and again.
        if commits || (event.repeat() && !crate::ui::in_text_entry(&event)) {
            event.prevent_default();
        }
        if commits && !event.repeat() {
            bulk.commit();
        }
    });
    on_cleanup(move || keys.remove());
    let done = memo(move || bulk.signed.with(|signed| !signed.is_empty()));
    let footer = move || {
        view! {
            <Show when=move || !done.get()>
                <Commit bulk />
            </Show>
        }
    };
    view! {
        <Dialog
            open=Signal::derive(move || desk.bulk.get().is_some())
            on_close=move |()| desk.bulk.set(None)
            title
            wide=true
            footer=footer
        >
            <Show when=move || done.get() fallback=move || view! { <Form bulk /> }>
                <Results bulk />
            </Show>
        </Dialog>
    }
}

#[component]
fn Commit(bulk: Bulk) -> impl IntoView {
    let word = move || {
        let n = bulk.heaps.with(|heaps| heaps.together.len());
        match (bulk.desk.bulk.get(), n) {
            (Some(Decision::Reject), 1) => "Sign 1 rejection".to_owned(),
            (Some(Decision::Reject), n) => format!("Sign {n} rejections"),
            (_, 1) => "Sign 1 approval".to_owned(),
            (_, n) => format!("Sign {n} approvals"),
        }
    };
    view! {
        <Button
            look=ButtonLook::Commit
            keys=&["Ctrl", "↵"]
            shortcut="Control+Enter"
            blocked=Signal::derive(move || bulk.blocked())
            on_press=move |()| bulk.commit()
        >
            {word}
        </Button>
    }
}

#[component]
fn Form(bulk: Bulk) -> impl IntoView {
    let together = Signal::derive(move || bulk.heaps.with(|heaps| heaps.together.clone()));
    let apart = Signal::derive(move || bulk.heaps.with(|heaps| heaps.apart.clone()));
    let required = Signal::derive(move || Some(bulk.desk.bulk.get() == Some(Decision::Reject)));
    view! {
        <h3>{move || format!("Signed here, each with its digest: {}", together.with(Vec::len))}</h3>
        <ul class="several">
            <For each=move || together.get() key=|id| *id let:id>
                <One bulk id />
            </For>
        </ul>
        <Show when=move || apart.with(|apart| !apart.is_empty())>
            <h3>{move || format!("Not here: {}", apart.with(Vec::len))}</h3>
            <ul class="several">
                <For each=move || apart.get() key=|(id, why)| format!("{id} {why}") let:item>
                    <One bulk id=item.0 why=item.1 />
                </For>
            </ul>
        </Show>
        <TextArea label="Reason, the same for each" value=bulk.reason required />
    }
}

/// A change of the selection: what it is, its digest, and why it can't be decided here, if it can't.
#[component]
fn One(bulk: Bulk, id: ChangeId, #[prop(optional)] why: Option<String>) -> impl IntoView {
    bulk.view_of(id).map(|view| {
        view! {
            <li>
                <TierMark tier=view.reviewed.classification.tier />
                <span class="of">
                    <a href=move || bulk.desk.href(Some(id)) on:click=move |_| bulk.desk.bulk.set(None)>
                        {id.to_string()}
                    </a>
                    <span class="t3">{format!(" version {} ", view.version)}</span>
                    <Said text=view.reviewed.headline() />
                    <span class="t3">" · " <Said text=view.reviewed.agent.uid.to_string() /></span>
                </span>
                <code>{view.digest.short()}</code>
                {why.map(|why| view! { <span class="why"><Said text=why /></span> })}
            </li>
        }
    })
}

/// One line an id, as each receipt or refusal comes.
#[component]
fn Results(bulk: Bulk) -> impl IntoView {
    let app = bulk.desk.app;
    let rows = bulk
        .signed
        .get_untracked()
        .into_iter()
        .filter_map(|id| bulk.view_of(id))
        .map(|view| {
            let (id, version, title) = (view.id, view.version, view.reviewed.headline());
            let (tier, digest) = (view.reviewed.classification.tier, view.digest.short());
            let fate = memo(move || app.decisions.of(id, version));
            let line = move || {
                let (tone, icon, text) = fate.with(|fate| match fate {
                    Some(fate) => summary(fate),
                    None => (crate::ui::Tone::Neutral, IconName::Revoked, "Withdrawn before it was sent".to_owned()),
                });
                let detail = fate.with(|fate| match fate {
                    Some(crate::state::Fate::Refused(problem)) => problem.detail.clone(),
                    Some(crate::state::Fate::Receipted(receipt)) => Some(super::wording::after_receipt(receipt.state)),
                    _ => None,
                });
                view! {
                    <span class=format!("row ink {}", tone.class())>
                        <Icon name=icon />
                        {text}
                    </span>
                    {detail.map(|text| view! { <span class="t2">{text}</span> })}
                }
            };
            view! {
                <li>
                    <TierMark tier />
                    <span class="of">
                        <span class="t3">{id.to_string()} " "</span>
                        <Said text=title />
                    </span>
                    <code>{digest}</code>
                    <span class="became">{line}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <h3 id=RESULTS tabindex="-1">
            "What became of each"
        </h3>
        <ul class="several" role="status">
            {rows}
        </ul>
    }
}
