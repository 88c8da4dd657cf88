//! The managers' overview: does oversight work? One brush of time over everything. What is asked is `question`, what
//! figures say is `cards`; both are pure and tested natively. The rest draws.

pub mod cards;
pub mod question;

#[cfg(target_arch = "wasm32")]
mod page;

#[cfg(target_arch = "wasm32")]
pub use page::OverviewPage;
