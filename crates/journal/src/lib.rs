//! The fertility journal, but for its pages: what it keeps, what follows from it, how two devices
//! agree, how it is sealed and how it is synchronised.
//!
//! Nothing here does I/O, asks a clock or makes randomness: those come in as arguments, so that all of
//! it runs the same in the browser and in the tests.
#![forbid(unsafe_code)]

pub mod sync;
pub mod vault;

pub mod derive;
pub mod exchange;
pub mod export;
pub mod formulary;
pub mod import;
pub mod merge;
pub mod model;
pub mod order;
mod redact;
pub mod remind;
