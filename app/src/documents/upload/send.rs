//! Sending a file in pieces by `/api/v1/uploads`. The server says how many bytes it has; sending
//! goes on from there, also after the page was closed.

use super::{Progress, Reason, Upload, browser, memory};
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob, File, Request, RequestInit, Response};

/// First piece, 1 MiB; it doubles while pieces take less than a second.
const FIRST_PIECE: f64 = 1_048_576.0;
/// Largest piece, 32 MiB.
const LAST_PIECE: f64 = 33_554_432.0;
/// Between two looks at whether to go on, in milliseconds.
const LOOK: i32 = 200;
/// Longest wait for another try.
const LONGEST: i32 = 30_000;
/// So many faults of the server in a row, about a minute, and it is given up.
const FAULTS: u32 = 6;

#[derive(Deserialize)]
struct Ticket {
    id: String,
    received: u64,
}

#[derive(Deserialize)]
struct Finished {
    id: String,
    #[serde(default)]
    already_there: bool,
}

#[derive(Deserialize)]
struct Problem {
    detail: Option<String>,
}

/// Why a request did not do.
enum Fault {
    /// Nobody answered.
    Away,
    /// Answered that it cannot now; worth another try after so many milliseconds.
    Again(i32),
    /// As [`Fault::Again`], and nothing is wrong: only so many files a minute are taken.
    Later(i32),
    /// The upload is not known (any more).
    Gone,
    /// No, and what arrived is of no use.
    Refused(Reason),
    /// No, but what arrived is kept.
    Stopped(Reason),
}

/// Waits.
pub async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = JsFuture::from(promise).await;
}

/// Waits for another try; shorter when the person does something or the network comes back.
async fn rest(u: Upload, as_what: Progress, ms: i32) {
    u.progress.set(as_what.clone());
    let mut left = ms;
    let mut was_online = window().navigator().on_line();
    while left > 0 && u.progress.get_untracked() == as_what {
        sleep(LOOK.min(left)).await;
        left -= LOOK;
        let is_online = window().navigator().on_line();
        if is_online && !was_online {
            return;
        }
        was_online = is_online;
    }
}

fn is_cancelled(u: Upload) -> bool {
    u.progress.get_untracked() == Progress::Cancelled
}

/// Sends a file until it has arrived, was refused or is cancelled.
pub async fn send(u: Upload, file: &File) -> Progress {
    let Some(key) = memory::key(file).await else { return browser::UNREADABLE };
    let (mut wait, mut faults) = (1000, 0);
    loop {
        if is_cancelled(u) {
            return cancelled(&key).await;
        }
        let before = u.sent.get_untracked();
        let result = attempt(u, file, &key).await;
        // What has arrived has arrived, whatever was clicked meanwhile.
        if result.is_err() && is_cancelled(u) {
            return cancelled(&key).await;
        }
        if u.sent.get_untracked() > before {
            (wait, faults) = (1000, 0);
        }
        let at_least = match result {
            Ok(end) => {
                memory::forget(&key);
                return end;
            }
            Err(Fault::Gone) => {
                memory::forget(&key);
                u.sent.set(0);
                faults += 1;
                0
            }
            Err(Fault::Refused(reason)) => {
                memory::forget(&key);
                return Progress::Failed(reason);
            }
            Err(Fault::Stopped(reason)) => return Progress::Failed(reason),
            Err(Fault::Away) => {
                // The same error as for a network that is down comes for a file that is gone.
                if memory::key(file).await.as_ref() != Some(&key) {
                    return browser::UNREADABLE;
                }
                wait
            }
            Err(Fault::Later(ms)) => {
                rest(u, Progress::Waiting, ms).await;
                0
            }
            Err(Fault::Again(ms)) => {
                faults += 1;
                wait.max(ms)
            }
        };
        if faults >= FAULTS {
            return Progress::Failed(Reason::Faulty);
        }
        if at_least > 0 {
            rest(u, Progress::Broken, at_least).await;
            wait = (wait * 2).min(LONGEST);
        }
    }
}

/// Forgets an upload here and there.
async fn cancelled(key: &str) -> Progress {
    if let Some(id) = memory::find(key) {
        memory::forget(key);
        give_up(&id).await;
    }
    Progress::Cancelled
}

async fn ticket(u: Upload, key: &str) -> Result<Ticket, Fault> {
    if let Some(id) = memory::find(key) {
        return call(u, "GET", &format!("/api/v1/uploads/{id}"), None, None).await;
    }
    let body = serde_json::json!({ "name": u.name.get_value(), "size": u.size }).to_string();
    let json = Some(("content-type", "application/json"));
    let ticket: Ticket = call(u, "POST", "/api/v1/uploads", Some(JsValue::from_str(&body)), json).await?;
    memory::keep(key, &ticket.id, u.size, 0);
    Ok(ticket)
}

#[allow(clippy::cast_precision_loss)]
async fn attempt(u: Upload, file: &File, key: &str) -> Result<Progress, Fault> {
    let ticket = ticket(u, key).await?;
    if is_cancelled(u) {
        return Err(Fault::Away);
    }
    let (url, mut at, mut piece) = (format!("/api/v1/uploads/{}", ticket.id), ticket.received, FIRST_PIECE);
    u.progress.set(Progress::Sending);
    u.sent.set(at);
    // The server keeps whole chunks between calls, so the last piece travels with the call that ends
    // the upload: by itself it might be less than a chunk, and be sent for ever.
    while u.size as f64 - at as f64 > piece {
        let blob = slice(file, at, at as f64 + piece)?;
        let began = js_sys::Date::now();
        let offset = at.to_string();
        let now: Ticket = call(u, "PATCH", &url, Some(blob), Some(("upload-offset", &offset))).await?;
        if js_sys::Date::now() - began < 1000.0 {
            piece = (piece * 2.0).min(LAST_PIECE);
        }
        // A server that takes nothing would keep us here for ever.
        if now.received <= at {
            return Err(Fault::Again(1000));
        }
        at = now.received;
        memory::keep(key, &ticket.id, u.size, at);
        u.sent.set(at);
        if is_cancelled(u) {
            return Err(Fault::Away);
        }
    }
    let rest = (at < u.size).then(|| slice(file, at, u.size as f64)).transpose()?;
    let offset = at.to_string();
    let done: Finished =
        call(u, "POST", &format!("{url}/finish"), rest, Some(("upload-offset", &offset))).await?;
    u.sent.set(u.size);
    Ok(if done.already_there { Progress::Known(done.id) } else { Progress::Done(done.id) })
}

#[allow(clippy::cast_precision_loss)]
fn slice(file: &File, from: u64, to: f64) -> Result<JsValue, Fault> {
    let blob: Blob =
        file.slice_with_f64_and_f64(from as f64, to).map_err(|_| Fault::Stopped(Reason::Unreadable))?;
    Ok(blob.into())
}

/// Tells the server to forget an upload; what it does not hear expires there by itself.
pub async fn give_up(id: &str) {
    let _ = request("DELETE", &format!("/api/v1/uploads/{id}"), None, None, None).await;
}

async fn request(
    method: &str,
    url: &str,
    body: Option<JsValue>,
    header: Option<(&str, &str)>,
    controller: Option<AbortController>,
) -> Result<Response, Fault> {
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(b) = &body {
        init.set_body(b);
    }
    if let Some(c) = controller {
        init.set_signal(Some(&c.signal()));
    }
    let request = Request::new_with_str_and_init(url, &init).map_err(|_| Fault::Refused(Reason::Refused))?;
    if let Some((name, value)) = header {
        let _ = request.headers().set(name, value);
    }
    // Files land in the profile for which this page was drawn, whatever another tab switched to.
    if let Some(profile) = crate::wire::drawn::profile() {
        let _ = request.headers().set(crate::wire::PROFILE_HEADER, &profile);
    }
    let response = JsFuture::from(window().fetch_with_request(&request)).await.map_err(|_| Fault::Away)?;
    response.dyn_into::<Response>().map_err(|_| Fault::Away)
}

async fn call<T: for<'de> Deserialize<'de>>(
    u: Upload,
    method: &str,
    url: &str,
    body: Option<JsValue>,
    header: Option<(&str, &str)>,
) -> Result<T, Fault> {
    let response = request(method, url, body, header, browser::controller(u)).await?;
    let status = response.status();
    let retry = response.headers().get("retry-after").ok().flatten().and_then(|s| s.parse::<i32>().ok());
    let text = match response.text() {
        // An answer that breaks off is none.
        Ok(p) => JsFuture::from(p).await.map_err(|_| Fault::Away)?.as_string().unwrap_or_default(),
        Err(_) => return Err(Fault::Away),
    };
    if (200..300).contains(&status) {
        return serde_json::from_str(&text).map_err(|_| Fault::Refused(Reason::Refused));
    }
    Err(fault(status, retry, &text))
}

fn fault(status: u16, retry: Option<i32>, text: &str) -> Fault {
    match status {
        401 => Fault::Stopped(Reason::SignedOut),
        404 | 410 => Fault::Gone,
        413 => Fault::Refused(Reason::TooLarge),
        507 => Fault::Stopped(Reason::Full),
        // 409: the offset was wrong, because an answer was lost; ask where to go on.
        429 => Fault::Later(retry.unwrap_or(60).saturating_mul(1000)),
        409 | 500..=599 => Fault::Again(retry.unwrap_or(0).saturating_mul(1000).max(1)),
        _ => {
            let said = serde_json::from_str::<Problem>(text).ok().and_then(|p| p.detail);
            Fault::Refused(said.map_or(Reason::Refused, Reason::Said))
        }
    }
}
