//! The decision: two sides of equal size with nothing chosen, the reason, what is signed and what follows,
//! and one button that signs. The dock opens it where there is no room beside the change. What may be
//! committed and when is `arming`.

use super::arming::Block;
use super::desk::Desk;
use super::opened::{Opened, PANEL};
use super::wording::{effect, with_it};
use crate::ui::{
    Button, ButtonLook, Choice, ChoiceOption, ChoiceSide, Icon, IconName, Show, TextArea, live, memo, view,
};
use crate::words;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use oversight::vocabulary::Decision;

const OPTIONS: [ChoiceOption<Decision>; 2] = [
    ChoiceOption { value: Decision::Reject, text: "Reject", side: ChoiceSide::Refuse, key: "r" },
    ChoiceOption { value: Decision::Approve, text: "Approve", side: ChoiceSide::Agree, key: "a" },
];

#[component]
pub fn Decide(opened: Opened) -> impl IntoView {
    let deciding = memo(move || opened.deciding());
    view! {
        <Show when=move || deciding.get()>
            <Panel opened />
        </Show>
    }
}

#[component]
fn Panel(opened: Opened) -> impl IntoView {
    let app = opened.app;
    let view = opened.view();
    let version = view.version;
    let choice_block = Signal::derive(move || opened.panel_block.get().map(|block| block.words()));
    // What blocks the choice is said beside it already.
    let commit_block = Signal::derive(move || opened.commit_block.get().map(|block| block.words()));
    let said_once = move || match opened.commit_block.get() {
        Some(block) if opened.panel_block.with(Option::is_none) => Some(block),
        _ => None,
    };
    let required = Signal::derive(move || opened.decision.get().map(|decision| decision == Decision::Reject));
    let until = view.reviewed.expires_at;
    let follows = move || {
        opened.decision.get().map(|decision| {
            let until = format!("{} {}", words::near(until, app.now_exact(), app.zone()), app.zone().name());
            opened.standing.with(|view| effect(view, &opened.me(), decision, &until))
        })
    };
    let sign = move || match opened.decision.get() {
        Some(Decision::Approve) => format!("Sign approval of version {version}"),
        Some(Decision::Reject) => format!("Sign rejection of version {version}"),
        None => format!("Sign decision on version {version}"),
    };
    let signs = view.digest.to_string();
    let short = view.digest.short();
    view! {
        <section
            class="decide"
            class:disarmed=move || opened.panel_block.with(Option::is_some)
            id="decision"
            aria-labelledby=PANEL
            data-sheet=move || opened.sheet.get().then_some("open")
            on:keydown=no_repeated_press
        >
            <h2 id=PANEL tabindex="-1">
                {format!("Your decision on version {version}")}
                <button type="button" class="btn s only-narrow push" on:click=move |_| opened.leave_panel()>
                    "Back"
                </button>
            </h2>
            <Choice
                label=format!("Your decision on version {version}")
                options=OPTIONS.to_vec()
                value=opened.decision
                on_change=move |decision| opened.decision.set(Some(decision))
                blocked=choice_block
            />
            <TextArea label="Reason" value=opened.reason required node=opened.reason_field />
            <dl class="sign">
                <dt>"You sign"</dt>
                <dd class="dg" title=signs>
                    {short}
                </dd>
                <dt>"With it"</dt>
                <dd>{with_it(&view)}</dd>
                <dt>"Effect"</dt>
                <dd>{move || follows().unwrap_or_else(|| "none until you choose".to_owned())}</dd>
            </dl>
            <Button
                look=ButtonLook::Commit
                keys=&["Ctrl", "↵"]
                shortcut="Control+Enter"
                blocked=commit_block
                reason_elsewhere=true
                on_press=move |()| opened.commit()
            >
                {sign}
            </Button>
            {move || {
                said_once()
                    .map(|block| {
                        view! {
                            <p class="why" aria-hidden="true">
                                {block.words()}
                            </p>
                        }
                    })
            }}
            <Unread opened />
            <p class="small">
                "It counts once the endpoint’s receipt is here. Until then it reads “queued” and, while unsent, can be withdrawn."
            </p>
        </section>
    }
}

/// A way to the findings that still wait to be acknowledged.
#[component]
fn Unread(opened: Opened) -> impl IntoView {
    let waits = move || matches!(opened.commit_block.get(), Some(Block::Unacknowledged(_)));
    let show = move |()| {
        opened.sheet.set(false);
        if let Some(first) = document().query_selector(".finding input:not(:checked)").ok().flatten() {
            request_animation_frame(move || {
                let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(first).focus();
            });
        }
    };
    view! {
        <Show when=waits>
            <Button look=ButtonLook::Small on_press=show>
                "To the findings"
            </Button>
        </Show>
    }
}

/// A held key never decides: the browser would press a focused button again and again.
fn no_repeated_press(event: KeyboardEvent) {
    if event.repeat() && matches!(event.key().as_str(), "Enter" | " ") && !crate::ui::in_text_entry(&event) {
        event.prevent_default();
    }
}

/// Reject and Approve at the bottom of a narrow page.
#[component]
pub fn Dock() -> impl IntoView {
    let desk = Desk::get();
    let opened = move || desk.opened.get().filter(|opened| opened.deciding());
    live(move || {
        opened().map(|opened| {
            let view = opened.view();
            let findings = words::counted(view.reviewed.findings.len() as u64, "finding", "findings");
            let hide = move || opened.sheet.get();
            view! {
                <div class="dock only-narrow" role="group" aria-label="Decide" hidden=hide>
                    <button type="button" class="btn" on:click=move |_| opened.choose_by_key(Decision::Reject)>
                        <Icon name=IconName::X />
                        "Reject"
                    </button>
                    <button type="button" class="btn" on:click=move |_| opened.choose_by_key(Decision::Approve)>
                        <Icon name=IconName::Check />
                        "Approve"
                    </button>
                    <p class="xs t3">
                        {format!("You sign version {}, ", view.version)} <code>{view.digest.short()}</code>
                        {format!(", {findings}")}
                    </p>
                </div>
            }
        })
    })
}
