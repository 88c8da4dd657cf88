//! The bar over the list while changes are selected: how many, and what can be decided of them together. The
//! dialog that it opens is `bulk`.

use super::desk::Desk;
use super::picking::sorted;
use crate::ui::{Button, ButtonLook, Show, memo, view};
use leptos::prelude::*;
use oversight::vocabulary::Decision;

/// How many are selected and what can be done with them.
#[component]
pub fn BulkBar() -> impl IntoView {
    let desk = Desk::get();
    let n = memo(move || desk.picked.with(|picked| picked.len()));
    let together = move |decision: Decision| {
        let views = desk.picked_views();
        sorted(views.iter().map(AsRef::as_ref), decision).together.len()
    };
    let approve = memo(move || together(Decision::Approve));
    let reject = memo(move || together(Decision::Reject));
    let blocked = Signal::derive(move || desk.app.read_only());
    view! {
        <Show when=move || { n.get() > 0 }>
            <div class="bulk" role="group" aria-label="Selected changes">
                <span>{move || format!("{} selected", n.get())}</span>
                <Button
                    look=ButtonLook::Small
                    blocked
                    reason_elsewhere=true
                    on_press=move |()| desk.bulk.set(Some(Decision::Reject))
                >
                    {move || format!("Reject {} …", reject.get())}
                </Button>
                <Button
                    look=ButtonLook::Small
                    blocked
                    reason_elsewhere=true
                    on_press=move |()| desk.bulk.set(Some(Decision::Approve))
                >
                    {move || format!("Approve {} …", approve.get())}
                </Button>
                <Button look=ButtonLook::Link label="Clear the selection" on_press=move |()| desk.picked.set(Default::default())>
                    "Clear"
                </Button>
            </div>
        </Show>
    }
}
