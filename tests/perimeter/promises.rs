//! The security page of a whole instance: with TLS and a mail server every promise is kept.

use crate::{
    front::{Identity, LONG, tls, until_closed},
    smtp::Sink,
};
use serde_json::Value;
use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::io::AsyncWriteExt;

struct Program(Child);

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

fn claims(answer: &str) -> Option<Vec<(String, String)>> {
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()?;
    let text = |c: &Value, key: &str| c[key].as_str().unwrap_or_default().to_owned();
    Some(body["claims"].as_array()?.iter().map(|c| (text(c, "claim"), text(c, "status"))).collect())
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
    // Free a moment ago; nobody else is given the same port so soon.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = [
        ("KEEPWELL_LISTEN", free.to_string()),
        ("KEEPWELL_PUBLIC_URL", format!("https://localhost:{}", free.port())),
        ("KEEPWELL_TLS_CERT", file("chain.pem", &identity.chain)),
        ("KEEPWELL_TLS_KEY", file("key.pem", &identity.key)),
        ("KEEPWELL_MAIL_SMTP_URL", format!("smtps://localhost:{}", sink.address.port())),
        ("KEEPWELL_MAIL_CA_FILE", file("ca.pem", &ca)),
        ("KEEPWELL_MAIL_FROM", "keepwell@health.example".to_owned()),
        ("KEEPWELL_SITE_DIR", home.path().join("site").to_string_lossy().into_owned()),
        ("KEEPWELL_DATA_DIR", home.path().join("data").to_string_lossy().into_owned()),
    ];
    let mut command = Command::new(env!("CARGO_BIN_EXE_keepwell"));
    command.arg("serve").env_clear().envs(settings);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _program = Program(command.spawn().unwrap());

    let (began, mut last) = (Instant::now(), Vec::new());
    while began.elapsed() < LONG {
        let answer = get(free, &identity, "/api/v1/security").await;
        last = answer.as_deref().and_then(claims).unwrap_or_default();
        if !last.is_empty() && last.iter().all(|(_, status)| status == "holds") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let other: Vec<_> = last.iter().filter(|(_, status)| status != "holds").collect();
    assert!(!last.is_empty() && other.is_empty(), "of {} claims these do not hold: {other:?}", last.len());
    let page = get(free, &identity, "/security").await.unwrap();
    assert!(page.contains("200 OK") && !page.contains("not verified"));
}
