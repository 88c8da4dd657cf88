//! Opening records that are no endpoint's: a file dropped anywhere on the page, a file or an address in the dialog. What
//! is opened never leaves the browser.

use crate::paths::{OverviewQuery, Route};
use crate::state::{App, Source, route, tasks};
use crate::ui::{Button, ButtonLook, Dialog, Icon, IconName, Show, TextField, view};
use leptos::prelude::*;
use web_sys::{DragEvent, File, FileList, HtmlInputElement};

fn files_of(list: Option<FileList>) -> Vec<File> {
    list.map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default()
}

fn open(app: App, files: Vec<File>) {
    if !files.is_empty() {
        tasks::show_files(app, files);
        route::go(&Route::Overview(OverviewQuery::default()));
    }
}

/// Takes files that are dropped on the page, and shows where while they are dragged.
#[component]
pub fn Drop() -> impl IntoView {
    let app = App::get();
    // Entering a child comes before leaving its parent, so that both are counted.
    let over = RwSignal::new(0_i32);
    let has_files =
        |event: &DragEvent| event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0));
    let listeners = [
        window_event_listener(leptos::ev::dragenter, move |event| {
            if has_files(&event) {
                event.prevent_default();
                over.update(|over| *over += 1);
            }
        }),
        window_event_listener(leptos::ev::dragover, move |event| {
            if has_files(&event) {
                event.prevent_default();
            }
        }),
        window_event_listener(leptos::ev::dragleave, move |event| {
            if has_files(&event) {
                over.update(|over| *over = (*over - 1).max(0));
            }
        }),
        window_event_listener(leptos::ev::drop, move |event| {
            if has_files(&event) {
                event.prevent_default();
                over.set(0);
                open(app, files_of(event.data_transfer().and_then(|data| data.files())));
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    view! {
        <Show when=move || { over.get() > 0 }>
            <div class="dropping" aria-hidden="true">
                <p>"Drop to read it here"</p>
                <p class="t2">"Audit records, CloudTrail, OCSF or OpenTelemetry, as JSON or gzip. It stays in this browser."</p>
            </div>
        </Show>
    }
}

/// Chooses files or an address.
#[component]
pub fn OpenDialog(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog
            open=open
            on_close=move |()| open.set(false)
            title=Signal::derive(|| "Open records".to_owned())
        >
            <Choose on_open=move |()| open.set(false) />
        </Dialog>
    }
}

/// The two ways to name a source. Runs `on_open` when one was.
#[component]
pub fn Choose(#[prop(into)] on_open: Callback<()>) -> impl IntoView {
    let app = App::get();
    let address = RwSignal::new(String::new());
    let fault = RwSignal::new(None::<String>);
    let chosen = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let files = files_of(input.files());
        if !files.is_empty() {
            self::open(app, files);
            on_open.run(());
        }
    };
    let go = move || {
        let asked = address.get_untracked().trim().to_owned();
        if asked.is_empty() {
            return fault.set(Some("An address is missing.".to_owned()));
        }
        tasks::show_address(app, asked);
        route::go(&Route::Overview(OverviewQuery::default()));
        on_open.run(());
    };
    view! {
        <div class="choose">
            <p>
                "Audit records (JSON or NDJSON), AWS CloudTrail, OCSF API Activity or OpenTelemetry GenAI spans, packed with gzip or not. They are read in this browser and go nowhere else."
            </p>
            <label class="btn">
                "Choose files"
                <input type="file" class="vh" multiple=true on:change=chosen />
            </label>
            <form on:submit=move |event| {
                event.prevent_default();
                go();
            }>
                <TextField
                    label="Or an address"
                    value=address
                    error=fault
                    hint="Relative to this page, or whole. Another site has to allow it (CORS); an endpoint's page fetches only its own."
                />
                <Button submits=true on_press=|()| {}>"Open the address"</Button>
            </form>
        </div>
    }
}

/// Under the bar: which records these are, since they are not the endpoint's; and the way back, if there is one.
#[component]
pub fn SourceStrip() -> impl IntoView {
    let app = App::get();
    let named = move || app.source.with(Source::name);
    view! {
        <Show when=move || named().is_some()>
            <div class="strip" role="status">
                <Icon name=IconName::Info />
                <span>
                    {move || {
                        let name = named().unwrap_or_default();
                        format!("Read-only: records of {name}. Nothing here can be decided; the queue and the agents are an endpoint's.")
                    }}
                </span>
                <Show when=move || app.me().is_some()>
                    <Button look=ButtonLook::Small class="push" on_press=move |()| tasks::show_endpoint(app)>
                        "Back to the endpoint"
                    </Button>
                </Show>
            </div>
        </Show>
    }
}
