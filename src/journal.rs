//! The journal's page: one static file, the same for everybody. No session, no cookie, no nonce; what the
//! journal keeps never comes here (spec 8.1).

use crate::{middleware::headers::put_journal, site::Site, state::AppState};
use axum::{
    Router,
    extract::Request,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, StatusCode, header};
use std::sync::Arc;

/// Where the build puts the page.
const PAGE: &str = "/journal/index.html";
/// Says so where the program was not built.
const MISSING: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Journal</title>\
    <p>The journal is not part of this build.</p></html>";

/// The page's one route; its files are files of the site.
pub fn routes(site: Arc<Site>) -> Router<AppState> {
    Router::new().route("/journal", get(move |request: Request| page(Arc::clone(&site), request)))
}

async fn page(site: Arc<Site>, request: Request) -> Response {
    let found = site.find(request.method(), PAGE, request.headers());
    let mut response = found.unwrap_or_else(|| (StatusCode::NOT_FOUND, Html(MISSING)).into_response());
    let headers = response.headers_mut();
    put_journal(headers);
    // Asked for again each time: the file names of another version stand in it.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
