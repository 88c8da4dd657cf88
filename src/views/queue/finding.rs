//! The findings of the open version: what is wrong, the text it is about with its escapes in place, and for
//! those of high severity the box that acknowledges it.

use super::compare::field_text;
use super::looking::Section;
use super::opened::Opened;
use crate::ui::{Check, Icon, IconName, view};
use crate::views::parts::Said;
use leptos::prelude::*;
use oversight::change::acknowledgement;
use oversight::finding::Finding;
use oversight::state::State;
use oversight::vocabulary::Severity;

#[component]
pub fn Findings(opened: Opened) -> impl IntoView {
    let mut findings: Vec<Finding> = Vec::new();
    for finding in &opened.view().reviewed.findings {
        let place = findings.partition_point(|other| other.severity >= finding.severity);
        findings.insert(place, finding.clone());
    }
    let drawn = findings.into_iter().map(|finding| one(opened, finding)).collect_view();
    view! {
        <section class="findings" aria-label="Findings" data-section=Section::Findings.key()>
            {drawn}
        </section>
    }
}

fn one(opened: Opened, finding: Finding) -> impl IntoView {
    let (tone, icon) = match finding.severity {
        Severity::High => {
            ("tone-critical", if finding.code_points.is_empty() { IconName::Warn } else { IconName::EyeOff })
        }
        Severity::Medium => ("tone-high", IconName::Warn),
        Severity::Low => ("tone-moderate", IconName::Warn),
        Severity::Info => ("tone-neutral", IconName::Info),
    };
    let high = finding.severity == Severity::High;
    let slim = if high { "" } else { " slim" };
    let name = acknowledgement(&finding);
    let text = opened.shown.with_value(|view| field_text(&view.reviewed, &finding.field));
    let at = finding.position.map(|position| format!(", from character {}", position + 1)).unwrap_or_default();
    let points = finding.code_points.join(" ");
    let severity = finding.severity.to_string();
    // Only where there is a decision that it could go with.
    let pending = opened.shown.with_value(|view| view.state == State::Pending);
    let box_of = (high && pending).then(|| {
        let (noted, set) = (name.clone(), name.clone());
        let me = move || opened.me();
        view! {
            <Check
                label=format!("I have seen this: {}", finding.title)
                checked=Signal::derive(move || opened.acknowledged.with(|acknowledged| acknowledged.contains(&noted)))
                on_change=move |on| opened.acknowledged.update(|acknowledged| acknowledged.set(set.clone(), on))
            />
            <span class="vh">{move || format!("Goes into the record of the review by {}", me())}</span>
        }
    });
    view! {
        <div class=format!("finding {tone}{slim}")>
            <Icon name=icon label=format!("{severity} severity") />
            <div>
                <h2>{finding.title.clone()}</h2>
                {text.map(|text| view! { <p><code><Said text /></code></p> })}
                <p>{finding.detail.clone()}</p>
                <p class="small">
                    "In " <code><Said text=finding.field.clone() /></code> {at}
                    {(!points.is_empty()).then(|| format!(": {points}"))}
                </p>
                {box_of}
            </div>
            <span class="rule">{finding.rule.clone()} {format!(", {severity}")}</span>
        </div>
    }
}
