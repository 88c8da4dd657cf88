//! Where a change stands that is not pending any more: how it came to that, when, by whom and why; and taking
//! an approval back before it is redeemed.

use super::opened::Opened;
use crate::state::{Trouble, tasks};
use crate::ui::{Button, ButtonLook, Show, TextArea, memo, view};
use crate::views::parts::{At, Left, Said, SaidLines, StateBadge};
use leptos::prelude::*;
use oversight::capability::{Deed, may};
use oversight::contract::MAX_REASON;
use oversight::state::State;

#[component]
pub fn Settled(opened: Opened) -> impl IntoView {
    let state = memo(move || opened.standing.with(|view| view.state));
    let settlement = memo(move || opened.standing.with(|view| view.settled.clone()));
    let until = opened.view().reviewed.expires_at;
    // Once there was an approval, what became of it.
    let approved_once = move || {
        matches!(
            state.get(),
            State::Approved
                | State::Redeemed
                | State::Revoked
                | State::Lapsed
                | State::Verified
                | State::RolledBack
                | State::Failed
        )
    };
    let settled = memo(move || state.get() != State::Pending);
    view! {
        <Show when=move || settled.get()>
            <section aria-label="Where it stands">
                <h2>"Where it stands " {move || view! { <StateBadge state=state.get() /> }}</h2>
                {move || {
                    settlement
                        .get()
                        .map(|settlement| {
                            view! {
                                <p class="sm">
                                    {sentence(state.get())} <At at=settlement.at zoned=true /> " by "
                                    <Said text=settlement.by />
                                    {settlement.reason.map(|text| view! { ": “" <SaidLines text /> "”" })} "."
                                </p>
                            }
                        })
                }}
                <Show when=move || state.get() == State::Approved>
                    <p class="sm t2">"An executor can redeem it once: " <Left until /> "."</p>
                </Show>
                <Show when=approved_once>
                    <Revoke opened state />
                </Show>
            </section>
        </Show>
    }
}

fn sentence(state: State) -> String {
    let words = state.words();
    let mut chars = words.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{} at ", chars.as_str())
}

#[component]
fn Revoke(opened: Opened, state: Memo<State>) -> impl IntoView {
    let app = opened.app;
    let reason = RwSignal::new(String::new());
    let sending = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let may_not = memo(move || {
        app.read_only().or_else(|| {
            app.me().and_then(|me| may(Deed::Revoke, me.role, state.get()).err()).map(|refusal| refusal.reason)
        })
    });
    let blocked = Signal::derive(move || {
        if let Some(why) = may_not.get() {
            return Some(why);
        }
        if sending.get() {
            return Some("The revocation is on its way.".to_owned());
        }
        reason.with(|reason| match reason.trim().len() {
            0 => Some("A revocation needs a reason.".to_owned()),
            bytes if bytes > MAX_REASON => Some(format!("{bytes} bytes; at most {MAX_REASON} are kept. Shorten it.")),
            _ => None,
        })
    });
    let revoke = move |()| {
        sending.set(true);
        trouble.set(None);
        let done = Callback::new(move |(outcome,): (Result<(), Trouble>,)| {
            sending.try_set(false);
            if let Err(why) = outcome {
                app.announce(why.what.clone());
                trouble.try_set(Some(why));
            }
        });
        tasks::revoke(app, opened.id, reason.with_untracked(|reason| reason.trim().to_owned()), done);
    };
    let error = Signal::derive(move || {
        trouble.get().map(|trouble| format!("{} {} {}", trouble.what, trouble.kept, trouble.next))
    });
    view! {
        <div class="field">
            <Show when=move || may_not.with(Option::is_none)>
                <TextArea label="Reason to revoke" value=reason required=Signal::derive(|| Some(true)) error />
            </Show>
            <Button look=ButtonLook::Stop blocked on_press=revoke>
                "Revoke the approval"
            </Button>
        </div>
    }
}
