//! A loopback port or a unix socket; nothing else speaks plain HTTP (spec 3.1).

use crate::config::Listen;
use std::{io, net::SocketAddr, os::unix::fs::FileTypeExt, path::PathBuf};
use tokio::net::{TcpListener, UnixListener};

/// Where connections come from.
pub enum Listener {
    /// A port of this machine.
    Tcp(TcpListener),
    /// A socket file, removed when the server stops.
    Unix(UnixListener, PathBuf),
}

impl Listener {
    /// Opens it.
    ///
    /// # Errors
    /// What the system reports; `InvalidInput` for an address beyond this machine.
    pub async fn bind(listen: &Listen) -> io::Result<Self> {
        match listen {
            Listen::Tcp(address) if !address.ip().to_canonical().is_loopback() => {
                Err(io::ErrorKind::InvalidInput.into())
            }
            Listen::Tcp(address) => Ok(Self::Tcp(TcpListener::bind(address).await?)),
            Listen::Unix(path) => {
                let stale = std::fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_socket());
                if stale && std::os::unix::net::UnixStream::connect(path).is_err() {
                    std::fs::remove_file(path)?;
                }
                Ok(Self::Unix(UnixListener::bind(path)?, path.clone()))
            }
        }
    }

    /// The port in force, when it is one.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            Self::Unix(..) => None,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            let _ = std::fs::remove_file(path);
        }
    }
}
