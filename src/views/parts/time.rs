//! Instants on the page, as `<time>` with the exact instant behind them. How they are worded is `words`.

use crate::state::App;
use crate::ui::{memo, view};
use crate::words;
use leptos::prelude::*;
use oversight::time::Instant;

/// Date and time, with the zone if `zoned`.
#[component]
pub fn At(at: Instant, #[prop(optional)] zoned: bool) -> impl IntoView {
    let app = App::get();
    let text = move || if zoned { words::date_time_zoned(at, app.zone()) } else { words::date_time(at, app.zone()) };
    view! { <time datetime=at.to_string()>{text}</time> }
}

/// The time of day alone if it was today, with the exact instant as its title.
#[component]
pub fn AtNear(at: Instant, #[prop(optional)] zoned: bool) -> impl IntoView {
    let app = App::get();
    let day = memo(move || app.now().seconds_since(at) / 3_600);
    let text = move || {
        day.track();
        let near = words::near(at, app.now_exact(), app.zone());
        if zoned { format!("{near} {}", app.zone().name()) } else { near }
    };
    let exact = move || words::date_time_zoned(at, app.zone());
    view! { <time datetime=at.to_string() title=exact>{text}</time> }
}

/// What is left until `until`: `38 min left`. Only its own text changes as time passes.
#[component]
pub fn Left(until: Instant) -> impl IntoView {
    let app = App::get();
    let text = memo(move || words::left(until.seconds_since(app.now())));
    let exact = move || words::date_time_zoned(until, app.zone());
    view! { <time datetime=until.to_string() title=exact>{move || text.get()}</time> }
}
