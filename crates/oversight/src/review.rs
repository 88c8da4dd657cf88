//! Reviews and what they add up to: whose vote counts (separation of duties), when a quorum holds (a
//! matching of distinct people to slots, not a count), and what is still missing. Pure functions of the
//! version, the reviews and `now`.

use crate::capability::{self, Deed, Refusal};
use crate::digest::Digest;
use crate::id::{Group, PersonUid};
use crate::policy::Requirement;
use crate::state::State;
use crate::time::Instant;
use crate::vocabulary::{Channel, Decision, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How the version was looked at before the decision, as the reviewer's client reports it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewEvidence {
    /// When the version was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Instant>,
    /// How long it was visible, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_ms: Option<u64>,
    /// Which sections came into view: "what", "where", "plan", …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections_revealed: Vec<String>,
    /// `rule@field` of each finding that was acknowledged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<String>,
}

/// One person's immutable word on one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Review {
    pub version: u32,
    pub reviewer: PersonUid,
    /// Every group the reviewer was in when deciding.
    pub groups: Vec<Group>,
    pub decision: Decision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub digest: Digest,
    pub channel: Channel,
    pub decided_at: Instant,
    /// Position of its record in the log.
    pub sequence: u64,
    #[serde(default)]
    pub evidence: ReviewEvidence,
}

/// A person who may be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub uid: PersonUid,
    pub role: Role,
    pub groups: Vec<Group>,
}

/// Those whose vote never counts on a version, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NeverCounted {
    pub person: PersonUid,
    /// "owns the agent", "prompted it", "started the session".
    pub why: String,
}

impl NeverCounted {
    /// Whether `person` is meant.
    pub fn is(&self, person: &PersonUid) -> bool {
        same_person(&self.person, person)
    }
}

/// Whether the uid that somebody else spells is that person's. Prompter and starter are the agent's spelling, so case
/// and space around a name don't make it another person's; hidden and lookalike characters are findings of high
/// severity, and make it nobody's.
pub fn same_person(spelled: &PersonUid, person: &PersonUid) -> bool {
    let folded = |uid: &PersonUid| uid.as_str().trim().to_lowercase();
    folded(spelled) == folded(person)
}

/// Who stands behind a version.
#[derive(Debug, Clone, Copy)]
pub struct Behind<'a> {
    pub owner: Option<&'a PersonUid>,
    pub prompter: Option<&'a PersonUid>,
    pub starter: Option<&'a PersonUid>,
}

/// The agent's owner, the prompter and the session's starter; each person once, reasons joined.
pub fn never_counted(behind: Behind<'_>) -> Vec<NeverCounted> {
    let mut out: Vec<NeverCounted> = Vec::new();
    for (person, why) in
        [(behind.owner, "owns the agent"), (behind.prompter, "prompted it"), (behind.starter, "started the session")]
    {
        let Some(person) = person else { continue };
        match out.iter_mut().find(|entry| entry.is(person)) {
            Some(entry) => entry.why = format!("{}, {why}", entry.why),
            None => out.push(NeverCounted { person: person.clone(), why: why.to_owned() }),
        }
    }
    out
}

/// One slot's standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlotStanding {
    pub group: Group,
    pub count: u32,
    /// Who is assigned to it, in the best assignment of those who approved.
    pub filled_by: Vec<PersonUid>,
    /// Who could still fill it: members of the group whose vote counts and who haven't reviewed.
    pub could: Vec<PersonUid>,
}

/// Assigns distinct approvers to seats so that as many as possible are filled (Kuhn's augmenting paths).
/// Returns, for each seat in the order of the requirement's slots, the index of its approver.
fn assign(requirement: &Requirement, approvers: &[&Review]) -> Vec<Option<usize>> {
    let seats: Vec<&Group> =
        requirement.slots.iter().flat_map(|slot| std::iter::repeat_n(&slot.group, slot.count as usize)).collect();
    let mut seat_of: Vec<Option<usize>> = vec![None; seats.len()];
    fn place(
        approver: usize,
        approvers: &[&Review],
        seats: &[&Group],
        seat_of: &mut [Option<usize>],
        tried: &mut [bool],
    ) -> bool {
        for seat in 0..seats.len() {
            if tried[seat] || !approvers[approver].groups.contains(seats[seat]) {
                continue;
            }
            tried[seat] = true;
            let free = match seat_of[seat] {
                None => true,
                Some(other) => place(other, approvers, seats, seat_of, tried),
            };
            if free {
                seat_of[seat] = Some(approver);
                return true;
            }
        }
        false
    }
    for approver in 0..approvers.len() {
        let mut tried = vec![false; seats.len()];
        place(approver, approvers, &seats, &mut seat_of, &mut tried);
    }
    seat_of
}

fn counting_approvals<'a>(reviews: &'a [Review], version: u32, barred: &[NeverCounted]) -> Vec<&'a Review> {
    let mut seen = BTreeSet::new();
    reviews
        .iter()
        .filter(|review| review.version == version && review.decision == Decision::Approve)
        .filter(|review| !barred.iter().any(|entry| entry.is(&review.reviewer)))
        .filter(|review| seen.insert(&review.reviewer))
        .collect()
}

/// How many of the requirement's seats distinct counting approvers fill.
pub fn seats_filled(requirement: &Requirement, reviews: &[Review], version: u32, barred: &[NeverCounted]) -> u32 {
    assign(requirement, &counting_approvals(reviews, version, barred)).iter().flatten().count() as u32
}

/// Whether distinct people can be assigned to all slots.
pub fn quorum_holds(requirement: &Requirement, reviews: &[Review], version: u32, barred: &[NeverCounted]) -> bool {
    seats_filled(requirement, reviews, version, barred) == requirement.people()
}

/// Slot by slot: who fills it, who could.
pub fn standing(
    requirement: &Requirement,
    reviews: &[Review],
    version: u32,
    barred: &[NeverCounted],
    people: &[Person],
) -> Vec<SlotStanding> {
    let approvers = counting_approvals(reviews, version, barred);
    let seats = assign(requirement, &approvers);
    let mut next = 0;
    requirement
        .slots
        .iter()
        .map(|slot| {
            let own = &seats[next..next + slot.count as usize];
            next += slot.count as usize;
            let has_reviewed =
                |person: &Person| reviews.iter().any(|r| r.version == version && r.reviewer == person.uid);
            SlotStanding {
                group: slot.group.clone(),
                count: slot.count,
                filled_by: own.iter().flatten().map(|index| approvers[*index].reviewer.clone()).collect(),
                could: people
                    .iter()
                    .filter(|person| person.groups.contains(&slot.group))
                    .filter(|person| capability::role_allows(Deed::Review, person.role).is_ok())
                    .filter(|person| !barred.iter().any(|entry| entry.is(&person.uid)) && !has_reviewed(person))
                    .map(|person| person.uid.clone())
                    .collect(),
            }
        })
        .collect()
}

/// Why nobody here can complete the quorum, if so: a sentence naming the group.
pub fn unmeetable(
    requirement: &Requirement,
    reviews: &[Review],
    version: u32,
    barred: &[NeverCounted],
    people: &[Person],
) -> Option<String> {
    if requirement.slots.is_empty() {
        return None;
    }
    let mut all: Vec<Review> = reviews.iter().filter(|review| review.version == version).cloned().collect();
    let sample = Digest::of(b"");
    for person in people.iter().filter(|person| capability::role_allows(Deed::Review, person.role).is_ok()) {
        if !all.iter().any(|review| review.reviewer == person.uid) {
            all.push(Review {
                version,
                reviewer: person.uid.clone(),
                groups: person.groups.clone(),
                decision: Decision::Approve,
                reason: None,
                digest: sample,
                channel: Channel::Api,
                decided_at: Instant::from_unix_micros(0).ok()?,
                sequence: 0,
                evidence: ReviewEvidence::default(),
            });
        }
    }
    let approvers = counting_approvals(&all, version, barred);
    let seats = assign(requirement, &approvers);
    let mut next = 0;
    for slot in &requirement.slots {
        let filled = seats[next..next + slot.count as usize].iter().flatten().count();
        next += slot.count as usize;
        if filled < slot.count as usize {
            return Some(format!(
                "Nobody here can complete this: {} needs {}, and {} whose vote counts can fill it.",
                slot.group,
                people_words(slot.count),
                if filled == 0 { "no one".to_owned() } else { format!("only {filled}") },
            ));
        }
    }
    None
}

fn people_words(count: u32) -> String {
    if count == 1 { "one person".to_owned() } else { format!("{count} people") }
}

/// What the endpoint asks before it takes a review; the first failure wins.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    pub person: &'a Person,
    pub state: State,
    pub version: u32,
    pub requirement: &'a Requirement,
    pub reviews: &'a [Review],
    pub barred: &'a [NeverCounted],
    pub expires_at: Instant,
    pub agent_paused: bool,
    pub now: Instant,
}

/// Whether the person may review at all: role, group, separation of duties. A refusal is a 403.
pub fn person_may(asking: &Asking<'_>) -> Result<(), Refusal> {
    capability::role_allows(Deed::Review, asking.person.role)?;
    if let Some(entry) = asking.barred.iter().find(|entry| entry.is(&asking.person.uid)) {
        return Err(Refusal::new(
            "separation-of-duties",
            format!("{} {}; that vote never counts.", entry.person, entry.why),
        ));
    }
    if asking.requirement.slots.is_empty() {
        return Err(Refusal::new("no-review-needed", "The policy asks nobody for this change."));
    }
    if !asking.requirement.slots.iter().any(|slot| asking.person.groups.contains(&slot.group)) {
        let groups: Vec<&str> = asking.requirement.slots.iter().map(|slot| slot.group.as_str()).collect();
        return Err(Refusal::new(
            "group",
            format!("This change asks for {}; you are in none of them.", groups.join(" and ")),
        ));
    }
    Ok(())
}

/// Whether the version takes a review from the person now. A refusal is a 409.
pub fn version_takes(asking: &Asking<'_>) -> Result<(), Refusal> {
    if asking.reviews.iter().any(|review| review.version == asking.version && review.reviewer == asking.person.uid) {
        return Err(Refusal::new("already-reviewed", "You have reviewed this version; a review is final."));
    }
    capability::state_allows(Deed::Review, asking.state)?;
    if asking.now >= asking.expires_at {
        return Err(Refusal::new("expired", "It expired before it was decided."));
    }
    if asking.agent_paused {
        return Err(Refusal::new("agent-paused", "The agent is paused; its changes wait until a manager resumes it."));
    }
    Ok(())
}

/// Both, in the order of the contract.
pub fn may_review(asking: &Asking<'_>) -> Result<(), Refusal> {
    person_may(asking)?;
    version_takes(asking)
}

/// Whether an approval by the person would fill a seat that is open now: what makes a change "mine to decide".
pub fn would_advance(asking: &Asking<'_>) -> bool {
    if may_review(asking).is_err() {
        return false;
    }
    let before = seats_filled(asking.requirement, asking.reviews, asking.version, asking.barred);
    let mut with: Vec<Review> = asking.reviews.to_vec();
    with.push(Review {
        version: asking.version,
        reviewer: asking.person.uid.clone(),
        groups: asking.person.groups.clone(),
        decision: Decision::Approve,
        reason: None,
        digest: Digest::of(b""),
        channel: Channel::Api,
        decided_at: asking.now,
        sequence: 0,
        evidence: ReviewEvidence::default(),
    });
    seats_filled(asking.requirement, &with, asking.version, asking.barred) > before
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Slot;
    use proptest::prelude::*;

    fn requirement(slots: &[(&str, u32)]) -> Requirement {
        slots.iter().fold(Requirement::default(), |all, (group, count)| {
            all.and(Requirement {
                slots: vec![Slot { group: Group::new(*group).unwrap(), count: *count }],
                ..Requirement::default()
            })
        })
    }

    fn approval(reviewer: &str, groups: &[&str]) -> Review {
        Review {
            version: 1,
            reviewer: PersonUid::new(reviewer).unwrap(),
            groups: groups.iter().map(|group| Group::new(*group).unwrap()).collect(),
            decision: Decision::Approve,
            reason: None,
            digest: Digest::of(b"x"),
            channel: Channel::Api,
            decided_at: Instant::from_unix_micros(0).unwrap(),
            sequence: 1,
            evidence: ReviewEvidence::default(),
        }
    }

    fn person(uid: &str, role: Role, groups: &[&str]) -> Person {
        Person {
            uid: PersonUid::new(uid).unwrap(),
            role,
            groups: groups.iter().map(|group| Group::new(*group).unwrap()).collect(),
        }
    }

    #[test]
    fn a_quorum_is_a_matching_of_distinct_people() {
        let two = requirement(&[("sre", 1), ("billing-owners", 1)]);
        let both = ["sre", "billing-owners"];
        for (reviews, holds) in [
            (vec![], false),
            (vec![approval("a", &["sre"])], false),
            (vec![approval("a", &both)], false),
            (vec![approval("a", &both), approval("a", &both)], false),
            (vec![approval("a", &both), approval("b", &["sre"])], true),
            (vec![approval("a", &both), approval("b", &["billing-owners"])], true),
            (vec![approval("a", &["sre"]), approval("b", &["sre"])], false),
        ] {
            assert_eq!(quorum_holds(&two, &reviews, 1, &[]), holds, "{reviews:?}");
        }
        // Taking "a" for sre first would leave billing-owners empty: the matching moves it.
        let moved = standing(&two, &[approval("a", &both), approval("b", &["sre"])], 1, &[], &[]);
        assert_eq!(moved[0].filled_by[0].as_str(), "a");
        assert_eq!(moved[1].filled_by[0].as_str(), "b");
        assert!(
            !quorum_holds(&two, &[approval("a", &both), approval("b", &["sre"])], 2, &[]),
            "votes belong to a version"
        );
    }

    #[test]
    fn who_stands_behind_a_change_never_counts() {
        let owner = PersonUid::new("engineer-1").unwrap();
        let other = PersonUid::new("month-end-close").unwrap();
        let barred = never_counted(Behind { owner: Some(&owner), prompter: Some(&other), starter: Some(&owner) });
        assert_eq!(barred.len(), 2);
        assert_eq!(barred[0].why, "owns the agent, started the session");
        let one = requirement(&[("sre", 1)]);
        assert!(!quorum_holds(&one, &[approval("engineer-1", &["sre"])], 1, &barred));
        assert!(quorum_holds(&one, &[approval("engineer-2", &["sre"])], 1, &barred));
        let people = [person("engineer-1", Role::Engineer, &["sre"])];
        assert!(unmeetable(&one, &[], 1, &barred, &people).unwrap().contains("sre needs one person"));
        assert_eq!(unmeetable(&one, &[], 1, &[], &people), None);
    }

    #[test]
    fn the_first_failure_wins() {
        let requirement = requirement(&[("sre", 1)]);
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let engineer = person("engineer-1", Role::Engineer, &["sre"]);
        let asking = Asking {
            person: &engineer,
            state: State::Pending,
            version: 1,
            requirement: &requirement,
            reviews: &[],
            barred: &[],
            expires_at: at("2026-01-01T01:00:00Z"),
            agent_paused: false,
            now: at("2026-01-01T00:00:00Z"),
        };
        assert_eq!(may_review(&asking), Ok(()));
        assert!(would_advance(&asking));
        let rule = |asking: &Asking<'_>| may_review(asking).unwrap_err().rule;
        assert_eq!(rule(&Asking { person: &person("c", Role::Customer, &["sre"]), ..asking }), "role");
        assert_eq!(rule(&Asking { person: &person("m", Role::Manager, &[]), ..asking }), "group");
        let barred = never_counted(Behind { owner: Some(&engineer.uid), prompter: None, starter: None });
        assert_eq!(rule(&Asking { barred: &barred, state: State::Approved, ..asking }), "separation-of-duties");
        let respelled = PersonUid::new(format!(" {} ", engineer.uid.as_str().to_uppercase())).unwrap();
        let barred = never_counted(Behind { owner: None, prompter: Some(&respelled), starter: None });
        assert_eq!(rule(&Asking { barred: &barred, ..asking }), "separation-of-duties", "another spelling");
        let done = [approval("engineer-1", &["sre"])];
        assert_eq!(rule(&Asking { reviews: &done, state: State::Approved, ..asking }), "already-reviewed");
        assert_eq!(rule(&Asking { state: State::Approved, ..asking }), "already-decided");
        assert_eq!(rule(&Asking { now: asking.expires_at, ..asking }), "expired");
        assert_eq!(rule(&Asking { agent_paused: true, ..asking }), "agent-paused");
        let other = [approval("engineer-2", &["sre"])];
        assert!(!would_advance(&Asking { reviews: &other, ..asking }), "the seat is taken");
    }

    /// Whether some assignment of distinct approvers fills every seat, by trying them all.
    fn oracle(requirement: &Requirement, approvers: &[Review]) -> bool {
        fn fill(seats: &[&Group], approvers: &[Review], used: &mut Vec<bool>) -> bool {
            let Some((seat, rest)) = seats.split_first() else { return true };
            for i in 0..approvers.len() {
                if !used[i] && approvers[i].groups.contains(seat) {
                    used[i] = true;
                    if fill(rest, approvers, used) {
                        return true;
                    }
                    used[i] = false;
                }
            }
            false
        }
        let seats: Vec<&Group> =
            requirement.slots.iter().flat_map(|slot| std::iter::repeat_n(&slot.group, slot.count as usize)).collect();
        fill(&seats, approvers, &mut vec![false; approvers.len()])
    }

    proptest! {
        #[test]
        fn the_matching_agrees_with_trying_every_assignment(
            slots in proptest::collection::btree_map("[a-d]", 1u32..3, 1..4),
            members in proptest::collection::vec(proptest::collection::btree_set("[a-d]", 0..4), 0..6),
        ) {
            let slots: Vec<(&str, u32)> = slots.iter().map(|(group, count)| (group.as_str(), *count)).collect();
            let requirement = requirement(&slots);
            let reviews: Vec<Review> = members.iter().enumerate().map(|(i, groups)| {
                let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
                approval(&format!("p{i}"), &groups)
            }).collect();
            prop_assert_eq!(quorum_holds(&requirement, &reviews, 1, &[]), oracle(&requirement, &reviews));
        }
    }
}
