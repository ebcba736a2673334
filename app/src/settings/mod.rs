//! Settings: account, sessions, language, theme, demo person, export, deletion.

pub mod api;
mod page;

pub use page::SettingsPage;
