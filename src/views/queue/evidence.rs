//! Watches how a version is looked at: since when, how long the page was visible, which sections came into
//! view. What is counted and how is `looking`; this room holds the observer and the clock.

use super::looking::{Looking, Section};
use crate::state::App;
use leptos::prelude::*;
use oversight::review::ReviewEvidence;
use oversight::time::Instant;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// From which visible part on a section counts as revealed; one taller than the page counts from half a page on.
const ENOUGH: f64 = 0.5;

#[derive(Clone, Copy)]
pub struct Watch {
    app: App,
    pub opened_at: Instant,
    looking: StoredValue<Looking>,
    /// Moves on with each new section, for what is shown of this.
    turn: RwSignal<u32>,
    present: StoredValue<Vec<Section>>,
}

impl Watch {
    /// Starts with the version on the screen; belongs to the component that calls it.
    pub fn start(app: App) -> Watch {
        let watch = Watch {
            app,
            opened_at: app.now_exact(),
            looking: StoredValue::new(Looking::default()),
            turn: RwSignal::new(0),
            present: StoredValue::new(Vec::new()),
        };
        let see = move || {
            watch.looking.try_update_value(|looking| looking.visible(!document().hidden(), js_sys::Date::now()));
        };
        see();
        let listener = window_event_listener_untyped("visibilitychange", move |_| see());
        on_cleanup(move || listener.remove());
        watch
    }

    /// Notes that a section was seen.
    pub fn reveal(self, section: Section) {
        if self.looking.try_update_value(|looking| looking.reveal(section)) == Some(true) {
            self.turn.try_update(|turn| *turn += 1);
        }
    }

    /// Observes every element with `data-section` inside `root`. Call once it is drawn.
    pub fn observe(self, root: &web_sys::Element) {
        let on_seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            for entry in entries.iter().map(|entry| entry.unchecked_into::<web_sys::IntersectionObserverEntry>()) {
                let page = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
                let enough =
                    entry.intersection_ratio() >= ENOUGH || entry.intersection_rect().height() >= page * ENOUGH;
                let key = entry.target().get_attribute("data-section").unwrap_or_default();
                if let (true, true, Some(section)) = (entry.is_intersecting(), enough, Section::of(&key)) {
                    self.reveal(section);
                }
            }
        });
        let options = web_sys::IntersectionObserverInit::new();
        let thresholds: js_sys::Array =
            [0.0, 0.25, ENOUGH, 0.75, 1.0].into_iter().map(wasm_bindgen::JsValue::from_f64).collect();
        options.set_threshold(&thresholds);
        let Ok(observer) = web_sys::IntersectionObserver::new_with_options(on_seen.as_ref().unchecked_ref(), &options)
        else {
            return;
        };
        let Ok(found) = root.query_selector_all("[data-section]") else { return };
        let mut present = vec![Section::Canonical];
        for element in (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<web_sys::Element>().ok()) {
            present.extend(element.get_attribute("data-section").and_then(|key| Section::of(&key)));
            observer.observe(&element);
        }
        present.sort();
        present.dedup();
        self.present.set_value(present);
        self.turn.update(|turn| *turn += 1);
        // The observer and what it calls live as long as the version is on the page.
        let held = StoredValue::new_local(Some((observer, on_seen)));
        on_cleanup(move || {
            if let Some(Some((observer, _))) = held.try_update_value(Option::take) {
                observer.disconnect();
            }
        });
    }

    /// Which sections came into view, in words; follows them.
    pub fn sections_words(self) -> String {
        self.turn.track();
        self.looking.with_value(|looking| self.present.with_value(|present| looking.words(present)))
    }

    /// For how many whole seconds it was visible; follows the page's second.
    pub fn visible_seconds(self) -> i64 {
        self.app.now();
        self.looking.with_value(|looking| looking.visible_ms(js_sys::Date::now()) / 1_000) as i64
    }

    /// What goes with the decision.
    pub fn evidence(self) -> ReviewEvidence {
        self.looking.with_value(|looking| ReviewEvidence {
            opened_at: Some(self.opened_at),
            visible_ms: Some(looking.visible_ms(js_sys::Date::now())),
            sections_revealed: looking.revealed().iter().map(|section| section.key().to_owned()).collect(),
            acknowledged: Vec::new(),
        })
    }
}
