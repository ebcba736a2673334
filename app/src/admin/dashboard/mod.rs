//! The dashboard: how the instance does.

pub mod api;
mod page;
#[cfg(feature = "ssr")]
mod words;

pub use page::AdminHomePage;
