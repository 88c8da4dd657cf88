//! The demonstration as a visitor meets it: the queue fills within seconds, a question is answered, what is
//! approved is carried out once and its outcome reported. What the agents say is tested in `demo`.

mod in_process;

use endpoint::demo::{self, Tokens, fleet};
use endpoint::desk::{ChangeFilter, Keyed, Principal, RecordFilter};
use in_process::Served;
use oversight::contract::{ChangeView, ReviewRequest};
use oversight::digest::Digest;
use oversight::id::IdempotencyKey;
use oversight::review::ReviewEvidence;
use oversight::state::State;
use oversight::vocabulary::{Channel, Decision, Kind, Role};
use std::time::{Duration, Instant};

async fn demonstration() -> (Served, tokio::task::JoinHandle<()>) {
    let served = in_process::serve(true, demo::ESTATE).await;
    // The local people, who prompt some of it, are there before the fleet begins.
    served.enrol("manager", Role::Manager, &[]).await;
    served.enrol("engineer-1", Role::Engineer, &["sre"]).await;
    served.enrol("engineer-2", Role::Engineer, &["sre"]).await;
    served.enrol("executor-1", Role::Executor, &[]).await;
    let mut tokens = Tokens { executor: served.desk.rotate_token("executor-1").await.unwrap(), ..Tokens::default() };
    for person in fleet::people() {
        served.desk.enrol(person, None).await.unwrap();
    }
    for member in fleet::members() {
        let uid = member.principal.uid.clone();
        served.desk.enrol(member.principal, Some(member.profile)).await.unwrap();
        let token = served.desk.rotate_token(&uid).await.unwrap();
        tokens.agents.insert(uid, token);
    }
    let (url, desk) = (served.url.clone(), served.desk.clone());
    let playing = tokio::spawn(async move { demo::run(&url, desk, tokens).await.unwrap() });
    (served, playing)
}

async fn changes(served: &Served, who: &Principal, state: &[State]) -> Vec<ChangeView> {
    let filter = ChangeFilter { state: state.to_vec(), limit: 200, ..ChangeFilter::default() };
    served.desk.changes(who, filter).await.unwrap().items
}

/// Asks until `found` says something, or fails after half a minute.
async fn until<T>(what: &str, mut found: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(it) = found().await {
            return it;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_fills_a_question_is_answered_and_an_approval_is_carried_out_once() {
    let (served, playing) = demonstration().await;
    let engineer = served.enrol("engineer-1", Role::Engineer, &["sre"]).await;

    let pending = until("the queue did not fill", async || {
        let pending = changes(&served, &engineer, &[State::Pending]).await;
        (pending.len() >= 18).then_some(pending)
    })
    .await;
    assert!(pending.len() <= 25, "{} wait", pending.len());
    let denied = changes(&served, &engineer, &[State::DeniedByPolicy]).await;
    assert!(denied.iter().any(|change| change.reviewed.action.operation == "StopLogging"), "{denied:?}");
    assert!(pending.iter().any(|change| !change.reviewed.findings.is_empty()), "nothing hidden was found");
    assert!(pending.iter().any(|change| change.approval_blocked.is_some()));
    let own = pending.iter().find(|change| change.reviewed.agent.uid.as_str() == "incident-triage").unwrap();
    assert!(!own.may_review.allowed, "an owner may decide on what its agent proposes");

    // A question, and the agent's answer.
    let asked = pending.iter().find(|change| change.reviewed.agent.uid.as_str() == "db-tuner").unwrap();
    served.desk.comment(&engineer, asked.id, "How would you undo it?".to_owned()).await.unwrap();
    let answer = until("the agent did not answer", async || {
        let change = served.desk.change(&engineer, asked.id).await.unwrap();
        change.comments.into_iter().find(|comment| comment.role == Role::Agent && comment.text.contains("rollback"))
    })
    .await;
    assert_eq!(answer.author, "db-tuner");

    // An approval, and what the executor makes of it.
    let change = pending
        .iter()
        .find(|change| {
            change.mine
                && change.reviewed.policy.requirement.people() == 1
                && change.reviewed.to_acknowledge().is_empty()
        })
        .unwrap();
    let change = served.desk.change(&engineer, change.id).await.unwrap();
    let request = ReviewRequest {
        decision: Decision::Approve,
        reason: None,
        digest: change.digest,
        evidence: ReviewEvidence::default(),
    };
    let keyed = Keyed {
        key: Some(IdempotencyKey::new("approve-1").unwrap()),
        route: "review".to_owned(),
        payload: Digest::of(b"approve-1"),
    };
    let receipt =
        served.desk.review(&engineer, change.id, Ok(request), keyed, Some(change.etag()), Channel::Api).await.unwrap();
    assert_eq!(receipt.body.state, State::Approved);
    let settled = until("the approved change was not carried out", async || {
        let change = served.desk.change(&engineer, change.id).await.unwrap();
        matches!(change.state, State::Verified | State::RolledBack | State::Failed).then_some(change)
    })
    .await;
    let records = |kind| {
        let filter = RecordFilter { change: Some(settled.id), kind: vec![kind], ..RecordFilter::default() };
        served.desk.records(&engineer, filter)
    };
    assert_eq!(records(Kind::Redemption).await.unwrap().items.len(), 1, "redeemed once");
    let steps = records(Kind::Execution).await.unwrap().items;
    assert!(
        !steps.is_empty() && steps.iter().all(|record| record["asserted_by"] != serde_json::Value::Null),
        "{steps:?}"
    );
    assert_ne!(settled.settled.unwrap().reason, None);

    // Reads and harmless writes need nobody and are carried out too.
    until("nothing autonomous was carried out", async || {
        let done = changes(&served, &engineer, &[State::Verified, State::Failed, State::RolledBack]).await;
        done.iter().any(|change| change.reviewed.policy.requirement.slots.is_empty()).then_some(())
    })
    .await;
    let recommended = RecordFilter { kind: vec![Kind::Recommendation], ..RecordFilter::default() };
    let recommended = served.desk.records(&engineer, recommended).await.unwrap().items;
    assert!(
        !recommended.is_empty() && recommended.iter().all(|record| record["agent"]["owner"].is_string()),
        "{recommended:?}"
    );
    playing.abort();
}
