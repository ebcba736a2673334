//! Markers: every analyte with its latest value.

pub mod api;
mod page;
pub mod rows;

pub use page::{Favourite, MarkersPage};
