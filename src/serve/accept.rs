//! The accept loop. The stock one has no time limit for headers and leaves Nagle's algorithm on,
//! which costs a streamed page forty milliseconds.

use super::{
    Listener,
    caps::{Caps, Ticket},
};
use crate::{
    config::Http,
    middleware::client::{self, Peer},
};
use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use std::{net::IpAddr, time::Duration};
use tokio::io::{AsyncRead, AsyncWrite};
use tower::Service;

/// Bytes of all headers of one request.
const HEADER_BYTES: usize = 32 << 10;
/// Headers of one request.
const HEADERS: usize = 96;

/// Serves until `stop` ends, then lets requests under way finish within the deadline.
pub async fn serve(listener: Listener, app: Router, http: &Http, stop: impl Future<Output = ()>) {
    let caps = Caps::new(http.connections, http.connections_per_address);
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok(connection) => admit(connection, &app, http, &caps, graceful.watcher()),
            Err(e) => {
                // Out of descriptors, most likely: spinning would make it worse.
                tracing::warn!(kind = %e.kind(), "could not accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(http.shutdown, graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped with requests still under way");
    }
}

enum Connection {
    Tcp(tokio::net::TcpStream, IpAddr),
    Unix(tokio::net::UnixStream),
}

async fn accept(listener: &Listener) -> std::io::Result<Connection> {
    match listener {
        Listener::Tcp(tcp) => {
            let (stream, peer) = tcp.accept().await?;
            stream.set_nodelay(true)?;
            Ok(Connection::Tcp(stream, peer.ip().to_canonical()))
        }
        Listener::Unix(unix, _) => Ok(Connection::Unix(unix.accept().await?.0)),
    }
}

fn admit(connection: Connection, app: &Router, http: &Http, caps: &Caps, watcher: Watcher) {
    let peer = match &connection {
        Connection::Tcp(_, ip) => Some(*ip),
        Connection::Unix(_) => None,
    };
    // A proxy's connections belong to many people.
    let counted = peer.filter(|ip| !client::is_in(*ip, &http.trusted_proxies));
    let Some(ticket) = caps.admit(counted) else {
        tracing::debug!("refused a connection: too many are open");
        return;
    };
    let (app, time) = (app.clone(), http.header_timeout);
    match connection {
        Connection::Tcp(stream, _) => drop(tokio::spawn(run(stream, Peer(peer), app, time, watcher, ticket))),
        Connection::Unix(stream) => drop(tokio::spawn(run(stream, Peer(peer), app, time, watcher, ticket))),
    }
}

async fn run<S>(
    stream: S,
    peer: Peer,
    app: Router,
    header_timeout: Duration,
    watcher: Watcher,
    ticket: Ticket,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        app.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES.max(8192))
        .serve_connection(TokioIo::new(stream), service);
    if let Err(e) = watcher.watch(connection).await {
        tracing::trace!(timeout = e.is_timeout(), "a connection ended early");
    }
    drop(ticket);
}
