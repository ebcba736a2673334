//! The limit that `make bench` holds our pages against: axum answering the same bytes from memory.
//!
//! `static_peer FILE CONTENT_TYPE` prints the address it listens on and serves until it is ended.
#![forbid(unsafe_code)]

use std::io::Write as _;

use anyhow::Context as _;
use axum::{Router, http::header::CONTENT_TYPE, routing::get, serve::ListenerExt as _};
use bytes::Bytes;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let file = args.next().context("usage: static_peer FILE CONTENT_TYPE")?;
    let kind: http::HeaderValue = args.next().context("usage: static_peer FILE CONTENT_TYPE")?.parse()?;
    let body = Bytes::from(std::fs::read(&file).with_context(|| file.clone())?);
    let answer = move || async move { ([(CONTENT_TYPE, kind)], body) };

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "http://{}/", listener.local_addr()?)?;
    // As our own listener does: otherwise the peer would be held back by Nagle's algorithm.
    let listener = listener.tap_io(|socket| {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::warn!(%error, "no TCP_NODELAY");
        }
    });
    axum::serve(listener, Router::new().fallback(get(answer))).await?;
    Ok(())
}
