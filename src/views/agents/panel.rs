//! One agent whole: whether it is stopped and by whom, who it is, what became of its changes, how much it
//! did alone, what it may do and did, what is open. Its heading takes the focus when it was opened by hand.

use super::autonomy::Autonomy;
use super::desk::{AgentPart, Desk};
use super::did::{Did, May};
use super::figures::Stop;
use super::fleet::{model_words, said, standing};
use super::open_changes::OpenChanges;
use super::stop::StopButton;
use crate::paths::{RecordQuery, Route};
use crate::ui::{Button, ButtonLook, Empty, Icon, IconName, effect, live, memo, view};
use crate::views::parts::{At, AtNear, Said, SaidLines};
use crate::words;
use leptos::html;
use leptos::prelude::*;
use oversight::missing::Field;
use oversight::text::escape::visible;

#[component]
pub fn AgentPanel() -> impl IntoView {
    let desk = Desk::get();
    let heading = NodeRef::<html::H2>::new();
    let uid = move || desk.open.get().unwrap_or_default();
    let title = memo(move || {
        let uid = uid();
        desk.agent(&uid).map_or(uid, |part| part.0.with(|agent| agent.name.clone()))
    });
    effect(move || {
        desk.open.track();
        let Some(heading) = heading.get() else { return };
        if desk.to_heading.get_value() {
            desk.to_heading.set_value(false);
            request_animation_frame(move || drop(heading.focus()));
        }
    });
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        if crate::ui::plain_key(&event, false).as_deref() == Some("Escape") {
            event.prevent_default();
            desk.close();
        }
    });
    on_cleanup(move || escape.remove());
    let body = live(move || {
        let uid = uid();
        match desk.agent(&uid) {
            Some(part) => view! { <Whole part /> }.into_any(),
            None => view! { <NoSuch uid /> }.into_any(),
        }
    });
    view! {
        <aside class="panel side" aria-label=move || visible(&title.get())>
            <header>
                <a class="only-narrow back" href="#/agents" on:click=move |event| {
                    event.prevent_default();
                    desk.close();
                }>
                    <Icon name=IconName::Back />
                    "Agents"
                </a>
                <h2 id="agent-title" tabindex="-1" node_ref=heading>{move || view! { <Said text=title.get() /> }}</h2>
                <span class="push wide">
                    <Button look=ButtonLook::Small on_press=move |()| desk.close() shortcut="Escape">"Close"</Button>
                </span>
            </header>
            <div class="body">{body}</div>
        </aside>
    }
}

#[component]
fn NoSuch(uid: String) -> impl IntoView {
    view! {
        <Empty
            title="No such agent"
            why=format!("The endpoint knows no agent “{}”, neither by a token nor from records.", visible(&uid))
        >
            <a class="btn" href="#/agents">"All agents"</a>
        </Empty>
    }
}

#[component]
fn Whole(part: AgentPart) -> impl IntoView {
    let records = part.0.with_untracked(|agent| {
        let query = RecordQuery { agent: agent.uid.to_string(), ..RecordQuery::default() };
        Route::Records { query, open: None }.href()
    });
    view! {
        <Stopped part=part.clone() />
        <section class="acts row wrap">
            <Standing part=part.clone() />
            <StopButton part=part.clone() />
            <a class="btn s" href=records>"Its records"</a>
        </section>
        <Identity part=part.clone() />
        <OpenChanges part=part.clone() />
        <Ends part=part.clone() />
        <Autonomy part=part.clone() />
        <May part=part.clone() />
        <Did part />
    }
}

#[component]
fn Standing(part: AgentPart) -> impl IntoView {
    let state = part.of(|agent| (agent.registered, agent.paused.is_some()));
    live(move || {
        let (registered, paused) = state.get();
        standing(registered, paused)
    })
}

/// Who stopped it, when and why, and what that means.
#[component]
fn Stopped(part: AgentPart) -> impl IntoView {
    let paused = part.of(|agent| agent.paused.clone());
    live(move || {
        paused.get().map(|paused| {
            view! {
                <section class="stopped tone-rolled-back">
                    <h3 class="ink"><Icon name=IconName::Pause /> "Paused"</h3>
                    <p><Said text=paused.by /> " paused it " <AtNear at=paused.at zoned=true />":"</p>
                    <p class="reason">"“"<SaidLines text=paused.reason />"”"</p>
                    <p class="sm t2">{Stop::Pause.effect()}</p>
                </section>
            }
        })
    })
}

#[component]
fn Identity(part: AgentPart) -> impl IntoView {
    let known = part.of(|agent| {
        (agent.uid.to_string(), agent.version.clone(), agent.owner.clone(), model_words(agent), agent.registered)
    });
    let model_version = part.of(|agent| agent.model.value().map(|model| model.version.clone()));
    let seen = part.of(|agent| agent.last_seen.clone());
    let body = live(move || {
        let (uid, version, owner, model, registered) = known.get();
        let registration = if registered { "with a token here" } else { "no, known from imported records alone" };
        view! {
            <dl class="kv lines">
                <div><dt>"uid"</dt><dd><code><Said text=uid /></code></dd></div>
                <div><dt>"owner"</dt><dd>{said(&owner)}</dd></div>
                <div><dt>"version"</dt><dd>{said(&version)}</dd></div>
                <div><dt>"model"</dt><dd>{said(&model)}</dd></div>
                {move || model_version.get().map(|version| view! { <div><dt>"its version"</dt><dd>{said(&version)}</dd></div> })}
                <div><dt>"registered"</dt><dd>{registration}</dd></div>
                <div>
                    <dt>"last seen"</dt>
                    <dd>
                        {move || match seen.get() {
                            Field::Is(at) => view! { <At at zoned=true /> }.into_any(),
                            missing => said(&missing),
                        }}
                    </dd>
                </div>
            </dl>
        }
    });
    view! { <section aria-label="Who it is">{body}</section> }
}

/// What became of what it proposed.
#[component]
fn Ends(part: AgentPart) -> impl IntoView {
    let counts = part.of(|agent| {
        [
            agent.proposed,
            agent.approved,
            agent.rejected,
            agent.rolled_back,
            agent.failed,
            agent.open_changes.len() as u64,
        ]
    });
    let body = live(move || {
        let [proposed, approved, rejected, rolled_back, failed, open] = counts.get();
        [
            ("proposed", proposed),
            ("approved", approved),
            ("rejected", rejected),
            ("rolled back", rolled_back),
            ("failed", failed),
            ("open", open),
        ]
        .map(|(word, count)| view! { <div><dt>{word}</dt><dd>{words::count(count)}</dd></div> })
        .collect_view()
    });
    view! {
        <section>
            <h3>"Its changes"</h3>
            <dl class="stats">{body}</dl>
        </section>
    }
}
