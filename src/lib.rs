//! Keepwell's server.
