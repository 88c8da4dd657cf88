//! End to end: a real endpoint, a real Chromium, people who find things by role and name. The stage (endpoint
//! and machines) is `browser/stage.rs`, a person at a browser `browser/person.rs`; one file a subject.
#![cfg(not(target_arch = "wasm32"))]

#[path = "browser/host.rs"]
mod host;
#[path = "browser/person.rs"]
mod person;
#[path = "browser/stage.rs"]
#[allow(dead_code, reason = "the crash test uses the rest of it")]
mod stage;

#[path = "browser/access.rs"]
mod access;
#[path = "browser/deciding.rs"]
mod deciding;
#[path = "browser/hostile.rs"]
mod hostile;
#[path = "browser/loading.rs"]
mod loading;
#[path = "browser/memory.rs"]
mod memory;
#[path = "browser/moving.rs"]
mod moving;
#[path = "browser/overview.rs"]
mod overview;
#[path = "browser/plain.rs"]
mod plain;
#[path = "browser/races.rs"]
mod races;
#[path = "browser/real_records.rs"]
mod real_records;
#[path = "browser/trail.rs"]
mod trail;
