//! The whole log, for auditors and administrators.

pub mod api;
mod page;
#[cfg(feature = "ssr")]
mod words;

pub use page::AdminLogPage;
