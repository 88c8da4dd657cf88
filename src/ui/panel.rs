//! Surfaces and what is folded inside them, and a share drawn as one bar. No table (`table`), no dialog (`dialog`).

use leptos::prelude::*;

use super::button::fresh_id;
use super::erased::view;
use super::icon::{Icon, IconName};

/// A titled surface; `aside` stands at the far end of its header.
#[component]
pub fn Panel(
    #[prop(into)] title: String,
    #[prop(optional, into)] aside: ViewFn,
    #[prop(optional)] class: &'static str,
    /// Without padding, for a table or a list that reaches the edges.
    #[prop(optional)]
    flush: bool,
    children: Children,
) -> impl IntoView {
    let id = fresh_id("panel");
    let labelled = id.clone();
    view! {
        <section class=format!("panel {class}") aria-labelledby=labelled>
            <header>
                <h2 id=id>{title}</h2>
                <span class="push row">{aside.run()}</span>
            </header>
            <div class=if flush { "body flush" } else { "body" }>{children()}</div>
        </section>
    }
}

/// What opens in place, closed at first unless `open`.
#[component]
pub fn Disclosure(#[prop(into)] summary: ViewFn, #[prop(optional)] open: bool, children: Children) -> impl IntoView {
    view! {
        <details class="disc" open=open>
            <summary>
                <Icon name=IconName::Down small=true />
                {summary.run()}
            </summary>
            <div class="body">{children()}</div>
        </details>
    }
}

/// One part of a share bar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Share {
    Alone,
    ApprovedFirst,
    Unknown,
}

/// Parts of a whole in a fixed order, the unknown dotted rather than coloured. `label` says the figures in words.
#[component]
pub fn ShareBar(parts: Vec<(Share, u64)>, #[prop(into)] label: String) -> impl IntoView {
    let whole = parts.iter().map(|(_, n)| n).sum::<u64>().max(1) as f64;
    let bars = parts
        .into_iter()
        .filter(|&(_, n)| n > 0)
        .map(|(share, n)| {
            let class = match share {
                Share::Alone => "alone",
                Share::ApprovedFirst => "first",
                Share::Unknown => "unk",
            };
            view! { <i class=class style:width=format!("{:.2}%", n as f64 * 100.0 / whole)></i> }
        })
        .collect_view();
    view! {
        <div class="share" role="img" aria-label=label>
            {bars}
        </div>
    }
}
