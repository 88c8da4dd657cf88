//! How the endpoint classified the change and why, and what the policy made of it: decision, determining
//! policies, what they ask for. Snapshots of the version, under its digest.

use super::looking::Section;
use super::opened::Opened;
use crate::ui::{Icon, IconName, view};
use crate::views::parts::Said;
use crate::words::span;
use leptos::prelude::*;
use oversight::policy::PolicyOutcome;
use oversight::vocabulary::Effect;

#[component]
pub fn Classified(opened: Opened) -> impl IntoView {
    let version = opened.view().reviewed.clone();
    // A reason may name a target, and a target is the agent's word.
    let reasons = version
        .classification
        .reasons
        .iter()
        .map(|reason| view! { <li><Said text=reason.clone() /></li> })
        .collect_view();
    let without = version.classification.reasons.is_empty();
    let (said, asked, policies, errors) = policy(&version.policy);
    let (name, number) = (version.policy.uid, version.policy.version);
    view! {
        <section aria-label="Classification and policy" data-section=Section::Classification.key()>
            <h2>
                "Classification and policy"
                <span class="t3 row">
                    <Icon name=IconName::Shield small=true />
                    "by the endpoint"
                </span>
            </h2>
            <dl class="kv">
                <dt>"Because"</dt>
                <dd>
                    {if without {
                        view! { <span class="t2">"No reasons were recorded."</span> }.into_any()
                    } else {
                        view! { <ul>{reasons}</ul> }.into_any()
                    }}
                </dd>
                <dt>"Policy"</dt>
                <dd>
                    {said} <span class="t2">" by " <Said text=name /> " " <code>{number}</code></span>
                    {policies} {errors}
                </dd>
                <dt>"Asks for"</dt>
                <dd>{asked}</dd>
            </dl>
        </section>
    }
}

fn policy(outcome: &PolicyOutcome) -> (&'static str, String, AnyView, AnyView) {
    let said = match outcome.decision {
        Effect::Allow => "allowed without review",
        Effect::Deny => "denied",
        Effect::NeedsReview => "needs review",
    };
    let requirement = &outcome.requirement;
    let mut asked: Vec<String> =
        requirement.slots.iter().map(|slot| format!("{} of {}", slot.count, slot.group)).collect();
    if asked.is_empty() {
        asked.push("nobody".to_owned());
    }
    asked.extend(requirement.canary_required.then(|| "a canary".to_owned()));
    asked.extend(requirement.rollback_required.then(|| "a typed rollback".to_owned()));
    asked.extend(requirement.expires_seconds.map(|seconds| format!("within {}", span(seconds as i64))));
    let policies = outcome
        .determining
        .iter()
        .map(|policy| {
            view! {
                <li>
                    {policy.title.clone()} " " <code>{policy.id.clone()}</code>
                </li>
            }
        })
        .collect_view();
    let errors = outcome
        .errors
        .iter()
        .map(|error| view! { <li>"Evaluation error: " <Said text=error.clone() /></li> })
        .collect_view();
    (said, asked.join(", "), view! { <ul>{policies}</ul> }.into_any(), view! { <ul>{errors}</ul> }.into_any())
}
