//! The security page of a whole instance: with TLS and a mail server every promise is kept.

use crate::{
    front::{Identity, tls, until_closed},
    smtp::Sink,
};
use serde_json::Value;
use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::io::AsyncWriteExt;

/// For everything, further starts included.
const PATIENCE: Duration = Duration::from_secs(240);
/// The first start, and three more.
const STARTS: u32 = 4;

struct Program(Child);

impl Program {
    fn start(settings: &[(&str, String)], address: SocketAddr) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keepwell"));
        command.arg("serve").env_clear().envs(settings.iter().map(|(name, value)| (*name, value)));
        command.env("KEEPWELL_LISTEN", address.to_string());
        command.env("KEEPWELL_PUBLIC_URL", format!("https://localhost:{}", address.port()));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }
    fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

async fn get(address: SocketAddr, identity: &Identity, path: &str) -> Option<String> {
    let mut stream = tls(address, Identity::client(&[identity], &["http/1.1"])).await.ok()?;
    let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.ok()?;
    Some(until_closed(stream).await)
}

/// What was found of one promise.
#[derive(Debug)]
struct Found {
    #[expect(dead_code, reason = "shown when the promise does not hold")]
    claim: String,
    status: String,
    tried: bool,
}

impl Found {
    /// It could not be tried, and would be tried again in an hour only.
    fn is_open(&self) -> bool {
        self.tried && self.status == "unknown"
    }
}

fn claims(answer: &str) -> Option<Vec<Found>> {
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()?;
    let text = |c: &Value, key: &str| c[key].as_str().unwrap_or_default().to_owned();
    let found =
        |c: &Value| Found { claim: text(c, "claim"), status: text(c, "status"), tried: c["at"].is_string() };
    Some(body["claims"].as_array()?.iter().map(found).collect())
}

/// What was found once all was tried, or as far as it came.
async fn tried(
    program: &mut Program,
    address: SocketAddr,
    identity: &Identity,
    until: Instant,
) -> Vec<Found> {
    let mut last = Vec::new();
    while Instant::now() < until && !program.has_ended() {
        let answer = get(address, identity, "/api/v1/security").await;
        last = answer.as_deref().and_then(claims).unwrap_or_default();
        if !last.is_empty() && last.iter().all(|found| found.tried) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    last
}

#[tokio::test]
async fn every_promise_holds_on_an_instance_with_tls_and_a_mail_server() {
    let home = tempfile::tempdir().unwrap();
    let (identity, (sink, ca)) = (Identity::new(), Sink::tls(false).await);
    let file = |name: &str, text: &str| {
        let path = home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let settings = [
        ("KEEPWELL_TLS_CERT", file("chain.pem", &identity.chain)),
        ("KEEPWELL_TLS_KEY", file("key.pem", &identity.key)),
        ("KEEPWELL_MAIL_SMTP_URL", format!("smtps://localhost:{}", sink.address.port())),
        ("KEEPWELL_MAIL_CA_FILE", file("ca.pem", &ca)),
        ("KEEPWELL_MAIL_FROM", "keepwell@health.example".to_owned()),
        ("KEEPWELL_SITE_DIR", home.path().join("site").to_string_lossy().into_owned()),
        ("KEEPWELL_DATA_DIR", home.path().join("data").to_string_lossy().into_owned()),
    ];
    let (until, mut left) = (Instant::now() + PATIENCE, STARTS);
    let (_program, address, last) = loop {
        left -= 1;
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut program = Program::start(&settings, address);
        let last = tried(&mut program, address, &identity, until).await;
        // The port was free a moment ago, but may be somebody else's by now: then with another.
        let again = program.has_ended()
            || last.iter().any(Found::is_open) && last.iter().all(|f| f.is_open() || f.status == "holds");
        if left == 0 || !again {
            break (program, address, last);
        }
    };
    let other: Vec<_> = last.iter().filter(|found| found.status != "holds").collect();
    assert!(!last.is_empty() && other.is_empty(), "of {} claims these do not hold: {other:?}", last.len());
    let page = get(address, &identity, "/security").await.unwrap();
    assert!(page.contains("200 OK") && !page.contains("not verified"));
}
