//! What one is told about the account: above every page until it is put away, and listed under Settings.

pub mod api;
mod page;
#[cfg(feature = "ssr")]
mod words;

pub use page::{NoticesPage, above};
