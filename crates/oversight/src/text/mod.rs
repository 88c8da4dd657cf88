//! Text safety: what a reader could not see, or would see otherwise than it is. `escape` turns such
//! characters into visible escapes and costs the page a few kilobytes; `analyse` writes findings and needs
//! the Unicode tables of the `text-analysis` feature. How escapes and findings look is the app's.

#[cfg(feature = "text-analysis")]
pub mod analyse;
pub mod escape;
#[cfg(feature = "text-analysis")]
mod lookalike;
#[cfg(feature = "text-analysis")]
mod padding;
mod sight;
mod tables;
#[cfg(feature = "text-analysis")]
mod walk;

#[cfg(all(test, feature = "text-analysis"))]
mod hostile_text;
#[cfg(all(test, feature = "text-analysis"))]
mod real_text;

#[cfg(feature = "text-analysis")]
pub use analyse::{Shape, analyse};
pub use escape::{Segment, is_plain, segments, segments_of_lines, visible};
#[cfg(feature = "text-analysis")]
pub use walk::analyse_json;
