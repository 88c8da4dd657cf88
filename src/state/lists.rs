//! How the queue is grouped and ordered: mine to decide, waiting for others, settled in the last hour.
//! Pure; which changes there are is the `changes` store.

use oversight::contract::ChangeView;
use oversight::id::ChangeId;
use oversight::state::State;
use oversight::time::Instant;

/// The queue's three groups.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueLists {
    /// Pending, and my approval would fill an open seat; the next to expire first.
    pub mine: Vec<ChangeId>,
    /// Other pending ones, and approved ones not redeemed yet; the next to expire first.
    pub waiting: Vec<ChangeId>,
    /// Redeemed or ended within the last hour, the latest first.
    pub settled: Vec<ChangeId>,
}

/// How long a settled change stays in the queue, in seconds.
pub const SETTLED_FOR: i64 = 3_600;

/// Groups `views` as of `now`.
pub fn queue_lists<'a>(views: impl IntoIterator<Item = &'a ChangeView>, now: Instant) -> QueueLists {
    let (mut mine, mut waiting, mut settled) = (Vec::new(), Vec::new(), Vec::new());
    for view in views {
        match view.state {
            State::Pending if view.mine => place(&mut mine, (view.reviewed.expires_at, view.id)),
            State::Pending | State::Approved => place(&mut waiting, (view.reviewed.expires_at, view.id)),
            _ => {
                let at = view.settled.as_ref().map_or(view.reviewed.proposed_at, |settlement| settlement.at);
                if now.seconds_since(at) <= SETTLED_FOR {
                    place(&mut settled, (at, view.id));
                }
            }
        }
    }
    settled.reverse();
    let ids = |list: Vec<(Instant, ChangeId)>| list.into_iter().map(|(_, id)| id).collect();
    QueueLists { mine: ids(mine), waiting: ids(waiting), settled: ids(settled) }
}

/// Keeps the earliest first as they come: the standard library's sort is four kilobytes of the page for each type.
fn place(list: &mut Vec<(Instant, ChangeId)>, one: (Instant, ChangeId)) {
    let place = list.partition_point(|other| *other < one);
    list.insert(place, one);
}
