//! Slow clients are dropped; slow lines are not.

use crate::front::{BIG, Front, LONG, SHORT, assert_dressed, bytes_until_closed, http, until_closed};
use keepwell::config::Http;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{sleep, timeout},
};

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
async fn idle_connection_serves_again_within_its_time_and_is_closed_after() {
    let front = Front::plain(Http { header_timeout: SHORT, idle: 10 * SHORT, ..http() }).await;
    let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let mut stream = front.send(request).await;
    // Longer than a head may take, shorter than a connection may be idle.
    sleep(3 * SHORT).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let answers = until_closed(stream).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
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
    let front = Front::plain(Http { body_idle: SHORT, header_timeout: SHORT, idle: SHORT, ..http() }).await;
    let (pieces, piece) = (20, vec![b'x'; 8 << 10]);
    let head = format!(
        "POST /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        pieces * piece.len()
    );
    let mut stream = front.send(&head).await;
    for _ in 0..pieces {
        sleep(SHORT / 4).await;
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
    let front = Front::plain(Http { write_idle: 3 * SHORT, ..http() }).await;
    let request = "GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut stream = front.send(request).await;
    let (mut total, mut part) = (0, vec![0; 1 << 20]);
    loop {
        let n = timeout(LONG, stream.read(&mut part)).await.unwrap().unwrap();
        if n == 0 {
            break;
        }
        total += n;
        sleep(Duration::from_millis(5)).await;
    }
    assert!(total > BIG, "{total}");
}

#[tokio::test]
async fn event_stream_may_be_silent_for_longer_than_every_limit() {
    let limits = Http { header_timeout: SHORT, idle: SHORT, write_idle: SHORT, body_idle: SHORT, ..http() };
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
