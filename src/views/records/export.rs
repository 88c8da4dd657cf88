//! The rows as a file: which and how many, in which form, and what became of it. The file is made in the worker, of rows
//! in the order that is shown; nothing leaves the browser.

use super::desk::{Desk, Shown};
use super::sorting;
use crate::state::{Trouble, tasks};
use crate::ui::{Button, Dialog, live, view};
use crate::words;
use engine::talk::Export;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlElement, Url};

/// Records of a file of whole records at most; the worker refuses more.
const MOST_WHOLE: u64 = 200_000;

#[derive(Clone)]
enum Standing {
    Nothing,
    /// How many rows.
    Making(u64),
    /// The file's name, and how many rows are in it.
    Saved(String, u64),
    Failed(Trouble),
}

#[component]
pub fn ExportDialog() -> impl IntoView {
    let desk = Desk::get();
    view! {
        <Dialog
            open=desk.exporting
            on_close=move |()| desk.exporting.set(false)
            title=Signal::derive(|| "Export records".to_owned())
        >
            <Choose />
        </Dialog>
    }
}

#[component]
fn Choose() -> impl IntoView {
    let desk = Desk::get();
    let standing = RwSignal::new(Standing::Nothing);
    let rows = move || desk.total().unwrap_or_default();
    let held = move || desk.shown.get() == Shown::Held;
    let which = move || match held() {
        true => format!("{}, {}.", words::counted(rows(), "record", "records"), sorting::words(desk.sorting())),
        false => "A file needs the whole log, which is still to be read.".to_owned(),
    };
    let making = move || standing.with(|standing| matches!(standing, Standing::Making(_)));
    let blocked = move |most: u64| {
        if !held() {
            Some("The log is not read yet.".to_owned())
        } else if rows() == 0 {
            Some("There is no record to save.".to_owned())
        } else if rows() > most {
            Some(format!("At most {} whole records; narrow the time or the filters.", words::count(most)))
        } else {
            making().then(|| "A file is being made.".to_owned())
        }
    };
    let save = move |format: Export| {
        let Some(question) = desk.app.trail.rows_of() else { return };
        let (as_of, rows) = desk.app.trail.windows().with_untracked(|windows| (windows.generation, windows.of as u64));
        let question = engine::talk::RowsQuestion { as_of: Some(as_of), up_to: None, ..question };
        standing.set(Standing::Making(rows));
        tasks::export(desk.app, question, format, move |file| match file {
            Ok((name, content)) => {
                let day = words::date_time(desk.app.now_exact(), words::Zone::Utc).replace([' ', ':'], "-");
                let name = name.replacen("records", &format!("records-{day}"), 1);
                let became = if save_as(&name, &content) {
                    Standing::Saved(name, rows)
                } else {
                    Standing::Failed(Trouble {
                        what: "The browser took no file.".to_owned(),
                        kept: String::new(),
                        next: "Allow downloads for this page, then try again.".to_owned(),
                        problem: None,
                    })
                };
                standing.try_set(became);
            }
            Err(trouble) => drop(standing.try_set(Standing::Failed(trouble))),
        });
    };
    let became = live(move || match standing.get() {
        Standing::Nothing => ().into_any(),
        Standing::Making(rows) => {
            view! { <p class="t2">"Making the file of " {words::counted(rows, "record", "records")} "…"</p> }
        }
        Standing::Saved(name, rows) => {
            view! { <p>{words::counted(rows, "record", "records")} " handed to the browser as " <b>{name}</b> "."</p> }
        }
        Standing::Failed(trouble) => view! { <p class="fault">{trouble.what} " " {trouble.next}</p> },
    });
    view! {
        <p class="med">{which}</p>
        <section class="form">
            <h3>"CSV"</h3>
            <p class="t2">"The columns that are held of every record, for a spreadsheet. What a spreadsheet would take for a formula is marked as text by an apostrophe; a kind of missing stands in brackets."</p>
            <Button blocked=Signal::derive(move || blocked(u64::MAX)) on_press=move |()| save(Export::Csv)>"Save CSV"</Button>
        </section>
        <section class="form">
            <h3>"NDJSON"</h3>
            <p class="t2">"Whole records, each as it came, one a line; read again from where they are."</p>
            <Button blocked=Signal::derive(move || blocked(MOST_WHOLE)) on_press=move |()| save(Export::Ndjson)>"Save NDJSON"</Button>
        </section>
        <div role="status">{became}</div>
    }
}

/// Hands a file to the browser, which asks where to, or puts it where it puts all.
fn save_as(name: &str, content: &Blob) -> bool {
    let Ok(address) = Url::create_object_url_with_blob(content) else { return false };
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlElement>().ok());
    let Some(link) = link else { return false };
    let _ = link.set_attribute("href", &address);
    let _ = link.set_attribute("download", name);
    link.click();
    // The browser has taken it by then.
    set_timeout(move || drop(Url::revoke_object_url(&address)), std::time::Duration::from_secs(60));
    true
}
