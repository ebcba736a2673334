//! Markers: every analyte with its latest value.

pub mod api;
#[cfg(feature = "ssr")]
mod kept;
mod page;
pub mod rows;

pub use page::{Favourite, MarkersPage};
