//! The outermost layer: names the request, mints its nonce, survives a panic, and dresses the answer.

use super::{headers, limit};
use crate::{problem::Problem, serve::Late};
use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use futures::FutureExt;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

/// Names a request in logs, error pages and `X-Request-Id`.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

/// The nonce of the answer's scripts.
#[derive(Clone)]
pub struct PageNonce(pub Arc<str>);

/// Layer: see the module.
pub async fn frame(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (id, nonce) = match names() {
        Ok(names) => names,
        // Without randomness no page may be served: the nonce would be guessable.
        Err(_) => return dressed(StatusCode::SERVICE_UNAVAILABLE.into_response(), "none", "none"),
    };
    request.extensions_mut().insert(RequestId(Arc::clone(&id)));
    request.extensions_mut().insert(PageNonce(Arc::clone(&nonce)));
    let method = request.method().clone();
    let is_api = request.uri().path().starts_with("/api/");
    // The template, never the path: which marker somebody looks at is health data.
    let route = request.extensions().get::<MatchedPath>().map_or("-".to_owned(), |p| p.as_str().to_owned());

    let late = request.extensions().get::<Late>().cloned();
    let response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!(request = %id, %route, "a handler panicked");
            fault(StatusCode::INTERNAL_SERVER_ERROR, is_api, &id)
        }
    };
    let response = if late.is_some_and(|l| l.is_late()) && !response.status().is_success() {
        // The handler only saw a body that broke off.
        fault(StatusCode::REQUEST_TIMEOUT, is_api, &id)
    } else {
        response
    };
    let response = if is_api { with_problem(response, &id) } else { response };
    log(&method, &route, &response, &id, started);
    dressed(response, &nonce, &id)
}

fn names() -> Result<(Arc<str>, Arc<str>), getrandom::Error> {
    let mut random = [0u8; 28];
    getrandom::fill(&mut random)?;
    let id = BASE64_URL_SAFE_NO_PAD.encode(&random[..12]);
    let nonce = BASE64_URL_SAFE_NO_PAD.encode(&random[12..]);
    Ok((id.into(), nonce.into()))
}

/// An answer without a page of its own.
pub fn fault(status: StatusCode, is_api: bool, id: &str) -> Response {
    if is_api {
        return Problem::of(status).with_request(id).into_response();
    }
    let reason = status.canonical_reason().unwrap_or("Error");
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{reason}. Request {id}.\n"))
        .into_response()
}

/// Errors of extractors, of the router and of layers become problems as well.
fn with_problem(mut response: Response, id: &str) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return carry(response, problem.with_request(id).into_response());
    }
    let kept = response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t == Problem::MEDIA_TYPE);
    if kept { response } else { carry(response, Problem::of(status).with_request(id).into_response()) }
}

fn carry(from: Response, mut to: Response) -> Response {
    for name in [
        header::RETRY_AFTER,
        limit::answer::RATE_LIMIT,
        limit::answer::RATE_LIMIT_POLICY,
        header::ALLOW,
        header::SET_COOKIE,
        header::CONTENT_RANGE,
        header::WWW_AUTHENTICATE,
    ] {
        if from.headers().contains_key(&name) {
            // What the answer said itself, not what goes without saying.
            to.headers_mut().remove(&name);
        }
        for value in from.headers().get_all(&name) {
            to.headers_mut().append(name.clone(), value.clone());
        }
    }
    to
}

fn dressed(mut response: Response, nonce: &str, id: &str) -> Response {
    headers::put(response.headers_mut(), nonce);
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

fn log(method: &Method, route: &str, response: &Response, id: &str, started: Instant) {
    // Any word may stand in its place; only those that HTTP knows go into the log.
    let method = match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let status = response.status().as_u16();
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(method, route, status, micros, request = id, "answered");
    // A line for each call of a flood would be a flood of its own.
    } else if !["GET", "HEAD"].contains(&method) && status != 429 {
        tracing::info!(method, route, status, micros, request = id, "answered");
    } else {
        tracing::debug!(method, route, status, micros, request = id, "answered");
    }
}
