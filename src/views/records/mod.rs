//! The Records page: the audit trail as a table over the endpoint's pages, its filters in the address, one
//! record whole beside it, and what could not be decoded. What can be said without a page (filters in words,
//! a record as a row, a record as an outline) is pure and tested natively.

pub mod fields;
pub mod filters;
pub mod outline;
pub mod summary;

#[cfg(target_arch = "wasm32")]
mod actives;
#[cfg(target_arch = "wasm32")]
mod cells;
#[cfg(target_arch = "wasm32")]
mod desk;
#[cfg(target_arch = "wasm32")]
mod filter_bar;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod lines;
#[cfg(target_arch = "wasm32")]
mod near;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod panel;
#[cfg(target_arch = "wasm32")]
mod rejects;
#[cfg(target_arch = "wasm32")]
mod table;

#[cfg(target_arch = "wasm32")]
pub use self::page::RecordsPage;
