//! TLS as it is spoken.

use crate::front::{Front, Identity, LONG, SHORT, http, local, session, tls, until_closed};
use keepwell::{
    clock::SystemClock,
    config::{Config, Http},
    serve::{self, Listener},
};
use rustls::{HandshakeKind, NamedGroup, ProtocolVersion, crypto::aws_lc_rs, version::TLS12};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::watch,
    time::sleep,
};

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[tokio::test]
async fn post_quantum_key_exchange_is_used_and_the_plain_one_still_works() {
    let identity = Identity::new();
    let front = Front::tls(http(), &identity).await;
    let stream = tls(front.address, Identity::client(&[&identity], &["http/1.1"])).await.unwrap();
    let group = |s| session(s).negotiated_key_exchange_group().unwrap().name();
    assert_eq!(group(&stream), NamedGroup::X25519MLKEM768);
    assert_eq!(session(&stream).protocol_version(), Some(ProtocolVersion::TLSv1_3));
    let mut classic = keepwell::serve::tls::provider();
    classic.kx_groups.retain(|g| g.name() == NamedGroup::X25519);
    let config = Identity::client_with(&[&identity], &[], classic, &[&rustls::version::TLS13]);
    assert_eq!(group(&tls(front.address, config).await.unwrap()), NamedGroup::X25519);
}

#[tokio::test]
async fn tls_1_2_is_refused() {
    let identity = Identity::new();
    let front = Front::tls(http(), &identity).await;
    let config = Identity::client_with(&[&identity], &[], aws_lc_rs::default_provider(), &[&TLS12]);
    let refused = tls(front.address, config).await.unwrap_err();
    assert!(refused.to_string().contains("ProtocolVersion"), "{refused}");
}

#[tokio::test]
async fn versions_are_told_apart_as_the_security_page_does() {
    use keepwell::claims::{Version, agrees};
    let front = Front::tls(http(), &Identity::new()).await;
    assert_eq!(agrees(front.address, Version::Tls13).await, Some(true));
    assert_eq!(agrees(front.address, Version::Tls12).await, Some(false));
    let plain = Front::plain(http()).await;
    assert_eq!(agrees(plain.address, Version::Tls13).await, Some(false));
}

#[tokio::test]
async fn session_is_resumed_without_early_data() {
    let identity = Identity::new();
    let front = Front::tls(http(), &identity).await;
    let mut config = Identity::client(&[&identity], &["http/1.1"]);
    config.enable_early_data = true;
    let mut kinds = Vec::new();
    for _ in 0..2 {
        let mut stream = tls(front.address, config.clone()).await.unwrap();
        stream.write_all(GET).await.unwrap();
        // The tickets come with the first answer.
        stream.read_exact(&mut [0; 15]).await.unwrap();
        kinds.push(session(&stream).handshake_kind());
        assert!(!session(&stream).is_early_data_accepted());
    }
    assert_eq!(kinds, [Some(HandshakeKind::Full), Some(HandshakeKind::Resumed)]);
}

#[tokio::test]
async fn handshake_that_never_ends_is_cut_off() {
    let front = Front::tls(Http { handshake_timeout: SHORT, ..http() }, &Identity::new()).await;
    assert_eq!(until_closed(front.connect().await).await, "");
    // A record that promises more than ever comes.
    let mut half = front.connect().await;
    half.write_all(&[22, 3, 1, 2, 0, 1]).await.unwrap();
    assert_eq!(until_closed(half).await, "");
}

#[tokio::test]
async fn client_that_shakes_hands_and_says_nothing_is_cut_off() {
    let identity = Identity::new();
    let front = Front::tls(Http { header_timeout: SHORT, ..http() }, &identity).await;
    for protocol in ["h2", "http/1.1"] {
        let stream = tls(front.address, Identity::client(&[&identity], &[protocol])).await.unwrap();
        until_closed(stream).await;
    }
}

#[tokio::test]
async fn certificate_is_replaced_without_dropping_a_connection_and_a_broken_one_is_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    let put = |chain: &str, secret: &str| {
        std::fs::write(&cert, chain).unwrap();
        std::fs::write(&key, secret).unwrap();
    };
    let [first, second] = [Identity::new(), Identity::new()];
    put(&first.chain, &first.key);
    let mut config = Config { listen: local(), http: http(), ..Config::default() };
    (config.tls.cert, config.tls.key) = (Some(cert.clone()), Some(key.clone()));
    config.tls.reload = Duration::from_millis(30);
    let (stop, stopped) = watch::channel(false);
    let opened = serve::open(&config, &(Arc::new(SystemClock) as Arc<_>), &stopped).await.unwrap();
    let address = opened.listener.address().unwrap();
    let router = axum::Router::new().fallback(|| async { "home" });
    let limits = config.http.clone();
    let server = tokio::spawn(async move {
        let mut stopped = stopped;
        serve::serve(opened.listener, router, &limits, async move { drop(stopped.wait_for(|s| *s).await) })
            .await;
    });
    let client = || Identity::client(&[&first, &second], &["http/1.1"]);
    let shown = async || {
        let stream = tls(address, client()).await.unwrap();
        session(&stream).peer_certificates().unwrap()[0].clone()
    };
    let mut kept = tls(address, client()).await.unwrap();
    assert_eq!(shown().await, first.der());

    // What cannot be used is not taken: another's key, a broken file, no file.
    put(&second.chain, &first.key);
    sleep(10 * config.tls.reload).await;
    assert_eq!(shown().await, first.der());
    put("nonsense", "nonsense");
    sleep(10 * config.tls.reload).await;
    assert_eq!(shown().await, first.der());
    std::fs::remove_file(&cert).unwrap();
    sleep(10 * config.tls.reload).await;
    assert_eq!(shown().await, first.der());

    put(&second.chain, &second.key);
    tokio::time::timeout(LONG, async {
        while shown().await != second.der() {
            sleep(config.tls.reload).await;
        }
    })
    .await
    .expect("the new certificate was never shown");
    kept.write_all(GET).await.unwrap();
    let mut answer = [0; 15];
    kept.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    stop.send(true).unwrap();
    drop(kept);
    tokio::time::timeout(LONG, server).await.unwrap().unwrap();
}

#[tokio::test]
async fn start_is_refused_with_a_key_of_another_certificate() {
    let dir = tempfile::tempdir().unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    std::fs::write(&cert, Identity::new().chain).unwrap();
    std::fs::write(&key, Identity::new().key).unwrap();
    let mut config = Config { listen: local(), ..Config::default() };
    (config.tls.cert, config.tls.key) = (Some(cert), Some(key));
    let (_stop, stopped) = watch::channel(false);
    let Err(refused) = serve::open(&config, &(Arc::new(SystemClock) as Arc<_>), &stopped).await else {
        panic!("it started");
    };
    assert!(format!("{refused:#}").contains("does not belong to the certificate"), "{refused:#}");
}

#[tokio::test]
async fn plain_listener_beyond_this_machine_is_refused_by_the_socket_itself() {
    let open = keepwell::config::Listen::Tcp("0.0.0.0:0".parse().unwrap());
    assert!(Listener::bind(&open).await.is_err());
}
