//! What became of the reader's decision: queued, sent, receipted or refused, and what to do. "Approved" and
//! "rejected" are said only from the receipt. Sending is `state::tasks`.

use super::news::refusal;
use super::opened::{FATE, Opened};
use super::wording::after_receipt;
use crate::state::{Fate, tasks};
use crate::ui::{Button, ButtonLook, Icon, IconName, Show, Tone, memo, view};
use crate::views::parts::At;
use crate::words::{count, counted};
use leptos::prelude::*;
use oversight::contract::Receipt;
use oversight::vocabulary::Decision;

/// A decision's fate in one line, for the card's heading and for a list of several.
pub fn summary(fate: &Fate) -> (Tone, IconName, String) {
    match fate {
        Fate::Queued { .. } => (Tone::Neutral, IconName::Clock, "Queued, not sent yet".to_owned()),
        Fate::Sending => (Tone::Neutral, IconName::Clock, "Sent, no receipt yet".to_owned()),
        Fate::Unanswered { tries, .. } => {
            let times = counted(u64::from(*tries), "try", "tries");
            (Tone::Unknown, IconName::Question, format!("No answer after {times}"))
        }
        Fate::Receipted(receipt) => match receipt.decision {
            Decision::Approve => (Tone::Approved, IconName::Ok, "Approval receipted".to_owned()),
            Decision::Reject => (Tone::Rejected, IconName::X, "Rejection receipted".to_owned()),
        },
        Fate::Refused(problem) => (Tone::Failed, IconName::Failed, format!("Refused: {}", problem.title)),
        Fate::Mismatched(_) => (Tone::Failed, IconName::Warn, "The receipt is not for what you signed".to_owned()),
    }
}

#[component]
pub fn FateCard(opened: Opened) -> impl IntoView {
    let fate = opened.fate;
    let app = opened.app;
    Effect::new(move |before: Option<Option<Fate>>| {
        let now = fate.get();
        let said = now.as_ref().map(|fate| summary(fate).2);
        if before.is_some_and(|before| before.as_ref().map(|fate| summary(fate).2) != said)
            && let Some(said) = said
        {
            app.announce(format!("{}: {said}.", opened.id));
        }
        now
    });
    let there = memo(move || fate.with(Option::is_some));
    let heading = move || {
        fate.get().map(|fate| {
            let (_, icon, text) = summary(&fate);
            view! {
                <Icon name=icon />
                {text}
            }
        })
    };
    let class = move || {
        let tone = fate.with(|fate| fate.as_ref().map_or(Tone::Neutral, |fate| summary(fate).0));
        let open = fate.with(|fate| fate.as_ref().is_some_and(Fate::open));
        format!("receipt {} {}", tone.class(), if open { "queued" } else { "" })
    };
    view! {
        <Show when=move || there.get()>
            <section class=class aria-labelledby=FATE>
                <h2 id=FATE tabindex="-1">
                    {heading}
                </h2>
                {move || fate.get().map(|fate| body(opened, fate))}
            </section>
        </Show>
    }
}

fn body(opened: Opened, fate: Fate) -> AnyView {
    let (app, id, version) = (opened.app, opened.id, opened.view().version);
    let what = match opened.decision.get_untracked() {
        Some(Decision::Approve) => "Your approval",
        Some(Decision::Reject) => "Your rejection",
        None => "Your decision",
    };
    match fate {
        Fate::Queued { since } => view! {
            <p class="sm">{format!("{what} of version {version} waits here since ")} <At at=since zoned=true /> ". The endpoint has not got it."</p>
            <Button look=ButtonLook::Small on_press=move |()| {
                tasks::withdraw_queued(app, id, version);
                super::focus::focus_id_soon(super::opened::PANEL);
            }>
                "Withdraw it"
            </Button>
        }
        .into_any(),
        Fate::Sending => view! { <p class="sm">{format!("{what} of version {version} is on its way; it counts once the receipt is here.")}</p> }.into_any(),
        Fate::Unanswered { since, .. } => view! {
            <p class="sm">
                {format!("{what} of version {version} was sent, first at ")} <At at=since zoned=true />
                ". The endpoint may or may not have it. It is sent again under the same key, which counts once, and can’t be withdrawn."
            </p>
        }
        .into_any(),
        Fate::Receipted(receipt) => receipt_view(receipt).into_any(),
        Fate::Refused(problem) => {
            let (said, next) = refusal(&problem);
            view! {
                <p class="sm">{said}</p>
                <p class="sm t2">{format!("{what} was not recorded. {next}")}</p>
                <Button look=ButtonLook::Small on_press=move |()| {
                    tasks::forget_refusal(app, id, version);
                    super::focus::focus_id_soon(super::opened::TITLE);
                }>
                    "Dismiss"
                </Button>
            }
            .into_any()
        }
        Fate::Mismatched(receipt) => view! {
            <p class="sm">"The endpoint recorded something else than what you signed here. Tell whoever runs it, and keep this:"</p>
            {receipt_view(receipt)}
        }
        .into_any(),
    }
}

fn receipt_view(receipt: Receipt) -> impl IntoView {
    let did = match receipt.decision {
        Decision::Approve => "approved",
        Decision::Reject => "rejected",
    };
    view! {
        <p class="sm">
            {format!("{} {did} version {} at ", receipt.reviewer, receipt.version)} <At at=receipt.time zoned=true /> ". "
            {after_receipt(receipt.state)}
        </p>
        <dl class="sign">
            <dt>"Record"</dt>
            <dd>{count(receipt.sequence)}</dd>
            <dt>"Digest"</dt>
            <dd class="dg" title=receipt.digest.to_string()>
                {receipt.digest.short()}
            </dd>
        </dl>
    }
}
