//! What an agent may do, which stays not recorded until grants are imported, and what it was seen to do, by
//! access level.

use super::desk::AgentPart;
use super::figures::{Level, by_level, is_cut};
use crate::ui::{Icon, IconName, live, view};
use crate::views::parts::{AtNear, Gone, Said};
use crate::words;
use leptos::prelude::*;
use oversight::contract::UsedOperation;
use oversight::missing::Field;
use oversight::vocabulary::AccessLevel;

/// The grants, or why there are none to show.
#[component]
pub fn May(part: AgentPart) -> impl IntoView {
    let grants = part.of(|agent| agent.grants.clone());
    let body = live(move || {
        match grants.get() {
        Field::Is(grants) if grants.is_empty() => view! { <p class="sm t2">"Nothing is granted."</p> }.into_any(),
        Field::Is(grants) => {
            let grants = grants.into_iter().map(|grant| view! { <li><code><Said text=grant /></code></li> }).collect_view();
            view! { <ul class="grants">{grants}</ul> }.into_any()
        }
        Field::Missing(missing) => view! {
            <p class="sm"><Gone missing=Some(missing) /></p>
            <p class="sm t2">"Grants are not imported here yet. What follows is what it was seen to do, which says nothing about what it could."</p>
        }
        .into_any(),
        Field::Absent => view! { <p class="sm"><Gone missing=None /></p> }.into_any(),
    }
    });
    view! { <section><h3>"What it may do"</h3>{body}</section> }
}

/// The operations it was seen to use.
#[component]
pub fn Did(part: AgentPart) -> impl IntoView {
    let used = part.of(|agent| agent.used.clone());
    let body = live(move || {
        let used = used.get();
        if used.is_empty() {
            return view! { <p class="sm t2">"No action of its is recorded here."</p> }.into_any();
        }
        let cut = is_cut(&used)
            .then(|| view! { <p class="xs t3">"The 200 most used operations; the rest is in its records."</p> });
        let levels = by_level(&used).into_iter().map(|level| view! { <LevelRows level /> }).collect_view();
        view! {
            <table class="tb did" aria-label="Operations used, by access level">
                <thead>
                    <tr>
                        <th scope="col">"Operation, last used"</th>
                        <th scope="col" class="num">"Count"</th>
                        <th scope="col" class="num">"Failed"</th>
                    </tr>
                </thead>
                {levels}
            </table>
            {cut}
        }
        .into_any()
    });
    view! { <section><h3>"What it did"</h3>{body}</section> }
}

#[component]
fn LevelRows(level: Level) -> impl IntoView {
    let name = match level.level {
        AccessLevel::Unknown => view! {
            <span class="row ink tone-unknown"><Icon name=IconName::Question small=true /> "access unknown"</span>
        }
        .into_any(),
        known => known.as_str().replace('_', " ").into_any(),
    };
    let rows = level.used.into_iter().map(|used| view! { <Used used /> }).collect_view();
    view! {
        <tbody>
            <tr class="level">
                <th scope="rowgroup">{name}</th>
                <td class="num">{words::count(level.count)}</td>
                <td class="num">{words::count(level.failed)}</td>
            </tr>
            {rows}
        </tbody>
    }
}

#[component]
fn Used(used: UsedOperation) -> impl IntoView {
    view! {
        <tr>
            <th scope="row"><code><Said text=used.service />":"<wbr /><Said text=used.operation /></code>
                <span class="sub"><AtNear at=used.last /></span></th>
            <td class="num">{words::count(used.count)}</td>
            <td class="num" class:bad={used.failed > 0}>{words::count(used.failed)}</td>
        </tr>
    }
}
