//! The Queue page: what waits for whom, the open change, and the decision on it. The frame is here, each part
//! has its room; what can be said without a page (filter, arming, comparing, evidence) is pure and tested
//! natively.

pub mod acknowledged;
pub mod arming;
pub mod compare;
pub mod gathered;
pub mod listing;
pub mod looking;
pub mod news;
pub mod picking;
pub mod wording;

#[cfg(target_arch = "wasm32")]
mod bulk;
#[cfg(target_arch = "wasm32")]
mod bulk_bar;
#[cfg(target_arch = "wasm32")]
mod canonical;
#[cfg(target_arch = "wasm32")]
mod change;
#[cfg(target_arch = "wasm32")]
mod classification;
#[cfg(target_arch = "wasm32")]
mod comments;
#[cfg(target_arch = "wasm32")]
mod decision;
#[cfg(target_arch = "wasm32")]
mod desk;
#[cfg(target_arch = "wasm32")]
mod diff;
#[cfg(target_arch = "wasm32")]
mod evidence;
#[cfg(target_arch = "wasm32")]
mod facts;
#[cfg(target_arch = "wasm32")]
mod fate;
#[cfg(target_arch = "wasm32")]
mod finding;
#[cfg(target_arch = "wasm32")]
mod focus;
#[cfg(target_arch = "wasm32")]
mod head;
#[cfg(target_arch = "wasm32")]
mod history;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod list;
#[cfg(target_arch = "wasm32")]
mod opened;
#[cfg(target_arch = "wasm32")]
mod opening;
#[cfg(target_arch = "wasm32")]
mod plan;
#[cfg(target_arch = "wasm32")]
mod rail;
#[cfg(target_arch = "wasm32")]
mod row;
#[cfg(target_arch = "wasm32")]
mod settled;
#[cfg(target_arch = "wasm32")]
mod slots;

#[cfg(target_arch = "wasm32")]
pub use self::bulk_bar::BulkBar;
#[cfg(target_arch = "wasm32")]
pub use self::page::{Open, QueuePage};

#[cfg(target_arch = "wasm32")]
mod page;
