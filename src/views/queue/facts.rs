//! What, where, why and who is behind it. Arguments and targets whole, never cut; every word of the agent's
//! escaped, its reasons in quotes behind a dashed edge.

use super::compare::leaves;
use super::looking::Section;
use super::opened::Opened;
use crate::ui::view;
use crate::views::parts::{Said, SaidLines};
use leptos::prelude::*;
use oversight::change::Version;
use oversight::missing::Field;
use oversight::proposal::Evidence;
use oversight::record::Resource;

#[component]
pub fn FactsOf(opened: Opened) -> impl IntoView {
    let version = opened.view().reviewed.clone();
    let behind = behind(&version);
    let Version { action, resources, rationale, evidence, .. } = version;
    let arguments = leaves(&action.arguments)
        .into_iter()
        .map(
            |(path, value)| view! { <dt><code><Said text=path /></code></dt><dd><code><Said text=value /></code></dd> },
        )
        .collect_view();
    let without = action.arguments.is_empty();
    let targets = resources.into_iter().map(|resource| view! { <li>{target(resource)}</li> }).collect::<Vec<_>>();
    let links = evidence.into_iter().map(link).collect_view();
    view! {
        <section aria-label="The request">
            <dl class="kv">
                <dt>"What"</dt>
                <dd data-section=Section::What.key()>
                    <code>
                        <Said text=format!("{}:{}", action.service, action.operation) />
                    </code>
                    {if without {
                        view! { <span class="t2">" without arguments"</span> }.into_any()
                    } else {
                        view! { <dl class="kv tight">{arguments}</dl> }.into_any()
                    }}
                </dd>
                <dt>"Where"</dt>
                <dd data-section=Section::Where.key()>
                    {if targets.is_empty() {
                        view! { <span class="t2">"No target named."</span> }.into_any()
                    } else {
                        view! { <ul>{targets}</ul> }.into_any()
                    }}
                </dd>
                <dt>"Why"</dt>
                <dd class="says" data-section=Section::Why.key()>
                    {match rationale {
                        Some(text) => view! { "“" <SaidLines text /> "”" }.into_any(),
                        None => "The agent gave no reason.".into_any(),
                    }}
                    {links}
                </dd>
                <dt>"Behind it"</dt>
                <dd data-section=Section::BehindIt.key()>{behind}</dd>
            </dl>
        </section>
    }
}

fn target(resource: Resource) -> impl IntoView {
    let mut rest = Vec::new();
    let mut say = |label: &'static str, field: &Field<String>| match field {
        Field::Absent => {}
        Field::Missing(missing) => rest.push((label, missing.words().to_owned())),
        Field::Is(text) => rest.push((label, text.clone())),
    };
    say("", &resource.kind);
    say("account ", &resource.account);
    say("region ", &resource.region);
    match resource.environment {
        Field::Absent => {}
        Field::Missing(missing) => rest.push(("environment ", missing.words().to_owned())),
        Field::Is(environment) => rest.push(("environment ", environment.to_string())),
    }
    let rest = rest
        .into_iter()
        .enumerate()
        .map(|(at, (label, text))| view! { {if at == 0 { " " } else { ", " }} {label} <Said text /> })
        .collect_view();
    view! {
        <code>
            <Said text=resource.uid />
        </code>
        <span class="t2">{rest}</span>
    }
}

/// A link only where the address is http or https; the address stands beside its title either way.
fn link(evidence: Evidence) -> impl IntoView {
    let Evidence { title, uri } = evidence;
    let is_link = uri.starts_with("https://") || uri.starts_with("http://");
    let title = if is_link {
        view! {
            <a href=uri.clone() target="_blank" rel="noopener noreferrer">
                <Said text=title />
            </a>
        }
        .into_any()
    } else {
        view! { <Said text=title /> }.into_any()
    };
    view! {
        <div class="sm">
            {title} " " <span class="t3">
                <Said text=uri />
            </span>
        </div>
    }
}

fn behind(version: &Version) -> impl IntoView + use<> {
    let agent = version.agent.clone();
    let named = |field: Field<String>| match field {
        Field::Absent => "not recorded".to_owned(),
        Field::Missing(missing) => missing.words().to_owned(),
        Field::Is(text) => text,
    };
    let owner = named(map(&agent.owner, ToString::to_string));
    let model = match &agent.model {
        Field::Is(model) => Some(serde_json::to_value(model).unwrap_or_default()),
        _ => None,
    };
    let model = model.map(|model| {
        let text: Vec<&str> = ["provider", "name", "version"].iter().filter_map(|key| model[*key].as_str()).collect();
        text.join(" ")
    });
    let prompter = named(map(&version.on_behalf_of, |identity| match &identity.name {
        Some(name) => format!("{} ({name})", identity.uid),
        None => identity.uid.to_string(),
    }));
    let session = match &version.session {
        Field::Is(session) => (session.uid.clone(), named(map(&session.started_by, ToString::to_string))),
        other => (named(map(other, |_| String::new())), "not recorded".to_owned()),
    };
    // A name that is no enrolled person's is the agent's word for nobody in particular.
    let unknown = |given: bool, known: bool| (given && !known).then_some(" (not enrolled here, so unknown)");
    let prompter_unknown = unknown(version.on_behalf_of.value().is_some(), version.origin.prompter_known);
    let started = version.session.value().is_some_and(|session| session.started_by.value().is_some());
    let starter_unknown = unknown(started, version.origin.starter_known);
    let (uid, name, release) = (agent.uid.to_string(), agent.name.clone(), agent.version.value().cloned());
    let differs = name != uid;
    view! {
        <a class="med" href=crate::paths::Route::agent(&uid).href()>
            <Said text=uid.clone() />
        </a>
        <span class="t2">
            {differs.then(|| view! { " (" <Said text=name /> ")" })}
            {release.map(|release| view! { " version " <Said text=release /> })} ", owned by " <Said text=owner />
            ", for " <Said text=prompter /> {prompter_unknown} ", session " <Said text=session.0 /> " started by "
            <Said text=session.1 /> {starter_unknown}
            {model.map(|model| view! { ", model " <Said text=model /> })} "."
        </span>
    }
}

fn map<T, U>(field: &Field<T>, of: impl Fn(&T) -> U) -> Field<U> {
    match field {
        Field::Absent => Field::Absent,
        Field::Missing(missing) => Field::Missing(*missing),
        Field::Is(value) => Field::Is(of(value)),
    }
}
