//! Files that people bring.

pub mod file;
pub mod meta;
pub mod upload;
mod view;
mod write;
