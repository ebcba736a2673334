//! Questions about one's own records.
//!
//! Facts in, answers out: no I/O, no clock, no randomness. What stands where:
//!
//! - [`facts`] is what questions are answered from: a person's records, indexed;
//! - [`answer()`], the built-in answerer, understands a question and answers it from the facts alone;
//! - `model` holds the wire formats of model providers, the tools that a model may call, and the check that
//!   every number in its text is one that a tool gave it.
#![forbid(unsafe_code)]

pub mod answer;
pub mod facts;
mod lang;
pub mod model;
pub mod text;

pub use answer::{Context, answer, suggestions};
pub use lang::Lang;
