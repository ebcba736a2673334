//! HTTP/2: served, and its floods bounded. Frames are written by hand (RFC 9113).

use crate::front::{Front, Identity, LONG, SHORT, bytes_until_closed, http, tls};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use keepwell::config::Http;
use tokio::{
    io::{AsyncWriteExt, ReadHalf, WriteHalf},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::client::TlsStream;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// `GET path` of https://localhost in HPACK (RFC 7541).
fn get(path: &str) -> Vec<u8> {
    let mut block = vec![0x82, 0x87, 0x04, u8::try_from(path.len()).unwrap()];
    block.extend_from_slice(path.as_bytes());
    block.extend_from_slice(b"\x41\x09localhost");
    block
}

type Halves = (ReadHalf<TlsStream<TcpStream>>, WriteHalf<TlsStream<TcpStream>>);

async fn open(front: &Front, identity: &Identity, settings: &[u8]) -> Halves {
    let stream = tls(front.address, Identity::client(&[identity], &["h2"])).await.unwrap();
    let (read, mut write) = tokio::io::split(stream);
    write.write_all(PREFACE).await.unwrap();
    write.write_all(&frame(SETTINGS, 0, 0, settings)).await.unwrap();
    (read, write)
}

/// Writes until the server hangs up, or all of `n` frames; how many were taken.
async fn flood(
    front: &Front,
    identity: &Identity,
    first: &[u8],
    mut nth: impl FnMut(u32) -> Vec<u8>,
    n: u32,
) -> u32 {
    let (mut read, mut write) = open(front, identity, &[]).await;
    write.write_all(first).await.unwrap();
    let reading = tokio::spawn(async move { bytes_until_closed(&mut read).await.len() });
    let mut taken = 0;
    while taken < n && timeout(LONG, write.write_all(&nth(taken))).await.unwrap().is_ok() {
        taken += 1;
    }
    let _ = write.flush().await;
    timeout(LONG, reading).await.expect("the connection was not closed").unwrap();
    taken
}

async fn still_serves(front: &Front, identity: &Identity) {
    let stream = tls(front.address, Identity::client(&[identity], &["h2"])).await.unwrap();
    assert_eq!(crate::front::session(&stream).alpn_protocol(), Some(&b"h2"[..]));
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    for _ in 0..3 {
        let request = http::Request::get("https://localhost/").body(Empty::<Bytes>::new()).unwrap();
        let answer = sender.send_request(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["x-frame-options"], "DENY");
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "home");
    }
}

#[tokio::test]
async fn pages_come_over_http_2() {
    let identity = Identity::new();
    let front = Front::tls(http(), &identity).await;
    still_serves(&front, &identity).await;
}

#[tokio::test]
async fn rapid_reset_ends_the_connection_after_a_bounded_number_of_requests() {
    let identity = Identity::new();
    let front = Front::tls(http(), &identity).await;
    let cancel = 8u32.to_be_bytes();
    let pair = |n: u32| {
        let stream = 2 * n + 1;
        let mut both = frame(HEADERS, END_STREAM | END_HEADERS, stream, &get("/hang"));
        both.extend_from_slice(&frame(RESET, 0, stream, &cancel));
        both
    };
    flood(&front, &identity, &[], pair, 50_000).await;
    assert!(front.seen.count() < 1000, "{} requests were worked on", front.seen.count());
    still_serves(&front, &identity).await;
}

#[tokio::test]
async fn requests_given_up_one_by_one_end_the_connection_too() {
    let identity = Identity::new();
    let front = Front::tls(http(), &identity).await;
    let cancel = 8u32.to_be_bytes();
    let (mut read, mut write) = open(&front, &identity, &[]).await;
    let reading = tokio::spawn(async move { bytes_until_closed(&mut read).await });
    // Each one is let in before it is given up, so that the library counts nothing.
    for n in 0..1000 {
        let (stream, before) = (2 * n + 1, front.seen.count());
        let sent = write.write_all(&frame(HEADERS, END_STREAM | END_HEADERS, stream, &get("/hang"))).await;
        if sent.is_err() || reading.is_finished() {
            break;
        }
        while front.seen.count() == before && !reading.is_finished() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        if write.write_all(&frame(RESET, 0, stream, &cancel)).await.is_err() {
            break;
        }
    }
    timeout(LONG, reading).await.expect("the connection was not closed").unwrap();
    assert!(front.seen.count() < 200, "{}", front.seen.count());
}

#[tokio::test]
async fn continuation_flood_is_cut_off() {
    let identity = Identity::new();
    let front = Front::tls(http(), &identity).await;
    let first = frame(HEADERS, END_STREAM, 1, &get("/"));
    // Literal headers without indexing.
    let more = b"\x00\x03x-a\x7f\x01".iter().copied().chain([b'x'; 128]).collect::<Vec<_>>().repeat(100);
    let taken = flood(&front, &identity, &first, |_| frame(CONTINUATION, 0, 1, &more), 20_000).await;
    assert!(taken < 20_000, "everything was swallowed");
    // Empty ones need no memory, only patience.
    let taken = flood(&front, &identity, &first, |_| frame(CONTINUATION, 0, 1, &[]), 2_000_000).await;
    assert!(taken < 2_000_000, "everything was swallowed");
    assert_eq!(front.seen.count(), 0);
    still_serves(&front, &identity).await;
}

#[tokio::test]
async fn ping_and_settings_floods_are_cut_off() {
    let identity = Identity::new();
    let front = Front::tls(http(), &identity).await;
    for kind in [PING, SETTINGS] {
        let one = frame(kind, 0, 0, if kind == PING { &[7; 8] } else { &[] });
        let many = one.repeat(1000);
        let taken = flood(&front, &identity, &[], |_| many.clone(), 10_000).await;
        assert!(taken < 10_000, "everything was swallowed");
    }
    still_serves(&front, &identity).await;
}

#[tokio::test]
async fn reader_that_opens_no_window_is_dropped() {
    let identity = Identity::new();
    let front = Front::tls(Http { write_idle: SHORT, idle: SHORT, ..http() }, &identity).await;
    for path in ["/big", "/"] {
        // SETTINGS_INITIAL_WINDOW_SIZE = 0
        let (mut read, mut write) = open(&front, &identity, &[0, 4, 0, 0, 0, 0]).await;
        write.write_all(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &get(path))).await.unwrap();
        let got = bytes_until_closed(&mut read).await;
        assert!(got.len() < 10_000);
    }
}

#[tokio::test]
async fn idle_connection_is_told_to_go() {
    let identity = Identity::new();
    let front = Front::tls(Http { idle: SHORT, ..http() }, &identity).await;
    let (mut read, mut write) = open(&front, &identity, &[]).await;
    write.write_all(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &get("/"))).await.unwrap();
    let got = bytes_until_closed(&mut read).await;
    let mut rest = &got[..];
    let mut kinds = Vec::new();
    while let [a, b, c, kind, _, _, _, _, _, more @ ..] = rest {
        kinds.push(*kind);
        rest = more.get(u32::from_be_bytes([0, *a, *b, *c]) as usize..).unwrap_or_default();
    }
    assert!(kinds.contains(&7), "no GOAWAY among {kinds:?}");
}
