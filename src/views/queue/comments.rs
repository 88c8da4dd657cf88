//! What people and the agent said about the change, and the field to say something. A question to the agent
//! is a comment; the agent reads it there.

use super::looking::Section;
use super::opened::{COMMENTS, Opened};
use crate::state::{Trouble, tasks};
use crate::ui::{Button, For, Icon, IconName, Kbd, TextArea, memo, view};
use crate::views::parts::{AtNear, Said, SaidLines};
use crate::words::initials;
use leptos::prelude::*;
use oversight::capability::{Deed, may};
use oversight::contract::{CommentView, MAX_REASON};
use oversight::vocabulary::Role;

#[component]
pub fn Comments(opened: Opened) -> impl IntoView {
    let app = opened.app;
    let comments = memo(move || opened.standing.with(|view| view.comments.clone()));
    let text = RwSignal::new(String::new());
    let sending = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let blocked = Signal::derive(move || {
        if let Some(reason) = app.read_only() {
            return Some(reason);
        }
        let role = app.me()?.role;
        if let Err(refusal) = may(Deed::Comment, role, opened.standing.with(|view| view.state)) {
            return Some(refusal.reason);
        }
        if sending.get() {
            return Some("The comment is on its way.".to_owned());
        }
        text.with(|text| match text.trim().len() {
            0 => Some("Write something first.".to_owned()),
            bytes if bytes > MAX_REASON => Some(format!("{bytes} bytes; at most {MAX_REASON} are kept. Shorten it.")),
            _ => None,
        })
    });
    let send = Callback::new(move |()| {
        if blocked.get_untracked().is_some() {
            return;
        }
        sending.set(true);
        trouble.set(None);
        let done = Callback::new(move |(outcome,): (Result<CommentView, Trouble>,)| {
            sending.try_set(false);
            match outcome {
                Ok(_) => {
                    text.try_set(String::new());
                    app.announce("The comment is recorded.");
                }
                Err(why) => {
                    app.announce(why.what.clone());
                    trouble.try_set(Some(why));
                }
            }
        });
        tasks::comment(app, opened.id, text.with_untracked(|text| text.trim().to_owned()), done);
    });
    let error = Signal::derive(move || {
        trouble.get().map(|trouble| format!("{} {} {}", trouble.what, trouble.kept, trouble.next))
    });
    view! {
        <section aria-labelledby=COMMENTS data-section=Section::Comments.key()>
            <h2 id=COMMENTS>
                "Comments" <span class="t3">{move || comments.with(Vec::len)}</span>
                <span class="push">
                    <Kbd keys=&["c"] />
                </span>
            </h2>
            <ol class="cmts">
                <For each=move || comments.get() key=|comment| comment.sequence let:comment>
                    <One comment />
                </For>
            </ol>
            <form
                class="compose"
                on:submit=move |event| event.prevent_default()
                on:keydown=move |event| {
                    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.repeat() {
                        event.prevent_default();
                        send.run(());
                    }
                }
            >
                <TextArea label="Comment, or ask the agent" value=text error node=opened.comment_field />
                <Button on_press=send blocked reason_elsewhere=true keys=&["Ctrl", "↵"] shortcut="Control+Enter">
                    "Comment"
                </Button>
            </form>
        </section>
    }
}

#[component]
fn One(comment: CommentView) -> impl IntoView {
    let agent = comment.role == Role::Agent;
    let role = comment.role.to_string();
    let words = if agent {
        view! { "“" <SaidLines text=comment.text /> "”" }.into_any()
    } else {
        view! { <SaidLines text=comment.text /> }.into_any()
    };
    let square = if agent {
        view! { <Icon name=IconName::Bot small=true /> }.into_any()
    } else {
        initials(&comment.author).into_any()
    };
    view! {
        <li class="cmt" class:agent=agent>
            <span class="av" aria-hidden="true">
                {square}
            </span>
            <div>
                <b>
                    <Said text=comment.author />
                </b>
                " "
                <span class="t3 sm">
                    <AtNear at=comment.time /> {agent.then(|| format!(", {role}"))}
                </span>
                " "
                <p>{words}</p>
            </div>
        </li>
    }
}
