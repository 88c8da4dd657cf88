//! The oracle: what a change must be by its audit records alone. Every record must be a way that the state machine
//! has, a quorum is counted from the review records, and each record must name the state that follows from it.

use endpoint::desk::{Desk, DigestOf};
use oversight::change::Version;
use oversight::digest::Digest;
use oversight::id::ChangeId;
use oversight::record::AuditRecord;
use oversight::review::{Review, ReviewEvidence, quorum_holds};
use oversight::state::{Event, State};
use oversight::vocabulary::{Asserter, Decision, Effect, Kind};
use serde_json::Value;
use std::collections::BTreeMap;

use crate::fixture::{Bench, who};

#[derive(Debug)]
pub struct Replayed {
    pub version: u32,
    pub state: State,
    pub reviews: Vec<Review>,
    /// Records that moved it, each version's coming to be left out.
    pub transitions: u32,
}

/// Replays every change of the log.
pub async fn replay(bench: &Bench) -> BTreeMap<ChangeId, Replayed> {
    let mut changes = BTreeMap::new();
    for (index, value) in bench.log().await.into_iter().enumerate() {
        assert_eq!(value["sequence"], index as u64 + 1, "the sequence has no gaps");
        let record: AuditRecord = serde_json::from_value(value).expect("a record");
        if record.asserted_by.get("record") == Some(&Asserter::Endpoint) && record.change_id.is_some() {
            step(&bench.desk, &mut changes, record).await;
        }
    }
    changes
}

/// Holds every change as read against its records.
pub async fn agrees(bench: &Bench) -> BTreeMap<ChangeId, Replayed> {
    let replayed = replay(bench).await;
    for (id, expected) in &replayed {
        let view = bench.desk.change(&who("manager"), *id).await.expect("read");
        assert_eq!((view.version, view.state), (expected.version, expected.state), "{id}");
        let kept: Vec<_> =
            view.reviews.iter().map(|r| (r.version, r.reviewer.clone(), r.decision, r.sequence)).collect();
        let recorded: Vec<_> =
            expected.reviews.iter().map(|r| (r.version, r.reviewer.clone(), r.decision, r.sequence)).collect();
        assert_eq!(kept, recorded, "{id}");
        let mut once: Vec<_> = kept.iter().map(|(version, reviewer, ..)| (version, reviewer)).collect();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), kept.len(), "{id}: one review a person and version");
    }
    replayed
}

async fn step(desk: &Desk, changes: &mut BTreeMap<ChangeId, Replayed>, record: AuditRecord) {
    let (id, version) = (record.change_id.unwrap(), record.version.expect("a version"));
    let context = format!("{id} v{version} {}", record.kind);
    if record.kind == Kind::Proposal {
        let new = Replayed { version: 1, state: State::Pending, reviews: Vec::new(), transitions: 0 };
        assert!(changes.insert(id, new).is_none() && version == 1, "{context}");
        return;
    }
    let change = changes.get_mut(&id).unwrap_or_else(|| panic!("{context}: before its proposal"));
    // A version after the first follows on the supersession of the one before: by amendment, or by another policy.
    if version == change.version + 1 {
        assert!(matches!(record.kind, Kind::Amendment | Kind::PolicyDecision), "{context}");
        assert_eq!(change.state, State::Superseded, "{context}");
        (change.version, change.state) = (version, State::Pending);
    }
    assert_eq!(version, change.version, "{context}");
    let event = match record.kind {
        Kind::PolicyDecision => match record.policy.value().expect("a policy").decision {
            // By an executor, a redemption that the policy in force refused: the approval stands.
            Effect::Deny if record.actor.value().is_some() => {
                assert_eq!(change.state, State::Approved, "{context}");
                None
            }
            Effect::Allow => Some(Event::QuorumMet),
            Effect::Deny => Some(Event::Denied),
            Effect::NeedsReview => None,
        },
        Kind::Review => reviewed(desk, change, &record).await,
        Kind::Supersession => Some(Event::Superseded),
        Kind::Expiry => Some(Event::Expired),
        Kind::Lapse => Some(Event::Lapsed),
        Kind::Cancellation => Some(Event::Cancelled),
        Kind::Revocation => Some(Event::Revoked),
        Kind::Redemption => Some(Event::Redeemed),
        Kind::Verification => Some(Event::Verified),
        Kind::Rollback => Some(Event::RolledBack),
        Kind::Execution => Some(Event::Failed),
        Kind::Amendment | Kind::Comment => None,
        other => panic!("{context}: {other} is about no change"),
    };
    if let Some(event) = event {
        change.state = change.state.after(event).unwrap_or_else(|conflict| panic!("{context}: {conflict}"));
        change.transitions += 1;
    }
    assert_eq!(record.extra.get("state").and_then(Value::as_str), Some(change.state.as_str()), "{context}");
}

async fn reviewed(desk: &Desk, change: &mut Replayed, record: &AuditRecord) -> Option<Event> {
    let id = record.change_id.unwrap();
    let body = desk.canonical(&who("manager"), id, record.version, DigestOf::Whole).await.expect("the version");
    let version: Version = oversight::json::read(body.as_bytes()).expect("a version");
    let fact = record.review.value().expect("a review").clone();
    assert_eq!(fact.digest, Digest::of(body.as_bytes()), "{id}: the digest is of the version reviewed");
    assert_eq!(change.state, State::Pending, "{id}: only what is pending is reviewed");
    change.reviews.push(Review {
        version: change.version,
        groups: fact.slot.iter().map(|group| group.parse().expect("a group")).collect(),
        reviewer: fact.reviewer,
        decision: fact.decision,
        reason: fact.reason,
        digest: fact.digest,
        channel: fact.channel,
        decided_at: fact.decided_at,
        sequence: record.sequence.unwrap(),
        evidence: ReviewEvidence::default(),
    });
    match fact.decision {
        Decision::Reject => Some(Event::Rejected),
        Decision::Approve => {
            let barred = version.never_counted();
            quorum_holds(&version.policy.requirement, &change.reviews, change.version, &barred)
                .then_some(Event::QuorumMet)
        }
    }
}
