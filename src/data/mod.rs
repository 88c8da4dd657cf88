//! Everything that talks to the outside: the endpoint's client, its live stream, the tabs' election of a
//! leader, the browser's storage. Knows the domain's types and no store and no view.

pub mod sse;

#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(target_arch = "wasm32")]
pub mod keep;
#[cfg(target_arch = "wasm32")]
pub mod lead;
#[cfg(target_arch = "wasm32")]
pub mod stream;
#[cfg(target_arch = "wasm32")]
pub mod worker;
