//! What the parts of the Records page share: the query and the open record as the address has them, the row
//! the keys are at, and the ways to go elsewhere. What is loaded is in `state::Records`.

use crate::paths::{RecordQuery, Route};
use crate::state::{App, route, tasks};
use crate::ui::wording::counted;
use crate::ui::{effect, memo};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Below this width, in CSS pixels, one thing is shown at a time (`style/shell.css`).
const NARROW: f64 = 720.0;

#[derive(Clone, Copy)]
pub struct Desk {
    pub app: App,
    pub query: Memo<RecordQuery>,
    /// Uid of the open record.
    pub open: Memo<Option<String>>,
    /// The row that the keys are at.
    pub at: RwSignal<usize>,
    pub narrow: Memo<bool>,
    /// The panel's heading takes the focus when the next record is drawn: it was opened by hand.
    pub to_heading: StoredValue<bool>,
}

impl Desk {
    /// Made once, by the page.
    pub fn provide() -> Desk {
        let app = App::get();
        // While another page is on its way, this one stays as it was.
        let query = Memo::new(move |before: Option<&RecordQuery>| {
            app.route.with(|route| match route {
                Route::Records { query, .. } => query.clone(),
                _ => before.cloned().unwrap_or_default(),
            })
        });
        let open = Memo::new(move |before: Option<&Option<String>>| {
            app.route.with(|route| match route {
                Route::Records { open, .. } => open.clone(),
                _ => before.cloned().flatten(),
            })
        });
        let width = RwSignal::new(page_width());
        let resized = window_event_listener(leptos::ev::resize, move |_| width.set(page_width()));
        on_cleanup(move || resized.remove());
        let narrow = memo(move || width.get() < NARROW);
        let to_heading = StoredValue::new(false);
        let desk = Desk { app, query, open, at: RwSignal::new(0), narrow, to_heading };
        provide_context(desk);
        desk.follow();
        desk
    }

    pub fn get() -> Desk {
        expect_context::<Desk>()
    }

    /// Loads what the address asks for, again when the connection is back after a failure, and says what came of it.
    fn follow(self) {
        let app = self.app;
        effect(move || match self.query.get() {
            RecordQuery { quarantined: true, .. } => tasks::load_rejects(app),
            query => {
                self.at.set(0);
                tasks::load_records(app, query);
            }
        });
        effect(move || tasks::open_record(app, self.open.get()));
        let live = memo(move || matches!(app.connection.get(), crate::state::Connection::Live));
        Effect::new(move |before: Option<bool>| {
            let now = live.get();
            if before == Some(false) && now {
                self.retry_failed();
            }
            now
        });
        let loaded = memo(move || app.records.status().ready().map(|()| app.records.total()));
        Effect::new(move |before: Option<Option<u64>>| {
            let now = loaded.get();
            if let (Some(Some(was)), Some(total)) = (before, now)
                && was != total
                && !self.query.with_untracked(|query| query.quarantined)
            {
                app.announce(format!("{}.", counted(total, "record", "records")));
            }
            // While the next query loads, the last count stands.
            now.or(before.flatten())
        });
    }

    fn retry_failed(self) {
        use crate::state::Status;
        let records = self.app.records;
        if untrack(|| matches!(records.status(), Status::Failed(_)) || records.more_failed().is_some()) {
            self.reload();
        }
        if untrack(|| matches!(records.rejects(), Status::Failed(_))) {
            tasks::load_rejects(self.app);
        }
    }

    /// The same question again.
    pub fn reload(self) {
        let query = self.query.get_untracked();
        if query.quarantined { tasks::load_rejects(self.app) } else { tasks::load_records(self.app, query) }
    }

    /// Asks for something else; the open record stays open.
    pub fn ask(self, query: RecordQuery) {
        route::go(&Route::Records { query, open: self.open.get_untracked() });
    }

    /// The same while typing: no entry in the history.
    pub fn ask_in_place(self, query: RecordQuery) {
        route::replace(&Route::Records { query, open: self.open.get_untracked() });
    }

    /// The address of a record, or of the list alone.
    pub fn href(self, open: Option<String>) -> String {
        Route::Records { query: self.query.get(), open }.href()
    }

    /// Opens the record of a row, by hand.
    pub fn open_row(self, row: usize) {
        let uid = self.app.records.peek_rows().get(row).map(|row| row.uid.clone());
        if uid.is_some() {
            self.to_heading.set_value(true);
            route::go(&Route::Records { query: self.query.get_untracked(), open: uid });
        }
    }

    /// Shows the record of a row in the panel that is open already; the focus stays where it is.
    pub fn look_at(self, row: usize) {
        if let Some(row) = self.app.records.peek_rows().get(row) {
            let open = Some(row.uid.clone());
            route::replace(&Route::Records { query: self.query.get_untracked(), open });
        }
    }

    /// Closes the panel and puts the focus back on the table.
    pub fn close(self) {
        let open = self.open.get_untracked();
        let row = self.app.records.peek_rows().iter().position(|row| Some(&row.uid) == open.as_ref());
        if let Some(row) = row {
            self.at.set(row);
        }
        route::go(&Route::Records { query: self.query.get_untracked(), open: None });
        focus_soon(&[".records .vt table", ".records h1"]);
    }
}

fn page_width() -> f64 {
    window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(f64::INFINITY)
}

/// Focuses the first of `selectors` that finds something, once the page has drawn what it is about to.
pub fn focus_soon(selectors: &'static [&'static str]) {
    let focus = move || {
        let found = selectors.iter().find_map(|selector| document().query_selector(selector).ok().flatten());
        if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    };
    // The address changes first, then the page: two frames.
    request_animation_frame(move || request_animation_frame(focus));
}
