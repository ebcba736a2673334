//! The audit log as a Merkle tree (RFC 6962 hashing): what a leaf says, how leaves make a root, and
//! how anybody can check that an entry is in the log and that the log has only grown.
//!
//! Bytes in, bytes out: no files, no database, no clock. Everything but signing also builds for the
//! browser. `docs/audit-log.md` describes the formats.
#![forbid(unsafe_code)]

pub mod entry;
pub mod export;
pub mod hash;
pub mod judge;
pub mod note;
pub mod part;
pub mod proof;
pub mod tile;

pub use entry::Entry;
pub use hash::Hash;
#[cfg(not(target_arch = "wasm32"))]
pub use note::Signer;
pub use note::{Checkpoint, Verifier};
