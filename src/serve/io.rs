//! A stream whose bytes are counted, and on which HTTP/1 errors of the protocol layer are dressed
//! like every other answer.

use super::pulse::Pulse;
use crate::middleware::headers;
use bytes::{Buf, Bytes};
use http::HeaderMap;
use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

/// See the module.
pub struct Watched<S> {
    inner: S,
    pulse: Arc<Pulse>,
    /// What goes out in place of a bare error, still to be written.
    instead: Bytes,
}

impl<S> Watched<S> {
    /// Watches a stream.
    pub fn new(inner: S, pulse: Arc<Pulse>) -> Self {
        Self { inner, pulse, instead: Bytes::new() }
    }
}

impl<S: AsyncWrite + Unpin> Watched<S> {
    fn flush_instead(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.instead.has_remaining() {
            let n = ready!(Pin::new(&mut self.inner).poll_write(cx, &self.instead))?;
            if n == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.instead.advance(n);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let n = buf.filled().len() - before;
        if n > 0 {
            self.pulse.received(n, Instant::now());
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.flush_instead(cx))?;
        if let Some(dressed) = (self.pulse.is_quiet()).then(|| bare_error(buf)).flatten() {
            self.instead = dressed;
            // The bare error counts as written; the rest of ours goes out before anything else.
            let _ = self.flush_instead(cx)?;
            return Poll::Ready(Ok(buf.len()));
        }
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.flush_instead(cx))?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.flush_instead(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

/// The answer in place of one that the HTTP library makes by itself, which no layer of ours sees:
/// `400`, `414`, `431` and the like, with nothing in it.
fn bare_error(buf: &[u8]) -> Option<Bytes> {
    let text = std::str::from_utf8(buf).ok().filter(|t| t.len() < 256 && t.ends_with("\r\n\r\n"))?;
    let line = text.lines().next().filter(|l| l.starts_with("HTTP/1.1 4"))?;
    if !text.contains("content-length: 0\r\n") {
        return None;
    }
    let mut fields = HeaderMap::new();
    fields.insert(
        http::header::CONTENT_SECURITY_POLICY,
        http::HeaderValue::from_static(headers::DOWNLOAD_POLICY),
    );
    headers::put(&mut fields, "");
    let mut out = format!("{line}\r\nconnection: close\r\ncontent-length: 0\r\n").into_bytes();
    for (name, value) in &fields {
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
    Some(out.into())
}
