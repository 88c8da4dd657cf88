//! The page's frame: heading with the counts and the legend, the fleet, the open agent beside it, and the
//! dialog that stops one.

use super::desk::Desk;
use super::fleet::Fleet;
use super::panel::AgentPanel;
use super::stop::StopDialog;
use crate::state::{Status, tasks};
use crate::ui::{Failure, Show, Skeleton, live, memo, view};
use crate::views::parts::ConnectAgent;
use crate::words;
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Nothing,
    Loading,
    Failed,
    FirstRun,
    Fleet,
}

#[component]
pub fn AgentsPage() -> impl IntoView {
    let desk = Desk::provide();
    let agents = desk.app.agents;
    let opened = memo(move || desk.open.with(Option::is_some));
    let covered = move || (opened.get() && desk.narrow.get()).then_some("");
    let shown = memo(move || match agents.status() {
        Status::Loading => Shown::Nothing,
        Status::Slow => Shown::Loading,
        Status::Failed(_) => Shown::Failed,
        Status::Ready(()) if agents.ids().is_empty() => Shown::FirstRun,
        Status::Ready(()) => Shown::Fleet,
    });
    let body = live(move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Loading => {
            view! { <section class="panel main"><Skeleton lines=12 label="Loading the agents" /></section> }.into_any()
        }
        Shown::Failed => view! { <section class="panel main"><LoadFailed /></section> }.into_any(),
        Shown::FirstRun => view! { <section class="panel main"><ConnectAgent /></section> }.into_any(),
        Shown::Fleet => view! {
            <section class="panel main" aria-label="All agents" inert=covered>
                <Fleet />
            </section>
            <Show when=move || opened.get()>
                <AgentPanel />
            </Show>
        }
        .into_any(),
    });
    let beside = move || opened.get() && shown.get() == Shown::Fleet;
    view! {
        <div class="page agents" class:with-side=beside>
            <div class="head" inert=covered>
                <h1 tabindex="-1">"Agents"</h1>
                <Counts />
                <span class="push"></span>
                <Show when=move || shown.get() == Shown::Fleet>
                    <Legend />
                </Show>
            </div>
            <div class="cols">{body}</div>
        </div>
        <StopDialog />
    }
}

/// `22 agents, 1 paused, 3 known from imports alone`.
#[component]
fn Counts() -> impl IntoView {
    let app = Desk::get().app;
    let agents = app.agents;
    let words = memo(move || {
        let all: Vec<_> = agents.ids().iter().filter_map(|uid| agents.get(uid)).collect();
        if all.is_empty() {
            return String::new();
        }
        let paused = all.iter().filter(|agent| agent.with(|agent| agent.paused.is_some())).count();
        let imported = all.iter().filter(|agent| agent.with(|agent| !agent.registered)).count();
        let mut words = words::counted(all.len() as u64, "agent", "agents");
        if paused > 0 {
            words.push_str(&format!(", {paused} paused"));
        }
        if imported > 0 {
            words.push_str(&format!(", {imported} known from imports alone"));
        }
        format!("{words}, times in {}", app.zone().name())
    });
    view! { <p class="t2 sm">{move || words.get()}</p> }
}

#[component]
fn Legend() -> impl IntoView {
    view! {
        <p class="shares xs t2">
            <span><i class="key alone"></i>"executed alone"</span>
            <span><i class="key first"></i>"approved first"</span>
            <span><i class="key unk"></i>"unknown"</span>
        </p>
    }
}

#[component]
fn LoadFailed() -> impl IntoView {
    let app = Desk::get().app;
    live(move || match app.agents.status() {
        Status::Failed(trouble) => Some(view! {
            <Failure
                happened=trouble.what
                kept=trouble.kept
                to_do=trouble.next
                on_retry=move |()| tasks::load_agents(app)
            />
        }),
        _ => None,
    })
}
