//! What the parts of the Agents page share: which agent the address opens, the agents in their order, and
//! which one is about to be stopped. What is known of them is in `state::Agents`.

use super::figures::Stop;
use crate::paths::Route;
use crate::state::{App, route, tasks};
use crate::ui::memo;
use leptos::prelude::*;
use oversight::contract::AgentView;
use oversight::id::AgentUid;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Below this width, in CSS pixels, one thing is shown at a time (`style/shell.css`).
const NARROW: f64 = 720.0;

#[derive(Clone, Copy)]
pub struct Desk {
    pub app: App,
    /// Uid of the open agent, as the address has it.
    pub open: Memo<Option<String>>,
    pub narrow: Memo<bool>,
    /// Whom the dialog is about, and what it would do.
    pub asked: RwSignal<Option<(AgentUid, Stop)>>,
    /// The panel's heading takes the focus when it is drawn: it was opened by hand.
    pub to_heading: StoredValue<bool>,
}

/// One agent's signal, from which single values are drawn: only what changed is drawn again.
#[derive(Clone)]
pub struct AgentPart(pub ArcRwSignal<Arc<AgentView>>);

impl AgentPart {
    pub fn of<T: PartialEq + Send + Sync + 'static>(
        &self,
        value: impl Fn(&AgentView) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        let agent = self.0.clone();
        memo(move || agent.with(|agent| value(agent)))
    }
}

impl Desk {
    /// Made once, by the page; loads the agents.
    pub fn provide() -> Desk {
        let app = App::get();
        let open = Memo::new(move |before: Option<&Option<String>>| {
            app.route.with(|route| match route {
                Route::Agents { open } => open.clone(),
                _ => before.cloned().flatten(),
            })
        });
        let width = RwSignal::new(page_width());
        let resized = window_event_listener(leptos::ev::resize, move |_| width.set(page_width()));
        on_cleanup(move || resized.remove());
        let narrow = memo(move || width.get() < NARROW);
        let desk = Desk { app, open, narrow, asked: RwSignal::new(None), to_heading: StoredValue::new(false) };
        provide_context(desk);
        tasks::load_agents(app);
        // What was missed while the endpoint did not answer.
        let live = memo(move || matches!(app.connection.get(), crate::state::Connection::Live));
        Effect::new(move |before: Option<bool>| {
            let now = live.get();
            if before == Some(false) && now {
                tasks::load_agents(app);
            }
            now
        });
        desk
    }

    pub fn get() -> Desk {
        expect_context::<Desk>()
    }

    /// The agent behind a uid, if there is one.
    pub fn agent(self, uid: &str) -> Option<AgentPart> {
        self.app.agents.get(&AgentUid::new(uid).ok()?).map(AgentPart)
    }

    /// Closes the panel and puts the focus back on the agent's row.
    pub fn close(self) {
        let row = self.open.get_untracked().map(|uid| row_id(&uid)).unwrap_or_default();
        route::go(&Route::Agents { open: None });
        focus_soon(row);
    }
}

/// The `id` of an agent's name in the table.
pub fn row_id(uid: &str) -> String {
    format!("agent-{}", crate::paths::encode(uid))
}

fn page_width() -> f64 {
    window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(f64::INFINITY)
}

/// Focuses an element by its id, or the page's heading, once the page has drawn what it is about to.
pub fn focus_soon(id: String) {
    let focus = move || {
        let found = document().get_element_by_id(&id);
        let found = found.or_else(|| document().query_selector(".agents h1").ok().flatten());
        if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    };
    request_animation_frame(move || request_animation_frame(focus));
}
