//! The strip under the bar: said when the page can't do all it should, with what still holds.

use super::opening::SourceStrip;
use crate::state::{App, Connection, Status, tasks};
use crate::ui::{Button, ButtonLook, Icon, IconName, live, view};
use crate::words;
use leptos::prelude::*;

#[component]
pub fn Strip() -> impl IntoView {
    let app = App::get();
    let shown = live(move || match app.connection.get() {
        Connection::Offline { since } if matches!(app.session.get(), Status::Ready(_)) => {
            let since = words::clock_zoned(since, app.zone());
            let queued = app.decisions.open();
            let decisions = match queued {
                0 => "Decisions made now are queued until it answers.".to_owned(),
                n => format!("{} queued until it answers.", words::counted(n as u64, "decision is", "decisions are")),
            };
            Some(view! {
                <div class="strip tone-failed" role="status">
                    <Icon name=IconName::Offline />
                    <span>{format!("The endpoint has not answered since {since}. What is shown is from before. {decisions}")}</span>
                    <Button look=ButtonLook::Small class="push" on_press=move |_| tasks::retry_now(app)>"Try now"</Button>
                </div>
            }.into_any())
        }
        Connection::Polling => Some(
            view! {
                <div class="strip" role="status">
                    <Icon name=IconName::Info />
                    <span>"The live stream is interrupted; the queue is asked for every few seconds."</span>
                </div>
            }
            .into_any(),
        ),
        _ => None,
    });
    view! {
        <div>
            {shown}
            <SourceStrip />
        </div>
    }
}
