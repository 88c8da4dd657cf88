//! What a view shows when it has nothing to show: empty, failed, first run, and loading. The words are the views'.

use leptos::prelude::*;

use super::button::Button;
use super::digest::CopyButton;
use super::erased::view;
use super::icon::{Icon, IconName};

/// Nothing here, and that is in order: one sentence why, one next step as children.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(into)] why: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="state empty">
            <h2>{title}</h2>
            <p>{why}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// Something went wrong: what happened, what was kept, what to do. `on_retry` adds the button.
#[component]
pub fn Failure(
    #[prop(into)] happened: String,
    #[prop(into)] kept: String,
    #[prop(into)] to_do: String,
    #[prop(optional, into)] on_retry: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <div class="state failure" role="alert">
            <h2>
                <Icon name=IconName::Failed />
                {happened}
            </h2>
            <p>{kept}</p>
            <p>{to_do}</p>
            {on_retry
                .map(|on_press| {
                    view! {
                        <Button on_press icon=IconName::Refresh>
                            "Try again"
                        </Button>
                    }
                })}
        </div>
    }
}

/// The first run: what to do, step by step, each with the lines to run.
#[component]
pub fn FirstRun(
    #[prop(into)] title: String,
    #[prop(into)] why: String,
    /// A step's sentence and its command lines.
    steps: Vec<(String, String)>,
) -> impl IntoView {
    let steps = steps
        .into_iter()
        .map(|(says, lines)| {
            view! {
                <li>
                    <p>{says}</p>
                    <CommandLines lines />
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="state first">
            <h2>{title}</h2>
            <p>{why}</p>
            <ol class="todo">{steps}</ol>
        </div>
    }
}

/// Lines to run in a shell, with a button that copies them.
#[component]
pub fn CommandLines(#[prop(into)] lines: String) -> impl IntoView {
    view! {
        <div class="cmd">
            <pre tabindex="0">{lines.clone()}</pre>
            <CopyButton text=lines label="these lines" />
        </div>
    }
}

/// Bones in the place of what is coming, on the first load only; they appear after 300 ms (by style).
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 9)]
    lines: usize,
    #[prop(into)] label: String,
) -> impl IntoView {
    view! {
        <div class="skel" role="status">
            <span class="vh">{label}</span>
            {(0..lines).map(|_| view! { <i aria-hidden="true"></i> }).collect_view()}
        </div>
    }
}

/// Two pixels under the bar while something is being fetched and the old content stays.
#[component]
pub fn LoadLine(#[prop(into)] busy: Signal<bool>) -> impl IntoView {
    view! { <div class="loadline" class:on=move || busy.get() aria-hidden="true"></div> }
}
