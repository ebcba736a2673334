//! Questions about one's own records.

pub mod address;
mod builtin;
mod consent;
pub(crate) mod facts;
mod identity;
pub mod model;
pub mod provider;
pub mod talk;
