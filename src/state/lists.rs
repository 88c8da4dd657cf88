//! How the queue is grouped and ordered: mine to decide, waiting for others, settled in the last hour.
//! Pure; which changes there are is the `changes` store.

use super::glance::Glance;
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

/// Groups changes as of `now`.
pub fn queue_lists<'a>(views: impl IntoIterator<Item = &'a Glance>, now: Instant) -> QueueLists {
    let (mut mine, mut waiting, mut settled) = (Vec::new(), Vec::new(), Vec::new());
    for view in views {
        match view.state {
            State::Pending if view.mine => place(&mut mine, (view.expires_at, view.id)),
            State::Pending | State::Approved => place(&mut waiting, (view.expires_at, view.id)),
            _ => {
                let at = view.settled_at.unwrap_or(view.proposed_at);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::view;

    #[test]
    fn each_change_is_in_one_group_and_what_is_over_for_an_hour_in_none() {
        let at = |seconds: i64| Glance::of(&view(1)).proposed_at.plus_seconds(seconds);
        let one = |id: u64, state: State, mine: bool, expires: i64, settled: Option<i64>| Glance {
            id: ChangeId(id),
            state,
            mine,
            expires_at: at(expires),
            settled_at: settled.map(at),
            ..Glance::of(&view(1))
        };
        let all = [
            one(1, State::Pending, true, 900, None),
            one(2, State::Pending, true, 300, None),
            one(3, State::Pending, false, 600, None),
            one(4, State::Approved, true, 500, None),
            one(5, State::Rejected, false, 0, Some(100)),
            one(6, State::Verified, false, 0, Some(200)),
            one(7, State::Expired, false, 0, Some(-1_000)),
        ];
        let lists = queue_lists(&all, at(SETTLED_FOR - 900));
        let ids = |ids: &[u64]| ids.iter().copied().map(ChangeId).collect::<Vec<_>>();
        assert_eq!((lists.mine, lists.waiting, lists.settled), (ids(&[2, 1]), ids(&[4, 3]), ids(&[6, 5])));
        assert_eq!(queue_lists(&all, at(SETTLED_FOR + 101)).settled, ids(&[6]));
        assert_eq!(queue_lists(&all, at(SETTLED_FOR + 100)).settled, ids(&[6, 5]));
    }
}
