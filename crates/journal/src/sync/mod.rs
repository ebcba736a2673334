//! Synchronising: batches of changes, sealed, in signed chains, through a server that is not trusted.
//!
//! The layouts, the rules and the contract with the server are in `docs/journal-protocol.md`.

mod alarm;
mod batch;
mod catch_up;
mod chain;
mod change;
mod client;
mod event;
mod head;
mod intake;
mod join;
mod keys;
mod object;
mod outbox;
mod problem;
mod request;
mod roster;
mod state;
mod statement;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod ticket;
mod ways;
pub mod wire;

pub use alarm::{Alarm, Result, SyncError};
pub use change::Change;
pub use client::Client;
pub use event::Event;
pub use join::{Joined, join_with};
pub use outbox::Writer;
pub use request::{Answer, BASE, Request};
pub use statement::{Member, Role};
pub use ticket::{Ticket, TicketCode, safety_code};
