//! One connection: HTTP/1.1 or HTTP/2, held to its limits.

use super::{
    body::{Late, Patient, Pieces, Under},
    io::Watched,
    pulse::{Look, Pulse},
};
use crate::middleware::client::Peer;
use axum::{Router, body::Body, extract::Request};
use http::{Method, Response};
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::{Service, service_fn},
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
    time::{Instant, sleep_until},
};

/// Bytes of all headers of one request.
const HEADER_BYTES: usize = 32 << 10;
/// Headers of one request.
const HEADERS: usize = 96;
/// Bytes buffered for an HTTP/1 connection in each direction.
const BUFFER: usize = 64 << 10;
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 64;
/// Bytes of an answer that wait for the window of its stream.
const SEND_BUFFER: usize = 32 << 10;
/// Bytes of request bodies that may wait to be read: of one, and of all on a connection.
const WINDOWS: (u32, u32) = (512 << 10, 1 << 20);
/// Streams that were reset before they were looked at, and by our side: more are a flood.
const RESETS: (usize, usize) = (20, 128);
/// HTTP/2: how often a silent peer is asked whether it lives, and how long it may take.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(15));

/// How the request came; in its extensions.
#[derive(Debug, Clone, Copy)]
pub struct Secure(pub bool);

/// What a connection is served with.
#[derive(Clone)]
pub struct Served {
    /// Answers.
    pub app: Router,
    /// Who is at the other end.
    pub peer: Peer,
    /// Whether TLS lies below.
    pub secure: bool,
    /// Time for the next bytes of a body.
    pub body_idle: Duration,
    /// What it is doing.
    pub pulse: Arc<Pulse>,
    /// Becomes true when the server stops.
    pub stop: watch::Receiver<bool>,
}

/// Serves a connection until it ends.
pub async fn converse<S>(stream: S, multiplexed: bool, served: Served)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    served.pulse.ready(multiplexed, Instant::now());
    let io = TokioIo::new(Watched::new(stream, Arc::clone(&served.pulse)));
    let (pulse, stop) = (Arc::clone(&served.pulse), served.stop.clone());
    let service = service_fn(move |request| answer(request, &served));
    if multiplexed {
        hold(second().serve_connection(io, service), &pulse, stop).await;
    } else {
        hold(first().serve_connection(io, service), &pulse, stop).await;
    }
}

fn first() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        // Ours knows a silent connection from a half-sent head.
        .header_read_timeout(None)
        .max_headers(HEADERS)
        .max_header_size(HEADER_BYTES)
        .max_buf_size(BUFFER)
        .writev(false);
    builder
}

fn second() -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        // Bounds CONTINUATION frames as well: the library counts them against this size.
        .max_header_list_size(u32::try_from(HEADER_BYTES).unwrap_or(u32::MAX))
        .max_send_buf_size(SEND_BUFFER)
        .initial_stream_window_size(WINDOWS.0)
        .initial_connection_window_size(WINDOWS.1)
        .max_pending_accept_reset_streams(RESETS.0)
        .max_local_error_reset_streams(RESETS.1)
        .keep_alive_interval(PING.0)
        .keep_alive_timeout(PING.1);
    builder
}

fn answer(
    request: hyper::Request<Incoming>,
    served: &Served,
) -> impl Future<Output = Result<Response<Pieces>, Infallible>> + use<> {
    let under = Under::begin(&served.pulse);
    let late = Late::default();
    let (pulse, idle) = (Arc::clone(&served.pulse), served.body_idle);
    let mut request: Request =
        request.map(|b| Body::new(Patient::new(b, idle, Arc::clone(&pulse), late.clone())));
    let extensions = request.extensions_mut();
    extensions.insert(served.peer);
    extensions.insert(Secure(served.secure));
    extensions.insert(late);
    let is_head = request.method() == Method::HEAD;
    let mut app = served.app.clone();
    async move {
        let response = tower::Service::call(&mut app, request).await?;
        Ok(response.map(|body| Pieces::new(body, under, is_head)))
    }
}

/// What both versions of HTTP can do.
trait Talk: Future<Output = hyper::Result<()>> {
    /// Take no more requests.
    fn finish(self: Pin<&mut Self>);
}

impl<I, S> Talk for http1::Connection<I, S>
where
    Self: Future<Output = hyper::Result<()>>,
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    S: Service<hyper::Request<Incoming>, Response = Response<Pieces>, Error = Infallible>,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<I, S> Talk for http2::Connection<I, S, TokioExecutor>
where
    Self: Future<Output = hyper::Result<()>>,
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    S: Service<hyper::Request<Incoming>, Response = Response<Pieces>, Error = Infallible>,
    S::Future: Send + 'static,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

/// Drives a connection, and ends it when its pulse says so.
async fn hold(connection: impl Talk, pulse: &Pulse, mut stop: watch::Receiver<bool>) {
    let mut connection = pin!(connection);
    let mut stopped = pin!(stop.wait_for(|s| *s));
    let mut timer = pin!(sleep_until(Instant::now()));
    let mut stopping = false;
    poll_fn(|cx| {
        pulse.watch(cx.waker());
        if !stopping && stopped.as_mut().poll(cx).is_ready() {
            stopping = true;
            connection.as_mut().finish();
            pulse.ending(Instant::now());
        }
        loop {
            if let Poll::Ready(ended) = connection.as_mut().poll(cx) {
                if let Err(e) = ended {
                    tracing::trace!(timeout = e.is_timeout(), "a connection ended early");
                }
                return Poll::Ready(());
            }
            let (end, gently) = match pulse.look() {
                Look::Free => return Poll::Pending,
                Look::Flood => {
                    tracing::debug!("ended a connection that floods");
                    return Poll::Ready(());
                }
                Look::Until(end, gently) => (end, gently),
            };
            if end <= Instant::now() {
                if !gently {
                    return Poll::Ready(());
                }
                connection.as_mut().finish();
                pulse.ending(Instant::now());
                continue;
            }
            // A timer that fires early looks again: it is set anew only when it must.
            if timer.deadline() > end || timer.is_elapsed() {
                timer.as_mut().reset(end);
            }
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    })
    .await;
}
