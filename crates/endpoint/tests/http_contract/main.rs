//! The HTTP contract, asked over real connections of an endpoint in the test's own process. `stand` starts it
//! and speaks to it; each other file is one part of the contract.

mod app;
mod bad_input;
mod cells;
mod document;
mod process;
mod records;
mod reviews;
mod sign_in;
mod slow;
mod stand;
mod stream;
