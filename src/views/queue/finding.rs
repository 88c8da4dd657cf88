//! The findings of the open version: what is wrong, the text it is about with its escapes in place, each field that
//! it was found in, and for those of high severity a box a field that acknowledges it. What stands on one card is
//! `gathered`.

use super::compare::field_text;
use super::gathered::gathered;
use super::looking::Section;
use super::opened::Opened;
use crate::ui::{Check, Icon, IconName, view};
use crate::views::parts::Said;
use crate::words::counted;
use leptos::prelude::*;
use oversight::change::acknowledgement;
use oversight::finding::Finding;
use oversight::state::State;
use oversight::vocabulary::Severity;

#[component]
pub fn Findings(opened: Opened) -> impl IntoView {
    let heaps = gathered(&opened.view().reviewed.findings);
    let drawn = heaps.into_iter().map(|heap| card(opened, heap)).collect_view();
    view! {
        <section class="findings" aria-label="Findings" data-section=Section::Findings.key()>
            {drawn}
        </section>
    }
}

fn card(opened: Opened, heap: Vec<Finding>) -> impl IntoView {
    let finding = heap[0].clone();
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
    let texts: Vec<Option<String>> = opened.shown.with_value(|view| {
        let version = &view.reviewed;
        heap.iter().map(|finding| field_text(version, &finding.field)).collect()
    });
    // The same text in every field is said once; otherwise it stands with its field.
    let shared = texts.iter().all(|text| *text == texts[0]);
    let text = texts[0].clone().filter(|_| shared);
    let points = finding.code_points.join(" ");
    let severity = finding.severity.to_string();
    let in_fields = (heap.len() > 1).then(|| counted(heap.len() as u64, "field", "fields"));
    // Only where there is a decision that it could go with.
    let boxes = high && opened.shown.with_value(|view| view.state == State::Pending);
    let fields = heap
        .into_iter()
        .zip(texts)
        .map(|(finding, text)| {
            let text = text.filter(|_| !shared);
            view! {
                <li>
                    {if boxes { acknowledged_in(opened, finding) } else { view! { "In " {place(&finding)} } }}
                    {text.map(|text| view! { <p class="there"><code><Said text /></code></p> })}
                </li>
            }
        })
        .collect_view();
    let record = boxes.then(|| view! { <p class="vh">"What you acknowledge goes into the record of your review."</p> });
    view! {
        <div class=format!("finding {tone}{slim}")>
            <Icon name=icon label=format!("{severity} severity") />
            <div>
                <h2>{finding.title} {in_fields.map(|fields| view! { <span class="t3">"in " {fields}</span> })}</h2>
                {text.map(|text| view! { <p><code><Said text /></code></p> })}
                <p>
                    {finding.detail}
                    {(!points.is_empty()).then(|| view! { " " <span class="points">{points}</span> })}
                </p>
                {record}
            </div>
            <span class="rule">{finding.rule} {format!(", {severity}")}</span>
            <ul>{fields}</ul>
        </div>
    }
}

/// The box that acknowledges one finding in its field.
fn acknowledged_in(opened: Opened, finding: Finding) -> AnyView {
    let name = acknowledgement(&finding);
    let noted = name.clone();
    view! {
        <Check
            label="Seen in "
            checked=Signal::derive(move || opened.acknowledged.with(|acknowledged| acknowledged.contains(&noted)))
            on_change=move |on| opened.acknowledged.update(|acknowledged| acknowledged.set(name.clone(), on))
        >
            {place(&finding)}
        </Check>
    }
}

/// The field, and from where in it.
fn place(finding: &Finding) -> AnyView {
    let at = finding.position.map(|position| format!(", from character {}", position + 1));
    view! { <code><Said text=finding.field.clone() /></code> {at} }
}
