//! Connections to providers. A name is looked up once, what it leads to is checked, and the connection goes to
//! the very address that was checked: a second answer of the name server cannot lead elsewhere.

use keepwell_services::{
    address::{Base, NamedBy, may_reach},
    model::ModelFault,
};
use rustls::{ClientConfig, pki_types::ServerName};
use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// The future of a look-up.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Looks names up.
pub trait Resolve: Send + Sync + 'static {
    /// The addresses of a name.
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a>;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|a| a.ip()).collect()) })
    }
}

/// A connection, with TLS or near by without.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Opens a connection to a provider.
pub async fn dial(
    base: &Base,
    by: NamedBy,
    resolver: &dyn Resolve,
    tls: &Arc<ClientConfig>,
    patience: Duration,
) -> Result<Box<dyn Stream>, ModelFault> {
    let found = match base.host.parse::<IpAddr>() {
        Ok(ip) => vec![ip],
        Err(_) => {
            let looked =
                timeout(patience, resolver.resolve(&base.host)).await.map_err(|_| ModelFault::Timeout)?;
            looked.map_err(|_| ModelFault::Unreachable)?
        }
    };
    // One address where it may not go, and the name is not trusted at all.
    if found.iter().any(|ip| !may_reach(*ip, by, base.is_tls)) {
        return Err(ModelFault::Forbidden);
    }
    let mut last = ModelFault::Unreachable;
    for ip in found.into_iter().take(4) {
        match timeout(patience, TcpStream::connect(SocketAddr::new(ip, base.port))).await {
            Ok(Ok(stream)) => {
                let _ = stream.set_nodelay(true);
                if !base.is_tls {
                    return Ok(Box::new(stream));
                }
                let name = ServerName::try_from(base.host.clone()).map_err(|_| ModelFault::Unreachable)?;
                let connecting = TlsConnector::from(Arc::clone(tls)).connect(name, stream);
                return match timeout(patience, connecting).await {
                    Ok(Ok(stream)) => Ok(Box::new(stream)),
                    Ok(Err(_)) => Err(ModelFault::Unreachable),
                    Err(_) => Err(ModelFault::Timeout),
                };
            }
            Ok(Err(_)) => {}
            Err(_) => last = ModelFault::Timeout,
        }
    }
    Err(last)
}
