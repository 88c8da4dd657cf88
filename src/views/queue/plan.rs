//! The plan, the rollback that is approved together with it, and how far the change reaches. What is unknown
//! is drawn as unknown, never as zero.

use super::compare::leaves;
use super::looking::Section;
use super::opened::Opened;
use crate::ui::{Icon, IconName, view};
use crate::views::parts::Said;
use crate::words::{count, counted, span};
use leptos::prelude::*;
use oversight::missing::Field;
use oversight::proposal::PlanStep;

#[component]
pub fn Plans(opened: Opened) -> impl IntoView {
    let version = opened.view().reviewed.clone();
    let required = version.policy.requirement.rollback_required;
    let (steps, rollback) = (version.plan.steps, version.plan.rollback);
    let n = counted(steps.len() as u64, "step", "steps");
    let without = match (rollback.is_empty(), required) {
        (false, _) => "approved together with the plan",
        (true, true) => "missing, and the policy requires one",
        (true, false) => "none",
    };
    view! {
        <section class="two" aria-label="Plan and rollback">
            <div data-section=Section::Plan.key()>
                <h2>"Plan" <span class="t3">{if steps.is_empty() { "none beyond the action itself".to_owned() } else { n }}</span></h2>
                <Steps steps />
            </div>
            <div data-section=Section::Rollback.key()>
                <h2>"Rollback" <span class="t3">{without}</span></h2>
                {if rollback.is_empty() {
                    view! { <p class="sm t2">"The agent offers no way back."</p> }.into_any()
                } else {
                    view! { <Steps steps=rollback /> }.into_any()
                }}
            </div>
        </section>
    }
}

#[component]
fn Steps(steps: Vec<PlanStep>) -> impl IntoView {
    let items = steps
        .into_iter()
        .zip(1u32..)
        .map(|(step, number)| {
            view! {
                <li>
                    <span>{number}</span>
                    <span>{step_view(step)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps">{items}</ol> }
}

fn step_view(step: PlanStep) -> AnyView {
    match step {
        PlanStep::Action { service, operation, arguments, note } => {
            let arguments = leaves(&arguments)
                .into_iter()
                .map(|(path, value)| view! { " " <code><Said text=format!("{path} = {value}") /></code> })
                .collect_view();
            view! {
                <code>
                    <Said text=format!("{service}:{operation}") />
                </code>
                <span class="t2">{arguments}</span>
                {note.map(|note| view! { " " <Said text=note /> })}
            }
            .into_any()
        }
        PlanStep::Check { note, within_seconds } => view! {
            "check: " <Said text=note />
            {within_seconds.map(|seconds| format!(", within {}", span(seconds.min(i64::MAX as u64) as i64)))}
        }
        .into_any(),
    }
}

#[component]
pub fn BlastRadius(opened: Opened) -> impl IntoView {
    let radius = opened.view().reviewed.blast_radius.clone();
    let cell = |field: Field<u64>, one: &'static str, many: &'static str| match field {
        Field::Is(n) => view! {
            <div>
                <dt>{if n == 1 { one } else { many }}</dt>
                <dd>{count(n)}</dd>
            </div>
        }
        .into_any(),
        Field::Missing(missing) => absent(missing.words(), many),
        Field::Absent => absent("not recorded", many),
    };
    view! {
        <section aria-label="Blast radius" data-section=Section::BlastRadius.key()>
            <h2>"Blast radius"</h2>
            <dl class="blast">
                {cell(radius.resources, "resource", "resources")} {cell(radius.accounts, "account", "accounts")}
                {cell(radius.regions, "region", "regions")} {cell(radius.customers, "customer", "customers")}
            </dl>
        </section>
    }
}

fn absent(words: &'static str, many: &'static str) -> AnyView {
    view! {
        <div class="tone-unknown">
            <dt>{many}</dt>
            <dd class="row ink">
                <Icon name=IconName::Question small=true />
                {words}
            </dd>
        </div>
    }
    .into_any()
}
