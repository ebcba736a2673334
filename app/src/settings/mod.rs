//! Settings: account, sessions, language, theme, demo person, export, deletion.

mod account;
pub mod api;
mod page;
mod sessions;

pub use account::AccountPage;
pub use page::SettingsPage;
pub use sessions::SessionsPage;
