//! Keys, sealing and key derivation of Keepwell. Bytes in, bytes out: no files, no database, no clock.
//!
//! Records are sealed with XAES-256-GCM ([`record`]), files in chunks of the same AEAD ([`mod@file`]).
//! The keys come down a fixed hierarchy ([`keys`]) from one root key. Everything but [`password`]
//! also builds for the browser.
#![forbid(unsafe_code)]

pub mod access_token;
mod aead;
mod encode;
pub mod error;
pub mod file;
mod kdf;
pub mod keys;
pub mod mac;
pub mod nonce;
#[cfg(not(target_arch = "wasm32"))]
pub mod password;
pub mod place;
pub mod record;
mod sealed;
pub mod secret;
#[cfg(test)]
mod testing;
pub mod token;
pub mod xaes;

pub use access_token::AccessToken;
pub use error::Error;
pub use file::{ChunkSize, ChunkSpan, FileOpener, FileSealer};
pub use keys::{AuditKey, DataKey, FileKey, MarkKey, RootKey, SigningSeed};
pub use mac::Mac;
pub use nonce::NonceSource;
pub use place::{Owner, Place};
pub use record::TableKey;
pub use secret::Key32;
pub use token::{Token, TokenHash};
pub use xaes::XaesKey;
