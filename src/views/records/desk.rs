//! What the parts of the Records page share: the query and the open record as the address has them, who answers, the row
//! the keys are at, and the ways to go elsewhere. What stands in which row is `listing`.

use super::asked::{Asked, Odd, asked, needs, pages_query};
use super::sorting;
use super::way::{Standing, Way, way};
use crate::paths::{RecordQuery, Route};
use crate::state::{App, Source, Status, route, tasks};
use crate::ui::wording::counted;
use crate::ui::{effect, memo};
use crate::views::parts::measure;
use engine::query::Sorting;
use engine::talk::{Question, RejectsQuestion, RowsQuestion, Slot};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Below this width, in CSS pixels, one thing is shown at a time (`style/shell.css`).
const NARROW: f64 = 720.0;
/// From this width on the filters stand beside the table at first.
const ROOMY: f64 = 1440.0;

/// Whose rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The pages that were loaded of the endpoint's log.
    Pages,
    /// Those that the worker holds.
    Held,
    /// Nobody's.
    None,
}

#[derive(Clone, Copy)]
pub struct Desk {
    pub app: App,
    pub query: Memo<RecordQuery>,
    /// The question that the query is to the records that are held, or what in it can't be understood.
    pub asked: Memo<Result<Asked, Odd>>,
    pub way: Memo<Way>,
    pub shown: Memo<Shown>,
    /// Uid of the open record.
    pub open: Memo<Option<String>>,
    /// The row that the keys are at.
    pub at: RwSignal<usize>,
    pub narrow: Memo<bool>,
    /// Whether the lists of values stand beside the table, or over it where there is no room.
    pub filtering: RwSignal<bool>,
    /// Whether there is room for them beside it.
    pub beside: Memo<bool>,
    pub exporting: RwSignal<bool>,
    /// Rejects that are asked for.
    pub rejects: RwSignal<u32>,
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
        let newest = move || sorting::newest(app.source.with(Source::is_endpoint));
        let asked = memo(move || query.with(|query| asked(query, newest())));
        let standing = memo(move || Standing {
            finished: app.trail.progress().and_then(|progress| progress.finished),
            is_over: app.trail.trouble().is_some(),
        });
        let way = memo(move || {
            let is_endpoint = app.source.with(Source::is_endpoint);
            standing.with(|standing| way(query.with(needs), is_endpoint, standing))
        });
        let desk = Desk {
            app,
            query,
            asked,
            way,
            shown: Memo::new(move |before: Option<&Shown>| shown(app, query, way.get(), before.copied())),
            open,
            at: RwSignal::new(0),
            narrow: memo(move || width.get() < NARROW),
            filtering: RwSignal::new(page_width() >= ROOMY),
            beside: memo(move || width.get() >= 1280.0),
            exporting: RwSignal::new(false),
            rejects: RwSignal::new(200),
            to_heading: StoredValue::new(false),
        };
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
        effect(move || {
            app.source.track();
            tasks::open_trail(app);
        });
        Effect::new(move |before: Option<RecordQuery>| {
            let (query, way) = (self.query.get(), self.way.get());
            let is_new = before.as_ref() != Some(&query);
            if is_new {
                self.at.set(0);
            }
            match (query.quarantined, way) {
                (true, _) => {}
                (false, Way::Pages) => self.turn_pages(&query),
                (false, Way::Held) => self.hold(!is_new),
                (false, Way::Reading | Way::Failed) => {}
            }
            query
        });
        // Rows that nobody shows are nobody's business.
        effect(move || {
            if self.shown.get() == Shown::Pages && self.way.get() == Way::Pages {
                tasks::forget_rows(app);
            }
        });
        let rejects = memo(move || {
            let is_endpoint = app.source.with(Source::is_endpoint);
            self.query.with(|query| query.quarantined).then(|| (is_endpoint, self.rejects.get()))
        });
        effect(move || match rejects.get() {
            Some((is_endpoint, limit)) => {
                if is_endpoint {
                    tasks::load_rejects(app);
                }
                // What the endpoint has and this version can't read is among these.
                tasks::ask(app, Slot::Rejects, true, Question::Rejects(RejectsQuestion { offset: 0, limit }));
            }
            None => tasks::silence(app, Slot::Rejects),
        });
        on_cleanup(move || {
            tasks::forget_rows(app);
            tasks::silence(app, Slot::Rejects);
            tasks::silence(app, Slot::Near);
        });
        // A record of a file can be had once it is read.
        let readable = memo(move || app.source.with(Source::is_endpoint) || app.trail.is_read());
        effect(move || {
            readable.track();
            tasks::open_record(app, self.open.get());
        });
        let live = memo(move || matches!(app.connection.get(), crate::state::Connection::Live));
        Effect::new(move |before: Option<bool>| {
            let now = live.get();
            if before == Some(false) && now {
                self.retry_failed();
            }
            now
        });
        if measure::is_on() {
            // `countersign:loaded`, after the frame that draws the first rows of the whole.
            effect(move || {
                let drawn = self.shown.get() == Shown::Held && app.trail.windows().with(|windows| windows.of > 0);
                let whole = app.trail.progress().filter(|progress| drawn && progress.finished.is_some());
                if let Some(progress) = whole {
                    request_animation_frame(move || measure::say_loaded(&progress));
                }
            });
        }
        let loaded = memo(move || self.total());
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

    fn turn_pages(self, query: &RecordQuery) {
        if let Some(query) = pages_query(query) {
            tasks::load_records(self.app, query);
        }
    }

    /// Asks for the rows that are held: where they are the same list as the pages', up to the newest of those, so that
    /// what is in sight stays.
    fn hold(self, is_same: bool) {
        let Some(question) = self.question() else { return };
        let records = self.app.records;
        let is_same = is_same
            && self.shown.get_untracked() == Shown::Pages
            && untrack(|| records.query() == self.query.with(pages_query) && records.status().ready().is_some());
        let pages = records.peek_rows();
        let first = pages.first().filter(|_| is_same);
        let stays = first.is_some();
        let up_to = first.map(|row| row.uid.clone());
        tasks::ask_rows(self.app, RowsQuestion { up_to, ..question }, stays);
    }

    /// The question for the rows as they are asked for now, without a window.
    fn question(self) -> Option<RowsQuestion> {
        let Asked { scoped, sorting } = self.asked.get_untracked().ok()?;
        Some(RowsQuestion { scoped, cell: None, sorting, as_of: None, up_to: None, offset: 0, limit: 0 })
    }

    fn retry_failed(self) {
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
        match (query.quarantined, self.way.get_untracked()) {
            (true, _) => tasks::load_rejects(self.app),
            (false, Way::Held) => self.hold(false),
            (false, Way::Pages) => self.turn_pages(&query),
            (false, Way::Reading | Way::Failed) => tasks::reopen_trail(self.app),
        }
    }

    /// The order of the rows; where it can't be understood, that of the newest.
    pub fn sorting(self) -> Sorting {
        let newest = sorting::newest(self.app.source.with(Source::is_endpoint));
        self.asked.with(|asked| asked.as_ref().map_or(newest, |asked| asked.sorting))
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
        let uid = self.uid(row);
        if uid.is_some() {
            self.to_heading.set_value(true);
            route::go(&Route::Records { query: self.query.get_untracked(), open: uid });
        }
    }

    /// Shows the record of a row in the panel that is open already; the focus stays where it is.
    pub fn look_at(self, row: usize) {
        let open = self.uid(row);
        if open.is_some() {
            route::replace(&Route::Records { query: self.query.get_untracked(), open });
        }
    }

    /// Closes the panel and puts the focus back on the table.
    pub fn close(self) {
        let open = self.open.get_untracked();
        if let Some(row) = open.and_then(|uid| untrack(|| self.position(&uid))) {
            self.at.set(row);
        }
        route::go(&Route::Records { query: self.query.get_untracked(), open: None });
        focus_soon(&[".records .vt table", ".records h1"]);
    }
}

/// Old rows stay until those by the new way are here.
fn shown(app: App, query: Memo<RecordQuery>, way: Way, before: Option<Shown>) -> Shown {
    let before = before.unwrap_or(Shown::Pages);
    match way {
        Way::Held if app.trail.rows_of().is_some() => Shown::Held,
        _ if !app.source.with(Source::is_endpoint) => Shown::None,
        Way::Pages if before == Shown::Held => {
            let is_loaded = app.records.query() == query.with(pages_query) && app.records.status().ready().is_some();
            if is_loaded || app.trail.rows_of().is_none() { Shown::Pages } else { Shown::Held }
        }
        Way::Pages => Shown::Pages,
        Way::Held if before != Shown::Pages || app.records.rows().is_empty() => Shown::None,
        Way::Held => Shown::Pages,
        Way::Reading | Way::Failed => Shown::None,
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
