//! The Records page: the audit trail as a table, over the endpoint's pages until the worker holds every record and over
//! those from then on; its filters and its order in the address, one record whole beside it, and what could not be
//! decoded. What can be said without a page (what is asked and of whom, filters in words, a record as a row or as an
//! outline) is pure and tested natively.

pub mod asked;
pub mod facet_list;
pub mod fields;
pub mod filters;
pub mod outline;
pub mod sorting;
pub mod summary;
pub mod way;

#[cfg(target_arch = "wasm32")]
mod actives;
#[cfg(target_arch = "wasm32")]
mod cells;
#[cfg(target_arch = "wasm32")]
mod desk;
#[cfg(target_arch = "wasm32")]
mod export;
#[cfg(target_arch = "wasm32")]
mod facet;
#[cfg(target_arch = "wasm32")]
mod facets;
#[cfg(target_arch = "wasm32")]
mod filter_bar;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod lines;
#[cfg(target_arch = "wasm32")]
mod listing;
#[cfg(target_arch = "wasm32")]
mod near;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod panel;
#[cfg(target_arch = "wasm32")]
mod progress;
#[cfg(target_arch = "wasm32")]
mod rejects;
#[cfg(target_arch = "wasm32")]
mod table;

#[cfg(target_arch = "wasm32")]
pub use self::page::RecordsPage;
