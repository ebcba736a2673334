//! Questions about one's own records: the conversations in which they are asked, and what answers them.

pub mod address;
mod builtin;
mod consent;
mod conversations;
pub(crate) mod facts;
mod identity;
pub(crate) mod kept;
pub mod model;
pub mod provider;
mod quota;
mod running;
mod search;
pub mod talk;
mod turn;

pub(crate) use running::Running;
pub use turn::{Question, Turn};
