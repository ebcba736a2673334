//! Reading, adding, changing and deleting records.

pub mod api;
mod form;
pub(crate) mod open;
mod pages;
pub mod samples;
mod write;
