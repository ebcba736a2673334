//! Requests to the server of this page, with the session's cookie. Nothing is asked before the person presses for it:
//! see the callers.

use super::window;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestCache, RequestInit, RequestRedirect, Response};

/// After so many milliseconds a request is given up.
const PATIENCE: u32 = 60_000;
/// The media type of JSON.
pub const JSON: &str = "application/json";

/// An answer.
pub struct Answered {
    /// HTTP's status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Sends a request; `None` where no answer came. The answer stays out of the browser's cache.
pub async fn send(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Option<Answered> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(RequestCache::NoStore);
    init.set_redirect(RequestRedirect::Error);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
    if let Some(bytes) = body {
        init.set_body(&Uint8Array::from(bytes));
    }
    let request = Request::new_with_str_and_init(path, &init).ok()?;
    for (name, value) in headers {
        request.headers().set(name, value).ok()?;
    }
    let sent: Promise = window()?.fetch_with_request(&request);
    let answer: Response = JsFuture::from(sent).await.ok()?.dyn_into().ok()?;
    let read = JsFuture::from(answer.array_buffer().ok()?).await.ok()?;
    Some(Answered { status: answer.status(), body: Uint8Array::new(&read).to_vec() })
}
