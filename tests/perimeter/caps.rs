//! Too many connections.

use crate::front::{Front, assert_dressed, http, until_closed};
use keepwell::config::Http;
use tokio::{io::AsyncWriteExt, net::TcpStream};

const HANG: &str = "GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Connections with a request under way.
async fn at_work(front: &Front, n: usize) -> Vec<TcpStream> {
    let before = front.seen.count();
    let mut all = Vec::new();
    for _ in 0..n {
        all.push(front.send(HANG).await);
    }
    while front.seen.count() < before + n {
        tokio::task::yield_now().await;
    }
    all
}

#[tokio::test]
async fn one_address_gets_503_beyond_its_connections_and_others_are_served() {
    let front = Front::plain(Http { connections_per_address: 3, ..http() }).await;
    let busy = at_work(&front, 3).await;
    let refused = front.ask("/").await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(refused.to_ascii_lowercase().contains("retry-after: 5"), "{refused}");
    assert_dressed(&refused);

    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = socket.connect(front.address).await.unwrap();
    other.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(until_closed(other).await.starts_with("HTTP/1.1 200 "));

    drop(busy);
    while !front.ask("/").await.starts_with("HTTP/1.1 200 ") {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn total_is_capped_too() {
    let front = Front::plain(Http { connections: 2, ..http() }).await;
    let _busy = at_work(&front, 2).await;
    assert!(front.ask("/").await.starts_with("HTTP/1.1 503 "));
}

#[tokio::test]
async fn silent_connections_make_room_for_those_who_ask() {
    let front = Front::plain(Http { connections: 8, connections_per_address: 4, ..http() }).await;
    let mut silent = Vec::new();
    for n in 0..20 {
        silent.push(front.send(if n % 2 == 0 { "" } else { "GET / HTTP/1.1\r\nX: " }).await);
    }
    for _ in 0..5 {
        assert!(front.ask("/").await.starts_with("HTTP/1.1 200 "));
    }
    assert_eq!(until_closed(silent.remove(0)).await, "", "the oldest had to leave");
}
