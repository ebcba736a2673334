//! What a limited call is told: the `RateLimit` fields, and a refusal as a problem, as a page, or as
//! the error of a server function.
//!
//! Fields by draft-ietf-httpapi-ratelimit-headers-11: `q` calls in any `w` seconds; `r` are left, and
//! no more than these within `t` seconds.

use super::class;
use crate::{
    middleware::{frame::RequestId, session},
    problem::Problem,
};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use keepwell_app::{
    error::{AppError, ErrorCode},
    refusal::{self, Refusal},
};
use keepwell_domain::{
    limit::{Quota, WINDOW},
    time::{SECOND, Ts},
};
use keepwell_services::limit::Class;
use leptos::server_fn::error::FromServerFnError;

/// What is left.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// What is allowed.
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// `RateLimit-Policy` and `RateLimit`.
#[must_use]
pub fn fields(class: Class, quota: Quota, now: Ts) -> HeaderMap {
    let name = class.as_str();
    let policy = format!("\"{name}\";q={};w={}", quota.limit, WINDOW / SECOND);
    let left = format!("\"{name}\";r={};t={}", quota.remaining, quota.seconds(now));
    let mut fields = HeaderMap::new();
    for (field, text) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, left)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            fields.insert(field, value);
        }
    }
    fields
}

/// 429: over the limit, and until when.
#[must_use]
pub fn too_many(parts: &Parts, class: Class, quota: Quota, now: Ts) -> Response {
    let seconds = quota.seconds(now);
    // The first whole second at which waiting is over.
    let at = Ts(quota.until.0.saturating_add(SECOND - 1).div_euclid(SECOND) * SECOND);
    let mut response = match kind(parts) {
        Kind::Api => Problem::quota_exceeded(class.as_str(), seconds, at).into_response(),
        Kind::Function => function(parts, ErrorCode::TooMany, seconds),
        Kind::Page => page(parts, StatusCode::TOO_MANY_REQUESTS, Refusal::TooMany { seconds, at }),
    };
    response.headers_mut().extend(fields(class, quota, now));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// 503: calls cannot be counted, so none is let through.
#[must_use]
pub fn unavailable(parts: &Parts, seconds: u32) -> Response {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let mut response = match kind(parts) {
        Kind::Api => Problem::of(status).because("Please try again in a moment.").into_response(),
        Kind::Function => function(parts, ErrorCode::Unavailable, seconds),
        Kind::Page => page(parts, status, Refusal::Unavailable),
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

enum Kind {
    Api,
    Function,
    Page,
}

fn kind(parts: &Parts) -> Kind {
    let path = parts.uri.path();
    if path.starts_with("/api/") {
        Kind::Api
    } else if class::is_call(path) {
        Kind::Function
    } else {
        Kind::Page
    }
}

fn function(parts: &Parts, code: ErrorCode, seconds: u32) -> Response {
    let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.to_string()).unwrap_or_default();
    let error = AppError { retry_after: Some(seconds), request_id, ..AppError::new(code) };
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    (status, [(header::CONTENT_TYPE, "application/x-postcard")], error.ser()).into_response()
}

fn page(parts: &Parts, status: StatusCode, refusal: Refusal) -> Response {
    let (lang, theme) = session::looks(&parts.headers);
    let html = refusal::page(lang, theme, &refusal, parts.uri.path());
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::VARY, "cookie, accept-language")];
    (status, headers, html).into_response()
}
