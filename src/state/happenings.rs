//! What of the stream's news concerns the reader enough to be told: a change that waits for them, an answer to
//! what they asked, what became of what they reviewed. Pure; showing and keeping it is `ui::Notices`.

use oversight::contract::ChangeView;
use oversight::state::State;
use oversight::text::escape::visible;
use oversight::vocabulary::Role;

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// It waits for the reader.
    Waits(String),
    /// An agent answered where the reader had asked.
    Answered(String),
    /// A change that the reader reviewed went on.
    WentOn(State, String),
}

/// What the newer view of a change means to `me`; `before` is absent for a change not known until now. The reader's
/// own deeds are no news to them.
pub fn happening(before: Option<&ChangeView>, after: &ChangeView, me: &str) -> Option<Happening> {
    let name = || format!("{}, “{}”", after.id, visible(&after.reviewed.headline()));
    let was_mine = before.is_some_and(|before| before.mine && before.version == after.version);
    if after.mine && !was_mine {
        return Some(Happening::Waits(format!("{} waits for you.", name())));
    }
    let before = before?;
    let asked = after.comments.iter().any(|comment| comment.author == me);
    let answer = after.comments.last().filter(|_| after.comments.len() > before.comments.len());
    if let Some(answer) = answer.filter(|answer| asked && answer.role == Role::Agent) {
        return Some(Happening::Answered(format!("{} answered on {}.", visible(&answer.author), after.id)));
    }
    let reviewed = before.reviews.iter().any(|review| review.reviewer.as_str() == me);
    let by_me = after.settled.as_ref().is_some_and(|settled| settled.by == me);
    if reviewed && !by_me && before.version == after.version && before.state != after.state {
        return Some(Happening::WentOn(after.state, format!("{} is {} now.", name(), after.state.words())));
    }
    if reviewed && before.version < after.version {
        let words = format!("{} has a new version; reviews of version {} no longer count.", name(), before.version);
        return Some(Happening::WentOn(State::Superseded, words));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::contract::{CommentView, May, Settlement};
    use oversight::id::{ChangeId, PersonUid};
    use oversight::review::Review;
    use oversight::vocabulary::{Channel, Decision};

    fn view() -> ChangeView {
        let reviewed = oversight::change::sample();
        ChangeView {
            id: ChangeId(7),
            version: 3,
            state: State::Pending,
            sequence: 1,
            digest: reviewed.digest().unwrap(),
            reviewed,
            reviews: vec![],
            may_review: May { allowed: true, rule: None, reason: None },
            mine: false,
            slots: vec![],
            never_counted: vec![],
            unmeetable: None,
            approval_blocked: None,
            agent_paused: false,
            comments: vec![],
            settled: None,
        }
    }

    fn reviewed_by(person: &str) -> ChangeView {
        let mut view = view();
        view.reviews.push(Review {
            version: 3,
            reviewer: PersonUid::new(person).unwrap(),
            groups: vec![],
            decision: Decision::Approve,
            reason: None,
            digest: view.digest,
            channel: Channel::Browser,
            decided_at: view.reviewed.proposed_at,
            sequence: 1,
            evidence: Default::default(),
        });
        view
    }

    fn said(mut view: ChangeView, author: &str, role: Role) -> ChangeView {
        let time = view.reviewed.proposed_at;
        view.comments.push(CommentView { sequence: 2, time, author: author.into(), role, text: "Why?".into() });
        view
    }

    #[test]
    fn what_concerns_the_reader_is_told_once() {
        let mine = ChangeView { mine: true, ..view() };
        assert!(matches!(happening(None, &mine, "me"), Some(Happening::Waits(words)) if words.starts_with("CH-7, “")));
        assert_eq!(happening(Some(&mine), &mine, "me"), None);
        let next = ChangeView { version: 4, ..mine.clone() };
        assert!(matches!(happening(Some(&mine), &next, "me"), Some(Happening::Waits(_))));
        assert_eq!(happening(None, &view(), "me"), None);
    }

    #[test]
    fn an_answer_is_told_to_who_asked() {
        let asked = said(view(), "me", Role::Engineer);
        let answered = said(asked.clone(), "cost-optimizer", Role::Agent);
        assert_eq!(
            happening(Some(&asked), &answered, "me"),
            Some(Happening::Answered("cost-optimizer answered on CH-7.".into()))
        );
        assert_eq!(happening(Some(&asked), &answered, "another"), None);
        assert_eq!(happening(Some(&asked), &said(asked.clone(), "colleague", Role::Engineer), "me"), None);
    }

    #[test]
    fn what_became_of_a_review_is_told_but_not_ones_own_deed() {
        let before = reviewed_by("me");
        let settled = |by: &str| Some(Settlement { at: before.reviewed.proposed_at, by: by.into(), reason: None });
        let redeemed = ChangeView { state: State::Redeemed, settled: settled("executor-1"), ..before.clone() };
        assert!(matches!(happening(Some(&before), &redeemed, "me"), Some(Happening::WentOn(State::Redeemed, _))));
        assert_eq!(happening(Some(&before), &redeemed, "another"), None);
        let revoked = ChangeView { state: State::Revoked, settled: settled("me"), ..before.clone() };
        assert_eq!(happening(Some(&before), &revoked, "me"), None);
        let amended = ChangeView { version: 4, ..before.clone() };
        assert!(matches!(happening(Some(&before), &amended, "me"), Some(Happening::WentOn(State::Superseded, _))));
    }
}
