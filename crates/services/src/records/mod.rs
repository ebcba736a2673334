//! Reading, adding, changing and deleting records.

pub mod api;
pub(crate) mod form;
pub(crate) mod open;
mod pages;
pub mod samples;
mod write;

pub(crate) use write::too_often;
