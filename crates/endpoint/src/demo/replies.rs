//! What an agent of the demonstration answers when a person comments on its change. Every answer is made of
//! what its proposal says; it promises nothing and decides nothing.

use oversight::change::Version;
use oversight::proposal::PlanStep;

/// What the comment asks for, as far as its words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// To change the proposal.
    Change,
    /// How it would be undone.
    WayBack,
    /// How long it may wait, or when it happens.
    When,
    /// Who wants it.
    Who,
    /// What it reaches.
    Reach,
    /// What it is based on; also whatever else is said.
    Why,
}

/// The first of these whose words occur.
const WORDS: [(Ask, &[&str]); 5] = [
    (
        Ask::Change,
        &["amend", "please add", "please change", "can you add", "could you add", "narrow", "smaller", "instead"],
    ),
    (Ask::WayBack, &["roll back", "rollback", "undo", "revert", "way back", "go wrong", "goes wrong", "fail"]),
    (Ask::When, &["when", "how long", "wait", "urgent", "tomorrow"]),
    (Ask::Who, &["who ", "whose", "owner", "asked for"]),
    (Ask::Reach, &["which", "customer", "impact", "affect", "blast", "how many", "where"]),
];

/// What `comment` asks for.
pub fn ask(comment: &str) -> Ask {
    let comment = comment.to_lowercase();
    WORDS.iter().find(|(_, words)| words.iter().any(|word| comment.contains(word))).map_or(Ask::Why, |(ask, _)| *ask)
}

/// The answer of the agent that proposed `version`. At most 4,096 bytes.
pub fn answer(ask: Ask, version: &Version) -> String {
    let text = match ask {
        Ask::Change => {
            "I have amended it with what I could. It is a new version, so earlier votes don't count for it.".to_owned()
        }
        Ask::WayBack if version.plan.rollback.is_empty() => {
            "There is no way back in the plan. If you need one before you decide, say so and I will look for one."
                .to_owned()
        }
        Ask::WayBack => format!("If a step fails, the rollback is run at once: {}.", steps(&version.plan.rollback)),
        Ask::When => format!(
            "It can wait until {}. Nothing happens before it is approved, and then the steps take as long as they are listed.",
            version.expires_at
        ),
        Ask::Who => {
            let asked = version
                .on_behalf_of
                .value()
                .map(|identity| identity.name.clone().unwrap_or_else(|| identity.uid.to_string()));
            let started = version.session.value().and_then(|session| session.started_by.value());
            match (asked, started) {
                (Some(asked), Some(started)) => {
                    format!("{asked} asked for it; {started} started the session I work in.")
                }
                (Some(asked), None) => format!("{asked} asked for it. Who started the session is not known to me."),
                (None, _) => "I was started by a schedule that does not say who set it up.".to_owned(),
            }
        }
        Ask::Reach => {
            let named: Vec<&str> = version.resources.iter().map(|resource| resource.uid.as_str()).collect();
            format!(
                "It touches {} and nothing else that I know of. How many customers that reaches I can't tell.",
                listed(&named)
            )
        }
        Ask::Why => match version.evidence.as_slice() {
            [] => "I have nothing beyond what the rationale says.".to_owned(),
            evidence => {
                let titles: Vec<&str> = evidence.iter().map(|one| one.title.as_str()).collect();
                format!("It rests on this: {}. I can't say more than they show.", listed(&titles))
            }
        },
    };
    cut(text)
}

fn steps(steps: &[PlanStep]) -> String {
    let words: Vec<String> = steps
        .iter()
        .map(|step| match step {
            PlanStep::Action { service, operation, .. } => format!("{service}:{operation}"),
            PlanStep::Check { note, .. } => format!("a check that {note}"),
        })
        .collect();
    listed(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn listed(parts: &[&str]) -> String {
    match parts {
        [] => "nothing by name".to_owned(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn cut(text: String) -> String {
    let most = oversight::contract::MAX_REASON;
    if text.len() <= most {
        return text;
    }
    let end = (0..=most - 3).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_understood_by_its_words() {
        for (comment, expected) in [
            ("What happens if it goes wrong?", Ask::WayBack),
            ("Could you add a rollback?", Ask::Change),
            ("Who asked for this?", Ask::Who),
            ("When does this run?", Ask::When),
            ("Which customers does this affect?", Ask::Reach),
            ("Why now?", Ask::Why),
            ("Hm.", Ask::Why),
        ] {
            assert_eq!(ask(comment), expected, "{comment}");
        }
    }

    #[test]
    fn long_answers_are_cut_between_characters() {
        let long = cut("é".repeat(4_000));
        assert!(long.len() <= oversight::contract::MAX_REASON && long.ends_with('…'));
    }
}
