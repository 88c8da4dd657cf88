//! The exact bytes behind both digests, as the endpoint serves them, with the digests recomputed here. Escapes
//! are drawn in the text; the copied text is the bytes themselves.

use super::opened::Opened;
use crate::state::{Trouble, tasks};
use crate::ui::{CopyButton, Dialog, Failure, Icon, IconName, Skeleton, effect, view};
use crate::views::parts::Said;
use crate::words::counted;
use leptos::prelude::*;
use oversight::digest::Digest;

type Bytes = RwSignal<Option<Result<String, Trouble>>>;

#[component]
pub fn CanonicalDialog(opened: Opened) -> impl IntoView {
    let view = opened.view();
    let (id, version) = (view.id, view.version);
    let title = Signal::derive(move || format!("Canonical bytes of {id}, version {version}"));
    let (reviewed, action): (Bytes, Bytes) = (RwSignal::new(None), RwSignal::new(None));
    let load = move |bytes: Bytes, of_action: bool| {
        bytes.set(None);
        let done = Callback::new(move |(outcome,): (Result<String, Trouble>,)| drop(bytes.try_set(Some(outcome))));
        tasks::load_canonical(id, version, of_action, done);
    };
    effect(move || {
        if opened.bytes.get() {
            for (bytes, of_action) in [(reviewed, false), (action, true)] {
                if !bytes.with_untracked(|bytes| matches!(bytes, Some(Ok(_)))) {
                    load(bytes, of_action);
                }
            }
        }
    });
    let (digest, action_digest) = (view.digest, view.reviewed.action_digest);
    let own = view.reviewed.canonical().ok();
    let own_action = view.reviewed.action_canonical().ok();
    view! {
        <Dialog open=opened.bytes on_close=move |()| opened.bytes.set(false) title wide=true>
            <Block
                heading="What a review signs"
                named=digest
                own=own.clone()
                bytes=reviewed
                retry=Callback::new(move |()| load(reviewed, false))
            />
            <Block
                heading="What the executor checks"
                named=action_digest
                own=own_action.clone()
                bytes=action
                retry=Callback::new(move |()| load(action, true))
            />
        </Dialog>
    }
}

#[component]
fn Block(
    heading: &'static str,
    named: Digest,
    own: Option<Vec<u8>>,
    bytes: Bytes,
    retry: Callback<()>,
) -> impl IntoView {
    view! {
        <section aria-label=heading>
            <h3>{heading}</h3>
            {move || match bytes.get() {
                None => view! { <Skeleton lines=4 label="Loading the bytes" /> }.into_any(),
                Some(Err(trouble)) => {
                    view! {
                        <Failure happened=trouble.what kept=trouble.kept to_do=trouble.next on_retry=retry />
                    }
                        .into_any()
                }
                Some(Ok(text)) => {
                    let recomputed = Digest::of(text.as_bytes());
                    let same_as_shown = own.as_deref() == Some(text.as_bytes());
                    let (tone, icon, verdict) = match (recomputed == named, same_as_shown) {
                        (true, true) => {
                            ("tone-approved", IconName::Ok, "Equal to the digest named, and the same bytes as what is shown on this page.")
                        }
                        (true, false) => {
                            ("tone-critical", IconName::Warn, "Equal to the digest named, but not the bytes of what is shown on this page.")
                        }
                        (false, _) => ("tone-critical", IconName::Warn, "Not equal to the digest named."),
                    };
                    view! {
                        <dl class="sign">
                            <dt>"named"</dt>
                            <dd class="dg whole">{named.to_string()}</dd>
                            <dt>"recomputed"</dt>
                            <dd class="dg whole">{recomputed.to_string()}</dd>
                        </dl>
                        <p class=format!("sm row ink {tone}")>
                            <Icon name=icon />
                            {verdict}
                        </p>
                        <p class="sm row">
                            {counted(text.len() as u64, "byte", "bytes")} ", SHA-256 "
                            <CopyButton text=text.clone() label="these bytes" />
                        </p>
                        <pre class="bytes" tabindex="0" style:white-space="pre-wrap">
                            <Said text />
                        </pre>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}
