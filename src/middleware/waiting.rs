//! Where ordinary requests wait for their bodies, before they take up anything else.
//!
//! A body that trickles in must not hold what others need to be answered. The room is small; when it
//! is full, whoever has waited longest leaves. A sign-in is through it within a moment, however many
//! thousands of bodies trickle.

use super::load::busy;
use axum::{body::Body, extract::Request, response::Response};
use http::{StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// Requests that may wait for their bodies at once.
const PLACES: usize = 256;

/// See the module.
#[derive(Clone, Default)]
pub struct Room(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    next: u64,
    /// By age.
    waiting: BTreeMap<u64, Arc<Notify>>,
}

struct Place {
    room: Room,
    number: u64,
    leave: Arc<Notify>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.inside().waiting.remove(&self.number);
    }
}

impl Room {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self) -> Place {
        let mut inside = self.inside();
        if inside.waiting.len() >= PLACES
            && let Some((_, oldest)) = inside.waiting.pop_first()
        {
            oldest.notify_one();
        }
        inside.next += 1;
        let (number, leave) = (inside.next, Arc::new(Notify::new()));
        inside.waiting.insert(number, Arc::clone(&leave));
        Place { room: self.clone(), number, leave }
    }

    /// The request with its whole body, of at most `limit` bytes.
    ///
    /// # Errors
    /// The answer, when the body does not come or is too large.
    pub async fn whole(&self, request: Request, limit: usize) -> Result<Request, Response> {
        let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok());
        let declared = declared.and_then(|v| v.parse::<usize>().ok());
        if http_body::Body::is_end_stream(request.body()) || declared.is_some_and(|n| n > limit) {
            // Nothing to wait for, or refused by its length without a look at it.
            return Ok(request);
        }
        let (parts, body) = request.into_parts();
        let place = self.enter();
        let collected = tokio::select! {
            collected = Limited::new(body, limit).collect() => collected,
            () = place.leave.notified() => {
                return Err(busy(5, "Too many requests are still on their way. Please try again in a moment.\n"));
            }
        };
        match collected {
            Ok(whole) => Ok(Request::from_parts(parts, Body::from(whole.to_bytes()))),
            Err(e) if e.is::<LengthLimitError>() => Err(bare(StatusCode::PAYLOAD_TOO_LARGE)),
            Err(_) => Err(bare(StatusCode::BAD_REQUEST)),
        }
    }
}

fn bare(status: StatusCode) -> Response {
    axum::response::IntoResponse::into_response(status)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use bytes::Bytes;

    fn post(body: Body) -> Request {
        Request::post("/").body(body).unwrap()
    }
    fn never() -> Request {
        post(Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>()))
    }

    #[tokio::test]
    async fn whoever_has_waited_longest_leaves_a_full_room() {
        let room = Room::default();
        let mut waiting: Vec<_> = (0..PLACES)
            .map(|_| {
                let room = room.clone();
                tokio::spawn(async move { room.whole(never(), 10).await.map(|_| ()) })
            })
            .collect();
        while room.inside().waiting.len() < PLACES {
            tokio::task::yield_now().await;
        }
        let through = room.whole(post(Body::from("hello")), 10).await.unwrap();
        assert_eq!(axum::body::to_bytes(through.into_body(), 10).await.unwrap(), "hello");
        let left = waiting.remove(0).await.unwrap().unwrap_err();
        assert_eq!(left.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(left.headers().contains_key(header::RETRY_AFTER));
        assert_eq!(room.inside().waiting.len(), PLACES - 1);
        waiting.iter().for_each(tokio::task::JoinHandle::abort);
        for one in waiting {
            let _ = one.await;
        }
        assert!(room.inside().waiting.is_empty());
    }

    #[tokio::test]
    async fn too_much_is_refused_and_nothing_waits_for_nothing() {
        let room = Room::default();
        let refused = room.whole(post(Body::from("hello world")), 10).await.unwrap_err();
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
        let mut declared = never();
        declared.headers_mut().insert(header::CONTENT_LENGTH, 11.into());
        assert!(room.whole(declared, 10).await.is_ok(), "left to the limit behind it");
        assert!(room.whole(post(Body::empty()), 10).await.is_ok());
    }
}
