//! Too much at once is answered early, and no ordinary request works for ever.

use super::waiting::Room;
use crate::serve;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// How much, how long.
#[derive(Clone)]
pub struct Load {
    /// One permit per ordinary request at work.
    pub permits: Arc<Semaphore>,
    /// Where bodies are waited for, before a permit is taken.
    pub room: Room,
    /// Bytes of a body at most.
    pub body: usize,
    /// Until the body is there, and from then until the head of the answer.
    pub time: Duration,
}

/// Layer for uploads, downloads and event streams: as many at once as there are permits, each held
/// until the answer is out. They have a budget of their own, so that sign-in and pages never wait
/// for an export, nor health checks for anything.
pub async fn long(State(permits): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let Ok(permit) = permits.try_acquire_owned() else {
        return busy(10, "Too many files are on their way right now. Please try again in a moment.\n");
    };
    next.run(request).await.map(|body| serve::keeping(body, permit))
}

/// Layer for ordinary requests; health checks, uploads, downloads and event streams stay outside.
pub async fn load(State(load): State<Load>, request: Request, next: Next) -> Response {
    let request = match tokio::time::timeout(load.time, load.room.whole(request, load.body)).await {
        Ok(Ok(request)) => request,
        Ok(Err(refused)) => return refused,
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let Ok(_permit) = load.permits.try_acquire() else {
        return busy(1, "Too much is going on right now. Please try again in a moment.\n");
    };
    match tokio::time::timeout(load.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => busy(5, "This took too long. Please try again.\n"),
    }
}

/// 503, with the time after which to try again in seconds.
pub fn busy(retry_after: u32, text: &'static str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, retry_after.to_string())], text).into_response()
}
