//! Which of the selected changes can be decided together, and which have to be decided one at a time, with
//! the reason. No approval in bulk of what can't be undone or of what has not been acknowledged. Pure.

use super::arming::seal;
use oversight::contract::ChangeView;
use oversight::id::ChangeId;
use oversight::state::State;
use oversight::vocabulary::{Decision, Reversibility};

/// The selected changes in two heaps, both in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sorted {
    /// Can be decided here.
    pub together: Vec<ChangeId>,
    /// Not here, and why.
    pub apart: Vec<(ChangeId, String)>,
}

/// Sorts `views` for one decision on all of them.
pub fn sorted<'a>(views: impl IntoIterator<Item = &'a ChangeView>, decision: Decision) -> Sorted {
    let mut sorted = Sorted::default();
    for view in views {
        match apart(view, decision) {
            None => sorted.together.push(view.id),
            Some(why) => sorted.apart.push((view.id, why)),
        }
    }
    sorted
}

/// Why `view` can't be decided together with others, if so.
fn apart(view: &ChangeView, decision: Decision) -> Option<String> {
    if view.state != State::Pending {
        return Some(format!("It is {} already.", view.state.words()));
    }
    if !view.may_review.allowed {
        return Some(
            view.may_review.reason.clone().unwrap_or_else(|| "The endpoint takes no review from you.".to_owned()),
        );
    }
    if let Err(reason) = seal(view) {
        return Some(reason);
    }
    if decision == Decision::Reject {
        return None;
    }
    if !view.mine {
        return Some("Your approval would fill no open seat.".to_owned());
    }
    match view.reviewed.classification.reversibility {
        Reversibility::Irreversible => return Some("It can't be undone; approve it on its own page.".to_owned()),
        Reversibility::Unknown => {
            return Some("Whether it can be undone is unknown; approve it on its own page.".to_owned());
        }
        Reversibility::Reversible | Reversibility::Compensable => {}
    }
    if let Some(reason) = &view.approval_blocked {
        return Some(reason.clone());
    }
    match view.reviewed.to_acknowledge().len() {
        0 => None,
        1 => Some("A finding of high severity is acknowledged on its own page.".to_owned()),
        n => Some(format!("{n} findings of high severity are acknowledged on its own page.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{reseal, view};
    use oversight::digest::Digest;
    use oversight::finding::Finding;
    use oversight::vocabulary::Severity;

    type Tamper = fn(&mut ChangeView);

    #[test]
    fn only_what_can_be_undone_is_approved_together() {
        let finding = Finding {
            rule: "text-002".into(),
            severity: Severity::High,
            title: "Hidden character".into(),
            field: "title".into(),
            position: None,
            code_points: vec![],
            detail: String::new(),
        };
        let mut found = view(9);
        found.reviewed.findings.push(finding);
        reseal(&mut found);
        assert_eq!(sorted([&found], Decision::Approve).apart.len(), 1);
        assert_eq!(sorted([&found], Decision::Reject).together, [ChangeId(9)]);

        // (change, may be approved together, may be rejected together)
        let cases: [(Tamper, bool, bool); 8] = [
            (|_| {}, true, true),
            (|view| view.reviewed.classification.reversibility = Reversibility::Irreversible, false, true),
            (|view| view.reviewed.classification.reversibility = Reversibility::Unknown, false, true),
            (|view| view.mine = false, false, true),
            (|view| view.approval_blocked = Some("A rollback is missing.".into()), false, true),
            (|view| view.may_review.allowed = false, false, false),
            (|view| view.state = State::Expired, false, false),
            (|view| view.digest = Digest::of(b"another"), false, false),
        ];
        for (index, (tamper, approve, reject)) in cases.into_iter().enumerate() {
            let mut view = view(1);
            tamper(&mut view);
            // The last case is about a broken seal; the others are sealed again.
            if index < 7 {
                reseal(&mut view);
            }
            for (decision, expected) in [(Decision::Approve, approve), (Decision::Reject, reject)] {
                let sorted = sorted([&view], decision);
                assert_eq!(!sorted.together.is_empty(), expected, "case {index}, {decision}");
                assert_eq!(sorted.together.len() + sorted.apart.len(), 1);
                assert!(sorted.apart.iter().all(|(_, why)| why.ends_with('.')));
            }
        }
    }
}
