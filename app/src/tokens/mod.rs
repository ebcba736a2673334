//! Personal access tokens: made, seen and revoked by their person.

pub mod api;
mod page;

pub use page::TokensPage;
