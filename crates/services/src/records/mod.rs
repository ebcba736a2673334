//! Reading, adding, changing and deleting records.

pub mod api;
mod form;
mod open;
mod pages;
pub mod samples;
mod write;
