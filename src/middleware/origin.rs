//! Writes come from our own pages only (spec 3.4). Decided before any body is read.

use crate::{config::Origin, serve::Secure};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use std::sync::Arc;

/// What counts as our own.
#[derive(Debug, Clone)]
pub struct Ours {
    /// The public address, when set.
    pub public: Option<Origin>,
}

/// Layer: 403 for a write from elsewhere.
pub async fn origin(State(ours): State<Arc<Ours>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(reason) = check(&parts, &ours) {
        tracing::info!(reason, "refused a write from elsewhere");
        return (StatusCode::FORBIDDEN, "This request did not come from this site's own pages.\n")
            .into_response();
    }
    next.run(Request::from_parts(parts, body)).await
}

fn check(parts: &Parts, ours: &Ours) -> Result<(), &'static str> {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) || is_bare_bearer(&parts.headers)
    {
        return Ok(());
    }
    let site = single(&parts.headers, "sec-fetch-site")?;
    if site.is_some_and(|s| s != "same-origin" && s != "none") {
        return Err("Sec-Fetch-Site");
    }
    let origin = single(&parts.headers, header::ORIGIN.as_str())?.ok_or("no Origin")?;
    // An opaque origin (`null`) is nobody's. Our own plain forms never send it: the pages' referrer
    // policy for themselves is `same-origin`, under which browsers name the origin.
    let origin = Origin::parse(origin).ok_or("Origin is not an origin")?;
    if ours.public.as_ref() == Some(&origin) {
        return Ok(());
    }
    let host = match parts.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => single(&parts.headers, header::HOST.as_str())?,
    };
    // A proxy's https is known by public_url only.
    let scheme = if parts.extensions.get::<Secure>().is_some_and(|s| s.0) { "https" } else { "http" };
    match host.and_then(|h| Origin::of(scheme, h)) {
        Some(own) if own == origin => Ok(()),
        _ => Err("Origin is not the Host"),
    }
}

/// A header that must not come twice: two values are two stories.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, &'static str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().map(HeaderValue::to_str).transpose().map_err(|_| "header is not text")?;
    if values.next().is_some() { Err("header came twice") } else { Ok(first) }
}

/// A browser never adds a bearer token by itself, so such a request cannot be forged across sites.
fn is_bare_bearer(headers: &HeaderMap) -> bool {
    let bearer = |v: &HeaderValue| v.as_bytes().get(..7).is_some_and(|b| b.eq_ignore_ascii_case(b"bearer "));
    headers.get(header::AUTHORIZATION).is_some_and(bearer) && !headers.contains_key(header::COOKIE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn passes(method: &str, headers: &[(&str, &str)], public: Option<&str>) -> bool {
        let mut request = http::Request::builder().method(method).uri("/x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        check(&parts, &Ours { public: public.and_then(Origin::parse) }).is_ok()
    }

    const HOST: (&str, &str) = ("host", "127.0.0.1:3000");
    const OWN: (&str, &str) = ("origin", "http://127.0.0.1:3000");

    #[test]
    fn reads_need_no_origin_and_writes_do() {
        assert!(passes("GET", &[HOST], None));
        for method in ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"] {
            assert!(!passes(method, &[HOST], None), "{method}");
            assert!(passes(method, &[HOST, OWN], None), "{method}");
        }
    }

    #[test]
    fn other_host_port_or_scheme_is_refused() {
        for bad in [
            "http://127.0.0.1:3001",
            "https://127.0.0.1:3000",
            "http://evil.example",
            "null",
            "http://127.0.0.1:3000.evil.example",
            "",
            "http://127.0.0.1",
        ] {
            assert!(!passes("POST", &[HOST, ("origin", bad)], None), "{bad}");
        }
    }

    #[test]
    fn public_address_is_ours_behind_a_proxy() {
        let public = Some("https://health.example");
        assert!(passes("POST", &[HOST, ("origin", "https://health.example")], public));
        assert!(!passes("POST", &[("host", "health.example"), ("origin", "https://health.example")], None));
        assert!(!passes("POST", &[HOST, ("origin", "https://health.example.evil")], public));
    }

    #[test]
    fn over_tls_of_our_own_the_origin_is_https() {
        for (secure, origin, passes) in [
            (true, "https://a.example", true),
            (true, "http://a.example", false),
            (false, "http://a.example", true),
            (false, "https://a.example", false),
        ] {
            let request = http::Request::post("/x").header("host", "a.example").header("origin", origin);
            let (parts, ()) = request.extension(Secure(secure)).body(()).unwrap().into_parts();
            assert_eq!(check(&parts, &Ours { public: None }).is_ok(), passes, "{secure} {origin}");
        }
    }

    #[test]
    fn fetch_metadata_is_a_second_check() {
        for bad in ["cross-site", "same-site", "nonsense"] {
            assert!(!passes("POST", &[HOST, OWN, ("sec-fetch-site", bad)], None), "{bad}");
        }
        for good in ["same-origin", "none"] {
            assert!(passes("POST", &[HOST, OWN, ("sec-fetch-site", good)], None), "{good}");
        }
    }

    #[test]
    fn opaque_origin_is_refused_whatever_the_browser_says_of_the_site() {
        for site in ["same-origin", "cross-site", "same-site", "none"] {
            assert!(!passes("POST", &[HOST, ("origin", "null"), ("sec-fetch-site", site)], None), "{site}");
        }
    }

    #[test]
    fn doubled_headers_are_refused() {
        assert!(!passes("POST", &[HOST, OWN, ("origin", "http://evil.example")], None));
        assert!(!passes("POST", &[HOST, OWN, ("host", "evil.example")], None));
    }

    #[test]
    fn bearer_is_exempt_only_without_cookies() {
        let bearer = ("authorization", "Bearer abc");
        assert!(passes("POST", &[HOST, bearer], None));
        assert!(!passes("POST", &[HOST, bearer, ("cookie", "a=b")], None));
        assert!(!passes("POST", &[HOST, ("authorization", "Basic abc")], None));
    }
}
