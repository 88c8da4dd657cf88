//! The page's frame.

use crate::state::{App, tasks};
use crate::ui::{effect, view};
use engine::row::Category;
use engine::talk::{OverviewQuestion, Question, Scoped, Slot};
use leptos::prelude::*;

#[component]
pub fn OverviewPage() -> impl IntoView {
    let app = App::get();
    effect(move || {
        app.source.track();
        let question = OverviewQuestion {
            scoped: Scoped::default(),
            bins: 180,
            categories: vec![Category::Agent, Category::Service, Category::Tier, Category::Kind],
            waits: vec![],
            hashed: true,
        };
        tasks::open_trail(app);
        tasks::ask(app, Slot::Overview, true, Question::Overview(question));
    });
    on_cleanup(move || tasks::silence(app, Slot::Overview));
    view! {
        <div class="page">
            <h1>"Overview"</h1>
            <pre>{move || format!("{:#?}", app.trail.progress())}</pre>
            <pre>{move || format!("{:#?}", app.trail.trouble())}</pre>
            <pre>{move || format!("{:?}", app.trail.overview())}</pre>
        </div>
    }
}
