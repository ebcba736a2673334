//! Accounts: finding one, its facts, and what is done to it.

pub mod api;
mod page;
mod wish;

pub use page::{PeoplePage, PersonPage};
