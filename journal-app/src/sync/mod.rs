//! Synchronising the open journal with a server, once the person has turned it on. Before that nothing here sends
//! anything.
//!
//! [`channel`] is what this device keeps of one vault on the server, [`round`] drives it, [`engine`] says when.

pub mod channel;
pub mod engine;
pub mod join;
pub mod later;
pub mod members;
pub mod mend;
mod one;
pub mod phrase;
pub mod receipt;
mod round;
pub mod server;
pub mod space;
mod take_in;
pub mod turn;

pub use channel::{Channel, Doing, Halt};
pub use engine::soon;
pub use round::{end_lost, look_again};
