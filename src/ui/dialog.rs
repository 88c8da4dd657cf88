//! What floats: the modal dialog and the popover, both the browser's own, so that focus is kept inside, Esc closes
//! and focus returns to where it was without any script of ours.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::button::{Button, ButtonLook, fresh_id};
use super::erased::{Show, effect, view};

/// A modal dialog, drawn while `open` holds. Esc, the close button and a click beside it run `on_close`, which
/// should clear `open`.
#[component]
pub fn Dialog(
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] on_close: Callback<()>,
    #[prop(into)] title: Signal<String>,
    /// 920 px instead of 560, for bytes and tables.
    #[prop(optional)]
    wide: bool,
    /// Buttons along the bottom.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let heading = fresh_id("dialog");
    effect(move || {
        let wanted = open.get();
        let Some(dialog) = node.get() else { return };
        if wanted && !dialog.open() {
            // It throws only for a dialog that has left the page, which then needs no opening.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    let beside = move |event: leptos::ev::MouseEvent| {
        let on_itself = event.target().zip(node.get_untracked()).is_some_and(|(target, dialog)| {
            target.dyn_ref::<web_sys::Element>().is_some_and(|element| {
                let dialog: &web_sys::Element = dialog.as_ref();
                element == dialog
            })
        });
        if on_itself {
            on_close.run(());
        }
    };
    let footer = StoredValue::new(footer);
    let children = StoredValue::new(children);
    let labelled = heading.clone();
    view! {
        <dialog
            class=if wide { "dlg broad" } else { "dlg" }
            node_ref=node
            aria-labelledby=labelled
            on:close=move |_| {
                if open.get_untracked() {
                    on_close.run(());
                }
            }
            on:click=beside
        >
            <div class="sheet">
                <header>
                    <h2 id=heading>{move || title.get()}</h2>
                    <Button look=ButtonLook::Small on_press=on_close>
                        "Close"
                    </Button>
                </header>
                <Show when=move || open.get()>
                    <div class="body">{children.with_value(|children| children())}</div>
                    {footer.with_value(|footer| footer.as_ref().map(|footer| view! { <footer>{footer.run()}</footer> }))}
                </Show>
            </div>
        </dialog>
    }
}

/// A light popover under the bar. Any button with `popovertarget=id` opens it; a click elsewhere or Esc closes it.
#[component]
pub fn Popover(id: &'static str, #[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <div class="pop" id=id popover="auto" role="group" aria-label=label>
            {children()}
        </div>
    }
}
