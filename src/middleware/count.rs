//! Layer: counts errors, and how often features are used (spec 11.7). Of a request it knows the route that the router chose, the
//! method, whether its answer was good, and whether whoever asked said "do not track": no path, no address, no session.

use super::limit::class;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, Method};
use keepwell_domain::usage::Feature;
use keepwell_services::Services;

/// See the module.
pub async fn count(State(services): State<Services>, request: Request, next: Next) -> Response {
    let used = used(&request);
    let response = next.run(request).await;
    let status = response.status();
    if status.is_server_error() {
        services.count_error();
    }
    // A form that was taken answers with a redirect.
    if let Some(feature) = used
        && (status.is_success() || status == http::StatusCode::SEE_OTHER)
    {
        services.count_use(feature);
    }
    response
}

/// What is used, unless whoever asks said that nothing is to be counted.
fn used(request: &Request) -> Option<Feature> {
    if says_no(request.headers()) {
        return None;
    }
    let route = request.extensions().get::<MatchedPath>()?;
    feature(request.method(), route.as_str(), request.uri().path())
}

/// `DNT: 1` (Tracking Preference Expression) or `Sec-GPC: 1` (Global Privacy Control).
fn says_no(headers: &HeaderMap) -> bool {
    ["dnt", "sec-gpc"]
        .iter()
        .any(|name| headers.get(*name).is_some_and(|v| v.as_bytes().trim_ascii() == b"1"))
}

/// The feature of a route; of a call of a page's program, by the function's name.
fn feature(method: &Method, route: &str, path: &str) -> Option<Feature> {
    if class::is_call(path) {
        return of_function(path.rsplit('/').next()?);
    }
    if let Some(rest) = route.strip_prefix("/api/v1/") {
        return of_api(method, rest);
    }
    match (method, route) {
        (&Method::POST, "/documents/upload") => return Some(Feature::Uploads),
        (&Method::POST, "/ask") => return Some(Feature::Asks),
        (&Method::POST, "/share") => return Some(Feature::Shares),
        (&Method::GET, "/settings/access-log") => return Some(Feature::AccessLog),
        (&Method::GET, _) => {}
        _ => return None,
    }
    match route.split('/').nth(1)? {
        "overview" => Some(Feature::Overview),
        "markers" => Some(Feature::Markers),
        "timeline" | "records" => Some(Feature::Timeline),
        "documents" => Some(Feature::Documents),
        "share" | "s" => Some(Feature::Shares),
        "settings" => Some(Feature::Settings),
        "" | "about" | "security" | "privacy" | "terms" | "pricing" | "disclosure" => Some(Feature::Public),
        _ => None,
    }
}

fn of_function(name: &str) -> Option<Feature> {
    Some(match name {
        "overview" => Feature::Overview,
        "markers" | "series" => Feature::Markers,
        "timeline" | "record" => Feature::Timeline,
        "documents" | "document" => Feature::Documents,
        "paste_text" => Feature::Uploads,
        "add_record" => Feature::Entries,
        "settings" => Feature::Settings,
        "access_log" => Feature::AccessLog,
        _ => return None,
    })
}

fn of_api(method: &Method, rest: &str) -> Option<Feature> {
    Some(match (method, rest) {
        (&Method::POST, "documents" | "uploads/{id}/finish") => Feature::Uploads,
        (&Method::POST, "ask") => Feature::Asks,
        (&Method::POST, "records") => Feature::Entries,
        (&Method::GET, "export") => Feature::Exports,
        // The work of those who run the instance is no use of it.
        (_, rest) if rest.starts_with("admin/") => return None,
        (&Method::GET, "documents" | "records" | "markers" | "markers/{loinc}/series") => Feature::Api,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn routes_and_calls_have_their_features_and_most_have_none() {
        let get = |route: &str| feature(&Method::GET, route, route);
        assert_eq!(get("/markers/{key}"), Some(Feature::Markers));
        assert_eq!(get("/settings/access-log"), Some(Feature::AccessLog));
        assert_eq!(get("/settings/tokens"), Some(Feature::Settings));
        assert_eq!(get("/admin/log"), None);
        assert_eq!(get("/api/v1/admin/log"), None);
        assert_eq!(get("/login"), None);
        assert_eq!(feature(&Method::POST, "/fn/{*name}", "/fn/overview"), Some(Feature::Overview));
        assert_eq!(feature(&Method::POST, "/api/v1/uploads/{id}/finish", "/x"), Some(Feature::Uploads));
        assert_eq!(feature(&Method::HEAD, "/overview", "/overview"), None);
    }

    #[test]
    fn either_header_says_no() {
        for (name, value, no) in
            [("dnt", "1", true), ("sec-gpc", " 1", true), ("dnt", "0", false), ("sec-gpc", "11", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(says_no(&headers), no, "{name}: {value}");
        }
        assert!(!says_no(&HeaderMap::new()));
    }
}
