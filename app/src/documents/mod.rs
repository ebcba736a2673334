//! Documents: what was brought, how reading it goes, and what came of it.

pub mod api;
mod excerpt;
mod left_out;
mod live;
mod page;
mod questions;
mod review;
mod review_row;
pub mod rows;
mod single;
pub mod upload;

pub use page::DocumentsPage;
pub use single::DocumentPage;
