//! The Agents page: who owns each agent, what it may do and did, how much of it alone, what is open, and the
//! stop. What can be said without a page is in `figures`, pure and tested natively.

pub mod figures;

#[cfg(target_arch = "wasm32")]
mod autonomy;
#[cfg(target_arch = "wasm32")]
mod desk;
#[cfg(target_arch = "wasm32")]
mod did;
#[cfg(target_arch = "wasm32")]
mod fleet;
#[cfg(target_arch = "wasm32")]
mod open_changes;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod panel;
#[cfg(target_arch = "wasm32")]
mod stop;

#[cfg(target_arch = "wasm32")]
pub use self::page::AgentsPage;
