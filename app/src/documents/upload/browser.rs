//! Sending a file in pieces by `/api/v1/uploads`.
//!
//! The server says how many bytes it has; sending goes on from there, also after the page was
//! closed: the upload's id is kept in the browser under the file's size and date, not its name.

use super::{Progress, Upload};
use leptos::{ev, prelude::*, task::spawn_local};
use serde::Deserialize;
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileList, HtmlInputElement, Request, RequestInit, Response};

/// First piece, 1 MiB; it doubles while pieces take less than a second.
const FIRST_PIECE: f64 = 1_048_576.0;
/// Largest piece, 32 MiB.
const LAST_PIECE: f64 = 33_554_432.0;

thread_local! {
    static NUMBER: Cell<usize> = const { Cell::new(0) };
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

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
    /// Worth another try after so many milliseconds.
    Again(i32),
    /// As [`Fault::Again`], and nothing is wrong: only so many files a minute are taken.
    Later(i32),
    /// The upload is not known (any more).
    Gone,
    /// No.
    Refused(Option<String>),
}

/// Takes the files picked in an input and empties it.
pub fn from_input(e: &ev::Event, uploads: RwSignal<Vec<Upload>>, done: Callback<()>) {
    let Some(input) = e.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else { return };
    if let Some(files) = input.files() {
        add(&files, uploads, done);
    }
    input.set_value("");
}

/// Takes dropped files.
pub fn from_drop(e: &ev::DragEvent, uploads: RwSignal<Vec<Upload>>, done: Callback<()>) {
    if let Some(files) = e.data_transfer().and_then(|d| d.files()) {
        add(&files, uploads, done);
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn add(files: &FileList, uploads: RwSignal<Vec<Upload>>, done: Callback<()>) {
    for i in 0..files.length() {
        let Some(file) = files.item(i) else { continue };
        let number = NUMBER.replace(NUMBER.get() + 1);
        let upload = Upload {
            number,
            name: StoredValue::new(file.name()),
            size: file.size() as u64,
            sent: RwSignal::new(0),
            progress: RwSignal::new(Progress::Waiting),
        };
        uploads.update(|u| u.push(upload));
        spawn_local(async move {
            // One at a time: a phone's upstream gains nothing from several.
            while BUSY.get() {
                sleep(150).await;
            }
            BUSY.set(true);
            send(upload, &file).await;
            BUSY.set(false);
            let is_over = |u: &Upload| {
                u.progress
                    .try_with_untracked(|p| matches!(p, Progress::Done(_) | Progress::Known(_)))
                    .unwrap_or(false)
            };
            // A file that failed stays in sight with its reason.
            if uploads.try_with_untracked(|all| all.iter().all(is_over)).unwrap_or(false) {
                done.try_run(());
            }
        });
    }
}

async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = JsFuture::from(promise).await;
}

fn is_cancelled(u: Upload) -> bool {
    // A page that was left took its signals along; the upload itself goes on.
    u.progress.try_with_untracked(|p| *p == Progress::Cancelled).unwrap_or(false)
}

async fn send(u: Upload, file: &File) {
    let memory = format!("upload:{}:{}", file.size(), file.last_modified());
    let mut wait = 1000;
    loop {
        if is_cancelled(u) {
            return;
        }
        match attempt(u, file, &memory).await {
            Ok(end) => {
                forget(&memory);
                u.progress.try_set(end);
                return;
            }
            Err(Fault::Gone) => forget(&memory),
            Err(Fault::Refused(reason)) => {
                forget(&memory);
                u.progress.try_set(Progress::Failed(reason));
                return;
            }
            Err(Fault::Later(ms)) => {
                if is_cancelled(u) {
                    return;
                }
                u.progress.try_set(Progress::Waiting);
                sleep(ms).await;
            }
            Err(Fault::Again(at_least)) => {
                if is_cancelled(u) {
                    return;
                }
                u.progress.try_set(Progress::Broken);
                sleep(wait.max(at_least)).await;
                wait = (wait * 2).min(30_000);
            }
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
fn forget(key: &str) {
    if let Some(s) = storage() {
        let _ = s.remove_item(key);
    }
}

async fn ticket(u: Upload, memory: &str) -> Result<Ticket, Fault> {
    if let Some(id) = storage().and_then(|s| s.get_item(memory).ok().flatten()) {
        return call("GET", &format!("/api/v1/uploads/{id}"), None, None).await;
    }
    let body =
        serde_json::json!({ "name": u.name.try_get_value().unwrap_or_default(), "size": u.size }).to_string();
    let ticket: Ticket = call(
        "POST",
        "/api/v1/uploads",
        Some(JsValue::from_str(&body)),
        Some(("content-type", "application/json")),
    )
    .await?;
    if let Some(s) = storage() {
        let _ = s.set_item(memory, &ticket.id);
    }
    Ok(ticket)
}

#[allow(clippy::cast_precision_loss)]
async fn attempt(u: Upload, file: &File, memory: &str) -> Result<Progress, Fault> {
    let ticket = ticket(u, memory).await?;
    let (url, mut at, mut piece) = (format!("/api/v1/uploads/{}", ticket.id), ticket.received, FIRST_PIECE);
    u.progress.try_set(Progress::Sending);
    u.sent.try_set(at);
    // The server keeps whole chunks between calls, so the last piece travels with the call that ends
    // the upload: by itself it might be less than a chunk, and be sent for ever.
    while u.size as f64 - at as f64 > piece {
        let blob = slice(file, at, at as f64 + piece)?;
        let began = js_sys::Date::now();
        let offset = at.to_string();
        let now: Ticket = call("PATCH", &url, Some(blob), Some(("upload-offset", &offset))).await?;
        if is_cancelled(u) {
            return Ok(cancelled(&url).await);
        }
        if js_sys::Date::now() - began < 1000.0 {
            piece = (piece * 2.0).min(LAST_PIECE);
        }
        // A server that takes nothing would keep us here for ever.
        if now.received <= at {
            return Err(Fault::Again(1000));
        }
        at = now.received;
        u.sent.try_set(at);
    }
    let rest = (at < u.size).then(|| slice(file, at, u.size as f64)).transpose()?;
    let offset = at.to_string();
    let done: Finished =
        call("POST", &format!("{url}/finish"), rest, Some(("upload-offset", &offset))).await?;
    u.sent.try_set(u.size);
    Ok(if done.already_there { Progress::Known(done.id) } else { Progress::Done(done.id) })
}

#[allow(clippy::cast_precision_loss)]
fn slice(file: &File, from: u64, to: f64) -> Result<JsValue, Fault> {
    let blob: Blob = file.slice_with_f64_and_f64(from as f64, to).map_err(|_| Fault::Refused(None))?;
    Ok(blob.into())
}

async fn cancelled(url: &str) -> Progress {
    let _ = request("DELETE", url, None, None).await;
    Progress::Cancelled
}

async fn request(
    method: &str,
    url: &str,
    body: Option<JsValue>,
    header: Option<(&str, &str)>,
) -> Result<Response, Fault> {
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(b) = &body {
        init.set_body(b);
    }
    let request = Request::new_with_str_and_init(url, &init).map_err(|_| Fault::Refused(None))?;
    if let Some((name, value)) = header {
        let _ = request.headers().set(name, value);
    }
    let response =
        JsFuture::from(window().fetch_with_request(&request)).await.map_err(|_| Fault::Again(0))?;
    response.dyn_into::<Response>().map_err(|_| Fault::Again(0))
}

async fn call<T: for<'de> Deserialize<'de>>(
    method: &str,
    url: &str,
    body: Option<JsValue>,
    header: Option<(&str, &str)>,
) -> Result<T, Fault> {
    let response = request(method, url, body, header).await?;
    let status = response.status();
    let retry = response.headers().get("retry-after").ok().flatten().and_then(|s| s.parse::<i32>().ok());
    let text = match response.text() {
        Ok(p) => JsFuture::from(p).await.ok().and_then(|t| t.as_string()).unwrap_or_default(),
        Err(_) => String::new(),
    };
    match status {
        200..=299 => serde_json::from_str(&text).map_err(|_| Fault::Refused(None)),
        404 | 410 => Err(Fault::Gone),
        // 409: the offset was wrong, because an answer was lost; ask where to go on.
        429 => Err(Fault::Later(retry.unwrap_or(60).saturating_mul(1000))),
        409 | 500..=599 => Err(Fault::Again(retry.unwrap_or(0).saturating_mul(1000))),
        _ => Err(Fault::Refused(serde_json::from_str::<Problem>(&text).ok().and_then(|p| p.detail))),
    }
}
