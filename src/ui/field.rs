//! Fields with a visible label, whether they must be filled, and what is wrong with what stands in them.
//! A field keeps no value: the signal it is given does.

use leptos::prelude::*;

use super::button::fresh_id;
use super::erased::view;
use super::icon::{Icon, IconName};

#[component]
fn Frame(
    id: String,
    label: String,
    required: Option<bool>,
    hint: Option<String>,
    error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let note = format!("{id}-note");
    view! {
        <div class="field">
            <label for=id>
                {label}
                {required.map(|it| view! { <span class="tag">{if it { "required" } else { "optional" }}</span> })}
            </label>
            {children()}
            <div id=note role="status">
                {move || match (error.get(), &hint) {
                    (Some(error), _) => {
                        view! {
                            <p class="error">
                                <Icon name=IconName::Warn small=true />
                                {error}
                            </p>
                        }
                            .into_any()
                    }
                    (None, Some(hint)) => view! { <p class="hint">{hint.clone()}</p> }.into_any(),
                    (None, None) => ().into_any(),
                }}
            </div>
        </div>
    }
}

/// One line of text.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    /// Whether it says `required` or `optional`; left out, it says neither.
    #[prop(optional)]
    required: Option<bool>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] readonly: Signal<bool>,
    #[prop(optional)] node: NodeRef<leptos::html::Input>,
) -> impl IntoView {
    let id = fresh_id("field");
    let note = format!("{id}-note");
    view! {
        <Frame id=id.clone() label required hint error>
            <input
                class="in"
                id=id
                node_ref=node
                aria-describedby=note
                aria-required=required.filter(|it| *it).map(|_| "true")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                readonly=readonly
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </Frame>
    }
}

/// Several lines of text. `required` may change while it is open, as a rejection needs a reason and an approval
/// does not.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] required: Signal<Option<bool>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] readonly: Signal<bool>,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] node: NodeRef<leptos::html::Textarea>,
) -> impl IntoView {
    let id = fresh_id("field");
    let note = format!("{id}-note");
    view! {
        <div class="field">
            <label for=id.clone()>
                {label}
                {move || {
                    required
                        .get()
                        .map(|it| view! { <span class="tag">{if it { "required" } else { "optional" }}</span> })
                }}
            </label>
            <textarea
                class="ta"
                id=id
                node_ref=node
                placeholder=placeholder
                aria-describedby=note.clone()
                aria-required=move || (required.get() == Some(true)).then_some("true")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                readonly=readonly
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
            <div id=note role="status">
                {move || {
                    error
                        .get()
                        .map(|error| {
                            view! {
                                <p class="error">
                                    <Icon name=IconName::Warn small=true />
                                    {error}
                                </p>
                            }
                        })
                }}
            </div>
        </div>
    }
}

/// One of many, as the browser's own list. Options are value and text; the first is usually `("", "all")`.
#[component]
pub fn Select(
    #[prop(into)] label: String,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
) -> impl IntoView {
    view! {
        <label class="sel" class:set=move || value.with(|value| !value.is_empty())>
            {label}
            <select on:change=move |event| on_change.run(event_target_value(&event))>
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(key, text)| {
                            let chosen = {
                                let key = key.clone();
                                move || value.with(|value| *value == key)
                            };
                            view! {
                                <option value=key prop:selected=chosen>
                                    {text}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
            <Icon name=IconName::Down small=true />
        </label>
    }
}

/// A box that filters as one types.
#[component]
pub fn SearchBox(
    /// Its name, and what it searches: `Filter by agent, service, state`.
    label: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    /// The key that focuses it, shown while it is empty.
    #[prop(optional)]
    key: Option<&'static str>,
    #[prop(optional)] node: NodeRef<leptos::html::Input>,
) -> impl IntoView {
    let cap =
        move || value.with(String::is_empty).then(|| key.map(|key| view! { <kbd aria-hidden="true">{key}</kbd> }));
    view! {
        <label class="box">
            <Icon name=IconName::Search small=true />
            <input
                type="search"
                node_ref=node
                aria-label=label
                aria-keyshortcuts=key
                placeholder=label
                autocomplete="off"
                spellcheck="false"
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
            />
            {cap}
        </label>
    }
}

/// A box to tick, with its sentence.
#[component]
pub fn Check(
    #[prop(into)] label: String,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    /// What the label goes on with, where text alone can't say it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let rest = children.map(|children| children());
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || checked.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>{label} {rest}</span>
        </label>
    }
}
