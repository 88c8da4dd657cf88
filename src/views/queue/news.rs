//! What happened to the open change, as a sentence for those who can't see it happen, and what became of a
//! decision in plain words. Pure; the live region is the shell's.

use oversight::contract::{ChangeView, Problem};
use oversight::vocabulary::Decision;

/// The news between two views of one change; `None` where nothing was worth a word.
pub fn news(before: &ChangeView, after: &ChangeView) -> Option<String> {
    if after.version > before.version {
        return Some(format!(
            "Version {} of {} is here. Version {} can no longer be decided.",
            after.version, after.id, before.version
        ));
    }
    let mut said: Vec<String> = Vec::new();
    for review in after.reviews.iter().skip(before.reviews.len()) {
        let did = if review.decision == Decision::Approve { "approved" } else { "rejected" };
        said.push(format!("{} {did} version {}.", review.reviewer, review.version));
    }
    if after.state != before.state {
        said.push(format!("{} is now {}.", after.id, after.state.words()));
    }
    if after.agent_paused != before.agent_paused {
        said.push(format!("The agent {}.", if after.agent_paused { "was paused" } else { "was resumed" }));
    }
    match after.comments.len().saturating_sub(before.comments.len()) {
        0 => {}
        1 => said.push("A new comment.".to_owned()),
        n => said.push(format!("{n} new comments.")),
    }
    (!said.is_empty()).then(|| said.join(" "))
}

/// A refused decision: what happened and what to do, by the stable name of the problem.
pub fn refusal(problem: &Problem) -> (String, &'static str) {
    let said = problem.detail.clone().unwrap_or_else(|| problem.title.clone());
    let next = match problem.slug() {
        "stale-version" => "Read the new version and decide on that one.",
        "digest-mismatch" => "Reload the page: what was shown is not what the endpoint holds.",
        "already-reviewed" => "Your earlier review stands; a review is final.",
        "already-decided" | "expired" => "Nothing more can be decided here.",
        "agent-paused" => "Decide again once a manager has resumed the agent.",
        _ => match problem.status {
            401 => "Sign in again by one of the endpoint's links, then decide again.",
            403 => "Somebody else has to decide this one.",
            429 => "Wait a minute, then decide again.",
            500.. => "Decide again; if it stays, the endpoint's log has the cause.",
            _ => "Correct it and decide again.",
        },
    };
    (said, next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::view;
    use oversight::state::State;

    #[test]
    fn each_change_has_its_sentence() {
        let before = view(41);
        assert_eq!(news(&before, &before), None);
        let mut beat = before.clone();
        beat.sequence += 1;
        assert_eq!(news(&before, &beat), None);

        let mut approved = before.clone();
        let mut review = before.reviews[0].clone();
        review.reviewer = "billing-owner".parse().unwrap();
        approved.reviews.push(review);
        approved.state = State::Approved;
        assert_eq!(news(&before, &approved).unwrap(), "billing-owner approved version 3. CH-41 is now approved.");

        let mut amended = before.clone();
        amended.version = 4;
        assert_eq!(news(&before, &amended).unwrap(), "Version 4 of CH-41 is here. Version 3 can no longer be decided.");

        let mut paused = before.clone();
        paused.agent_paused = true;
        paused.comments.push(before.comments[0].clone());
        assert_eq!(news(&before, &paused).unwrap(), "The agent was paused. A new comment.");
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let problem = |slug: &str, status: u16| Problem {
            kind: format!("/problems/{slug}"),
            title: "Refused".into(),
            status,
            detail: Some("It was amended.".into()),
            field: None,
            rule: None,
            errors: vec![],
        };
        for (slug, status, next) in [
            ("stale-version", 412, "Read the new version and decide on that one."),
            ("already-decided", 409, "Nothing more can be decided here."),
            ("separation-of-duties", 403, "Somebody else has to decide this one."),
            ("internal", 500, "Decide again; if it stays, the endpoint's log has the cause."),
        ] {
            assert_eq!(refusal(&problem(slug, status)), ("It was amended.".to_owned(), next));
        }
    }
}
