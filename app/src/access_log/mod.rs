//! The access log: what was done with one's data, in plain words, checked by one's own browser.

pub mod api;
#[cfg(feature = "hydrate")]
mod check;
mod page;
pub(crate) mod proof;
pub(crate) mod words;

pub use page::AccessLogPage;
