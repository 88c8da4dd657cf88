//! The browser app's entry: panic hook and mount, nothing else. Everything lives in the library.

fn main() {}
