//! Limits per client address (spec 3.5, 3.6): before any body is read, and before anything is looked
//! up for the call. What counts in which class is in [`class`], how it is counted in
//! [`keepwell_services::limit`], what a refusal looks like in [`answer`].

pub mod answer;
pub mod class;

use super::ClientAddress;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use class::{Forms, Rule};
use http::{HeaderMap, request::Parts};
use keepwell_app::ssr::FormGate;
use keepwell_services::limit::{Class, Decision, Limiter};

/// Layer: see the module. Outside of it stand only the checks that need no memory of earlier calls.
pub async fn limit(State(limiter): State<Limiter>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let class = match parts.extensions.get::<MatchedPath>() {
        // No route, no work: the answer is 404 whatever is asked.
        None => None,
        Some(route) => match class::rule(&parts.method, route.as_str()) {
            Rule::Free => None,
            Rule::Counted(class) => Some(class),
            Rule::Function => class::of_call(parts.uri.path()),
            Rule::Form => match class::of_page(route.as_str()) {
                Forms::Alike(class) => class,
                Forms::Apart => {
                    let gate = gate(&limiter, &parts);
                    parts.extensions.insert(gate);
                    None
                }
            },
        },
    };
    let Some(class) = class else { return next.run(Request::from_parts(parts, body)).await };
    match pass(&limiter, class, &parts).await {
        Ok(told) => {
            let mut response = next.run(Request::from_parts(parts, body)).await;
            response.headers_mut().extend(told);
            response
        }
        Err(refusal) => refusal,
    }
}

/// Counts one call: what to tell with its answer, or the refusal.
async fn pass(limiter: &Limiter, class: Class, parts: &Parts) -> Result<HeaderMap, Response> {
    let address = parts.extensions.get::<ClientAddress>().and_then(|a| a.0);
    match limiter.attempt(class, address).await {
        Decision::Unlimited => Ok(HeaderMap::new()),
        Decision::Accepted(quota) => Ok(answer::fields(class, quota, limiter.now())),
        Decision::Refused(quota) => Err(answer::too_many(parts, class, quota, limiter.now())),
        Decision::Unavailable { retry_after_s } => Err(answer::unavailable(parts, retry_after_s)),
    }
}

/// For a page whose forms are of several classes: asked once it is known which form was sent.
fn gate(limiter: &Limiter, parts: &Parts) -> FormGate {
    let (limiter, parts) = (limiter.clone(), parts.clone());
    FormGate::new(move |form| {
        let (limiter, parts) = (limiter.clone(), parts.clone());
        async move {
            match class::of_function(form) {
                Some(class) => pass(&limiter, class, &parts).await,
                None => Ok(HeaderMap::new()),
            }
        }
    })
}
