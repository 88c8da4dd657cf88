//! The browser app's entry: panic hook and mount, nothing else. Everything lives in the library.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    countersign::mount();
}

/// The app runs in a browser; natively there is only this sentence.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("Countersign's app runs in a browser: `cargo xtask start`.");
}
