//! The interface of the records. It is the only thing here that is asked of a server before there is any
//! synchronisation, and only when the person presses for it.

use super::js;
use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Why there is no answer of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Nobody is signed in in this browser.
    SignedOut,
    /// Too many requests.
    Busy,
    /// It was refused, or is not there.
    Refused,
    /// No answer came.
    Offline,
}

/// An answer that is no 2xx, with what it says.
pub struct NoAnswer {
    /// Why.
    pub why: Failure,
    /// The body.
    pub body: Vec<u8>,
}

impl NoAnswer {
    const fn of(why: Failure) -> Self {
        Self { why, body: Vec::new() }
    }
}

/// Reads something of a profile.
pub async fn read(path: &str, profile: &str) -> Result<Vec<u8>, NoAnswer> {
    call(path, profile, None).await
}

/// Adds something to a profile.
pub async fn add(path: &str, profile: &str, body: &str) -> Result<Vec<u8>, NoAnswer> {
    call(path, profile, Some(body)).await
}

async fn call(path: &str, profile: &str, body: Option<&str>) -> Result<Vec<u8>, NoAnswer> {
    let accept = ("accept", "application/json".into());
    let headers = match (profile, body) {
        ("", _) => js::object([accept]),
        (p, None) => js::object([accept, ("keepwell-profile", p.into())]),
        (p, Some(_)) => {
            js::object([accept, ("keepwell-profile", p.into()), ("content-type", "application/json".into())])
        }
    };
    let method = if body.is_some() { "POST" } else { "GET" };
    // Nothing of it stays in the browser's cache.
    let options = js::object([
        ("method", method.into()),
        ("headers", headers),
        ("credentials", "same-origin".into()),
        ("cache", "no-store".into()),
        ("body", body.map_or(JsValue::UNDEFINED, JsValue::from)),
    ]);
    let url = ["/api/v1/", path].concat();
    let offline = || NoAnswer::of(Failure::Offline);
    let global: JsValue = js_sys::global().into();
    let fetch: Function = js::get(&global, "fetch").and_then(|f| f.dyn_into().ok()).ok_or_else(offline)?;
    let sent = fetch.call2(&global, &url.into(), &options).map_err(|_| offline())?;
    let answer = settled(sent).await.ok_or_else(offline)?;
    let status = js::get(&answer, "status").and_then(|s| s.as_f64()).unwrap_or_default();
    let read: Function =
        js::get(&answer, "arrayBuffer").and_then(|f| f.dyn_into().ok()).ok_or_else(offline)?;
    let buffer = settled(read.call0(&answer).map_err(|_| offline())?).await.ok_or_else(offline)?;
    let body = Uint8Array::new(&buffer).to_vec();
    let why = match status {
        s if (200.0..300.0).contains(&s) => return Ok(body),
        401.0 => Failure::SignedOut,
        429.0 | 503.0 => Failure::Busy,
        _ => Failure::Refused,
    };
    Err(NoAnswer { why, body })
}

async fn settled(promise: JsValue) -> Option<JsValue> {
    JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()
}
