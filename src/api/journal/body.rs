//! Bodies of the journal: read whole, never more than their limit, and only where they keep coming.

use crate::problem::Problem;
use axum::body::Body;
use futures::StreamExt;
use http::{HeaderMap, StatusCode, header};
use keepwell_journal::sync::wire::{CONTENT_TYPE, Message, Refusal};
use keepwell_services::journal::JournalError;
use std::time::Duration;

/// Reads a message of at most `limit` bytes.
///
/// # Errors
/// 415 for another type, 413 above the limit, 408 when nothing came for too long, 400 for what is no such message or was
/// cut short.
pub async fn read<M: Message>(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    idle: Duration,
) -> Result<M, Problem> {
    let is_ours = headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes() == CONTENT_TYPE.as_bytes());
    if !is_ours {
        return Err(Problem::of(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let too_large = || Problem::from(JournalError::Refused(Refusal::TooLarge));
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|n| n > limit) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut chunks = body.into_data_stream();
    let slow = |_| Problem::of(StatusCode::REQUEST_TIMEOUT).because("Nothing arrived for too long.");
    while let Some(chunk) = tokio::time::timeout(idle, chunks.next()).await.map_err(slow)? {
        let chunk = chunk
            .map_err(|_| Problem::of(StatusCode::BAD_REQUEST).because("The body did not arrive whole."))?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    M::decode(&bytes).map_err(|e| JournalError::from(e).into())
}
