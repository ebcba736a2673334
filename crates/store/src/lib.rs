//! All SQL of Keepwell, for SQLite and PostgreSQL.
//!
//! Only sealed values enter: what stays readable are ids, times, states, counts, sizes rounded up
//! and keyed hashes. Reads take `&Store` or `&mut Tx`, writes `&mut Tx`; every one on a person's
//! data takes the owner and has it in its `WHERE`, so that a foreign row and a missing one look
//! the same. Records, series and documents change only under a [`profile::Change`].
#![forbid(unsafe_code)]

#[macro_use]
mod pool;
mod bulk;
mod config;
mod connect;
mod error;
mod health;
mod row;
mod store;

pub mod access;
pub mod account;
pub mod account_token;
pub mod ask_provider;
pub mod audit;
pub mod backoff;
pub mod break_glass;
pub mod ceremony;
pub mod claim;
pub mod conversation;
pub mod counter;
pub mod document;
pub mod erase;
pub mod factor;
pub mod garbage;
pub mod import;
pub mod instance;
pub mod invite;
pub mod job;
pub mod journal;
pub mod keys;
pub mod limit;
pub mod mail;
pub mod mark;
pub mod notice;
pub mod passkey;
pub mod people;
pub mod profile;
pub mod record;
pub mod report;
pub mod review;
pub mod secret;
pub mod series;
pub mod session;
pub mod setting;
pub mod signup;
#[cfg(feature = "testing")]
pub mod testing;
pub mod upload;

pub use config::StoreConfig;
pub use error::{Cause, Constraint, Result, StoreError};
pub use store::{KeyTx, Source, Store, Tx};
