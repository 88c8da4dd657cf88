//! Pausing an agent and letting it go on: the button, which stays in place with the reason it can't be
//! pressed, and the dialog that asks why and says what will follow. The rule is `figures::Stop`.

use super::desk::{AgentPart, Desk, focus_soon, row_id};
use super::figures::{Stop, reason_fault};
use crate::state::{Trouble, tasks};
use crate::ui::{Button, ButtonLook, Dialog, Icon, IconName, TextArea, Tone, effect, live, memo, view};
use crate::views::parts::Said;
use crate::words;
use leptos::html;
use leptos::prelude::*;
use oversight::id::AgentUid;
use oversight::text::escape::visible;

#[component]
pub fn StopButton(part: AgentPart, #[prop(optional)] reason_elsewhere: bool) -> impl IntoView {
    let desk = Desk::get();
    let stop = part.of(Stop::of);
    let registered = part.of(|agent| agent.registered);
    let role = memo(move || desk.app.me().map(|me| me.role));
    let blocked = Signal::derive(move || stop.get().blocked(registered.get(), role.get(), desk.app.read_only()));
    let (uid, name) = part.0.with_untracked(|agent| (agent.uid.clone(), visible(&agent.name)));
    live(move || {
        let stop = stop.get();
        let uid = uid.clone();
        let icon = if stop == Stop::Pause { IconName::Pause } else { IconName::Play };
        view! {
            <Button
                look=ButtonLook::Small
                icon=icon
                label=format!("{} {name}", stop.word())
                blocked
                reason_elsewhere
                on_press=move |()| desk.asked.set(Some((uid.clone(), stop)))
            >
                {stop.word()}
            </Button>
        }
    })
}

/// One dialog for the page.
#[component]
pub fn StopDialog() -> impl IntoView {
    let desk = Desk::get();
    let open = Signal::derive(move || desk.asked.with(Option::is_some));
    let title = Signal::derive(move || {
        desk.asked
            .with(|asked| asked.as_ref().map(|(uid, stop)| format!("{} {}", stop.word(), visible(uid.as_str()))))
            .unwrap_or_default()
    });
    let reason = RwSignal::new(String::new());
    let fault = RwSignal::new(None::<String>);
    let failed = RwSignal::new(None::<Trouble>);
    let sending = RwSignal::new(false);
    // Each agent's reason is its own.
    effect(move || {
        desk.asked.track();
        reason.set(String::new());
        fault.set(None);
        failed.set(None);
    });
    effect(move || {
        reason.track();
        fault.set(None);
    });
    let field = NodeRef::<html::Textarea>::new();
    effect(move || {
        if let Some(field) = field.get() {
            request_animation_frame(move || drop(field.focus()));
        }
    });
    let commit = move || {
        let Some((uid, stop)) = desk.asked.get_untracked() else { return };
        if sending.get_untracked() {
            return;
        }
        let text = reason.get_untracked().trim().to_owned();
        if let Some(wrong) = reason_fault(&text) {
            fault.set(Some(wrong));
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
            }
            return;
        }
        sending.set(true);
        failed.set(None);
        let ended = Ended { desk, uid: uid.clone(), stop, sending, failed };
        match stop {
            Stop::Pause => tasks::pause(
                desk.app,
                uid,
                text,
                Callback::new(move |(outcome,)| ended.take(Result::map(outcome, drop))),
            ),
            Stop::Resume => tasks::resume(desk.app, uid, text, Callback::new(move |(outcome,)| ended.take(outcome))),
        }
    };
    let close = move || {
        if !sending.get_untracked() {
            desk.asked.set(None);
        }
    };
    let footer = move || {
        let stop = desk.asked.with(|asked| asked.as_ref().map(|(_, stop)| *stop)).unwrap_or(Stop::Pause);
        let blocked = Signal::derive(move || sending.get().then(|| "Waiting for the endpoint's answer.".to_owned()));
        view! {
            <Button on_press=move |()| close()>"Cancel"</Button>
            <Button look=ButtonLook::Commit blocked reason_elsewhere=true on_press=move |()| commit()>
                {move || if sending.get() { "Sent, no receipt yet".to_owned() } else { format!("{} now", stop.word()) }}
            </Button>
        }
    };
    view! {
        <Dialog open on_close=move |()| close() title footer>
            {move || desk.asked.get().map(|(uid, stop)| view! { <Effects uid stop /> })}
            <TextArea
                label="Reason"
                value=reason
                required=Signal::derive(|| Some(true))
                error=fault
                readonly=sending
                node=field
            />
            {move || failed.get().map(|trouble| view! {
                <p class="row odd" role="alert">
                    <Icon name=IconName::Failed />
                    <span>{trouble.what} " " {trouble.kept} " " {trouble.next}</span>
                </p>
            })}
        </Dialog>
    }
}

#[component]
fn Effects(uid: AgentUid, stop: Stop) -> impl IntoView {
    let desk = Desk::get();
    let open = desk.app.agents.get(&uid).map(|agent| agent.with_untracked(|agent| agent.open_changes.len()));
    let open = open.map(|open| words::counted(open as u64, "open change", "open changes"));
    view! {
        <p>{stop.effect()}</p>
        <p class="sm t2">"Agent " <code><Said text=uid.to_string() /></code> {open.map(|open| format!(", {open}"))} ". Your name and the reason stand in the record."</p>
    }
}

/// What to do when the answer is there.
#[derive(Clone)]
struct Ended {
    desk: Desk,
    uid: AgentUid,
    stop: Stop,
    sending: RwSignal<bool>,
    failed: RwSignal<Option<Trouble>>,
}

impl Ended {
    fn take(&self, outcome: Result<(), Trouble>) {
        let Ended { desk, uid, stop, sending, failed } = self.clone();
        sending.set(false);
        if let Err(trouble) = outcome {
            failed.set(Some(trouble));
            return;
        }
        desk.asked.set(None);
        let name = visible(uid.as_str());
        let (said, icon) = match stop {
            Stop::Pause => (format!("{name} is paused."), IconName::Pause),
            Stop::Resume => (format!("{name} goes on."), IconName::Play),
        };
        let at = untrack(|| words::clock_zoned(desk.app.now_exact(), desk.app.zone()));
        desk.app.notices.tell(Tone::RolledBack, icon, said, at, false);
        // The button it was opened by is another one now.
        let open = desk.open.get_untracked();
        focus_soon(if open.as_deref() == Some(uid.as_str()) { "agent-title".to_owned() } else { row_id(uid.as_str()) });
    }
}
