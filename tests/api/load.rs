//! Shedding: each class has a budget of its own.

use crate::support::{TestApp, fhir};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A request whose body never comes whole.
async fn half(app: &TestApp, path: &str, more: &str) -> TcpStream {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nContent-Length: 1000\r\n{more}\r\n--B\r\n",
        app.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn bodies_that_trickle_in_hold_nobody_up() {
    let app = TestApp::with(|c| c.http.requests = 1).await;
    let mut slow = Vec::new();
    for _ in 0..20 {
        slow.push(half(&app, "/api/v1/login", "Content-Type: application/json\r\n").await);
    }
    // Whether they have arrived yet or not: a sign-up passes them.
    for n in 0..3 {
        app.person(&format!("p{n}@example.org")).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn full_budget_of_uploads_is_answered_503_and_pages_go_on() {
    let app = TestApp::with(|c| c.http.long_requests = 1).await;
    let token = app.person("p@example.org").await;
    let more = format!("Authorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=B\r\n");
    let held = half(&app, "/api/v1/documents", &more).await;
    let upload = || app.call("POST", "/api/v1/documents").bearer(&token).file("a.json", &fhir());
    let refused = loop {
        let answer = upload().send().await;
        if answer.status == 503 {
            break answer;
        }
        assert!([200, 202].contains(&answer.status), "{}", answer.text());
    };
    refused.problem(503);
    assert_eq!((refused.header("retry-after"), refused.header("x-frame-options")), ("10", "DENY"));
    for path in ["/healthz", "/api/v1/me", "/markers"] {
        let call = app.call("GET", path).bearer(&token).cookie(&token);
        assert_eq!(call.send().await.status, 200, "{path}");
    }
    // Whoever is not signed in holds nothing.
    drop(held);
    let mut stranger =
        half(&app, "/api/v1/documents", "Content-Type: multipart/form-data; boundary=B\r\n").await;
    let mut answer = [0; 12];
    stranger.read_exact(&mut answer).await.unwrap();
    while !matches!(&answer, b"HTTP/1.1 401") {
        // The one before has not been noticed to be gone yet.
        assert_eq!(&answer, b"HTTP/1.1 503");
        stranger = half(&app, "/api/v1/documents", "Content-Type: multipart/form-data; boundary=B\r\n").await;
        stranger.read_exact(&mut answer).await.unwrap();
    }
    while upload().send().await.status == 503 {
        tokio::task::yield_now().await;
    }
}
