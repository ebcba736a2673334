//! Claims about connections and answers: tried by asking this instance as a stranger would.

use super::{
    handshake::{Version, agrees},
    scan,
};
use crate::{
    middleware::{client::Peer, headers},
    state::AppState,
};
use axum::{Router, body::Body};
use http::{HeaderMap, Request, StatusCode, header};
use keepwell_app::trust::Status;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use tower::ServiceExt;

/// Bytes of an answer that are looked at.
const ENOUGH: usize = 1 << 20;
/// A limit above this is not tried: it would cost more than it shows.
const MOST_ATTEMPTS: u32 = 30;
/// The form that is sent as if from elsewhere.
const FORM: &str = "application/x-www-form-urlencoded";

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

/// An address that belongs to nobody: the network of RFC 3849 with random bits, a fresh one each time.
fn nobody() -> IpAddr {
    let mut random = [0u8; 12];
    // Without randomness it is one fixed address, whose limit may be used up: the claim is then
    // reported as it is found.
    let _ = getrandom::fill(&mut random);
    let mut octets = [0u8; 16];
    octets[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
    octets[4..].copy_from_slice(&random);
    Ipv6Addr::from(octets).into()
}

async fn ask(
    app: &Router,
    from: IpAddr,
    request: http::request::Builder,
    body: &'static str,
) -> Option<Answer> {
    let mut request: Request<Body> =
        request.header(header::HOST, "keepwell.invalid").body(body.into()).ok()?;
    request.extensions_mut().insert(Peer(Some(from)));
    let response = app.clone().oneshot(request).await.ok()?;
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, ENOUGH).await.ok()?;
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Some(Answer { status: parts.status, headers: parts.headers, body })
}

async fn get(app: &Router, path: &str) -> Option<Answer> {
    let request = Request::get(path).header(header::ACCEPT, "text/html");
    ask(app, nobody(), request, "").await
}

fn all(found: &[Option<bool>]) -> Status {
    if found.contains(&Some(false)) {
        Status::Broken
    } else if found.contains(&None) {
        Status::Unknown
    } else {
        Status::Holds
    }
}

/// The handshakes that a browser may make.
pub async fn tls(state: &AppState) -> Status {
    if !state.config.speaks_tls() {
        return Status::Off;
    }
    let Some(address) = state.address else { return Status::Unknown };
    let address = own(address);
    let new = agrees(address, Version::Tls13).await;
    all(&[new, agrees(address, Version::Tls12).await.map(|agreed| !agreed)])
}

/// An address under which a listener on all addresses can be reached from here.
fn own(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

/// The fixed headers on a page, a missing one, an error and a refusal.
pub async fn headers(app: &Router) -> Status {
    let foreign = Request::post("/login").header(header::ORIGIN, "https://elsewhere.invalid");
    let answers = [
        get(app, "/").await,
        get(app, "/there-is-no-such-page").await,
        get(app, "/api/v1/me").await,
        ask(app, nobody(), foreign, "").await,
    ];
    let dressed = |a: Answer| {
        headers::fixed().iter().all(|(name, value)| a.headers.get(name).is_some_and(|v| v == value))
            && a.headers.contains_key(header::CONTENT_SECURITY_POLICY)
    };
    all(&answers.map(|a| a.map(dressed)))
}

/// The policy and the HTML of the first page.
pub async fn own_code_only(app: &Router) -> Status {
    let (one, two) = (get(app, "/").await, get(app, "/").await);
    let policy = |a: &Answer| {
        Some(a.headers.get(header::CONTENT_SECURITY_POLICY)?.to_str().unwrap_or_default().to_owned())
    };
    let (Some(one), Some(two)) = (one, two) else { return Status::Unknown };
    let (Some(first), Some(second)) = (policy(&one), policy(&two)) else { return Status::Broken };
    let fresh = scan::nonce(&first).is_some() && scan::nonce(&first) != scan::nonce(&second);
    all(&[Some(scan::is_strict(&first) && fresh && scan::foreign(&one.body).is_none())])
}

/// Writes from another site, from an opaque one, and from nowhere.
pub async fn cross_site(app: &Router) -> Status {
    let mut found = Vec::new();
    for path in ["/login", "/api/v1/login", "/api/v1/documents", "/settings"] {
        for origin in [Some("https://elsewhere.invalid"), Some("null"), None] {
            let mut request = Request::post(path).header(header::CONTENT_TYPE, FORM);
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin);
            }
            let answer = ask(app, nobody(), request, "email=a&password=b").await;
            found.push(answer.map(|a| a.status == StatusCode::FORBIDDEN));
        }
    }
    all(&found)
}

/// Personal answers.
pub async fn no_store(app: &Router) -> Status {
    let fine = |a: Answer| {
        a.headers
            .get(header::CACHE_CONTROL)
            .is_some_and(|v| v.as_bytes().windows(8).any(|w| w == b"no-store"))
    };
    let answers = [get(app, "/api/v1/me").await, get(app, "/overview").await, get(app, "/settings").await];
    all(&answers.map(|a| a.map(fine)))
}

/// One attempt too many, by nobody, with nothing in it: no password is hashed for it.
pub async fn limits(app: &Router, state: &AppState) -> Status {
    let allowed = state.services.settings_in_force().rates.login;
    if allowed > MOST_ATTEMPTS {
        return Status::Off;
    }
    let from = nobody();
    let mut last = None;
    for _ in 0..=allowed {
        let request = Request::post("/api/v1/login")
            .header(header::ORIGIN, "http://keepwell.invalid")
            .header(header::CONTENT_TYPE, "application/json");
        last = ask(app, from, request, "{}").await;
        if last.is_none() {
            return Status::Unknown;
        }
    }
    let refused =
        |a: Answer| a.status == StatusCode::TOO_MANY_REQUESTS && a.headers.contains_key(header::RETRY_AFTER);
    all(&[last.map(refused)])
}
