//! Readers of health file formats: bytes in, typed records out.
//!
//! No I/O but the given source, no clock, no randomness; memory is bounded by [`sink::Limits`].
#![forbid(unsafe_code)]

pub mod ccda;
mod clinical;
pub mod error;
pub mod fhir;
pub mod hl7v2;
pub mod sink;
pub mod sniff;
pub mod source;
