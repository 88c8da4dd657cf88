//! Taking a review: the contract's order of checks, votes and quorums, keys.

use crate::fixture::*;
use endpoint::desk::{Keyed, Refused};
use oversight::contract::ReviewRequest;
use oversight::digest::Digest;
use oversight::id::{AgentUid, ChangeId, PersonUid};
use oversight::missing::Field;
use oversight::proposal::Identity;
use oversight::state::State;
use oversight::vocabulary::{Channel, Decision};

/// Everything about one review that can be wrong at once.
struct Attempt {
    uid: &'static str,
    key: Keyed,
    if_match: Option<String>,
    request: Result<ReviewRequest, Refused>,
}

/// The design's order: 403, saved answer, 400, 428, 412, 422, 409. Starts from an attempt at which everything is
/// wrong, and mends one thing after the other: each time the next check in order must speak.
#[tokio::test]
async fn of_several_faults_the_first_in_order_wins() {
    let bench = Bench::open().await;
    let mut change = one_peer(1);
    change.session = Field::Absent;
    let id = bench.propose(change).await.change;
    let amended = bench.desk.amend(&who("agent-1"), id, two_peers(1, false)).await.unwrap();
    assert_eq!(amended.version, 2);
    let agent = AgentUid::new("agent-1").unwrap();
    bench.desk.pause(&who("engineer-2"), &agent, "Stop.".into()).await.unwrap();
    bench.advance(100_000);
    let view = bench.view(id).await;
    assert_eq!(view.state, State::Pending, "no sweep has been there");

    let unreadable = || Err(Refused::Invalid(oversight::json::Fault::new("decision", "x")));
    let mut attempt =
        Attempt { uid: "customer", key: Keyed { key: None, ..key() }, if_match: None, request: unreadable() };
    let mut said = Vec::new();
    type Mend<'a> = (&'a str, Box<dyn Fn(&mut Attempt) + 'a>);
    let good = |decision| request(&view, decision);
    let mends: Vec<Mend<'_>> = vec![
        ("403 role", Box::new(|a| a.uid = "network-owner")),
        ("403 group", Box::new(|a| a.uid = "engineer-1")),
        ("KeyMissing", Box::new(|a| a.key = key())),
        ("IfMatchMissing", Box::new(|a| a.if_match = tag(id, 1))),
        ("412 2", Box::new(|a| a.if_match = tag(id, 2))),
        (
            "422 decision",
            Box::new(|a| a.request = Ok(ReviewRequest { digest: Digest::of(b"other"), ..good(Decision::Reject) })),
        ),
        ("DigestMismatch", Box::new(|a| a.request = Ok(ReviewRequest { reason: None, ..good(Decision::Reject) }))),
        (
            "422 reason",
            Box::new(|a| a.request = Ok(ReviewRequest { reason: Some("  ".into()), ..good(Decision::Reject) })),
        ),
        (
            "422 reason",
            Box::new(|a| a.request = Ok(ReviewRequest { reason: Some("x".repeat(4_097)), ..good(Decision::Reject) })),
        ),
        ("422 reason", Box::new(|a| a.request = Ok(good(Decision::Approve)))),
        ("409 expired", Box::new(|_| bench.advance(-100_000))),
        ("409 agent-paused", Box::new(|_| {})),
    ];
    for (expected, mend) in &mends {
        let body = match &attempt.request {
            Ok(request) => Ok(request.clone()),
            Err(_) => unreadable(),
        };
        let refused = bench
            .desk
            .review(&who(attempt.uid), id, body, attempt.key.clone(), attempt.if_match.clone(), Channel::Api)
            .await
            .unwrap_err();
        said.push(word(&refused));
        assert_eq!(said.last().unwrap(), expected, "{said:?}");
        mend(&mut attempt);
    }
    bench.desk.resume(&who("manager"), &agent, "Go on.".into()).await.unwrap();
    assert_eq!(word(&bench.decide("engineer-1", id, Decision::Approve).await.unwrap_err()), "409 rollback-required");
    assert_eq!(bench.decide("engineer-1", id, Decision::Reject).await.unwrap().state, State::Rejected);
    assert_eq!(word(&bench.decide("engineer-1", id, Decision::Reject).await.unwrap_err()), "409 already-reviewed");
    assert_eq!(word(&bench.decide("engineer-2", id, Decision::Approve).await.unwrap_err()), "409 already-decided");
    let none = bench.desk.change(&who("manager"), ChangeId(99)).await.unwrap_err();
    assert_eq!(word(&none), "404 change");
}

#[tokio::test]
async fn owner_prompter_and_starter_never_count() {
    let bench = Bench::open().await;
    let mut own = who("agent-2");
    own.owner = Some(PersonUid::new("engineer-1").unwrap());
    bench.desk.enrol(own.clone(), None).await.unwrap();
    let mut proposal = one_peer(1);
    proposal.on_behalf_of = Field::Is(Identity { uid: PersonUid::new("engineer-2").unwrap(), name: None });
    if let Field::Is(session) = &mut proposal.session {
        session.started_by = Field::Is(PersonUid::new("engineer-3").unwrap());
    }
    let id = bench.desk.propose(&own, proposal).await.unwrap().change;
    for uid in ["engineer-1", "engineer-2", "engineer-3"] {
        let refused = bench.decide(uid, id, Decision::Approve).await.unwrap_err();
        assert_eq!(word(&refused), "403 separation-of-duties", "{uid}");
        let view = bench.desk.change(&who(uid), id).await.unwrap();
        assert_eq!((view.mine, view.may_review.rule.as_deref()), (false, Some("separation-of-duties")));
        assert_eq!(view.never_counted.len(), 3);
        assert!(view.slots[0].could.iter().all(|person| !person.as_str().starts_with("engineer-")));
    }
    // The owner's word in the proposal itself counts for nothing: it comes from the registration.
    assert_eq!(bench.approve("both", id).await.state, State::Approved);
}

/// What an agent makes up is nobody: it keeps nobody from reviewing, and nothing goes on without a person.
#[tokio::test]
async fn a_prompter_or_starter_who_is_not_enrolled_is_unknown() {
    let bench = Bench::open().await;
    let named = |prompter: Option<&str>, starter: Option<&str>| {
        let uid = |text: &str| PersonUid::new(text).unwrap();
        let mut proposal = autonomous();
        proposal.on_behalf_of =
            prompter.map_or(Field::Absent, |text| Field::Is(Identity { uid: uid(text), name: None }));
        if let Field::Is(session) = &mut proposal.session {
            session.started_by = starter.map_or(Field::Absent, |text| Field::Is(uid(text)));
        }
        proposal
    };
    for (prompter, starter, autonomous) in [
        (Some("prompter"), Some("starter"), true),
        (Some(" Prompter"), Some("STARTER"), true),
        (Some("customer"), Some("manager"), true),
        (Some("unknown"), Some("nobody"), false),
        (Some("agent-2"), Some("executor-1"), false),
        (Some("prompter"), Some("made-up"), false),
        (Some("made-up"), Some("starter"), false),
        (Some("agent-1"), Some("agent-1"), false),
        (Some("prompter"), None, false),
        (None, Some("starter"), false),
        (None, None, false),
    ] {
        let receipt = bench.propose(named(prompter, starter)).await;
        let view = bench.view(receipt.change).await;
        let expected = if autonomous { State::Approved } else { State::Pending };
        assert_eq!(view.state, expected, "{prompter:?} {starter:?}: {:?}", view.reviewed.policy);
        let unknown = view.reviewed.policy.determining.iter().any(|policy| policy.id == "origin-unknown");
        assert_eq!(unknown, !autonomous);
        assert!(
            view.never_counted.iter().all(|entry| !["made-up", "unknown", "agent-1"].contains(&entry.person.as_str())),
            "{:?}",
            view.never_counted
        );
        assert_eq!(Digest::of(&view.reviewed.canonical().unwrap()), view.digest);
    }
    // Known is who was known when it was proposed: who is enrolled later changes nothing under a digest that stands.
    let id = bench.propose(named(Some("late"), Some("starter"))).await.change;
    bench.desk.enrol(who("late"), None).await.unwrap();
    assert!(!bench.view(id).await.reviewed.origin.prompter_known);
    assert_eq!(bench.approve("engineer-1", id).await.state, State::Approved);
    assert_eq!(bench.propose(named(Some("late"), Some("starter"))).await.state, State::Approved);
}

#[tokio::test]
async fn two_groups_need_two_people() {
    let bench = Bench::open().await;
    let id = bench.propose(two_groups(1)).await.change;
    assert!(bench.desk.change(&who("both"), id).await.unwrap().mine);
    assert_eq!(bench.approve("both", id).await.state, State::Pending);
    assert!(!bench.desk.change(&who("both"), id).await.unwrap().mine);
    let receipt = bench.approve("network-owner", id).await;
    assert_eq!(receipt.state, State::Approved);
    let view = bench.view(id).await;
    assert_eq!(view.reviews.len(), 2);
    assert_eq!(view.settled.as_ref().unwrap().by, "network-owner");
    assert_eq!(view.sequence, receipt.sequence);
    let both: Vec<_> = view.slots.iter().flat_map(|slot| &slot.filled_by).map(PersonUid::as_str).collect();
    assert_eq!(both, ["network-owner", "both"], "network-owners, then sre");
}

#[tokio::test]
async fn an_amendment_takes_the_votes_and_the_old_digest_away() {
    let bench = Bench::open().await;
    let id = bench.propose(two_groups(1)).await.change;
    bench.approve("engineer-1", id).await;
    bench.approve("network-owner", id).await;
    let old = bench.view(id).await;
    assert_eq!(old.state, State::Approved);
    bench.desk.amend(&who("agent-1"), id, two_groups(2)).await.unwrap();
    let new = bench.view(id).await;
    assert_eq!((new.version, new.state, new.reviews.len()), (2, State::Pending, 2));
    assert!(new.slots.iter().all(|slot| slot.filled_by.is_empty()) && new.settled.is_none());
    assert_ne!((new.digest, new.reviewed.action_digest), (old.digest, old.reviewed.action_digest));
    // The old version's digest is refused under its own tag and under the new one.
    let as_seen = |tag: Option<String>| {
        bench.desk.review(&WHO, id, Ok(request(&old, Decision::Approve)), key(), tag, Channel::Browser)
    };
    static WHO: std::sync::LazyLock<endpoint::desk::Principal> = std::sync::LazyLock::new(|| who("engineer-1"));
    assert_eq!(word(&as_seen(tag(id, 1)).await.unwrap_err()), "412 2");
    assert_eq!(word(&as_seen(tag(id, 2)).await.unwrap_err()), "DigestMismatch");
    // The same person may decide on the new version.
    assert_eq!(bench.approve("engineer-1", id).await.state, State::Pending);
    assert_eq!(word(&bench.redeem(id).await.unwrap_err()), "409 not-approved");
}

#[tokio::test]
async fn a_high_finding_is_acknowledged_before_an_approval() {
    let bench = Bench::open().await;
    let mut proposal = one_peer(1);
    proposal.resources[0].uid.push('\u{200b}');
    let id = bench.propose(proposal).await.change;
    let view = bench.view(id).await;
    assert_eq!(view.reviewed.to_acknowledge(), ["text-002@resources[0].uid"]);
    let attempt = |request: ReviewRequest| {
        let view = view.clone();
        let desk = bench.desk.clone();
        async move { desk.review(&who("engineer-1"), id, Ok(request), key(), Some(view.etag()), Channel::Browser).await }
    };
    let mut silent = request(&view, Decision::Approve);
    silent.evidence.acknowledged.clear();
    assert_eq!(word(&attempt(silent).await.unwrap_err()), "422 evidence.acknowledged");
    assert_eq!(attempt(request(&view, Decision::Approve)).await.unwrap().body.state, State::Approved);
    let review = bench.log().await.pop().unwrap();
    assert_eq!(review["review"]["acknowledged"][0], "text-002@resources[0].uid");
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_no_second_review() {
    let bench = Bench::open().await;
    let id = bench.propose(one_peer(1)).await.change;
    let other = bench.propose(one_peer(2)).await.change;
    let view = bench.view(id).await;
    let ask = async |id: ChangeId, keyed: Keyed, uid: &str| {
        bench
            .desk
            .review(&who(uid), id, Ok(request(&view, Decision::Approve)), keyed, Some(view.etag()), Channel::Browser)
            .await
    };
    let first = ask(id, keyed("k", "a"), "engineer-1").await.unwrap();
    let sequence = bench.desk.sequence().await.unwrap();
    let again = ask(id, keyed("k", "a"), "engineer-1").await.unwrap();
    assert_eq!((first.replayed, again.replayed), (false, true));
    assert_eq!(first.body, again.body);
    assert_eq!(bench.desk.sequence().await.unwrap(), sequence);
    for (refused, expected) in [
        (ask(id, keyed("k", "b"), "engineer-1").await, "KeyReused"),
        (ask(other, keyed("k", "a"), "engineer-1").await, "KeyReused"),
        (ask(id, keyed("k", "a"), "engineer-2").await, "409 already-decided"),
        (ask(id, keyed("l", "a"), "engineer-1").await, "409 already-reviewed"),
    ] {
        assert_eq!(word(&refused.unwrap_err()), expected);
    }
    // What was refused is not saved; a day later the key is free.
    bench.advance(24 * 3_600 + 1);
    assert_eq!(word(&ask(id, keyed("k", "a"), "engineer-1").await.unwrap_err()), "409 already-reviewed");
}

#[tokio::test]
async fn an_expired_change_is_refused_before_and_after_the_sweep() {
    let bench = Bench::open().await;
    let mut proposal = one_peer(1);
    proposal.expires_in = Some(10);
    let id = bench.propose(proposal).await.change;
    bench.advance(10);
    assert_eq!(word(&bench.decide("engineer-1", id, Decision::Approve).await.unwrap_err()), "409 expired");
    assert_eq!(word(&bench.desk.amend(&who("agent-1"), id, one_peer(1)).await.unwrap_err()), "409 expired");
    assert_eq!(bench.desk.sweep().await.unwrap(), 1);
    assert_eq!(bench.desk.sweep().await.unwrap(), 0);
    assert_eq!(bench.view(id).await.state, State::Expired);
    assert_eq!(word(&bench.decide("engineer-1", id, Decision::Approve).await.unwrap_err()), "409 expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_sent_many_times_at_once_decides_once() {
    let bench = Bench::open().await;
    let id = bench.propose(two_groups(1)).await.change;
    let view = bench.view(id).await;
    let asked: Vec<_> = (0..16)
        .map(|_| {
            let (desk, view) = (bench.desk.clone(), view.clone());
            tokio::spawn(async move {
                let request = request(&view, Decision::Approve);
                desk.review(&who("both"), id, Ok(request), keyed("k", "a"), Some(view.etag()), Channel::Api).await
            })
        })
        .collect();
    let (mut first, mut receipts) = (0, Vec::new());
    for task in asked {
        match task.await.unwrap() {
            Ok(answer) => {
                first += u32::from(!answer.replayed);
                receipts.push(answer.body);
            }
            Err(refused) => assert!(matches!(refused, Refused::KeyInFlight), "{refused:?}"),
        }
    }
    assert_eq!(first, 1);
    assert!(receipts.iter().all(|receipt| *receipt == receipts[0]));
    assert_eq!(bench.view(id).await.reviews.len(), 1);
}
