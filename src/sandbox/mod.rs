//! Readers of foreign files, each in a child process of this binary that can do nothing but read
//! its pipe, compute, and write its pipe (spec 5.7).

mod host;
pub mod lockdown;
mod parser;
pub mod protocol;
mod selftest;

pub use host::{Failure, Out, Sandbox};
pub use parser::SandboxHost;
pub use selftest::{SelfTest, self_test};
