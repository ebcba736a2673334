//! The answer to a connection for which there is no room.

use crate::middleware::{frame, load};
use axum::{Router, extract::Request, middleware::from_fn, response::Response};
use std::time::Duration;

/// Time for the whole of it.
pub const TIME: Duration = Duration::from_secs(2);

/// Answers everything with 503.
pub fn router() -> Router {
    Router::new().fallback(busy).layer(from_fn(frame::frame))
}

async fn busy(_: Request) -> Response {
    let mut response = load::busy(5, "Too many connections are open. Please try again in a moment.\n");
    response.headers_mut().insert(http::header::CONNECTION, http::HeaderValue::from_static("close"));
    response
}
