//! An outline's lines on the page: labels and values, every text escaped, every absence by its kind.

use super::cells::Moment;
use super::outline::{Line, Shown};
use crate::paths::Route;
use crate::ui::{Digest, view};
use crate::views::parts::{Gone, Said, SaidLines};
use crate::words;
use leptos::prelude::*;

#[component]
pub fn Lines(
    lines: Vec<Line>,
    /// Labels are paths in the JSON, set in monospace.
    #[prop(optional)]
    paths: bool,
) -> impl IntoView {
    let lines = lines
        .into_iter()
        .map(|line| {
            let path = paths || line.label.contains(['.', '[']);
            let text = line.label;
            let label =
                if path { view! { <code><Said text /></code> }.into_any() } else { view! { <Said text /> }.into_any() };
            view! {
                <div class:path=path>
                    <dt>{label}</dt>
                    <dd><Values values=line.values /></dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="kv lines">{lines}</dl> }
}

#[component]
pub fn Values(values: Vec<Shown>) -> impl IntoView {
    let several = values.len() > 1;
    values
        .into_iter()
        .map(|value| if several { view! { <div>{draw(value)}</div> }.into_any() } else { draw(value) })
        .collect_view()
}

fn draw(value: Shown) -> AnyView {
    match value {
        Shown::Gone(missing) => view! { <Gone missing /> }.into_any(),
        Shown::Text(text) | Shown::Word(text) => view! { <Said text /> }.into_any(),
        Shown::Code(text) => view! { <code><Said text /></code> }.into_any(),
        Shown::Quote(text) => view! { <div class="says">"“"<SaidLines text />"”"</div> }.into_any(),
        Shown::Count(count) => words::count(count).into_any(),
        Shown::Time(when) => view! { <Moment when=Ok(when) /> }.into_any(),
        Shown::Change(id) => view! { <a href=Route::change(id).href()>{id.to_string()}</a> }.into_any(),
        Shown::Agent(uid) => view! { <a href=Route::agent(&uid).href()><Said text=uid.clone() /></a> }.into_any(),
        Shown::Digest(value) => view! { <Digest value label="the digest" /> }.into_any(),
        Shown::Link(text) => {
            view! { <a href=text.clone() rel="noreferrer noopener" target="_blank"><Said text=text.clone() /></a> }
                .into_any()
        }
        Shown::EmptyList => view! { <span class="t2">"none"</span> }.into_any(),
    }
}
