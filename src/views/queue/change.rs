//! The open change: the order of its sections, the banner of a newer version, and the rail beside it. Each
//! section is in its own room.

use super::canonical::CanonicalDialog;
use super::classification::Classified;
use super::comments::Comments;
use super::desk::Desk;
use super::diff::SinceLastLook;
use super::facts::FactsOf;
use super::finding::Findings;
use super::focus::focus_id;
use super::head::Head;
use super::history::History;
use super::opened::{Opened, TITLE};
use super::plan::{BlastRadius, Plans};
use super::rail::Rail;
use crate::ui::{Button, ButtonLook, Icon, IconName, effect, live, view};
use leptos::html;
use leptos::prelude::*;
use oversight::contract::ChangeView;
use std::sync::Arc;
use std::time::Duration;

/// After how long on the screen a version counts as seen, in milliseconds.
const SEEN_AFTER_MS: u64 = 1_000;

#[component]
pub fn Change(view: Arc<ChangeView>, show_newest: Callback<()>) -> impl IntoView {
    let desk = Desk::get();
    // It was found there a moment ago; changes are never taken out while the page stands but at sign-out.
    let row = desk.app.changes.get(view.id)?;
    // Before this version is marked as seen itself.
    let seen = desk.app.seen.last_version(view.id);
    let opened = Opened::new(desk, view.clone(), row);
    opened.register();
    let (id, version) = (view.id, view.version);
    let seen_soon = set_timeout_with_handle(
        move || desk.app.seen.mark(id, version, desk.app.now_exact()),
        Duration::from_millis(SEEN_AFTER_MS),
    );
    on_cleanup(move || drop(seen_soon.map(|handle| handle.clear())));

    let article = NodeRef::<html::Article>::new();
    let owner = Owner::current();
    effect(move || {
        let Some(article) = article.get() else { return };
        let owner = owner.clone();
        request_animation_frame(move || {
            // What the observer leaves behind is cleaned up with the change.
            if let (Some(owner), Some(around)) = (owner, article.parent_element()) {
                owner.with(|| opened.watch.observe(&around));
            }
            if !typing() {
                focus_id(TITLE, true);
            }
        });
    });
    let with_findings = !view.reviewed.findings.is_empty();
    Some(view! {
        <article class="chg" aria-labelledby=TITLE node_ref=article>
            <a class="back only-narrow" href=move || desk.href(None)>
                <Icon name=IconName::Back small=true />
                "All changes"
            </a>
            <Newer opened show_newest />
            <Head opened />
            {with_findings.then(|| view! { <Findings opened /> })}
            <FactsOf opened />
            <SinceLastLook opened seen />
            <Plans opened />
            <BlastRadius opened />
            <Classified opened />
            <Comments opened />
            <History opened />
        </article>
        <Rail opened />
        <CanonicalDialog opened />
    })
}

/// Whether the reader is in the middle of a word.
fn typing() -> bool {
    let active = document().active_element();
    active.is_some_and(|active| active.matches("input, textarea, select").unwrap_or(false))
}

/// Announces a newer version and offers it; what is shown stays until then.
#[component]
fn Newer(opened: Opened, show_newest: Callback<()>) -> impl IntoView {
    live(move || {
        opened.newer.get().map(|newer| {
            view! {
                <div class="fresh" role="region" aria-label="New version">
                    <Icon name=IconName::Superseded />
                    <span>{format!("Version {newer} is here.")}</span>
                    <Button look=ButtonLook::Small on_press=show_newest>
                        {format!("Show version {newer}")}
                    </Button>
                </div>
            }
        })
    })
}
