//! What the list says of a change: whether a filter matches it, where the keys move to, and its seats as
//! dots. Pure; the groups and their order are `state::lists`, the rows are `row`.

use crate::state::Glance;
use oversight::id::ChangeId;
use oversight::text::visible;

/// Whether every word of `filter` occurs in what the row is about: id, title, agent, operation, state, tier,
/// environment or a group. Case does not matter; an empty filter matches everything.
pub fn matches(change: &Glance, filter: &str) -> bool {
    let mut words = filter.split_whitespace().peekable();
    if words.peek().is_none() {
        return true;
    }
    let mut text = format!(
        "{} {} {} {} {} {} {} risk {}",
        change.id,
        visible(&change.title),
        change.agent,
        change.agent_name,
        change.operation,
        change.state.words(),
        change.tier,
        change.environment,
    );
    for slot in &change.slots {
        text.push(' ');
        text.push_str(&slot.group);
    }
    let text = text.to_lowercase();
    words.all(|word| text.contains(&word.to_lowercase()))
}

/// The id `by` places after `at`, staying within the list. Without a place, or one that is no longer there, the
/// first step leads to the first id, and a step back to the last.
pub fn step(ids: &[ChangeId], at: Option<ChangeId>, by: isize) -> Option<ChangeId> {
    let last = ids.len().checked_sub(1)?;
    let to = match at.and_then(|at| ids.iter().position(|id| *id == at)) {
        Some(place) => place.saturating_add_signed(by).min(last),
        None if by < 0 => last,
        None => 0,
    };
    Some(ids[to])
}

/// Where the keys are after a list changed: on the same id if it is still there, otherwise on the one that took
/// its place.
pub fn stay(before: &[ChangeId], after: &[ChangeId], at: ChangeId) -> Option<ChangeId> {
    if after.contains(&at) {
        return Some(at);
    }
    let last = after.len().checked_sub(1)?;
    let place = before.iter().position(|id| *id == at)?;
    Some(after[place.min(last)])
}

/// One seat of the quorum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    Filled,
    Open,
    /// Open, and this reader's approval would fill it.
    Mine,
}

/// The seats in the order of the slots. One person fills one seat, so at most one is `Mine`.
pub fn seats(change: &Glance, me: &str) -> Vec<Seat> {
    let mut mine_left = change.mine;
    let mut seats = Vec::new();
    for slot in &change.slots {
        for seat in 0..slot.count {
            let mine = mine_left && slot.could.iter().any(|person| person == me);
            seats.push(match (seat < slot.filled, mine) {
                (true, _) => Seat::Filled,
                (false, true) => Seat::Mine,
                (false, false) => Seat::Open,
            });
            mine_left &= seat < slot.filled || !mine;
        }
    }
    seats
}

/// The seats in words: `1 of 2 given, one open to you`.
pub fn seats_words(seats: &[Seat]) -> String {
    if seats.is_empty() {
        return "nobody is asked".to_owned();
    }
    let filled = seats.iter().filter(|seat| **seat == Seat::Filled).count();
    let mine = if seats.contains(&Seat::Mine) { ", one open to you" } else { "" };
    format!("{filled} of {} given{mine}", seats.len())
}

/// The groups whose seats are open, in the order of the slots.
pub fn open_groups(change: &Glance) -> Vec<String> {
    let open = change.slots.iter().filter(|slot| slot.filled < slot.count);
    open.map(|slot| slot.group.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::view;

    #[test]
    fn a_filter_looks_at_agent_service_state_and_title() {
        let view = Glance::of(&view(41));
        for (filter, found) in [
            ("", true),
            ("  ", true),
            ("BILLING exports", true),
            ("cost-opt", true),
            ("s3:put", true),
            ("pending production", true),
            ("sre", true),
            ("ch-41", true),
            ("approved", false),
            ("billing dns", false),
        ] {
            assert_eq!(matches(&view, filter), found, "{filter:?}");
        }
    }

    #[test]
    fn a_hidden_character_can_be_filtered_for() {
        let mut view = Glance::of(&view(41));
        view.title = "Move ex\u{200b}ports".into();
        assert!(matches(&view, "u+200b") && !matches(&view, "exports"));
    }

    #[test]
    fn keys_move_within_the_list_and_stay_where_they_were() {
        let ids = [1, 2, 3].map(ChangeId);
        for (at, by, to) in
            [(None, 1, 1), (None, -1, 3), (Some(1), 1, 2), (Some(3), 1, 3), (Some(1), -1, 1), (Some(9), 1, 1)]
        {
            assert_eq!(step(&ids, at.map(ChangeId), by), Some(ChangeId(to)), "{at:?} {by}");
        }
        assert_eq!(step(&[], Some(ChangeId(1)), 1), None);
        for (after, at, to) in
            [(vec![3, 2, 1], 2, Some(2)), (vec![1, 3], 2, Some(3)), (vec![1], 3, Some(1)), (vec![], 1, None)]
        {
            let after: Vec<ChangeId> = after.into_iter().map(ChangeId).collect();
            assert_eq!(stay(&ids, &after, ChangeId(at)), to.map(ChangeId));
        }
    }

    #[test]
    fn one_person_fills_one_seat() {
        let mut view = Glance::of(&view(41));
        assert_eq!(seats(&view, "billing-owner"), [Seat::Filled, Seat::Mine]);
        assert_eq!(seats(&view, "engineer-3"), [Seat::Filled, Seat::Open]);
        assert_eq!(seats_words(&seats(&view, "billing-owner")), "1 of 2 given, one open to you");
        assert_eq!(open_groups(&view), ["billing-owners"]);
        view.slots[1].count = 3;
        assert_eq!(seats(&view, "billing-owner"), [Seat::Filled, Seat::Mine, Seat::Open, Seat::Open]);
        view.mine = false;
        assert!(!seats(&view, "billing-owner").contains(&Seat::Mine));
        view.slots.clear();
        assert_eq!(seats_words(&seats(&view, "billing-owner")), "nobody is asked");
    }
}
