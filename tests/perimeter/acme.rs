//! Certificates from Pebble, the test authority of the people behind Let's Encrypt (Debian's package
//! `pebble`). Names are resolved by its companion to this machine.

use crate::front::{Front, Identity, LONG, http, local, session};
use keepwell::{
    clock::SystemClock,
    config::{Challenge, Config, Origin},
    instance,
    serve::{
        self, Listener,
        acme::{Manager, Pace},
        redirect_router, serve,
        tls::leaf,
    },
};
use keepwell_domain::time::Ts;
use keepwell_services::{Services, clock::Clock};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{
    net::{SocketAddr, TcpListener, UdpSocket},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

const NAMES: [&str; 2] = ["health.test", "www.health.test"];
const PACE: Pace = Pace {
    look: Duration::from_millis(50),
    retry: Duration::from_secs(3600),
    retry_at_most: Duration::from_secs(7200),
};

/// An order is a talk of many steps, with keys made on the way.
const ISSUED: Duration = Duration::from_secs(300);

/// The system's clock, set forward.
#[derive(Default)]
struct Ahead(AtomicI64);

impl Clock for Ahead {
    fn now(&self) -> Ts {
        Ts(SystemClock.read().0 + self.0.load(Ordering::SeqCst))
    }
}

/// An instance that has no certificate yet.
struct Site {
    dir: TempDir,
    config: Config,
    services: Services,
    clock: Arc<Ahead>,
    tls: SocketAddr,
    plain: SocketAddr,
    keeper: Arc<serve::tls::Keeper>,
    tokens: Arc<serve::tls::Tokens>,
    stop: watch::Sender<bool>,
}

impl Site {
    async fn new(challenge: Challenge) -> Self {
        // Says beside a failed test why the authority refused.
        let _ = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_max_level(tracing::Level::WARN)
            .with_test_writer()
            .try_init();
        let dir = tempfile::tempdir().unwrap();
        let mut config =
            Config { data_dir: dir.path().join("data"), listen: local(), http: http(), ..Config::default() };
        config.acme.domains = NAMES.map(str::to_owned).to_vec();
        config.acme.email = Some("admin@health.test".to_owned());
        config.acme.challenge = challenge;
        let clock = Arc::new(Ahead::default());
        let services = instance::open_with(&config, clock.clone()).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let opened = serve::open(&config, &(clock.clone() as Arc<dyn Clock>), &stopped).await.unwrap();
        let redirect = Listener::bind_redirect("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let (tls, plain) = (opened.listener.address().unwrap(), redirect.address().unwrap());
        let to = Origin::parse("https://health.test").unwrap();
        let pages = axum::Router::new().fallback(|| async { "home" });
        let tokens = Arc::clone(&opened.tokens);
        for (listener, router) in
            [(opened.listener, pages), (redirect, redirect_router(to, Arc::clone(&tokens)))]
        {
            let (limits, mut stopped) = (config.http.clone(), stopped.clone());
            tokio::spawn(async move {
                serve(listener, router, &limits, async move { drop(stopped.wait_for(|s| *s).await) }).await;
            });
        }
        let keeper = opened.keeper.unwrap();
        Self { dir, config, services, clock, tls, plain, keeper, tokens, stop }
    }

    /// Starts looking for a certificate.
    fn manage(&self, pebble: &Pebble) -> JoinHandle<()> {
        self.manage_for(pebble, &self.keeper)
    }

    fn manage_for(&self, pebble: &Pebble, keeper: &Arc<serve::tls::Keeper>) -> JoinHandle<()> {
        let mut config = self.config.clone();
        config.acme.directory = format!("https://localhost:{}/dir", pebble.port);
        config.acme.ca_file = Some(pebble.ca_file.clone());
        let (services, clock) = (self.services.clone(), self.clock.clone());
        let manager = Manager::new(&config, services, clock, keeper.clone(), self.tokens.clone(), PACE);
        tokio::spawn(manager.run(self.stop.subscribe()))
    }

    async fn version(&self, name: &str) -> u32 {
        self.services.find_secret(name).await.unwrap().map_or(0, |s| s.version)
    }

    /// Until a certificate other than this one is shown.
    async fn issued(&self, before: Option<&CertificateDer<'_>>) -> CertificateDer<'static> {
        timeout(ISSUED, async {
            loop {
                if let Some(now) = self.keeper.current().map(|c| c.cert[0].clone())
                    && before != Some(&now)
                {
                    return now;
                }
                sleep(PACE.look).await;
            }
        })
        .await
        .expect("no certificate was issued")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

/// The authority and its name server; ended when dropped.
struct Pebble {
    children: [Child; 2],
    port: u16,
    management: u16,
    identity: Identity,
    ca_file: std::path::PathBuf,
}

impl Drop for Pebble {
    fn drop(&mut self) {
        self.end();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn run(program: &str, args: &[&str], variables: &[(&str, &str)]) -> Child {
    let mut command = Command::new(program);
    command.args(args).envs(variables.iter().copied()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap_or_else(|e| panic!("{program}: {e}; run `scripts/deps acme`"))
}

impl Pebble {
    fn end(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Checks names on these ports in the place of 80 and 443.
    async fn start(site: &Site, http_port: u16, tls_port: u16) -> Self {
        for _ in 0..5 {
            // A port that was free a moment ago may be somebody else's by now: then with others.
            if let Some(pebble) = Self::try_start(site, http_port, tls_port).await {
                return pebble;
            }
        }
        panic!("pebble does not listen");
    }

    async fn try_start(site: &Site, http_port: u16, tls_port: u16) -> Option<Self> {
        let (identity, dir) = (Identity::new(), site.dir.path());
        let file = |name: &str, text: &str| {
            std::fs::write(dir.join(name), text).unwrap();
            dir.join(name)
        };
        let (ca_file, key) = (file("pebble.pem", &identity.chain), file("pebble.key", &identity.key));
        let [port, management, dns_management] = [free_port(), free_port(), free_port()];
        let dns = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let settings = serde_json::json!({"pebble": {
            "listenAddress": format!("127.0.0.1:{port}"), "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": ca_file, "privateKey": key, "httpPort": http_port, "tlsPort": tls_port,
            "ocspResponderURL": "", "externalAccountBindingRequired": false}});
        let settings = file("pebble.json", &settings.to_string());
        let names = run(
            "pebble-challtestsrv",
            &[
                "-dns01",
                &dns.to_string(),
                "-management",
                &format!("127.0.0.1:{dns_management}"),
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
                "-defaultIPv6",
                "",
            ],
            &[],
        );
        // Some good nonces are refused: a client has to try again (RFC 8555, 6.5).
        let variables =
            [("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_WFE_NONCEREJECT", "10"), ("PEBBLE_AUTHZREUSE", "0")];
        let arguments = ["-config", settings.to_str().unwrap(), "-strict", "-dnsserver", &dns.to_string()];
        let children = [run("pebble", &arguments, &variables), names];
        let mut pebble = Self { children, port, management, identity, ca_file };
        let listen = timeout(LONG, async {
            for port in [dns_management, management, port] {
                while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                    if pebble.children.iter_mut().any(|child| !matches!(child.try_wait(), Ok(None))) {
                        return false;
                    }
                    sleep(Duration::from_millis(20)).await;
                }
            }
            pebble.children.iter_mut().all(|child| matches!(child.try_wait(), Ok(None)))
        });
        let listens = listen.await.expect("pebble neither listens nor ends");
        if !listens {
            pebble.end();
        }
        listens.then_some(pebble)
    }

    async fn checking(site: &Site) -> Self {
        Self::start(site, site.plain.port(), site.tls.port()).await
    }

    /// Its root, which changes with every start.
    async fn root(&self) -> CertificateDer<'static> {
        let address = SocketAddr::from(([127, 0, 0, 1], self.management));
        let mut stream =
            crate::front::tls(address, Identity::client(&[&self.identity], &["http/1.1"])).await.unwrap();
        stream
            .write_all(b"GET /roots/0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        let answer = crate::front::until_closed(stream).await;
        CertificateDer::from_pem_slice(answer.as_bytes()).unwrap()
    }
}

async fn visit(
    site: &Site,
    name: &str,
    root: CertificateDer<'static>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(root).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(serve::tls::provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(site.tls).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// Certified for every name by the authority's root, and serving.
async fn assert_served(site: &Site, pebble: &Pebble) {
    let root = pebble.root().await;
    for name in NAMES {
        let mut stream = visit(site, name, root.clone()).await.unwrap();
        assert!(session(&stream).peer_certificates().unwrap().len() > 1, "the chain is shown, too");
        stream.write_all(b"GET / HTTP/1.1\r\nHost: health.test\r\n\r\n").await.unwrap();
        let mut answer = [0; 15];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
    }
}

fn skipped() -> bool {
    let skip = std::env::var_os("KEEPWELL_TEST_SKIP_ACME").is_some_and(|v| v == "1");
    if skip {
        eprintln!("skipped: KEEPWELL_TEST_SKIP_ACME=1");
    }
    skip
}

#[tokio::test]
async fn certificate_is_issued_after_a_check_over_port_80() {
    if skipped() {
        return;
    }
    let site = Site::new(Challenge::Http01).await;
    // The TLS port would not be reached.
    let pebble = Pebble::start(&site, site.plain.port(), free_port()).await;
    site.manage(&pebble);
    site.issued(None).await;
    assert_served(&site, &pebble).await;
}

#[tokio::test]
async fn certificate_is_issued_after_a_check_over_tls_and_kept_for_the_next_start() {
    if skipped() {
        return;
    }
    let site = Site::new(Challenge::TlsAlpn01).await;
    let mut pebble = Pebble::start(&site, free_port(), site.tls.port()).await;
    site.manage(&pebble);
    let first = site.issued(None).await;
    assert_served(&site, &pebble).await;
    let stored = site.services.find_secret("acme/certificate").await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&stored.plain).contains("PRIVATE KEY"));
    for entry in std::fs::read_dir(site.dir.path().join("data")).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        assert!(!bytes.windows(11).any(|w| w == b"PRIVATE KEY"), "{:?}", entry.path());
    }
    // Another instance, without a word with the authority.
    let keeper = Arc::default();
    pebble.end();
    site.manage_for(&pebble, &keeper);
    timeout(ISSUED, async {
        while keeper.current().is_none() {
            sleep(PACE.look).await;
        }
    })
    .await
    .unwrap();
    assert_eq!(keeper.current().unwrap().cert[0], first);
    assert_eq!(site.version("acme/certificate").await, 1);
}

#[tokio::test]
async fn of_several_instances_one_orders_and_all_show_the_certificate() {
    if skipped() {
        return;
    }
    let site = Site::new(Challenge::Http01).await;
    let pebble = Pebble::checking(&site).await;
    let others: Vec<Arc<serve::tls::Keeper>> = (0..3).map(|_| Arc::default()).collect();
    for keeper in others.iter().chain([&site.keeper]) {
        site.manage_for(&pebble, keeper);
    }
    let shown = site.issued(None).await;
    timeout(ISSUED, async {
        while others.iter().any(|k| k.current().is_none_or(|c| c.cert[0] != shown)) {
            sleep(PACE.look).await;
        }
    })
    .await
    .unwrap();
    assert_eq!(site.version("acme/certificate").await, 1, "one order");
    assert_eq!(site.version("acme/account").await, 1, "one account");
}

#[tokio::test]
async fn certificate_is_renewed_in_its_last_third_without_dropping_a_connection() {
    if skipped() {
        return;
    }
    let site = Site::new(Challenge::Auto).await;
    let pebble = Pebble::checking(&site).await;
    site.manage(&pebble);
    let first = site.issued(None).await;
    let mut kept = visit(&site, NAMES[0], pebble.root().await).await.unwrap();
    let read = leaf(&first).unwrap();
    sleep(10 * PACE.look).await;
    assert_eq!(site.version("acme/certificate").await, 1, "not before it is time");
    site.clock.0.store((read.until.0 - read.from.0) / 4 * 3, Ordering::SeqCst);
    let second = site.issued(Some(&first)).await;
    assert_eq!(leaf(&second).unwrap().names.len(), NAMES.len());
    kept.write_all(b"GET / HTTP/1.1\r\nHost: health.test\r\n\r\n").await.unwrap();
    kept.read_exact(&mut [0; 15]).await.unwrap();
}

#[tokio::test]
async fn authority_that_cannot_reach_us_is_asked_again_later_and_nothing_else_stops() {
    if skipped() {
        return;
    }
    let site = Site::new(Challenge::Http01).await;
    let pebble = Pebble::start(&site, free_port(), free_port()).await;
    let manager = site.manage(&pebble);
    timeout(ISSUED, async {
        while site.version("acme/tries").await == 0 {
            sleep(PACE.look).await;
        }
    })
    .await
    .expect("the failure was not noted");
    sleep(10 * PACE.look).await;
    assert_eq!(site.version("acme/tries").await, 1, "it was tried again at once");
    assert!(site.keeper.current().is_none());
    let mut plain = TcpStream::connect(site.plain).await.unwrap();
    plain.write_all(b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(crate::front::until_closed(plain).await.starts_with("HTTP/1.1 308 "));
    // Later, and reachable, it goes well.
    manager.abort();
    drop(pebble);
    let pebble = Pebble::checking(&site).await;
    site.clock.0.store(4000 * 1_000_000, Ordering::SeqCst);
    site.manage(&pebble);
    site.issued(None).await;
    assert_served(&site, &pebble).await;
}

#[tokio::test]
async fn validation_protocol_is_answered_for_names_under_check_only() {
    let site = Site::new(Challenge::TlsAlpn01).await;
    let refused = crate::front::tls(site.tls, Identity::client(&[], &["acme-tls/1"])).await;
    assert!(refused.is_err());
    let identity = Identity::new();
    let front = Front::tls(http(), &identity).await;
    assert!(crate::front::tls(front.address, Identity::client(&[&identity], &["acme-tls/1"])).await.is_err());
}
