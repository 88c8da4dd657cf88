//! What the app knows, as signals owned at the root, and the only ways to change it. Reading is by the
//! stores' queries; every mutation is in `tasks`. Nothing here draws, nothing here fetches but `tasks`.

pub mod fate;
pub mod glance;
pub mod happenings;
pub mod lists;
pub mod source;
pub mod status;
pub mod windows;

#[cfg(target_arch = "wasm32")]
mod agents;
#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod changes;
#[cfg(target_arch = "wasm32")]
mod decisions;
#[cfg(target_arch = "wasm32")]
mod records;
#[cfg(target_arch = "wasm32")]
pub mod route;
#[cfg(target_arch = "wasm32")]
mod seen;
#[cfg(target_arch = "wasm32")]
pub mod tasks;
#[cfg(target_arch = "wasm32")]
mod trail;

#[cfg(target_arch = "wasm32")]
pub use self::{
    agents::Agents, app::App, changes::Changes, decisions::Decisions, records::Records, seen::Seen, trail::Overviewed,
    trail::Trail,
};
pub use self::{
    fate::Fate,
    glance::{Glance, Known},
    lists::{QueueLists, queue_lists},
    records_row::RecordRow,
    source::Source,
    status::{Connection, Status, Trouble},
    windows::{HeldRow, Windows},
};

pub mod records_row;
