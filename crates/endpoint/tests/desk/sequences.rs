//! A property: whatever is done in whatever order, a change stands where its audit records say. Random sequences of
//! every operation by every role, most of them refused; the state machine of the oracle knows nothing of the rows.

use crate::fixture::*;
use crate::replayed::agrees;
use endpoint::desk::ChangeFilter;
use endpoint::policy::{DEFAULT, PolicyEngine};
use oversight::contract::{OutcomeRequest, ResultOfChange};
use oversight::id::{AgentUid, ChangeId};
use oversight::vocabulary::Decision;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;

const UIDS: [&str; 10] = [
    "engineer-1",
    "engineer-2",
    "network-owner",
    "both",
    "manager",
    "sre-manager",
    "customer",
    "agent-1",
    "agent-2",
    "executor-1",
];

#[tokio::test]
async fn no_sequence_leaves_a_change_other_than_its_records_say() {
    let sequences = if std::env::var_os("COUNTERSIGN_FULL").is_some() { 200 } else { 12 };
    let mut done: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..sequences {
        let mut dice = StdRng::seed_from_u64(seed);
        let bench = Bench::open().await;
        for _ in 0..200 {
            if let Some(what) = act(&bench, &mut dice).await {
                *done.entry(what).or_default() += 1;
            }
        }
        agrees(&bench).await;
    }
    println!("done: {done:?}");
    for what in [
        "propose", "amend", "cancel", "comment", "review", "redeem", "outcome", "revoke", "pause", "resume", "sweep",
        "load",
    ] {
        assert!(done.contains_key(what), "{what} was never carried out: {done:?}");
    }
}

/// One random operation; its name if it was carried out.
async fn act(bench: &Bench, dice: &mut StdRng) -> Option<&'static str> {
    let desk = &bench.desk;
    let uid = UIDS[dice.random_range(0..UIDS.len())];
    // Mostly a change of late, so that some get to their end.
    let newest =
        desk.changes(&who("manager"), ChangeFilter { limit: 1, ..ChangeFilter::default() }).await.expect("read");
    let last = newest.items.first().map_or(1, |view| view.id.0);
    let id = ChangeId(last.saturating_sub(dice.random_range(0..3)).max(1));
    let agent = AgentUid::new(["agent-1", "agent-2"][dice.random_range(0..2)]).unwrap();
    let mut proposal = match dice.random_range(0..5) {
        0 => one_peer(dice.random_range(0..2)),
        1 => two_groups(dice.random_range(0..2)),
        2 => two_peers(1, dice.random()),
        3 => autonomous(),
        _ => forbidden(),
    };
    proposal.expires_in = Some(dice.random_range(10..2_000));
    let asker = if dice.random_range(0..4) == 0 { who(uid) } else { who(agent.as_str()) };
    let word = || "A word.".to_owned();
    let (what, carried) = match dice.random_range(0..15) {
        0 => ("propose", desk.propose(&asker, proposal).await.is_ok()),
        1 => ("amend", desk.amend(&asker, id, proposal).await.is_ok()),
        3 if dice.random_range(0..3) == 0 => ("cancel", desk.cancel(&asker, id, word()).await.is_ok()),
        3 | 4 => ("comment", desk.comment(&who(uid), id, word()).await.is_ok()),
        5..=8 => {
            let decision = if dice.random_range(0..5) == 0 { Decision::Reject } else { Decision::Approve };
            ("review", bench.decide(uid, id, decision).await.is_ok())
        }
        2 | 9 => ("redeem", bench.redeem(id).await.is_ok()),
        10 => {
            let result =
                [ResultOfChange::Verified, ResultOfChange::RolledBack, ResultOfChange::Failed][dice.random_range(0..3)];
            ("outcome", desk.outcome(&who("executor-1"), id, OutcomeRequest { result, detail: None }).await.is_ok())
        }
        11 => ("revoke", desk.revoke(&who(uid), id, word()).await.is_ok()),
        12 => match dice.random_range(0..4) {
            0 => ("pause", desk.pause(&who(uid), &agent, word()).await.is_ok()),
            _ => ("resume", desk.resume(&who("manager"), &agent, word()).await.is_ok()),
        },
        13 => {
            bench.advance(dice.random_range(0..200));
            ("sweep", desk.sweep().await.expect("swept") > 0)
        }
        _ => {
            let text = match dice.random_range(0..5) {
                0 | 1 => DEFAULT.to_owned(),
                2 | 3 => DEFAULT.replace("sre:1", "sre:2"),
                _ => format!(
                    "{DEFAULT}\n@id(\"freeze\") @title(\"Freeze\") forbid (principal, action == Action::\"propose\", resource) when {{ resource.production }};\n"
                ),
            };
            ("load", desk.load_policy(PolicyEngine::load(&text, "drawn").unwrap()).await.expect("loaded") > 0)
        }
    };
    carried.then_some(what)
}
