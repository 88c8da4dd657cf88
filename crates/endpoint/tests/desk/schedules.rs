//! Concurrent schedules: each a change on which four to six reviewers, its agent and an executor act at once, in
//! random order, with random words, while time goes on and a sweep runs. 100 of them, 2,000 with COUNTERSIGN_FULL.

use crate::fixture::*;
use crate::replayed::agrees;
use endpoint::desk::{RecordFilter, Refused};
use oversight::contract::Receipt;
use oversight::id::ChangeId;
use oversight::state::State;
use oversight::vocabulary::{Decision, Kind};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Schedules that run at the same time.
const AT_ONCE: usize = 25;
const REVIEWERS: [&str; 6] = ["engineer-1", "network-owner", "both", "engineer-2", "sre-manager", "engineer-3"];

fn count() -> usize {
    if std::env::var_os("COUNTERSIGN_FULL").is_some() { 2_000 } else { 100 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_schedule_has_one_terminal_state_and_one_row_a_transition() {
    let bench = Arc::new(Bench::open().await);
    let mut receipts: BTreeMap<ChangeId, Vec<Receipt>> = BTreeMap::new();
    let mut ended: BTreeMap<State, u32> = BTreeMap::new();
    let mut redeemed = 0;
    let mut seed = 0;
    while seed < count() {
        let mut running = Vec::new();
        for _ in 0..AT_ONCE.min(count() - seed) {
            running.push(tokio::spawn(schedule(bench.clone(), seed as u64)));
            seed += 1;
        }
        let clock = tokio::spawn({
            let bench = bench.clone();
            async move {
                loop {
                    tokio::time::sleep(Duration::from_millis(3)).await;
                    bench.advance(1);
                    bench.desk.sweep().await.expect("swept");
                }
            }
        });
        for schedule in running {
            let done = schedule.await.expect("no panic");
            assert!(done.redeemed <= 1, "{}: redeemed {} times", done.id, done.redeemed);
            redeemed += done.redeemed;
            receipts.insert(done.id, done.receipts);
        }
        clock.abort();
        let _ = clock.await;
    }
    // Whatever is still pending has had all its words: time ends it.
    bench.advance(7 * 24 * 3_600);
    bench.desk.sweep().await.unwrap();
    let replayed = agrees(&bench).await;
    assert_eq!(replayed.len(), count());
    let mut redemptions = 0;
    for (id, change) in &replayed {
        assert!(change.state.is_terminal() || change.state == State::Redeemed, "{id} is {}", change.state);
        *ended.entry(change.state).or_default() += 1;
        redemptions += u32::from(change.state == State::Redeemed);
        // Every acknowledged decision stands in the log, and nothing else does.
        let mut acknowledged: Vec<_> =
            receipts[id].iter().map(|r| (r.sequence, r.reviewer.clone(), r.decision, r.version, r.digest)).collect();
        acknowledged.sort();
        let recorded: Vec<_> =
            change.reviews.iter().map(|r| (r.sequence, r.reviewer.clone(), r.decision, r.version, r.digest)).collect();
        assert_eq!(acknowledged, recorded, "{id}");
        let rejected = change.reviews.iter().filter(|r| r.decision == Decision::Reject).count();
        assert_eq!(rejected, usize::from(change.state == State::Rejected), "{id}: a rejection ends it, once");
    }
    assert_eq!(redemptions, redeemed);
    println!("{} schedules ended {ended:?}", replayed.len());
    assert!(ended.len() >= 4, "the schedules are not varied: {ended:?}");
}

struct Done {
    id: ChangeId,
    receipts: Vec<Receipt>,
    redeemed: u32,
}

async fn schedule(bench: Arc<Bench>, seed: u64) -> Done {
    let mut dice = StdRng::seed_from_u64(seed);
    let number = seed as u32;
    let mut proposal = match dice.random_range(0..3) {
        0 => one_peer(number),
        1 => two_groups(number),
        _ => two_peers(number, true),
    };
    proposal.expires_in = Some(dice.random_range(10..200));
    let id = bench.propose(proposal.clone()).await.change;
    let mut tasks: Vec<tokio::task::JoinHandle<Result<Option<Receipt>, Refused>>> = Vec::new();
    let rejecting = dice.random_range(0..=40);
    for uid in &REVIEWERS[..dice.random_range(4..=6)] {
        let decision = if dice.random_range(0..100) < rejecting { Decision::Reject } else { Decision::Approve };
        let (bench, wait) = (bench.clone(), pause(&mut dice));
        tasks.push(tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            bench.decide(uid, id, decision).await.map(Some)
        }));
    }
    for _ in 0..2 {
        let (bench, wait) = (bench.clone(), pause(&mut dice));
        tasks.push(tokio::spawn(async move {
            tokio::time::sleep(wait * 2).await;
            bench.redeem(id).await.map(|_| None)
        }));
    }
    if dice.random_range(0..100) < 25 {
        let (bench, wait) = (bench.clone(), pause(&mut dice));
        tasks.push(tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            bench.desk.cancel(&who("agent-1"), id, "Not needed.".into()).await?;
            Ok(None)
        }));
    }
    if dice.random_range(0..100) < 35 {
        let (bench, wait) = (bench.clone(), pause(&mut dice));
        tasks.push(tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            bench.desk.amend(&who("agent-1"), id, proposal).await?;
            Ok(None)
        }));
    }
    let (mut receipts, mut redeemed) = (Vec::new(), 0);
    let mut others = 0;
    let reviewers = tasks.len();
    for (index, task) in tasks.into_iter().enumerate() {
        match task.await.expect("no panic") {
            Ok(Some(receipt)) => receipts.push(receipt),
            Ok(None) => others += 1,
            Err(refused) => assert!(expected(&refused), "{id}, task {index} of {reviewers}: {refused:?}"),
        }
    }
    if others > 0 {
        let filter = RecordFilter { change: Some(id), kind: vec![Kind::Redemption], ..RecordFilter::default() };
        redeemed = bench.desk.records(&who("manager"), filter).await.expect("read").total as u32;
    }
    Done { id, receipts, redeemed }
}

fn pause(dice: &mut StdRng) -> Duration {
    Duration::from_millis(dice.random_range(0..40))
}

/// A refusal that losing a race explains.
fn expected(refused: &Refused) -> bool {
    match refused {
        Refused::Conflict(refusal) => {
            ["already-decided", "expired", "not-approved", "already-redeemed", "not-pending", "not-open"]
                .contains(&refusal.rule.as_str())
        }
        Refused::Forbidden(refusal) => refusal.rule == "group",
        Refused::Stale { .. } | Refused::DigestMismatch => true,
        _ => false,
    }
}
