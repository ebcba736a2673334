//! The rules of the HTTP surface, each in a file of its own.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod access_log;
mod admin;
mod cross_site;
mod every_route;
mod factors;
mod headers;
mod import;
mod journal;
mod limits;
mod load;
mod mail;
mod matrix;
mod password;
mod problems;
mod profiles;
mod public;
mod query;
mod reading;
mod resume;
mod review;
mod running;
mod sandbox;
mod sessions;
mod start;
mod tokens;
mod trial;
