//! Connections at the edge of each limit, over real sockets. Times are shortened by the settings;
//! what is asserted is that a connection ends, never how fast.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod acme;
mod caps;
mod front;
mod http2;
mod promises;
mod redirect;
mod slow;
#[expect(dead_code, reason = "letters and moods are for the tests of the API")]
#[path = "../support/smtp.rs"]
mod smtp;
mod tls;
