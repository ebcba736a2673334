//! Spec 3.4: writes from elsewhere are refused before their body is read.

use crate::support::{PASSWORD, TestApp};
use serde_json::json;
use std::io::{Read, Write};

#[tokio::test]
async fn writes_with_a_cookie_need_our_own_origin() {
    let app = TestApp::start().await;
    let token = app.person("x@example.org").await;
    let own = app.origin();
    let port = app.address.port();
    for (origin, site, passes) in [
        (Some(own.as_str()), None, true),
        (Some(own.as_str()), Some("same-origin"), true),
        (Some(own.as_str()), Some("cross-site"), false),
        (Some(own.as_str()), Some("same-site"), false),
        (None, None, false),
        (None, Some("same-origin"), false),
        (Some("null"), None, false),
        (Some("null"), Some("cross-site"), false),
        (Some("https://evil.example"), None, false),
        (Some(&*format!("https://127.0.0.1:{port}")), None, false),
        (Some(&*format!("http://localhost:{port}")), None, false),
        (Some("http://127.0.0.1:1"), None, false),
    ] {
        for (method, path) in [
            ("POST", "/api/v1/logout"),
            ("DELETE", "/api/v1/me"),
            ("PATCH", "/api/v1/uploads/x"),
            ("PUT", "/api/v1/me"),
            ("POST", "/fn/sign_out"),
            ("POST", "/login"),
            ("POST", "/documents/upload"),
            ("POST", "/nowhere"),
        ] {
            if passes && ["/api/v1/logout", "/fn/sign_out"].contains(&path) {
                continue;
            }
            let mut call = app.call(method, path).cookie(&token);
            if let Some(origin) = origin {
                call = call.header("origin", origin);
            }
            if let Some(site) = site {
                call = call.header("sec-fetch-site", site);
            }
            let status = call.send().await.status;
            assert_eq!(status != 403, passes, "{method} {path} from {origin:?} {site:?}: {status}");
        }
    }
    assert_eq!(
        app.call("GET", "/api/v1/me").cookie(&token).send().await.status,
        200,
        "the session still lives"
    );
}

#[tokio::test]
async fn bearer_token_is_exempt_only_without_a_cookie() {
    let app = TestApp::start().await;
    let token = app.person("x@example.org").await;
    let form = json!({"kind": "note", "name": "n", "note": "t", "date": "2024-01-01"});
    let with_cookie =
        app.call("POST", "/api/v1/records").bearer(&token).cookie(&token).json(&form).send().await;
    with_cookie.problem(403);
    let bare = app.call("POST", "/api/v1/records").bearer(&token).json(&form).send().await;
    assert_eq!(bare.status, 201, "{}", bare.text());
}

#[tokio::test]
async fn refusal_does_not_wait_for_the_body() {
    let app = TestApp::start().await;
    let address = app.address;
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
        write!(stream, "POST /api/v1/login HTTP/1.1\r\nHost: {address}\r\nContent-Length: 1000\r\n\r\n")
            .unwrap();
        let mut buf = [0; 64];
        let n = stream.read(&mut buf).unwrap();
        String::from_utf8_lossy(&buf[..n]).into_owned()
    });
    assert!(answer.await.unwrap().starts_with("HTTP/1.1 403"));
}

#[tokio::test]
async fn public_address_counts_as_ours() {
    let app =
        TestApp::with(|c| c.public_url = keepwell::config::Origin::parse("https://health.example")).await;
    let login = json!({"email": "p@example.org", "password": PASSWORD});
    let send = |origin: &str| app.call("POST", "/api/v1/signup").header("origin", origin).json(&login);
    assert_eq!(send("https://other.example").send().await.status, 403);
    assert_eq!(send("https://health.example").send().await.status, 201);
}
