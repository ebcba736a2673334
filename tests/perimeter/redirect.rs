//! Port 80.

use crate::front::{assert_dressed, http, until_closed};
use keepwell::{
    config::Origin,
    serve::{Listener, redirect_router, serve, tls::Tokens},
};
use std::{net::SocketAddr, sync::Arc};
use tokio::{io::AsyncWriteExt, net::TcpStream};

async fn ask(request: &str) -> String {
    let listener = Listener::bind_redirect(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.address().unwrap();
    let tokens = Arc::new(Tokens::default());
    tokens.set([("abc".to_owned(), "abc.thumb".to_owned())].into());
    let router = redirect_router(Origin::parse("https://health.example").unwrap(), tokens);
    tokio::spawn(async move { serve(listener, router, &http(), std::future::pending()).await });
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{request}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    until_closed(stream).await
}

#[tokio::test]
async fn pages_are_sent_to_the_set_host_and_never_to_the_one_that_was_named() {
    for method in ["GET", "HEAD"] {
        let answer = ask(&format!("{method} /markers?q=1 HTTP/1.1\r\nHost: evil.example")).await;
        assert!(answer.starts_with("HTTP/1.1 308 "), "{answer}");
        assert!(answer.contains("location: https://health.example/markers?q=1\r\n"), "{answer}");
        assert_dressed(&answer);
        assert!(!answer.to_ascii_lowercase().contains("strict-transport-security"), "{answer}");
    }
    let absolute = ask("GET http://evil.example//evil.example/x HTTP/1.1\r\nHost: evil.example").await;
    assert!(absolute.contains("location: https://health.example//evil.example/x\r\n"), "{absolute}");
}

#[tokio::test]
async fn nothing_is_taken_in() {
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        // The body never comes: whoever waited for it would hang.
        let answer = ask(&format!("{method} /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000")).await;
        assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
        assert!(!answer.contains("\r\nlocation:"));
    }
    let api = ask("GET /api/v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x").await;
    assert!(api.starts_with("HTTP/1.1 403 "), "{api}");
}

#[tokio::test]
async fn authority_finds_its_token_and_nobody_another() {
    let answer = ask("GET /.well-known/acme-challenge/abc HTTP/1.1\r\nHost: a").await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\nabc.thumb"), "{answer}");
    for other in ["", "abd", "../abc", "abc/"] {
        let answer = ask(&format!("GET /.well-known/acme-challenge/{other} HTTP/1.1\r\nHost: a")).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{other}: {answer}");
    }
}
