//! Port 80: sends pages to their `https` address, answers the checks of a certificate authority, and
//! takes nothing in.

use super::tls::Tokens;
use crate::{config::Origin, middleware::frame};
use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header};
use std::sync::Arc;

/// Where the tokens of HTTP-01 lie (RFC 8555, 8.3).
const CHALLENGES: &str = "/.well-known/acme-challenge/";
/// Bytes of a path that is carried over.
const LONGEST: usize = 2048;

struct Target {
    /// From the settings: a `Host` header is anybody's word.
    origin: Origin,
    tokens: Arc<Tokens>,
}

/// The router of port 80.
pub fn router(origin: Origin, tokens: Arc<Tokens>) -> Router {
    Router::new()
        .fallback(answer)
        .with_state(Arc::new(Target { origin, tokens }))
        .layer(from_fn(frame::frame))
        .layer(from_fn(without_hsts))
}

/// RFC 6797, 7.2: not over a line that is not secure.
async fn without_hsts(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().remove(header::STRICT_TRANSPORT_SECURITY);
    response
}

async fn answer(State(target): State<Arc<Target>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        // What was sent here went over the wire in the clear; it must not look as if it had arrived.
        let allow = [(header::ALLOW, "GET, HEAD"), (header::CONNECTION, "close")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow, "Use https.\n").into_response();
    }
    let path = request.uri().path();
    if let Some(token) = path.strip_prefix(CHALLENGES) {
        return match target.tokens.find(token) {
            Some(text) => ([(header::CONTENT_TYPE, "application/octet-stream")], text).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    if path.starts_with("/api/") {
        // A program that speaks plain HTTP has shown its token; a redirect would hide that.
        return (StatusCode::FORBIDDEN, "The API answers over https only.\n").into_response();
    }
    let rest = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let rest = if rest.len() <= LONGEST && rest.starts_with('/') { rest } else { "/" };
    match HeaderValue::from_str(&format!("{}{rest}", target.origin)) {
        Ok(to) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
