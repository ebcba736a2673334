//! The accept loop. The stock one has no time limits and leaves Nagle's algorithm on, which costs a
//! streamed page forty milliseconds.

use super::{
    Listener,
    caps::Caps,
    connection::{Served, converse},
    listener::Socket,
    pulse::{Pulse, Times},
    refuse,
};
use crate::{
    config::Http,
    middleware::client::{self, Peer},
};
use axum::Router;
use rustls::ServerConfig;
use socket2::{SockRef, TcpKeepalive};
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixStream},
    sync::{Semaphore, mpsc, watch},
    time::{Instant, timeout},
};
use tokio_rustls::TlsAcceptor;

/// How long a proxy may keep a connection between two requests: longer than proxies do, so that it
/// is they who close.
const PROXY_IDLE: Duration = Duration::from_secs(75);
/// Bytes that the kernel takes beyond what is on its way. Without a bound it takes megabytes, and
/// whether a slow reader moves could not be seen for minutes.
const UNSENT: u32 = 64 << 10;
/// Silence on the wire until the kernel asks whether the peer lives.
const KEEPALIVE: Duration = Duration::from_secs(60);
/// Connections over the cap that are told so at once; the others are just closed.
const REFUSALS: usize = 32;

/// Serves until `stop` ends, then lets requests under way finish within the deadline.
pub async fn serve(listener: Listener, app: Router, http: &Http, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(false);
    let (alive, mut all_gone) = mpsc::channel::<()>(1);
    let door = Door {
        app,
        refusal: refuse::router(),
        http: http.clone(),
        caps: Caps::new(super::files::affordable(http.connections), http.connections_per_address),
        refusals: Arc::new(Semaphore::new(REFUSALS)),
        stopped,
        alive,
    };
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((connection, peer)) => door.admit(connection, peer, &listener),
            Err(e) => {
                // Out of descriptors, most likely: spinning would make it worse.
                tracing::warn!(kind = %e.kind(), "could not accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    drop(door);
    let _ = stopping.send(true);
    if timeout(http.shutdown, all_gone.recv()).await.is_err() {
        tracing::warn!("stopped with requests still under way");
    }
}

enum Connection {
    Tcp(TcpStream),
    Unix(UnixStream),
}

async fn accept(listener: &Listener) -> std::io::Result<(Connection, Option<IpAddr>)> {
    match &listener.socket {
        Socket::Tcp(tcp) => {
            let (stream, peer) = tcp.accept().await?;
            Ok((Connection::Tcp(stream), Some(peer.ip().to_canonical())))
        }
        Socket::Unix(unix, _) => Ok((Connection::Unix(unix.accept().await?.0), None)),
    }
}

/// What every connection passes.
struct Door {
    app: Router,
    refusal: Router,
    http: Http,
    caps: Caps,
    refusals: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
    /// Held by every connection; gone when the last one is.
    alive: mpsc::Sender<()>,
}

impl Door {
    fn admit(&self, connection: Connection, peer: Option<IpAddr>, listener: &Listener) {
        if peer.is_some_and(|ip| !listener.knows(ip)) {
            tracing::debug!("closed a connection that came past the proxy");
            return;
        }
        // A proxy's connections belong to many people.
        let proxy = peer.is_none_or(|ip| client::is_in(ip, &self.http.trusted_proxies));
        let times = Times {
            headers: self.http.header_timeout,
            idle: if proxy { PROXY_IDLE.max(self.http.idle) } else { self.http.idle },
            write_idle: self.http.write_idle,
        };
        let pulse = Arc::new(Pulse::new(times, Instant::now()));
        let served = Served {
            app: self.app.clone(),
            peer: Peer(peer),
            secure: listener.tls.is_some(),
            body_idle: self.http.body_idle,
            pulse: Arc::clone(&pulse),
            stop: self.stopped.clone(),
        };
        let (tls, handshake) = (listener.tls.clone(), self.http.handshake_timeout);
        match self.caps.admit(peer.filter(|_| !proxy), pulse) {
            Some(ticket) => {
                let alive = self.alive.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        () = run(connection, tls, handshake, served) => {}
                        () = ticket.must_leave() => tracing::debug!("closed a silent connection to make room"),
                    }
                    drop((ticket, alive));
                });
            }
            None => {
                tracing::debug!("refused a connection: too many are at work");
                let Ok(permit) = Arc::clone(&self.refusals).try_acquire_owned() else { return };
                let served = Served { app: self.refusal.clone(), ..served };
                tokio::spawn(async move {
                    let _ = timeout(refuse::TIME, run(connection, tls, handshake, served)).await;
                    drop(permit);
                });
            }
        }
    }
}

async fn run(connection: Connection, tls: Option<Arc<ServerConfig>>, handshake: Duration, served: Served) {
    match connection {
        Connection::Tcp(stream) => {
            prepare(&stream);
            secure(stream, tls, handshake, served).await;
        }
        Connection::Unix(stream) => secure(stream, tls, handshake, served).await,
    }
}

/// What fails here costs comfort only.
fn prepare(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    let socket = SockRef::from(stream);
    let _ = socket.set_tcp_notsent_lowat(UNSENT);
    let _ = socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE / 4));
}

async fn secure<S>(stream: S, tls: Option<Arc<ServerConfig>>, limit: Duration, served: Served)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Some(tls) = tls else { return converse(stream, false, served).await };
    match timeout(limit, TlsAcceptor::from(tls).accept(stream)).await {
        Ok(Ok(stream)) => match stream.get_ref().1.alpn_protocol() {
            // The certificate shown was the whole answer (RFC 8737).
            Some(protocol) if protocol == super::tls::ACME_PROTOCOL => {}
            Some(b"h2") => converse(stream, true, served).await,
            _ => converse(stream, false, served).await,
        },
        Ok(Err(_)) => tracing::trace!("a handshake failed"),
        Err(_) => tracing::trace!("a handshake took too long"),
    }
}
