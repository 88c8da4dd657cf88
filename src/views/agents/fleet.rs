//! The agents as a table, one row each: who it is and who owns it, its state, what it did, how much alone,
//! what is open, when it was last seen, and the stop.

use super::autonomy::ShareOf;
use super::desk::{AgentPart, Desk, row_id};
use super::figures::done;
use super::stop::StopButton;
use crate::paths::Route;
use crate::ui::{Badge, For, IconName, Tone, memo, view};
use crate::views::parts::{AtNear, Gone, Said};
use crate::words;
use leptos::prelude::*;
use oversight::contract::AgentView;
use oversight::id::AgentUid;
use oversight::missing::Field;

#[component]
pub fn Fleet() -> impl IntoView {
    let agents = Desk::get().app.agents;
    view! {
        <table class="fleet" aria-label="Agents">
            <thead>
                <tr>
                    <th scope="col">"Agent"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Did"</th>
                    <th scope="col">"Autonomy share"</th>
                    <th scope="col" class="num">"Open"</th>
                    <th scope="col" class="c-last">"Last seen"</th>
                    <th scope="col" class="c-stop"><span class="vh">"Stop"</span></th>
                </tr>
            </thead>
            <tbody>
                <For each=move || agents.ids() key=|uid| uid.clone() let:uid>
                    <Row uid />
                </For>
            </tbody>
        </table>
    }
}

/// How an agent stands: glyph and word.
pub fn standing(registered: bool, paused: bool) -> AnyView {
    let (tone, icon, word) = match (paused, registered) {
        (true, _) => (Tone::RolledBack, IconName::Pause, "paused"),
        (false, true) => (Tone::Approved, IconName::Play, "active"),
        (false, false) => (Tone::Unknown, IconName::Question, "imported only"),
    };
    view! { <Badge tone icon word /> }.into_any()
}

/// Text that may be missing.
pub fn said<T: ToString>(field: &Field<T>) -> AnyView {
    match field {
        Field::Is(value) => view! { <Said text=value.to_string() /> }.into_any(),
        Field::Missing(missing) => view! { <Gone missing=Some(*missing) /> }.into_any(),
        Field::Absent => view! { <Gone missing=None /> }.into_any(),
    }
}

/// `claude-x by lab`, or how it is missing.
pub fn model_words(agent: &AgentView) -> Field<String> {
    match &agent.model {
        Field::Is(model) => Field::Is(format!("{} by {}", model.name, model.provider)),
        Field::Missing(missing) => Field::Missing(*missing),
        Field::Absent => Field::Absent,
    }
}

#[component]
fn Row(uid: AgentUid) -> impl IntoView {
    let desk = Desk::get();
    let part = AgentPart(desk.app.agents.get(&uid)?);
    let on = {
        let uid = uid.clone();
        memo(move || desk.open.with(|open| open.as_deref() == Some(uid.as_str())))
    };
    let href = Route::agent(uid.as_str()).href();
    let name = part.of(|agent| agent.name.clone());
    let shown_uid = uid.to_string();
    let identity = part.of(|agent| (agent.uid.to_string() != agent.name, agent.owner.clone(), model_words(agent)));
    let state = part.of(|agent| (agent.registered, agent.paused.is_some()));
    let did = part.of(|agent| (done(&agent.used), agent.proposed));
    let autonomy = part.of(|agent| agent.autonomy.clone());
    let open = part.of(|agent| agent.open_changes.clone());
    let seen = part.of(|agent| agent.last_seen.clone());
    let under = move || {
        let (other_name, owner, model) = identity.get();
        view! {
            {other_name.then(|| view! { <code><Said text=shown_uid.clone() /></code> })}
            <span class="sub">"owner " {said(&owner)} ", model " {said(&model)}</span>
        }
    };
    let did = move || {
        let ((count, services), proposed) = did.get();
        let proposed = format!("{} proposed", words::count(proposed));
        if count == 0 {
            return view! { "no action recorded" <span class="sub">{proposed}</span> }.into_any();
        }
        let services = words::counted(services as u64, "service", "services");
        view! {
            {words::counted(count, "action", "actions")}
            <span class="sub">{format!("in {services}, {proposed}")}</span>
        }
        .into_any()
    };
    let open = move || {
        let ids = open.get();
        match ids.as_slice() {
            [] => "0".into_any(),
            [only] => view! { <a href=Route::change(*only).href() title=only.to_string()>"1"</a> }.into_any(),
            many => {
                let filter = many.len();
                let href = Route::agent(uid.as_str()).href();
                view! { <a href=href>{words::count(filter as u64)}</a> }.into_any()
            }
        }
    };
    let seen = move || match seen.get() {
        Field::Is(at) => view! { <AtNear at /> }.into_any(),
        missing => said(&missing),
    };
    Some(view! {
        <tr class:on=move || on.get()>
            <th scope="row">
                <a
                    class="name"
                    id=row_id(part.0.with_untracked(|agent| agent.uid.to_string()).as_str())
                    href=href
                    aria-current=move || on.get().then_some("true")
                    on:click=move |_| desk.to_heading.set_value(true)
                >
                    {move || view! { <Said text=name.get() /> }}
                </a>
                {under}
            </th>
            <td class="c-standing">{move || { let (registered, paused) = state.get(); standing(registered, paused) }}</td>
            <td class="c-did">{did}</td>
            <td class="c-alone">{move || view! { <ShareOf share=autonomy.get() /> }}</td>
            <td class="num c-open">{open}</td>
            <td class="c-last">{seen}</td>
            <td class="c-stop"><StopButton part=part.clone() reason_elsewhere=true /></td>
        </tr>
    })
}
