//! The managers' overview: does oversight work? One brush of time over everything. What is asked is `question`, what
//! figures say `cards`, what charts show `series`; these are pure and tested natively. The rest draws.

pub mod cards;
pub mod heat;
pub mod question;
pub mod series;

#[cfg(target_arch = "wasm32")]
mod brush;
#[cfg(target_arch = "wasm32")]
mod desk;
#[cfg(target_arch = "wasm32")]
mod measure;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod panels;
#[cfg(target_arch = "wasm32")]
mod reading;
#[cfg(target_arch = "wasm32")]
mod where_acted;

#[cfg(target_arch = "wasm32")]
pub use self::page::OverviewPage;
