//! The pages. A view reads the stores and calls tasks; it never fetches. `shell` is the frame of all, `parts`
//! what two of them share, `later` what is fetched after the first paint, the rest one folder a page. Pure logic of a page compiles natively.

#[cfg(target_arch = "wasm32")]
pub mod later;
#[cfg(target_arch = "wasm32")]
pub mod shell;

pub mod agents;
pub mod overview;
pub mod parts;
pub mod queue;
pub mod records;
