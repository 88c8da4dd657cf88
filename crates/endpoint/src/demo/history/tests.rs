//! The past as a whole.

use super::*;
use oversight::id::{Group, PersonUid};
use std::collections::BTreeMap;
use std::time::Instant as Clock;

fn local() -> Vec<(Principal, Option<Agent>)> {
    crate::command::credentials::everybody(true).unwrap()
}

#[test]
fn prints() {
    let now: Instant = "2026-11-25T13:26:53Z".parse().unwrap();
    let start = Clock::now();
    let past = past(now, &local(), crate::demo::SEED).unwrap();
    println!("{} records, {} changes in {:?}", past.records.len(), past.changes.len(), start.elapsed());
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    let mut states: BTreeMap<&str, u32> = BTreeMap::new();
    for one in &past.records {
        *kinds.entry(one.record.kind.as_str()).or_default() += 1;
    }
    for one in &past.changes {
        *states.entry(one.state.as_str()).or_default() += 1;
    }
    println!("{kinds:?}\n{states:?}");
}
