//! What Keepwell talks about: ids, times, printed values, units, analytes, records, series.
//!
//! No I/O, no clock and no randomness: a time or an id enters as an argument. Everything here
//! also builds for the browser.
#![forbid(unsafe_code)]

pub mod access;
pub mod act;
pub mod analyte;
pub mod counter;
pub mod ids;
pub mod lang;
pub mod limit;
pub mod locator;
pub mod measure;
pub mod notice;
pub mod people;
pub mod profile;
pub mod record;
pub mod role;
pub mod scope;
pub mod sealed;
pub mod series;
pub mod setting;
pub mod sight;
pub mod time;
pub mod ucum;
pub mod usage;
pub mod view;
