//! The managers' overview: does oversight work? One brush of time over everything.

mod page;

pub use page::OverviewPage;
