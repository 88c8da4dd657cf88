//! Exact ends of the window: two of the browser's own date and time fields beside the presets, applied together, with
//! what is wrong said at the field it is wrong in.

use leptos::html;
use leptos::prelude::*;

use super::civil::{East, FieldFault, MINUTE, TimeWindow, field, read_field, zone_name};
use super::float::Float;
use super::presets::Brushed;
use crate::ui::button::{Button, ButtonLook, fresh_id};
use crate::ui::erased::view;
use crate::ui::icon::{Icon, IconName};

#[component]
pub(super) fn Calendar(chosen: Signal<TimeWindow>, east: Signal<East>, on_brush: Callback<Brushed>) -> impl IntoView {
    let popover = NodeRef::<html::Div>::new();
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (from_wrong, to_wrong) = (RwSignal::new(None::<&'static str>), RwSignal::new(None::<&'static str>));
    let opened = move |()| {
        let (window, east) = (chosen.get_untracked(), east.get_untracked());
        // Where nothing is recorded there is no day to begin from.
        let shown = |at: i64| if window.width() > 0 { field(at, east) } else { String::new() };
        from.set(shown(window.from));
        // Fields know minutes: the end is rounded up, so that nothing of the window is lost.
        to.set(shown(window.to.saturating_add(MINUTE - 1)));
        from_wrong.set(None);
        to_wrong.set(None);
    };
    let apply = move || {
        let read = |text: RwSignal<String>| text.with_untracked(|text| read_field(text, east.get_untracked()));
        let (first, last) = (read(from), read(to));
        let backwards = matches!((first, last), (Ok(first), Ok(last)) if last <= first);
        from_wrong.set(first.err().map(FieldFault::words));
        to_wrong.set(last.err().map(FieldFault::words).or(backwards.then_some("The end is not after the start.")));
        if let (Ok(first), Ok(last), false) = (first, last, backwards) {
            on_brush.run(Brushed { window: Some(TimeWindow::new(first, last)), preset: None, settled: true });
            if let Some(popover) = popover.get_untracked() {
                // It throws only where it is closed already.
                let _ = popover.hide_popover();
            }
        }
    };
    let zone = move || format!("Times are in {}.", zone_name(chosen.get().to, east.get()));
    view! {
        <Float word="Dates" label="Dates: start and end of the window" node=popover on_open=opened>
            <form
                class="dates"
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    apply();
                }
            >
                <DateField label="From" value=from wrong=from_wrong />
                <DateField label="To" value=to wrong=to_wrong />
                <p class="xs t3">{zone}</p>
                <Button look=ButtonLook::Plain submits=true on_press=move |()| ()>
                    "Apply"
                </Button>
            </form>
        </Float>
    }
}

#[component]
fn DateField(label: &'static str, value: RwSignal<String>, wrong: RwSignal<Option<&'static str>>) -> impl IntoView {
    let id = fresh_id("date");
    let note = format!("{id}-note");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="in"
                id=id
                type="datetime-local"
                aria-describedby=note.clone()
                aria-invalid=move || wrong.get().map(|_| "true")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            <div id=note role="status">
                {move || {
                    wrong
                        .get()
                        .map(|wrong| {
                            view! {
                                <p class="error">
                                    <Icon name=IconName::Warn small=true />
                                    {wrong}
                                </p>
                            }
                        })
                }}
            </div>
        </div>
    }
}
