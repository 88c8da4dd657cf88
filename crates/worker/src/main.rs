//! The Web Worker: carries words between the page and `engine::host`, which holds the records. What it says and why is
//! the host's; where bytes come from is `fetching`, how they are read `reading`, their hash `hashing`, whole records `whole`, files `exporting`. It shares no code
//! with the page but the crates, so that its file holds nothing of the views.

#[cfg(target_arch = "wasm32")]
mod body;
#[cfg(target_arch = "wasm32")]
mod documents;
#[cfg(target_arch = "wasm32")]
mod exporting;
#[cfg(target_arch = "wasm32")]
mod fetching;
#[cfg(target_arch = "wasm32")]
mod hashing;
#[cfg(target_arch = "wasm32")]
mod reading;
#[cfg(target_arch = "wasm32")]
mod turns;
#[cfg(target_arch = "wasm32")]
mod whole;

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    body::start();
}

/// The worker runs in a browser; natively there is only this sentence.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("Countersign's worker runs in a browser: `cargo xtask start`.");
}
