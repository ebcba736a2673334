//! Signing up, signing in and out.

pub mod api;
mod page;

pub use page::{LoginPage, SignupPage};
