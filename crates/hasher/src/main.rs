//! The Web Worker beside the records' own: hashes a stream while that one reads it, so that a trailer is checked off the
//! path. It is a file of its own because the records' is large. What it is told and says stands in `listen`, hashing
//! itself in `sum`; who starts it is `crates/worker`.

#[cfg(target_arch = "wasm32")]
mod listen;
#[cfg(any(target_arch = "wasm32", test))]
mod sum;

#[cfg(target_arch = "wasm32")]
fn main() {
    listen::start();
}

/// It runs in a browser; natively there is only this sentence.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is a part of Countersign's browser app: `cargo xtask start`.");
}
