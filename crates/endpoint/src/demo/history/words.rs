//! What people and agents of the past say: why they reject, take back and withdraw, and what they ask. Why a particular
//! proposal is rejected stands with it in `repertoire.json`; how an agent answers is `replies`.

use crate::demo::replies::Ask;

/// Why something is rejected, where it does not say itself.
pub const REJECTIONS: [&str; 6] = [
    "Not today: two other changes of this service are under way.",
    "The evidence is of last month. Show me this week's.",
    "I can't tell from this what happens to requests that are under way. Say so and propose it again.",
    "We agreed to leave this as it is until the review in two weeks.",
    "This is the team's to decide, and they have not been asked.",
    "The plan does one thing and the title says another.",
];

/// Said with an approval, now and then.
pub const APPROVALS: [&str; 5] = [
    "Looked at the graphs; they say the same.",
    "Fine. Watch the errors for an hour.",
    "The team knows.",
    "Same as last week's, which went well.",
    "Go ahead, I am here until four.",
];

/// Asked before a decision, and what is asked for.
pub const QUESTIONS: [(Ask, &str); 8] = [
    (Ask::WayBack, "How would you undo it?"),
    (Ask::WayBack, "What if it goes wrong at half past four, when everybody is on the way home?"),
    (Ask::Why, "Is that this week's figure or last week's?"),
    (Ask::When, "Can this wait until Thursday?"),
    (Ask::Who, "Who asked for this?"),
    (Ask::Reach, "Which customers would notice?"),
    (Ask::Reach, "How many are there of these?"),
    (Ask::Why, "I don't see it in the graph. What did you look at?"),
];

/// Asked of a proposal that lacks the way back that the policy requires.
pub const NO_WAY_BACK: &str = "There is no way back in it. Please add one.";

/// Said by an agent unasked.
pub const REMARKS: [&str; 3] = [
    "I looked again just now. The figures are as they were when I proposed it.",
    "Nothing has changed since I proposed it.",
    "I checked that no other change of mine touches the same resources.",
];

/// Why an approval is taken back.
pub const REVOCATIONS: [&str; 4] = [
    "The wrong one of two was approved. This one should wait.",
    "The team has just begun a deployment of the same service.",
    "An alarm has gone off there a minute ago. First that.",
    "I read the plan again: the check is of the wrong page.",
];

/// Why an agent withdraws what it proposed.
pub const CANCELLATIONS: [&str; 4] = [
    "The figures it rests on have changed since.",
    "Somebody has done it by hand.",
    "Nobody has needed it so far, and the figures it rests on are getting old.",
    "I proposed it twice. The other one stands.",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::replies::ask;

    #[test]
    fn agents_understand_what_they_are_asked() {
        for (asked, question) in QUESTIONS {
            assert_eq!(ask(question), asked, "{question}");
        }
        assert_eq!(ask(NO_WAY_BACK), Ask::Change);
    }
}
