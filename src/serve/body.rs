//! Bodies with a clock: a request's that must keep coming, an answer's that must keep being taken.

use super::pulse::Pulse;
use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep};

/// Bytes that must come for each spell of waiting: 270 bytes a second at the default limit. A byte
/// now and then is not an upload.
const STEP: usize = 4 << 10;
/// Pieces in which answers are handed on: what is taken of a larger one would not be seen.
const PIECE: usize = 16 << 10;

/// Says of a request that its body came too slowly.
#[derive(Debug, Clone, Default)]
pub struct Late(Arc<AtomicBool>);

impl Late {
    /// Whether it did.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The body came too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
pub struct TooSlow;

/// A request's body that errs when nothing comes for too long.
pub struct Patient<B> {
    inner: B,
    pulse: Arc<Pulse>,
    late: Late,
    limit: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    /// When the present wait began. Only waiting counts: the reader may take its time.
    since: Option<Instant>,
    waited: Duration,
    got: usize,
}

impl<B> Patient<B> {
    /// Waits at most `limit` for each next bytes.
    pub fn new(inner: B, limit: Duration, pulse: Arc<Pulse>, late: Late) -> Self {
        Self { inner, pulse, late, limit, timer: None, since: None, waited: Duration::ZERO, got: 0 }
    }

    fn count(&mut self, bytes: usize) {
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
        self.got += bytes;
        if self.got >= STEP {
            (self.got, self.waited) = (0, Duration::ZERO);
        }
        self.timer = None;
        self.pulse.useful();
    }

    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let since = *self.since.get_or_insert_with(Instant::now);
        let end = since + self.limit.saturating_sub(self.waited);
        self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(end))).as_mut().poll(cx)
    }
}

impl<B> HttpBody for Patient<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<axum::BoxError>,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            let bytes = frame.as_ref().and_then(|f| f.as_ref().ok()?.data_ref().map(Bytes::len));
            this.count(bytes.unwrap_or(0));
            return Poll::Ready(frame.map(|f| f.map_err(Into::into)));
        }
        ready!(this.wait(cx));
        this.late.0.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(Box::new(TooSlow))))
    }
    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A request under way; ends when dropped.
pub struct Under {
    pulse: Arc<Pulse>,
    /// Whether the answer went out whole.
    done: bool,
}

impl Under {
    /// One more.
    #[must_use]
    pub fn begin(pulse: &Arc<Pulse>) -> Self {
        pulse.begin();
        Self { pulse: Arc::clone(pulse), done: false }
    }
}

impl Drop for Under {
    fn drop(&mut self) {
        self.pulse.end(!self.done, Instant::now());
    }
}

/// An answer's body in small pieces, each of which starts the clock until the next is asked for.
pub struct Pieces {
    inner: Body,
    rest: Bytes,
    handed: Option<u64>,
    under: Under,
}

impl Pieces {
    /// The body of the answer to this request; without one for HEAD.
    #[must_use]
    pub fn new(inner: Body, mut under: Under, is_head: bool) -> Self {
        under.done = is_head || inner.is_end_stream();
        Self { inner, rest: Bytes::new(), handed: None, under }
    }

    fn asked(&mut self) {
        if let Some(id) = self.handed.take() {
            self.under.pulse.asked(id);
        }
    }

    fn hand(&mut self, mut bytes: Bytes) -> Frame<Bytes> {
        self.rest = bytes.split_off(bytes.len().min(PIECE));
        self.handed = Some(self.under.pulse.handed(Instant::now()));
        self.under.done = self.is_end_stream();
        Frame::data(bytes)
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        self.asked();
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        this.asked();
        if !this.rest.is_empty() {
            let rest = std::mem::take(&mut this.rest);
            return Poll::Ready(Some(Ok(this.hand(rest))));
        }
        let frame = ready!(Pin::new(&mut this.inner).poll_frame(cx));
        Poll::Ready(match frame {
            None => {
                this.under.done = true;
                None
            }
            Some(Err(e)) => Some(Err(e)),
            Some(Ok(frame)) => Some(Ok(match frame.into_data() {
                Ok(bytes) => this.hand(bytes),
                Err(other) => other,
            })),
        })
    }
    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        let mut hint = self.inner.size_hint();
        let rest = self.rest.len() as u64;
        let upper = hint.upper().map(|u| u + rest);
        hint.set_lower(hint.lower() + rest);
        if let Some(upper) = upper {
            hint.set_upper(upper);
        }
        hint
    }
}

/// A body that keeps something (a permit, say) until it has gone out.
pub fn keeping<T: Send + 'static>(body: Body, kept: T) -> Body {
    struct Keeping<T>(BodyDataStream, #[allow(dead_code, reason = "held for its drop")] T);
    impl<T: Unpin> Stream for Keeping<T> {
        type Item = Result<Bytes, axum::Error>;
        fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Pin::new(&mut self.0).poll_next(cx)
        }
    }
    Body::from_stream(Keeping(body.into_data_stream(), Box::new(kept)))
}
