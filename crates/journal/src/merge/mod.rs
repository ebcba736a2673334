//! How devices agree: changes are a set, and what holds follows from the set alone.
//!
//! Every field keeps the value with the latest stamp. A correction names the version it replaces, and
//! the older ones stay as its history. Deletion hides, later writing brings back ([`Entity::is_live`]);
//! erasure drops everything up to its stamp, whenever the rest arrives.

mod author;
mod book;
mod change;
mod codec;
mod entity;
mod hlc;

pub use author::{Author, Received};
pub use book::{Book, History};
pub use change::{Change, DELETED, ERASED};
pub use codec::{CodecError, MAX_BYTES, VERSION, decode, encode};
pub use entity::{Applied, Entity, Version};
pub use hlc::{Hlc, HybridClock, MAX_AHEAD_MS, Skew, Stamp};
