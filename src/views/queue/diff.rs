//! "Changed since you last looked": the version shown against the last one this reader saw. Which differences
//! count is `compare`; which version was seen last is `state::Seen`.

use super::compare::{Cut, changed, cut, line};
use super::looking::Section;
use super::opened::{DIFF, Opened};
use crate::state::{Trouble, tasks};
use crate::ui::{Diff, DiffRow, DiffSide, Kbd, Piece, view};
use crate::views::parts::{AtNear, ui_segments};
use leptos::prelude::*;
use oversight::change::Version;
use oversight::diff::Difference;
use oversight::time::Instant;
use serde_json::Value;

/// What is known of the older version.
#[derive(Clone)]
enum Earlier {
    Loading,
    Here(Vec<Difference>),
    Failed(String),
}

#[component]
pub fn SinceLastLook(opened: Opened, seen: Option<(u32, Instant)>) -> impl IntoView {
    let view = opened.view();
    let (version, at) = seen?;
    if version >= view.version {
        return None;
    }
    let earlier = RwSignal::new(Earlier::Loading);
    tasks::load_version(
        view.id,
        version,
        Callback::new(move |(outcome,): (Result<Version, Trouble>,)| {
            let found = match outcome {
                Ok(before) => Earlier::Here(changed(&before, &opened.view().reviewed)),
                Err(trouble) => Earlier::Failed(format!("{} {}", trouble.what, trouble.next)),
            };
            earlier.try_set(found);
        }),
    );
    let shown = view.version;
    Some(view! {
        <section aria-labelledby=DIFF data-section=Section::Changed.key()>
            <h2 id=DIFF tabindex="-1">
                "Changed since you last looked"
                <span class="t3">
                    {format!("version {shown} against version {version}, which you saw at ")} <AtNear at zoned=true />
                </span>
                <span class="push">
                    <Kbd keys=&["v"] />
                </span>
            </h2>
            {move || match earlier.get() {
                Earlier::Loading => view! { <p class="sm t2">{format!("Loading version {version} …")}</p> }.into_any(),
                Earlier::Failed(why) => {
                    view! { <p class="sm t2">{format!("Version {version} could not be loaded to compare with. {why}")}</p> }
                        .into_any()
                }
                Earlier::Here(differences) if differences.is_empty() => {
                    view! { <p class="sm t2">"Nothing but its number, times and digests."</p> }.into_any()
                }
                Earlier::Here(differences) => {
                    let rows = differences.into_iter().map(|difference| row(difference, version, shown)).collect();
                    view! { <Diff rows before=format!("version {version}") after=format!("version {shown}") /> }.into_any()
                }
            }}
        </section>
    })
}

fn row(difference: Difference, before: u32, after: u32) -> DiffRow {
    let path = ui_segments(&difference.path);
    let (old, new) = (difference.before.as_ref().map(line), difference.after.as_ref().map(line));
    let absent = |version: u32| DiffSide::Absent(format!("absent in version {version}"));
    let whole = |text: &str| DiffSide::Text(vec![Piece { changed: false, text: ui_segments(text) }]);
    let differs = |text: &str| DiffSide::Text(vec![Piece { changed: true, text: ui_segments(text) }]);
    let both_text = matches!((&difference.before, &difference.after), (Some(Value::String(_)), Some(Value::String(_))));
    let (before, after) = match (old, new) {
        (Some(old), Some(new)) if both_text => {
            let (old, new) = cut(&old, &new);
            (pieces(old), pieces(new))
        }
        // Half a number says nothing.
        (Some(old), Some(new)) => (differs(&old), differs(&new)),
        (old, new) => (
            old.map_or_else(|| absent(before), |text| whole(&text)),
            new.map_or_else(|| absent(after), |text| whole(&text)),
        ),
    };
    DiffRow { path, before, after }
}

fn pieces(cut: Cut) -> DiffSide {
    let pieces = [(false, cut.front), (true, cut.middle), (false, cut.back)];
    let filled = pieces.into_iter().filter(|(_, text)| !text.is_empty());
    DiffSide::Text(filled.map(|(changed, text)| Piece { changed, text: ui_segments(&text) }).collect())
}
