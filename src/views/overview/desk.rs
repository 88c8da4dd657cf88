//! What the parts of the overview share: the query as the address has it, the newest answer, and the ways to ask for
//! something else. Asks the engine, once for each query and present; what comes of it is in `state::Trail`.

use super::question::{question, span, window};
use crate::choice::value as word;
use crate::paths::{OverviewQuery, RecordQuery, Route};
use crate::state::{App, Overviewed, Source, route, tasks};
use crate::ui::charts::civil::{East, utc};
use crate::ui::charts::local_east;
use crate::ui::{effect, memo};
use engine::query::Span;
use engine::query::figures::Figure;
use engine::row::Cell;
use engine::talk::{Backdrop, Question, Slot};
use leptos::prelude::*;
use std::sync::Arc;

#[derive(Clone, Copy)]
pub struct Desk {
    pub app: App,
    pub query: Memo<OverviewQuery>,
    /// The query once the brush rests: what links lead to, which nobody follows while it moves.
    pub settled: RwSignal<OverviewQuery>,
    /// The newest answer; of an older question while a newer one is due.
    pub answer: Signal<Option<Arc<Overviewed>>>,
    /// What its counts stand before, which stays while the brush moves.
    pub backdrop: Memo<Arc<Backdrop>>,
    /// How much of the figures is drawn: one part after the other, up to [`DRAWN`].
    pub drawn: RwSignal<usize>,
}

/// The brush, the filters and all of the cards.
pub const DRAWN: usize = 11;

impl Desk {
    /// Made once, by the page.
    pub fn provide() -> Desk {
        let app = App::get();
        // While another page is on its way, this one stays as it was.
        let query = Memo::new(move |before: Option<&OverviewQuery>| {
            app.route.with(|route| match route {
                Route::Overview(query) => query.clone(),
                _ => before.cloned().unwrap_or_default(),
            })
        });
        let settled = RwSignal::new(query.get_untracked());
        let answer = Signal::derive(move || app.trail.overview());
        let backdrop = memo(move || {
            answer.with(|answer| answer.as_ref().map(|answer| answer.backdrop.clone()).unwrap_or_default())
        });
        let desk = Desk { app, query, settled, answer, backdrop, drawn: RwSignal::new(0) };
        provide_context(desk);
        effect(move || {
            query.track();
            let due = set_timeout_with_handle(move || desk.settle(), SETTLED).ok();
            on_cleanup(move || due.iter().for_each(TimeoutHandle::clear));
        });
        // The present, minute by minute; what is not live has none but its last record's.
        let minute = memo(move || app.source.with(Source::is_endpoint).then(|| desk.minute()));
        effect(move || {
            app.source.track();
            tasks::open_trail(app);
        });
        effect(move || {
            let asked = question(&query.get(), minute.get(), crate::views::parts::measure::is_on());
            tasks::ask(app, Slot::Overview, true, Question::Overview(asked));
        });
        on_cleanup(move || tasks::silence(app, Slot::Overview));
        desk
    }

    pub fn get() -> Desk {
        expect_context::<Desk>()
    }

    /// The brush rests, or somebody is about to follow a link.
    pub fn settle(self) {
        let now = self.query.try_get_untracked();
        if let Some(now) = now.filter(|now| self.settled.with_untracked(|settled| settled != now)) {
            self.settled.set(now);
        }
    }

    /// Whether a newer answer is due.
    pub fn stale(self) -> bool {
        self.app.trail.overview_due()
    }

    /// Seconds east of UTC at an instant, in the zone that is shown.
    pub fn east(self) -> Signal<East> {
        let app = self.app;
        Signal::derive(move || if app.is_local() { local_east as East } else { utc as East })
    }

    /// The present in microseconds, a new one each minute.
    pub fn minute(self) -> i64 {
        self.app.now().unix_micros() / MINUTE * MINUTE
    }

    /// The brush.
    pub fn span(self) -> Span {
        self.query.with(|query| span(&query.window))
    }

    /// Whether only some agents or environments are asked about.
    pub fn filtered(self) -> bool {
        self.query.with(|query| !query.agent.is_empty() || !query.environment.is_empty())
    }

    /// Another brush, in the place of the address while it moves.
    pub fn brush(self, span: Span, moving: bool) {
        let query = OverviewQuery { window: window(span), ..self.query.get_untracked() };
        self.show(query, moving);
    }

    /// Another query.
    pub fn show(self, query: OverviewQuery, in_place: bool) {
        let route = Route::Overview(query);
        if in_place { route::replace(&route) } else { route::go(&route) }
    }

    /// The address of the records behind a figure, of this brush and these filters and further terms.
    pub fn behind(self, figure: Figure, further: &[(&'static str, &Cell<'_>)]) -> String {
        self.records(Some(figure), further)
    }

    /// The address of records of this brush and these filters, once it rests.
    pub fn records(self, figure: Option<Figure>, further: &[(&'static str, &Cell<'_>)]) -> String {
        let OverviewQuery { window, agent, environment } = self.settled.get();
        let mut query = RecordQuery { since: window.since, until: window.until, agent, ..RecordQuery::default() };
        let mut more = |name, word: String| {
            if !word.is_empty() {
                query.more.insert(name, word);
            }
        };
        more("environment", environment);
        more("figure", figure.map(|figure| figure.to_string()).unwrap_or_default());
        for (name, cell) in further {
            match *name {
                "agent" => query.agent = word(cell),
                "service" => query.service = word(cell),
                name => {
                    query.more.insert(name, word(cell));
                }
            }
        }
        Route::Records { query, open: None }.href()
    }
}

const MINUTE: i64 = 60_000_000;

/// After how long the brush rests.
const SETTLED: std::time::Duration = std::time::Duration::from_millis(150);
