//! Questions about one's own records: the conversations in which they are asked, and what answers them.

mod builtin;
pub(crate) mod facts;

mod conversations;
pub(crate) mod kept;
mod quota;
mod running;
mod search;
mod turn;

pub(crate) use running::Running;
pub use turn::{Question, Turn};
