//! Calls of server functions. One as a form would make it may hold the form's own fields, and no
//! other; forms that are sent to a page are looked at there. And a refusal says in its status what it
//! is: the framework says 500 of every one.

use super::limit::class;
use axum::{
    Form,
    body::{Body, to_bytes},
    extract::{FromRequest, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use keepwell_app::{AppError, ssr::fields};
use leptos::server_fn::error::FromServerFnError;

/// Longest body of a form.
const MAX_FORM: usize = 1 << 20;

/// Layer: see the module.
pub async fn fields(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if !class::is_call(&path) {
        return next.run(request).await;
    }
    if fields::of_path(&path).is_none() || !is_form(&request) {
        return told(next.run(request).await).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_FORM).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let copy = Request::from_parts(parts.clone(), Body::from(body.clone()));
    let Ok(Form(pairs)) = Form::<Vec<(String, String)>>::from_request(copy, &()).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if !fields::all_known(&path, pairs.iter().map(|(key, _)| key.as_str())) {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    told(next.run(Request::from_parts(parts, Body::from(body))).await).await
}

/// An answer with the status of the error that it holds.
async fn told(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_FORM).await.unwrap_or_default();
    let error = AppError::de(body.clone());
    // Anything else that stands there is no error of ours.
    if error.ser() != body {
        return Response::from_parts(parts, Body::from(body));
    }
    parts.status = StatusCode::from_u16(error.status()).unwrap_or(parts.status);
    if let Some(seconds) = error.retry_after {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Response::from_parts(parts, Body::from(body))
}

fn is_form(request: &Request) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|t| t.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"))
}
