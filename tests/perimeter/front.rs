//! A server with routes made for the tests, and clients that misbehave.

use axum::{
    Router,
    body::{Body, Bytes},
    middleware::from_fn,
    routing::{get, post},
};
use keepwell::{
    config::{Config, Http, Listen},
    middleware::frame,
    serve::{
        Listener, serve,
        tls::{Keeper, certified, provider, server_config},
    },
};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// Far beyond every limit that the tests set.
pub const LONG: Duration = Duration::from_secs(60);
pub const SHORT: Duration = Duration::from_millis(400);
/// A limit that is outlasted by many steps of [`SHORT`], none of which comes near it on a busy machine.
pub const WIDE: Duration = Duration::from_secs(4);
/// Bytes of `/big`.
pub const BIG: usize = 64 << 20;

/// Requests that reached a handler.
#[derive(Clone, Default)]
pub struct Seen(Arc<AtomicUsize>);

impl Seen {
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

pub struct Front {
    pub address: SocketAddr,
    pub seen: Seen,
    stop: watch::Sender<bool>,
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

/// Limits that no test reaches by accident.
pub fn http() -> Http {
    Http {
        handshake_timeout: LONG,
        header_timeout: LONG,
        body_idle: LONG,
        write_idle: LONG,
        idle: LONG,
        ..Config::default().http
    }
}

pub fn local() -> Listen {
    Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 0)))
}

impl Front {
    pub async fn plain(http: Http) -> Self {
        Self::start(Listener::bind(&local()).await.unwrap(), http)
    }

    pub async fn tls(http: Http, identity: &Identity) -> Self {
        let keeper = Arc::new(Keeper::default());
        keeper.set(certified(identity.chain.as_bytes(), identity.key.as_bytes()).unwrap());
        let config = server_config(Arc::clone(&keeper)).unwrap();
        let listener = Listener::bind_tls(&local(), Arc::new(config)).await.unwrap();
        Self::start(listener, http)
    }

    fn start(listener: Listener, http: Http) -> Self {
        let (address, seen) = (listener.address().unwrap(), Seen::default());
        let (stop, mut stopped) = watch::channel(false);
        let router = router(seen.clone());
        tokio::spawn(async move {
            serve(listener, router, &http, async move { drop(stopped.wait_for(|s| *s).await) }).await;
        });
        Self { address, seen, stop }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    pub async fn send(&self, text: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// Whole answer to one request on a connection of its own.
    pub async fn ask(&self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        until_closed(self.send(&request).await).await
    }
}

fn router(seen: Seen) -> Router {
    let hang = || async {
        tokio::time::sleep(LONG).await;
        "late"
    };
    let events = || async {
        let ticks = futures::stream::unfold(0u32, |n| async move {
            if n == 3 {
                return None;
            }
            if n > 0 {
                tokio::time::sleep(WIDE + SHORT).await;
            }
            Some((Ok::<_, std::io::Error>(Bytes::from(format!("data: {n}\n\n"))), n + 1))
        });
        Body::from_stream(ticks)
    };
    let count = move |request: axum::extract::Request, next: axum::middleware::Next| {
        seen.0.fetch_add(1, Ordering::SeqCst);
        next.run(request)
    };
    Router::new()
        .route("/", get(|| async { "home" }))
        .route("/hang", get(hang))
        .route("/big", get(|| async { vec![b'x'; BIG] }))
        .route("/events", get(events))
        .route("/take", post(|body: Bytes| async move { format!("took {}", body.len()) }))
        .layer(from_fn(count))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(from_fn(frame::frame))
}

/// Everything until the server closes. Fails when it does not.
pub async fn until_closed(mut stream: impl AsyncRead + Unpin) -> String {
    String::from_utf8_lossy(&bytes_until_closed(&mut stream).await).into_owned()
}

pub async fn bytes_until_closed(stream: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let (mut all, mut part) = (Vec::new(), vec![0; 64 << 10]);
    loop {
        match timeout(LONG / 2, stream.read(&mut part)).await.expect("the connection was not closed") {
            Ok(0) | Err(_) => return all,
            Ok(n) => all.extend_from_slice(&part[..n]),
        }
    }
}

/// An answer with its security headers.
pub fn assert_dressed(answer: &str) {
    let lower = answer.to_ascii_lowercase();
    for header in [
        "content-security-policy: default-src 'none'",
        "x-frame-options: deny",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "permissions-policy: ",
        "cache-control: no-store",
    ] {
        assert!(lower.contains(header), "{header} is missing in:\n{answer}");
    }
    assert!(!lower.contains("\r\nserver:"));
}

/// A certificate of `localhost`, which vouches for itself.
pub struct Identity {
    pub chain: String,
    pub key: String,
}

impl Identity {
    pub fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        Self { chain: made.cert.pem(), key: made.signing_key.serialize_pem() }
    }

    pub fn der(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(self.chain.as_bytes()).unwrap()
    }

    /// A client that trusts these.
    pub fn client(trusted: &[&Self], protocols: &[&str]) -> ClientConfig {
        Self::client_with(trusted, protocols, provider(), &[&rustls::version::TLS13])
    }

    pub fn client_with(
        trusted: &[&Self],
        protocols: &[&str],
        provider: CryptoProvider,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        for identity in trusted {
            roots.add(identity.der()).unwrap();
        }
        let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        config
    }
}

pub async fn tls(address: SocketAddr, config: ClientConfig) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    timeout(LONG / 2, TlsConnector::from(Arc::new(config)).connect(name, stream)).await.unwrap()
}

pub fn session(stream: &TlsStream<TcpStream>) -> &ClientConnection {
    stream.get_ref().1
}
