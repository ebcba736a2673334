//! Files that people bring.

pub mod file;
pub mod meta;
mod review;
mod reviewed;
pub mod upload;
mod view;
mod write;

pub use reviewed::RowWord;
