//! The ways of a change beyond its review: policy, redemption, outcome, lapse, revocation, cancellation, pause.

use crate::fixture::*;
use endpoint::desk::{ChangeFilter, DigestOf};
use endpoint::policy::{DEFAULT, PolicyEngine};
use oversight::contract::{OutcomeRequest, RedemptionRequest, ResultOfChange};
use oversight::digest::Digest;
use oversight::id::AgentUid;
use oversight::state::State;
use oversight::vocabulary::{Decision, Effect};

#[tokio::test]
async fn the_policy_allows_denies_or_asks() {
    let bench = Bench::open().await;
    for (proposal, state, decision) in [
        (autonomous(), State::Approved, Effect::Allow),
        (forbidden(), State::DeniedByPolicy, Effect::Deny),
        (one_peer(1), State::Pending, Effect::NeedsReview),
    ] {
        let receipt = bench.propose(proposal).await;
        let view = bench.view(receipt.change).await;
        assert_eq!((receipt.state, view.state, view.reviewed.policy.decision), (state, state, decision));
        assert_eq!(view.digest, Digest::of(&view.reviewed.canonical().unwrap()));
        assert!(view.reviewed.action_digest_holds());
        assert_eq!(view.sequence, receipt.sequence);
        let expected = (state != State::Pending).then(|| "the endpoint".to_owned());
        assert_eq!(view.settled.map(|settled| settled.by), expected);
    }
    let kinds: Vec<_> = bench.log().await.iter().map(|record| record["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds[kinds.len() - 6..].join(" "), ["proposal policy_decision"; 3].join(" "));
}

#[tokio::test]
async fn an_approval_is_redeemed_once_and_ends_once() {
    let bench = Bench::open().await;
    let id = bench.propose(one_peer(1)).await.change;
    assert_eq!(word(&bench.redeem(id).await.unwrap_err()), "409 not-approved");
    bench.approve("engineer-1", id).await;
    let action_digest = bench.view(id).await.reviewed.action_digest;
    let executor = who("executor-1");
    let wrong = RedemptionRequest { action_digest: Digest::of(b"x") };
    assert_eq!(word(&bench.desk.redeem(&executor, id, wrong, key()).await.unwrap_err()), "DigestMismatch");
    let request = RedemptionRequest { action_digest };
    let first = bench.desk.redeem(&executor, id, request.clone(), keyed("r", "a")).await.unwrap();
    assert_eq!(Digest::of(&oversight::canonical::canonical(&first.body.action).unwrap()), action_digest);
    let text = bench.desk.canonical(&executor, id, None, DigestOf::Action).await.unwrap();
    assert_eq!(Digest::of(text.as_bytes()), action_digest);
    let again = bench.desk.redeem(&executor, id, request.clone(), keyed("r", "a")).await.unwrap();
    assert!(again.replayed && again.body == first.body);
    assert_eq!(
        word(&bench.desk.redeem(&executor, id, request.clone(), key()).await.unwrap_err()),
        "409 already-redeemed"
    );
    for role in ["agent-1", "engineer-1", "manager", "customer", "importer-1"] {
        assert_eq!(word(&bench.desk.redeem(&who(role), id, request.clone(), key()).await.unwrap_err()), "403 role");
    }
    assert_eq!(word(&bench.desk.revoke(&who("manager"), id, "No.".into()).await.unwrap_err()), "409 not-approved");
    let failed = OutcomeRequest { result: ResultOfChange::Failed, detail: Some("timed out".into()) };
    assert_eq!(bench.desk.outcome(&executor, id, failed.clone()).await.unwrap().state, State::Failed);
    assert_eq!(word(&bench.desk.outcome(&executor, id, failed).await.unwrap_err()), "409 not-redeemed");
    assert_eq!(word(&bench.desk.redeem(&executor, id, request, key()).await.unwrap_err()), "409 already-redeemed");
    assert_eq!(bench.view(id).await.settled.unwrap().reason.as_deref(), Some("timed out"));
}

#[tokio::test]
async fn an_approval_lapses_or_is_taken_back() {
    let bench = Bench::open().await;
    let (lapsed, revoked) = (bench.propose(one_peer(1)).await.change, bench.propose(one_peer(2)).await.change);
    for id in [lapsed, revoked] {
        bench.approve("engineer-1", id).await;
    }
    assert_eq!(word(&bench.desk.revoke(&who("engineer-2"), revoked, " ".into()).await.unwrap_err()), "422 reason");
    let receipt = bench.desk.revoke(&who("engineer-2"), revoked, "Wrong week.".into()).await.unwrap();
    assert_eq!(receipt.state, State::Revoked);
    bench.advance(3_600);
    assert_eq!(word(&bench.redeem(lapsed).await.unwrap_err()), "409 expired");
    assert_eq!(bench.desk.sweep().await.unwrap(), 1);
    assert_eq!(bench.view(lapsed).await.state, State::Lapsed);
    for id in [lapsed, revoked] {
        assert_eq!(word(&bench.redeem(id).await.unwrap_err()), "409 not-approved");
    }
}

#[tokio::test]
async fn a_pause_refuses_review_and_redemption_until_a_manager_resumes() {
    let bench = Bench::open().await;
    let (pending, approved) = (bench.propose(one_peer(1)).await.change, bench.propose(one_peer(2)).await.change);
    bench.approve("engineer-1", approved).await;
    let agent = AgentUid::new("agent-1").unwrap();
    let mut posts = bench.desk.subscribe();
    bench.desk.pause(&who("engineer-1"), &agent, "Look first.".into()).await.unwrap();
    assert_eq!(posts.recv().await.unwrap().touched, [pending, approved]);
    assert_eq!(word(&bench.desk.pause(&who("manager"), &agent, "x".into()).await.unwrap_err()), "409 already-paused");
    assert_eq!(word(&bench.decide("engineer-1", pending, Decision::Approve).await.unwrap_err()), "409 agent-paused");
    assert_eq!(word(&bench.redeem(approved).await.unwrap_err()), "409 agent-paused");
    let view = bench.view(pending).await;
    assert!(view.agent_paused && !view.may_review.allowed && !view.mine);
    assert_eq!(word(&bench.desk.resume(&who("engineer-1"), &agent, "x".into()).await.unwrap_err()), "403 role");
    bench.desk.resume(&who("manager"), &agent, "Seen.".into()).await.unwrap();
    assert_eq!(word(&bench.desk.resume(&who("manager"), &agent, "x".into()).await.unwrap_err()), "409 not-paused");
    assert_eq!(bench.redeem(approved).await.unwrap().state, State::Redeemed);
    let nobody = AgentUid::new("nobody").unwrap();
    assert_eq!(word(&bench.desk.pause(&who("manager"), &nobody, "x".into()).await.unwrap_err()), "404 agent");
}

#[tokio::test]
async fn what_was_rejected_is_recognised_when_it_comes_again() {
    let bench = Bench::open().await;
    let first = bench.propose(one_peer(1)).await.change;
    bench.decide("engineer-1", first, Decision::Reject).await.unwrap();
    let mut again = one_peer(1);
    again.rationale = Some("Other words for the same.".into());
    let second = bench.view(bench.propose(again).await.change).await;
    let finding = second.reviewed.findings.iter().find(|finding| finding.rule == "history-001").expect("recognised");
    assert_eq!(finding.title, "Rejected before by engineer-1");
    assert!(finding.detail.starts_with("CH-1 "));
    let other = bench.view(bench.propose(one_peer(2)).await.change).await;
    let stranger = bench.desk.propose(&who("agent-2"), one_peer(1)).await.unwrap().change;
    for view in [other, bench.view(stranger).await] {
        assert!(view.reviewed.findings.is_empty(), "{:?}", view.reviewed.findings);
    }
}

#[tokio::test]
async fn another_policy_makes_a_new_version_where_it_asks_for_something_else() {
    let bench = Bench::open().await;
    let (peer, groups) = (bench.propose(one_peer(1)).await.change, bench.propose(two_groups(1)).await.change);
    let approved = bench.propose(one_peer(2)).await.change;
    bench.approve("engineer-1", approved).await;
    bench.approve("engineer-1", groups).await;
    let stricter = DEFAULT.replacen("@factor(\"sre:1\")\n@expires(\"8h\")\npermit (principal, action == Action::\"propose\", resource)\nwhen {\n  [\"write\"", "@factor(\"sre:2\")\n@expires(\"8h\")\npermit (principal, action == Action::\"propose\", resource)\nwhen {\n  [\"write\"", 1);
    assert_ne!(stricter, DEFAULT);
    let load = || PolicyEngine::load(&stricter, "stricter").unwrap();
    assert_eq!(bench.desk.load_policy(load()).await.unwrap(), 2);
    assert_eq!(bench.desk.policy().uid(), "stricter");
    let view = bench.view(peer).await;
    assert_eq!((view.version, view.state, view.reviewed.policy.requirement.people()), (2, State::Pending, 2));
    assert_eq!(view.digest, Digest::of(&view.reviewed.canonical().unwrap()));
    assert_eq!(bench.view(groups).await.slots.iter().map(|slot| slot.filled_by.len()).sum::<usize>(), 0);
    // What is approved stays; a forbid refuses it at redemption.
    assert_eq!(bench.view(approved).await.version, 1);
    let forbids = format!(
        "{DEFAULT}\n@id(\"freeze\") @title(\"Change freeze\") forbid (principal, action == Action::\"propose\", resource) when {{ resource.production }};\n"
    );
    assert_eq!(bench.desk.load_policy(PolicyEngine::load(&forbids, "freeze").unwrap()).await.unwrap(), 2);
    assert_eq!(bench.view(peer).await.state, State::DeniedByPolicy);
    let refused = bench.redeem(approved).await.unwrap_err();
    assert_eq!((word(&refused).as_str(), refused.to_string().contains("Change freeze")), ("409 policy-forbids", true));
    // That refusal is recorded, once however often it is asked for, and moves nothing.
    let decisions = async || {
        let log = bench.log().await;
        let of = |record: &serde_json::Value| {
            record["change_id"] == approved.to_string() && record["kind"] == "policy_decision"
        };
        log.into_iter().filter(of).collect::<Vec<_>>()
    };
    for _ in 0..3 {
        assert_eq!(word(&bench.redeem(approved).await.unwrap_err()), "409 policy-forbids");
    }
    let action_digest = bench.view(approved).await.reviewed.action_digest;
    for _ in 0..2 {
        let request = RedemptionRequest { action_digest };
        let again = bench.desk.redeem(&who("executor-1"), approved, request, keyed("same", "a")).await.unwrap_err();
        assert_eq!(word(&again), "409 policy-forbids");
    }
    let recorded = decisions().await;
    assert_eq!(recorded.len(), 2, "at the proposal and at the redemption: {recorded:?}");
    let refusal = &recorded[1];
    assert_eq!((&refusal["policy"]["decision"], &refusal["policy"]["uid"]), (&"deny".into(), &"freeze".into()));
    assert_eq!((&refusal["actor"]["uid"], &refusal["state"]), (&"executor-1".into(), &"approved".into()));
    assert!(refusal["reason"].as_str().unwrap().contains("Change freeze"), "{refusal}");
    let view = bench.view(approved).await;
    assert_eq!((view.state, view.sequence), (State::Approved, refusal["sequence"].as_u64().unwrap()));
    // A restart with the policy loaded last writes nothing; with another it loads it.
    let sequence = bench.desk.sequence().await.unwrap();
    let same = bench.reopened(PolicyEngine::load(&forbids, "freeze").unwrap()).await;
    assert_eq!(same.sequence().await.unwrap(), sequence);
    assert_eq!(bench.reopened(load()).await.sequence().await.unwrap(), sequence + 1);
    // Another policy's refusal is another record; and once it is allowed again, the approval still stands.
    let harder = format!("{forbids}\n// Another version.\n");
    bench.desk.load_policy(PolicyEngine::load(&harder, "freeze").unwrap()).await.unwrap();
    assert_eq!(word(&bench.redeem(approved).await.unwrap_err()), "409 policy-forbids");
    assert_eq!(decisions().await.len(), 3);
    bench.desk.load_policy(PolicyEngine::default_policy()).await.unwrap();
    assert_eq!(bench.redeem(approved).await.unwrap().state, State::Redeemed);
    crate::replayed::agrees(&bench).await;
}

/// An agent is known by its uid and by the principals of its registration, by ARN and by name.
#[tokio::test]
async fn an_agent_does_not_widen_the_permissions_of_what_it_acts_as() {
    let bench = Bench::open().await;
    let attach = |resource: &str, arguments: serde_json::Value| {
        let mut proposal = one_peer(1);
        proposal.action = oversight::json::decode(serde_json::json!({
            "service": "iam", "operation": "AttachRolePolicy", "arguments": arguments,
        }))
        .unwrap();
        proposal.resources[0].uid = resource.to_owned();
        proposal
    };
    let policy = "arn:aws:iam::111111111111:policy/more";
    let (own, other) = ("arn:aws:iam::111111111111:role/night-deploy", "arn:aws:iam::111111111111:role/other");
    let cases = [
        ("by the role's ARN", attach(own, serde_json::json!({"policyArn": policy})), true),
        ("by its name", attach(other, serde_json::json!({"roleName": "night-deploy", "policyArn": policy})), true),
        ("by its name in another case", attach(other, serde_json::json!({"RoleName": "Night-Deploy"})), true),
        ("with space around it", attach(other, serde_json::json!({"roleName": " night-deploy "})), true),
        ("by its ARN in an argument", attach(other, serde_json::json!({"role": own})), true),
        ("another role", attach(other, serde_json::json!({"roleName": "other", "policyArn": policy})), false),
        ("a longer name", attach(other, serde_json::json!({"roleName": "night-deploy-2"})), false),
    ];
    for (case, proposal, _) in &cases {
        let state = bench.propose(proposal.clone()).await.state;
        assert_eq!(state, State::Pending, "{case}: nobody said that it is the agent's");
    }
    bench.desk.set_cloud_principals("agent-1", vec![own.to_owned()]).await.unwrap();
    // Enrolled again, as at each start, it keeps them; and nothing is written twice.
    let sequence = bench.desk.sequence().await.unwrap();
    bench.desk.enrol(who("agent-1"), None).await.unwrap();
    bench.desk.set_cloud_principals("agent-1", vec![own.to_owned()]).await.unwrap();
    assert_eq!(bench.desk.sequence().await.unwrap(), sequence);
    let enrolment = bench.log().await.pop().unwrap();
    assert_eq!((&enrolment["kind"], &enrolment["principals"][0]), (&"enrolment".into(), &own.into()));
    for (case, proposal, is_own) in &cases {
        let receipt = bench.propose(proposal.clone()).await;
        let expected = if *is_own { State::DeniedByPolicy } else { State::Pending };
        assert_eq!(receipt.state, expected, "{case}");
        let stranger = bench.desk.propose(&who("agent-2"), proposal.clone()).await.unwrap();
        assert_eq!(stranger.state, State::Pending, "{case}: another agent's role");
    }
    let id = bench.propose(cases[0].1.clone()).await.change;
    let denied = bench.view(id).await.reviewed.policy.determining;
    assert!(denied.iter().any(|policy| policy.id == "own-permissions"), "{denied:?}");
    for (uid, given, expected) in [
        ("engineer-1", vec![], "409 not-a-machine"),
        ("nobody", vec![], "404 principal"),
        ("agent-1", vec![" x".to_owned()], "422 principals[0]"),
        ("agent-1", vec!["x".to_owned(), "arn:aws:iam::1:role/*".to_owned()], "422 principals[1]"),
    ] {
        assert_eq!(word(&bench.desk.set_cloud_principals(uid, given).await.unwrap_err()), expected, "{uid}");
    }
    let reopened = bench.reopened(PolicyEngine::default_policy()).await;
    assert_eq!(reopened.cloud_principals("agent-1").await.unwrap(), [own]);
}

#[tokio::test]
async fn each_role_reads_and_does_what_is_its_own() {
    let bench = Bench::open().await;
    let pending = bench.propose(one_peer(1)).await.change;
    let approved = bench.propose(autonomous()).await.change;
    let foreign = bench.desk.propose(&who("agent-2"), one_peer(3)).await.unwrap().change;
    let list = async |uid: &str, filter: ChangeFilter| {
        let page = bench.desk.changes(&who(uid), filter).await;
        page.map(|page| page.items.iter().map(|view| view.id.0).collect::<Vec<_>>()).map_err(|refused| word(&refused))
    };
    for (uid, expected) in [
        ("engineer-1", Ok(vec![3, 2, 1])),
        ("agent-1", Ok(vec![2, 1])),
        ("executor-1", Ok(vec![2])),
        ("customer", Err("403 role".to_owned())),
        ("importer-1", Err("403 role".to_owned())),
    ] {
        assert_eq!(list(uid, ChangeFilter::default()).await, expected, "{uid}");
    }
    assert_eq!(list("engineer-1", ChangeFilter { mine: true, ..Default::default() }).await, Ok(vec![3, 1]));
    assert_eq!(list("network-owner", ChangeFilter { mine: true, ..Default::default() }).await, Ok(vec![]));
    assert_eq!(
        list("executor-1", ChangeFilter { state: vec![State::Pending], ..Default::default() }).await,
        Ok(vec![])
    );
    let page = bench.desk.changes(&who("manager"), ChangeFilter { limit: 2, ..Default::default() }).await.unwrap();
    assert_eq!((page.items.len(), page.next.as_deref()), (2, Some("2")));
    assert_eq!(list("manager", ChangeFilter { limit: 2, cursor: page.next, ..Default::default() }).await, Ok(vec![1]));
    assert_eq!(
        list("manager", ChangeFilter { cursor: Some("x".into()), ..Default::default() }).await,
        Err("422 cursor".into())
    );
    let read =
        async |uid: &str, id| bench.desk.change(&who(uid), id).await.map(|_| ()).map_err(|refused| word(&refused));
    assert_eq!(read("agent-1", foreign).await, Err("403 own-changes".into()));
    assert_eq!(read("executor-1", pending).await, Err("403 not-approved".into()));
    assert_eq!(read("executor-1", approved).await, Ok(()));
    let agent = who("agent-1");
    assert_eq!(word(&bench.desk.cancel(&agent, foreign, "x".into()).await.unwrap_err()), "403 own-changes");
    assert_eq!(word(&bench.desk.amend(&agent, foreign, one_peer(1)).await.unwrap_err()), "403 own-changes");
    assert_eq!(word(&bench.desk.comment(&agent, foreign, "x".into()).await.unwrap_err()), "403 own-changes");
    assert_eq!(word(&bench.desk.cancel(&agent, approved, "x".into()).await.unwrap_err()), "409 not-pending");
    assert_eq!(bench.desk.cancel(&agent, pending, "Not needed.".into()).await.unwrap().state, State::Cancelled);
    let said = bench.desk.comment(&who("engineer-1"), pending, "Why?".into()).await.unwrap();
    bench.desk.comment(&agent, pending, "Because.".into()).await.unwrap();
    let view = bench.view(pending).await;
    assert_eq!(view.comments.iter().map(|comment| comment.text.as_str()).collect::<Vec<_>>(), ["Why?", "Because."]);
    assert_eq!(view.comments[0], said);
}

#[tokio::test]
async fn waiting_ends_when_the_change_moves_or_the_time_is_over() {
    let bench = Bench::open().await;
    let id = bench.propose(one_peer(1)).await.change;
    let waiting = tokio::spawn({
        let desk = bench.desk.clone();
        async move { desk.wait_for_change(&who("agent-1"), id, 30).await.unwrap().state }
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    bench.desk.comment(&who("engineer-1"), id, "Not yet a move.".into()).await.unwrap();
    assert!(!waiting.is_finished());
    bench.approve("engineer-1", id).await;
    assert_eq!(waiting.await.unwrap(), State::Approved);
    let started = std::time::Instant::now();
    assert_eq!(bench.desk.wait_for_change(&who("agent-1"), id, 1).await.unwrap().state, State::Approved);
    assert!(started.elapsed().as_millis() >= 990);
}
