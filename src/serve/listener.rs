//! A port or a unix socket. Plain HTTP is for this machine only, or for declared proxies (spec 3.1).

use crate::{config::Listen, middleware::client};
use rustls::ServerConfig;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    os::unix::fs::FileTypeExt,
    path::PathBuf,
    sync::Arc,
};
use tokio::net::{TcpListener, UnixListener};

/// Where connections come from, and how they are spoken to.
pub struct Listener {
    pub(super) socket: Socket,
    pub(super) tls: Option<Arc<ServerConfig>>,
    /// Other peers are not spoken to.
    only: Option<Vec<(IpAddr, u8)>>,
}

pub(super) enum Socket {
    /// A port.
    Tcp(TcpListener),
    /// A socket file, removed when the server stops.
    Unix(UnixListener, PathBuf),
}

impl Listener {
    /// Opens it for plain HTTP on this machine.
    ///
    /// # Errors
    /// What the system reports; `InvalidInput` for an address beyond this machine.
    pub async fn bind(listen: &Listen) -> io::Result<Self> {
        if listen.is_local() { Self::open(listen).await } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// Opens it for plain HTTP to these proxies, and to this machine.
    ///
    /// # Errors
    /// What the system reports.
    pub async fn bind_for_proxies(listen: &Listen, proxies: &[(IpAddr, u8)]) -> io::Result<Self> {
        Ok(Self { only: Some(proxies.to_vec()), ..Self::open(listen).await? })
    }

    /// Opens it for TLS.
    ///
    /// # Errors
    /// What the system reports.
    pub async fn bind_tls(listen: &Listen, tls: Arc<ServerConfig>) -> io::Result<Self> {
        Ok(Self { tls: Some(tls), ..Self::open(listen).await? })
    }

    /// Opens it for the redirects of port 80, which tell nothing of anybody.
    ///
    /// # Errors
    /// What the system reports.
    pub async fn bind_redirect(address: SocketAddr) -> io::Result<Self> {
        Self::open(&Listen::Tcp(address)).await
    }

    async fn open(listen: &Listen) -> io::Result<Self> {
        let socket = match listen {
            Listen::Tcp(address) => Socket::Tcp(TcpListener::bind(address).await?),
            Listen::Unix(path) => {
                let stale = std::fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_socket());
                if stale && std::os::unix::net::UnixStream::connect(path).is_err() {
                    std::fs::remove_file(path)?;
                }
                Socket::Unix(UnixListener::bind(path)?, path.clone())
            }
        };
        Ok(Self { socket, tls: None, only: None })
    }

    /// The port in force, when it is one.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match &self.socket {
            Socket::Tcp(listener) => listener.local_addr().ok(),
            Socket::Unix(..) => None,
        }
    }

    /// Whether this peer is spoken to at all.
    pub(super) fn knows(&self, peer: IpAddr) -> bool {
        self.only.as_deref().is_none_or(|only| peer.is_loopback() || client::is_in(peer, only))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[tokio::test]
    async fn plain_http_past_the_declared_proxy_is_not_spoken() {
        let listen = Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 0)));
        let proxies = [("10.0.0.0".parse().unwrap(), 8)];
        let listener = Listener::bind_for_proxies(&listen, &proxies).await.unwrap();
        for (peer, known) in
            [("10.1.2.3", true), ("127.0.0.1", true), ("192.0.2.1", false), ("2001:db8::1", false)]
        {
            assert_eq!(listener.knows(peer.parse().unwrap()), known, "{peer}");
        }
    }
}
