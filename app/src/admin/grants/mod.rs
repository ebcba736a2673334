//! Grants of sight: who has one, and what it opens.

pub mod api;
mod opened;
mod page;

pub use page::{GrantPage, GrantsPage};
