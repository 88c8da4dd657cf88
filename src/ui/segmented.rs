//! One of several, as real radio buttons: small and side by side (`Segmented`), and the decision's two (`Choice`),
//! which start with nothing chosen and can be blocked with a reason.

use leptos::prelude::*;

use super::button::fresh_id;
use super::erased::view;
use super::icon::{Icon, IconName};

/// A row of short options. `label` names the group for those who can't see it.
#[component]
pub fn Segmented<T>(
    #[prop(into)] label: String,
    options: Vec<(T, &'static str)>,
    #[prop(into)] value: Signal<T>,
    #[prop(into)] on_change: Callback<T>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let name = fresh_id("seg");
    let options = options
        .into_iter()
        .map(|(option, text)| {
            view! {
                <label>
                    <input
                        class="vh"
                        type="radio"
                        name=name.clone()
                        prop:checked=move || value.get() == option
                        on:change=move |_| on_change.run(option)
                    />
                    <span>{text}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class=format!("seg {class}")>
            <legend class="vh">{label}</legend>
            {options}
        </fieldset>
    }
}

/// Which side of a decision an option is; it sets the colour once chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChoiceSide {
    Refuse,
    Agree,
}

#[derive(Clone, Copy, Debug)]
pub struct ChoiceOption<T> {
    pub value: T,
    pub text: &'static str,
    pub side: ChoiceSide,
    pub key: &'static str,
}

/// Options of equal size, none chosen before the reader does. While `blocked` holds a reason, nothing can be chosen
/// and the reason is read with each; the view shows it once, beside the group.
#[component]
pub fn Choice<T>(
    #[prop(into)] label: String,
    options: Vec<ChoiceOption<T>>,
    #[prop(into)] value: Signal<Option<T>>,
    #[prop(into)] on_change: Callback<T>,
    #[prop(optional, into)] blocked: Signal<Option<String>>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let name = fresh_id("choice");
    let why = fresh_id("why");
    let options = options
        .into_iter()
        .map(|ChoiceOption { value: option, text, side, key }| {
            let (class, icon) = match side {
                ChoiceSide::Refuse => ("btn refuse", IconName::X),
                ChoiceSide::Agree => ("btn agree", IconName::Check),
            };
            let why = why.clone();
            view! {
                <label class=class>
                    <input
                        class="vh"
                        type="radio"
                        name=name.clone()
                        aria-keyshortcuts=key
                        aria-disabled=move || blocked.with(Option::is_some).then_some("true")
                        aria-describedby=move || blocked.with(Option::is_some).then(|| why.clone())
                        prop:checked=move || value.get() == Some(option)
                        on:click=move |event| {
                            if blocked.with_untracked(Option::is_some) {
                                event.prevent_default();
                            }
                        }
                        on:change=move |_| {
                            if blocked.with_untracked(Option::is_none) {
                                on_change.run(option);
                            }
                        }
                    />
                    <Icon name=icon />
                    {text}
                    <kbd aria-hidden="true">{key}</kbd>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choice">
            <legend class="vh">{label}</legend>
            {options}
        </fieldset>
        {move || blocked.get().map(|reason| view! { <p class="why" id=why.clone()>{reason}</p> })}
    }
}
