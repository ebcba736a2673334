//! What may break does: the process, the disk, the database, the connection. Each test starts the
//! real program on a folder of its own.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]
#![allow(clippy::print_stderr, clippy::print_stdout)]

mod big;
mod damaged;
mod full_disk;
mod http;
mod kill;
mod ledger;
mod material;
mod no_database;
#[allow(dead_code)] // the canaries use more of it
mod postgres;
mod server;
mod two;
mod undo;
mod verify;
