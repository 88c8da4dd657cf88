//! The open change as its parts share it: the version under the reader's eyes, which is never swapped, its
//! standing as the endpoint says it now, and what the reader has put together so far. What may be committed
//! is worked out in `arming`; the parts are drawn in their own rooms.

use super::acknowledged::Acknowledged;
use super::arming::{ARM_DELAY_MS, Block, Draft, Facts, Rest, Stamp, commit_block, panel_block, seal};
use super::desk::Desk;
use super::evidence::Watch;
use super::focus::{focus_id, focus_id_soon};
use super::looking::Section;
use super::news::news;
use crate::state::{App, Fate, Known, tasks};
use crate::ui::{effect, memo};
use leptos::prelude::*;
use oversight::contract::ChangeView;
use oversight::id::ChangeId;
use oversight::state::State;
use oversight::vocabulary::Decision;
use std::sync::Arc;
use std::time::Duration;

pub const TITLE: &str = "change-title";
pub const PANEL: &str = "decision-heading";
pub const FATE: &str = "fate-heading";
pub const DIFF: &str = "changed-heading";
pub const COMMENTS: &str = "comments-heading";

#[derive(Clone, Copy)]
pub struct Opened {
    pub app: App,
    desk: Desk,
    pub id: ChangeId,
    /// What is on the screen, as it was opened: the only thing that is signed.
    pub shown: StoredValue<Arc<ChangeView>>,
    /// The same version's standing now; it stops when another version comes.
    pub standing: Memo<Arc<ChangeView>>,
    /// The newest version's number, where it is newer than the one shown.
    pub newer: Memo<Option<u32>>,
    pub seal: Memo<Result<(), String>>,
    pub fate: Memo<Option<Fate>>,
    /// Which side is chosen; none at first.
    pub decision: RwSignal<Option<Decision>>,
    pub reason: RwSignal<String>,
    pub acknowledged: RwSignal<Acknowledged>,
    /// Why neither side can be chosen.
    pub panel_block: Memo<Option<Block>>,
    /// Why the chosen side can't be committed.
    pub commit_block: Memo<Option<Block>>,
    /// Whether the decision is open as a sheet, where there is no room for it beside the change.
    pub sheet: RwSignal<bool>,
    /// Whether the canonical bytes are shown.
    pub bytes: RwSignal<bool>,
    pub reason_field: NodeRef<leptos::html::Textarea>,
    pub comment_field: NodeRef<leptos::html::Textarea>,
    pub watch: Watch,
}

impl Opened {
    /// Opens `view` for the reader; belongs to the component that calls it.
    pub fn new(desk: Desk, view: Arc<ChangeView>, row: ArcRwSignal<Arc<Known>>) -> Opened {
        let app = desk.app;
        let (id, version) = (view.id, view.version);
        let first = view.clone();
        // A state that can't be read is not shown; the one before stands, and the endpoint refuses what is out of date.
        let latest = Memo::new(move |before: Option<&Arc<ChangeView>>| {
            row.get().whole().unwrap_or_else(|_| before.unwrap_or(&first).clone())
        });
        let first = view.clone();
        let standing = Memo::new(move |before: Option<&Arc<ChangeView>>| {
            let latest = latest.get();
            if latest.version == version { latest } else { before.unwrap_or(&first).clone() }
        });
        let newer = memo(move || latest.with(|view| (view.version > version).then_some(view.version)));
        let (held, digest) = (seal(&view), view.digest);
        let seal = memo(move || {
            if standing.with(|view| view.digest != digest) {
                return Err(
                    "The endpoint now names another digest for this version. Nothing can be signed; reload the page."
                        .to_owned(),
                );
            }
            held.clone()
        });
        let fate = memo(move || app.decisions.of(id, version));
        let (decision, reason) = (
            RwSignal::new(None),
            RwSignal::new(desk.drafts.with_value(|drafts| drafts.get(&id).cloned().unwrap_or_default())),
        );
        let acknowledged = RwSignal::new(Acknowledged::default());
        let rest = RwSignal::new(Rest::default());
        let shown = StoredValue::new(view);

        let with_facts = move |judge: &dyn Fn(&Facts<'_>) -> Option<Block>| {
            let (standing, seal) = (standing.get(), seal.get());
            judge(&Facts {
                read_only: app.read_only(),
                shown: version,
                latest: newer.get().unwrap_or(version),
                seal: &seal,
                may: &standing.may_review,
                on_its_way: fate.with(|fate| fate.as_ref().is_some_and(Fate::open)),
                rested: rest.with(|rest| rest.rested()),
            })
        };
        let panel_block = memo(move || with_facts(&panel_block));
        let commit_block = memo(move || {
            let standing = standing.get();
            reason.with(|reason| {
                let draft = Draft {
                    decision: decision.get(),
                    reason,
                    unacknowledged: shown.with_value(|view| acknowledged.with(|noted| noted.open(&view.reviewed))),
                    approval_blocked: standing.approval_blocked.as_deref(),
                };
                with_facts(&|facts| commit_block(facts, &draft))
            })
        });

        let stamp = memo(move || standing.with(|view| Stamp::of(view, newer.get().unwrap_or(version))));
        effect(move || {
            stamp.track();
            let Some(turn) = rest.try_update(Rest::touch) else { return };
            set_timeout(
                move || {
                    rest.try_update(|rest| rest.end(turn));
                },
                Duration::from_millis(ARM_DELAY_MS),
            );
        });
        Effect::new(move |before: Option<Arc<ChangeView>>| {
            let now = latest.get();
            if let Some(said) = before.and_then(|before| news(&before, &now)) {
                app.announce(said);
            }
            now
        });
        effect(move || {
            let text = reason.get();
            desk.drafts.update_value(|drafts| {
                if text.is_empty() {
                    drafts.remove(&id);
                } else {
                    drafts.insert(id, text);
                }
            });
        });

        Opened {
            app,
            desk,
            id,
            shown,
            standing,
            newer,
            seal,
            fate,
            decision,
            reason,
            acknowledged,
            panel_block,
            commit_block,
            sheet: RwSignal::new(false),
            bytes: RwSignal::new(false),
            reason_field: NodeRef::new(),
            comment_field: NodeRef::new(),
            watch: Watch::start(app),
        }
    }

    /// What is on the screen.
    pub fn view(self) -> Arc<ChangeView> {
        self.shown.get_value()
    }

    /// Who reads this.
    pub fn me(self) -> String {
        self.app.me().map(|me| me.uid).unwrap_or_default()
    }

    /// The state to show for the version on the screen: superseded as soon as there is a newer one.
    pub fn state(self) -> State {
        if self.newer.get().is_some() { State::Superseded } else { self.standing.with(|view| view.state) }
    }

    /// Whether the reader may still be putting a decision together: it was pending when it was opened, and none is
    /// on its way or receipted. The panel stays, disarmed, when it settles meanwhile, so that no field vanishes.
    pub fn deciding(self) -> bool {
        let given = self.fate.with(|fate| fate.as_ref().is_some_and(|fate| !matches!(fate, Fate::Refused(_))));
        !given && self.shown.with_value(|view| view.state == State::Pending)
    }

    /// The reader chooses a side by key or from the dock: the panel opens at the reason.
    pub fn choose_by_key(self, decision: Decision) {
        self.sheet.set(true);
        match self.panel_block.get_untracked() {
            None => {
                self.decision.set(Some(decision));
                if let Some(field) = self.reason_field.get_untracked() {
                    request_animation_frame(move || {
                        let _ = field.focus();
                    });
                }
            }
            Some(block) => {
                self.app.announce(block.words());
                focus_id_soon(PANEL);
            }
        }
    }

    /// From the panel or the composer back to the change.
    pub fn leave_panel(self) {
        self.sheet.set(false);
        focus_id_soon(TITLE);
    }

    /// Signs and sends the chosen decision, if nothing stands against it; otherwise says what does.
    pub fn commit(self) {
        if let Some(block) = self.commit_block.get_untracked() {
            self.app.announce(block.words());
            return;
        }
        let Some(decision) = self.decision.get_untracked() else { return };
        let view = self.view();
        let reason = self.reason.with_untracked(|reason| reason.trim().to_owned());
        let mut evidence = self.watch.evidence();
        evidence.acknowledged = self.acknowledged.with_untracked(|noted| noted.for_record(&view.reviewed));
        tasks::decide(self.app, &view, decision, (!reason.is_empty()).then_some(reason), evidence);
        self.sheet.set(false);
        focus_id_soon(FATE);
    }

    pub fn to_comment(self) {
        if let Some(field) = self.comment_field.get_untracked() {
            let _ = field.focus();
        }
    }

    pub fn to_diff(self) {
        if !focus_id(DIFF, true) {
            self.app.announce("There is no earlier version that you have seen to compare with.");
        }
    }

    pub fn show_bytes(self) {
        self.bytes.set(true);
        self.watch.reveal(Section::Canonical);
    }

    /// For the dock and the keys, as long as the change is on the page.
    pub fn register(self) {
        let desk = self.desk;
        desk.opened.set(Some(self));
        let shown = self.shown;
        on_cleanup(move || {
            // Another change may have taken its place already.
            desk.opened.try_update(|opened| {
                if opened.is_some_and(|opened| opened.shown == shown) {
                    *opened = None;
                }
            });
        });
    }
}
