//! One record in full: its value first, then all that was stated, and where it stands.

pub mod api;
pub mod form;
mod page;

pub use page::RecordPage;
pub(crate) use page::label;
