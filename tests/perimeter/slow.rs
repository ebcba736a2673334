//! Slow clients are dropped; slow lines are not.

use crate::front::{BIG, Front, LONG, SHORT, WIDE, assert_dressed, bytes_until_closed, http, until_closed};
use keepwell::config::Http;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{sleep, timeout},
};

/// A request after which the connection stays.
const AGAIN: &str = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[tokio::test]
async fn headers_that_never_end_are_cut_off_however_many_bytes_come() {
    let front = Front::plain(Http { header_timeout: SHORT, ..http() }).await;
    let (read, mut write) = front.send("GET / HTTP/1.1\r\nHost: localhost\r\n").await.into_split();
    let drip = tokio::spawn(async move {
        while write.write_all(b"X-a: b\r\n").await.is_ok() {
            sleep(SHORT / 8).await;
        }
    });
    assert_eq!(until_closed(read).await, "");
    timeout(LONG, drip).await.unwrap().unwrap();
    assert_eq!(front.seen.count(), 0);
}

#[tokio::test]
async fn silent_connection_is_closed() {
    let front = Front::plain(Http { header_timeout: SHORT, ..http() }).await;
    assert_eq!(until_closed(front.connect().await).await, "");
}

#[tokio::test]
async fn idle_connection_serves_again_within_its_time() {
    let front = Front::plain(Http { header_timeout: Duration::from_secs(2), ..http() }).await;
    let mut stream = front.send(AGAIN).await;
    // Longer than a head may take, shorter than a connection may be idle.
    sleep(Duration::from_secs(6)).await;
    stream.write_all(AGAIN.as_bytes()).await.unwrap();
    let (mut answers, mut part) = (String::new(), [0; 4096]);
    while answers.matches("HTTP/1.1 200 OK").count() < 2 {
        let n = timeout(LONG / 2, stream.read(&mut part)).await.unwrap().unwrap();
        assert!(n > 0, "it was closed after {answers}");
        answers.push_str(&String::from_utf8_lossy(&part[..n]));
    }
}

#[tokio::test]
async fn idle_connection_is_closed_after_its_time() {
    let front = Front::plain(Http { idle: SHORT, ..http() }).await;
    let answers = until_closed(front.send(AGAIN).await).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 1, "{answers}");
}

#[tokio::test]
async fn body_that_stalls_or_drips_is_answered_408_and_closed() {
    let front = Front::plain(Http { body_idle: SHORT, ..http() }).await;
    let head = "POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc";
    let stalled = until_closed(front.send(head).await).await;
    assert!(stalled.starts_with("HTTP/1.1 408 "), "{stalled}");
    assert_dressed(&stalled);

    let (read, mut write) = front.send(head).await.into_split();
    let drip = tokio::spawn(async move {
        while write.write_all(b"x").await.is_ok() {
            sleep(SHORT / 8).await;
        }
    });
    let dripped = until_closed(read).await;
    assert!(dripped.starts_with("HTTP/1.1 408 "), "{dripped}");
    drip.abort();
}

#[tokio::test]
async fn upload_on_a_slow_line_arrives_however_long_it_takes() {
    let front = Front::plain(Http { body_idle: WIDE, header_timeout: WIDE, idle: WIDE, ..http() }).await;
    // Twice the limit in all.
    let (pieces, piece) = (20, vec![b'x'; 8 << 10]);
    let head = format!(
        "POST /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        pieces * piece.len()
    );
    let mut stream = front.send(&head).await;
    for _ in 0..pieces {
        sleep(SHORT).await;
        stream.write_all(&piece).await.unwrap();
    }
    let answer = until_closed(stream).await;
    assert!(answer.ends_with(&format!("took {}", pieces * piece.len())), "{answer}");
}

#[tokio::test]
async fn reader_that_stops_reading_is_dropped() {
    let front = Front::plain(Http { write_idle: SHORT, ..http() }).await;
    let mut stream = front.send("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut some = [0; 1000];
    stream.read_exact(&mut some).await.unwrap();
    sleep(5 * SHORT).await;
    let rest = bytes_until_closed(&mut stream).await;
    assert!(rest.len() < BIG / 2, "all of it was kept for the reader: {}", rest.len());
}

#[tokio::test]
async fn slow_reader_that_keeps_reading_gets_everything() {
    let front = Front::plain(Http { write_idle: WIDE, ..http() }).await;
    let request = "GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut stream = front.send(request).await;
    // Twice the limit in all.
    let mut part = vec![0; BIG / 20];
    for _ in 0..20 {
        sleep(SHORT).await;
        timeout(LONG, stream.read_exact(&mut part)).await.unwrap().unwrap();
    }
    let total = 20 * part.len() + bytes_until_closed(&mut stream).await.len();
    assert!(total > BIG, "{total}");
}

#[tokio::test]
async fn event_stream_may_be_silent_for_longer_than_every_limit() {
    let limits = Http { header_timeout: WIDE, idle: WIDE, write_idle: WIDE, body_idle: WIDE, ..http() };
    let front = Front::plain(limits).await;
    let answer = front.ask("/events").await;
    assert!(answer.contains("data: 0") && answer.contains("data: 2"), "{answer}");
}

#[tokio::test]
async fn headers_too_large_are_answered_431_with_the_headers_of_every_answer() {
    let front = Front::plain(http()).await;
    let request = |n: usize| {
        format!("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Big: {}\r\n\r\n", "x".repeat(n))
    };
    let fits = until_closed(front.send(&request(30 << 10)).await).await;
    assert!(fits.starts_with("HTTP/1.1 200 "), "{fits}");
    let large = until_closed(front.send(&request(33 << 10)).await).await;
    assert!(large.starts_with("HTTP/1.1 431 "), "{large}");
    assert_dressed(&large);
    let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X-a: b\r\n".repeat(200));
    let many = until_closed(front.send(&many).await).await;
    assert!(many.starts_with("HTTP/1.1 431 "), "{many}");
    let garbage = until_closed(front.send("\u{1}\u{2} nonsense\r\n\r\n").await).await;
    assert!(garbage.starts_with("HTTP/1.1 400 "), "{garbage}");
    assert_dressed(&garbage);
}
