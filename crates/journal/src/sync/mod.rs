//! Synchronising: batches of changes, sealed, in signed chains, through a server that is not trusted.
//!
//! The layouts, the rules and the contract with the server are in `docs/journal-protocol.md`.

pub mod wire;
