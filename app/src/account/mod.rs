//! Signing up, signing in and out, and what the links of letters lead to.

pub mod api;
mod links;
mod page;

pub use links::{ConfirmPage, ForgotPage, ResetPage, SentPage, StopPage, VerifyPage};
pub use page::{LoginPage, SignupPage, notice, suggestion};
