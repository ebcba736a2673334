//! What comes in, with refusals as problems that never repeat what was sent.

use crate::{middleware::rights, problem::Problem};
use axum::{
    Json,
    extract::{
        DefaultBodyLimit, FromRequest, FromRequestParts, Path, Query, Request, rejection::JsonRejection,
    },
};
use http::{StatusCode, Uri, request::Parts};
use serde::de::DeserializeOwned;
use std::{str::FromStr, time::Duration};

/// A JSON body without unknown fields.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(_)) => Err(Problem::of(StatusCode::UNPROCESSABLE_ENTITY)
                .because("The body has an unknown, missing or mistyped field; see /api/v1/openapi.json.")),
            Err(JsonRejection::JsonSyntaxError(_)) => {
                Err(Problem::of(StatusCode::BAD_REQUEST).because("The body is not JSON."))
            }
            Err(other) => Err(Problem::of(other.status())),
        }
    }
}

/// A JSON body of at most 64 kB, on routes whose bodies may be of any size otherwise.
pub struct Small<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Small<T> {
    type Rejection = Problem;
    async fn from_request(mut request: Request, state: &S) -> Result<Self, Problem> {
        DefaultBodyLimit::max(64 << 10).apply(&mut request);
        let read = tokio::time::timeout(PATIENCE, Body::<T>::from_request(request, state)).await;
        read.map_err(|_| Problem::of(StatusCode::REQUEST_TIMEOUT))?.map(|b| Self(b.0))
    }
}

/// How long a small body may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Query parameters without unknown ones.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let bad = || {
            Problem::of(StatusCode::UNPROCESSABLE_ENTITY)
                .because("A query parameter is unknown or cannot be read; see /api/v1/openapi.json.")
        };
        let uri = without(&parts.uri, rights::PARAMETER).ok_or_else(bad)?;
        Query::<T>::try_from_uri(&uri).map(|q| Self(q.0)).map_err(|_| bad())
    }
}

/// The address without a parameter that every route understands.
fn without(uri: &Uri, name: &str) -> Option<Uri> {
    let query = uri.query().unwrap_or_default();
    let rest: Vec<&str> =
        query.split('&').filter(|pair| pair.split('=').next().is_none_or(|key| key != name)).collect();
    format!("/?{}", rest.join("&")).parse().ok()
}

/// An id in the path. What is no id is not there, like any other that is not there.
pub struct Id<T>(pub T);

impl<T: FromStr + Send, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let missing = || Problem::of(StatusCode::NOT_FOUND);
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| missing())?;
        text.parse().map(Self).map_err(|_| missing())
    }
}
