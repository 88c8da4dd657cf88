//! Who has reviewed, who still may, whose vote never counts, and what stands in the way of a quorum.

use super::looking::Section;
use super::opened::Opened;
use super::wording::needs;
use crate::ui::{Icon, IconName, memo, view};
use crate::views::parts::{AtNear, Said};
use leptos::prelude::*;
use oversight::contract::ChangeView;
use oversight::review::SlotStanding;
use oversight::vocabulary::Decision;

#[component]
pub fn Slots(opened: Opened) -> impl IntoView {
    let version = opened.view().reviewed.clone();
    let requirement = version.policy.requirement;
    let determining: Vec<String> = version.policy.determining.iter().map(|policy| policy.id.clone()).collect();
    let slots = memo(move || opened.standing.with(|view| view.slots.clone()));
    let never = memo(move || opened.standing.with(|view| view.never_counted.clone()));
    let obstacles = memo(move || {
        opened.standing.with(|view| {
            let paused = view
                .agent_paused
                .then(|| "The agent is paused; its changes wait until a manager resumes it.".to_owned());
            [view.unmeetable.clone(), view.approval_blocked.clone(), paused].into_iter().flatten().collect::<Vec<_>>()
        })
    });
    view! {
        <section aria-label="Who reviews" data-section=Section::Reviewers.key()>
            <h2>
                <span class="nowrap">{needs(requirement.people())}</span>
                <span class="push xs t3">{determining.join(", ")}</span>
            </h2>
            <ul class="slots">
                {move || slots.get().into_iter().map(|slot| row(opened, slot)).collect_view()}
            </ul>
            <p class="never" hidden=move || never.with(Vec::is_empty)>
                {move || {
                    let people: Vec<String> = never.with(|never| {
                        never.iter().map(|entry| format!("{} ({})", oversight::text::visible(entry.person.as_str()), entry.why)).collect()
                    });
                    format!("Never counted here: {}.", people.join(", "))
                }}
            </p>
            {move || {
                obstacles
                    .get()
                    .into_iter()
                    .map(|text| {
                        view! {
                            <p class="why row">
                                <Icon name=IconName::Warn small=true />
                                <Said text />
                            </p>
                        }
                    })
                    .collect_view()
            }}
        </section>
    }
}

fn row(opened: Opened, slot: SlotStanding) -> impl IntoView {
    let me = opened.me();
    let full = slot.filled_by.len() >= slot.count as usize;
    let pending = opened.standing.with(|view| view.state == oversight::state::State::Pending);
    let mine = !full
        && pending
        && opened.standing.with(|view| view.mine)
        && slot.could.iter().any(|person| person.as_str() == me);
    let given: Vec<_> = slot
        .filled_by
        .iter()
        .map(|person| {
            let review = opened.standing.with(|view: &std::sync::Arc<ChangeView>| {
                let own =
                    view.reviews.iter().filter(|review| review.version == view.version && review.reviewer == *person);
                own.filter(|review| review.decision == Decision::Approve)
                    .map(|review| (review.version, review.decided_at))
                    .next_back()
            });
            let (name, at) = (person.to_string(), review);
            view! {
                <span>
                    <Said text=name />
                    {at.map(|(version, at)| view! { {format!(" approved version {version} at ")} <AtNear at /> })}
                </span>
            }
        })
        .collect();
    let open = (!full && pending).then(|| {
        // The reader first, so that what is theirs to do is not overlooked.
        let mut could: Vec<&str> = slot.could.iter().map(|person| person.as_str()).collect();
        if let Some(place) = could.iter().position(|person| *person == me) {
            could[..=place].rotate_right(1);
        }
        let names: Vec<String> = could
            .iter()
            .map(|person| if *person == me { "you".to_owned() } else { oversight::text::visible(person) })
            .collect();
        match names.split_last() {
            None => "open: nobody whose vote counts can fill it".to_owned(),
            Some((last, [])) => format!("open: {last}"),
            Some((last, rest)) => format!("open: {} or {last}", rest.join(", ")),
        }
    });
    let not_given = (!full && !pending).then_some("not given");
    let (tone, icon) = if full { ("tone-approved", IconName::Ok) } else { ("tone-pending", IconName::Open) };
    let count = format!("{} of {}", slot.filled_by.len(), slot.count);
    view! {
        <li class=format!("{tone} {}", if mine { "mine" } else { "" })>
            <Icon name=icon label=if full { "filled" } else { "open" } />
            <div>
                <b>{slot.group.to_string()}</b>
                {given}
                {open.map(|text| view! { <span>{text}</span> })}
                {not_given.map(|text| view! { <span>{text}</span> })}
            </div>
            <span class="xs t3">{count}</span>
        </li>
    }
}
