//! The desk on a real database, without HTTP: each check of a decision, each way of a change, the trail and what
//! proves it, and figures under concurrency. Over HTTP and under `kill -9` is tested elsewhere.

mod decisions;
mod fixture;
mod replayed;
mod schedules;
mod sequences;
mod trail;
mod ways;
