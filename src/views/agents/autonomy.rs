//! The autonomy share: as a bar with its figures in words, and whole, with its definition. Below five cases
//! no share is drawn. What is counted is the endpoint's to say.

use super::desk::AgentPart;
use super::figures::percent;
use crate::ui::wording::share;
use crate::ui::{Disclosure, Share as Part, ShareBar, view};
use crate::words;
use leptos::prelude::*;
use oversight::contract::Share;

fn unknowns(share: &Share) -> String {
    format!("{} unknown", words::count(share.unknown))
}

/// The bar and its words, for a row.
#[component]
pub fn ShareOf(share: Share) -> impl IntoView {
    let unknown = unknowns(&share);
    if percent(&share).is_none() {
        let withheld = format!("withheld, n = {}, below 5", words::count(share.denominator));
        return view! { <span class="sub">{withheld}</span> <span class="sub">{unknown}</span> }.into_any();
    }
    let words = format!("{}, {unknown}", self::share(share.n, share.denominator));
    view! {
        <ShareBar parts=parts(&share) label=words.clone() />
        <span class="sub">{words}</span>
    }
    .into_any()
}

fn parts(share: &Share) -> Vec<(Part, u64)> {
    vec![
        (Part::Alone, share.n),
        (Part::ApprovedFirst, share.denominator.saturating_sub(share.n)),
        (Part::Unknown, share.unknown),
    ]
}

/// The figure whole, with its definition.
#[component]
pub fn Autonomy(part: AgentPart) -> impl IntoView {
    let autonomy = part.of(|agent| agent.autonomy.clone());
    let figure = move || {
        let share = autonomy.get();
        let of = format!(
            "{} of {} executed alone, {}",
            words::count(share.n),
            words::counted(share.denominator, "change", "changes"),
            unknowns(&share)
        );
        match percent(&share) {
            Some(percent) => view! {
                <p class="figure"><b>{format!("{percent}%")}</b> <span class="t2 sm">"ran without a person"</span></p>
                <ShareBar parts=parts(&share) label=of.clone() />
                <p class="sm t2">{of}</p>
            }
            .into_any(),
            None => view! {
                <p class="sm">"Share withheld: fewer than 5 executed changes."</p>
                <p class="sm t2">{of}</p>
            }
            .into_any(),
        }
    };
    view! {
        <section>
            <h3>"Autonomy share"</h3>
            {figure}
            <Disclosure summary=|| view! { "Definition" }>
                <p class="sm">
                    "Executions that the policy allowed without asking anybody, of all executions of this agent’s changes here. \
                     An execution whose policy decision is not recorded is in neither and counts as unknown. \
                     Imported records are not executions of changes, so they are in none of these. \
                     Below 5 executions the share is withheld."
                </p>
            </Disclosure>
        </section>
    }
}
