//! Keepwell's server: configuration, command line, HTTP, the sandbox of the readers. The only
//! place that reads the environment, the clock and the disk.
#![forbid(unsafe_code)]
#![recursion_limit = "512"]

pub mod api;
pub mod ask;
pub mod blobs;
pub mod claims;
pub mod cli;
pub mod clock;
pub mod config;
pub mod doctor;
pub mod host;
pub mod instance;
mod journal;
pub mod keyfile;
pub mod logging;
pub mod mail;
pub mod middleware;
pub mod problem;
mod public;
mod reports;
pub mod routes;
pub mod sandbox;
pub mod serve;
pub mod site;
pub mod state;
pub mod worker;
