//! Settings of the instance, their history, and invitations.

pub mod api;
mod page;
#[cfg(feature = "ssr")]
mod words;

pub use page::AdminSettingsPage;
