//! The last step of the browser app's build, called by Trunk's hook (Trunk.toml): takes the wasm that cargo linked
//! into the parts that `src/views/later.rs` names, has wasm-bindgen make the first one's JavaScript, and leaves it
//! all in Trunk's staging folder under names that change with the content, each with a brotli copy beside it.

#![forbid(unsafe_code)]

mod build;
mod compress;
mod names;
mod split;

use std::process::ExitCode;

use anyhow::Result;

fn main() -> ExitCode {
    match pack() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pack: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn pack() -> Result<()> {
    let build = build::Build::from_environment()?;
    let files = split::into_parts(&build)?;
    names::put_in_place(&build, files)?;
    if build.lean {
        compress::beside(&build.staging)?;
    }
    Ok(())
}
