//! The browser app's module map. What is pure compiles natively and is tested there; what touches the DOM
//! compiles for wasm32 alone. Data flows one way: data → state → views → tasks → data.

pub mod choice;
pub mod data;
pub mod paths;
pub mod state;
pub mod ui;
pub mod views;
pub mod words;

#[cfg(test)]
mod sample;

/// Mounts the app on the page's body.
#[cfg(target_arch = "wasm32")]
pub fn mount() {
    leptos::mount::mount_to_body(views::shell::Shell);
}
