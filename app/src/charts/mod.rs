//! Charts as plain geometry and text: the same code draws on the server for the first paint and in
//! the browser while zooming. Nothing in here knows of pages or signals.

pub mod bands;
pub mod events;
pub mod lab_rules;
pub mod layout;
pub mod line;
pub mod number;
pub mod points;
pub mod scale;
pub mod summary;
pub mod svg;
pub mod time_axis;
pub mod words;

#[cfg(test)]
mod testing;

pub use layout::{Frame, Layout, View};
