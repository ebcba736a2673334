//! Puts the long pieces of a page in their places as it goes out, see [`keepwell_app::ssr::aside`].

use super::frame::PageNonce;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::StatusCode;
use http_body::{Body as HttpBody, Frame, SizeHint};
use keepwell_app::ssr::aside::Aside;
use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

/// Longest page around its pieces.
const MOST: usize = 16 << 20;

/// Layer: see the module. Pages are drawn to their end before anything goes out, so nothing waits
/// here that would not have waited before.
pub async fn aside(mut request: Request, next: Next) -> Response {
    let Some(PageNonce(nonce)) = request.extensions().get::<PageNonce>().cloned() else {
        return next.run(request).await;
    };
    let aside = Aside::new(&nonce);
    request.extensions_mut().insert(aside.clone());
    let response = next.run(request).await;
    let pieces = aside.take();
    if pieces.is_empty() {
        return response;
    }
    let (parts, body) = response.into_parts();
    match to_bytes(body, MOST).await {
        Ok(page) => Response::from_parts(parts, Body::new(Joined::new(&aside, page, &pieces))),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A page in parts, of a length that is known.
struct Joined {
    parts: VecDeque<Bytes>,
    left: u64,
}

impl Joined {
    fn new(aside: &Aside, mut page: Bytes, pieces: &[Arc<str>]) -> Self {
        let mut parts = VecDeque::new();
        while let Some((from, to, number)) = aside.find(&page) {
            parts.push_back(page.split_to(from));
            let _mark = page.split_to(to - from);
            if let Some(piece) = pieces.get(number) {
                parts.push_back(Bytes::from_owner(Text(Arc::clone(piece))));
            }
        }
        parts.push_back(page);
        parts.retain(|p| !p.is_empty());
        let left = parts.iter().map(|p| p.len() as u64).sum();
        Self { parts, left }
    }
}

struct Text(Arc<str>);

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl HttpBody for Joined {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let part = self.parts.pop_front();
        if let Some(part) = &part {
            self.left -= part.len() as u64;
        }
        Poll::Ready(part.map(|p| Ok(Frame::data(p))))
    }
    fn is_end_stream(&self) -> bool {
        self.parts.is_empty()
    }
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    async fn joined(page: &str, pieces: &[&str]) -> (u64, String) {
        let pieces: Vec<Arc<str>> = pieces.iter().map(|p| Arc::from(*p)).collect();
        let body = Joined::new(&Aside::new("n"), Bytes::copy_from_slice(page.as_bytes()), &pieces);
        let length = body.size_hint().exact().unwrap();
        let bytes = to_bytes(Body::new(body), 1 << 20).await.unwrap();
        (length, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn each_piece_stands_where_its_mark_stood() {
        for (page, pieces, whole) in [
            ("<ul><!--aside:n:0--></ul>", &["<li>a</li>"][..], "<ul><li>a</li></ul>"),
            ("<!--aside:n:1-->-<!--aside:n:0-->", &["a", "b"], "b-a"),
            // A mark in a piece is only text.
            ("<!--aside:n:0-->", &["<!--aside:n:0-->"], "<!--aside:n:0-->"),
            // Drawn twice, the first drawing thrown away.
            ("x<!--aside:n:1-->y", &["old", "new"], "xnewy"),
            ("no mark", &["a"], "no mark"),
            ("x<!--aside:n:7-->y", &["a"], "xy"),
            ("<!--aside:other:0-->", &["a"], "<!--aside:other:0-->"),
        ] {
            assert_eq!(joined(page, pieces).await, (whole.len() as u64, whole.to_owned()), "{page}");
        }
    }
}
